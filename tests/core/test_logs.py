import json
import logging
from collections.abc import Iterator
from typing import Any, Literal

import pytest
import structlog

from app.core.logs import REDACTED, configure_logs, scrub
from app.settings import Settings

JWT = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"


@pytest.fixture(autouse=True)
def restored_logging() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def configured(log_format: Literal["json", "console"] = "json") -> Any:
    configure_logs(Settings(log_format=log_format))
    return structlog.get_logger("test")


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_line_says_when_how_bad_what_and_where(capsys: pytest.CaptureFixture[str]) -> None:
    configured().info("roster read", rows=3)

    (line,) = lines(capsys)
    assert line.pop("at").endswith("+00:00")
    assert line == {"event": "roster read", "level": "info", "logger": "test", "rows": 3}


def test_production_writes_json_and_development_lines_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(Settings(environment="production", log_format="auto"))
    structlog.get_logger("a").info("one")
    configure_logs(Settings(environment="development", log_format="auto"))
    structlog.get_logger("b").info("two")

    first, second = capsys.readouterr().err.splitlines()
    assert json.loads(first)["event"] == "one"
    assert "two" in second
    assert not second.startswith("{")


@pytest.mark.parametrize(
    "key",
    [
        "authorization",
        "Authorization",
        "refresh_token",
        "password",
        "client_secret",
        "set-cookie",
        "email",
        "phone",
    ],
)
def test_a_value_with_a_secret_name_is_never_written(key: str, capsys: pytest.CaptureFixture[str]) -> None:
    configured().info("signed in", **{key: "hunter2", "nested": {key: ["hunter2"]}})

    text = capsys.readouterr().err
    assert "hunter2" not in text
    assert json.loads(text)["nested"] == {key: REDACTED}


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("mail to Ana <ana.diaz+x@school.example.org> failed", "ana.diaz"),
        (f"token {JWT} refused", "eyJ"),
        ("Authorization: Bearer abc.def-123", "abc"),
        ("POST /v1/links/k3y-0F-a-L1nk/accept", "k3y"),
        ("GET /reset?token=k3y-0F-a-L1nk&x=1", "k3y"),
        ("postgresql://app:hunter2@localhost/kithwork", "hunter2"),
        ("duplicate key\nDETAIL:  Key (name)=(Ana Diaz) already exists.", "Ana"),
        ("[SQL: INSERT INTO people]\n[parameters: {'name': 'Ana Diaz'}]", "Ana"),
        ("[type=int, input_value='Ana Diaz', input_type=str]", "Ana"),
    ],
)
def test_secrets_and_people_are_cut_out_of_sentences(text: str, gone: str) -> None:
    scrubbed = scrub(text)

    assert gone not in scrubbed
    assert REDACTED in scrubbed


@pytest.mark.parametrize(
    "text",
    [
        "0190aaaa-0000-7000-8000-000000000001",
        "listening on http://127.0.0.1:8000",
        "/v1/links/{token}/accept",
        "12 rows = 3 taken + 9 reported",
    ],
)
def test_what_is_no_secret_stays_readable(text: str) -> None:
    assert scrub(text) == text


def test_an_exception_is_told_without_the_values_of_variables(capsys: pytest.CaptureFixture[str]) -> None:
    log = configured()

    def fail(given_name: str) -> None:
        raise ValueError(f"cannot write to {given_name.lower()}@school.example.org")

    # A traceback quotes source lines, so the value must not stand in one.
    name = bytes.fromhex("416e61737461736961").decode()
    try:
        fail(name)
    except ValueError:
        log.exception("mail failed")

    (line,) = lines(capsys)
    assert "ValueError: cannot write to [redacted]" in line["exception"]
    assert "in fail" in line["exception"]
    assert "nastasia" not in json.dumps(line)


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_libraries_write_through_the_same_chain(
    log_format: Literal["json", "console"], capsys: pytest.CaptureFixture[str]
) -> None:
    configured(log_format)
    logging.getLogger("uvicorn.error").info("connection from %s", "ana@school.example.org")

    def fail() -> None:
        raise RuntimeError("eve@school.example.org")

    try:
        fail()
    except RuntimeError:
        logging.getLogger("procrastinate").exception("job failed")

    text = capsys.readouterr().err
    assert "connection from [redacted]" in text
    assert "RuntimeError: [redacted]" in text
    assert "school.example.org" not in text


def test_the_server_s_own_access_log_is_off(capsys: pytest.CaptureFixture[str]) -> None:
    configured()
    logging.getLogger("uvicorn.access").info("GET /v1/links/k3y")

    assert capsys.readouterr().err == ""


def test_configuring_twice_does_not_write_twice(capsys: pytest.CaptureFixture[str]) -> None:
    configured()
    configured()
    logging.getLogger("anything").info("once")

    assert len(lines(capsys)) == 1


def test_a_line_that_json_cannot_hold_is_still_written(capsys: pytest.CaptureFixture[str]) -> None:
    configured().info("odd", text="\ud800", number=2**70)

    (line,) = lines(capsys)
    assert line["number"] == 2**70
