"""What people and machines do with imports: send a file, read its report, apply it."""

import hashlib
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access import check_version, get, require_at_school
from app.core import clock
from app.core.db import Unit
from app.core.events import SYSTEM, Author, ByAccount, record
from app.core.ids import new_id
from app.core.jobs import ask_for
from app.core.problems import FieldError, Forbidden, Gone, NotFound, Unprocessable, UnsupportedMediaType
from app.domain import connection_file, oneroster
from app.domain.errors import Refused
from app.domain.import_report import ERASED, sentence
from app.domain.intake import TRANSITIONS, ImportAction, ImportKind, ImportStatus
from app.domain.lifecycle import next_status
from app.domain.oneroster import Fault
from app.domain.policy import Actor, Role, may_ever
from app.features.connection_files import service as connection_files
from app.features.imports import queries
from app.features.imports.schemas import ConnectionParams, ImportRowFilters, ListingParams, RosterParams
from app.features.listing_files import service as listing_files
from app.features.opportunity_types import service as opportunity_types
from app.features.rosters import service as rosters
from app.features.schools.service import school_is_open
from app.models import Import, Upload

TASK = "run_import"
# What a roster may refer to, or the remarks on rows that were not taken.
Known = rosters.StoredBefore | list[dict[str, Any]]
KEPT = timedelta(days=30)
# Addresses of people who have not been asked yet are kept only as long as somebody mends the rows.
KEPT_CONNECTIONS = timedelta(days=7)

MEDIA_TYPES = {
    ImportKind.ROSTER: ("application/zip", "application/x-zip-compressed"),
    ImportKind.OPPORTUNITIES: ("text/csv",),
    ImportKind.CONNECTIONS: ("text/csv", "text/vcard", "text/x-vcard"),
}


def _media_type(content_type: str | None) -> str:
    return (content_type or "").partition(";")[0].strip().lower()


def check_body(kind: ImportKind, content_type: str | None, data: bytes) -> None:
    """Refuse a body of another kind than the operation reads, and an empty one."""
    wanted = MEDIA_TYPES[kind]
    if _media_type(content_type) not in wanted:
        raise UnsupportedMediaType(
            f"send the file itself as the body, with Content-Type: {' or '.join(wanted)}",
            spanish=f"envíe el archivo mismo como cuerpo, con Content-Type: {' o '.join(wanted)}",
            headers={"Accept": ", ".join(wanted)},
        )
    if not data:
        raise Unprocessable(
            "the body is empty; send the file itself as the body",
            spanish="el cuerpo está vacío; envíe el archivo mismo como cuerpo",
            code="empty_body",
            errors=[FieldError("is empty", "empty_body", pointer="")],
        )


async def send_roster(session: AsyncSession, actor: Actor, params: RosterParams, data: bytes) -> UUID:
    """Take in a roster package and ask for its import."""
    return await _send(session, actor, ImportKind.ROSTER, params, data, {})


async def send_listings(session: AsyncSession, actor: Actor, params: ListingParams, data: bytes) -> UUID:
    """Take in a file of programmes and ask for its import."""
    _check_may_publish(actor, publish=params.publish)
    school_id = params.school_id
    if school_id is not None or not listing_files.may_be_of_no_school(actor):
        school_id = await _school_of(session, actor, "import.create_listings", school_id)
    kinds = await opportunity_types.kinds_of(session, actor.tenant_id)
    if params.default_type is not None and (
        params.default_type not in kinds or kinds[params.default_type].retired
    ):
        raise Unprocessable(
            "choose a type that GET /v1/opportunity_types lists and that is not retired",
            spanish="elija un tipo de GET /v1/opportunity_types que no esté retirado",
            errors=[FieldError("no such type here, or retired", "unknown_type", name="default_type")],
        )
    options = {
        "publish": params.publish,
        "school_id": None if school_id is None else str(school_id),
        "default_type": params.default_type,
        "mapping": listing_files.mapping_of(params.mapping),
        **listing_files.kept_by(actor),
    }
    return await _send(session, actor, ImportKind.OPPORTUNITIES, params, data, options)


