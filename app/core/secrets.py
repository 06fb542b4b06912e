"""The service's own secrets: from settings in production, made once under the data folder otherwise."""

import json
import os
import secrets
from pathlib import Path
from typing import NamedTuple

from app.core.tokens import KeyRing
from app.settings import Settings


class Secrets(NamedTuple):
    """What signs tokens, and what keys hashes, cursors and fingerprints."""

    token_keys: KeyRing
    hash_key: bytes


def load_secrets(settings: Settings) -> Secrets:
    """Read the secrets named in the settings; what is missing is read from, or made in, `keys.json`."""
    if settings.token_keys is not None and settings.hash_key is not None:
        pems = json.loads(settings.token_keys.get_secret_value())
        return Secrets(_ring(pems, settings.token_signing_kid), settings.hash_key.get_secret_value().encode())
    path = settings.kithwork_home / "keys.json"
    if not path.exists():
        _write_once(path)
    kept = json.loads(path.read_text())
    pems = kept["token_keys"]
    if settings.token_keys is not None:
        pems = json.loads(settings.token_keys.get_secret_value())
    hash_key = kept["hash_key"] if settings.hash_key is None else settings.hash_key.get_secret_value()
    return Secrets(_ring(pems, settings.token_signing_kid), hash_key.encode())


def _ring(pems: dict[str, str], signing_kid: str | None) -> KeyRing:
    if not pems:
        raise ValueError("TOKEN_KEYS holds no key; give a JSON object of kid -> PEM")
    # Kids are named by date, so the last one in order is the newest.
    return KeyRing.from_pems(pems, signing_kid or max(pems))


def _write_once(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {"token_keys": KeyRing.generate("first").to_pems(), "hash_key": secrets.token_hex(32)}
    fresh = path.with_suffix(f".{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(content, file)
    try:
        # Another process may have been first; its keys then count for both.
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
