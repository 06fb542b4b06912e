"""Logs that say what happened without saying to whom: structured, and without secrets or personal data."""

import json
import logging
import re
import sys
from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson
import structlog
from structlog.typing import EventDict, Processor

from app.core.clock import now
from app.settings import Settings

REDACTED = "[redacted]"

_SECRET_KEY = re.compile(
    r"authorization|token|passw|secret|cookie|credential|api_?key|private_?key|e_?mail(?!_id)|phone|"
    r"given_name|family_name|birth",
    re.IGNORECASE,
)

# Every form below holds one of these; looking for them is ten times cheaper than trying each form.
_MARKS = (
    "@",
    "=",
    "eyJ",
    "/links/",
    "earer ",
    "EARER ",
    "asic ",
    "ASIC ",
    "DETAIL:",
    "CONTEXT:",
    "[parameters",
)

_SUBSTITUTIONS: tuple[tuple[re.Pattern[str], str], ...] = (
    # PostgreSQL quotes the offending row, SQLAlchemy the parameters, pydantic the input.
    (re.compile(r"^(\s*(?:DETAIL|CONTEXT):).*$", re.MULTILINE), rf"\1 {REDACTED}"),
    (re.compile(r"\[parameters: .*?[)}\]]\]$", re.MULTILINE | re.DOTALL), f"[parameters: {REDACTED}]"),
    (re.compile(r"input_value=.*?, input_type=", re.DOTALL), f"input_value={REDACTED}, input_type="),
    (re.compile(r"(://)[^/\s@]*@"), rf"\1{REDACTED}@"),
    (re.compile(r"\b(bearer|basic) +[^\s\"',]+", re.IGNORECASE), rf"\1 {REDACTED}"),
    (re.compile(r"\beyJ[\w-]*\.[\w-]+(?:\.[\w-]*){0,3}"), REDACTED),
    (re.compile(r"(/links/)[^/\s?#\"'{]+"), rf"\1{REDACTED}"),
    (
        re.compile(r"((?:token|password|secret|cookie|api_?key)[\w-]{0,32}=)[^&\s,;)]+", re.IGNORECASE),
        rf"\1{REDACTED}",
    ),
    (re.compile(r"(?<![\w.+%-])[\w.+%-]{1,64}@[\w-]+(?:\.[\w-]+)+"), REDACTED),
)


# Loggers keep the list they were first used with; changing it in place lets a later configuration reach them.
_chain: list[Processor] = []


@lru_cache(maxsize=2048)
def _is_secret_key(key: str) -> bool:
    return _SECRET_KEY.search(key) is not None


def scrub(text: str) -> str:
    """Return the text without e-mail addresses, tokens, passwords in addresses, and quoted rows or input."""
    for mark in _MARKS:
        if mark in text:
            break
    else:
        return text
    for pattern, replacement in _SUBSTITUTIONS:
        text = pattern.sub(replacement, text)
    return text


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return scrub(value)
    if value is None or isinstance(value, int | float | UUID | date | datetime):
        return value
    if isinstance(value, dict):
        return {
            str(key): REDACTED if _is_secret_key(str(key)) else _clean(item) for key, item in value.items()
        }
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean(item) for item in value]
    return scrub(str(value))


def redact(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Blank what looks like a secret or a person's data, by its key or by its form (structlog processor)."""
    for key, value in event.items():
        # structlog's own notes on a foreign record begin with an underscore and never reach the line.
        if not key.startswith("_"):
            event[key] = REDACTED if _is_secret_key(key) else _clean(value)
    return event


def _stamp(_logger: Any, _method: str, event: EventDict) -> EventDict:
    event["at"] = now().isoformat(timespec="milliseconds")
    return event


def _to_json(event: EventDict, default: Callable[[Any], Any]) -> str:
    try:
        return orjson.dumps(event, default=default).decode()
    except TypeError:
        # Lone surrogates and integers past 64 bits: a log line must not fail the request it tells of.
        return json.dumps(event, default=str)


class _Line:
    """Writes to whatever standard error is at that moment, so that a redirected stream is honoured."""

    def __init__(self, name: str = "app") -> None:
        self.name = name

    def msg(self, line: str) -> None:
        sys.stderr.write(line + "\n")

    debug = info = warning = error = critical = exception = log = msg


class _LineHandler(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        try:
            sys.stderr.write(self.format(record) + "\n")
        except Exception:  # noqa: BLE001 - the logging contract: a handler reports its own failure, it does not raise
            self.handleError(record)


def configure_logs(settings: Settings) -> None:
    """Send every log of the process, ours and the libraries', through one chain to standard error.

    JSON, one object a line, in production or with LOG_FORMAT=json; otherwise lines for people. Start uvicorn
    with `log_config=None, access_log=False`, or it puts its own handlers back.
    """
    as_json = settings.log_format == "json" or (
        settings.log_format == "auto" and settings.environment == "production"
    )
    renderer: Processor = (
        structlog.processors.JSONRenderer(serializer=_to_json)
        if as_json
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(),
            exception_formatter=structlog.dev.plain_traceback,
            timestamp_key="at",
        )
    )
    # format_exc_info renders the traceback as text without the values of local variables.
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.processors.add_log_level,
        structlog.processors.format_exc_info,
        redact,
        _stamp,
    ]
    _chain[:] = [*shared, renderer]
    structlog.configure(
        processors=_chain,
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=_Line,
        cache_logger_on_first_use=True,
    )

    handler = _LineHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    for old in [kept for kept in root.handlers if isinstance(kept, _LineHandler)]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    for name in ("uvicorn", "uvicorn.error"):
        library = logging.getLogger(name)
        library.handlers.clear()
        library.propagate = True
    # Its lines hold the raw path and query, and those may carry a link's token; the edge writes ours.
    access = logging.getLogger("uvicorn.access")
    access.handlers.clear()
    access.propagate = False
    for name in ("sqlalchemy", "httpx", "httpcore", "psycopg.pool", "asyncio"):
        logging.getLogger(name).setLevel(logging.WARNING)