async def send_connections(
    session: AsyncSession, actor: Actor, params: ConnectionParams, content_type: str | None, data: bytes
) -> UUID:
    """Take in an address book or a table of people and workplaces, and ask for its import."""
    form = "csv" if _media_type(content_type) == "text/csv" else "vcard"
    if form == "csv" and params.basis is not None:
        raise Unprocessable(
            "state the basis in each row, in the column basis; this parameter is for vCards",
            spanish="indique el fundamento en cada fila, en la columna fundamento; este parámetro es para vCards",
            errors=[FieldError("each row states its own", "basis_per_row", name="basis")],
        )
    school_id = await _school_of(session, actor, "import.create_connections", params.school_id)
    options = {"format": form, "school_id": str(school_id)} | params.model_dump(
        mode="json", include={"basis", "domain", "closeness", "frequency"}
    )
    return await _send(session, actor, ImportKind.CONNECTIONS, params, data, options)


async def _school_of(session: AsyncSession, actor: Actor, action: str, wanted: UUID | None) -> UUID:
    mine = actor.schools({Role.COORDINATOR})
    if wanted is None and len(mine) == 1:
        return mine[0]
    if wanted is None:
        raise Unprocessable(
            "name in school_id the school that should look after these",
            spanish="indique en school_id la escuela que debe atenderlas",
            errors=[FieldError("name the school", "missing", name="school_id")],
        )
    require_at_school(actor, action, wanted)
    if not await school_is_open(session, actor.tenant_id, wanted):
        raise Unprocessable(
            "choose a school of this community",
            spanish="elija una escuela de esta comunidad",
            errors=[FieldError("no such school", "unknown_school", name="school_id")],
        )
    return wanted


async def _send(
    session: AsyncSession,
    actor: Actor,
    kind: ImportKind,
    params: RosterParams | ListingParams | ConnectionParams,
    data: bytes,
    options: dict[str, Any],
) -> UUID:
    entry = await keep(
        session,
        actor.tenant_id,
        kind,
        data,
        dry_run=params.dry_run,
        file_name=params.file_name,
        options=options,
    )
    entry.created_by_id, entry.created_by_account_id = actor.person_id, actor.account_id
    await record(
        session,
        "import.create",
        actor=actor,
        subject=entry,
        facts={"kind": kind.value, "dry_run": params.dry_run, "size": len(data)},
    )
    unit: Unit = session.info["unit"]
    ask_for(unit, TASK, tenant_id=actor.tenant_id, import_id=entry.id)
    return entry.id


async def keep(
    session: AsyncSession,
    tenant_id: UUID,
    kind: ImportKind,
    data: bytes,
    *,
    dry_run: bool,
    file_name: str | None,
    options: dict[str, Any],
) -> Import:
    """Keep a file until it is done with, and enter its import."""
    upload = Upload(
        tenant_id=tenant_id,
        id=new_id(),
        data=data,
        size=len(data),
        sha256=hashlib.sha256(data).digest(),
        erase_at=clock.now() + (KEPT_CONNECTIONS if kind is ImportKind.CONNECTIONS else KEPT),
    )
    session.add(upload)
    await session.flush()  # the import refers to it
    entry = Import(
        tenant_id=tenant_id,
        id=new_id(),
        kind=kind,
        status=ImportStatus.QUEUED,
        dry_run=dry_run,
        file_name=file_name,
        upload_id=upload.id,
        options=options,
    )
    session.add(entry)
    return entry


async def _entry(
    session: AsyncSession, actor: Actor, action: str, import_id: UUID, *, lock: bool = False
) -> Import:
    entry = await get(session, actor, action, Import, import_id, lock=lock)
    if entry.kind is ImportKind.CONNECTIONS and not may_ever(actor, "import.create_connections"):
        raise _not_here()
    return entry


