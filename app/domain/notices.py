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
    ADULT = "adult"  # the one to whom a student shows their network map, or who stepped forward for a student
    SUPERVISORS = "supervisors"
    IMPORTER = "importer"
    OPERATORS = "operators"
    ENROLLED = "enrolled"  # who has a seat in a session
    STAFF = "staff"  # advisors and coordinators of the school
    ROUND_STUDENTS = "round_students"  # whom a relationship mapping round asks
    TEAM = "team"  # the students of a project's team


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
    # What a connection led to is told to its contributor at these occasions only (see domain/thanks.py).
    "connection.thank": (Notice(_CONTRIBUTOR, "connection_helped", "connection_helped"),),
    "connection.thank_for_many": (Notice(_CONTRIBUTOR, "connection_helped_many", "connection_helped_many"),),
    "connection.withdraw": (Notice(_COORDINATORS, "connection_withdrawn"),),
    "contact.accept": (Notice(_COORDINATORS, "contact_agreed", needs_action=True),),
    # Stands for a no, "not me", "never" and silence alike: which it was is nobody's business.
    "contact.close": (Notice(_COORDINATORS, "contact_closed"),),
    "contact.pause": (Notice(_COORDINATORS, "contact_paused"),),
    "contact.resume": (Notice(_COORDINATORS, "contact_resumed"),),
    "employer.assign": (Notice(_OWNER, "employer_assigned"),),
    "introduction.create": (
        Notice(_COORDINATORS, "introduction_requested", "introduction_requested", needs_action=True),
        Notice(_ADVISORS, "introduction_asked_for"),
        Notice(_GUARDIANS, "introduction_asked_for"),
    ),
    "introduction.approve": (Notice(_STUDENT, "introduction_looking"),),
    "introduction.decline": (Notice(_STUDENT, "introduction_declined", "introduction_declined"),),
    # Everyone at the same moment; the contact's letter is written beside the event (features/introduction_asks).
    "introduction.agree": (
        Notice(_STUDENT, "introduction_arranged", "introduction_arranged"),
        Notice(_GUARDIANS, "student_introduction_arranged", "introduction_arranged"),
        Notice(_ADVISORS, "student_introduction_arranged", "introduction_arranged"),
        Notice(_COORDINATORS, "student_introduction_arranged", "introduction_arranged", needs_action=True),
        Notice(_CONTRIBUTOR, "introduction_through_you", "introduction_through_you"),
    ),
    # The same for a no, for silence, and where there was nobody to ask.
    "introduction.expire": (
        Notice(_STUDENT, "introduction_closed", "introduction_closed"),
        Notice(_ADVISORS, "student_introduction_closed"),
        Notice(_COORDINATORS, "student_introduction_closed"),
    ),
    "introduction.withdraw": (Notice(_COORDINATORS, "student_withdrew_introduction"),),
    "introduction.close": (
        Notice(_STUDENT, "introduction_stopped", "introduction_declined"),
        Notice(_ADVISORS, "student_introduction_closed"),
    ),
    "introduction_hop.ask": (
        Notice(_CONTRIBUTOR, "introduction_asked", "introduction_asked", needs_action=True),
    ),
    "opportunity.submit": (Notice(_COORDINATORS, "opportunity_submitted", needs_action=True),),
    "opportunity.request_changes": (
        Notice(_OWNER, "opportunity_changes_requested", "opportunity_changes_requested", needs_action=True),
    ),
    "opportunity.reject": (Notice(_OWNER, "opportunity_rejected", "opportunity_rejected"),),
    "opportunity.publish": (
        Notice(_OWNER, "opportunity_published", "opportunity_published"),
        Notice(_COORDINATORS, "opportunity_published", "opportunity_published"),
        Notice(_CONTRIBUTOR, "opportunity_through_you"),
    ),
    "opportunity.pause": (
        Notice(_OWNER, "opportunity_paused"),
        Notice(_COORDINATORS, "opportunity_paused"),
    ),
    "opportunity.confirm": (Notice(_OWNER, "opportunity_confirmed"),),
    "opportunity.archive": (Notice(_OWNER, "opportunity_archived"),),
    "opportunity.hide": (Notice(_OWNER, "opportunity_hidden", "opportunity_hidden"),),
    "opportunity.restore": (Notice(_OWNER, "opportunity_restored"),),
    "listing_change.propose": (
        Notice(_OWNER, "listing_change_proposed"),
        Notice(_COORDINATORS, "listing_change_proposed", needs_action=True),
    ),
    "listing_case.open": (Notice(_COORDINATORS, "listing_reported", needs_action=True),),
    "listing_case.escalate": (
        Notice(_COORDINATORS, "listing_reported_urgently", "listing_case_urgent", needs_action=True),
    ),
    # To the one who reported it, and to nobody else.
    "listing_report.uphold": (Notice(_OWNER, "report_upheld"),),
    "listing_report.dismiss": (Notice(_OWNER, "report_dismissed"),),
    "opportunity.mark_stale": (
        Notice(_OWNER, "opportunity_stale", needs_action=True),
        Notice(_COORDINATORS, "opportunity_stale", needs_action=True),
    ),
    # The numbers are in the campaign, from three families up.
    "outreach_campaign.close": (Notice(_COORDINATORS, "outreach_closed"),),
    "outreach_campaign.lapse": (Notice(_COORDINATORS, "outreach_closed"),),
    # What a change or a new rota means for each of the enrolled is in the session; nobody else need hear of it.
    "opportunity_session.update": (Notice(Audience.ENROLLED, "session_changed", "session_changed"),),
    "opportunity_session.settle": (
        Notice(Audience.ENROLLED, "session_soon", "session_soon"),
        Notice(_OWNER, "session_takes_place"),
    ),
    "opportunity_session.draw_speed_rounds": (Notice(Audience.ENROLLED, "speed_rounds_drawn"),),
    # The enrolled hear of it by their own places, below; the host who has no account by a letter beside the event.
    "opportunity_session.cancel": (
        Notice(_OWNER, "session_cancelled"),
        Notice(_COORDINATORS, "session_cancelled"),
        Notice(_SUPERVISORS, "session_cancelled", "session_cancelled"),
    ),
    "opportunity_session.lapse": (
        Notice(_OWNER, "session_lapsed"),
        Notice(_COORDINATORS, "session_lapsed"),
        Notice(_SUPERVISORS, "session_lapsed", "session_lapsed"),
    ),
    # Once of each host who takes part no more, and why they do not is nobody's business.
    "opportunity_session.lose_host": (
        Notice(_OWNER, "host_left", needs_action=True),
        Notice(_COORDINATORS, "host_left", "session_needs_host", needs_action=True),
    ),
    "weekly_pattern.lose_host": (
        Notice(_OWNER, "host_left", needs_action=True),
        Notice(_COORDINATORS, "host_left", "session_needs_host", needs_action=True),
    ),
    # Told only where a day has no session because its host has another one then.
    "weekly_pattern.make_sessions": (
        Notice(_OWNER, "pattern_skips_days", needs_action=True),
        Notice(_COORDINATORS, "pattern_skips_days", needs_action=True),
    ),
    "session_enrollment.create": (
        Notice(_STUDENT, "place_taken", "place_taken"),
        Notice(_GUARDIANS, "student_place_taken"),
    ),
    "session_enrollment.withdraw": (
        Notice(_STUDENT, "place_withdrawn"),
        Notice(_GUARDIANS, "student_place_withdrawn"),
    ),
    "session_enrollment.cancel": (
        Notice(_STUDENT, "place_cancelled", "place_cancelled"),
        Notice(_GUARDIANS, "student_place_cancelled", "place_cancelled_for_family"),
    ),
    "session_enrollment.lapse": (
        Notice(_STUDENT, "place_lapsed", "place_lapsed"),
        Notice(_GUARDIANS, "student_place_lapsed", "place_lapsed_for_family"),
    ),
    "video_consent.create": (Notice(_STUDENT, "video_allowed"), Notice(_GUARDIANS, "student_video_allowed")),
    "video_consent.withdraw": (
        Notice(_STUDENT, "video_not_allowed"),
        Notice(_GUARDIANS, "student_video_not_allowed"),
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
    "pursuit.hold_seat": (Notice(_COORDINATORS, "student_accepted_seat", needs_action=True),),
    "pursuit.remind_staff": (Notice(_COORDINATORS, "kept_seat_undecided", needs_action=True),),
    "pursuit.remind_of_request": (Notice(_COORDINATORS, "request_undecided", needs_action=True),),
    "waiting_entry.offer": (Notice(_STUDENT, "seat_offered", "seat_offered", needs_action=True),),
    "waiting_entry.lapse": (Notice(_STUDENT, "seat_lapsed", "seat_lapsed"),),
    "waiting_entry.close": (Notice(_STUDENT, "line_closed"),),
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
    "host_ask.answer": (
        Notice(_OWNER, "host_answered", needs_action=True),
        Notice(_COORDINATORS, "host_answered"),
    ),
    "host_ask.lapse": (Notice(_OWNER, "host_silent"), Notice(_COORDINATORS, "host_silent")),
    "phase_feedback.create": (Notice(Audience.TEAM, "team_feedback"),),
    "phase_feedback.give": (Notice(_COORDINATORS, "feedback_to_share", needs_action=True),),
    "phase_feedback.share": (Notice(Audience.TEAM, "team_feedback"),),
    "phase_feedback.lapse": (Notice(_COORDINATORS, "feedback_lapsed"),),
    # Of a network map nobody hears but its student, and of a share the one adult; neither gets a letter.
    "map_entry.remind": (Notice(_STUDENT, "map_step_due", needs_action=True),),
    "map_share.create": (Notice(Audience.ADULT, "map_shared_with_you"),),
    # Its letter is written beside the event (features/saved_searches): not everybody wants it by mail.
    "saved_search.find": (Notice(_OWNER, "saved_search_found"),),
    "saved_search.rest": (Notice(_OWNER, "saved_search_resting", needs_action=True),),
    "relationship_round.open": (
        Notice(Audience.STAFF, "round_opened", needs_action=True),
        Notice(Audience.ROUND_STUDENTS, "round_asks_you", needs_action=True),
    ),
    "relationship_round.close": (
        Notice(_COORDINATORS, "round_results", needs_action=True),
        Notice(Audience.STAFF, "round_closed"),
    ),
    "round_student.step_back": (Notice(_COORDINATORS, "round_volunteer_stepped_back", needs_action=True),),
    "round_student.release": (Notice(_COORDINATORS, "round_volunteer_left", needs_action=True),),
    "round_student.remind": (Notice(Audience.ADULT, "round_follow_up_due", needs_action=True),),
    "import.finish_trial": (Notice(_IMPORTER, "import_tried"),),
    "import.finish": (Notice(_IMPORTER, "import_finished", "import_finished"),),
    "import.hold": (Notice(_IMPORTER, "import_held", needs_action=True),),
    "import.refuse": (Notice(_IMPORTER, "import_refused"),),
    "import.fail": (Notice(_IMPORTER, "import_failed"),),
}

# What operators are told when an event of any subject is given up.
DEAD_LETTER = Notice(_OPERATORS, "dead_letter", "dead_letter", needs_action=True)
