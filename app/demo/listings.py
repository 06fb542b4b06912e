"""The demo community's opportunities: what students could do at its employers, in every state of its life."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from app.demo.community import Community
from app.demo.industries import Industry
from app.demo.ledger import SYSTEM, Ledger, Row, Step, Whom
from app.demo.network import Host
from app.demo.offers import alumni, details, hourly, lay_out_phases, note_graduate, project_window
from app.domain.clusters import Cluster
from app.domain.employer import EmployerStatus
from app.domain.notices import Audience
from app.domain.opportunity import (
    TRANSITIONS,
    ConfirmedBy,
    OpportunityAction,
    OpportunityScope,
    OpportunityStatus,
    Pay,
)
from app.domain.opportunity_types import OPPORTUNITY_TYPES, OpportunityTypeCode, Stage
from app.domain.tenant_settings import DEFAULTS
from app.models import Opportunity


@dataclass(frozen=True, slots=True)
class Listing:
    """An opportunity and who hosts it."""

    row: Row
    host: Host
    stage: Stage
    connection: Row | None


class _Wording(NamedTuple):
    """How an opportunity of a type is called and described, how many seats it has, and how it is paid."""

    share: int
    title: str
    opening: str
    seats: tuple[int, int]
    pay: Pay = Pay.UNPAID
    only: frozenset[Cluster] = frozenset()


_T = OpportunityTypeCode
_TRADES = frozenset(
    {
        Cluster.ADVANCED_MANUFACTURING,
        Cluster.CONSTRUCTION,
        Cluster.ENERGY_NATURAL_RESOURCES,
        Cluster.SUPPLY_CHAIN_TRANSPORTATION,
        Cluster.DIGITAL_TECHNOLOGY,
    }
)
_CARE, _LAND = frozenset({Cluster.HEALTHCARE_HUMAN_SERVICES}), frozenset({Cluster.AGRICULTURE})

# {role} is a job there, {place} the employer's name.
_WORDING = {
    _T.CAREER_FAIR: _Wording(2, "{place} at the career fair", "Meet the people of {place} at their table.", (30, 60)),
    _T.GUEST_SPEAKER: _Wording(3, "Talk: a day as {role}", "Somebody who works as {role} tells how they came to it and takes questions.", (20, 40)),
    _T.WORKSITE_TOUR: _Wording(5, "Tour of {place}", "Walk through the workplace in a small group and see who does what.", (8, 16)),
    _T.INFORMATIONAL_INTERVIEW: _Wording(5, "Interview: {role}", "Bring ten questions for somebody who works as {role}, and half an hour.", (2, 6)),
    _T.VIRTUAL_SESSION: _Wording(3, "Online hour: {role}", "Join by video with your advisor's group and see the work on the screen.", (15, 40)),
    _T.JOB_SHADOW: _Wording(16, "Job shadow: {role}", "Spend a day at the side of somebody who works as {role}.", (1, 4)),
    _T.MENTORSHIP: _Wording(5, "Mentoring with a group: {role}", "Meet every other week, in a group with your advisor, around the work as {role}.", (2, 5)),
    _T.NEAR_PEER_MENTORING: _Wording(2, "Ask a recent graduate: {role}", "Someone who left school two years ago shows how the first steps went.", (3, 8)),
    _T.SERVICE_LEARNING: _Wording(5, "Service project with {place}", "Plan and carry out something the neighborhood needs, together with the team.", (4, 12)),
    _T.MICRO_INTERNSHIP: _Wording(6, "Two-week project: {role}", "One clear task in two weeks of afternoons, with somebody to ask.", (1, 3), Pay.STIPEND),
    _T.INDUSTRY_PROJECT: _Wording(5, "Team project for {place}", "Work in a team on a question that {place} really has, and present what you find.", (4, 8)),
    _T.INTERNSHIP_UNPAID: _Wording(14, "{Role} internship", "Two afternoons a week for a term, beside somebody who works as {role}.", (1, 3)),
    _T.INTERNSHIP_PAID: _Wording(12, "Paid internship: {role}", "A paid place for a term, beside somebody who works as {role}.", (1, 3), Pay.PAID),
    _T.COOPERATIVE_EDUCATION: _Wording(3, "Cooperative place: {role}", "Half days at school and half days at work, for the whole term.", (1, 2), Pay.PAID),
    _T.CLINICAL_EXPERIENCE: _Wording(8, "Clinical experience: {role}", "Supervised hours with patients, after an introduction to hygiene and privacy.", (2, 4), Pay.UNPAID, _CARE),
    _T.SCHOOL_BASED_ENTERPRISE: _Wording(2, "School shop with {place}", "Run a small business at school, with {place} as adviser and first customer.", (4, 10)),
    _T.SUPERVISED_AGRICULTURAL_EXPERIENCE: _Wording(9, "Agricultural experience: {role}", "Your own project over a season, with records, visited by your teacher.", (1, 3), Pay.UNPAID, _LAND),
    _T.PRE_APPRENTICESHIP: _Wording(4, "Pre-apprenticeship: {role}", "Learn the basics of the trade and whether it is yours.", (2, 5), Pay.STIPEND, _TRADES),
    _T.YOUTH_APPRENTICESHIP: _Wording(4, "Youth apprenticeship: {role}", "Paid work and class hours over two years, toward a certificate.", (1, 2), Pay.PAID, _TRADES),
    _T.REGISTERED_APPRENTICESHIP: _Wording(2, "Apprenticeship after graduation: {role}", "For seniors: a registered program that begins after graduation.", (1, 2), Pay.PAID, _TRADES),
    _T.ENTREPRENEURSHIP: _Wording(2, "Start something of your own with {place}", "Bring an idea, write its numbers down with us, and try it for a month.", (3, 6)),
    _T.SIMULATED_WORKPLACE: _Wording(2, "Practice firm with {place}", "A workplace at school that follows the rules and papers of {place}.", (6, 14)),
}  # fmt: skip
# In words, and as a timetable: the days, from, to.
_Schedule = tuple[str, tuple[str, ...], str, str]
_SCHEDULES: dict[Stage, tuple[_Schedule, ...]] = {
    Stage.ABOUT: (
        ("One morning, 9:00-12:00", (), "09:00", "12:00"),
        ("One day, 8:30-15:00", (), "08:30", "15:00"),
        ("One afternoon, 14:00-16:00", (), "14:00", "16:00"),
    ),
    Stage.THROUGH: (
        ("Wednesdays 14:00-16:30", ("wed",), "14:00", "16:30"),
        ("Every other Thursday, 15:00-17:00", ("thu",), "15:00", "17:00"),
        ("Two weeks, 13:00-16:00", ("mon", "tue", "wed", "thu", "fri"), "13:00", "16:00"),
    ),
    Stage.AT: (
        ("Tuesdays and Thursdays 13:00-16:00", ("tue", "thu"), "13:00", "16:00"),
        ("Mondays and Wednesdays 14:30-17:30", ("mon", "wed"), "14:30", "17:30"),
        ("Fridays 8:00-14:00", ("fri",), "08:00", "14:00"),
    ),
}
_CLOSINGS = (
    "You need no experience; curiosity and being on time are enough.",
    "Closed shoes, please; everything else is there.",
    "Bring a notebook. The bus stops five minutes away.",
    "We speak English and Spanish.",
    "Tell us if you need the step-free entrance; it is at the side.",
    "Your advisor visits you once in the first weeks.",
)
_OLDER = frozenset(
    {Cluster.ADVANCED_MANUFACTURING, Cluster.CONSTRUCTION, Cluster.SUPPLY_CHAIN_TRANSPORTATION}
)

_A = OpportunityAction
_SHOWN = (_A.SUBMIT, _A.PUBLISH)
_LIVES: tuple[tuple[int, tuple[float, float], EmployerStatus, tuple[OpportunityAction, ...]], ...] = (
    (180, (330, 170), EmployerStatus.VETTED, (*_SHOWN, _A.CONFIRM)),
    (150, (165, 20), EmployerStatus.VETTED, _SHOWN),
    (36, (25, 1), EmployerStatus.VETTED, ()),
    (30, (12, 1), EmployerStatus.PROSPECT, (_A.SUBMIT,)),
    (14, (30, 6), EmployerStatus.VETTED, (_A.SUBMIT, _A.REQUEST_CHANGES)),
    (10, (60, 30), EmployerStatus.PROSPECT, (_A.SUBMIT, _A.REJECT)),
    (14, (250, 60), EmployerStatus.VETTED, (*_SHOWN, _A.PAUSE)),
    (10, (300, 200), EmployerStatus.SUSPENDED, (*_SHOWN, _A.PAUSE)),
    (8, (200, 40), EmployerStatus.VETTED, (*_SHOWN, _A.HIDE)),
    # Grown stale in the last two weeks: whoever is asked about them still has time to answer.
    (20, (196, 191), EmployerStatus.VETTED, (*_SHOWN, _A.MARK_STALE)),
    (28, (400, 300), EmployerStatus.VETTED, (*_SHOWN, _A.ARCHIVE)),
)
_REASONS = {
    _A.REQUEST_CHANGES: "Please say what a student would do in the first week.",
    _A.REJECT: "The tasks are not suitable for students.",
    _A.HIDE: "A parent reported the description; we are asking the employer.",
    _A.PAUSE: "No places for new students until further notice.",
}
_STALE_AFTER = timedelta(days=DEFAULTS.stale_after_days)
_SOON = timedelta(minutes=10)
_LONG_AGO = 160
_SCHOOL_ONLY, _FROM_IMPORT, _OPEN_END, _THROUGH_SOMEONE = 0.12, 0.06, 0.4, 0.7


def build_listings(ledger: Ledger, community: Community, hosts: list[Host]) -> list[Listing]:
    """Write down the opportunities: every type, every cluster and every state among them."""
    by_status: dict[EmployerStatus, list[Host]] = {}
    for host in hosts:
        by_status.setdefault(host.employer["status"], []).append(host)
    listings: list[Listing] = []
    seen: set[OpportunityTypeCode] = set()
    for count, days, employer, life in _LIVES:
        # Round about the hosts, each industry's first among them, so that no cluster is left out.
        pool = by_status[employer]
        start = 0 if not listings else ledger.random.randrange(len(pool))
        for number in range(count):
            host = pool[(start + number) % len(pool)]
            code = _type(ledger, seen, host, ledger.ago(days[0]))
            listings.append(_listing(ledger, community, host, code, days, life))
    return listings


def _type(
    ledger: Ledger, seen: set[OpportunityTypeCode], host: Host, before: datetime
) -> OpportunityTypeCode:
    fitting = [
        code
        for code, words in _WORDING.items()
        if (not words.only or words.only & set(host.industry.clusters))
        and (code is not _T.NEAR_PEER_MENTORING or alumni(ledger, host.connections, before))
    ]
    missing = [code for code in fitting if code not in seen]
    if missing:
        seen.add(missing[0])
        return missing[0]
    return ledger.random.choices(fitting, [_WORDING[code].share for code in fitting])[0]


def _listing(
    ledger: Ledger,
    community: Community,
    host: Host,
    code: OpportunityTypeCode,
    days: tuple[float, float],
    life: tuple[OpportunityAction, ...],
) -> Listing:
    random = ledger.random
    words, stage = _WORDING[code], OPPORTUNITY_TYPES[code].stage
    at = ledger.ago(*days)
    known = [connection for connection in host.connections if connection["updated_at"] < at]
    connection = random.choice(known) if known and random.random() < _THROUGH_SOMEONE else None
    if code is _T.NEAR_PEER_MENTORING:
        connection = random.choice(alumni(ledger, host.connections, ledger.ago(days[0])))
    school = random.choice(community.schools)
    imported = random.random() < _FROM_IMPORT
    owner = random.choice(
        (community.coordinator(school, len(host.connections)), *community.advisors[school["name"]][:6])
    )
    role = random.choice(host.industry.roles)
    starts_on, ends_on = _window(ledger, stage, at, life)
    if code is _T.INDUSTRY_PROJECT:
        starts_on, ends_on = project_window(ledger, (starts_on, ends_on))
    schedule, weekdays, begins, ends = random.choice(_SCHEDULES[stage])
    row = ledger.add(
        Opportunity,
        at,
        status=OpportunityStatus.DRAFT,
        title=_fill(words.title, role, host),
        description=_describe(ledger, words, role, host.industry, host),
        type=code.value,
        clusters=[cluster.value for cluster in host.industry.clusters],
        employer_id=host.employer["id"],
        worksite_id=None if code is _T.VIRTUAL_SESSION else random.choice(host.worksites)["id"],
        connection_id=None if connection is None else connection["id"],
        school_id=None if imported else school["id"],
        scope=OpportunityScope.SCHOOL
        if not imported and random.random() < _SCHOOL_ONLY
        else OpportunityScope.TENANT,
        owner_id=None if imported else owner["id"],
        seats=random.randint(*words.seats),
        seats_taken=0,
        starts_on=starts_on,
        ends_on=ends_on,
        schedule=schedule,
        meets=[{"day": day, "from": begins, "to": ends} for day in weekdays],
        minimum_age=_minimum_age(ledger, code, stage, host.industry),
        remote=code is _T.VIRTUAL_SESSION,
        pay=words.pay,
        pay_cents_per_hour=hourly(ledger, words.pay),
        credit=stage is Stage.AT,
        external_key=f"catalog-{len(ledger.rows.get(Opportunity, [])):04d}" if imported else None,
        **details(ledger, code, stage, host.industry.clusters, role, (starts_on, ends_on)),
    )
    ledger.created("opportunity", row, owner, row["owner_id"])
    if code is _T.INDUSTRY_PROJECT:
        lay_out_phases(ledger, row, at + _SOON, owner)
    if code is _T.NEAR_PEER_MENTORING and connection is not None:
        note_graduate(ledger, connection, at + _SOON, community.coordinator(school))
    whom = {
        Audience.OWNER: [] if imported else [owner],
        Audience.COORDINATORS: [community.district_admin]
        if imported
        else community.coordinators[school["name"]],
    }
    if connection is not None:
        whom[Audience.CONTRIBUTOR] = [community.person(connection["contributor_id"])]
    _Leading(ledger, host, owner, community.coordinator(school), whom).lead(row, life)
    return Listing(row, host, stage, connection)


@dataclass(frozen=True, slots=True)
class _Leading:
    """Those who lead an opportunity along its life, and those who hear of it."""

    ledger: Ledger
    host: Host
    owner: Row
    coordinator: Row
    whom: Whom

    def lead(self, row: Row, life: tuple[OpportunityAction, ...]) -> None:
        """Take each step of a life, at a time that fits the one before."""
        row["published_at"] = row["confirmed_at"] = row["confirmed_by"] = None
        at: datetime = row["updated_at"]
        for action in life:
            at = self._when(action, at, row)
            if action in {_A.PUBLISH, _A.CONFIRM}:
                row["published_at"] = row["published_at"] or at
                row["confirmed_at"], row["confirmed_by"] = at, ConfirmedBy.STAFF
            by: Row | str = self.owner if action is _A.SUBMIT else self.coordinator
            if action is _A.MARK_STALE:
                by = SYSTEM
            step = Step(action, at, by, _REASONS.get(action))
            self.ledger.follow(TRANSITIONS, row, [step], row["owner_id"], self.whom)

    def _when(self, action: OpportunityAction, at: datetime, row: Row) -> datetime:
        if action is _A.MARK_STALE:
            due: datetime = row["confirmed_at"] + _STALE_AFTER
            return due
        if action is _A.PAUSE and self.host.employer["status"] is EmployerStatus.SUSPENDED:
            suspended: datetime = self.host.employer["updated_at"]
            return suspended
        if action is _A.CONFIRM:
            return self.ledger.ago(60, 5)
        if action in {_A.ARCHIVE, _A.PAUSE, _A.HIDE}:
            return self.ledger.ago(20, 2)
        return self.ledger.later(at, 3)


def _window(
    ledger: Ledger, stage: Stage, at: datetime, life: tuple[OpportunityAction, ...]
) -> tuple[date | None, date | None]:
    random, today = ledger.random, ledger.today
    if _A.ARCHIVE in life:
        return at.date() + timedelta(days=10), today - timedelta(days=random.randrange(21, 60))
    if stage is Stage.ABOUT:
        day = today + timedelta(days=random.randrange(7, 90))
        return day, day
    if random.random() < _OPEN_END:
        return None, None
    begun = (ledger.midnight - at).days > _LONG_AGO
    start = (
        today - timedelta(days=random.randrange(125, 150))
        if begun
        else today + timedelta(days=random.randrange(5, 40))
    )
    return start, today + timedelta(days=random.randrange(60, 240))


def _minimum_age(ledger: Ledger, code: OpportunityTypeCode, stage: Stage, industry: Industry) -> int | None:
    if code in {_T.CLINICAL_EXPERIENCE, _T.YOUTH_APPRENTICESHIP}:
        return 16
    if code is _T.REGISTERED_APPRENTICESHIP:
        return 17
    if stage is Stage.AT and _OLDER & set(industry.clusters):
        return 16
    return ledger.random.choice((None, None, 14, 15)) if stage is Stage.AT else None


def _fill(text: str, role: str, host: Host) -> str:
    return text.format(role=role, Role=role.capitalize(), place=host.employer["name"])


def _describe(ledger: Ledger, words: _Wording, role: str, industry: Industry, host: Host) -> str:
    opening = _fill(words.opening, role, host)
    return f"{opening} You would see or do much of what fills our days: {industry.work}. {ledger.random.choice(_CLOSINGS)}"
