"""How the demo community looks after its catalogue: kept seats, reports, letters about old listings, a saved search."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from app.core.tables import Event
from app.demo.community import Community, Contributor
from app.demo.ledger import Ledger, Row, Step
from app.demo.listings import Listing
from app.demo.places import ZONE
from app.domain.budget import AskKind
from app.domain.clusters import Cluster
from app.domain.contact import ContactStatus
from app.domain.freshness import ReconfirmationStatus, remind_after
from app.domain.local_time import local_day
from app.domain.moderation import TRANSITIONS, CaseAction, CaseStatus, ReportReason, is_urgent
from app.domain.notices import Audience
from app.domain.opportunity import OpportunityScope, OpportunityStatus
from app.domain.policy import Role
from app.domain.pursuit import PursuitStatus
from app.domain.saved_search import Digest, SavedSearchStatus, next_digest
from app.domain.tenant_settings import DEFAULTS
from app.models import (
    Contact,
    EmployerAsk,
    EmployerMonth,
    ListingCase,
    ListingReport,
    Pursuit,
    Reconfirmation,
    ReconfirmationListing,
    SavedSearch,
    SavedSearchHit,
    SeatReserve,
)

_S = OpportunityStatus
_RESERVES, _KEPT_SEATS = 4, 2
_SILENCE = timedelta(days=DEFAULTS.stale_silence_days)


class _Said(NamedTuple):
    reason: ReportReason
    words: str | None


_WHY_HIDDEN = _Said(ReportReason.MISLEADING, "It is nothing like what is written there.")
_OPEN = (
    (
        _Said(ReportReason.CLOSED, "We went there and the door was closed."),
        _Said(ReportReason.MISLEADING, "El horario que se indica no es el verdadero."),
    ),
    (_Said(ReportReason.ASKS_FOR_PERSONAL_DATA, "The form asks where we live and who else is at home."),),
)
_DISMISSED = (_Said(ReportReason.OTHER, "It is too far away."),)
_WHY_DISMISSED = "The way there is long, but nothing about the listing is wrong."


def build_care(
    ledger: Ledger, community: Community, listings: list[Listing], supervisors: dict[UUID, Row]
) -> None:
    """Write down what keeps the catalogue fair, safe and fresh, and what the printed student looks for."""
    _keep_seats(ledger, community, listings)
    _report(ledger, community, listings)
    _ask_again(ledger, listings, supervisors)
    _save_search(ledger, community, listings)


def _keep_seats(ledger: Ledger, community: Community, listings: list[Listing]) -> None:
    """Keep seats of some listings for the school that looks after them, where nobody waits for an answer there."""
    asked = {
        row["opportunity_id"] for row in ledger.rows[Pursuit] if row["status"] is PursuitStatus.REQUESTED
    }
    schools = {school["id"]: school for school in community.schools}
    made = 0
    for listing in listings:
        row = listing.row
        if (
            made == _RESERVES
            or row["status"] is not _S.PUBLISHED
            or row["scope"] is not OpportunityScope.TENANT
            or row["school_id"] is None
            or row["id"] in asked
            or row["seats"] - row["seats_taken"] <= _KEPT_SEATS
        ):
            continue
        made += 1
        released_on = ledger.today + timedelta(days=10 + 5 * made)
        at = ledger.later(row["updated_at"], 2)
        ledger.add(
            SeatReserve,
            at,
            opportunity_id=row["id"],
            school_id=row["school_id"],
            seats=_KEPT_SEATS,
            seats_taken=0,
            released_on=released_on,
        )
        kept = {
            "school_id": str(row["school_id"]),
            "seats": _KEPT_SEATS,
            "released_on": released_on.isoformat(),
        }
        by = community.coordinator(schools[row["school_id"]])
        ledger.note("opportunity.reserve", row, at, row["owner_id"], None, {"reserves": [kept]}, by=by)


def _report(ledger: Ledger, community: Community, listings: list[Listing]) -> None:
    """Report the listings that were hidden, and a few that students still see."""
    hidden = {
        event["subject_id"]: event for event in ledger.rows[Event] if event["action"] == "opportunity.hide"
    }
    families = [one for one in community.contributors if one.role is Role.GUARDIAN]
    shown = [one.row for one in listings if one.row["status"] is _S.PUBLISHED and one.row["school_id"]]
    cases = ledger.random.sample(shown, len(_OPEN) + 1)
    for listing in listings:
        event = hidden.get(listing.row["id"])
        if event is not None:
            at = event["created_at"]
            case = _case(ledger, community, listing.row, (_WHY_HIDDEN,), families, at - timedelta(days=1))
            _decide(ledger, community, case, CaseAction.UPHOLD, at, event["reason"])
            event["facts"]["listing_case_id"] = str(case["id"])
    for row, said in zip(cases, _OPEN, strict=False):
        _case(ledger, community, row, said, families, ledger.ago(3, 1))
    at = ledger.ago(12, 9)
    case = _case(ledger, community, cases[-1], _DISMISSED, families, at)
    _decide(ledger, community, case, CaseAction.DISMISS, ledger.later(at, 2), _WHY_DISMISSED)


def _case(
    ledger: Ledger,
    community: Community,
    listing: Row,
    said: Iterable[_Said],
    families: list[Contributor],
    at: datetime,
) -> Row:
    """Let families report a listing; all that they say is one case, which names none of them."""
    case = ledger.add(
        ListingCase,
        at,
        opportunity_id=listing["id"],
        school_id=listing["school_id"],
        status=CaseStatus.OPEN,
        reasons=[],
        reports=0,
        urgent=False,
    )
    whom = {
        Audience.COORDINATORS: [
            person
            for school in community.schools
            if school["id"] == listing["school_id"]
            for person in community.coordinators[school["name"]]
        ]
        or [community.district_admin]
    }
    for number, one in enumerate(said):
        reporter = ledger.random.choice(families).person
        when = at + timedelta(hours=number)
        report = ledger.add(
            ListingReport,
            when,
            case_id=case["id"],
            opportunity_id=listing["id"],
            reporter_id=reporter["id"],
            reporter_role=Role.GUARDIAN.value,
            reason=one.reason,
            words=one.words,
            status=CaseStatus.OPEN,
        )
        facts = {"reason": one.reason.value}
        ledger.created("listing_report", report, reporter, reporter["id"], None, facts)
        was_urgent = case["urgent"]
        case["reports"] += 1
        case["reasons"] = sorted({*case["reasons"], one.reason.value})
        case["urgent"] = was_urgent or is_urgent([one.reason])
        step = "escalate" if case["urgent"] and not was_urgent else "open" if number == 0 else "add_report"
        ledger.note(
            f"listing_case.{step}",
            case,
            when,
            None,
            whom,
            {"reports": case["reports"], "reasons": case["reasons"]},
            reason="somebody reported the listing",
        )
    return case


def _decide(
    ledger: Ledger, community: Community, case: Row, action: CaseAction, at: datetime, reason: str
) -> None:
    """Decide a case, and tell those who reported that it was decided."""
    school = next((one for one in community.schools if one["id"] == case["school_id"]), None)
    by = community.district_admin if school is None else community.coordinator(school)
    ledger.follow(TRANSITIONS, case, [Step(action, at, by, reason)])
    case["decided_at"], case["decided_by_id"], case["decision"] = at, by["id"], reason
    people = {one.person["id"]: one.person for one in community.contributors}
    for report in ledger.rows[ListingReport]:
        if report["case_id"] == case["id"]:
            report["status"] = case["status"]
            told = {Audience.OWNER: [people[report["reporter_id"]]]}
            ledger.note(f"listing_report.{action.value}", report, at, report["reporter_id"], told, by=by)


def _ask_again(ledger: Ledger, listings: list[Listing], supervisors: dict[UUID, Row]) -> None:
    """Write down the letters that ask about what grew stale: one to each person about all that is theirs."""
    contacts = {row["id"]: row for row in ledger.rows[Contact]}
    letters: dict[tuple[UUID, UUID | None, str, UUID | None], Row] = {}
    stale = [one for one in listings if one.row["status"] is _S.STALE]
    for listing in sorted(stale, key=lambda one: (one.row["updated_at"], one.row["id"])):
        row, at = listing.row, listing.row["updated_at"]
        kind, whom = _nearest(listing, contacts, supervisors)
        key = row["employer_id"], row["school_id"], kind, whom
        letter = letters.get(key)
        if letter is None:
            letter = letters[key] = _letter(ledger, row, kind, whom, at)
        ledger.add(
            ReconfirmationListing, at, reconfirmation_id=letter["id"], opportunity_id=row["id"], answer=None
        )


def _nearest(
    listing: Listing, contacts: dict[UUID, Row], supervisors: dict[UUID, Row]
) -> tuple[str, UUID | None]:
    """Return whom to ask: the person it came through, who supervises there, or who made it."""
    contact = None if listing.connection is None else contacts.get(listing.connection["contact_id"])
    if contact is not None and contact["status"] is ContactStatus.CONSENTED:
        return "contact", contact["id"]
    supervisor = supervisors.get(listing.row["employer_id"])
    if supervisor is not None:
        return "supervisor", supervisor["id"]
    return "staff", listing.row["owner_id"]


def _letter(ledger: Ledger, row: Row, kind: str, whom: UUID | None, at: datetime) -> Row:
    remind_at = at + remind_after(DEFAULTS.stale_silence_days)
    if kind != "staff":
        _take_from_budget(ledger, row, at)
    return ledger.add(
        Reconfirmation,
        at,
        status=ReconfirmationStatus.ASKED,
        employer_id=row["employer_id"],
        school_id=row["school_id"],
        contact_id=whom if kind == "contact" else None,
        person_id=whom if kind != "contact" else None,
        is_staff=kind == "staff",
        answer_by=at + _SILENCE,
        remind_at=remind_at if whom is not None and remind_at >= ledger.midnight else None,
    )


def _take_from_budget(ledger: Ledger, row: Row, at: datetime) -> None:
    """Count a letter to somebody at an employer as one of the month's asks there."""
    month = local_day(at, ZONE).replace(day=1)
    ledger.add(
        EmployerAsk,
        at,
        employer_id=row["employer_id"],
        month=month,
        kind=AskKind.RECONFIRMATION,
        school_id=row["school_id"],
        asked_at=at,
    )
    for counted in ledger.rows.get(EmployerMonth, []):
        if (counted["employer_id"], counted["month"]) == (row["employer_id"], month):
            counted["asks"] += 1
            return
    ledger.add(EmployerMonth, at, employer_id=row["employer_id"], month=month, asks=1)


