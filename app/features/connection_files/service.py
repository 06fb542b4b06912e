"""Taking a file of connections into a school's network: each good row becomes a connection as if offered by hand."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.db import Unit
from app.core.events import ByAccount
from app.core.jobs import provisionally
from app.core.problems import AppError
from app.core.tokens import keyed_hash
from app.domain.connection import LIVE, ConnectionDomain
from app.domain.connection_file import ConnectionFile, Defaults, Fault, Offered, read_cards, read_table
from app.domain.contact import normal_address
from app.domain.contact_basis import ContactBasis
from app.domain.errors import Refused
from app.domain.import_report import CONNECTIONS_FILES
from app.domain.intake import Effect
from app.domain.policy import Actor, Role, Standing, may_ever
from app.features.connection_files import queries
from app.features.connection_files.queries import Before
from app.features.connections import service as connections
from app.features.connections.schemas import ConnectionIn
from app.models import Import

_PERSON = ("given_name", "family_name", "email", "phone", "job_title", "personal_relation")
_EMPLOYER = ("street", "city", "region", "postal_code")
_CONNECTION = (
    "domain",
    "closeness",
    "frequency",
    "years_known",
    "offers",
    "fields",
    "share_scope",
    "credit_wanted",
    "note",
)


@dataclass(frozen=True, slots=True)
class Sending:
    """Who sends a file, for which school, and who offers where a row names nobody."""

    tenant_id: UUID
    import_id: UUID
    school_id: UUID
    sent_by: ByAccount
    contributor_id: UUID | None
    hash_key: bytes
    columns: dict[str, str]


@dataclass(slots=True)
class Taken:
    """What became of offers: those made or found again, and the rows that were refused all the same."""

    effect: Effect = field(default_factory=Effect)
    refused: list[Fault] = field(default_factory=list)
    refused_offers: int = 0


def read(options: dict[str, Any], data: bytes) -> ConnectionFile:
    """Read a file of connections as its sender chose; raises Refused. Slow: call it in a thread."""
    basis = options["basis"]
    defaults = Defaults(
        basis=None if basis is None else ContactBasis(basis),
        domain=ConnectionDomain(options["domain"]),
        closeness=options["closeness"],
        frequency=options["frequency"],
    )
    reader = read_table if options["format"] == "csv" else read_cards
    return reader(data, file=CONNECTIONS_FILES[options["format"]], defaults=defaults)


def sending(entry: Import, file: ConnectionFile, hash_key: bytes) -> Sending:
    """Say who sends a file of connections, for which school, and who offers where a row names nobody."""
    account_id = entry.applied_by_account_id or entry.created_by_account_id
    if account_id is None:
        raise ValueError("a file of connections is sent by somebody")
    person_id = entry.applied_by_id if entry.applied_by_account_id else entry.created_by_id
    return Sending(
        tenant_id=entry.tenant_id,
        import_id=entry.id,
        school_id=UUID(entry.options["school_id"]),
        sent_by=ByAccount(account_id, person_id),
        contributor_id=entry.created_by_id,
        hash_key=hash_key,
        columns=file.columns,
    )


async def take(session: AsyncSession, sending: Sending, offers: Sequence[Offered], taken: Taken) -> None:
    """Make connections of offers, each for itself, and count in `taken` what became of them.

    What the same contributor offered before, by hand or in a file, stays as it is: sent again it changes nothing, and
    an import that was interrupted goes on where it stopped.
    """
    givers = await _givers(session, sending, offers)
    keys = {at: _key(sending, giver, offers[at]) for at, giver in givers.items() if isinstance(giver, Actor)}
    before = await _before(session, sending, offers, givers, keys)
    unit: Unit = session.info["unit"]
    for at, offer in enumerate(offers):
        giver, known = givers[at], before.get(at)
        if isinstance(giver, str):
            _refuse(taken, offer, giver, sending.columns.get("contributor", "contributor"))
        elif known is not None:
            _count(taken.effect, sending, known)
        else:
            source = connections.Source(
                sent_by=sending.sent_by,
                school_id=sending.school_id,
                basis=offer.basis,
                import_id=sending.import_id,
                import_key=keys[at],
            )
            try:
                async with provisionally(unit) as one:
                    await connections.create(session, giver, _body(offer), source=source)
                    one.kept = True
                taken.effect.created += 1
            except ValidationError as invalid:
                _refuse(taken, offer, "value_refused", _column(sending, invalid.errors()[0]["loc"]))
            except (AppError, Refused) as refusal:
                _refuse_because(taken, offer, sending, refusal)


def _count(effect: Effect, sending: Sending, known: Before) -> None:
    if known.import_id == sending.import_id:
        effect.created += 1  # by this very import, before it was interrupted
    elif known.status in LIVE:
        effect.unchanged += 1
    else:
        effect.kept += 1


def _refuse(taken: Taken, offer: Offered, code: str, column: str | None, **values: str) -> None:
    taken.refused_offers += 1
    taken.refused += [Fault(line, code, column, values) for line in offer.lines]


def _refuse_because(taken: Taken, offer: Offered, sending: Sending, refusal: AppError | Refused) -> None:
    if isinstance(refusal, Refused):
        english, spanish, pointer = refusal.sentence, refusal.spanish, refusal.pointer
    else:
        english, spanish = refusal.detail, refusal.spanish or refusal.detail
        pointer = refusal.errors[0].pointer if refusal.errors else None
    column = None if not pointer else _column(sending, tuple(pointer.strip("/").split("/")))
    _refuse(taken, offer, "row_refused", column, english=english, spanish=spanish)


def _column(sending: Sending, location: Sequence[int | str]) -> str | None:
    """Return the column of a field of the body: the employer's name is the column of the employer."""
    names = [part for part in location if isinstance(part, str)]
    if not names:
        return None
    if names[0] == "employer" and names[-1] == "name":
        names = ["employer"]
    wanted = {"credit_wanted": "credit", "locale": "language"}.get(names[-1], names[-1])
    return sending.columns.get(wanted, wanted)


