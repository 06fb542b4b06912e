import base64
import hashlib
import hmac
import json
import string
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.tokens import (
    AccessClaims,
    InvalidToken,
    KeyRing,
    TokenReader,
    hash_secret,
    issue_access_token,
    keyed_hash,
    new_secret,
    read_access_token,
    read_cursor,
    sign_cursor,
)

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
LIFETIME = timedelta(minutes=10)
ISSUER = "https://kithwork.example"
AUDIENCE = "kithwork-api"
ACCOUNT = UUID("0195a1b2-0000-7000-8000-000000000001")
TENANT = UUID("0195a1b2-0000-7000-8000-000000000002")
SESSION = UUID("0195a1b2-0000-7000-8000-000000000003")
EXPECTED = AccessClaims(ACCOUNT, TENANT, SESSION, issued_at=NOW, expires_at=NOW + LIFETIME)
KEY = b"k" * 32
URL_SAFE = set(string.ascii_letters + string.digits + "-_")

PRIVATE = ec.generate_private_key(ec.SECP256R1())
OTHER_PRIVATE = ec.generate_private_key(ec.SECP256R1())
PUBLIC_PEM = (
    PRIVATE.public_key()
    .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    .decode()
)


def private_pem(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> str:
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()


RING = KeyRing.from_pems({"spring": private_pem(PRIVATE)}, "spring")
FORGED = KeyRing.from_pems({"spring": private_pem(OTHER_PRIVATE)}, "spring")


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def issue(keys: KeyRing = RING, now: datetime = NOW, lifetime: timedelta = LIFETIME) -> str:
    return issue_access_token(
        keys,
        issuer=ISSUER,
        audience=AUDIENCE,
        account_id=ACCOUNT,
        tenant_id=TENANT,
        session_id=SESSION,
        now=now,
        lifetime=lifetime,
    )


def read(token: str, now: datetime = NOW, keys: KeyRing = RING) -> AccessClaims:
    return read_access_token(keys, token, issuer=ISSUER, audience=AUDIENCE, now=now)


def reader(keys: KeyRing = RING, capacity: int = 10) -> TokenReader:
    return TokenReader(keys, issuer=ISSUER, audience=AUDIENCE, capacity=capacity)


def test_an_issued_token_is_read_back() -> None:
    assert read(issue()) == EXPECTED


def test_a_token_names_its_type_and_key_and_carries_no_roles() -> None:
    head, body, _ = issue().split(".")

    assert json.loads(unb64(head)) == {"alg": "ES256", "typ": "at+jwt", "kid": "spring"}
    assert json.loads(unb64(body)).keys() == {"iss", "aud", "sub", "iat", "exp", "jti", "tid", "sid"}


def test_two_tokens_of_one_instant_differ() -> None:
    assert issue() != issue()


def test_time_is_what_the_caller_says_and_not_the_wall_clock() -> None:
    long_ago = datetime(2001, 1, 1, tzinfo=UTC)
    far_ahead = datetime(2090, 1, 1, tzinfo=UTC)

    assert read(issue(now=long_ago), now=long_ago).issued_at == long_ago
    assert read(issue(now=far_ahead), now=far_ahead).issued_at == far_ahead
    with pytest.raises(InvalidToken, match="expired"):
        read(issue(), now=NOW + LIFETIME)
    with pytest.raises(InvalidToken, match="future"):
        read(issue(), now=NOW - timedelta(seconds=61))


def test_a_token_is_not_read_for_another_issuer_or_audience() -> None:
    token = issue()

    with pytest.raises(InvalidToken, match="issuer"):
        read_access_token(RING, token, issuer="https://other.example", audience=AUDIENCE, now=NOW)
    with pytest.raises(InvalidToken, match="another service"):
        read_access_token(RING, token, issuer=ISSUER, audience="other", now=NOW)


def test_a_rotation_logs_nobody_out_until_the_old_public_key_is_dropped() -> None:
    token = issue(RING)
    both = KeyRing.from_pems({"spring": PUBLIC_PEM, "summer": private_pem(OTHER_PRIVATE)}, "summer")
    only_new = KeyRing.from_pems({"summer": private_pem(OTHER_PRIVATE)}, "summer")

    assert read(token, keys=both) == EXPECTED
    assert read(issue(both), keys=only_new) == EXPECTED
    with pytest.raises(InvalidToken, match="no longer in use"):
        read(token, keys=only_new)


def test_a_ring_survives_the_way_through_pems() -> None:
    ring = KeyRing.from_pems({"spring": PUBLIC_PEM, "summer": private_pem(OTHER_PRIVATE)}, "summer")
    again = KeyRing.from_pems(ring.to_pems(), ring.signing_kid)
    made = KeyRing.generate("dev")

    assert again.to_pems() == ring.to_pems()
    assert read(issue(again), keys=ring) == EXPECTED
    assert read(issue(made), keys=KeyRing.from_pems(made.to_pems(), "dev")) == EXPECTED


def test_the_published_keys_are_public_and_verify_our_tokens() -> None:
    (key,) = RING.jwks()["keys"]
    x, y = (int.from_bytes(unb64(key[axis]), "big") for axis in "xy")
    message, _, signature = issue().rpartition(".")
    raw = unb64(signature)
    r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")

    stranger = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    stranger.verify(encode_dss_signature(r, s), message.encode(), ec.ECDSA(hashes.SHA256()))

    assert key.keys() == {"kty", "crv", "alg", "use", "kid", "x", "y"}
    assert (key["kid"], key["use"], key["alg"], key["crv"]) == ("spring", "sig", "ES256", "P-256")


@pytest.mark.parametrize(
    ("pems", "signing_kid", "sentence"),
    [
        ({"a": private_pem(ec.generate_private_key(ec.SECP384R1()))}, "a", "not on the curve P-256"),
        ({"a": private_pem(ec.generate_private_key(ec.SECP256K1()))}, "a", "not on the curve P-256"),
        ({"a": private_pem(rsa.generate_private_key(65537, 2048))}, "a", "not on the curve P-256"),
        ({"a": "not a key"}, "a", "cannot be read"),
        ({"a": ""}, "a", "cannot be read"),
        ({"a": "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"}, "a", "cannot be read"),
        ({"a": "\ud800"}, "a", "cannot be read"),
        ({"a": private_pem(PRIVATE)}, "b", "no private key has the kid 'b'"),
        ({"a": PUBLIC_PEM}, "a", "no private key"),
        ({}, "a", "no private key"),
        ({"": private_pem(PRIVATE)}, "", "cannot name a key"),
        ({"a b": private_pem(PRIVATE)}, "a b", "cannot name a key"),
    ],
)
def test_an_unusable_key_is_refused_with_a_sentence(
    pems: dict[str, str], signing_kid: str, sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        KeyRing.from_pems(pems, signing_kid)


def test_an_encrypted_key_is_refused_with_a_sentence() -> None:
    lock = serialization.BestAvailableEncryption(b"secret")
    pem = PRIVATE.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, lock).decode()

    with pytest.raises(ValueError, match="unencrypted PEM"):
        KeyRing.from_pems({"a": pem}, "a")


def test_a_token_needs_an_instant_with_a_zone_and_a_lifetime() -> None:
    with pytest.raises(ValueError, match="time zone"):
        issue(now=NOW.replace(tzinfo=None))
    with pytest.raises(ValueError, match="at least a second"):
        issue(lifetime=timedelta(0))


def test_a_remembered_token_still_expires() -> None:
    tokens = reader()
    token = issue()

    assert tokens.read(token, NOW) == EXPECTED
    assert tokens.read(token, NOW + LIFETIME - timedelta(seconds=1)) == EXPECTED
    with pytest.raises(InvalidToken, match="expired"):
        tokens.read(token, NOW + LIFETIME)
    with pytest.raises(InvalidToken, match="future"):
        tokens.read(token, NOW - timedelta(seconds=61))


def test_a_refused_token_is_not_remembered() -> None:
    tokens = reader()

    for refused in (issue(FORGED), issue(now=NOW - LIFETIME), "x"):
        with pytest.raises(InvalidToken):
            tokens.read(refused, NOW)

    assert len(tokens) == 0


def test_a_remembered_token_does_not_vouch_for_a_changed_one() -> None:
    tokens = reader()
    token = issue()
    tokens.read(token, NOW)

    with pytest.raises(InvalidToken):
        tokens.read(issue(FORGED), NOW)
    with pytest.raises(InvalidToken):
        tokens.read(token + "A", NOW)


def test_the_least_recently_read_token_is_forgotten_first() -> None:
    tokens = reader(capacity=2)
    first, second, third = issue(), issue(), issue()
    for token in (first, second, first, third):
        tokens.read(token, NOW)

    kept = list(tokens._verified)

    assert kept == [hashlib.sha256(token.encode()).digest() for token in (first, third)]


def test_replaced_keys_empty_the_memory() -> None:
    tokens = reader()
    token = issue()
    tokens.read(token, NOW)

    tokens.replace_keys(KeyRing.generate("summer"))

    assert len(tokens) == 0
    with pytest.raises(InvalidToken, match="no longer in use"):
        tokens.read(token, NOW)


def test_a_verdict_of_replaced_keys_is_not_remembered() -> None:
    class RotatedMeanwhile(KeyRing):
        def verify(self, token: str) -> bytes:
            payload = super().verify(token)
            tokens.replace_keys(KeyRing.generate("summer"))
            return payload

    ring = RotatedMeanwhile({"spring": PRIVATE}, {}, "spring")
    tokens = reader(ring)
    token = issue(ring)

    assert tokens.read(token, NOW) == EXPECTED
    assert len(tokens) == 0


def test_many_threads_share_one_reader() -> None:
    tokens = reader(capacity=5)
    issued = [issue() for _ in range(10)]

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda token: tokens.read(token, NOW), issued * 20))

    assert set(found) == {EXPECTED}
    assert len(tokens) == 5


