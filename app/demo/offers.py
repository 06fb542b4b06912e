"""What the demo community's listings say beside their words: skills, timetables, dates, hours, pay and phases."""

from datetime import date, datetime, timedelta
from typing import Any

from app.demo.ledger import Ledger, Row
from app.demo.places import SCHOOLS
from app.domain.clusters import Cluster
from app.domain.contact import ContactStatus
from app.domain.fields import occupations_in_title
from app.domain.opportunity import Pay
from app.domain.opportunity_types import OpportunityTypeCode, Stage
from app.models import Contact, ProjectPhase, School

_T, _C = OpportunityTypeCode, Cluster

# Skills that the work of a cluster asks for or teaches, and free words to find it by.
_WORK: dict[Cluster, tuple[tuple[str, ...], tuple[str, ...]]] = {
    _C.ADVANCED_MANUFACTURING: (("machining", "attention_to_detail", "teamwork"), ("robotics", "making")),
    _C.AGRICULTURE: (("farming", "animal_care", "time_management"), ("outdoors", "gardening")),
    _C.ARTS_ENTERTAINMENT_DESIGN: (("graphic_design", "creativity", "communication"), ("murals", "photography")),
    _C.CONSTRUCTION: (("hand_and_power_tools", "problem_solving", "teamwork"), ("building", "outdoors")),
    _C.DIGITAL_TECHNOLOGY: (("programming", "problem_solving", "research"), ("gaming", "robotics")),
    _C.EDUCATION: (("teaching", "listening", "communication"), ("children", "reading")),
    _C.ENERGY_NATURAL_RESOURCES: (("laboratory_methods", "problem_solving", "spreadsheets"), ("climate", "outdoors")),
    _C.FINANCIAL_SERVICES: (("financial_literacy", "spreadsheets", "attention_to_detail"), ("numbers",)),
    _C.HEALTHCARE_HUMAN_SERVICES: (("listening", "first_aid", "teamwork"), ("helping people", "animals")),
    _C.HOSPITALITY_EVENTS_TOURISM: (("customer_service", "cooking", "teamwork"), ("baking", "cooking")),
    _C.MANAGEMENT_ENTREPRENEURSHIP: (("organization", "leadership", "spreadsheets"), ("own business",)),
    _C.MARKETING_SALES: (("social_media", "writing", "customer_service"), ("photography", "sneakers")),
    _C.PUBLIC_SERVICE_SAFETY: (("communication", "first_aid", "critical_thinking"), ("helping people",)),
    _C.SUPPLY_CHAIN_TRANSPORTATION: (("organization", "time_management", "teamwork"), ("bikes", "trucks")),
}  # fmt: skip
_DELIVERABLES = (
    "A two-page summary with one chart, and ten minutes to present it.",
    "Twenty photographs with captions that the team can use at once.",
    "A clean list of the stock, and a note on what surprised you.",
    "A short guide in English and Spanish for new customers.",
)
_DRESS = ("Closed shoes and long trousers.", "Clothes that may get dirty.", "What you would wear to school.")
_PHASES = (
    ("Understand the question", "Ten questions to the team there, and what they answered."),
    ("Try two ways", "Two drafts, and what speaks for each."),
    ("Make it and present it", "The result, with a talk of eight minutes."),
)
_SAYS_APPLY_BY, _SAYS_DRESS, _ASKS_SPANISH = 0.6, 0.3, 0.06
_A_WEEK = timedelta(days=7)
_PROJECT_WEEKS = 6
_YEARS_SINCE_SCHOOL = 2


