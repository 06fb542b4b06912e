"""The matrix of who may do what to whose: facts about the town by hand, and a row for every operation.

Nothing here asks `app.access`: a cell of the policy is held against facts that are written down below.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.domain.policy import INTEGRATION_SCOPES, POLICY, Role, Scope

OWN, OTHER_SCHOOL, OTHER_TENANT = "own", "other_school", "other_tenant"
PLACES = (OWN, OTHER_SCHOOL, OTHER_TENANT)
EVERYBODY = "everybody"


@dataclass(frozen=True)
class Someone:
    """Who asks, and what is true of them."""

    name: str
    role: Role
    schools: frozenset[str] = frozenset()
    children: frozenset[str] = frozenset()
    advisees: frozenset[str] = frozenset()
    employer: str | None = None


@dataclass(frozen=True)
class Thing:
    """What is asked about, and what is true of it."""

    noun: str
    name: str
    place: str = OWN
    about: frozenset[str] = frozenset()  # whom it is about, or addressed to
    student: str | None = None
    schools: frozenset[str] = frozenset()
    employer: str | None = None
    contributor: str | None = None
    shown_to: frozenset[str] = frozenset()  # schools whose catalogue shows it
    shared_with: frozenset[str] = frozenset()  # to whom the student shows their network map now
    private: bool = False  # of the audit trail: about something that nobody but its student hears of
    at_employer: bool = False  # of people at employers, who belong to no school
    pooled: bool = False
    addresses: bool = False  # a file of people's addresses, which no machine reads


CAST = (
    Someone("leo", Role.STUDENT, frozenset({"north"})),
    Someone("rosa", Role.GUARDIAN, frozenset({"north"}), children=frozenset({"leo"})),
    Someone("sam", Role.SUPERVISOR, employer="clinic"),
    Someone("ada", Role.ADVISOR, frozenset({"north"}), advisees=frozenset({"maya", "leo"})),
    Someone("clara", Role.COORDINATOR, frozenset({"north"})),
    Someone("ellis", Role.DISTRICT_ADMIN),
    Someone("lakeside_sis", Role.INTEGRATION),
    Someone("olga", Role.OPERATOR),
)
GRANTED = frozenset({"roster.write", "roster.read", "catalogue.read", "placements.read"})

_RULES: dict[Scope, Callable[[Someone, Thing], bool]] = {
    Scope.OWN: lambda who, it: who.name in it.about,
    Scope.CHILD: lambda who, it: it.student in who.children,
    Scope.CONTRIBUTED: lambda who, it: it.contributor == who.name,
    Scope.HOSTED: lambda who, it: it.employer is not None and it.employer == who.employer,
    Scope.ADVISEES: lambda who, it: it.student in who.advisees,
    Scope.SCHOOL: lambda who, it: bool(it.schools & who.schools),
    Scope.CATALOGUE: lambda who, it: bool(it.shown_to & (who.schools | {EVERYBODY})),
    Scope.PARTNERS: lambda _, it: it.at_employer,
    Scope.SHARED: lambda who, it: who.name in it.shared_with,
    Scope.POOLED: lambda _, it: it.pooled,
    Scope.TENANT: lambda *_: True,
    Scope.GRANTED: lambda _, it: not it.addresses,
}


def cell(who: Someone, action: str) -> frozenset[Scope]:
    """Return the scopes that the policy's table gives somebody for an action."""
    granted = any(action in INTEGRATION_SCOPES[name] for name in GRANTED)
    return frozenset(scope for scope in POLICY[action][who.role] if scope is not Scope.GRANTED or granted)


def holds(who: Someone, action: str, thing: Thing) -> bool:
    """Say whether somebody has an action on a thing: in their own community, and by one of the cell's scopes."""
    found = (
        _RULES[scope](who, thing) for scope in cell(who, action) if scope is Scope.OWN or not thing.private
    )
    return thing.place != OTHER_TENANT and any(found)