def test_secrets_are_url_safe_long_and_never_the_same() -> None:
    made = {new_secret() for _ in range(100)}

    assert len(made) == 100
    assert all(len(secret) == 43 and set(secret) <= URL_SAFE for secret in made)
    with pytest.raises(ValueError, match="at least 16 bytes"):
        new_secret(8)


def test_a_secret_is_found_again_by_its_hash() -> None:
    assert hash_secret("abc").hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert len(hash_secret("\ud800")) == 32


def test_a_fingerprint_depends_on_key_and_text() -> None:
    assert keyed_hash(KEY, "amina@example.org") == hmac.digest(KEY, b"amina@example.org", "sha256")
    assert keyed_hash(b"l" * 32, "amina@example.org") != keyed_hash(KEY, "amina@example.org")
    assert len(keyed_hash(KEY, "\ud800")) == 32


def test_an_empty_or_short_key_signs_nothing() -> None:
    for short in (b"", b"k" * 31):
        with pytest.raises(ValueError, match="at least 32 bytes"):
            keyed_hash(short, "text")
        with pytest.raises(ValueError, match="at least 32 bytes"):
            sign_cursor(short, b"payload")


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_a_cursor_is_read_back_and_safe_in_a_url(payload: bytes) -> None:
    cursor = sign_cursor(KEY, payload)

    assert read_cursor(KEY, cursor) == payload
    assert set(cursor) <= URL_SAFE


