import base64
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.tokens import (
    AccessClaims,
    InvalidToken,
    KeyRing,
    TokenReader,
    issue_access_token,
    read_access_token,
)

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
AT = int(NOW.timestamp())
ISSUER = "https://kithwork.example"
AUDIENCE = "kithwork-api"
ACCOUNT = UUID("0195a1b2-0000-7000-8000-000000000001")
TENANT = UUID("0195a1b2-0000-7000-8000-000000000002")
SESSION = UUID("0195a1b2-0000-7000-8000-000000000003")

PRIVATE = ec.generate_private_key(ec.SECP256R1())
OTHER_PRIVATE = ec.generate_private_key(ec.SECP256R1())

Claims = dict[str, Any]


def public_bytes(key: ec.EllipticCurvePrivateKey, encoding: serialization.Encoding) -> bytes:
    return key.public_key().public_bytes(encoding, serialization.PublicFormat.SubjectPublicKeyInfo)


RING = KeyRing({"spring": PRIVATE}, {}, "spring")


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def as_json(value: object) -> bytes:
    return value if isinstance(value, bytes) else json.dumps(value).encode()


def header(**changes: object) -> Claims:
    return {"alg": "ES256", "typ": "at+jwt", "kid": "spring", **changes}


def claims(**changes: object) -> Claims:
    whole = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": str(ACCOUNT),
        "iat": AT,
        "exp": AT + 600,
        "jti": "one",
        "tid": str(TENANT),
        "sid": str(SESSION),
    }
    return {**whole, **changes}


def without(mapping: Claims, name: str) -> Claims:
    return {key: value for key, value in mapping.items() if key != name}


def raw_es256(private: ec.EllipticCurvePrivateKey, message: bytes) -> bytes:
    r, s = decode_dss_signature(private.sign(message, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def crafted(
    head: object, body: object, *, private: ec.EllipticCurvePrivateKey = PRIVATE, secret: bytes | None = None
) -> str:
    """Sign whatever is given, by hand: with ES256, or with HS256 when there is a secret."""
    message = f"{b64(as_json(head))}.{b64(as_json(body))}".encode()
    signature = raw_es256(private, message) if secret is None else hmac.digest(secret, message, "sha256")
    return f"{message.decode()}.{b64(signature)}"


def read(token: str) -> AccessClaims:
    return read_access_token(RING, token, issuer=ISSUER, audience=AUDIENCE, now=NOW)


def issue() -> str:
    return issue_access_token(
        RING,
        issuer=ISSUER,
        audience=AUDIENCE,
        account_id=ACCOUNT,
        tenant_id=TENANT,
        session_id=SESSION,
        now=NOW,
        lifetime=timedelta(minutes=10),
    )


def reader() -> TokenReader:
    return TokenReader(RING, issuer=ISSUER, audience=AUDIENCE)


EXPECTED = AccessClaims(ACCOUNT, TENANT, SESSION, issued_at=NOW, expires_at=NOW + timedelta(minutes=10))


def test_a_token_crafted_by_hand_as_ours_are_is_read_so_the_attacks_below_fail_for_their_own_reason() -> None:
    assert read(crafted(header(), claims())) == EXPECTED


@pytest.mark.parametrize(
    ("head", "secret"),
    [
        pytest.param(header(alg="HS256"), public_bytes(PRIVATE, serialization.Encoding.PEM), id="HS256 PEM"),
        pytest.param(
            header(alg="HS256"),
            public_bytes(PRIVATE, serialization.Encoding.PEM).strip(),
            id="HS256 stripped PEM",
        ),
        pytest.param(header(alg="HS256"), public_bytes(PRIVATE, serialization.Encoding.DER), id="HS256 DER"),
        pytest.param(header(alg="HS256"), b"", id="HS256 empty key"),
        pytest.param(header(), public_bytes(PRIVATE, serialization.Encoding.DER), id="HMAC called ES256"),
        pytest.param(header(alg="ES384"), None, id="ES384"),
        pytest.param(header(alg="es256"), None, id="lower case"),
        pytest.param(header(alg=["ES256"]), None, id="alg is a list"),
        pytest.param(header(alg=None), None, id="alg is null"),
        pytest.param(without(header(), "alg"), None, id="no alg"),
        pytest.param(header(typ="JWT"), None, id="an ID token"),
        pytest.param(header(typ="at+JWT"), None, id="typ in capitals"),
        pytest.param(header(typ=["at+jwt"]), None, id="typ is a list"),
        pytest.param(without(header(), "typ"), None, id="no typ"),
        pytest.param(header(kid="autumn"), None, id="foreign kid"),
        pytest.param(header(kid="../../dev/null"), None, id="kid is a path"),
        pytest.param(header(kid=""), None, id="empty kid"),
        pytest.param(header(kid=None), None, id="kid is null"),
        pytest.param(header(kid={"spring": 1}), None, id="kid is an object"),
        pytest.param(header(kid=0), None, id="kid is a number"),
        pytest.param(without(header(), "kid"), None, id="no kid"),
        pytest.param(header(crit=["exp"]), None, id="known crit"),
        pytest.param(header(crit=["urn:unknown"], **{"urn:unknown": True}), None, id="unknown crit"),
        pytest.param(header(crit=[]), None, id="empty crit"),
        pytest.param(header(b64=False, crit=["b64"]), None, id="unencoded payload"),
        pytest.param(header(zip="DEF"), None, id="zip"),
        pytest.param(header(jku="http://127.0.0.1:9/keys"), None, id="jku"),
        pytest.param(header(x5u="http://127.0.0.1:9/cert"), None, id="x5u"),
        pytest.param(header(x5c=["MIIB"]), None, id="x5c"),
        pytest.param([header()], None, id="header is a list"),
        pytest.param(b"null", None, id="header is null"),
        pytest.param(b"\xff\xfe", None, id="header is not UTF-8"),
        pytest.param(b"{", None, id="header is torn"),
        pytest.param(b"[" * 3000, None, id="deep header"),
        pytest.param(b'{"alg":' + b"1" * 3000 + b"}", None, id="huge number"),
    ],
)
def test_a_header_that_is_not_ours_is_refused(head: object, secret: bytes | None) -> None:
    token = crafted(head, claims() if not isinstance(head, bytes) else {}, secret=secret)

    with pytest.raises(InvalidToken):
        read(token)


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "nOnE"])
@pytest.mark.parametrize("signature", ["", "AA"])
def test_a_token_that_claims_to_need_no_signature_is_refused(alg: str, signature: str) -> None:
    token = f"{b64(as_json(header(alg=alg)))}.{b64(as_json(claims()))}.{signature}"

    with pytest.raises(InvalidToken):
        read(token)


