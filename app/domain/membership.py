"""Who may give which role to whom, where a role is held, and which membership may never be ended."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from app.domain.errors import Refused
from app.domain.policy import Role

# Machine clients get their role with their client id, operators from the command line.
GRANTS: dict[Role, frozenset[Role]] = {
    Role.COORDINATOR: frozenset({Role.STUDENT, Role.GUARDIAN, Role.ADVISOR, Role.SUPERVISOR}),
    Role.DISTRICT_ADMIN: frozenset(
        {
            Role.STUDENT,
            Role.GUARDIAN,
            Role.ADVISOR,
            Role.SUPERVISOR,
            Role.COORDINATOR,
            Role.DISTRICT_ADMIN,
        }
    ),
}
AT_SCHOOL = frozenset({Role.STUDENT, Role.GUARDIAN, Role.ADVISOR, Role.COORDINATOR})
AT_EMPLOYER = frozenset({Role.SUPERVISOR})


def may_grant(own: Iterable[Role], role: Role) -> bool:
    """Say whether somebody with `own` roles may give (or take) `role`."""
    return any(role in GRANTS.get(mine, ()) for mine in own)


def check_organisation(role: Role, school_id: UUID | None, employer_id: UUID | None) -> None:
    """Refuse a role at the wrong kind of organisation: most are held at a school, some nowhere in particular."""
    if (role in AT_SCHOOL) != (school_id is not None):
        raise Refused(
            "wrong_organisation",
            f"name the school of a {role.value}"
            if role in AT_SCHOOL
            else f"leave the school out; a {role.value} has none",
            "indique la escuela para este rol" if role in AT_SCHOOL else "omita la escuela para este rol",
            pointer="/school_id",
        )
    if (role in AT_EMPLOYER) != (employer_id is not None):
        raise Refused(
            "wrong_organisation",
            f"name the employer of a {role.value}"
            if role in AT_EMPLOYER
            else f"leave the employer out; a {role.value} has none",
            "indique el empleador para este rol"
            if role in AT_EMPLOYER
            else "omita el empleador para este rol",
            pointer="/employer_id",
        )


def check_span(begins_on: date | None, ends_on: date | None) -> None:
    """Refuse a membership that is over before it begins."""
    if begins_on is not None and ends_on is not None and ends_on < begins_on:
        raise Refused(
            "ends_before_start",
            "give an end date on or after the begin date",
            "indique una fecha de fin igual o posterior a la de inicio",
            pointer="/ends_on",
        )


def check_not_ended(*, ended: bool) -> None:
    """Refuse to end, or to change, what is over already."""
    if ended:
        raise Refused(
            "ended_before",
            "this was ended already; read it again to see when",
            "esto ya había terminado; vuelva a leerlo para ver cuándo",
        )


def check_may_end(role: Role, *, is_own: bool, others: int) -> None:
    """Refuse to leave a tenant without anyone to run it: nobody ends their own, and never the last, district_admin."""
    if role is not Role.DISTRICT_ADMIN:
        return
    if is_own:
        raise Refused(
            "own_district_admin",
            "ask another district administrator to end your own role",
            "pida a otro administrador del distrito que termine su rol",
        )
    if others == 0:
        raise Refused(
            "last_district_admin",
            "make somebody else a district administrator first; this is the last one",
            "nombre antes a otra persona administradora del distrito; esta es la última",
        )
