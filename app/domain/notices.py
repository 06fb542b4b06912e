"""Who is told what when something happened: one table, read across and changed in one place."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple


class Audience(StrEnum):
    """Whom something concerns; `features/notices` says which people these are for each noun."""

    STUDENT = "student"
    GUARDIANS = "guardians"  # whose link says may_see and does not say no_contact
    ADVISORS = "advisors"
    COORDINATORS = "coordinators"  # of the school; the district's admins where it has none
    CONTRIBUTOR = "contributor"
    OWNER = "owner"
    SUPERVISORS = "supervisors"
    IMPORTER = "importer"
    OPERATORS = "operators"


class Notice(NamedTuple):
    """One thing that one audience is told: the notification's kind, the letter that is mailed, what it asks for."""

    audience: Audience
    kind: str
    letter: str | None = None
    needs_action: bool = False


_STUDENT, _GUARDIANS, _ADVISORS = Audience.STUDENT, Audience.GUARDIANS, Audience.ADVISORS
_COORDINATORS, _CONTRIBUTOR, _OWNER = Audience.COORDINATORS, Audience.CONTRIBUTOR, Audience.OWNER
_SUPERVISORS, _IMPORTER, _OPERATORS = Audience.SUPERVISORS, Audience.IMPORTER, Audience.OPERATORS

