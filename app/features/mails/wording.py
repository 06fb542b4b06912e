"""What our mails say: the letters there are, the values each one needs, and phrases that values are made of.

The letters are the files in `templates/`, one per name and language. Adults are addressed as usted in
Spanish; letters that go to students only say tú. A letter gets the values of its row and no others: what is
not handed over cannot leak. A person's full name is in no letter.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.core.mail_templates import Rendered, Templates, language

TEMPLATES = Templates(Path(__file__).parent / "templates")

VALUES: Mapping[str, str] = {
    "answer_by": "date: the last day to answer; after it everything held is erased",
    "attempts": "int: how often delivery was tried",
    "begins_at": "datetime in the session's zone: when it begins",
    "choices_link": "str: the absolute web address where a contact takes a break or leaves",
    "code": "str: digits in two groups, by which an employer opens its listings",
    "changed_at": "datetime in the reader's zone: when the password changed",
    "contact_name": "str: first name and last initial of a contact who agreed to a meeting",
    "dates": "list[str]: dates and weekly patterns of sessions, a line each",
    "employer_name": "str",
    "event_id": "UUID of the event that could not be delivered",
    "event_type": "its noun.verb",
    "failed_at": "datetime: the last try",
    "field_name": "str: the name of a career cluster or an occupation",
    "held": "list[str]: what is held about the reader, as phrases; see HELD",
    "held_until": "date, or datetime in the school's zone: when the seat goes to the next student",
    "hours": "int: how long before its start a session is decided on",
    "invited_by": "str: who invites, as the reader knows them, such as 'the school office'",
    "link": "str: the absolute web address of the one thing to do",
    "listings": "list[str]: what a saved search has found, a line each: title, employer, city",
    "message": "str: the school's own words to its families",
    "more": "int: what there is besides those named",
    "opportunity_title": "str",
    "phase_title": "str: the name of a phase of an industry project",
    "questions": "list[str]: the three questions that a family is asked, with examples",
    "reason": "str: the reason as its author wrote it, for the reader's eyes",
    "rows_merged": "int: rows that were joined into another row",
    "rows_read": "int",
    "rows_reported": "int: rows that were not taken and are in the report",
    "rows_taken": "int",
    "school_contact": "str: one line that says whom to ask, such as 'Ms. Ortiz, Room 12, 555-0100'",
    "school_name": "str",
    "search_link": "str: the absolute web address of a saved search in the service",
    "search_name": "str: what its owner calls a saved search",
    "started_at": "datetime in the reader's zone: when the import was started",
    "starts_on": "date: the first day of the placement",
    "students": "int: how many students a connection has helped, three at the fewest",
    "student_name": "str: first name and last initial, such as 'Ana R.', never more",
    "suggested_by_role": "str: a phrase, never a name; see SUGGESTED_BY",
    "through": "str: a sentence saying why the reader is asked along the way of an introduction; it names nobody",
    "titles": "list[str]: the titles of listings",
    "tenant_name": "str: the community, such as the district",
    "until": "date, or datetime in the school's zone: when the approval ends",
    "valid_minutes": "int: how long the code works",
    "valid_until": "date, or datetime in the reader's zone: when the link stops working",
    "who": "str: who would like to meet somebody, by role only, such as 'a student at North School'",
    "wording": "str: the school's words for what a student would like to meet somebody for",
    "why": "str: a sentence saying why the reader was thought of",
}

_CONSENT = {"tenant_name", "school_name", "suggested_by_role", "held", "why", "link", "answer_by"}
_ASK = {"tenant_name", "school_name", "who", "field_name", "wording", "through", "answer_by", "link"}
_HOLDS = {"tenant_name", "school_name", "employer_name", "titles", "answer_by", "link"}
_CHANGED = {"opportunity_title", "school_name", "link"}
_CODE = {"tenant_name", "code", "valid_minutes", "link"}
_PURSUIT = {"opportunity_title", "school_contact", "link"}
_HOST = {"tenant_name", "school_name", "employer_name", "answer_by", "link"}
_PHASE = {"tenant_name", "school_name", "opportunity_title", "phase_title", "answer_by", "link"}
_PLACE = {"opportunity_title", "begins_at", "school_contact", "link"}
_SESSION = {"opportunity_title", "begins_at", "school_name", "link"}
_PLACEMENT = {"student_name", "opportunity_title", "school_contact", "link"}

LETTERS: Mapping[str, frozenset[str]] = {
    name: frozenset(values)
    for name, values in {
        # to anyone with an account, or about to have one
        "invitation": {"tenant_name", "school_name", "invited_by", "link", "valid_until"},
        "password_reset": {"link", "valid_until"},
        "password_changed": {"changed_at", "link"},
        # to a suggested contact
        "consent_invitation": _CONSENT,
        "consent_reminder": _CONSENT,
        "consent_confirmed": {"tenant_name", "school_name", "link"},
        "consent_changed": {"tenant_name", "school_name", "link"},
        "introduction_request": _ASK | {"choices_link"},
        "introduction_meeting": {"student_name", "school_name", "school_contact", "link"},
        # to whoever offers listings, at the employer or at the school
        "host_again": _HOST,
        "host_again_to_contact": _HOST | {"choices_link"},
        "phase_feedback": _PHASE,
        "phase_feedback_to_contact": _PHASE | {"choices_link"},
        "reconfirmation": _HOLDS,
        "reconfirmation_to_contact": _HOLDS | {"choices_link"},
        "listing_change_accepted": _CHANGED,
        "listing_change_accepted_to_contact": _CHANGED | {"choices_link"},
        "listing_change_declined": _CHANGED | {"reason"},
        "listing_change_declined_to_contact": _CHANGED | {"reason", "choices_link"},
        "listing_code": _CODE,
        "listing_code_to_contact": _CODE | {"choices_link"},
        # to the contributor on the way of an introduction, before and after
        "introduction_asked": _ASK,
        "introduction_through_you": {"student_name", "contact_name", "field_name", "school_contact", "link"},
        # to the coordinator, to the student, and to everyone around them alike
        "introduction_requested": {"student_name", "field_name", "link"},
        "introduction_declined": {"field_name", "reason", "school_contact", "link"},
        "introduction_closed": {"field_name", "school_contact", "link"},
        "introduction_arranged": {"student_name", "contact_name", "field_name", "school_contact", "link"},
        # to guardians and staff, who need no account for it
        "outreach_question": {"school_name", "message", "questions", "link", "valid_until"},
        "contribution_invitation": {"tenant_name", "school_name", "link", "valid_until"},
        # to the contributor
        "connection_active": {"school_name", "link"},
        "connection_helped": {"school_name", "link"},
        "connection_helped_many": {"school_name", "link", "students"},
        # to the opportunity's owner and the coordinator
        "opportunity_published": {"opportunity_title", "school_name", "link"},
        "opportunity_changes_requested": {"opportunity_title", "school_name", "reason", "link"},
        "opportunity_rejected": {"opportunity_title", "school_name", "reason", "link"},
        "opportunity_hidden": {"opportunity_title", "school_name", "reason", "link"},
        # to the coordinator, when somebody may be at risk
        "listing_case_urgent": {"link"},
        # to the coordinator
        "pursuit_requested": {"student_name", "opportunity_title", "link"},
        # to the student
        "pursuit_approved": _PURSUIT | {"until"},
        "pursuit_declined": _PURSUIT | {"reason"},
        "pursuit_expiring": _PURSUIT | {"until"},
        "pursuit_expired": _PURSUIT,
        "pursuit_seat_returned": _PURSUIT
        | {"held_until"},  # left by a release before the line had its own letters
        "seat_offered": _PURSUIT | {"held_until"},
        "seat_lapsed": _PURSUIT,
        "place_taken": _PLACE,
        "place_cancelled": _PLACE | {"reason"},
        "place_lapsed": _PLACE,
        "session_changed": _SESSION,
        "session_soon": _SESSION,
        # to the guardians of a student whose session does not take place
        "place_cancelled_for_family": _PLACE | {"student_name", "reason"},
        "place_lapsed_for_family": _PLACE | {"student_name"},
        # to the coordinators of sessions and weekly patterns whose host takes part no more
        "session_needs_host": {"school_name", "dates", "more", "hours", "link"},
        # to the supervisors where it would have been, and to the contact who hosts
        "session_cancelled": _SESSION | {"reason"},
        "session_lapsed": _SESSION,
        "session_called_off": _SESSION | {"tenant_name", "reason"},
        "session_moved": _SESSION | {"tenant_name"},
        # to the coordinator and the advisor
        "pursuit_landed": {"student_name", "opportunity_title", "link"},
        "pursuit_start_requested": {"student_name", "opportunity_title", "link"},
        # to student, guardian, coordinator and advisor alike
        "placement_made": _PLACEMENT | {"starts_on"},
        "placement_active": _PLACEMENT | {"starts_on"},
        "placement_completed": _PLACEMENT,
        "placement_ended_early": _PLACEMENT,
        # to whoever started the import
        "import_finished": {"started_at", "rows_read", "rows_taken", "rows_merged", "rows_reported", "link"},
        # to whoever saved a search; `link` stops these mails
        "saved_search_digest": {"search_name", "listings", "more", "search_link", "link"},
        # to the operator
        "dead_letter": {"event_id", "event_type", "attempts", "failed_at"},
    }.items()
}

# The letters to contacts, all of them: no other is sent to one. From each they can take a break or leave: by its own
# link, or, where that is for something else, by `choices_link`.
TO_CONTACTS: frozenset[str] = frozenset(
    {
        "consent_changed",
        "consent_confirmed",
        "consent_invitation",
        "consent_reminder",
        "introduction_meeting",
        "introduction_request",
        "listing_change_accepted_to_contact",
        "listing_change_declined_to_contact",
        "listing_code_to_contact",
        "host_again_to_contact",
        "phase_feedback_to_contact",
        "reconfirmation_to_contact",
        "session_called_off",
        "session_moved",
    }
)

SUGGESTED_BY: Mapping[str, Mapping[str, str]] = {
    "student": {"en": "a student", "es": "una persona que estudia aquí"},
    "guardian": {"en": "a parent or guardian", "es": "una madre, un padre o un tutor"},
    "advisor": {"en": "a teacher", "es": "una persona del equipo docente"},
    "coordinator": {"en": "a member of the staff", "es": "una persona del personal"},
    "district_admin": {"en": "a member of the staff", "es": "una persona del personal"},
}

HELD: Mapping[str, Mapping[str, str]] = {
    "name": {"en": "your name", "es": "su nombre"},
    "email": {"en": "this e-mail address", "es": "esta dirección de correo electrónico"},
    "phone": {"en": "your telephone number", "es": "su número de teléfono"},
    "employer": {"en": "the name of the place where you work", "es": "el nombre del lugar donde trabaja"},
    "job_title": {"en": "what you do there", "es": "lo que hace allí"},
    "graduation": {
        "en": "the school you graduated from, and when",
        "es": "la escuela de la que egresó y cuándo",
    },
    "fields": {"en": "the field you work in", "es": "el campo en que trabaja"},
    "personal_relation": {
        "en": "that this is your private address",
        "es": "que esta es su dirección privada",
    },
    "note": {
        "en": "a short note from the person who thought of you",
        "es": "una nota breve de la persona que pensó en usted",
    },
    "relationship": {
        "en": "how that person knows you, such as family, work or neighborhood",
        "es": "de dónde le conoce esa persona, como la familia, el trabajo o el vecindario",
    },
}


def suggested_by(role: str, locale: str | None) -> str:
    """Say who suggested a contact, by role only; a role without a phrase is told as someone of the school."""
    known = SUGGESTED_BY.get(role, {"en": "someone who knows you", "es": "alguien que le conoce"})
    return known[language(locale)]


def held(fields: list[str], locale: str | None) -> list[str]:
    """Say which of a contact's data are held, in the order given. An unknown field raises KeyError."""
    return [HELD[field][language(locale)] for field in fields]


def write(name: str, locale: str | None, values: Mapping[str, Any]) -> Rendered:
    """Write the letter of that name in the reader's language, from exactly the values of its row.

    Raises ValueError when a value is missing or one too many was handed over, or when the link is none.
    """
    needed = LETTERS[name]
    if needed != values.keys():
        odd = ", ".join(sorted(needed ^ values.keys()))
        raise ValueError(f"the letter {name} takes exactly the values of its row in LETTERS; look at {odd}")
    return TEMPLATES.render(name, locale, **values)
