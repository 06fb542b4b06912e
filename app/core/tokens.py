"""Proof of who is calling: signed access tokens, and the secrets, fingerprints and cursors beside them.

The only module that imports jose. python-jose 3.5 by itself accepts a missing `aud`, an empty HMAC key, an
unknown `crit` and a public key in DER as an HMAC secret, so nothing is left to it but ES256 over the bytes:

- one algorithm, and P-256 key objects, never bytes that another algorithm could take for a secret;
- the header holds exactly `alg`, `typ` and `kid`: `crit`, `jwk`, `jku`, `x5u` and `b64` have no way in;
- the claims are read here, against the caller's `now`.
"""

import base64
import hashlib
import hmac
import json
import re
import secrets
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any
from uuid import UUID

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jose import jwk, jws
from jose.exceptions import JOSEError

ALGORITHM = "ES256"
TOKEN_TYPE = "at+jwt"  # noqa: S105 - the media type of RFC 9068, not a secret
MAX_TOKEN_CHARS = 4096
CLOCK_LEEWAY = timedelta(seconds=60)
CACHED_TOKENS = 10_000

_HEADER_MEMBERS = frozenset({"alg", "typ", "kid"})
_COMPACT_JWS = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+", re.ASCII)
_KID = re.compile(r"[A-Za-z0-9._:-]{1,64}", re.ASCII)

_MIN_KEY_BYTES = 32
_MIN_SECRET_BYTES = 16
_CURSOR_MAC_BYTES = 16
# 0xFF occurs in no UTF-8 text, so one key may serve both keyed_hash and cursors: no text has a cursor's MAC.
_CURSOR_CONTEXT = b"\xffcursor\x00"