def _save_search(ledger: Ledger, community: Community, listings: list[Listing]) -> None:
    """Save what the printed student looks for, and what one digest told of it."""
    student, school = community.logins[Role.STUDENT][1:]
    saved_at, told_at = ledger.ago(60), ledger.ago(3)
    cluster = Cluster.HEALTHCARE_HUMAN_SERVICES
    search = ledger.add(
        SavedSearch,
        saved_at,
        person_id=student["id"],
        status=SavedSearchStatus.ACTIVE,
        name="Health, near home",
        filters={"cluster": cluster.value},
        digest=Digest.WEEKLY,
        by_mail=True,
        due_at=next_digest(Digest.WEEKLY, ledger.midnight, ZONE),
        news_from=saved_at,
        last_found_at=told_at,
        told=0,
    )
    ledger.created("saved_search", search, student, student["id"])
    news = [
        listing.row["id"]
        for listing in listings
        if listing.row["status"] is _S.PUBLISHED
        and cluster.value in listing.row["clusters"]
        and saved_at < listing.row["published_at"] < told_at
        and (
            listing.row["scope"] is OpportunityScope.TENANT
            or listing.row["school_id"] == (school or {}).get("id")
        )
    ]
    whom = {Audience.OWNER: [student]}
    event_id = ledger.note("saved_search.find", search, told_at, student["id"], whom, {"found": len(news)})
    search["told"] = len(news)
    for opportunity_id in news:
        ledger.add(
            SavedSearchHit,
            told_at,
            saved_search_id=search["id"],
            opportunity_id=opportunity_id,
            event_id=event_id,
        )