def _key(sending: Sending, giver: Actor, offer: Offered) -> bytes:
    """Return the fingerprint by which the same row sent again is known; nobody without the key can test an address."""
    return keyed_hash(sending.hash_key, f"{sending.tenant_id} {giver.person_id} {offer.whom}")


def _body(offer: Offered) -> ConnectionIn:
    body: dict[str, Any] = {name: getattr(offer, name) for name in _CONNECTION}
    if offer.email is not None:
        body["person"] = {name: getattr(offer, name) for name in _PERSON}
        if offer.language is not None:
            body["person"]["locale"] = offer.language
    if offer.employer is not None:
        body["employer"] = {"name": offer.employer} | {name: getattr(offer, name) for name in _EMPLOYER}
    return ConnectionIn.model_validate(body)


async def _givers(
    session: AsyncSession, sending: Sending, offers: Sequence[Offered]
) -> dict[int, Actor | str]:
    """Return for every offer who makes it, or the code of why nobody does."""
    names = {offer.contributor.casefold() for offer in offers if offer.contributor}
    people = await queries.called(
        session, sending.tenant_id, sending.school_id, names, sending.contributor_id
    )
    by_name: dict[str, set[UUID]] = {}
    for person in people:
        for name in (person.email, person.sourced_id):
            if name:
                by_name.setdefault(name.casefold(), set()).add(person.id)
    standings: dict[UUID, list[Standing]] = {person.id: [] for person in people}
    for place in await queries.places(session, sending.tenant_id, list(standings)):
        standings[place.person_id].append(Standing(place.role, place.school_id, place.employer_id))
    actors = {person.id: _actor(sending, person, standings[person.id]) for person in people}
    return {at: _giver(offer, by_name, actors, sending) for at, offer in enumerate(offers)}


def _actor(sending: Sending, person: queries.Named, standings: list[Standing]) -> Actor:
    # Who is in the roster as a child's guardian only, and has no membership of their own, is a guardian there.
    held = standings or [Standing(Role.GUARDIAN, sending.school_id, None)]
    nobodys = sending.sent_by.account_id
    return Actor(sending.tenant_id, nobodys, nobodys, person.id, person.locale, tuple(held))


def _giver(
    offer: Offered, by_name: dict[str, set[UUID]], actors: dict[UUID, Actor], sending: Sending
) -> Actor | str:
    if offer.contributor:
        found = by_name.get(offer.contributor.casefold(), set())
    else:
        found = {sending.contributor_id} if sending.contributor_id in actors else set()
    able = [actors[person_id] for person_id in found if may_ever(actors[person_id], "connection.create")]
    if len(able) > 1:
        return "contributor_ambiguous"
    return able[0] if able else "contributor_unknown"


async def _before(
    session: AsyncSession,
    sending: Sending,
    offers: Sequence[Offered],
    givers: dict[int, Actor | str],
    keys: dict[int, bytes],
) -> dict[int, Before]:
    """Return for every offer the connection that says the same already, if there is one."""
    tenant_id = sending.tenant_id
    of_key = await queries.by_key(session, tenant_id, set(keys.values()))
    people: dict[int, tuple[UUID, str]] = {}
    workplaces: dict[int, tuple[UUID, str]] = {}
    for at, offer in enumerate(offers):
        giver = givers[at]
        if not isinstance(giver, Actor) or giver.person_id is None:
            continue
        if offer.email is not None:
            people[at] = (giver.person_id, normal_address(offer.email))
        else:
            workplaces[at] = (giver.person_id, (offer.employer or "").lower())
    of_person = await queries.with_people(session, tenant_id, set(people.values()))
    of_workplace = await queries.with_workplaces(session, tenant_id, set(workplaces.values()))
    found: dict[int, Before] = {}
    for at, key in keys.items():
        known = of_key.get(key)
        if known is None and at in people:
            known = of_person.get(people[at])
        if known is None and at in workplaces:
            known = of_workplace.get(workplaces[at])
        if known is not None:
            found[at] = known
    return found