def expected(who: Someone, action: str, thing: Thing, allowed: int) -> int:
    """Return the status of a request about one thing; `allowed` where it is not refused."""
    if not cell(who, action):
        return 403
    readable = holds(who, f"{thing.noun}.read", thing)
    may = holds(who, action, thing)
    if not readable and not may:
        return 404
    return allowed if may else 403


def _set(*names: str) -> frozenset[str]:
    return frozenset(names)


def _people() -> list[Thing]:
    found = []
    for name, schools, place, role in (
        ("maya", "north", OWN, "student"),
        ("leo", "north", OWN, "student"),
        ("noah", "north", OWN, "student"),
        ("rosa", "north", OWN, ""),
        ("omar", "north", OWN, ""),
        ("ada", "north", OWN, ""),
        ("clara", "north", OWN, ""),
        ("ellis", "", OWN, ""),
        ("olga", "", OWN, ""),
        ("sam", "", OWN, "supervisor"),
        ("ines", "south", OTHER_SCHOOL, "student"),
        ("nina", "south", OTHER_SCHOOL, "student"),
        ("petra", "south", OTHER_SCHOOL, ""),
        ("ben", "south", OTHER_SCHOOL, ""),
        ("dario", "south", OTHER_SCHOOL, ""),
        ("ria", "river", OTHER_TENANT, "student"),
        ("nico", "river", OTHER_TENANT, "student"),
        ("gus", "river", OTHER_TENANT, ""),
        ("art", "river", OTHER_TENANT, ""),
        ("cora", "river", OTHER_TENANT, ""),
        ("dora", "", OTHER_TENANT, ""),
        ("otto", "", OTHER_TENANT, ""),
        ("sid", "", OTHER_TENANT, "supervisor"),
    ):
        facts: dict[str, Any] = {
            "place": place,
            "about": _set(name),
            "student": name if role == "student" else None,
            "schools": _set(schools) if schools else _set(),
            "at_employer": role == "supervisor",
        }
        found += [Thing("person", name, **facts), Thing("membership", f"{name}_role", **facts)]
    return found


def _lives() -> list[Thing]:
    found = []
    for student, guardian, advisor, school, place in (
        ("maya", "omar", "ada", "north", OWN),
        ("leo", "rosa", "ada", "north", OWN),
        ("ines", "petra", "ben", "south", OTHER_SCHOOL),
        ("ria", "gus", "art", "river", OTHER_TENANT),
    ):
        facts: dict[str, Any] = {"place": place, "student": student, "schools": _set(school)}
        mine = {**facts, "about": _set(student)}
        found += [
            Thing("guardian_link", f"{guardian}_{student}", about=_set(student, guardian), **facts),
            *([] if student == "leo" else [Thing("household", f"{student}_home", **facts)]),
            Thing("advisor_link", f"{advisor}_{student}", about=_set(student, advisor), **facts),
            Thing("pursuit", f"{student}_pursuit", **mine),
            Thing("favorite", f"{student}_favorite", **mine),
            Thing("waiting_entry", f"{student}_place", **mine),
            Thing("introduction", f"{student}_introduction", **mine),
            Thing("student_profile", student, **mine),
            Thing("notification", f"{student}_note", place=place, about=_set(student)),
        ]
        if student != "maya":
            employer = {"leo": "clinic", "ines": "clinic_two", "ria": "river_clinic"}[student]
            found += [
                Thing("pursuit", f"{student}_converted", **mine),
                Thing("placement", f"{student}_placement", employer=employer, **mine),
                Thing("event", f"{student}_event", **mine),
            ]
    return found


def _maps() -> list[Thing]:
    found = []
    for student, adult, place in (
        ("maya", "ada", OWN),
        ("noah", "clara", OWN),
        ("leo", None, OWN),  # who showed it to Rosa, and took that back
        ("ines", "ben", OTHER_SCHOOL),
        ("ria", "art", OTHER_TENANT),
    ):
        facts: dict[str, Any] = {
            "place": place,
            "about": _set(student),
            "shared_with": _set() if adult is None else _set(adult),
        }
        found += [
            Thing("network_map", student, **facts),
            Thing("map_entry", f"{student}_entry", **facts),
            Thing("map_share", f"{student}_share", **facts),
            Thing("goal", f"{student}_goal", **facts),
            Thing("saved_search", f"{student}_search", **facts),
        ]
    return found


