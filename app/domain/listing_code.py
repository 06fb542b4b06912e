"""The code by which an employer without an account opens its listings: how long it works, and how often it is tried."""

import hashlib
import hmac
from datetime import timedelta

DIGITS = 8
CODE_LIFE = timedelta(minutes=30)
OPEN_FOR = timedelta(minutes=30)
MOST_TRIES = 5
# So many letters with a code leave for one mailbox in so long: anybody can type its address. Who asks more often hears
# the same and gets none. The doors are kept for longer than the longest of these.
MOST_LETTERS = ((timedelta(hours=1), 3), (timedelta(days=1), 8))


def code_of(key: bytes, door_id: bytes, salt: bytes) -> str:
    """Return the eight digits of a code: a keyed hash, so that no table holds it and a letter sent twice has one code."""
    digest = hmac.digest(key, b"listing code" + door_id + salt, hashlib.sha256)
    return f"{int.from_bytes(digest, 'big') % 10**DIGITS:0{DIGITS}d}"


def is_code(key: bytes, door_id: bytes, salt: bytes, typed: str) -> bool:
    """Say whether what was typed is the code, in a time that tells nothing about it."""
    return hmac.compare_digest(code_of(key, door_id, salt).encode(), typed.encode())
