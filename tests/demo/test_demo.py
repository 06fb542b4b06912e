"""The demo community is whole, follows every rule of the domain, and is safe to expose."""

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from sqlalchemy.exc import IntegrityError

from app.core.db import Database
from app.core.passwords import PasswordHasher, check_password_rules
from app.core.tokens import hash_secret
from app.demo import DemoLogins, load_demo
from app.domain.account import canonical_login, is_email, username_at
from app.domain.clusters import Cluster
from app.domain.connection import ConnectionDomain, ConnectionStatus, Offer
from app.domain.contact import CLOSED, ContactStatus
from app.domain.employer import Access, EmployerStatus
from app.domain.moderation import CaseStatus
from app.domain.network_map import HelpKind
from app.domain.notice_sentences import SENTENCES
from app.domain.opportunity import OpportunityStatus
from app.domain.opportunity_types import OpportunityTypeCode
from app.domain.placement import FREES_SEAT, PlacementStatus
from app.domain.policy import LINK_ACTIONS, POLICY, SYSTEM_ACTIONS, Role
from app.domain.pursuit import HOLDS_SEAT, LIVE, PursuitStatus

TODAY = date(2026, 11, 22)
Owner = psycopg.Connection[Any]


@pytest.fixture(scope="module")
async def demo(empty: Callable[[], None], database: Database, passwords: PasswordHasher) -> DemoLogins:
    """The loaded demo; these tests only look at it."""
    empty()
    return await load_demo(database, passwords, today=TODAY)


def rows(owner: Owner, query: str, *params: Any) -> list[tuple[Any, ...]]:
    return owner.execute(query.encode(), params).fetchall()


def count(owner: Owner, query: str, *params: Any) -> int:
    found = owner.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.SQL(query)), params).fetchone()
    assert found is not None
    return int(found[0])


def values(owner: Owner, query: str) -> set[Any]:
    return {row[0] for row in rows(owner, query)}


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("tenants", 1),
        ("schools WHERE kind = 'school'", 3),
        ("memberships WHERE role = 'student'", 800),
        ("memberships WHERE role = 'guardian'", 900),
        ("memberships WHERE role IN ('advisor', 'coordinator', 'district_admin', 'operator')", 60),
        ("memberships WHERE role = 'coordinator'", 4),
        ("memberships WHERE role = 'district_admin'", 1),
        ("memberships WHERE role = 'operator'", 1),
        ("employers", 300),
        ("connections", 1200),
        ("opportunities", 500),
        ("favorites", 1500),
        ("map_shares WHERE revoked_at IS NULL", 1),
        ("student_profiles WHERE availability IS NOT NULL AND riasec IS NOT NULL", 61),
        ("(SELECT DISTINCT opportunity_id FROM opportunity_sessions) t", 40),
        ("weekly_patterns", 1),
        ("seat_reserves", 4),
        ("listing_cases WHERE status = 'open'", 2),
        ("listing_cases WHERE status = 'upheld'", 8),
        ("opportunities WHERE status = 'stale'", 20),
        ("saved_searches", 1),
        ("terms", 3),
        ("employers WHERE name ~* 'lakeshore'", 0),
    ],
)
async def test_the_community_has_the_size_it_promises(owner: Owner, query: str, expected: int) -> None:
    assert count(owner, query) == expected


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    ("query", "enum"),
    [
        ("SELECT status FROM employers", EmployerStatus),
        ("SELECT status FROM contacts", ContactStatus),
        ("SELECT status FROM connections", ConnectionStatus),
        ("SELECT domain FROM connections", ConnectionDomain),
        ("SELECT unnest(offers) FROM connections", Offer),
        ("SELECT status FROM opportunities", OpportunityStatus),
        ("SELECT type FROM opportunities", OpportunityTypeCode),
        ("SELECT type FROM opportunities WHERE status = 'published'", OpportunityTypeCode),
        ("SELECT unnest(clusters) FROM opportunities WHERE status = 'published'", Cluster),
        ("SELECT domain FROM map_entries", ConnectionDomain),
        ("SELECT unnest(help) FROM map_entries", HelpKind),
        ("SELECT status FROM pursuits", PursuitStatus),
        ("SELECT status FROM placements", PlacementStatus),
        ("SELECT status FROM listing_cases", CaseStatus),
        ("SELECT access_step_free FROM worksites", Access),
    ],
)
async def test_everything_that_can_be_is_there(owner: Owner, query: str, enum: type[StrEnum]) -> None:
    assert values(owner, query) == {member.value for member in enum}


