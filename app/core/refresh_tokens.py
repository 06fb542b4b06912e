"""Refresh tokens: opaque texts that name their login session, of which only hashes are kept.

A token is the session's id, a secret and a MAC of both. The MAC tells an old token of a session (it was stolen, or
its successor got lost) from one that was made up by somebody who only knows the session's id: the first ends the
session, the second must not be able to.

The successor of a token follows from it and the service's key, so that a client that sends one token twice at
once, or lost the answer, gets the same successor again instead of two that revoke each other.
"""

import base64
import hmac
from typing import NamedTuple
from uuid import UUID

from app.core.tokens import InvalidToken, hash_secret, keyed_hash, new_secret

_ID_BYTES = 16
_SECRET_BYTES = 32
_MAC_BYTES = 16
_TOKEN_BYTES = _ID_BYTES + _SECRET_BYTES + _MAC_BYTES


class RefreshToken(NamedTuple):
    """A refresh token of ours: the session it belongs to, its text, and the hash that is kept of it."""

    session_id: UUID
    text: str

    @property
    def hash(self) -> bytes:
        """Return what is stored."""
        return hash_secret(self.text)


def first(key: bytes, session_id: UUID) -> RefreshToken:
    """Make the first refresh token of a login session."""
    return _made(key, session_id, hash_secret(new_secret(_SECRET_BYTES)))


def successor(key: bytes, token: RefreshToken) -> RefreshToken:
    """Return the one token that follows this one."""
    return _made(key, token.session_id, keyed_hash(key, f"refresh successor:{token.text}"))


def read(key: bytes, text: str) -> RefreshToken:
    """Return the token a text is; raises InvalidToken for one that this service never made."""
    refusal = "the refresh token is not one of ours; sign in again"
    try:
        raw = base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except ValueError:
        raise InvalidToken(refusal) from None
    if len(raw) != _TOKEN_BYTES:
        raise InvalidToken(refusal)
    session_id = UUID(bytes=raw[:_ID_BYTES])
    made = _made(key, session_id, raw[_ID_BYTES:-_MAC_BYTES])
    # Comparing the whole text refuses the other spellings that the decoder lets through.
    if not hmac.compare_digest(made.text, text):
        raise InvalidToken(refusal)
    return made


def _made(key: bytes, session_id: UUID, secret: bytes) -> RefreshToken:
    body = session_id.bytes + secret
    mac = keyed_hash(key, f"refresh token:{body.hex()}")[:_MAC_BYTES]
    return RefreshToken(session_id, base64.urlsafe_b64encode(body + mac).rstrip(b"=").decode("ascii"))
