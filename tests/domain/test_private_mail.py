"""Which addresses are private."""

import pytest

from app.domain.private_mail import PRIVATE_MAIL, is_private


@pytest.mark.parametrize(
    "email",
    [
        "vera@gmail.com",
        "Vera@GMAIL.com",
        "vera+school@yahoo.com.mx",
        "vera@tampabay.rr.com",
        "vera@icloud.com",
        "vera@gmail.com.",
    ],
)
def test_a_mailbox_at_a_well_known_provider_is_private(email: str) -> None:
    assert is_private(email)


@pytest.mark.parametrize(
    "email",
    ["vera@clinic.example", "vera@notgmail.com", "vera@gmail.com.clinic.example", "vera@mail.clinic.org"],
)
def test_an_address_anywhere_else_is_taken_for_a_workplace(email: str) -> None:
    assert not is_private(email)


def test_the_list_holds_domains_as_they_are_compared() -> None:
    assert all(domain == domain.lower().strip(".@ ") and "." in domain for domain in PRIVATE_MAIL)