class InvalidToken(Exception):
    """A token or cursor that must not be believed; `reason` is a sentence that is safe to log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class KeyRing:
    """The keys access tokens are signed and verified with: one signs, every one verifies.

    To rotate: add the new key and name it as the signing one, keep the old entry (its public PEM is enough)
    for the lifetime of an access token, then drop it.
    """

    def __init__(
        self,
        private: Mapping[str, ec.EllipticCurvePrivateKey],
        public: Mapping[str, ec.EllipticCurvePublicKey],
        signing_kid: str,
    ) -> None:
        for kid in (*private, *public):
            if not _KID.fullmatch(kid):
                raise ValueError(f"{kid!r} cannot name a key; use 1 to 64 letters, digits and . _ : -")
        if signing_kid not in private:
            raise ValueError(
                f"no private key has the kid {signing_kid!r}; name one of the private keys as the signing one"
            )
        self.signing_kid = signing_kid
        self._private = dict(private)
        self._public = {**public, **{kid: key.public_key() for kid, key in private.items()}}
        self._signer = jwk.construct(self._private[signing_kid], ALGORITHM)
        self._verifiers = {kid: jwk.construct(key, ALGORITHM) for kid, key in self._public.items()}

    @classmethod
    def from_pems(cls, private_pems: Mapping[str, str], signing_kid: str) -> "KeyRing":
        """Read P-256 keys from unencrypted PEM text by kid; an entry that only verifies may be a public key.

        Raises ValueError, with a sentence that names the kid and never shows the key.
        """
        private: dict[str, ec.EllipticCurvePrivateKey] = {}
        public: dict[str, ec.EllipticCurvePublicKey] = {}
        for kid, pem in private_pems.items():
            key = _read_pem(kid, pem)
            if isinstance(key, ec.EllipticCurvePrivateKey):
                private[kid] = key
            else:
                public[kid] = key
        return cls(private, public, signing_kid)

    @classmethod
    def generate(cls, kid: str) -> "KeyRing":
        """Make a ring of one fresh key, for development and tests."""
        return cls({kid: ec.generate_private_key(ec.SECP256R1())}, {}, kid)

    def to_pems(self) -> dict[str, str]:
        """Return what `from_pems` reads, private keys included: keep it secret."""
        pems = {kid: _public_pem(key) for kid, key in self._public.items()}
        for kid, key in self._private.items():
            pems[kid] = key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            ).decode()
        return pems

    def jwks(self) -> dict[str, list[dict[str, str]]]:
        """Return the public keys as a JWK Set (RFC 7517), for others who verify our tokens."""
        return {"keys": [{**key.to_dict(), "kid": kid, "use": "sig"} for kid, key in self._verifiers.items()]}

    def sign(self, claims: Mapping[str, Any]) -> str:
        """Return the claims as a compact JWS under the signing key."""
        headers = {"typ": TOKEN_TYPE, "kid": self.signing_kid}
        token: str = jws.sign(dict(claims), self._signer, headers=headers, algorithm=ALGORITHM)
        return token

    def verify(self, token: str) -> bytes:
        """Return the payload of a compact JWS that one of these keys signed; raise InvalidToken otherwise."""
        header = _read_header(token)
        kid = header["kid"]
        verifier = self._verifiers.get(kid) if isinstance(kid, str) else None
        if verifier is None:
            raise InvalidToken(
                "the token is signed with a key that is not ours or no longer in use; sign in again"
            )
        try:
            payload: bytes = jws.verify(token, verifier, algorithms=[ALGORITHM])
        except JOSEError:
            raise InvalidToken("the token's signature does not fit; sign in again") from None
        return payload


@dataclass(frozen=True, slots=True)
class AccessClaims:
    """Who a verified access token speaks for. It names no roles: they are read per request."""

    account_id: UUID
    tenant_id: UUID
    session_id: UUID
    issued_at: datetime
    expires_at: datetime


def issue_access_token(
    keys: KeyRing,
    *,
    issuer: str,
    audience: str,
    account_id: UUID,
    tenant_id: UUID,
    session_id: UUID,
    now: datetime,
    lifetime: timedelta,
) -> str:
    """Return a signed access token (a JWT of RFC 9068 without roles) that holds for `lifetime` from `now`."""
    if now.tzinfo is None:
        raise ValueError("an access token needs an instant with a time zone; take it from the clock")
    if lifetime < timedelta(seconds=1):
        raise ValueError("an access token must hold for at least a second; lengthen its lifetime")
    issued_at = int(now.timestamp())
    return keys.sign(
        {
            "iss": issuer,
            "aud": audience,
            "sub": str(account_id),
            "iat": issued_at,
            "exp": issued_at + int(lifetime.total_seconds()),
            "jti": secrets.token_urlsafe(16),
            "tid": str(tenant_id),
            "sid": str(session_id),
        }
    )


def read_access_token(
    keys: KeyRing, token: str, *, issuer: str, audience: str, now: datetime
) -> AccessClaims:
    """Return whom the token speaks for at the instant `now`; raise InvalidToken for anything else."""
    payload = keys.verify(token)
    try:
        claims = json.loads(payload)
    except (ValueError, RecursionError):
        raise InvalidToken("the token's claims are not JSON; sign in again") from None
    if not isinstance(claims, dict):
        raise InvalidToken("the token's claims are not a JSON object; sign in again")
    if not _is(claims.get("iss"), issuer):
        raise InvalidToken("the token comes from another issuer; sign in here")
    if not _is(claims.get("aud"), audience):
        raise InvalidToken("the token is meant for another service; sign in here")
    if not isinstance(claims.get("jti"), str):
        raise InvalidToken("the token has no jti; sign in again")
    found = AccessClaims(
        account_id=_uuid(claims, "sub"),
        tenant_id=_uuid(claims, "tid"),
        session_id=_uuid(claims, "sid"),
        issued_at=_instant(claims, "iat"),
        expires_at=_instant(claims, "exp"),
    )
    _check_time(found, now)
    if "nbf" in claims and _instant(claims, "nbf") > now + CLOCK_LEEWAY:
        raise InvalidToken("the token is not valid yet; wait, or sign in again")
    return found


class TokenReader:
    """Reads access tokens for one issuer and audience, and remembers the ones whose signature it has checked.

    A client sends one token with every request, and verifying ES256 costs many times a dictionary look-up. At
    most `capacity` tokens are kept, the least recently read leaving first, each under its SHA-256, so the
    memory holds no usable token. Time is checked on every read. Safe to share between threads.
    """

    def __init__(self, keys: KeyRing, *, issuer: str, audience: str, capacity: int = CACHED_TOKENS) -> None:
        self.issuer = issuer
        self.audience = audience
        self._keys = keys
        self._capacity = capacity
        self._verified: OrderedDict[bytes, AccessClaims] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        """Return how many tokens are remembered."""
        return len(self._verified)

    def replace_keys(self, keys: KeyRing) -> None:
        """Verify with these keys from now on, and forget every token verified with the ones before."""
        with self._lock:
            self._keys = keys
            self._verified.clear()

    def read(self, token: str, now: datetime) -> AccessClaims:
        """Return whom the token speaks for at the instant `now`; raise InvalidToken for anything else."""
        if len(token) > MAX_TOKEN_CHARS:
            raise InvalidToken("the token is longer than any of ours; sign in again")
        name = hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
        with self._lock:
            keys = self._keys
            claims = self._verified.get(name)
            if claims is not None:
                self._verified.move_to_end(name)
        if claims is not None:
            _check_time(claims, now)
            return claims
        claims = read_access_token(keys, token, issuer=self.issuer, audience=self.audience, now=now)
        with self._lock:
            # The keys may have been replaced while this one was verified; their verdict must not stay.
            if self._keys is keys:
                self._verified[name] = claims
                if len(self._verified) > self._capacity:
                    self._verified.popitem(last=False)
        return claims


def new_secret(nbytes: int = 32) -> str:
    """Return a random secret as URL-safe text, for refresh tokens, links and client secrets."""
    if nbytes < _MIN_SECRET_BYTES:
        raise ValueError(f"a secret needs at least {_MIN_SECRET_BYTES} bytes; ask for more")
    return secrets.token_urlsafe(nbytes)


def hash_secret(secret: str) -> bytes:
    """Return the 32 bytes under which a secret of `new_secret` is stored and looked up.

    Plain SHA-256 is right here: a slow, salted hash makes guessing costly, but 256 random bits cannot be
    guessed at any price, while an unsalted one can be an index. What a person chose belongs in `passwords`.
    """
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def keyed_hash(key: bytes, text: str) -> bytes:
    """Return the HMAC-SHA256 of a text (32 bytes): a fingerprint only a holder of the key can make or test.

    For texts that could be guessed, such as addresses. Bring the text into its canonical form first.
    """
    return hmac.digest(_long_enough(key), text.encode("utf-8", "surrogatepass"), "sha256")


def sign_cursor(key: bytes, payload: bytes) -> str:
    """Return an opaque, URL-safe paging cursor: the payload under a 128-bit MAC. Signed, not encrypted."""
    return _base64url(_cursor_mac(key, payload) + payload)


def read_cursor(key: bytes, text: str) -> bytes:
    """Return the payload that `sign_cursor` put into a cursor; raise InvalidToken for anything else."""
    refusal = "the cursor is not one of ours; start again from the first page"
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        raise InvalidToken(refusal) from None
    mac, payload = raw[:_CURSOR_MAC_BYTES], raw[_CURSOR_MAC_BYTES:]
    # The decoder skips characters outside its alphabet; only the one spelling that was handed out counts.
    if _base64url(raw) != text or not hmac.compare_digest(mac, _cursor_mac(key, payload)):
        raise InvalidToken(refusal)
    return payload


def _read_pem(kid: str, pem: str) -> ec.EllipticCurvePrivateKey | ec.EllipticCurvePublicKey:
    data = pem.strip().encode("utf-8", "replace")
    try:
        key = (
            serialization.load_pem_private_key(data, password=None)
            if b"PRIVATE KEY-----" in data
            else serialization.load_pem_public_key(data)
        )
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise ValueError(
            f"the key {kid!r} cannot be read; give an unencrypted PEM with a P-256 private or public key"
        ) from None
    match key:
        case ec.EllipticCurvePrivateKey() | ec.EllipticCurvePublicKey() if isinstance(
            key.curve, ec.SECP256R1
        ):
            return key
    raise ValueError(
        f"the key {kid!r} is not on the curve P-256; {ALGORITHM} works with no other, make a new key"
    )


def _public_pem(key: ec.EllipticCurvePublicKey) -> str:
    return key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    ).decode()


def _read_header(token: str) -> dict[str, Any]:
    """Return the header of a token that has our shape: three members, our algorithm, our type."""
    if len(token) > MAX_TOKEN_CHARS:
        raise InvalidToken("the token is longer than any of ours; sign in again")
    if not _COMPACT_JWS.fullmatch(token):
        raise InvalidToken("the token is not a signed JWT; sign in again")
    try:
        header: dict[str, Any] = jws.get_unverified_header(token)
    except (JOSEError, ValueError, RecursionError):
        raise InvalidToken("the token's header cannot be read; sign in again") from None
    if header.keys() != _HEADER_MEMBERS:
        raise InvalidToken("the token's header has other members than alg, typ and kid; sign in again")
    if not _is(header["alg"], ALGORITHM):
        raise InvalidToken(f"the token is not signed with {ALGORITHM}; sign in again")
    if not _is(header["typ"], TOKEN_TYPE):
        raise InvalidToken("the token is not an access token; send the access token")
    return header


def _is(value: object, expected: str) -> bool:
    """Tell whether a JSON value is exactly this text (an `aud` that is a list is none of ours)."""
    return isinstance(value, str) and value == expected


def _uuid(claims: Mapping[str, Any], name: str) -> UUID:
    value = claims.get(name)
    try:
        found = UUID(value) if isinstance(value, str) else None
    except ValueError:
        found = None
    # UUID() also reads braces, urn:uuid: and missing hyphens; we never write those.
    if found is None or str(found) != value:
        raise InvalidToken(f"the token's {name} is not an id; sign in again")
    return found


def _instant(claims: Mapping[str, Any], name: str) -> datetime:
    value = claims.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise InvalidToken(f"the token's {name} is not a time; sign in again")
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        raise InvalidToken(f"the token's {name} is out of range; sign in again") from None


def _check_time(claims: AccessClaims, now: datetime) -> None:
    if claims.expires_at <= now:
        raise InvalidToken("the token has expired; use the refresh token")
    if claims.issued_at > now + CLOCK_LEEWAY:
        raise InvalidToken("the token was issued in the future; check the clock, or sign in again")


def _long_enough(key: bytes) -> bytes:
    if len(key) < _MIN_KEY_BYTES:
        raise ValueError(
            f"a key for fingerprints and cursors needs at least {_MIN_KEY_BYTES} bytes; set a longer one"
        )
    return key


def _cursor_mac(key: bytes, payload: bytes) -> bytes:
    return hmac.digest(_long_enough(key), _CURSOR_CONTEXT + payload, "sha256")[:_CURSOR_MAC_BYTES]


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")
