"""Refresh tokens: what they name, and what is not one."""

import pytest

from app.core import refresh_tokens
from app.core.ids import new_id
from app.core.tokens import InvalidToken

KEY = b"k" * 32


def test_a_token_names_its_session_and_can_be_read_again() -> None:
    token = refresh_tokens.first(KEY, new_id())

    assert refresh_tokens.read(KEY, token.text) == token
    assert len(token.text) == 86


def test_a_token_has_one_successor_that_only_the_key_knows() -> None:
    token = refresh_tokens.first(KEY, new_id())

    following = refresh_tokens.successor(KEY, token)

    assert following == refresh_tokens.successor(KEY, token)
    assert following.text != token.text
    assert following.session_id == token.session_id
    assert following != refresh_tokens.successor(b"j" * 32, token)


@pytest.mark.parametrize(
    "spoil",
    [
        str.lower,
        lambda t: t[:-1],
        lambda t: t + "=",
        lambda t: t + "A",
        lambda _: "",
        lambda _: "ñ",
        lambda t: "!" + t,
    ],
)
def test_anything_else_is_not_one(spoil: object) -> None:
    token = refresh_tokens.first(KEY, new_id())

    with pytest.raises(InvalidToken):
        refresh_tokens.read(KEY, spoil(token.text))  # type: ignore[operator] # one of the functions above


def test_a_token_of_another_key_is_not_one() -> None:
    token = refresh_tokens.first(b"j" * 32, new_id())

    with pytest.raises(InvalidToken):
        refresh_tokens.read(KEY, token.text)