def _rounds() -> list[Thing]:
    found = []
    for student, school, place in (
        ("leo", "north", OWN),
        ("ines", "south", OTHER_SCHOOL),
        ("ria", "river", OTHER_TENANT),
    ):
        facts: dict[str, Any] = {"place": place, "schools": _set(school)}
        found += [
            Thing("tie", f"{student}_tie", about=_set(student), student=student, **facts),
            Thing("project_team", f"{student}_team", about=_set(student), student=student, **facts),
            Thing("phase_feedback", f"{student}_feedback", about=_set(student), student=student, **facts),
            Thing("relationship_round", f"{school}_round", about=_set(student), **facts),
            Thing("student_group", f"{school}_group", **facts),
            Thing("round_student", f"{student}_round_student", **facts),
            Thing("listing_report", f"{student}_report", about=_set(student), place=place),
            Thing("listing_case", f"{school}_case", **facts),
            Thing("listing_change", f"{school}_change", **facts),
        ]
    return found


_ALL = _set(EVERYBODY)


def _sessions() -> list[Thing]:
    found = []
    for student, school, employer, place, shown in (
        ("leo", "north", "clinic", OWN, _ALL),
        ("ines", "south", "library", OTHER_SCHOOL, _set("south")),
        ("ria", "river", "river_clinic", OTHER_TENANT, _ALL),
    ):
        facts: dict[str, Any] = {"place": place, "schools": _set(school)}
        mine = {**facts, "about": _set(student), "student": student}
        found += [
            Thing("opportunity_session", f"{school}_session", employer=employer, shown_to=shown, **mine),
            Thing("session_enrollment", f"{student}_seat", employer=employer, **mine),
            Thing("weekly_pattern", f"{school}_pattern", **facts),
            Thing("video_consent", f"{student}_consent", **mine),
        ]
    north: dict[str, Any] = {"schools": _set("north")}
    return [
        *found,
        # Of the same listing, and nobody has a seat in it; of a draft; of an advisor's own listing; of no school.
        Thing("opportunity_session", "open_session", employer="clinic", shown_to=_ALL, **north),
        Thing("opportunity_session", "draft_session", employer="clinic", **north),
        Thing("opportunity_session", "ada_session", employer="garage", about=_set("ada"), **north),
        Thing("opportunity_session", "pooled_session", employer="garage", pooled=True),
        Thing("weekly_pattern", "ada_pattern", about=_set("ada"), **north),
        Thing("weekly_pattern", "pooled_pattern", pooled=True),
    ]