async def apply(
    session: AsyncSession, actor: Actor, import_id: UUID, accept_ended: int | None, version: int
) -> None:
    """Ask for an import that was tried, or is held, to be stored."""
    entry = await _entry(session, actor, "import.apply", import_id, lock=True)
    check_version(entry, version)
    if entry.kind is ImportKind.CONNECTIONS:
        require_at_school(actor, "import.create_connections", UUID(entry.options["school_id"]))
    if entry.kind is ImportKind.OPPORTUNITIES:
        listing_files.check_school(actor, entry.options.get("school_id"))
    before = entry.status
    entry.status = next_status(TRANSITIONS, before, ImportAction.APPLY)
    _check_may_publish(actor, publish=bool(entry.options.get("publish")))
    if accept_ended is not None or before is ImportStatus.HELD:
        _check_accepted(actor, entry, accept_ended)
    if await queries.bytes_of(session, entry) is None:
        raise _erased()
    whose = listing_files.kept_by(actor) if entry.kind is ImportKind.OPPORTUNITIES else {}
    entry.options = {**entry.options, **whose, "accept_ended": accept_ended}
    entry.dry_run = False
    entry.rows_done, entry.rows_total = 0, None
    entry.started_at = entry.finished_at = None
    entry.fault_code = entry.fault = None
    entry.applied_by_id, entry.applied_by_account_id = actor.person_id, actor.account_id
    await queries.forget_attempts(session, entry)
    facts = {"accept_ended": accept_ended, "was": before.value}
    await record(session, "import.apply", actor=actor, subject=entry, facts=facts)
    unit: Unit = session.info["unit"]
    ask_for(unit, TASK, tenant_id=actor.tenant_id, import_id=entry.id)


def _check_accepted(actor: Actor, entry: Import, accept_ended: int | None) -> None:
    if actor.person_id is None:
        raise Forbidden(
            "a held roster is for a person to look at; ask a district administrator to apply it",
            spanish="una lista retenida debe revisarla una persona; pida a la administración del distrito que la aplique",
            code="person_required",
        )
    ending = (entry.summary.get("people") or {}).get("ending")
    if accept_ended is None or accept_ended != ending:
        raise Refused(
            "accept_ended",
            f"this import ends {ending} people; look at its report, and name that number in accept_ended to apply it",
            f"esta importación termina a {ending} personas; revise el informe e indique ese número en accept_ended",
            pointer="/accept_ended",
        )


def _check_may_publish(actor: Actor, *, publish: bool) -> None:
    if publish and not (may_ever(actor, "opportunity.publish") and may_ever(actor, "employer.vet")):
        raise Forbidden(
            "publishing vets employers, which is for a person to do; send the file with publish=false",
            spanish="publicar verifica empleadores, lo que corresponde a una persona; envíe el archivo con publish=false",
            code="person_required",
        )


def _not_here() -> NotFound:
    return NotFound(
        "there is no import here with this id that you may see",
        spanish="no existe aquí ninguna importación con ese id que usted pueda ver",
    )


def _erased() -> Gone:
    english, spanish = ERASED
    return Gone(english, spanish=spanish, code="file_erased")


async def file_of(session: AsyncSession, actor: Actor, import_id: UUID, file: str) -> tuple[Import, bytes]:
    """Return an import and its bytes, for handing back the rejected rows of one of its files."""
    entry = await _entry(session, actor, "import.read", import_id)
    if file not in entry.counts.get("files", {}):
        raise NotFound(
            f"this import read no file of this name; it read: {', '.join(entry.counts.get('files', {})) or 'none yet'}",
            spanish="esta importación no leyó ningún archivo con ese nombre",
        )
    data = await queries.bytes_of(session, entry)
    if data is None:
        raise _erased()
    return entry, data


async def known_to(session: AsyncSession, entry: Import) -> Known:
    """Return what is needed beside the file to tell which rows were not taken, by its kind."""
    if entry.kind is ImportKind.ROSTER:
        return await rosters.stored_before(session, entry.tenant_id)
    return await queries.refused(session, entry)


