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
    SHARED = "shared"  # of a student who shows me their network map, while they do
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
    "employer.ask":             ("-",           "-",             "-",        "-",                    "tenant",                  "tenant",       "-",         "-"),
    "employer.assign":          ("-",           "-",             "-",        "-",                    "tenant",                  "tenant",       "-",         "-"),
    "employer.read_budget":     ("-",           "-",             "-",        "tenant",               "tenant",                  "tenant",       "-",         "-"),
    "worksite.read":            ("catalogue",   "catalogue",     "hosted",   "tenant",               "tenant",                  "tenant",       "granted",   "-"),
    "worksite.create":          ("-",           "-",             "-",        "-",                    "tenant",                  "tenant",       "-",         "-"),

    "contact.read":             ("-",           "-",             "-",        "-",                    "school",                  "tenant",       "-",         "-"),
    "connection.read":          ("contributed", "contributed",   "-",        "contributed",          "contributed+school",      "tenant",       "-",         "-"),
    "connection.create":        ("own",         "own+child",     "-",        "own",                  "own",                     "own",          "-",         "-"),
    "connection.update":        ("contributed", "contributed",   "-",        "contributed",          "contributed+school",      "tenant",       "-",         "-"),
    "connection.withdraw":      ("contributed", "contributed",   "-",        "contributed",          "contributed+school",      "tenant",       "-",         "-"),
    "connection.screen":        ("-",           "-",             "-",        "-",                    "school",                  "tenant",       "-",         "-"),
    "connection.reject":        ("-",           "-",             "-",        "-",                    "school",                  "tenant",       "-",         "-"),

    "duplicate.read":           ("-",           "-",             "-",        "-",                    "school",                  "tenant",       "-",         "-"),
    "duplicate.merge":          ("-",           "-",             "-",        "-",                    "school",                  "tenant",       "-",         "-"),
    "duplicate.mark_different": ("-",           "-",             "-",        "-",                    "school",                  "tenant",       "-",         "-"),
    "duplicate_scan.read":      ("-",           "-",             "-",        "-",                    "tenant",                  "tenant",       "-",         "-"),
    "duplicate_scan.create":    ("-",           "-",             "-",        "-",                    "tenant",                  "tenant",       "-",         "-"),
    "merge.read":               ("-",           "-",             "-",        "-",                    "school",                  "tenant",       "-",         "-"),
    "merge.undo":               ("-",           "-",             "-",        "-",                    "school",                  "tenant",       "-",         "-"),

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

    "network_map.read":         ("own",         "shared",        "-",        "shared",               "shared",                  "-",            "-",         "-"),
    "network_map.read_own":     ("own",         "-",             "-",        "-",                    "-",                       "-",            "-",         "-"),
    "network_map.erase":        ("own",         "-",             "-",        "-",                    "-",                       "-",            "-",         "-"),
    "map_entry.read":           ("own",         "shared",        "-",        "shared",               "shared",                  "-",            "-",         "-"),
    "map_entry.create":         ("own",         "-",             "-",        "-",                    "-",                       "-",            "-",         "-"),
    "map_entry.update":         ("own",         "-",             "-",        "-",                    "-",                       "-",            "-",         "-"),
    "map_entry.offer":          ("own",         "-",             "-",        "-",                    "-",                       "-",            "-",         "-"),
    "map_entry.delete":         ("own",         "-",             "-",        "-",                    "-",                       "-",            "-",         "-"),
    "map_share.read":           ("own",         "shared",        "-",        "shared",               "shared",                  "-",            "-",         "-"),
    "map_share.create":         ("own",         "-",             "-",        "-",                    "-",                       "-",            "-",         "-"),
    "map_share.revoke":         ("own",         "-",             "-",        "-",                    "-",                       "-",            "-",         "-"),
    "goal.read":                ("own",         "shared",        "-",        "shared",               "shared",                  "-",            "-",         "-"),
    "goal.create":              ("own",         "-",             "-",        "-",                    "-",                       "-",            "-",         "-"),
    "goal.update":              ("own",         "-",             "-",        "-",                    "-",                       "-",            "-",         "-"),
    "goal.reach":               ("own",         "-",             "-",        "-",                    "-",                       "-",            "-",         "-"),
    "goal.drop":                ("own",         "-",             "-",        "-",                    "-",                       "-",            "-",         "-"),
    "goal.reopen":              ("own",         "-",             "-",        "-",                    "-",                       "-",            "-",         "-"),
    "goal.delete":              ("own",         "-",             "-",        "-",                    "-",                       "-",            "-",         "-"),

    "introduction.read":        ("own",         "child",         "-",        "advisees",             "school",                  "tenant",       "-",         "-"),
    "introduction.read_progress": ("-",         "-",             "-",        "-",                    "school",                  "tenant",       "-",         "-"),
    "introduction.create":      ("own",         "-",             "-",        "-",                    "-",                       "-",            "-",         "-"),
    "introduction.approve":     ("-",           "-",             "-",        "-",                    "school",                  "tenant",       "-",         "-"),
    "introduction.decline":     ("-",           "-",             "-",        "-",                    "school",                  "tenant",       "-",         "-"),
    "introduction.withdraw":    ("own",         "-",             "-",        "-",                    "-",                       "-",            "-",         "-"),
    "introduction.close":       ("-",           "-",             "-",        "-",                    "school",                  "tenant",       "-",         "-"),
    "introduction.record_met":  ("-",           "-",             "-",        "advisees",             "school",                  "tenant",       "-",         "-"),
    "introduction_hop.read":    ("-",           "own",           "-",        "own",                  "own",                     "own",          "-",         "-"),
    "introduction_hop.answer":  ("-",           "own",           "-",        "own",                  "own",                     "own",          "-",         "-"),

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

    "outreach_campaign.read":   ("-",           "-",             "-",        "-",                    "school",                  "tenant",       "-",         "-"),
    "outreach_campaign.create": ("-",           "-",             "-",        "-",                    "school",                  "tenant",       "-",         "-"),
    "outreach_campaign.update": ("-",           "-",             "-",        "-",                    "school",                  "tenant",       "-",         "-"),
    "outreach_campaign.open":   ("-",           "-",             "-",        "-",                    "school",                  "tenant",       "-",         "-"),
    "outreach_campaign.close":  ("-",           "-",             "-",        "-",                    "school",                  "tenant",       "-",         "-"),
    "outreach_campaign.cancel": ("-",           "-",             "-",        "-",                    "school",                  "tenant",       "-",         "-"),
    "outreach_campaign.print_codes": ("-",      "-",             "-",        "-",                    "school",                  "tenant",       "-",         "-"),
    "outreach_question.read":   ("-",           "own",           "-",        "-",                    "-",                       "-",            "-",         "-"),
    "outreach_question.answer": ("-",           "own",           "-",        "-",                    "-",                       "-",            "-",         "-"),
    "contribution_invitation.create": ("-",     "-",             "-",        "-",                    "school",                  "tenant",       "-",         "-"),

    "household.read":           ("-",           "-",             "-",        "-",                    "school",                  "tenant",       "-",         "-"),
    "household.split":          ("-",           "-",             "-",        "-",                    "school",                  "tenant",       "-",         "-"),
    "household.rejoin":         ("-",           "-",             "-",        "-",                    "school",                  "tenant",       "-",         "-"),
    "gap.read":                 ("school",      "school",        "-",        "school",               "school",                  "tenant",       "-",         "-"),
    "gap.read_counts":          ("-",           "-",             "-",        "school",               "school",                  "tenant",       "-",         "-"),
    "reach.read":               ("school",      "school",        "-",        "school",               "school",                  "tenant",       "-",         "-"),

    "import.read":              ("-",           "-",             "-",        "-",                    "own",                     "tenant",       "granted",   "-"),
    "import.create":            ("-",           "-",             "-",        "-",                    "-",                       "tenant",       "granted",   "-"),
    "import.create_connections": ("-",          "-",             "-",        "-",                    "school",                  "tenant",       "-",         "-"),
    "import.apply":             ("-",           "-",             "-",        "-",                    "own",                     "tenant",       "granted",   "-"),

    "tie.read":                 ("own",         "child",         "-",        "advisees",             "school",                  "tenant",       "-",         "-"),
    "relationship_round.read":  ("own",         "-",             "-",        "school",               "school",                  "tenant",       "-",         "-"),
    "relationship_round.create": ("-",          "-",             "-",        "-",                    "school",                  "tenant",       "-",         "-"),
    "relationship_round.open":  ("-",           "-",             "-",        "-",                    "school",                  "tenant",       "-",         "-"),
    "relationship_round.close": ("-",           "-",             "-",        "-",                    "school",                  "tenant",       "-",         "-"),
    "relationship_round.read_results": ("-",    "-",             "-",        "-",                    "school",                  "tenant",       "-",         "-"),
    "relationship_round.mark":  ("-",           "-",             "-",        "school",               "school",                  "-",            "-",         "-"),
    "relationship_round.nominate": ("own",      "-",             "-",        "-",                    "-",                       "-",            "-",         "-"),
    "round_student.read":       ("-",           "-",             "-",        "school",               "school",                  "-",            "-",         "-"),
    "round_student.volunteer":  ("-",           "-",             "-",        "school",               "school",                  "-",            "-",         "-"),
    "round_student.step_back":  ("-",           "-",             "-",        "school",               "school",                  "-",            "-",         "-"),
    "round_student.follow_up":  ("-",           "-",             "-",        "school",               "school",                  "-",            "-",         "-"),

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