async def test_a_second_load_is_refused_and_changes_nothing(
    demo: DemoLogins, database: Database, passwords: PasswordHasher, owner: Owner, tmp_path: Path
) -> None:
    with pytest.raises(IntegrityError):
        await load_demo(database, passwords, today=TODAY, home=tmp_path)

    assert count(owner, "tenants") == 1
    assert count(owner, "accounts WHERE login = %s", demo.people[0].username) == 1
    assert DemoLogins.read(tmp_path) is None


@pytest.mark.usefixtures("demo")
async def test_employers_stand_in_all_sectors_and_on_the_map(owner: Owner) -> None:
    # Two-digit sectors of NAICS 2022; manufacturing, retail and transport have several numbers each.
    sectors = [
        "11",
        "21",
        "22",
        "23",
        "42",
        "51",
        "52",
        "53",
        "54",
        "55",
        "56",
        "61",
        "62",
        "71",
        "72",
        "81",
        "92",
    ]

    assert values(owner, "SELECT left(naics, 2) FROM employers") >= set(sectors) | {"33", "44", "48"}
    assert (
        count(owner, "employers e WHERE NOT EXISTS (SELECT FROM worksites w WHERE w.employer_id = e.id)") == 0
    )
    assert (
        count(
            owner,
            "worksites WHERE latitude NOT BETWEEN 41.9 AND 42.3 OR longitude NOT BETWEEN -80.4 AND -79.7 OR latitude IS NULL",
        )
        == 0
    )
    assert count(owner, "(SELECT name FROM employers GROUP BY name HAVING count(*) > 1) AS twice") == 0


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    "wrong",
    [
        # What students see: vetted employers, and people who said yes.
        "opportunities o JOIN employers e ON e.id = o.employer_id WHERE o.status = 'published' AND e.status <> 'vetted'",
        "opportunities o JOIN connections c ON c.id = o.connection_id WHERE o.status = 'published' AND c.status <> 'active'",
        "opportunities o JOIN connections c ON c.id = o.connection_id WHERE c.employer_id <> o.employer_id",
        "opportunities o JOIN worksites w ON w.id = o.worksite_id WHERE w.employer_id <> o.employer_id",
        "opportunities WHERE (status IN ('published', 'paused', 'hidden', 'stale')) AND published_at IS NULL",
        "opportunities WHERE status = 'published' AND confirmed_at < '2026-11-22'::date - interval '180 days'",
        # A connection is active exactly while both its ends are ready.
        (
            "connections c LEFT JOIN contacts k ON k.id = c.contact_id JOIN employers e ON e.id = c.employer_id"
            " WHERE c.status IN ('screened', 'active', 'dormant')"
            " AND (c.status = 'active') <> (coalesce(k.status, 'consented') = 'consented' AND e.status = 'vetted')"
        ),
        # Dates that are due lie ahead: the first sweep of a fresh demo has nothing to make good.
        "contacts WHERE remind_at < '2026-11-22' OR answer_due_at < '2026-11-22'",
        "contacts WHERE status <> 'invited' AND num_nonnulls(remind_at, answer_due_at) > 0",
        "contacts WHERE status = 'invited' AND (answer_due_at IS NULL OR invited_at IS NULL)",
        "pursuits WHERE status = 'approved' AND (expires_at < '2026-11-22' OR expires_on IS NULL OR decided_by_id IS NULL)",
        "pursuits WHERE remind_at < '2026-11-22'",
        "waiting_entries WHERE offer_until < '2026-11-22'",
        # Who asks for what is full stands in line, and nobody else does.
        (
            "pursuits p JOIN opportunities o ON o.id = p.opportunity_id LEFT JOIN waiting_entries e"
            " ON e.opportunity_id = p.opportunity_id AND e.student_id = p.student_id"
            " WHERE p.status = 'requested' AND (e.id IS NOT NULL) <> (o.seats_taken = o.seats)"
        ),
        "pursuits WHERE remind_at IS NOT NULL AND status <> 'approved'",
        # Students pursue what they can see and are old enough for, after it was published.
        "pursuits p JOIN opportunities o ON o.id = p.opportunity_id WHERE o.scope = 'school' AND o.school_id <> p.school_id",
        "pursuits p JOIN opportunities o ON o.id = p.opportunity_id WHERE p.requested_at < o.published_at",
        (
            "pursuits p JOIN opportunities o ON o.id = p.opportunity_id JOIN people s ON s.id = p.student_id"
            " WHERE s.born_on + make_interval(years => o.minimum_age) > p.requested_at"
        ),
        (
            "pursuits p JOIN opportunities o ON o.id = p.opportunity_id"
            " WHERE p.status IN ('requested', 'approved', 'landed', 'start_requested') AND o.status <> 'published'"
        ),
        # Provenance: as the opportunity had it.
        (
            "placements p JOIN opportunities o ON o.id = p.opportunity_id"
            " WHERE p.connection_id IS DISTINCT FROM o.connection_id OR p.employer_id <> o.employer_id"
        ),
        "placements p JOIN connections c ON c.id = p.connection_id WHERE p.contributor_id IS DISTINCT FROM c.contributor_id",
        (
            "placements p JOIN pursuits u ON u.id = p.pursuit_id"
            " WHERE u.status <> 'converted' OR u.student_id <> p.student_id OR u.opportunity_id <> p.opportunity_id"
        ),
        "pursuits u WHERE status = 'converted' AND NOT EXISTS (SELECT FROM placements p WHERE p.pursuit_id = u.id)",
        (
            "placements p WHERE NOT EXISTS (SELECT FROM advisor_links l"
            " WHERE l.advisor_id = p.advisor_id AND l.student_id = p.student_id)"
        ),
        "placements WHERE (status IN ('completed', 'ended_early', 'no_show')) <> (ended_at IS NOT NULL)",
        "placements WHERE status IN ('active', 'end_requested') AND (cleared_at IS NULL OR starts_on > '2026-11-22')",
        # What each kind cannot be without, and an order of days in which everything can happen.
        "opportunities WHERE type = 'micro_internship' AND num_nulls(total_hours, deliverable, pay_cents_total) > 0",
        "opportunities WHERE type = 'near_peer_mentoring' AND hours_a_month IS NULL",
        (
            "opportunities o LEFT JOIN connections c ON c.id = o.connection_id LEFT JOIN contacts k ON k.id = c.contact_id"
            " WHERE o.type = 'near_peer_mentoring' AND k.alumnus_of IS NULL"
        ),
        (
            "opportunities o WHERE type = 'industry_project'"
            " AND (SELECT count(*) FROM project_phases p WHERE p.opportunity_id = o.id"
            " AND p.starts_on >= o.starts_on AND p.ends_on <= o.ends_on) <> 3"
        ),
        "opportunities WHERE status IN ('published', 'stale', 'paused') AND least(apply_by, ends_on) < '2026-11-22'",
        "opportunities WHERE apply_by > ends_on",
        # Sessions: as many seats are taken as students come, nobody is in two places, and what is over was held.
        (
            "opportunity_sessions s WHERE seats_taken <> (SELECT count(*) FROM session_enrollments e"
            " WHERE e.session_id = s.id AND e.status IN ('enrolled', 'attended', 'no_show'))"
        ),
        "opportunity_sessions WHERE (status = 'held') <> (ends_at < '2026-11-22')",
        (
            "opportunity_sessions a JOIN opportunity_sessions b ON a.host_contact_id = b.host_contact_id"
            " AND a.id < b.id AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at"
        ),
        (
            "session_enrollments x JOIN session_enrollments y ON x.student_id = y.student_id AND x.id < y.id"
            " JOIN opportunity_sessions a ON a.id = x.session_id JOIN opportunity_sessions b ON b.id = y.session_id"
            " WHERE a.starts_at < b.ends_at AND b.starts_at < a.ends_at"
        ),
        (
            "session_enrollments e JOIN opportunity_sessions s ON s.id = e.session_id"
            " WHERE e.created_at < s.created_at OR e.created_at >= s.starts_at"
            " OR (s.virtual AND e.audio_only = EXISTS (SELECT FROM video_consents v WHERE v.student_id = e.student_id))"
        ),
        "opportunity_sessions WHERE virtual <> (join_url IS NOT NULL)",
        (
            "opportunity_sessions s JOIN opportunities o ON o.id = s.opportunity_id"
            " WHERE s.starts_at::date NOT BETWEEN o.starts_on AND o.ends_on OR o.status <> 'published'"
        ),
        "pursuits p JOIN opportunity_sessions s ON s.opportunity_id = p.opportunity_id",
        (
            "waiting_entries w JOIN opportunity_sessions s ON s.id = w.session_id"
            " WHERE s.seats_taken < s.seats OR EXISTS (SELECT FROM session_enrollments e"
            " WHERE e.session_id = s.id AND e.student_id = w.student_id)"
        ),
        # Kept seats are free ones; whoever is asked about a stale listing still has time to answer.
        (
            "seat_reserves r JOIN opportunities o ON o.id = r.opportunity_id"
            " WHERE r.seats > o.seats - o.seats_taken OR r.released_on <= '2026-11-22'"
        ),
        (
            "opportunities o WHERE status = 'stale' AND NOT EXISTS (SELECT FROM reconfirmation_listings l"
            " JOIN reconfirmations r ON r.id = l.reconfirmation_id"
            " WHERE l.opportunity_id = o.id AND r.status = 'asked' AND r.answer_by > '2026-11-23')"
        ),
        "reconfirmations WHERE remind_at < '2026-11-22'",
        "opportunities o WHERE status = 'hidden' AND NOT EXISTS (SELECT FROM listing_cases c WHERE c.opportunity_id = o.id)",
        (
            "listing_cases c WHERE reports <> (SELECT count(*) FROM listing_reports r"
            " WHERE r.case_id = c.id AND r.status = c.status)"
        ),
        # Search finds what students see from the first minute on, and nothing else.
        (
            "opportunities o FULL JOIN search_documents d ON d.id = o.id"
            " WHERE (o.status IN ('published', 'stale')) <> (d.id IS NOT NULL) OR d.seats_free <> o.seats - o.seats_taken"
        ),
        # Nothing happened in the future, or before what it follows from.
        "events WHERE created_at >= '2026-11-22'",
        "(SELECT created_at < lag(created_at) OVER (PARTITION BY subject_id ORDER BY subject_seq) AS back FROM events) e WHERE back",
        "(SELECT max(subject_seq) <> count(*) AS gaps FROM events GROUP BY subject_id) e WHERE gaps",
        "notifications n LEFT JOIN events e ON e.id = n.event_id WHERE e.id IS NULL OR e.created_at <> n.created_at",
        # Everything was delivered.
        (
            "(SELECT subject_id, max(subject_seq) AS last FROM events GROUP BY subject_id) e"
            " LEFT JOIN deliveries d ON d.id = e.subject_id WHERE d.delivered_seq IS DISTINCT FROM e.last"
        ),
        # Every student has an advisor at the school and somebody at home.
        (
            "memberships m WHERE role = 'student' AND NOT EXISTS (SELECT FROM advisor_links l"
            " WHERE l.student_id = m.person_id AND l.school_id = m.school_id)"
        ),
        "memberships m WHERE role = 'student' AND NOT EXISTS (SELECT FROM guardian_links l WHERE l.student_id = m.person_id)",
        "memberships m WHERE role = 'guardian' AND NOT EXISTS (SELECT FROM guardian_links l WHERE l.guardian_id = m.person_id)",
    ],
)
async def test_no_row_breaks_a_rule(owner: Owner, wrong: str) -> None:
    assert count(owner, wrong) == 0


