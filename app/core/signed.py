"""Addresses that carry their own permission: a payload under a MAC, bound to one purpose and one spelling."""

import base64
import hmac

_MAC_BYTES = 16


def sign(key: bytes, purpose: str, payload: bytes) -> str:
    """Return a URL-safe text of the payload under a 128-bit MAC. Signed, not encrypted."""
    return _text(_mac(key, purpose, payload) + payload)


def read(key: bytes, purpose: str, text: str) -> bytes | None:
    """Return the payload that `sign` put into a text for the same purpose; None for anything else."""
    try:
        raw = base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except ValueError:
        return None
    mac, payload = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
    # The decoder skips characters outside its alphabet; only the one spelling that was handed out counts.
    if _text(raw) != text or not hmac.compare_digest(mac, _mac(key, purpose, payload)):
        return None
    return payload


def _mac(key: bytes, purpose: str, payload: bytes) -> bytes:
    return hmac.digest(key, f"address of {purpose}\n".encode() + payload, "sha256")[:_MAC_BYTES]


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