def test_a_key_that_the_token_brings_along_is_refused() -> None:
    numbers = OTHER_PRIVATE.public_key().public_numbers()
    own_key = {
        "kty": "EC",
        "crv": "P-256",
        "x": b64(numbers.x.to_bytes(32, "big")),
        "y": b64(numbers.y.to_bytes(32, "big")),
    }
    token = crafted(header(jwk=own_key), claims(), private=OTHER_PRIVATE)

    with pytest.raises(InvalidToken):
        read(token)


def test_a_signature_by_another_key_under_our_kid_is_refused() -> None:
    with pytest.raises(InvalidToken, match="signature"):
        read(crafted(header(), claims(), private=OTHER_PRIVATE))


@pytest.mark.parametrize(
    "body",
    [
        *(pytest.param(without(claims(), name), id=f"no {name}") for name in claims()),
        *(pytest.param(claims(**{name: None}), id=f"{name} is null") for name in claims()),
        pytest.param(claims(iss="https://elsewhere.example"), id="foreign iss"),
        pytest.param(claims(iss=ISSUER + "/"), id="iss with a slash"),
        pytest.param(claims(iss=[ISSUER]), id="iss is a list"),
        pytest.param(claims(aud="another-api"), id="foreign aud"),
        pytest.param(claims(aud=""), id="empty aud"),
        pytest.param(claims(aud=[AUDIENCE, "another-api"]), id="aud is a list"),
        pytest.param(claims(sub="amina@example.org"), id="sub is an address"),
        pytest.param(claims(sub=str(ACCOUNT).upper() + " "), id="sub with a blank"),
        pytest.param(claims(sub=f"{{{ACCOUNT}}}"), id="sub in braces"),
        pytest.param(claims(sub=5), id="sub is a number"),
        pytest.param(claims(sub="\ud800"), id="sub is a lone surrogate"),
        pytest.param(claims(tid="*"), id="tid is a star"),
        pytest.param(claims(tid=[str(TENANT)]), id="tid is a list"),
        pytest.param(claims(sid=""), id="empty sid"),
        pytest.param(claims(sid=SESSION.hex), id="sid without hyphens"),
        pytest.param(claims(exp=AT), id="expires now"),
        pytest.param(claims(exp=AT - 1), id="expired"),
        pytest.param(claims(exp=-1), id="expired before 1970"),
        pytest.param(claims(exp=str(AT + 600)), id="exp is text"),
        pytest.param(claims(exp=AT + 600.5), id="exp is a fraction"),
        pytest.param(claims(exp=True), id="exp is true"),
        pytest.param(claims(exp=float("inf")), id="exp is infinite"),
        pytest.param(claims(exp=float("nan")), id="exp is NaN"),
        pytest.param(claims(exp=10**15), id="exp in year 31 million"),
        pytest.param(claims(exp=10**300), id="exp beyond every clock"),
        pytest.param(claims(iat=AT + 61), id="issued in the future"),
        pytest.param(claims(iat="yesterday"), id="iat is text"),
        pytest.param(claims(iat=True), id="iat is true"),
        pytest.param(claims(iat=-(10**300)), id="iat before every clock"),
        pytest.param(claims(nbf=AT + 61), id="not valid yet"),
        pytest.param(claims(nbf="soon"), id="nbf is text"),
        pytest.param([claims()], id="claims are a list"),
        pytest.param(b"true", id="claims are true"),
        pytest.param(b"", id="no claims"),
        pytest.param(b"\xff", id="claims are not UTF-8"),
        pytest.param(b"[" * 2800, id="deep claims"),
        pytest.param(b"1" * 2800, id="claims are a huge number"),
    ],
)
def test_claims_that_are_not_ours_are_refused_even_under_our_signature(body: object) -> None:
    token = crafted(header(), body)

    with pytest.raises(InvalidToken):
        read(token)