@pytest.mark.usefixtures("demo")
async def test_seats_taken_are_the_seats_that_somebody_has(owner: Owner) -> None:
    counted = """
        SELECT count(*) FROM pursuits p LEFT JOIN placements w ON w.pursuit_id = p.id
        WHERE p.opportunity_id = o.id
          AND (EXISTS (SELECT FROM waiting_entries e
                       WHERE e.opportunity_id = p.opportunity_id AND e.student_id = p.student_id
                         AND e.status = 'offered')
               OR (p.status = ANY(%s) AND NOT coalesce(w.status = ANY(%s), false)))
    """
    holding, freed = sorted(HOLDS_SEAT), sorted(FREES_SEAT)

    assert count(owner, f"opportunities o WHERE seats_taken <> ({counted})", holding, freed) == 0
    assert count(owner, "opportunities WHERE seats_taken > 0") > 100
    assert count(owner, "opportunities WHERE status = 'published' AND seats_taken = seats") > 10
    assert count(owner, "waiting_entries WHERE status = 'offered'") > 0


@pytest.mark.usefixtures("demo")
async def test_sessions_are_of_every_kind(owner: Owner) -> None:
    full = "opportunity_sessions s WHERE seats_taken = seats AND EXISTS (SELECT FROM waiting_entries w WHERE w.session_id = s.id)"

    assert count(owner, full) == 1
    assert count(owner, "waiting_entries WHERE session_id IS NOT NULL AND status = 'waiting'") == 4
    assert count(owner, "opportunity_sessions WHERE pattern_id IS NOT NULL") > 10
    assert count(owner, "opportunity_sessions WHERE virtual AND recording = 'asked'") > 1
    assert count(owner, "opportunity_sessions WHERE status = 'held'") > 1
    assert values(owner, "SELECT status FROM session_enrollments") >= {"enrolled", "attended"}
    assert values(owner, "SELECT audio_only FROM session_enrollments") == {True, False}


