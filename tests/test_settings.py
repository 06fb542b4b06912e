"""The settings, and the example file that describes them."""

import json
import re
from pathlib import Path

import pytest
from dotenv import dotenv_values
from pydantic import ValidationError

from app.core.secrets import load_secrets
from app.core.tokens import KeyRing
from app.settings import Settings

EXAMPLE = Path(__file__).parents[1] / ".env.example"


def test_the_example_file_names_every_setting_and_no_other() -> None:
    named = re.findall(r"^#?([A-Z_]+)=", EXAMPLE.read_text(), re.MULTILINE)

    assert sorted(named) == sorted(name.upper() for name in Settings.model_fields)


def test_the_defaults_shown_in_the_example_file_are_the_real_ones() -> None:
    shown = dict(re.findall(r"^#([A-Z_]+)=(.+)$", EXAMPLE.read_text(), re.MULTILINE))
    for name in ("KITHWORK_HOME", "MIGRATION_DATABASE_URL"):
        del shown[name]  # an example: the default depends on the machine, or is none

    defaults = {name: str(Settings.model_fields[name.lower()].default) for name in shown}

    assert shown == defaults


def test_keys_written_on_one_line_are_read_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pems = KeyRing.generate("2026-11").to_pems()
    file = tmp_path / "env"
    file.write_text(f"TOKEN_KEYS='{json.dumps(pems)}'\nHASH_KEY={'h' * 32}\n")
    monkeypatch.chdir(tmp_path)
    for name in dotenv_values(file):
        monkeypatch.delenv(name, raising=False)

    secrets = load_secrets(Settings(_env_file=file))

    assert secrets.token_keys.signing_kid == "2026-11"


def test_a_variable_left_empty_counts_as_absent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "env"
    file.write_text("SMTP_URL=\n")
    monkeypatch.setenv("TOKEN_KEYS", "")

    settings = Settings(_env_file=file)

    assert settings.smtp_url is None
    assert settings.token_keys is None


def test_production_without_keys_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TOKEN_KEYS", "HASH_KEY"):
        monkeypatch.delenv(name, raising=False)

    with pytest.raises(ValidationError, match="set TOKEN_KEYS and HASH_KEY"):
        Settings(
            _env_file=None,
            environment="production",
            database_url="postgresql://role@localhost/kithwork",
        )
