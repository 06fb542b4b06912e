"""Addresses that carry their own permission."""

from hypothesis import given
from hypothesis import strategies as st

from app.core.signed import read, sign

KEY = b"k" * 32


@given(st.binary(max_size=60))
def test_what_was_signed_is_read_back_for_the_same_purpose_only(payload: bytes) -> None:
    text = sign(KEY, "image", payload)

    assert read(KEY, "image", text) == payload
    assert read(KEY, "letter", text) is None
    assert read(b"x" * 32, "image", text) is None


def test_every_changed_letter_is_noticed() -> None:
    text = sign(KEY, "image", b"payload of seventeen")

    for place in range(len(text)):
        other = "A" if text[place] != "A" else "B"
        assert read(KEY, "image", text[:place] + other + text[place + 1 :]) is None


@given(st.text(max_size=80))
def test_any_other_text_is_nothing(text: str) -> None:
    assert read(KEY, "image", text) is None
    assert read(KEY, "image", sign(KEY, "image", b"payload") + text) == (b"payload" if not text else None)