@pytest.mark.usefixtures("demo")
async def test_a_held_seat_is_held_for_whoever_waited_longest(owner: Owner) -> None:
    overtaken = """
        waiting_entries h JOIN pursuits w ON w.opportunity_id = h.opportunity_id AND w.status = 'requested'
        WHERE h.status = 'offered' AND w.requested_at < h.joined_at
    """

    assert count(owner, overtaken) == 0


@pytest.mark.usefixtures("demo")
async def test_a_student_has_one_live_pursuit_of_a_thing_and_one_placement_at_most(owner: Owner) -> None:
    twice = "(SELECT FROM pursuits WHERE status = ANY(%s) GROUP BY student_id, opportunity_id HAVING count(*) > 1) t"

    assert count(owner, twice, sorted(LIVE)) == 0
    assert count(owner, "(SELECT FROM placements GROUP BY student_id HAVING count(*) > 1) t") == 0


@pytest.mark.usefixtures("demo")
async def test_closed_contacts_hold_nothing_personal(owner: Owner) -> None:
    closed = sorted(CLOSED)
    blank = "num_nonnulls(given_name, family_name, email, phone, job_title) = 0 AND erased_at IS NOT NULL"

    assert count(owner, "contacts WHERE status = ANY(%s)", closed) > 100
    assert count(owner, f"contacts WHERE (status = ANY(%s)) <> ({blank})", closed) == 0
    noted = (
        "connections c JOIN contacts k ON k.id = c.contact_id WHERE k.status = ANY(%s) AND c.note IS NOT NULL"
    )
    assert count(owner, noted, closed) == 0