THINGS: tuple[Thing, ...] = (
    *_people(),
    *_lives(),
    *_maps(),
    *(Thing("notification", f"{name}_note", about=_set(name)) for name in ("rosa", "sam", "ada", "clara")),
    *(Thing("notification", f"{name}_note", about=_set(name)) for name in ("ellis", "olga")),
    Thing("event", "leo_map_event", about=_set("leo"), student="leo", schools=_set("north"), private=True),
    Thing("event", "rosa_event", about=_set("rosa"), schools=_set("north")),
    # Who is asked on the way of an introduction, and nobody else, hears of the ask.
    Thing("introduction_hop", "rosa_hop", about=_set("rosa")),
    Thing("introduction_hop", "ada_hop", about=_set("ada")),
    Thing("introduction_hop", "petra_hop", OTHER_SCHOOL, about=_set("petra")),
    Thing("introduction_hop", "gus_hop", OTHER_TENANT, about=_set("gus")),
    Thing("event", "tenant_event"),
    Thing("school", "north"),
    Thing("school", "south", OTHER_SCHOOL),
    Thing("school", "river", OTHER_TENANT),
    Thing("term", "lakeside_term"),
    Thing("term", "riverton_term", OTHER_TENANT),
    Thing("machine_client", "lakeside_sis"),
    Thing("machine_client", "riverton_sis", OTHER_TENANT),
    Thing("import", "lakeside_import"),
    Thing("import", "clara_import", about=_set("clara"), addresses=True),
    Thing("import", "dario_import", OTHER_SCHOOL, about=_set("dario"), addresses=True),
    Thing("import", "riverton_import", OTHER_TENANT),
    Thing("dead_letter", "lakeside_stuck"),
    Thing("dead_letter", "riverton_stuck", OTHER_TENANT),
    # Employers belong to no school; who finds something of theirs in the catalogue sees them.
    Thing("employer", "clinic", employer="clinic", shown_to=_ALL),
    Thing("employer", "garage", employer="garage"),
    Thing("employer", "clinic_two", OTHER_SCHOOL, employer="clinic_two", shown_to=_ALL),
    Thing("employer", "library", OTHER_SCHOOL, employer="library", shown_to=_set("south")),
    Thing("employer", "river_clinic", OTHER_TENANT, employer="river_clinic", shown_to=_ALL),
    Thing("employer", "river_garage", OTHER_TENANT, employer="river_garage"),
    Thing("host_ask", "garage_ask", employer="garage"),
    Thing("host_ask", "library_ask", OTHER_SCHOOL, employer="library"),
    Thing("host_ask", "river_garage_ask", OTHER_TENANT, employer="river_garage"),
    Thing("worksite", "clinic_site", employer="clinic", shown_to=_ALL),
    Thing("worksite", "garage_site", employer="garage"),
    Thing("worksite", "library_site", OTHER_SCHOOL, employer="library", shown_to=_set("south")),
    Thing("worksite", "river_clinic_site", OTHER_TENANT, employer="river_clinic", shown_to=_ALL),
    Thing("contact", "cousin", schools=_set("north")),
    Thing("contact", "aunt", OTHER_SCHOOL, schools=_set("south", "north")),
    Thing("contact", "uncle", OTHER_SCHOOL, schools=_set("south")),
    # Suggested at North, but chose to be seen by South alone, where nobody knows her.
    Thing("contact", "godmother"),
    Thing("contact", "river_cousin", OTHER_TENANT, schools=_set("river")),
    # Employers are every coordinator's; of two contacts both must be known to the school.
    Thing("duplicate", "employer_pair", schools=_set("north", "south")),
    Thing("duplicate", "contact_pair", schools=_set("north")),
    Thing("duplicate", "south_contact_pair", OTHER_SCHOOL, schools=_set("south")),
    Thing("duplicate", "river_employer_pair", OTHER_TENANT, schools=_set("river")),
    Thing("merge", "employer_merge", schools=_set("north", "south")),
    Thing("merge", "contact_merge", OTHER_SCHOOL, schools=_set("south")),
    Thing("merge", "river_employer_merge", OTHER_TENANT, schools=_set("river")),
    Thing("duplicate_scan", "lakeside_scan"),
    Thing("duplicate_scan", "riverton_scan", OTHER_TENANT),
    Thing("connection", "cousin_connection", schools=_set("north"), contributor="rosa"),
    Thing("connection", "aunt_connection", schools=_set("north"), contributor="ada"),
    Thing("connection", "leo_connection", schools=_set("north"), contributor="leo"),
    Thing("connection", "uncle_connection", OTHER_SCHOOL, schools=_set("south"), contributor="petra"),
    Thing("connection", "river_cousin_connection", OTHER_TENANT, schools=_set("river"), contributor="gus"),
    *_rounds(),
    *_sessions(),
    Thing("outreach_campaign", "north_campaign", schools=_set("north")),
    Thing("outreach_campaign", "south_campaign", OTHER_SCHOOL, schools=_set("south")),
    Thing("outreach_campaign", "river_campaign", OTHER_TENANT, schools=_set("river")),
    # On the board of whoever looks after them.
    Thing("freshness", "internship", schools=_set("north")),
    Thing("freshness", "school_only", schools=_set("north")),
    Thing("freshness", "south_only", OTHER_SCHOOL, schools=_set("south")),
    Thing("freshness", "south_tour", OTHER_SCHOOL, schools=_set("south")),
    Thing("freshness", "river_internship", OTHER_TENANT, schools=_set("river")),
    Thing("freshness", "river_school_only", OTHER_TENANT, schools=_set("river")),
    Thing("opportunity", "internship", schools=_set("north"), employer="clinic", shown_to=_ALL),
    Thing("opportunity", "draft", schools=_set("north"), employer="clinic"),
    Thing("opportunity", "school_only", schools=_set("north"), employer="clinic", shown_to=_set("north")),
    Thing("opportunity", "ada_draft", about=_set("ada"), schools=_set("north"), employer="garage"),
    Thing("opportunity", "pooled_draft", employer="garage", pooled=True),
    Thing(
        "opportunity",
        "south_only",
        OTHER_SCHOOL,
        schools=_set("south"),
        employer="library",
        shown_to=_set("south"),
    ),
    Thing(
        "opportunity", "south_tour", OTHER_SCHOOL, schools=_set("south"), employer="clinic_two", shown_to=_ALL
    ),
    Thing(
        "opportunity",
        "south_draft",
        OTHER_SCHOOL,
        about=_set("ben"),
        schools=_set("south"),
        employer="library",
    ),
    Thing(
        "opportunity",
        "river_internship",
        OTHER_TENANT,
        schools=_set("river"),
        employer="river_clinic",
        shown_to=_ALL,
    ),
    Thing("opportunity", "river_draft", OTHER_TENANT, schools=_set("river"), employer="river_clinic"),
    Thing(
        "opportunity",
        "river_school_only",
        OTHER_TENANT,
        schools=_set("river"),
        employer="river_clinic",
        shown_to=_set("river"),
    ),
)