def details(
    ledger: Ledger,
    code: OpportunityTypeCode,
    stage: Stage,
    clusters: tuple[Cluster, ...],
    role: str,
    window: tuple[date | None, date | None],
) -> dict[str, Any]:
    """Return what a listing of a kind says of itself, beside its words, seats and timetable."""
    random = ledger.random
    skills = [skill for cluster in clusters for skill in _WORK[cluster][0]]
    tags = [tag for cluster in clusters for tag in _WORK[cluster][1]]
    found: dict[str, Any] = {
        "skills": sorted(set(random.sample(skills, 2))),
        "tags": sorted(set(random.sample(tags, 1))),
        "fields": sorted(occupations_in_title(role)),
        "languages": ["es"] if random.random() < _ASKS_SPANISH else [],
        "dress_code": random.choice(_DRESS) if random.random() < _SAYS_DRESS else None,
        "apply_by": _apply_by(ledger, stage, window),
    }
    if code is _T.MICRO_INTERNSHIP:
        found["total_hours"] = random.choice((10, 15, 20, 30))
        found["deliverable"] = random.choice(_DELIVERABLES)
        found["pay_cents_total"] = found["total_hours"] * 1500
    if code is _T.NEAR_PEER_MENTORING:
        found["hours_a_month"] = random.randint(2, 4)
    return found


def _apply_by(ledger: Ledger, stage: Stage, window: tuple[date | None, date | None]) -> date | None:
    starts_on, ends_on = window
    if stage is Stage.ABOUT or ends_on is None or ends_on <= ledger.today:
        return None
    if ledger.random.random() >= _SAYS_APPLY_BY:
        return None
    soon = ledger.today + timedelta(days=ledger.random.randrange(10, 45))
    return min(soon, ends_on) if starts_on is None else min(max(starts_on - _A_WEEK, soon), ends_on)


def hourly(ledger: Ledger, pay: Pay) -> int | None:
    """Return what an hour is paid with, where it is paid by the hour."""
    return ledger.random.randrange(1100, 1900, 25) if pay is Pay.PAID else None


def alumni(ledger: Ledger, connections: list[Row], before: datetime) -> list[Row]:
    """Return the connections to somebody who had said yes by then, and so could be noted as a graduate."""
    ready = {
        row["id"]
        for row in ledger.rows[Contact]
        if row["status"] is ContactStatus.CONSENTED and row["updated_at"] < before
    }
    return [row for row in connections if row["contact_id"] in ready and row["updated_at"] < before]


def note_graduate(ledger: Ledger, connection: Row, at: datetime, by: Row) -> None:
    """Note that the contact of a connection left a school of the district two years ago."""
    contact = next(row for row in ledger.rows[Contact] if row["id"] == connection["contact_id"])
    if contact.get("alumnus_of") is None:
        schools = [row for row in ledger.rows[School] if row["name"] == SCHOOLS[0].name]
        contact["alumnus_of"] = schools[0]["id"]
        contact["graduated_in"] = ledger.today.year - _YEARS_SINCE_SCHOOL
        ledger.note("contact.note_graduation", contact, at, by=by)


def lay_out_phases(ledger: Ledger, project: Row, at: datetime, by: Row) -> None:
    """Give a project its three phases, one after the other within its dates."""
    starts_on, ends_on = project["starts_on"], project["ends_on"]
    each = (ends_on - starts_on) / len(_PHASES)
    for number, (title, deliverable) in enumerate(_PHASES):
        ledger.add(
            ProjectPhase,
            at,
            opportunity_id=project["id"],
            position=number + 1,
            title=title,
            deliverable=deliverable,
            starts_on=starts_on + each * number,
            ends_on=starts_on + each * (number + 1),
        )
    facts = {"phases": len(_PHASES)}
    ledger.note("opportunity.set_phases", project, at, project["owner_id"], None, facts, by=by)


def project_window(ledger: Ledger, window: tuple[date | None, date | None]) -> tuple[date, date]:
    """Return the dates of a project; phases need both, whatever was left open."""
    starts_on, ends_on = window
    begins = starts_on or ledger.today + _A_WEEK * 2
    return begins, ends_on or begins + _A_WEEK * _PROJECT_WEEKS