# A kind is worded for everyone who gets it: `pursuit_*` speaks to the student, `student_*` to the adults around.
NOTICES: Mapping[str, tuple[Notice, ...]] = {
    "connection.create": (Notice(_COORDINATORS, "connection_proposed", needs_action=True),),
    "connection.screen": (Notice(_CONTRIBUTOR, "connection_screened"),),
    "connection.reject": (Notice(_CONTRIBUTOR, "connection_rejected"),),
    "connection.activate": (
        Notice(_CONTRIBUTOR, "connection_active", "connection_active"),
        Notice(_COORDINATORS, "connection_ready"),
    ),
    "connection.rest": (Notice(_COORDINATORS, "connection_resting"),),
    "connection.withdraw": (Notice(_COORDINATORS, "connection_withdrawn"),),
    "contact.accept": (Notice(_COORDINATORS, "contact_agreed", needs_action=True),),
    # Stands for a no, "not me", "never" and silence alike: which it was is nobody's business.
    "contact.close": (Notice(_COORDINATORS, "contact_closed"),),
    "contact.pause": (Notice(_COORDINATORS, "contact_paused"),),
    "contact.resume": (Notice(_COORDINATORS, "contact_resumed"),),
    "opportunity.submit": (Notice(_COORDINATORS, "opportunity_submitted", needs_action=True),),
    "opportunity.request_changes": (
        Notice(_OWNER, "opportunity_changes_requested", "opportunity_changes_requested", needs_action=True),
    ),
    "opportunity.reject": (Notice(_OWNER, "opportunity_rejected"),),
    "opportunity.publish": (
        Notice(_OWNER, "opportunity_published", "opportunity_published"),
        Notice(_COORDINATORS, "opportunity_published", "opportunity_published"),
        Notice(_CONTRIBUTOR, "opportunity_through_you"),
    ),
    "opportunity.pause": (Notice(_OWNER, "opportunity_paused"),),
    "opportunity.hide": (Notice(_OWNER, "opportunity_hidden"),),
    "opportunity.restore": (Notice(_OWNER, "opportunity_restored"),),
    "opportunity.mark_stale": (
        Notice(_OWNER, "opportunity_stale", needs_action=True),
        Notice(_COORDINATORS, "opportunity_stale", needs_action=True),
    ),
    "pursuit.create": (
        Notice(_COORDINATORS, "student_asks", "pursuit_requested", needs_action=True),
        Notice(_ADVISORS, "student_asks"),
        Notice(_GUARDIANS, "student_asks"),
    ),
    "pursuit.approve": (
        Notice(_STUDENT, "pursuit_approved", "pursuit_approved", needs_action=True),
        Notice(_ADVISORS, "student_approved"),
        Notice(_GUARDIANS, "student_approved"),
    ),
    "pursuit.decline": (
        Notice(_STUDENT, "pursuit_declined", "pursuit_declined"),
        Notice(_ADVISORS, "student_declined"),
    ),
    "pursuit.extend": (Notice(_STUDENT, "pursuit_extended"), Notice(_ADVISORS, "student_extended")),
    "pursuit.remind": (Notice(_STUDENT, "pursuit_expiring", "pursuit_expiring", needs_action=True),),
    "pursuit.expire": (
        Notice(_STUDENT, "pursuit_expired", "pursuit_expired"),
        Notice(_ADVISORS, "student_expired"),
    ),
    "pursuit.hold_seat": (
        Notice(_STUDENT, "pursuit_seat_held", "pursuit_seat_returned"),
        Notice(_COORDINATORS, "student_next_in_line", needs_action=True),
    ),
    "pursuit.lose_hold": (Notice(_STUDENT, "pursuit_hold_lost"),),
    "pursuit.land": (
        Notice(_STUDENT, "pursuit_landed", needs_action=True),
        Notice(_COORDINATORS, "student_landed", "pursuit_landed"),
        Notice(_ADVISORS, "student_landed", "pursuit_landed"),
        Notice(_GUARDIANS, "student_landed"),
    ),
    "pursuit.request_start": (
        Notice(_ADVISORS, "student_asks_to_start", "pursuit_start_requested", needs_action=True),
        Notice(_COORDINATORS, "student_asks_to_start"),
    ),
    "pursuit.approve_start": (Notice(_STUDENT, "pursuit_start_approved"),),
    "pursuit.return_start": (Notice(_STUDENT, "pursuit_start_returned", needs_action=True),),
    "pursuit.withdraw": (Notice(_COORDINATORS, "student_withdrew"), Notice(_ADVISORS, "student_withdrew")),
    "pursuit.not_select": (
        Notice(_STUDENT, "pursuit_not_selected"),
        Notice(_COORDINATORS, "student_not_selected"),
        Notice(_ADVISORS, "student_not_selected"),
    ),
    "pursuit.release": (
        Notice(_STUDENT, "pursuit_released"),
        Notice(_ADVISORS, "student_released"),
    ),
    "placement.create": (
        Notice(_STUDENT, "placement_made", "placement_made"),
        Notice(_GUARDIANS, "placement_made", "placement_made"),
        Notice(_COORDINATORS, "placement_made", "placement_made", needs_action=True),
        Notice(_ADVISORS, "placement_made", "placement_made"),
        Notice(_SUPERVISORS, "placement_made"),
    ),
    "placement.clear": (
        Notice(_STUDENT, "placement_cleared"),
        Notice(_ADVISORS, "placement_cleared", needs_action=True),
    ),
    "placement.activate": (
        Notice(_STUDENT, "placement_active", "placement_active"),
        Notice(_GUARDIANS, "placement_active", "placement_active"),
        Notice(_COORDINATORS, "placement_active", "placement_active"),
        Notice(_ADVISORS, "placement_active", "placement_active"),
        Notice(_SUPERVISORS, "placement_active"),
        Notice(_CONTRIBUTOR, "placement_through_you"),
    ),
    "placement.request_end": (
        Notice(_COORDINATORS, "placement_end_requested", needs_action=True),
        Notice(_ADVISORS, "placement_end_requested", needs_action=True),
    ),
    "placement.complete": (
        Notice(_STUDENT, "placement_completed", "placement_completed"),
        Notice(_GUARDIANS, "placement_completed", "placement_completed"),
        Notice(_COORDINATORS, "placement_completed", "placement_completed"),
        Notice(_ADVISORS, "placement_completed", "placement_completed"),
        Notice(_SUPERVISORS, "placement_completed"),
    ),
    "placement.end_early": (
        Notice(_STUDENT, "placement_ended_early", "placement_ended_early"),
        Notice(_GUARDIANS, "placement_ended_early", "placement_ended_early"),
        Notice(_COORDINATORS, "placement_ended_early", "placement_ended_early"),
        Notice(_ADVISORS, "placement_ended_early", "placement_ended_early"),
        Notice(_SUPERVISORS, "placement_ended_early"),
    ),
    "placement.record_no_show": (
        Notice(_STUDENT, "placement_no_show"),
        Notice(_GUARDIANS, "placement_no_show"),
        Notice(_COORDINATORS, "placement_no_show"),
        Notice(_ADVISORS, "placement_no_show"),
    ),
    "import.finish_trial": (Notice(_IMPORTER, "import_tried"),),
    "import.finish": (Notice(_IMPORTER, "import_finished", "import_finished"),),
    "import.hold": (Notice(_IMPORTER, "import_held", needs_action=True),),
    "import.refuse": (Notice(_IMPORTER, "import_refused"),),
    "import.fail": (Notice(_IMPORTER, "import_failed"),),
}

# What operators are told when an event of any subject is given up.
DEAD_LETTER = Notice(_OPERATORS, "dead_letter", "dead_letter", needs_action=True)
