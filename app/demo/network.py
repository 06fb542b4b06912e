"""The demo community's network: employers, their worksites, and the people that families and staff know there."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from app.demo.community import Community, Contributor
from app.demo.industries import INDUSTRIES, VETERINARY, Industry
from app.demo.ledger import LINK, SYSTEM, Ledger, Row, Step
from app.demo.names import mailbox, pick_name
from app.demo.places import (
    CITY,
    FIRST_WORDS,
    REGION,
    ZONE,
    pick_coordinates,
    pick_postal_code,
    pick_street,
)
from app.domain import connection as connections
from app.domain import contact as contacts
from app.domain import employer as employers
from app.domain.connection import ConnectionAction, ConnectionDomain, ConnectionStatus, Offer, ShareScope
from app.domain.contact import CLOSED, INVITATION_LIFE, REMINDER_AFTER, ContactAction, ContactStatus
from app.domain.employer import Access, EmployerAction, EmployerStatus
from app.domain.notices import Audience
from app.domain.policy import Role
from app.models import Connection, Contact, Employer, Worksite

EMPLOYERS = 300
_SECOND_SITE = 0.15
# Yes, partly, no, and nobody has said.
_ACCESS = (45, 20, 10, 25)

_VET, _SUSPEND, _ARCHIVE = EmployerAction.VET, EmployerAction.SUSPEND, EmployerAction.ARCHIVE
# How many employers have which past; the rest of them are vetted.
_EMPLOYER_PASTS: tuple[tuple[int, tuple[EmployerAction, ...]], ...] = (
    (36, ()),
    (10, (_VET, _SUSPEND)),
    (9, (_VET, _ARCHIVE)),
    (5, (_ARCHIVE,)),
)


@dataclass(frozen=True, slots=True)
class Host:
    """An employer, what it does and where, and the connections that lead to it and are active."""

    employer: Row
    industry: Industry
    worksites: list[Row]
    connections: list[Row] = field(default_factory=list)


class _Past(NamedTuple):
    """What happened to this many connections and their contacts, in order, that many days ago."""

    many: int
    days: tuple[float, float]
    employer: EmployerStatus
    start: ConnectionStatus
    steps: tuple[StrEnum, ...]


_N, _C = ConnectionAction, ContactAction
_DRAFT, _PROPOSED = ConnectionStatus.DRAFT, ConnectionStatus.PROPOSED
_VETTED, _PROSPECT, _SUSPENDED = EmployerStatus.VETTED, EmployerStatus.PROSPECT, EmployerStatus.SUSPENDED
_YES = (_N.SCREEN, _C.INVITE, _C.ACCEPT)
_OLD = (400, 60)

_PASTS = (
    _Past(24, (20, 1), _PROSPECT, _DRAFT, ()),
    _Past(60, (15, 0.2), _VETTED, _PROPOSED, ()),
    _Past(50, (15, 0.2), _PROSPECT, _PROPOSED, ()),
    _Past(40, (6, 1), _VETTED, _PROPOSED, (_N.SCREEN, _C.INVITE)),
    _Past(56, (24, 9), _VETTED, _PROPOSED, (_N.SCREEN, _C.INVITE, _C.REMIND)),
    _Past(520, _OLD, _VETTED, _PROPOSED, (*_YES, _N.ACTIVATE)),
    _Past(30, (60, 20), _PROSPECT, _PROPOSED, _YES),
    _Past(10, _OLD, _SUSPENDED, _PROPOSED, (*_YES, _N.ACTIVATE, _N.REST)),
    _Past(44, _OLD, _VETTED, _PROPOSED, (*_YES, _N.ACTIVATE, _C.PAUSE, _N.REST)),
    _Past(60, _OLD, _VETTED, _PROPOSED, (_N.SCREEN, _C.INVITE, _C.DECLINE)),
    _Past(16, _OLD, _VETTED, _PROPOSED, (_N.SCREEN, _C.INVITE, _C.NOT_ME)),
    _Past(9, _OLD, _VETTED, _PROPOSED, (_N.SCREEN, _C.INVITE, _C.NEVER)),
    _Past(5, _OLD, _VETTED, _PROPOSED, (*_YES, _N.ACTIVATE, _C.NEVER, _N.REST)),
    _Past(50, _OLD, _VETTED, _PROPOSED, (_N.SCREEN, _C.INVITE, _C.REMIND, _C.LAPSE)),
    _Past(14, _OLD, _VETTED, _PROPOSED, (_N.REJECT, _C.ERASE)),
    _Past(8, _OLD, _VETTED, _PROPOSED, (_N.WITHDRAW, _C.ERASE)),
    _Past(4, _OLD, _VETTED, _DRAFT, (_N.WITHDRAW, _C.ERASE)),
)
# A second family that knows the same person, and connections to a workplace without naming anyone there.
_KNOWN_AGAIN = _Past(80, (50, 4), _VETTED, _PROPOSED, (_N.SCREEN, _N.ACTIVATE))
_WORKPLACES = (
    _Past(90, _OLD, _VETTED, _PROPOSED, (_N.SCREEN, _N.ACTIVATE)),
    _Past(20, (15, 0.5), _PROSPECT, _PROPOSED, ()),
    _Past(10, (40, 10), _PROSPECT, _PROPOSED, (_N.SCREEN,)),
)

_BY_COORDINATOR = {_N.SCREEN, _N.REJECT}
_BY_LINK = {_C.ACCEPT, _C.DECLINE, _C.NOT_ME, _C.NEVER, _C.PAUSE}
_DOMAINS = dict(zip(ConnectionDomain, (6, 24, 14, 10, 9, 20, 12, 5), strict=True))
_ROLES = {Role.GUARDIAN: 68, Role.ADVISOR: 17, Role.STUDENT: 15}
_WITH_NOTE = 0.35
_ELSEWHERE = 0.2
_NOTES = {
    "en": (
        "We sing in the same choir; mornings are the best time to reach them.",
        "Has taken young people along before and enjoyed it.",
        "Grew up on our street and likes to help students from here.",
        "Would rather start with a short visit than a whole term.",
        "Loves to explain things and has the patience for it.",
    ),
    "es": (
        "Cantamos en el mismo coro; es mejor escribirle por la mañana.",
        "Ya ha recibido a jóvenes y le gustó mucho.",
        "Creció en nuestra calle y quiere ayudar a estudiantes de aquí.",
        "Prefiere empezar con una visita corta.",
    ),
}


def build_network(ledger: Ledger, community: Community) -> list[Host]:
    """Write down the employers, and every connection with its contact and its history."""
    hosts = [_host(ledger, community, number, past) for number, past in enumerate(_employer_pasts(ledger))]
    by_status: dict[EmployerStatus, list[Host]] = {}
    for host in hosts:
        by_status.setdefault(host.employer["status"], []).append(host)
    writer = _Writer(ledger, community)
    known: list[tuple[Row, Host]] = []
    for past in _PASTS:
        for _ in range(past.many):
            host = ledger.random.choice(by_status[past.employer])
            contact, connection = writer.write(past, host)
            if connection["status"] is ConnectionStatus.ACTIVE and contact is not None:
                known.append((contact, host))
    for contact, host in ledger.random.sample(known, _KNOWN_AGAIN.many):
        writer.write(_KNOWN_AGAIN, host, contact=contact)
    for past in _WORKPLACES:
        for _ in range(past.many):
            writer.write(past, ledger.random.choice(by_status[past.employer]), nobody=True)
    return hosts


def _employer_pasts(ledger: Ledger) -> list[tuple[EmployerAction, ...]]:
    rare = [past for count, past in _EMPLOYER_PASTS for _ in range(count)]
    common: list[tuple[EmployerAction, ...]] = [(_VET,)] * (EMPLOYERS - len(rare) - len(INDUSTRIES))
    rest = [*rare, *common]
    ledger.random.shuffle(rest)
    # The first of each industry is vetted, so that every kind of work is open to students.
    return [(_VET,)] * len(INDUSTRIES) + rest


def _host(ledger: Ledger, community: Community, number: int, past: tuple[EmployerAction, ...]) -> Host:
    random = ledger.random
    industry = INDUSTRIES[number % len(INDUSTRIES)]
    turn = number // len(INDUSTRIES)
    # Steps that share no factor with the number of words: no first word comes twice in an industry.
    word = FIRST_WORDS[(number % len(INDUSTRIES) * 7 + turn * 11) % len(FIRST_WORDS)]
    name = f"{word} {industry.kinds[turn % len(industry.kinds)]}"
    at = ledger.ago(640, 440) if past else ledger.ago(120, 61)
    school = random.choice(community.schools)
    coordinator = community.coordinator(school, number)
    employer = ledger.add(
        Employer,
        at,
        name=name,
        naics=industry.naics,
        website=f"https://{_slug(name)}.example.com",
        status=EmployerStatus.PROSPECT,
        monthly_contact_cap=random.choice((2, 4, 4, 4, 6)),
        vetting_note="Visited; contact person, insurance and way there are known." if past else None,
    )
    ledger.created("employer", employer, coordinator)
    for action in past:
        vetting = action is _VET
        at = ledger.later(at, 12, 1) if vetting else ledger.ago(25, 4)
        step = Step(action, at, coordinator, None if vetting else "No longer takes students.")
        ledger.follow(employers.TRANSITIONS, employer, [step])
    sites = [_worksite(ledger, employer, "Main site")]
    if random.random() < _SECOND_SITE:
        sites.append(_worksite(ledger, employer, "Second site"))
    return Host(employer, industry, sites)


def _worksite(ledger: Ledger, employer: Row, name: str) -> Row:
    latitude, longitude = pick_coordinates(ledger.random)
    step_free, sensory, transit = (ledger.random.choices(list(Access), _ACCESS)[0] for _ in range(3))
    return ledger.add(
        Worksite,
        employer["created_at"],
        employer_id=employer["id"],
        name=name,
        street=pick_street(ledger.random),
        city=CITY,
        region=REGION,
        postal_code=pick_postal_code(ledger.random),
        latitude=latitude,
        longitude=longitude,
        zone=ZONE,
        access_step_free=step_free,
        access_sensory=sensory,
        access_transit=transit,
    )


def _slug(name: str) -> str:
    words = "".join(letter if letter.isalnum() else " " for letter in name.lower().replace("'", "")).split()
    return "-".join(words)


class _Writer:
    """Writes connections: finds a contributor for each and leads both ends along their lives."""

    def __init__(self, ledger: Ledger, community: Community) -> None:
        self._ledger = ledger
        self._community = community
        self._turn = 0
        self._by_role: dict[Role, list[Contributor]] = {role: [] for role in _ROLES}
        for contributor in community.contributors:
            self._by_role[contributor.role].append(contributor)

    def write(
        self, past: _Past, host: Host, *, contact: Row | None = None, nobody: bool = False
    ) -> tuple[Row | None, Row]:
        """Write one connection; to a new contact, to one known already, or to the workplace alone."""
        ledger = self._ledger
        contributor = self._contributor(host)
        person, school = contributor.person, contributor.school
        self._turn += 1
        coordinator = self._community.coordinator(school, self._turn)
        at = ledger.ago(*past.days)
        if contact is None and not nobody:
            contact = self._contact(host, contributor, at)
        connection = self._connection(past, host, contributor, contact, at)
        about: UUID = person["id"]
        coordinators = self._community.coordinators[school["name"]]
        whom = {Audience.CONTRIBUTOR: [person], Audience.COORDINATORS: coordinators}
        ledger.created("connection", connection, person, about, whom)
        for action in past.steps:
            at = self._when(action, at, contact, host)
            if action in _BY_COORDINATOR:
                by: Row | str = coordinator
            elif action is _N.WITHDRAW:
                by = person
            elif action is _C.ERASE:
                # The person is forgotten with the connection, by whoever ended that.
                by = person if connection["status"] is ConnectionStatus.WITHDRAWN else coordinator
            else:
                by = LINK if action in _BY_LINK else SYSTEM
            step = Step(
                action, at, by, "This workplace does not take students." if action is _N.REJECT else None
            )
            if contact is not None and isinstance(action, ContactAction):
                ledger.follow(contacts.TRANSITIONS, contact, [step], None, whom)
                _date(contact, connection, step)
            else:
                ledger.follow(connections.TRANSITIONS, connection, [step], about, whom)
        if connection["status"] is ConnectionStatus.ACTIVE:
            host.connections.append(connection)
        return contact, connection

    def _contributor(self, host: Host) -> Contributor:
        """Choose someone; nobody in the printed student's home knows a veterinary clinic (the story needs that)."""
        random = self._ledger.random
        while True:
            role = random.choices(list(_ROLES), list(_ROLES.values()))[0]
            found = random.choice(self._by_role[role])
            if found.household != 0 or host.industry.naics != VETERINARY:
                return found

    def _contact(self, host: Host, contributor: Contributor, at: datetime) -> Row:
        random = self._ledger.random
        name = pick_name(random)
        word = _slug(host.employer["name"]).split("-")[0]
        return self._ledger.add(
            Contact,
            at,
            status=ContactStatus.PROPOSED,
            given_name=name.given,
            family_name=name.family,
            email=self._ledger.unused_login(f"{mailbox(name)}@{word}.example.com"),
            phone=f"+1-814-555-01{random.randrange(100):02d}" if random.random() < 1 / 2 else None,
            job_title=random.choice(host.industry.roles).capitalize(),
            locale=name.locale,
            employer_id=host.employer["id"],
            school_id=contributor.school["id"],
            suggested_by_role=contributor.role.value,
        )

    def _connection(
        self, past: _Past, host: Host, contributor: Contributor, contact: Row | None, at: datetime
    ) -> Row:
        random = self._ledger.random
        notes = _NOTES[contributor.person["locale"]]
        narrow = random.random() < _ELSEWHERE
        return self._ledger.add(
            Connection,
            at,
            status=past.start,
            contributor_id=contributor.person["id"],
            school_id=contributor.school["id"],
            contact_id=None if contact is None else contact["id"],
            employer_id=host.employer["id"],
            domain=random.choices(list(_DOMAINS), list(_DOMAINS.values()))[0],
            closeness=random.randint(1, 3),
            frequency=random.randint(1, 5),
            years_known=random.choice((None, 1, 2, 3, 5, 8, 12, 20)),
            offers=random.sample([offer.value for offer in Offer], random.randint(1, 3)),
            share_scope=random.choice((ShareScope.SCHOOL, ShareScope.ADVISORY))
            if narrow
            else ShareScope.TENANT,
            credit_wanted=random.random() < 3 / 4,
            note=random.choice(notes) if random.random() < _WITH_NOTE else None,
        )

    def _when(self, action: StrEnum, at: datetime, contact: Row | None, host: Host) -> datetime:
        if contact is not None and action in {_C.REMIND, _C.LAPSE}:
            due: datetime = contact["remind_at"] if action is _C.REMIND else contact["answer_due_at"]
            return due
        if action is _N.REST and host.employer["status"] is EmployerStatus.SUSPENDED:
            at = max(at, host.employer["updated_at"])
        if action in {_C.INVITE, _C.ERASE, _N.ACTIVATE, _N.REST}:
            return at + timedelta(seconds=20)
        return self._ledger.later(at, 1 if action is _N.SCREEN else 5)


def _date(contact: Row, connection: Row, step: Step) -> None:
    """Set what a step leaves in the contact's row: due dates, and nothing personal once it is closed."""
    closed = contact["status"] in CLOSED
    if step.action is _C.INVITE:
        contact["invited_at"] = step.at
        contact["remind_at"] = step.at + REMINDER_AFTER
        contact["answer_due_at"] = step.at + INVITATION_LIFE
    if step.action in {_C.ACCEPT, _C.DECLINE, _C.NOT_ME, _C.NEVER}:
        contact["answered_at"] = step.at
    if closed or step.action is _C.REMIND or step.action is _C.ACCEPT:
        contact["remind_at"] = None
    if closed or step.action is _C.ACCEPT:
        contact["answer_due_at"] = None
    if closed:
        for name in ("given_name", "family_name", "email", "phone", "job_title"):
            contact[name] = None
        contact["erased_at"] = step.at
        connection["note"] = None