# People and roles like others that are asked for one by one; the lists hold them all.
_ALIKE = ("noah", "omar", "nina", "ben", "dario", "nico", "gus", "art", "dora", "otto")
IN_LISTS_ONLY = frozenset({*_ALIKE, *(f"{name}_role" for name in _ALIKE)})

# Whole lists: operation id -> noun.
LISTS = {
    "list_advisor_links": "advisor_link",
    "list_connections": "connection",
    "list_contacts": "contact",
    "list_dead_letters": "dead_letter",
    "list_duplicates": "duplicate",
    "list_employers": "employer",
    "list_events": "event",
    "list_favorites": "favorite",
    "list_goals": "goal",
    "list_guardian_links": "guardian_link",
    "list_host_asks": "host_ask",
    "list_households": "household",
    "list_imports": "import",
    "list_introduction_hops": "introduction_hop",
    "list_introductions": "introduction",
    "list_listing_cases": "listing_case",
    "list_listing_changes": "listing_change",
    "list_listing_freshness": "freshness",
    "list_listing_reports": "listing_report",
    "list_machine_clients": "machine_client",
    "list_map_shares": "map_share",
    "list_memberships": "membership",
    "list_merges": "merge",
    "list_notifications": "notification",
    "list_opportunities": "opportunity",
    "list_opportunity_sessions": "opportunity_session",
    "list_outreach_campaigns": "outreach_campaign",
    "list_people": "person",
    "list_phase_feedback": "phase_feedback",
    "list_placements": "placement",
    "list_project_teams": "project_team",
    "list_pursuits": "pursuit",
    "list_relationship_rounds": "relationship_round",
    "list_round_students": "round_student",
    "list_saved_searches": "saved_search",
    "list_schools": "school",
    "list_student_groups": "student_group",
    "list_session_enrollments": "session_enrollment",
    "list_terms": "term",
    "list_ties": "tie",
    "list_video_consents": "video_consent",
    "list_weekly_patterns": "weekly_pattern",
    "list_waiting_entries": "waiting_entry",
}