# Nouns whose events only the person they are about may read: not what is in a private thing, nor how often it changes.
PRIVATE_NOUNS = frozenset({"goal", "introduction_hop", "map_entry", "map_share", "network_map"})

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
    "contact_choices": frozenset(
        {"contact.choose", "contact.pause", "contact.resume", "contact.never", "contact.erase"}
    ),
    "introduction": frozenset({"introduction_hop.agree", "introduction_hop.decline"}),
    # Offering records connection.create, as whoever signs in does; answering a campaign records nothing at all.
    "contribution": frozenset({"contribution.offer", "contribution.answer"}),
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
        "connection.thank",  # follow from what the connection led to; see domain/thanks.py
        "connection.thank_for_many",
        "introduction.forward",
        "introduction.try_next",
        "introduction.agree",  # follows from the contact's yes, the last of them
        "introduction.expire",
        "introduction_hop.ask",
        "introduction_hop.lapse",
        "introduction_hop.end",
        "duplicate.restore",  # follows from merge.undo
        "duplicate_scan.start",
        "duplicate_scan.finish",
        "duplicate_scan.fail",
        "opportunity.mark_stale",
        "pursuit.expire",
        "pursuit.remind",
        "pursuit.hold_seat",
        "pursuit.lose_hold",
        "placement.create",  # follows from pursuit.approve_start
        "map_entry.remind",
        "placement.send_for_signatures",  # follows from an agreement going out
        "outreach_campaign.lapse",
        "relationship_round.erase_answers",
        "round_student.release",
        "round_student.remind",
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
    by_link: bool = False  # without an account, by the link they were sent: account and session are nobody's
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