@pytest.mark.usefixtures("demo")
async def test_events_are_actions_that_exist_by_those_who_may(owner: Owner) -> None:
    by_person = {action for action in POLICY if "." in action}
    by_link = frozenset().union(*LINK_ACTIONS.values())

    assert values(owner, "SELECT action FROM events WHERE actor_kind = 'system'") <= SYSTEM_ACTIONS
    assert values(owner, "SELECT action FROM events WHERE actor_kind = 'link'") <= by_link
    # A placement is made by approving a start, and a contact forgotten by ending its connection.
    consequences = {"placement.create", "placement.send_for_signatures", "contact.erase"}
    # Attendance is recorded for a session as a whole, and reports are decided as one case.
    consequences |= {"session_enrollment.attend", "session_enrollment.miss"}
    consequences |= {"listing_report.uphold", "listing_report.dismiss"}
    assert values(owner, "SELECT action FROM events WHERE actor_kind = 'account'") <= by_person | consequences
    wrong = "events WHERE actor_kind = 'account' AND (actor_account_id IS NULL OR actor_person_id IS NULL)"
    assert count(owner, wrong) == 0
    decided = "events WHERE action ~ '^(pursuit|placement)[.]' AND reason IS NULL AND action !~ '(create|hold_seat|remind)'"
    assert count(owner, decided) == 0


@pytest.mark.usefixtures("demo")
async def test_notifications_can_be_worded(owner: Owner) -> None:
    assert values(owner, "SELECT kind FROM notifications") <= set(SENTENCES)
    assert count(owner, "notifications WHERE read_at IS NULL") > 100
    assert (
        count(
            owner, "notifications n JOIN events e ON e.id = n.event_id WHERE e.actor_person_id = n.person_id"
        )
        == 0
    )