def test_an_issue_time_within_the_leeway_is_believed() -> None:
    assert read(crafted(header(), claims(iat=AT + 60))).issued_at == NOW + timedelta(seconds=60)


@pytest.mark.parametrize("segment", [0, 1, 2])
def test_a_token_with_any_segment_changed_is_refused(segment: int) -> None:
    parts = issue().split(".")
    middle = len(parts[segment]) // 2
    swapped = "A" if parts[segment][middle] != "A" else "B"
    parts[segment] = parts[segment][:middle] + swapped + parts[segment][middle + 1 :]

    with pytest.raises(InvalidToken):
        read(".".join(parts))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda token: token + ".",
        lambda token: token + "=",
        lambda token: token + "\n",
        lambda token: " " + token,
        lambda token: "Bearer " + token,
        lambda token: token.replace(".", "!.", 1),
        lambda token: token.rpartition(".")[0],
        lambda token: token.rpartition(".")[0] + ".",
        lambda token: "." + token,
        lambda token: token[:-8],
        lambda token: token + "\ud800",
        lambda token: token + "A" * 4096,
        lambda _: "",
        lambda _: "..",
        lambda _: "\x00.\x00.\x00",
        lambda _: "null",
    ],
)
def test_only_the_exact_spelling_of_a_token_is_read(spoil: Callable[[str], str]) -> None:
    with pytest.raises(InvalidToken):
        read(spoil(issue()))


def test_a_token_over_4_kib_is_refused_even_under_our_signature() -> None:
    token = crafted(header(), claims(jti="x" * 4096))

    with pytest.raises(InvalidToken, match="longer"):
        read(token)
    with pytest.raises(InvalidToken, match="longer"):
        reader().read(token, NOW)


def test_the_reason_never_shows_the_token() -> None:
    token = issue() + "A"

    with pytest.raises(InvalidToken) as refused:
        read(token)

    assert not any(part in refused.value.reason for part in token.split("."))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.just("ES256"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
headers = st.fixed_dictionaries(
    {}, optional={name: json_values | st.just(value) for name, value in header(crit=["exp"]).items()}
)
bodies = st.fixed_dictionaries(
    {}, optional={name: json_values | st.just(value) for name, value in claims(nbf=AT).items()}
)


@settings(deadline=None)
@given(st.text() | st.text(alphabet="abcAB01-_.=", max_size=60) | st.binary().map(b64))
def test_no_text_at_all_raises_anything_but_invalid_token(text: str) -> None:
    with pytest.raises(InvalidToken):
        reader().read(text, NOW)


@settings(deadline=None)
@given(st.binary(max_size=80), st.binary(max_size=80), st.binary(max_size=80))
def test_no_bytes_in_the_three_segments_raise_anything_else(head: bytes, body: bytes, tail: bytes) -> None:
    with pytest.raises(InvalidToken):
        read(f"{b64(head)}.{b64(body)}.{b64(tail)}")


@settings(deadline=None)
@given(headers.filter(lambda head: head != header()))
def test_no_signed_header_but_ours_is_read(head: Claims) -> None:
    with pytest.raises(InvalidToken):
        read(crafted(head, claims()))


@settings(deadline=None)
@given(bodies | st.binary(max_size=200) | json_values)
def test_signed_claims_are_read_or_refused_and_nothing_else_happens(body: object) -> None:
    try:
        found = read(crafted(header(), body))
    except InvalidToken:
        return
    assert isinstance(body, dict)
    assert (found.account_id, found.tenant_id, found.session_id) == (ACCOUNT, TENANT, SESSION)
    assert found.issued_at <= NOW + timedelta(seconds=60)
    assert found.expires_at > NOW
