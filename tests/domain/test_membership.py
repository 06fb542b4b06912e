"""Who may give which role, and which membership stays."""

from datetime import date
from uuid import uuid4

import pytest

from app.domain.errors import Refused
from app.domain.membership import (
    AT_EMPLOYER,
    AT_SCHOOL,
    check_may_end,
    check_not_ended,
    check_organisation,
    check_span,
    may_grant,
)
from app.domain.policy import Role

BELOW = {Role.STUDENT, Role.GUARDIAN, Role.ADVISOR, Role.SUPERVISOR}


@pytest.mark.parametrize("role", Role)
def test_coordinators_give_the_roles_below_theirs_and_admins_those_of_the_tenant(role: Role) -> None:
    assert may_grant({Role.COORDINATOR}, role) is (role in BELOW)
    assert may_grant({Role.DISTRICT_ADMIN}, role) is (role not in {Role.INTEGRATION, Role.OPERATOR})


@pytest.mark.parametrize("own", sorted(set(Role) - {Role.COORDINATOR, Role.DISTRICT_ADMIN}))
def test_nobody_else_gives_any_role(own: Role) -> None:
    assert not any(may_grant({own}, role) for role in Role)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("at_school", [True, False])
@pytest.mark.parametrize("at_employer", [True, False])
def test_a_role_is_held_at_its_kind_of_organisation(role: Role, at_school: bool, at_employer: bool) -> None:
    school, employer = uuid4() if at_school else None, uuid4() if at_employer else None
    fits = at_school is (role in AT_SCHOOL) and at_employer is (role in AT_EMPLOYER)

    if fits:
        check_organisation(role, school, employer)
    else:
        with pytest.raises(Refused) as refused:
            check_organisation(role, school, employer)
        assert refused.value.pointer in {"/school_id", "/employer_id"}


def test_a_membership_ends_on_or_after_its_first_day() -> None:
    check_span(date(2026, 9, 1), date(2026, 9, 1))
    check_span(None, date(2026, 9, 1))

    with pytest.raises(Refused):
        check_span(date(2026, 9, 2), date(2026, 9, 1))


def test_what_ended_does_not_end_again() -> None:
    check_not_ended(ended=False)

    with pytest.raises(Refused):
        check_not_ended(ended=True)


def test_the_district_keeps_somebody_to_run_it() -> None:
    check_may_end(Role.DISTRICT_ADMIN, is_own=False, others=1)
    check_may_end(Role.COORDINATOR, is_own=True, others=0)

    with pytest.raises(Refused, match="another district administrator"):
        check_may_end(Role.DISTRICT_ADMIN, is_own=True, others=3)
    with pytest.raises(Refused, match="the last one"):
        check_may_end(Role.DISTRICT_ADMIN, is_own=False, others=0)