@pytest.mark.usefixtures("demo")
async def test_no_address_reaches_anybody_real(owner: Owner) -> None:
    everywhere = "SELECT email FROM people UNION SELECT email FROM contacts UNION SELECT login FROM accounts WHERE login LIKE '%%.%%@%%.%%'"
    addresses = values(owner, everywhere) - {None}
    phones = values(owner, "SELECT phone FROM people UNION SELECT phone FROM contacts") - {None}

    assert all(is_email(address) for address in addresses)
    assert {address.rsplit(".", 2)[-2:][0].split("@")[-1] for address in addresses} == {"example"}
    assert all(phone.startswith("+1-814-555-01") for phone in phones)
    websites = values(owner, "SELECT website FROM employers")
    assert all(site.endswith(".example.com") for site in websites)


@pytest.mark.usefixtures("demo")
async def test_logins_are_written_as_the_service_reads_them(owner: Owner) -> None:
    for login in values(owner, "SELECT login FROM accounts WHERE kind = 'human'"):
        assert canonical_login(login) == login
        assert is_email(login) or username_at(login, "lakeshore") == login


async def test_only_the_printed_logins_can_sign_in(
    demo: DemoLogins, owner: Owner, passwords: PasswordHasher
) -> None:
    hashes = dict(rows(owner, "SELECT login, secret_hash FROM accounts WHERE secret_hash IS NOT NULL"))

    assert set(hashes) == {person.username for person in demo.people} | {demo.client_id}
    for person in demo.people:
        assert await passwords.verify(hashes[person.username], person.password)
        assert check_password_rules(person.password, login=person.username) is None
    assert hashes[demo.client_id] == hash_secret(demo.client_secret).hex()
    assert demo.client_secret != demo.people[0].password


async def test_there_is_one_login_for_each_role(demo: DemoLogins, owner: Owner) -> None:
    assert {person.role for person in demo.people} == {role.value for role in Role} - {"integration"}
    for person in demo.people:
        query = """
            SELECT m.role, s.name, e.name, p.given_name || ' ' || p.family_name FROM accounts a
            JOIN account_tenants t ON t.account_id = a.id JOIN people p ON p.id = t.person_id
            JOIN memberships m ON m.person_id = p.id
            LEFT JOIN schools s ON s.id = m.school_id LEFT JOIN employers e ON e.id = m.employer_id
            WHERE a.login = %s
        """
        assert rows(owner, query, person.username) == [
            (person.role, person.school, person.employer, person.name)
        ]
    placed = "placements p JOIN employers e ON e.id = p.employer_id WHERE e.name = %s AND p.status = 'active'"
    assert count(owner, placed, demo.of("supervisor").employer) > 0


async def test_the_people_of_the_story_stand_where_it_needs_them(demo: DemoLogins, owner: Owner) -> None:
    def person(role: str) -> Any:
        query = "SELECT person_id FROM account_tenants t JOIN accounts a ON a.id = t.account_id WHERE a.login = %s"
        return rows(owner, query, demo.of(role).username)[0][0]

    student, guardian = person("student"), person("guardian")

    schools = {demo.of(role).school for role in ("student", "guardian", "advisor", "coordinator")}
    assert len(schools) == 1
    assert rows(owner, "SELECT advisor_id FROM advisor_links WHERE student_id = %s", student) == [
        (person("advisor"),)
    ]
    children = rows(owner, "SELECT student_id FROM guardian_links WHERE guardian_id = %s", guardian)
    assert children
    assert (student,) not in children
    assert rows(owner, "SELECT locale FROM people WHERE id = %s", guardian) == [("es",)]
    family = "SELECT guardian_id FROM guardian_links WHERE student_id = %s UNION SELECT %s"
    known = f"connections c JOIN employers e ON e.id = c.employer_id WHERE e.naics = '541940' AND contributor_id IN ({family})"
    assert count(owner, known, student, student) == 0
    assert count(owner, "employers WHERE naics = '541940'") > 1
    busy = (
        "pursuits WHERE student_id = %s AND status IN ('approved', 'landed', 'start_requested', 'converted')"
    )
    assert count(owner, busy, student) == 0


@pytest.mark.usefixtures("demo")
def test_search_and_suggestions_know_every_listing_at_once(owner: Owner) -> None:
    shown = count(owner, "opportunities WHERE status IN ('published', 'stale')")

    assert count(owner, "search_documents") == shown
    titles = values(owner, "SELECT DISTINCT title FROM opportunities WHERE status IN ('published', 'stale')")
    suggested = values(owner, "SELECT text_en FROM suggestion_terms WHERE kind = 'title'")
    assert titles <= suggested
    assert count(owner, "suggestion_keys") > len(titles)
