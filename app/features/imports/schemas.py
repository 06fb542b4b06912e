"""Imports in JSON."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.core.paging import ListParams
from app.core.schemas import MOST_COUNTED, Clean, In, Int, Line, Out
from app.domain.connection import ConnectionDomain
from app.domain.contact_basis import ContactBasis
from app.domain.import_report import Severity
from app.domain.intake import ImportKind, ImportStatus
from app.features.opportunity_types.schemas import TypeCode

DryRun = Annotated[
    bool, Field(description="true: only try it and report; `apply` it later. false: store it at once.")
]
FileName = Annotated[Line | None, Field(description="What the sender calls the file.")]


class RosterParams(BaseModel):
    """How a roster is to be taken."""

    model_config = ConfigDict(extra="forbid")

    dry_run: DryRun = True
    file_name: FileName = None


class ListingParams(BaseModel):
    """How a file of programmes is to be taken."""

    model_config = ConfigDict(extra="forbid")

    dry_run: DryRun = True
    file_name: FileName = None
    publish: Annotated[
        bool, Field(description="true: vet the employers and publish what they offer; false: draft it.")
    ] = False
    mapping: Annotated[
        str | None,
        Field(
            max_length=10_000,
            description='Which column holds which field, as a JSON object of field to column name, e.g. `{"title": '
            '"Program"}`. Left out, it is guessed from the column names and shown in the import.',
        ),
    ] = None
    school_id: Annotated[
        UUID | None,
        Field(
            description="The school that looks after them; a coordinator who leaves it out means their only one."
        ),
    ] = None
    default_type: Annotated[
        TypeCode | None, Field(description="The type of programmes that do not say theirs.")
    ] = None


class ConnectionParams(BaseModel):
    """How a file of connections is to be taken, and what is meant where a row does not say it."""

    model_config = ConfigDict(extra="forbid")

    dry_run: DryRun = True
    file_name: FileName = None
    school_id: Annotated[
        UUID | None, Field(description="The school that screens them; left out: your only one.")
    ] = None
    basis: Annotated[
        ContactBasis | None,
        Field(
            description="For vCards, where it is required: on what ground the school holds these people's data, unless a card "
            "says it as `X-KITHWORK-BASIS`. In a CSV every row states its own."
        ),
    ] = None
    domain: Annotated[ConnectionDomain, Field(description="How they are known.")] = ConnectionDomain.WORK
    closeness: Annotated[int, Field(ge=1, le=3)] = 1
    frequency: Annotated[int, Field(ge=1, le=5)] = 1


class ApplyIn(In):
    """Apply an import that was tried or is held."""

    accept_ended: Annotated[
        Int | None,
        Field(
            ge=0,
            le=MOST_COUNTED,
            description="For a held roster: the number of people it ends, as the import says it.",
        ),
    ] = None


class ImportOptions(Out):
    """What the sender chose; null where a choice does not concern this kind of file."""

    publish: bool | None
    school_id: UUID | None
    default_type: str | None
    accept_ended: int | None
    basis: ContactBasis | None


class FileCounts(Out):
    """One file: read = taken + merged + rejected + ignored rows; then what became of what they say."""

    file: str
    read: int
    taken: int
    merged: int
    rejected: int
    ignored: int
    created: int
    changed: int
    unchanged: int
    ended: int


class EffectOut(Out):
    """What was (or, on trial, would be) done to one kind of thing; `kept`: left, because a person decided otherwise."""

    noun: str
    created: int
    changed: int
    unchanged: int
    ended: int
    kept: int


class MappingOut(Out):
    """Which column was read as which field; `left_out` are columns of personal contacts, which are never read."""

    columns: dict[str, str]
    unmapped: list[str]
    left_out: list[str]
    guessed: bool


class IgnoredFile(Out):
    """A file that was read and left aside, and why."""

    file: str
    rows: int
    sentence: str


class PeopleCount(Out):
    """How many people of the roster are active, and for how many it ends: they leave, or lose their last place."""

    active: int
    ending: int


class ReportCount(Out):
    """How many remarks the report has, and how many more there were than are stored."""

    rejected: int
    notices: int
    not_stored: int


class ImportFault(Out):
    """Why an import is held, was refused or failed."""

    code: str
    sentence: str


class ImportItem(Out):
    """An import in a list."""

    id: UUID
    kind: ImportKind
    status: ImportStatus
    dry_run: bool
    file_name: str | None
    percent: int
    rows_done: int
    rows_total: int | None
    created_by_id: UUID | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    version: int
    allowed_actions: list[str]


class ImportOut(ImportItem):
    """An import, whole. Its counts come when it has run."""

    options: ImportOptions
    files: list[FileCounts]
    effects: list[EffectOut]
    ignored: list[IgnoredFile]
    mapping: MappingOut | None
    people: PeopleCount | None
    would_hold: Annotated[
        bool | None,
        Field(description="true: applied as it is, this roster would be held for a person to look at."),
    ]
    report: ReportCount | None
    fault: ImportFault | None
    erase_at: Annotated[datetime | None, Field(description="When the file itself is erased.")]


class ImportRowOut(Out):
    """One remark of the report; `line` counts from 1 and is null where the whole file is meant."""

    id: UUID
    position: int
    file: str
    line: int | None
    column: str | None
    code: str
    severity: Severity
    sentence: str


class ImportSort(StrEnum):
    """The order of imports."""

    LATEST = "-created_at"


class ImportFilters(ListParams):
    """What the list of imports can be narrowed by."""

    kind: ImportKind | None = None
    status: ImportStatus | None = None
    sort: ImportSort = ImportSort.LATEST


class ImportRowFilters(ListParams):
    """What a report can be narrowed by."""

    file: Annotated[str, Field(max_length=100), Clean] | None = None
    severity: Severity | None = None


class RejectedParams(BaseModel):
    """Whose rejected rows."""

    model_config = ConfigDict(extra="forbid")

    file: Annotated[str, Field(max_length=100, description="A file of the import, e.g. `users.csv`."), Clean]