@dataclass(frozen=True)
class About:
    """An operation on one thing: the noun of its path, its body, and the status where it is not refused."""

    noun: str
    allowed: int
    body: dict[str, Any] | None = None
    query: str = ""
    leaves_traces: bool = False


def _read(noun: str, allowed: int = 200, query: str = "") -> About:
    return About(noun, allowed, query=query)


def _act(noun: str, **body: Any) -> About:
    # A version that nobody has: whoever is not refused hears 412, and nothing changes.
    return About(noun, 412, body or None)


_WHY = {"reason": "because it is better so"}

ABOUT_ONE: dict[str, About] = {
    "get_waiting_entry": _read("waiting_entry"),
    "accept_offered_seat": _act("waiting_entry"),
    "decline_offered_seat": _act("waiting_entry"),
    "leave_line": _act("waiting_entry"),
    "get_student_group": _read("student_group"),
    "update_student_group": _act("student_group", name="Late birds"),
    "end_student_group": _act("student_group"),
    "get_reserves": _read("opportunity"),
    "get_session_reserves": _read("opportunity_session"),
    "put_session_reserves": _act("opportunity_session", reserves=[]),
    "put_reserves": _act("opportunity", reserves=[]),
    "get_advisor_link": _read("advisor_link"),
    "end_advisor_link": _act("advisor_link", **_WHY),
    "get_connection": _read("connection"),
    "update_connection": _act("connection", credit_wanted=False),
    "screen_connection": _act("connection"),
    "reject_connection": _act("connection", **_WHY),
    "withdraw_connection": _act("connection"),
    "get_contact": _read("contact"),
    "note_graduation_of_contact": About(
        "contact", 200, {"alumnus_of": None, "graduated_in": None}, leaves_traces=True
    ),
    "replay_dead_letter": About("dead_letter", 200, leaves_traces=True),
    "skip_dead_letter": About("dead_letter", 200, _WHY, leaves_traces=True),
    "get_duplicate": _read("duplicate"),
    "merge_duplicate": _act("duplicate", keep="left"),
    "mark_duplicate_different": _act("duplicate", **_WHY),
    "get_duplicate_scan": _read("duplicate_scan"),
    "get_merge": _read("merge"),
    "undo_merge": _act("merge"),
    "get_employer": _read("employer"),
    "update_employer": _act("employer", name="Another name"),
    "vet_employer": _act("employer", **_WHY),
    "suspend_employer": _act("employer", **_WHY),
    "archive_employer": _act("employer", **_WHY),
    "list_employer_images": _read("employer"),
    "add_employer_image": _read("employer", 415, "?alt=A+dog"),
    "remove_employer_image": _act("employer", image_id="00000000-0000-7000-8000-000000000001"),
    "get_employer_budget": _read("employer"),
    "get_employer_reliability": _read("employer"),
    "get_listing_case": _read("listing_case"),
    "uphold_listing_case": _act("listing_case", **_WHY),
    "dismiss_listing_case": _act("listing_case", **_WHY),
    "get_listing_change": _read("listing_change"),
    "accept_listing_change": _act("listing_change"),
    "decline_listing_change": _act("listing_change", **_WHY),
    "get_listing_report": _read("listing_report"),
    "ask_employer": About("employer", 201, {}, leaves_traces=True),
    "assign_employer": _act("employer", person_id=None),
    "list_worksites": _read("employer"),
    "create_worksite": About("employer", 201, {"name": "Yard"}, leaves_traces=True),
    "get_worksite": _read("worksite"),
    "update_worksite": _act("worksite", access_step_free="yes"),
    "get_favorite": _read("favorite"),
    "delete_favorite": About("favorite", 204, leaves_traces=True),
    "get_goal": _read("goal"),
    "update_goal": _act("goal", title="Another goal"),
    "delete_goal": About("goal", 204, leaves_traces=True),
    "reach_goal": _act("goal"),
    "drop_goal": _act("goal"),
    "reopen_goal": _act("goal"),
    "list_goal_helpers": _read("goal"),
    "get_saved_search": _read("saved_search"),
    "list_saved_search_hits": _read("saved_search"),
    "update_saved_search": _act("saved_search", name="Another name"),
    "delete_saved_search": About("saved_search", 204, leaves_traces=True),
    "pause_saved_search": _act("saved_search"),
    "resume_saved_search": _act("saved_search"),
    "get_guardian_link": _read("guardian_link"),
    "update_guardian_link": _act("guardian_link", may_sign=False),
    "end_guardian_link": _act("guardian_link", **_WHY),
    "get_host_ask": _read("host_ask"),
    "note_answer_of_host": _act("host_ask", answer="yes"),
    "get_household": _read("household"),
    "split_household": _act("household", person_ids=["00000000-0000-7000-8000-000000000001"], **_WHY),
    "rejoin_household": _act("household", **_WHY),
    "get_import": _read("import"),
    "list_import_rows": _read("import"),
    # The file itself is erased: whoever may ask for its rows hears that they are gone.
    "get_rejected_rows": _read("import", 410, "?file=opportunities.csv"),
    "apply_import": _act("import", accept_ended=None),
    "get_map_entry": _read("map_entry"),
    "update_map_entry": _act("map_entry", label="Another name"),
    "delete_map_entry": About("map_entry", 204, leaves_traces=True),
    "offer_map_entry": _act("map_entry", employer={"name": "Corner Bakery"}),
    "get_map_share": _read("map_share"),
    "revoke_map_share": _act("map_share"),
    "get_introduction": _read("introduction"),
    "approve_introduction": _act("introduction", wording="Would like to hear of a day at work."),
    "decline_introduction": _act("introduction", **_WHY),
    "withdraw_introduction": _act("introduction"),
    "close_introduction": _act("introduction", **_WHY),
    "record_meeting_of_introduction": _act("introduction"),
    "get_introduction_hop": _read("introduction_hop"),
    "agree_to_introduction_hop": _act("introduction_hop"),
    "decline_introduction_hop": _act("introduction_hop"),
    "get_membership": _read("membership"),
    "end_membership": _act("membership", **_WHY),
    "mark_notification_read": _act("notification"),
    "get_machine_client": _read("machine_client"),
    "rotate_machine_client": _act("machine_client"),
    "revoke_machine_client": _act("machine_client"),
    "get_shared_network_map": _read("network_map"),
    "get_shared_network_map_picture": _read("network_map"),
    "get_shared_network_map_table": _read("network_map"),
    "get_opportunity": _read("opportunity"),
    "update_opportunity": _act("opportunity", title="Another title"),
    "submit_opportunity": _act("opportunity"),
    "request_changes_to_opportunity": _act("opportunity", **_WHY),
    "reject_opportunity": _act("opportunity", **_WHY),
    "publish_opportunity": _act("opportunity"),
    "pause_opportunity": _act("opportunity"),
    "resume_opportunity": _act("opportunity"),
    "hide_opportunity": _act("opportunity", **_WHY),
    "restore_opportunity": _act("opportunity"),
    "confirm_opportunity": _act("opportunity"),
    "archive_opportunity": _act("opportunity"),
    "clone_opportunity": About("opportunity", 201, {}, leaves_traces=True),
    "list_opportunity_images": _read("opportunity"),
    # Nothing is sent: whoever may add one hears which files are taken.
    "add_opportunity_image": _read("opportunity", 415, "?alt=A+dog"),
    "remove_opportunity_image": _act("opportunity", image_id="00000000-0000-7000-8000-000000000001"),
    "get_opportunity_session": _read("opportunity_session"),
    "update_opportunity_session": _act("opportunity_session", seats=9),
    "cancel_opportunity_session": _act("opportunity_session", **_WHY),
    "record_attendance_of_session": _act("opportunity_session", attended=[], no_show=[]),
    "get_speed_rounds": _read("opportunity_session"),
    "draw_speed_rounds": _act(
        "opportunity_session",
        professionals=[{"contact_id": "00000000-0000-7000-8000-000000000001"}],
        rounds=1,
        minutes=5,
    ),
    "get_outreach_campaign": _read("outreach_campaign"),
    "update_outreach_campaign": _act("outreach_campaign", title="Another title"),
    "open_outreach_campaign": _act("outreach_campaign"),
    "close_outreach_campaign": _act("outreach_campaign"),
    "print_codes_of_outreach_campaign": _act("outreach_campaign"),
    "cancel_outreach_campaign": _act("outreach_campaign", **_WHY),
    "get_person": _read("person"),
    "update_person": _act("person", grades=["12"]),
    "list_project_phases": _read("opportunity"),
    "set_project_phases": _act(
        "opportunity",
        phases=[
            {"title": "Plan", "deliverable": "A plan", "starts_on": "2031-01-01", "ends_on": "2031-02-01"}
        ],
    ),
    "get_project_team": _read("project_team"),
    "update_project_team": _act("project_team", student_ids=["00000000-0000-7000-8000-000000000001"]),
    "get_phase_feedback": _read("phase_feedback"),
    "share_phase_feedback": _act("phase_feedback"),
    "withhold_phase_feedback": _act("phase_feedback", **_WHY),
    "get_placement": _read("placement"),
    "get_placement_provenance": _read("placement"),
    "clear_placement": _act("placement"),
    "activate_placement": _act("placement"),
    "request_end_of_placement": _act("placement", **_WHY),
    "complete_placement": _act("placement"),
    "end_placement_early": _act("placement", **_WHY),
    "record_no_show_of_placement": _act("placement", **_WHY),
    "get_pursuit": _read("pursuit"),
    "approve_pursuit": _act("pursuit", confirmed_checks=[]),
    "decline_pursuit": _act("pursuit", **_WHY),
    "extend_pursuit": _act("pursuit", expires_on="2031-01-01"),
    "land_pursuit": _act("pursuit"),
    "request_start_of_pursuit": _act(
        "pursuit", goals="Learn", schedule="Mondays", starts_on="2031-01-01", ends_on="2031-02-01"
    ),
    "return_start_of_pursuit": _act("pursuit", **_WHY),
    "approve_start_of_pursuit": _act("pursuit", **_WHY),
    "withdraw_pursuit": _act("pursuit", **_WHY),
    "not_select_pursuit": _act("pursuit", **_WHY),
    "release_pursuit": _act("pursuit", **_WHY),
    "get_relationship_round": _read("relationship_round"),
    "open_relationship_round": _act("relationship_round"),
    "close_relationship_round": _act("relationship_round"),
    "set_round_marks": _act("relationship_round", student_ids=[]),
    "list_round_nominations": _read("relationship_round"),
    "set_round_nominations": _act("relationship_round", adult_ids=[]),
    # The round is open: whoever may ask for its results hears that it must be closed first.
    "get_round_results": _read("relationship_round", 409),
    "volunteer_for_student": _act("round_student"),
    "step_back_from_student": _act("round_student"),
    "record_follow_up_of_student": _act("round_student"),
    "get_session_enrollment": _read("session_enrollment"),
    "withdraw_session_enrollment": _act("session_enrollment", **_WHY),
    "get_video_consent": _read("video_consent"),
    "withdraw_video_consent": _act("video_consent", **_WHY),
    "get_weekly_pattern": _read("weekly_pattern"),
    "update_weekly_pattern": _act("weekly_pattern", seats=9),
    "end_weekly_pattern": _act("weekly_pattern", **_WHY),
    "get_student_profile": _read("student_profile"),
    "update_student_profile": _act("student_profile", tags=["horses"]),
    "erase_student_profile": About("student_profile", 204, leaves_traces=True),
    "get_tie": _read("tie"),
    "get_school": _read("school"),
}
