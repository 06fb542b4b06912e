"""What people sign in with."""

import pytest

from app.domain.account import (
    canonical_login,
    is_email,
    is_slug,
    login_from_email,
    may_have_code,
    proposed_usernames,
    username_at,
)
from app.domain.policy import Role


@pytest.mark.parametrize(
    ("email", "login"),
    [
        (" Maya@Example.ORG ", "maya@example.org"),
        ("maya+school@mail.example.org", "maya+school@mail.example.org"),
        ("maya@lakeside", None),
        ("maya", None),
        ("mäya@example.org", None),
        (None, None),
        ("a" * 65 + "@example.org", None),
    ],
)
def test_an_address_becomes_a_login_when_it_can_be_one(email: str | None, login: str | None) -> None:
    assert login_from_email(email) == login


@pytest.mark.parametrize(
    ("name", "login"),
    [
        ("Maya.M", "maya.m@lakeside"),
        ("maya.m@lakeside", "maya.m@lakeside"),
        ("maya.m@riverton", None),
        ("maya@example.org", None),
        ("ab", None),
        (".maya", None),
        ("maya m", None),
        ("x" * 41, None),
    ],
)
def test_a_username_belongs_to_its_tenant(name: str, login: str | None) -> None:
    assert username_at(name, "lakeside") == login


@pytest.mark.parametrize(
    ("given", "family", "first"),
    [
        ("Núria", "Ibáñez", "nuria.i@lakeside"),
        ("Mary Jane", "O'Neil", "maryjane.o@lakeside"),
        ("丽", "王", "user.kw@lakeside"),
        ("Al", "", "al.kw@lakeside"),
    ],
)
def test_a_username_is_proposed_for_every_name(given: str, family: str, first: str) -> None:
    proposed = list(proposed_usernames(given, family, "lakeside"))

    assert proposed[0] == first
    assert len(set(proposed)) == 9
    assert all(username_at(login, "lakeside") == login for login in proposed)
    assert not any(is_email(login) for login in proposed)


def test_a_slug_has_no_dot_so_that_no_username_is_an_address() -> None:
    assert is_slug("lakeside-2")
    assert not any(is_slug(slug) for slug in ("lake.side", "L", "Lakeside", "-lake", "lake\n"))


def test_however_it_is_typed_a_login_is_the_same() -> None:
    assert canonical_login("  \uff2d\uff21\uff39\uff21@Example.org") == "maya@example.org"


@pytest.mark.parametrize(
    ("roles", "by_coordinator", "by_district"),
    [
        ({Role.STUDENT}, True, True),
        ({Role.STUDENT, Role.GUARDIAN}, True, True),
        ({Role.STUDENT, Role.ADVISOR}, False, True),
        ({Role.SUPERVISOR}, False, True),
        (set(), False, True),
        ({Role.GUARDIAN, Role.DISTRICT_ADMIN}, False, False),
        ({Role.OPERATOR}, False, False),
    ],
)
def test_a_code_is_never_a_way_to_become_somebody_mightier(
    roles: set[Role], by_coordinator: bool, by_district: bool
) -> None:
    found = frozenset(roles)

    assert may_have_code(found, inviter_leads_tenant=False) is by_coordinator
    assert may_have_code(found, inviter_leads_tenant=True) is by_district
