"""The rest of the matrix: what is made somewhere, what is about oneself, and what needs no sign-in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.domain.policy import Role
from tests.matrix import OTHER_SCHOOL, OTHER_TENANT, OWN
from tests.world import World

# What somebody who may make a thing hears; 409 where an earlier cell of the row made it already.
MADE = frozenset({200, 201, 202, 409})
# Makes it; refused with a status; or answered with what became of the one person asked for.
Answer = int | str
_YES = 201

_SCHOOL = {OWN: "north", OTHER_SCHOOL: "south", OTHER_TENANT: "river"}


@dataclass(frozen=True)
class Making:
    """A creation: its request at each place, and the answers by role, one a place; roles left out hear 403."""

    options: Callable[[World, str], dict[str, Any]]
    answers: dict[Role, tuple[Answer, ...]]


def _json(**named: Any) -> Callable[[World, str], dict[str, Any]]:
    """Build the body at a place: a dict of places is looked up, and names of the town become ids."""

    def options(world: World, place: str) -> dict[str, Any]:
        body = {}
        for field, value in named.items():
            here = value[place] if isinstance(value, dict) else value
            body[field] = str(world.ids[here]) if field.endswith("_id") else here
        return {"json": body}

    return options


def _at(own: str, south: str, river: str) -> dict[str, str]:
    return {OWN: own, OTHER_SCHOOL: south, OTHER_TENANT: river}


def _invitation(world: World, place: str) -> dict[str, Any]:
    invited = _at("noah", "nina", "nico")[place]
    return {"json": {"person_ids": [str(world[invited])], "way": "code"}}


def _contributors(world: World, place: str) -> dict[str, Any]:
    return {"json": {"person_ids": [str(world[_at("rosa", "petra", "gus")[place]])]}}


def _bulk_edit(world: World, place: str) -> dict[str, Any]:
    thing = _at("draft", "south_tour", "river_draft")[place]
    return {"json": {"ids": [str(world[thing])], "changes": {"add_tags": ["new"]}}}


def _unseen_edit(world: World, _place: str) -> dict[str, Any]:
    versions = {str(world["draft"]): 1}
    return {"json": {"changes": {"add_tags": ["new"]}, "versions": versions, "hash": "never seen"}}


def _listings(world: World, place: str) -> dict[str, Any]:
    return {
        "content": b"Program,Category\nChess,Games\n",
        "params": {"school_id": str(world[_SCHOOL[place]])},
        "headers": {"Content-Type": "text/csv"},
    }


def _addresses(world: World, place: str) -> dict[str, Any]:
    return {**_listings(world, place), "content": b"employer,basis\nCorner Bakery,public_listing\n"}


def _roster(_world: World, _place: str) -> dict[str, Any]:
    return {"content": b"PK", "headers": {"Content-Type": "application/zip"}}


def _of_school(world: World, place: str) -> dict[str, Any]:
    return {"params": {"school_id": str(world[_SCHOOL[place]])}}


def _connection(world: World, place: str) -> dict[str, Any]:
    return {
        "json": {
            "employer": {"name": "Corner Bakery"},
            "domain": "friends",
            "closeness": 2,
            "frequency": 2,
            "school_id": str(world[_SCHOOL[place]]),
        }
    }


_JUDGED = {"strong": "Clear.", "next_step": "Costs.", "quality": 3, "thinking": 3, "presentation": 3}


def _team(world: World, place: str) -> dict[str, Any]:
    project = _at("school_only", "south_tour", "river_school_only")[place]
    return {
        "json": {
            "opportunity_id": str(world[project]),
            "school_id": str(world[_SCHOOL[place]]),
            "student_ids": [str(world[_at("leo", "ines", "ria")[place]])],
        }
    }


def _feedback(**said: Any) -> Callable[[World, str], dict[str, Any]]:
    def options(world: World, place: str) -> dict[str, Any]:
        student = _at("leo", "ines", "ria")[place]
        body = {"phase_id": str(world[f"{student}_phase"]), "project_team_id": str(world[f"{student}_team"])}
        return {"json": {**body, **said}}

    return options


_ST, _GU, _AD, _CO = Role.STUDENT, Role.GUARDIAN, Role.ADVISOR, Role.COORDINATOR
_DA, _IN = Role.DISTRICT_ADMIN, Role.INTEGRATION

_MINE: tuple[Answer, ...] = (_YES, 403, 403)
_OF_MY_SCHOOL: dict[Role, tuple[Answer, ...]] = {
    _ST: _MINE,
    _GU: _MINE,
    _AD: _MINE,
    _CO: _MINE,
    _DA: (_YES, _YES, 404),
}

# Done only with the hash of a preview by the same caller; tests/features/bulk_edits does it.
PREVIEWED = {"apply_bulk_edit"}

MAKINGS: dict[str, Making] = {
    "create_opportunity": Making(
        _json(
            title="Tour",
            type="worksite_tour",
            seats=1,
            employer_id=_at("clinic", "library", "river_clinic"),
            school_id=_SCHOOL,
        ),
        {_AD: (_YES, 403, 403), _CO: (_YES, 403, 403), _DA: (_YES, _YES, 422)},
    ),
    "create_opportunity_session": Making(
        _json(
            starts_at="2027-06-01T14:00:00Z",
            ends_at="2027-06-01T16:00:00Z",
            seats=2,
            opportunity_id=_at("ada_draft", "south_only", "river_internship"),
        ),
        {_AD: (_YES, 404, 404), _CO: (_YES, 404, 404), _DA: (_YES, _YES, 404)},
    ),
    "create_weekly_pattern": Making(
        _json(
            rule="FREQ=WEEKLY;BYDAY=TU",
            starts_time="14:00",
            minutes=60,
            starts_on="2027-06-01",
            until="2027-07-01",
            seats=2,
            opportunity_id=_at("ada_draft", "south_only", "river_internship"),
        ),
        {_AD: (_YES, 404, 404), _CO: (_YES, 404, 404), _DA: (_YES, _YES, 404)},
    ),
    "create_session_enrollment": Making(
        _json(
            session_id=_at("open_session", "south_session", "river_session"),
            student_id=_at("leo", "ines", "ria"),
        ),
        {_ST: (_YES, 404, 404), _AD: (_YES, 404, 404), _CO: (_YES, 404, 404), _DA: (_YES, _YES, 404)},
    ),
    "create_video_consent": Making(
        _json(student_id=_at("noah", "nina", "nico"), reason="Signed form in the office."),
        # A student of age consents alone, and a guardian for a child: these are neither.
        {_ST: (422,) * 3, _GU: (422,) * 3, _CO: (_YES, 422, 422), _DA: (_YES, _YES, 422)},
    ),
    "create_pursuit": Making(
        _json(opportunity_id=_at("south_tour", "south_only", "river_internship")), {_ST: (_YES, 404, 404)}
    ),
    "create_introduction": Making(
        _json(field="veterinarian", goal="I want to hear of a day at work.", school_id=_SCHOOL),
        {_ST: (_YES, 403, 403)},
    ),
    "create_favorite": Making(
        _json(opportunity_id=_at("south_tour", "south_only", "river_internship")), {_ST: (_YES, 404, 404)}
    ),
    "create_saved_search": Making(
        lambda *_: {"json": {"name": "Animals", "filters": {"cluster": "healthcare_human_services"}}},
        {_ST: (_YES,), _GU: (_YES,), _AD: (_YES,), _CO: (_YES,), _DA: (_YES,)},
    ),
    "create_goal": Making(_json(title="See a surgery"), {_ST: (_YES,)}),
    "create_map_entry": Making(
        _json(label="Aunt Bea", domain="family", closeness=3, frequency=4), {_ST: (_YES,)}
    ),
    "create_map_share": Making(_json(adult_id=_at("ada", "ben", "art")), {_ST: (_YES, 422, 422)}),
    "create_advisor_link": Making(
        _json(advisor_id=_at("ada", "ben", "art"), student_id=_at("noah", "nina", "nico"), school_id=_SCHOOL),
        {_CO: (_YES, 403, 403), _DA: (_YES, _YES, 404)},
    ),
    "create_guardian_link": Making(
        _json(guardian_id=_at("rosa", "petra", "gus"), student_id=_at("noah", "nina", "nico")),
        {_CO: (_YES, 404, 404), _DA: (_YES, _YES, 404)},
    ),
    "create_membership": Making(
        _json(person_id=_at("omar", "petra", "gus"), role="advisor", school_id=_SCHOOL),
        {_CO: (_YES, 403, 422), _DA: (_YES, _YES, 422)},
    ),
    "create_person": Making(
        _json(given_name="Nora", family_name="Newman", role="student", school_id=_SCHOOL),
        {_CO: (_YES, 403, 422), _DA: (_YES, _YES, 422)},
    ),
    "create_connection": Making(
        _connection,
        {
            _ST: (_YES, 403, 403),
            _GU: (_YES, 403, 403),
            _AD: (_YES, 403, 403),
            _CO: (_YES, 403, 403),
            _DA: (_YES, _YES, 404),
        },
    ),
    "create_invitations": Making(
        _invitation,
        {_CO: ("invited", "not_found", "not_found"), _DA: ("invited", "invited", "not_found")},
    ),
    "create_contribution_invitations": Making(
        _contributors,
        # The district's administrator asks after the coordinator did: once a month is enough for a family.
        {_CO: ("invited", "not_found", "not_found"), _DA: ("asked_this_month", "invited", "not_found")},
    ),
    "create_outreach_campaign": Making(
        _json(
            title="Who do we know?",
            message="Tell us.",
            opens_on="2031-01-01",
            closes_on="2031-02-01",
            school_id=_SCHOOL,
        ),
        {_CO: (_YES, 403, 403), _DA: (_YES, _YES, 422)},
    ),
    "create_listing_report": Making(
        _json(opportunity_id=_at("internship", "south_only", "river_internship"), reason="misleading"),
        {
            _ST: (_YES, 404, 404),
            _GU: (_YES, 404, 404),
            Role.SUPERVISOR: (_YES, 404, 404),
            _AD: (_YES, 404, 404),
            _CO: (_YES, 404, 404),
            _DA: (_YES, _YES, 404),
        },
    ),
    "scan_for_duplicates": Making(lambda *_: {}, {_CO: (_YES,), _DA: (_YES,)}),
    "create_employer": Making(_json(name="Corner Bakery"), {_CO: (_YES,), _DA: (_YES,)}),
    "create_machine_client": Making(_json(name="SIS", scopes=["roster.read"]), {_DA: (_YES,)}),
    "create_relationship_round": Making(
        _json(title="Fall", scope="school", school_id=_SCHOOL),
        {_CO: (_YES, 403, 403), _DA: (_YES, _YES, 404)},
    ),
    "create_opportunity_type": Making(
        lambda *_: {
            "json": {
                "code": "hackathon",
                "names": {"en": "Hackathon", "es": "Maratón de programación"},
                "stage": "through_work",
                "workflow": "enrollment",
                "requires_agreement": False,
            }
        },
        {_DA: (_YES,)},
    ),
    "create_waiting_entry": Making(
        _json(opportunity_id=_at("internship", "south_only", "river_internship")), {_ST: (_YES, 404, 404)}
    ),
    "create_student_group": Making(
        _json(name="Early birds", school_id=_SCHOOL), {_CO: (_YES, 403, 403), _DA: (_YES, _YES, 422)}
    ),
    "create_project_team": Making(_team, {_CO: (_YES, 403, 403), _DA: (_YES, _YES, 404)}),
    "create_phase_feedback": Making(
        _feedback(**_JUDGED), {_AD: (_YES, 404, 404), _CO: (_YES, 404, 404), _DA: (_YES, _YES, 404)}
    ),
    "ask_for_phase_feedback": Making(
        _feedback(shown="A plan of four beds."), {_CO: (_YES, 404, 404), _DA: (_YES, _YES, 404)}
    ),
    "create_school": Making(_json(name="West School", parent_id=_SCHOOL), {_DA: (_YES, _YES, 422)}),
    "import_connections": Making(_addresses, {_CO: (_YES, 403, 403), _DA: (_YES, _YES, 422)}),
    "import_opportunities": Making(
        _listings, {_CO: (_YES, 403, 403), _DA: (_YES, _YES, 422), _IN: (_YES, _YES, 422)}
    ),
    # Nothing is made here either: everybody gets the listings that they keep.
    "preview_bulk_edit": Making(_bulk_edit, {_CO: (_YES, _YES, _YES), _DA: (_YES, _YES, _YES)}),
    # Whoever may edit at all hears that an edit is previewed first.
    "apply_bulk_edit": Making(_unseen_edit, {_CO: (422,), _DA: (422,)}),
    "export_opportunities": Making(lambda *_: {}, {_CO: (_YES,), _DA: (_YES,)}),
    # Nothing is made here: the maps of a school are read, by its id.
    "get_gap_map": Making(_of_school, _OF_MY_SCHOOL),
    "get_reach": Making(_of_school, _OF_MY_SCHOOL),
    # What the caller may not read is left out.
    "get_covers": Making(
        lambda world, place: {
            "params": {
                "opportunity_id": str(world[_at("internship", "south_only", "river_internship")[place]])
            }
        },
        dict.fromkeys((_ST, _GU, Role.SUPERVISOR, _AD, _CO, _DA, _IN), (_YES, _YES, _YES)),
    ),
    "import_roster": Making(_roster, {_DA: (_YES,), _IN: (_YES,)}),
}

_SECRET = "x" * 43


@dataclass(frozen=True)
class Mine:
    """An operation about the caller: its body, and the status for whoever may ask at all."""

    allowed: int
    body: dict[str, Any] | None = None
    code: str | None = None
    refused: frozenset[Role] = frozenset()


_NO_PERSON = frozenset({_IN})
_NO_STUDENT = frozenset(Role) - {_ST}
_NO_ADMIN = frozenset(Role) - {_DA}
_NOBODY_OF_THE_COMMUNITY = frozenset({Role.OPERATOR})
_OFF_CAMPUS = frozenset({Role.SUPERVISOR, _IN, Role.OPERATOR})
_ALL_BUT_GUARDIANS = frozenset(Role) - {_GU}
_PASSWORDS = {"old_password": "not my password", "new_password": "four words in a row"}

ABOUT_ME: dict[str, Mine] = {
    "erase_network_map": Mine(204, refused=_NO_STUDENT),
    "count_listing_freshness": Mine(200, refused=frozenset(Role) - {_AD, _CO, _DA}),
    "get_me": Mine(200),
    "get_questionnaire": Mine(200, refused=_OFF_CAMPUS),
    # Of statements that were never asked: whoever may answer hears that they have changed.
    "answer_questionnaire": Mine(409, {"number": 999, "answers": {}}, "other_questionnaire", _NO_STUDENT),
    "get_network_map": Mine(200, refused=_NO_STUDENT),
    "get_network_map_picture": Mine(200, refused=_NO_STUDENT),
    "get_network_map_table": Mine(200, refused=_NO_STUDENT),
    "list_map_adults": Mine(200, refused=_NO_STUDENT),
    "update_me": Mine(412, {"locale": "es"}, refused=_NO_PERSON),
    # What is within a window is counted; what stands alone is read by the policy.
    "get_opportunity_map": Mine(422, refused=_NOBODY_OF_THE_COMMUNITY),
    "list_suggestions": Mine(200, refused=_NOBODY_OF_THE_COMMUNITY),
    "list_sessions": Mine(200, refused=_NO_PERSON),
    # A kind of opportunity is asked for by its code, and none has this one: whoever may ask hears that.
    "get_opportunity_type": Mine(404, refused=_NOBODY_OF_THE_COMMUNITY),
    "list_opportunity_type_versions": Mine(404, refused=_NOBODY_OF_THE_COMMUNITY),
    "list_opportunity_types": Mine(200, refused=_NOBODY_OF_THE_COMMUNITY),
    "reinstate_opportunity_type": Mine(404, refused=_NO_ADMIN),
    "retire_opportunity_type": Mine(404, {"reason": "because"}, refused=_NO_ADMIN),
    "update_opportunity_type": Mine(404, {"minimum_age": 16}, refused=_NO_ADMIN),
    "get_settings": Mine(200, refused=frozenset(Role) - {_CO, _DA}),
    "update_settings": Mine(412, {"pursuit_days": 10}, refused=_NO_ADMIN),
    "log_out": Mine(200),
    "log_out_everywhere": Mine(200, refused=_NO_PERSON),
    "get_outreach_questions": Mine(200, refused=_ALL_BUT_GUARDIANS),
    "answer_outreach_questions": Mine(
        409,
        {"answers": [{"cluster": "education", "answer": "know"}]},
        "nothing_asked",
        _ALL_BUT_GUARDIANS,
    ),
    "change_password": Mine(403, _PASSWORDS, "wrong_password", _NO_PERSON),
    "mark_all_notifications_read": Mine(200, refused=_NO_PERSON),
}


@dataclass(frozen=True)
class Open:
    """An operation that needs no sign-in: the same for everybody."""

    status: int
    path: dict[str, str] | None = None
    body: dict[str, Any] | None = None


_LISTING = {"token": _SECRET, "opportunity_id": "00000000-0000-7000-8000-000000000001"}

OPEN: dict[str, Open] = {
    "accept_invitation": Open(404, {"token": _SECRET}, {"password": "four words in a row"}),
    "answer_introduction_ask": Open(404, {"token": _SECRET, "answer": "no"}),
    "answer_feedback_ask": Open(404, {"token": _SECRET}, _JUDGED),
    "get_feedback_ask": Open(404, {"token": _SECRET}),
    "answer_host_question": Open(404, {"token": _SECRET}, {"answer": "yes"}),
    "get_host_question": Open(404, {"token": _SECRET}),
    "answer_consent": Open(404, {"token": _SECRET, "answer": "accept"}),
    "answer_contribution_questions": Open(
        404, {"secret": _SECRET}, {"answers": [{"cluster": "education", "answer": "know"}]}
    ),
    "describe_token_server": Open(200),
    "act_on_host_listing": Open(404, {**_LISTING, "action": "pause"}),
    "answer_reconfirmation": Open(404, {"token": _SECRET}, {}),
    "get_host_listing": Open(404, _LISTING),
    "get_reconfirmation": Open(404, {"token": _SECRET}),
    "list_host_listings": Open(404, {"token": _SECRET}),
    "list_who_is_coming": Open(404, _LISTING),
    "open_host_listings": Open(
        410, {"listing_code_id": "00000000-0000-7000-8000-000000000001"}, {"code": "12345678"}
    ),
    "request_listing_code": Open(202, None, {"email": "{who}@nowhere.example"}),
    "update_host_listing": Open(404, _LISTING, {"seats": 2}),
    "get_consent": Open(404, {"token": _SECRET}),
    "get_image": Open(404, {"link": _SECRET}),
    "get_saved_search_mail": Open(404, {"token": _SECRET}),
    "stop_saved_search_mails": Open(404, {"token": _SECRET}, {"every": False}),
    "get_introduction_ask": Open(404, {"token": _SECRET}),
    "get_contact_choices": Open(404, {"token": _SECRET}),
    "get_contribution": Open(404, {"secret": _SECRET}),
    "list_codes": Open(200),
    "list_token_keys": Open(200),
    "livez": Open(200),
    "make_contact_choice": Open(404, {"token": _SECRET, "choice": "pause"}),
    "offer_contribution": Open(
        404,
        {"secret": _SECRET},
        {"employer": {"name": "Corner Bakery"}, "domain": "friends", "closeness": 2, "frequency": 2},
    ),
    "readyz": Open(200),
    "request_password_reset": Open(202, None, {"login": "{who}@nowhere.example"}),
    "reset_password": Open(404, None, {"token": _SECRET, "password": "four words in a row"}),
    "revoke_token": Open(400),
    "set_contact_choices": Open(404, {"token": _SECRET}, {"offers": ["talk"], "monthly_cap": 1}),
    "show_invitation": Open(404, {"token": _SECRET}),
    "take_token": Open(400),
}