def rejected_rows(entry: Import, data: bytes, known: Known, file: str, locale: str) -> tuple[str, bytes]:
    """Return the rows of one file that were not taken, as CSV, under a name for it. Slow: call it in a thread."""
    if not isinstance(known, list):
        return _rejected_of_roster(data, known, file, locale)
    if entry.kind is ImportKind.CONNECTIONS:
        read = connection_files.read(entry.options, data)
        told = {fault.line for fault in read.rejected}
        refused = [connection_file.Fault(**each) for each in known if each["line"] not in told]
        return "connections-rejected.csv", connection_file.rejected_csv(read, locale, refused)
    return listing_files.rejected(entry.options, data, known, locale)


def _rejected_of_roster(
    data: bytes, known: rosters.StoredBefore, file: str, locale: str
) -> tuple[str, bytes]:
    name = file.removesuffix(".csv")
    package, _ = rosters.read(data, known)
    return oneroster.rejected_name(name), oneroster.rejected_csv(package, name, locale)


async def rows(
    session: AsyncSession,
    actor: Actor,
    import_id: UUID,
    filters: ImportRowFilters,
    after: list[Any] | None,
    locale: str,
) -> list[dict[str, Any]]:
    """Return up to limit + 1 remarks of a report, each with its sentence in the caller's language."""
    entry = await _entry(session, actor, "import.read", import_id)
    found = await queries.rows(session, entry, filters, after)
    for row in found:
        row["sentence"] = sentence(entry.kind, row, locale)
        del row["values"]
    return found


async def view(session: AsyncSession, actor: Actor, import_id: UUID, locale: str) -> dict[str, Any]:
    """Return one import, sentences in the caller's language; raises NotFound."""
    found = await queries.view(session, actor, import_id)
    if found is None:
        raise _not_here()
    counts, summary, options = found.pop("counts"), found.pop("summary"), found.pop("options")
    code, english = found.pop("fault_code"), found.pop("fault")
    said = summary.get("fault_spanish", english) if locale == "es" else english
    return {
        **found,
        "options": {
            name: options.get(name)
            for name in ("publish", "school_id", "default_type", "accept_ended", "basis")
        },
        "files": [{"file": name, **each} for name, each in counts.get("files", {}).items()],
        "effects": [{"noun": noun, **each} for noun, each in counts.get("effects", {}).items()],
        "ignored": [_ignored(each, locale) for each in summary.get("ignored", [])],
        "mapping": summary.get("mapping"),
        "people": summary.get("people"),
        "would_hold": summary.get("would_hold"),
        "report": summary.get("report"),
        "fault": None if code is None else {"code": code, "sentence": said},
    }


def _ignored(each: dict[str, Any], locale: str) -> dict[str, Any]:
    fault = Fault(each["file"], 0, "", "file_ignored", str(each["rows"]))
    return {**each, "sentence": fault.sentence_in(locale)}


async def finish(
    session: AsyncSession,
    entry: Import,
    action: ImportAction,
    *,
    fault: tuple[str, str, str] | None = None,
    facts: dict[str, Any] | None = None,
) -> None:
    """Move an import along its life after work on it, and record that; `fault` is a code and its two sentences."""
    entry.status = next_status(TRANSITIONS, entry.status, action)
    entry.finished_at = clock.now()
    if fault is not None:
        entry.fault_code, entry.fault, spanish = fault
        entry.summary = {**entry.summary, "fault_spanish": spanish}
    await record(session, f"import.{action.value}", actor=author_of(entry), subject=entry, facts=facts)


def author_of(entry: Import) -> Author | str:
    """Return in whose name the work on an import is done."""
    account_id = entry.applied_by_account_id or entry.created_by_account_id
    person_id = entry.applied_by_id if entry.applied_by_account_id else entry.created_by_id
    return SYSTEM if account_id is None else ByAccount(account_id, person_id)