@settings(deadline=None)
@given(st.text() | st.binary().map(b64))
def test_a_made_up_cursor_is_refused(text: str) -> None:
    with pytest.raises(InvalidToken):
        read_cursor(KEY, text)


def test_a_cursor_with_any_character_changed_is_refused() -> None:
    cursor = sign_cursor(KEY, b'["2026-03-02", 17]')

    for at, character in enumerate(cursor):
        for other in "AZaz09-_":
            if other != character:
                with pytest.raises(InvalidToken, match="first page"):
                    read_cursor(KEY, cursor[:at] + other + cursor[at + 1 :])


def test_a_cursor_of_another_key_or_spelling_is_refused() -> None:
    cursor = sign_cursor(KEY, b"payload")

    for spoilt in (
        sign_cursor(b"l" * 32, b"payload"),
        cursor + "=",
        cursor + "\n",
        "!" + cursor,
        cursor[:10],
        "",
    ):
        with pytest.raises(InvalidToken):
            read_cursor(KEY, spoilt)


def test_a_fingerprint_is_no_cursor_of_the_same_key() -> None:
    for text in ("", "payload", "cursor"):
        mac = keyed_hash(KEY, text)

        with pytest.raises(InvalidToken):
            read_cursor(KEY, b64(mac[:16] + text.encode()))
