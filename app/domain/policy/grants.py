"""What is open to somebody without a role: a machine client, whoever holds a link, and the service itself."""

# Nouns whose events only the person they are about may read: not what is in a private thing, nor how often it changes.
PRIVATE_NOUNS = frozenset(
    {"goal", "introduction_hop", "listing_report", "map_entry", "map_share", "network_map", "saved_search"}
)

# What a machine client may be granted (OAuth scope -> actions).
INTEGRATION_SCOPES: dict[str, frozenset[str]] = {
    "roster.write": frozenset({"import.create", "import.create_listings", "import.apply", "import.read"}),
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
            # What people wrote about a student is for a machine that knows the students.
            "event.read_reason",
        }
    ),
    "catalogue.read": frozenset(
        {
            "opportunity.read",
            "opportunity_session.read",
            "opportunity_type.read",
            "employer.read",
            "worksite.read",
            "school.read",
        }
    ),
    "placements.read": frozenset({"pursuit.read", "placement.read", "event.read", "session_enrollment.read"}),
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
    "phase_feedback": frozenset({"phase_feedback.give"}),
    "host_again": frozenset({"host_ask.answer"}),
    # What both lead to is recorded as opportunity.confirm, pause, resume, archive and update, as staff's steps are.
    "reconfirmation": frozenset({"reconfirmation.answer"}),
    "host_listings": frozenset({"listing_change.propose", "listing_change.replace"}),
    "invitation": frozenset({"invitation.accept"}),
    "password_reset": frozenset({"password.reset"}),
    "saved_search": frozenset({"saved_search.stop_mails"}),
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
        "reconfirmation.lapse",
        "listing_case.open",  # follow from listing_report.create, and name nobody
        "listing_case.add_report",
        "listing_case.escalate",
        "listing_report.uphold",  # follow from what was decided about the case
        "listing_report.dismiss",
        "opportunity.release_reserve",
        "opportunity_session.release_reserve",
        "opportunity_session.conclude",
        "opportunity_session.lapse",
        "opportunity_session.lose_host",
        "opportunity_session.settle",
        "session_enrollment.attend",  # follow from opportunity_session.record_attendance
        "session_enrollment.miss",
        "session_enrollment.cancel",  # follows from opportunity_session.cancel
        "session_enrollment.lapse",  # follows from opportunity_session.lapse
        "weekly_pattern.lose_host",
        "weekly_pattern.make_sessions",
        "pursuit.expire",
        "pursuit.remind",
        "pursuit.remind_staff",
        "pursuit.remind_of_request",
        "pursuit.hold_seat",  # follows from waiting_entry.accept
        "waiting_entry.offer",
        "waiting_entry.seat",  # follows from pursuit.approve and from enrolling
        "waiting_entry.lapse",
        "waiting_entry.close",
        "placement.create",  # follows from pursuit.approve_start
        "map_entry.remind",
        "placement.send_for_signatures",  # follows from an agreement going out
        "outreach_campaign.lapse",
        "relationship_round.erase_answers",
        "student_profile.lapse",
        "phase_feedback.lapse",
        "host_ask.create",  # follows from a year having gone by
        "host_ask.lapse",
        "opportunity.follow_host",  # follows from what a host answered
        "saved_search.find",  # a digest
        "saved_search.rest",
        "saved_search.lapse",  # its owner left
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
