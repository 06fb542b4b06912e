"""What people do with connections: load, decide, change, record."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access import check_version, get
from app.core import clock
from app.core.db import Unit
from app.core.events import ByAccount, record, recorded
from app.core.ids import new_id
from app.core.problems import Conflict, FieldError, Forbidden, NotFound, Unprocessable
from app.domain.connection import ENDED, TRANSITIONS, ConnectionAction, ConnectionStatus, check_editable
from app.domain.contact import check_graduation, normal_address
from app.domain.contact_basis import ContactBasis
from app.domain.errors import Refused
from app.domain.free_text import check_reason, holds_contact_data, names_any, words
from app.domain.lifecycle import next_status
from app.domain.policy import Actor, Role, scopes
from app.domain.private_mail import is_private
from app.features.connections import queries
from app.features.connections.schemas import (
    ConnectionIn,
    ConnectionPatch,
    SuggestedEmployer,
    SuggestedPerson,
)
from app.features.contacts import service as contacts
from app.features.employers import service as employers
from app.features.hops import service as hops
from app.features.pool import service as pool
from app.features.readiness import service as readiness
from app.features.schools.service import school_is_open
from app.models import Connection, Contact, Employer

# In which role somebody contributes who has several: the one nearest to the family first.
_AS = (Role.GUARDIAN, Role.STUDENT, Role.ADVISOR, Role.COORDINATOR, Role.DISTRICT_ADMIN)
_NEVER_NULL = ("domain", "closeness", "frequency", "offers", "fields", "share_scope", "credit_wanted")


async def view(session: AsyncSession, actor: Actor, connection_id: UUID) -> dict[str, Any]:
    """Return one connection as the caller may see it; raises NotFound."""
    found = await queries.view(session, actor, connection_id)
    if found is None:
        raise NotFound(
            "there is no connection here with this id that you may see",
            spanish="no existe aquí ninguna conexión con ese id que usted pueda ver",
        )
    return found


@dataclass(frozen=True, slots=True)
class Source:
    """The file that a connection came in: who sent it (not always the contributor), for which school, on what ground."""

    sent_by: ByAccount
    school_id: UUID
    basis: ContactBasis
    import_id: UUID
    import_key: bytes


async def create(
    session: AsyncSession, actor: Actor, body: ConnectionIn, *, source: Source | None = None
) -> UUID:
    """Offer somebody, or some workplace, that the contributor knows.

    `actor` is the contributor. Out of a file, `source` says who sent it, and whoever sends it has checked the school.

    The pool hears of it when it becomes active, or by its own sweep: indexing it here would take another time for a
    person who is known already, with a job title of theirs.
    """
    _check_free_text(body)
    if body.person is not None:
        _check_business_address(body.person)
    author = actor
    if source is None:
        school_id = await _school(session, actor, body.school_id)
    else:
        school_id = source.school_id
        author = replace(actor, account_id=source.sent_by.account_id, person_id=source.sent_by.person_id)
    if body.person is not None and Role.STUDENT in actor.roles:
        await _check_not_family(session, actor, body.person)
    if body.person is not None:
        await _check_graduation(session, actor, body.person)
    told = {"/note": body.note, "/person/job_title": None if body.person is None else body.person.job_title}
    await _check_names_no_student(session, actor, actor.person_id, school_id, told)
    connection_id = new_id()
    unit: Unit = session.info["unit"]
    # First of the subjects: a repeated request is authorised on the first, and the rest are made on the way.
    recorded(unit).subjects[connection_id] = "connection"
    employer_id = None if body.employer is None else await _employer(session, author, body.employer)
    contact: Contact | None = None
    if body.person is not None:
        contact = await contacts.suggest(
            session,
            author,
            school_id=school_id,
            role=next(role.value for role in _AS if role in actor.roles),
            person=body.person.model_dump(exclude={"personal_relation"}),
            employer_id=employer_id,
        )
    connection = Connection(
        tenant_id=actor.tenant_id,
        id=connection_id,
        contributor_id=actor.person_id,
        school_id=school_id,
        contact_id=None if contact is None else contact.id,
        employer_id=employer_id,
        basis=None if source is None else source.basis,
        import_id=None if source is None else source.import_id,
        import_key=None if source is None else source.import_key,
        offers=_once_each(body.offers),
        fields=_once_each(body.fields),
        personal_relation=body.person is not None and body.person.personal_relation,
        **body.model_dump(exclude={"person", "employer", "offers", "fields", "school_id"}),
    )
    session.add(connection)
    await record(
        session,
        "connection.create",
        actor=author,
        subject=connection,
        facts={"share_scope": connection.share_scope.value}
        | ({} if source is None else {"import_id": str(source.import_id)}),
        person_id=actor.person_id,
    )
    return connection_id


async def change(
    session: AsyncSession, actor: Actor, connection_id: UUID, body: ConnectionPatch, version: int
) -> None:
    """Change what a contributor said; whom the connection leads to stays. A narrower share is written down.

    Raises Refused for a connection that has ended, Conflict for a note or fields of somebody who is erased.
    """
    connection, contact = await _locked(session, actor, "connection.update", connection_id, version)
    check_editable(connection.status)
    changes = body.model_dump(exclude_unset=True)
    for name in _NEVER_NULL:
        if changes.get(name, ...) is None:
            raise Unprocessable(
                f"give {name} a value, or leave it out to keep the present one",
                spanish=f"dé un valor a {name} u omítalo para conservar el actual",
                errors=[FieldError("may not be null", "null", pointer=f"/{name}")],
            )
    if body.note is not None:
        _check_words({"/note": body.note})
        await _check_names_no_student(
            session, actor, connection.contributor_id, connection.school_id, {"/note": body.note}
        )
    if (body.note is not None or body.fields) and contact is not None and contact.erased_at is not None:
        # Locked before the connection: whoever erases waits for us, or we for them.
        raise Conflict(
            "nobody is left at the other end of whom a note or fields could be kept; leave them out",
            spanish="ya no hay nadie al otro lado de quien guardar una nota o campos; omítalos",
            code="nobody_to_read_it",
        )
    before = connection.share_scope
    for name, value in changes.items():
        setattr(connection, name, _once_each(value) if name in {"offers", "fields"} else value)
    after = connection.share_scope
    await record(
        session,
        "connection.update",
        actor=actor,
        subject=connection,
        facts=None if after is before else {"share_scope": {"from": before.value, "to": after.value}},
        person_id=connection.contributor_id,
    )
    await pool.index(session, actor.tenant_id, connection_id)


async def act(
    session: AsyncSession,
    actor: Actor,
    action: ConnectionAction,
    connection_id: UUID,
    version: int,
    reason: str | None = None,
) -> None:
    """Screen, reject or withdraw a connection; its contact is invited, or forgotten, in the same unit of work."""
    name = f"connection.{action.value}"
    connection, contact = await _locked(session, actor, name, connection_id, version)
    check_reason(reason, () if contact is None else contact.names())
    connection.status = next_status(TRANSITIONS, connection.status, action)
    await record(
        session,
        name,
        actor=actor,
        subject=connection,
        reason=reason,
        person_id=connection.contributor_id,
    )
    if connection.status in ENDED:
        await hops.end_for_connections(session, actor.tenant_id, [connection_id])
        await pool.index(session, actor.tenant_id, connection_id)
    if connection.status is ConnectionStatus.SCREENED:
        if contact is not None:
            await contacts.invite(session, contact)
        await readiness.settle(session, actor.tenant_id, connection_id=connection_id)
    elif contact is not None:
        await contacts.forget_if_unwanted(session, contact)


async def _locked(
    session: AsyncSession, actor: Actor, action: str, connection_id: UUID, version: int
) -> tuple[Connection, Contact | None]:
    connection = await get(session, actor, action, Connection, connection_id)
    contact = None
    if connection.contact_id is not None:
        # The contact before its connections, as in every change that locks both.
        contact = await contacts.locked(session, actor.tenant_id, connection.contact_id)
    await session.refresh(connection, with_for_update=True)
    check_version(connection, version)
    return connection, contact


def _once_each(codes: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(str(code) for code in codes))


def _check_free_text(body: ConnectionIn) -> None:
    written = {"/note": body.note}
    if body.person is not None:
        for field in ("given_name", "family_name", "job_title"):
            written[f"/person/{field}"] = getattr(body.person, field)
    if body.employer is not None:
        for field in ("name", "street", "city", "region"):
            written[f"/employer/{field}"] = getattr(body.employer, field)
    _check_words(written)


def _check_words(written: Mapping[str, str | None]) -> None:
    at_fault = [place for place, text in written.items() if text and holds_contact_data(text)]
    if at_fault:
        raise Unprocessable(
            "leave e-mail addresses and telephone numbers out of the text; they have fields of their own",
            spanish="no escriba correos ni teléfonos en el texto; tienen sus propios campos",
            errors=[FieldError("holds contact data", "contact_data", pointer=place) for place in at_fault],
        )


async def _check_graduation(session: AsyncSession, actor: Actor, person: SuggestedPerson) -> None:
    today = clock.now().date()
    try:
        check_graduation(person.alumnus_of, person.graduated_in, today)
    except Refused as no:
        raise Unprocessable(
            no.sentence,
            code=no.code,
            spanish=no.spanish,
            errors=[FieldError(no.sentence, no.code, pointer=f"/person{no.pointer}")],
        ) from no
    if person.alumnus_of is not None and not await school_is_open(
        session, actor.tenant_id, person.alumnus_of
    ):
        raise Unprocessable(
            "choose a school of this community",
            spanish="elija una escuela de esta comunidad",
            errors=[FieldError("no such school", "unknown_school", pointer="/person/alumnus_of")],
        )


def _check_business_address(person: SuggestedPerson) -> None:
    """Refuse a private address of somebody whom the contributor does not claim to know privately."""
    if is_private(person.email) and not person.personal_relation:
        raise Unprocessable(
            "give the address where they work; a private one only if you know them privately, and then say so in "
            "personal_relation",
            spanish="dé el correo del trabajo; uno privado solo si conoce a la persona en privado, y entonces "
            "indíquelo en personal_relation",
            errors=[FieldError("a private address", "private_address", pointer="/person/email")],
        )


async def _school(session: AsyncSession, actor: Actor, wanted: UUID | None) -> UUID:
    roles = frozenset().union(*scopes(actor, "connection.create").values())
    mine = set(actor.schools(roles))
    if Role.GUARDIAN in actor.roles:
        mine.update(await queries.schools_of_children(session, actor))
    if wanted is None:
        if len(mine) == 1:
            return mine.pop()
        raise Unprocessable(
            "you belong to several schools, or to none; name in school_id the one that should look after this",
            spanish="pertenece a varias escuelas o a ninguna; indique en school_id la que debe atenderlo",
            errors=[FieldError("name the school", "missing", pointer="/school_id")],
        )
    if wanted in mine:
        return wanted
    if Role.DISTRICT_ADMIN in actor.roles:
        if await school_is_open(session, actor.tenant_id, wanted):
            return wanted
        raise NotFound(
            "there is no school here with this id",
            spanish="no existe aquí ninguna escuela con ese id",
        )
    raise Forbidden(
        "offer a connection to a school that you or your children belong to",
        spanish="ofrezca la conexión a una escuela a la que usted o sus hijos pertenezcan",
        code="other_school",
    )


async def _employer(session: AsyncSession, actor: Actor, suggested: SuggestedEmployer) -> UUID:
    if suggested.name is not None:
        place = suggested.model_dump(include={"street", "city", "region", "postal_code"})
        return await employers.find_or_note(
            session, actor, suggested.name, {part: text for part, text in place.items() if text}
        )
    assert suggested.id is not None  # noqa: S101 - the schema takes one of both
    return (await get(session, actor, "employer.read", Employer, suggested.id)).id


async def _check_not_family(session: AsyncSession, actor: Actor, person: SuggestedPerson) -> None:
    """Refuse a student who suggests themselves or a guardian: guardians say themselves what they offer."""
    full_name = words(f"{person.given_name} {person.family_name}")
    address = normal_address(person.email)
    for near in await queries.self_and_guardians(session, actor):
        same_name = words(f"{near.given_name} {near.family_name}") == full_name
        if same_name or (near.email is not None and normal_address(near.email) == address):
            raise Unprocessable(
                "suggest someone other than yourself or your parent or guardian; they can offer it themselves",
                spanish="sugiere a otra persona, no a ti ni a tu madre, padre o tutor; ellos pueden ofrecerlo",
                errors=[FieldError("yourself or your guardian", "own_family", pointer="/person")],
            )


async def _check_names_no_student(
    session: AsyncSession,
    actor: Actor,
    contributor_id: UUID | None,
    school_id: UUID,
    written: Mapping[str, str | None],
) -> None:
    """Refuse words that name a student: the contact will read them."""
    texts = {place: text for place, text in written.items() if text}
    if not texts:
        return
    spoken = sorted({word for text in texts.values() for word in words(text)})
    near, called = await queries.students_spoken_of(session, actor, contributor_id, school_id, spoken)
    # Their own students by the first name alone; a family name alone may be the suggested person's own.
    at_fault = [
        place
        for place, text in texts.items()
        if names_any(text, near) or any(set(pair) <= set(words(text)) for pair in called)
    ]
    if at_fault:
        raise Unprocessable(
            "leave the names of students out of the text; the person you suggest will read it",
            spanish="no escriba nombres de estudiantes en el texto; la persona que sugiere lo leerá",
            errors=[FieldError("names a student", "student_named", pointer=place) for place in at_fault],
        )
