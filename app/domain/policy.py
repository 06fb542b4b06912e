"""Who may do what to which rows: one table, role by action, read across and changed in one place."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from uuid import UUID


class Role(StrEnum):
    """What a person is to an organisation; product.md §2."""

    STUDENT = "student"
    GUARDIAN = "guardian"
    SUPERVISOR = "supervisor"
    ADVISOR = "advisor"
    COORDINATOR = "coordinator"
    DISTRICT_ADMIN = "district_admin"
    INTEGRATION = "integration"
    OPERATOR = "operator"


class Scope(StrEnum):
    """Which rows a cell of the table opens; `access.py` says what each means for each table."""

    OWN = "own"  # about me, or addressed to me
    CHILD = "child"  # about a student whose guardian I am, while my link says I may see
    CONTRIBUTED = "contributed"  # what I brought into the network
    HOSTED = "hosted"  # at the employer I supervise for
    ADVISEES = "advisees"  # about a student I advise
    SCHOOL = "school"  # of a school where I hold this role
    CATALOGUE = "catalogue"  # published, and shared with a school of mine
    PARTNERS = "partners"  # people at the employers, who belong to no school
    POOLED = "pooled"  # of the whole tenant, belonging to no single school
    TENANT = "tenant"  # everything in the tenant
    GRANTED = "granted"  # everything in the tenant, for a machine client with the OAuth scope
    NONE = "-"


_ROLES = (
    Role.STUDENT,
    Role.GUARDIAN,
    Role.SUPERVISOR,
    Role.ADVISOR,
    Role.COORDINATOR,
    Role.DISTRICT_ADMIN,
    Role.INTEGRATION,
    Role.OPERATOR,
)

# fmt: off
_TABLE: dict[str, tuple[str, str, str, str, str, str, str, str]] = {
    # action                     student        guardian         supervisor  advisor                 coordinator                district_admin  integration  operator
    "school.read":              ("tenant",      "tenant",        "-",        "tenant",               "tenant",                  "tenant",       "granted",   "-"),
    "school.create":            ("-",           "-",             "-",        "-",                    "-",                       "tenant",       "-",         "-"),
    "term.read":                ("tenant",      "tenant",        "-",        "tenant",               "tenant",                  "tenant",       "granted",   "-"),

    "person.read":              ("own",         "own+child",     "own",      "own+advisees",         "own+school+partners",     "tenant",       "granted",   "-"),
    "person.read_birth":        ("own",         "own+child",     "own",      "own",                  "own+school",              "tenant",       "-",         "-"),
    "person.read_address":      ("own",         "own+child",     "own",      "own",                  "own+school+partners",     "tenant",       "granted",   "-"),
    "person.read_sourced":      ("-",           "-",             "-",        "-",                    "school",                  "tenant",       "granted",   "-"),
    "person.create":            ("-",           "-",             "-",        "-",                    "school",                  "tenant",       "-",         "-"),
    "person.update":            ("-",           "-",             "-",        "-",                    "school+partners",         "tenant",       "-",         "-"),
    "membership.read":          ("own",         "own",           "own",      "own",                  "own+school+partners",     "tenant",       "granted",   "-"),
    "membership.create":        ("-",           "-",             "-",        "-",                    "school",                  "tenant",       "-",         "-"),
    "membership.end":           ("-",           "-",             "-",        "-",                    "school+partners",         "tenant",       "-",         "-"),
    "guardian_link.read":       ("own",         "own",           "-",        "advisees",             "school",                  "tenant",       "granted",   "-"),
    "guardian_link.create":     ("-",           "-",             "-",        "-",                    "school",                  "tenant",       "-",         "-"),
    "guardian_link.update":     ("-",           "-",             "-",        "-",                    "school",                  "tenant",       "-",         "-"),
    "guardian_link.end":        ("-",           "-",             "-",        "-",                    "school",                  "tenant",       "-",         "-"),
    "advisor_link.read":        ("own",         "child",         "-",        "own",                  "school",                  "tenant",       "granted",   "-"),
    "advisor_link.create":      ("-",           "-",             "-",        "-",                    "school",                  "tenant",       "-",         "-"),
    "advisor_link.end":         ("-",           "-",             "-",        "-",                    "school",                  "tenant",       "-",         "-"),
    "session.read":             ("own",         "own",           "own",      "own",                  "own",                     "own",          "-",         "own"),
    "session.logout":           ("own",         "own",           "own",      "own",                  "own",                     "own",          "own",       "own"),
    "session.logout_everywhere": ("own",        "own",           "own",      "own",                  "own",                     "own",          "-",         "own"),
    "password.change":          ("own",         "own",           "own",      "own",                  "own",                     "own",          "-",         "own"),
    "invitation.create":        ("-",           "-",             "-",        "-",                    "school+partners",         "tenant",       "-",         "-"),
    "machine_client.read":      ("-",           "-",             "-",        "-",                    "-",                       "tenant",       "-",         "-"),
    "machine_client.create":    ("-",           "-",             "-",        "-",                    "-",                       "tenant",       "-",         "-"),
    "machine_client.rotate":    ("-",           "-",             "-",        "-",                    "-",                       "tenant",       "-",         "-"),
    "machine_client.revoke":    ("-",           "-",             "-",        "-",                    "-",                       "tenant",       "-",         "-"),

    "employer.read":            ("catalogue",   "catalogue",     "hosted",   "tenant",               "tenant",                  "tenant",       "granted",   "-"),
    "employer.create":          ("-",           "-",             "-",        "-",                    "tenant",                  "tenant",       "-",         "-"),
    "employer.update":          ("-",           "-",             "-",        "-",                    "tenant",                  "tenant",       "-",         "-"),
    "employer.vet":             ("-",           "-",             "-",        "-",                    "tenant",                  "tenant",       "-",         "-"),
    "employer.suspend":         ("-",           "-",             "-",        "-",                    "tenant",                  "tenant",       "-",         "-"),
    "employer.archive":         ("-",           "-",             "-",        "-",                    "tenant",                  "tenant",       "-",         "-"),
    "worksite.read":            ("catalogue",   "catalogue",     "hosted",   "tenant",               "tenant",                  "tenant",       "granted",   "-"),
    "worksite.create":          ("-",           "-",             "-",        "-",                    "tenant",                  "tenant",       "-",         "-"),

    "contact.read":             ("-",           "-",             "-",        "-",                    "school",                  "tenant",       "-",         "-"),
    "connection.read":          ("contributed", "contributed",   "-",        "contributed",          "contributed+school",      "tenant",       "-",         "-"),
    "connection.create":        ("own",         "own+child",     "-",        "own",                  "own",                     "own",          "-",         "-"),
    "connection.withdraw":      ("contributed", "contributed",   "-",        "contributed",          "contributed+school",      "tenant",       "-",         "-"),
    "connection.screen":        ("-",           "-",             "-",        "-",                    "school",                  "tenant",       "-",         "-"),
    "connection.reject":        ("-",           "-",             "-",        "-",                    "school",                  "tenant",       "-",         "-"),

    "opportunity.read":         ("catalogue",   "catalogue",     "hosted",   "catalogue+own",        "catalogue+school+pooled", "tenant",       "granted",   "-"),
    "opportunity.create":       ("-",           "-",             "-",        "school",               "school",                  "tenant",       "-",         "-"),
    "opportunity.update":       ("-",           "-",             "-",        "own",                  "school",                  "tenant",       "-",         "-"),
    "opportunity.submit":       ("-",           "-",             "-",        "own",                  "school",                  "tenant",       "-",         "-"),
    "opportunity.request_changes": ("-",        "-",             "-",        "-",                    "school",                  "tenant",       "-",         "-"),
    "opportunity.reject":       ("-",           "-",             "-",        "-",                    "school",                  "tenant",       "-",         "-"),
    "opportunity.publish":      ("-",           "-",             "-",        "-",                    "school",                  "tenant",       "-",         "-"),
    "opportunity.pause":        ("-",           "-",             "-",        "own",                  "school",                  "tenant",       "-",         "-"),
    "opportunity.resume":       ("-",           "-",             "-",        "-",                    "school",                  "tenant",       "-",         "-"),
    "opportunity.hide":         ("-",           "-",             "-",        "-",                    "school",                  "tenant",       "-",         "-"),
    "opportunity.restore":      ("-",           "-",             "-",        "-",                    "school",                  "tenant",       "-",         "-"),
    "opportunity.confirm":      ("-",           "-",             "-",        "own",                  "school",                  "tenant",       "-",         "-"),
    "opportunity.archive":      ("-",           "-",             "-",        "own",                  "school",                  "tenant",       "-",         "-"),
    "favorite.read":            ("own",         "child",         "-",        "advisees",             "-",                       "-",            "-",         "-"),
    "favorite.create":          ("own",         "-",             "-",        "-",                    "-",                       "-",            "-",         "-"),
    "favorite.delete":          ("own",         "-",             "-",        "-",                    "-",                       "-",            "-",         "-"),

    "pursuit.read":             ("own",         "child",         "-",        "advisees",             "school",                  "tenant",       "granted",   "-"),
    "pursuit.create":           ("own",         "-",             "-",        "-",                    "-",                       "-",            "-",         "-"),
    "pursuit.approve":          ("-",           "-",             "-",        "-",                    "school",                  "tenant",       "-",         "-"),
    "pursuit.decline":          ("-",           "-",             "-",        "-",                    "school",                  "tenant",       "-",         "-"),
    "pursuit.extend":           ("-",           "-",             "-",        "-",                    "school",                  "tenant",       "-",         "-"),
    "pursuit.land":             ("own",         "-",             "-",        "-",                    "school",                  "tenant",       "-",         "-"),
    "pursuit.request_start":    ("own",         "-",             "-",        "-",                    "-",                       "-",            "-",         "-"),
    "pursuit.approve_start":    ("-",           "-",             "-",        "advisees",             "-",                       "-",            "-",         "-"),
    "pursuit.return_start":     ("-",           "-",             "-",        "advisees",             "-",                       "-",            "-",         "-"),
    "pursuit.withdraw":         ("own",         "-",             "-",        "-",                    "-",                       "-",            "-",         "-"),
    "pursuit.not_select":       ("own",         "-",             "-",        "-",                    "school",                  "tenant",       "-",         "-"),
    "pursuit.release":          ("-",           "-",             "-",        "-",                    "school",                  "tenant",       "-",         "-"),

    "placement.read":           ("own",         "child",         "hosted",   "advisees",             "school",                  "tenant",       "granted",   "-"),
    "placement.read_provenance": ("-",          "-",             "-",        "-",                    "school",                  "tenant",       "-",         "-"),
    "placement.clear":          ("-",           "-",             "-",        "-",                    "school",                  "tenant",       "-",         "-"),
    "placement.activate":       ("-",           "-",             "-",        "advisees",             "school",                  "tenant",       "-",         "-"),
    "placement.request_end":    ("own",         "-",             "hosted",   "advisees",             "school",                  "tenant",       "-",         "-"),
    "placement.complete":       ("-",           "-",             "-",        "advisees",             "school",                  "tenant",       "-",         "-"),
    "placement.end_early":      ("-",           "-",             "-",        "-",                    "school",                  "tenant",       "-",         "-"),
    "placement.record_no_show": ("-",           "-",             "-",        "advisees",             "school",                  "tenant",       "-",         "-"),

    "import.read":              ("-",           "-",             "-",        "-",                    "-",                       "tenant",       "granted",   "-"),
    "import.create":            ("-",           "-",             "-",        "-",                    "-",                       "tenant",       "granted",   "-"),
    "import.apply":             ("-",           "-",             "-",        "-",                    "-",                       "tenant",       "granted",   "-"),

    "event.read":               ("own",         "own+child",     "own",      "own+advisees",         "own+school",              "tenant",       "granted",   "-"),
    "notification.read":        ("own",         "own",           "own",      "own",                  "own",                     "own",          "-",         "own"),
    "notification.mark_read":   ("own",         "own",           "own",      "own",                  "own",                     "own",          "-",         "own"),
    "dead_letter.read":         ("-",           "-",             "-",        "-",                    "-",                       "-",            "-",         "tenant"),
    "dead_letter.replay":       ("-",           "-",             "-",        "-",                    "-",                       "-",            "-",         "tenant"),
    "dead_letter.skip":         ("-",           "-",             "-",        "-",                    "-",                       "-",            "-",         "tenant"),
}
# fmt: on

POLICY: dict[str, dict[Role, frozenset[Scope]]] = {
    action: {
        role: frozenset(Scope(word) for word in cell.split("+")) - {Scope.NONE}
        for role, cell in zip(_ROLES, cells, strict=True)
    }
    for action, cells in _TABLE.items()
}

# What a machine client may be granted (OAuth scope -> actions).
INTEGRATION_SCOPES: dict[str, frozenset[str]] = {
    "roster.write": frozenset({"import.create", "import.apply", "import.read"}),
    "roster.read": frozenset(
        {
            "school.read",
            "term.read",
            "person.read",
            "person.read_address",
            "person.read_sourced",
            "membership.read",
            "guardian_link.read",
            "advisor_link.read",
            "import.read",
        }
    ),
    "catalogue.read": frozenset({"opportunity.read", "employer.read", "worksite.read", "school.read"}),
    "placements.read": frozenset({"pursuit.read", "placement.read", "event.read"}),
}

# What the holder of a link may do, without an account (purpose -> actions).
LINK_ACTIONS: dict[str, frozenset[str]] = {
    "consent": frozenset(
        {"contact.accept", "contact.decline", "contact.not_me", "contact.never", "contact.erase"}
    ),
    "contact_choices": frozenset({"contact.pause", "contact.resume", "contact.never", "contact.erase"}),
    "invitation": frozenset({"invitation.accept"}),
    "password_reset": frozenset({"password.reset"}),
}

# Changes that no person and no link asks for: due-dates and consequences.
SYSTEM_ACTIONS = frozenset(
    {
        "contact.propose",
        "contact.invite",
        "contact.remind",
        "contact.lapse",
        "contact.close",  # stands for decline, not_me, never, lapse and erase: they must not be told apart
        "connection.propose",  # follows from connection.create: what is sent here is proposed
        "connection.activate",
        "connection.rest",
        "opportunity.mark_stale",
        "pursuit.expire",
        "pursuit.remind",
        "pursuit.hold_seat",
        "pursuit.lose_hold",
        "placement.create",  # follows from pursuit.approve_start
        "placement.send_for_signatures",  # follows from an agreement going out
        "import.start",
        "import.finish_trial",
        "import.finish",
        "import.hold",
        "import.refuse",
        "import.fail",
    }
)


@dataclass(frozen=True, slots=True)
class Standing:
    """One active membership: a role, at a school or an employer, or in the tenant as a whole."""

    role: Role
    school_id: UUID | None
    employer_id: UUID | None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is asking, in one tenant, with the memberships of this very moment."""

    tenant_id: UUID
    account_id: UUID
    session_id: UUID
    person_id: UUID | None
    locale: str
    standings: tuple[Standing, ...]
    oauth_scopes: frozenset[str] = frozenset()
    roles: frozenset[Role] = field(init=False)

    def __post_init__(self) -> None:
        """Note the roles held anywhere in the tenant."""
        object.__setattr__(self, "roles", frozenset(standing.role for standing in self.standings))

    def schools(self, roles: Iterable[Role] | None = None) -> list[UUID]:
        """Return the schools where one of `roles` (default: any role) is held."""
        wanted = frozenset(Role) if roles is None else frozenset(roles)
        return sorted({s.school_id for s in self.standings if s.school_id is not None and s.role in wanted})

    def employers(self) -> list[UUID]:
        """Return the employers this person supervises for."""
        return sorted({s.employer_id for s in self.standings if s.employer_id is not None})


def scopes(actor: Actor, action: str) -> Mapping[Scope, frozenset[Role]]:
    """Return each scope the actor has for an action, with the roles that give it; empty means never."""
    return _scopes_of(actor.roles, actor.oauth_scopes, action)


@lru_cache(maxsize=8192)
def _scopes_of(
    roles: frozenset[Role], oauth_scopes: frozenset[str], action: str
) -> Mapping[Scope, frozenset[Role]]:
    row = POLICY[action]
    granted = any(action in INTEGRATION_SCOPES.get(name, ()) for name in oauth_scopes)
    found: dict[Scope, frozenset[Role]] = {}
    for role in sorted(roles):
        for scope in row[role]:
            if scope is not Scope.GRANTED or granted:
                found[scope] = found.get(scope, frozenset()) | {role}
    return MappingProxyType(found)


def may_ever(actor: Actor, action: str) -> bool:
    """Say whether any row at all could be open to this actor for this action."""
    return bool(scopes(actor, action))
