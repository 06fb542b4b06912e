"""Read a OneRoster 1.2 CSV package: bytes in; typed rows, and every fault with its place and a sentence, out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeVar

from app.domain.oneroster.archive import Archive, open_archive
from app.domain.oneroster.binding import FILES, Mode
from app.domain.oneroster.drafts import Draft, drafts_of, header_faults
from app.domain.oneroster.faults import Fault, PackageRefused, shown
from app.domain.oneroster.manifest import MANIFEST, read_manifest
from app.domain.oneroster.references import Known, References
from app.domain.oneroster.rows import AcademicSession, Class, Course, Enrollment, Org, Role, Row, User
from app.domain.oneroster.sheet import read_sheet

NOTHING_KNOWN: Known = MappingProxyType({})

# Half a gigabyte of two-letter lines, or of commas, would be tens of gigabytes as objects.
MAX_LINES = 1_500_000
MAX_CELLS = 20 * MAX_LINES
MAX_MANIFEST = 64 * 1024

R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True)
class Count:
    """Rows of one file: read = taken + rejected + ignored. A row that ends something (tobedeleted) counts as taken."""

    read: int
    taken: int = 0
    rejected: int = 0
    ignored: int = 0


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A record that was not taken, its cells exactly as sent, and why."""

    line: int
    cells: tuple[str, ...]
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Package:
    """A roster as it was sent. All mappings go by the manifest's name of a file: "users" for users.csv.

    `ended` holds the sourcedIds a delta ends; `held` those of rejected rows: a row that could not be taken is not an absent
    row, so whoever ends what a bulk file no longer lists must leave these as they are.
    """

    modes: Mapping[str, Mode]
    rows: Mapping[str, tuple[Row, ...]]
    ended: Mapping[str, frozenset[str]]
    held: Mapping[str, frozenset[str]]
    rejected: Mapping[str, tuple[RejectedRow, ...]]
    headers: Mapping[str, tuple[str, ...]]
    faults: tuple[Fault, ...]
    notices: tuple[Fault, ...]
    ignored: tuple[Fault, ...]
    counts: Mapping[str, Count]

    @property
    def bulk_files(self) -> frozenset[str]:
        """The taken files that list everything there is: what they no longer list has ended."""
        return frozenset(name for name, mode in self.modes.items() if mode is Mode.BULK and FILES[name].used)

    @property
    def orgs(self) -> tuple[Org, ...]:
        """The rows of orgs.csv."""
        return self._of("orgs", Org)

    @property
    def academic_sessions(self) -> tuple[AcademicSession, ...]:
        """The rows of academicSessions.csv."""
        return self._of("academicSessions", AcademicSession)

    @property
    def courses(self) -> tuple[Course, ...]:
        """The rows of courses.csv."""
        return self._of("courses", Course)

    @property
    def classes(self) -> tuple[Class, ...]:
        """The rows of classes.csv."""
        return self._of("classes", Class)

    @property
    def users(self) -> tuple[User, ...]:
        """The rows of users.csv."""
        return self._of("users", User)

    @property
    def roles(self) -> tuple[Role, ...]:
        """The rows of roles.csv."""
        return self._of("roles", Role)

    @property
    def enrollments(self) -> tuple[Enrollment, ...]:
        """The rows of enrollments.csv."""
        return self._of("enrollments", Enrollment)

    def _of(self, name: str, kind: type[R]) -> tuple[R, ...]:
        return tuple(row for row in self.rows.get(name, ()) if isinstance(row, kind))


@dataclass(slots=True)
class _Reading:
    """What has been found so far; `refusals` are the faults for which nothing at all is taken."""

    modes: dict[str, Mode]
    refusals: list[Fault]
    drafts: dict[str, list[Draft]] = field(default_factory=dict)
    headers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    notices: list[Fault] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)
    lines: int = 0
    cells: int = 0

    def weigh(self, data: bytes) -> None:
        """Count what a file will become. Raise PackageRefused before it becomes too much."""
        self.lines += data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n")
        self.cells += data.count(b",")
        if self.lines > MAX_LINES or self.cells > MAX_CELLS:
            raise PackageRefused((Fault("", 0, "", "too_many_rows", f"{MAX_LINES:,}"),))


def read_package(data: bytes, known: Known = NOTHING_KNOWN) -> Package:
    """Read a package; `known` says what is stored, so that a delta may refer to it.

    Raise PackageRefused, with all faults found anywhere, where the ZIP, the manifest or a taken file's header is at fault.
    A fault in a row costs that row and those that refer to it; everything else is taken.
    """
    archive = open_archive(data)
    reading = _open_files(archive)
    for name in FILES:
        if name in reading.modes:
            _read_file(reading, name, archive.read(FILES[name].file))
    _check_rows(reading, known)
    row_faults = [fault for drafts in reading.drafts.values() for draft in drafts for fault in draft.faults]
    if reading.refusals:
        raise PackageRefused((*reading.refusals, *reading.faults, *row_faults))
    return _package(reading, row_faults)


def _open_files(archive: Archive) -> _Reading:
    """Compare what the package holds with what its manifest announces; keep for reading what is on both sides."""
    refusals = list(archive.faults)
    supplied = {name for name, binding in FILES.items() if binding.file in archive.entries}
    expected = {MANIFEST, *(FILES[name].file for name in supplied)}
    refusals += [
        Fault(entry, 0, "", "entry_unknown", shown(entry))
        for entry in sorted(archive.entries.keys() - expected)
    ]
    if MANIFEST not in archive.entries:
        return _Reading({}, [Fault(MANIFEST, 0, "", "manifest_missing"), *refusals])
    if archive.entries[MANIFEST].file_size > MAX_MANIFEST:
        return _Reading({}, [Fault(MANIFEST, 0, "", "manifest_header"), *refusals])
    manifest = read_manifest(archive.read(MANIFEST))
    refusals += manifest.faults
    for name, binding in FILES.items():
        mode = manifest.modes.get(name, Mode.ABSENT)
        if mode is not Mode.ABSENT and name not in supplied:
            refusals.append(Fault(binding.file, 0, "", "file_missing", mode))
        if mode is Mode.ABSENT and name in supplied and name not in manifest.unclear:
            refusals.append(Fault(binding.file, 0, "", "file_marked_absent"))
    modes = {name: manifest.modes[name] for name in FILES if name in supplied and name in manifest.modes}
    reading = _Reading({name: mode for name, mode in modes.items() if mode is not Mode.ABSENT}, refusals)
    if not refusals and not any(FILES[name].used for name in reading.modes):
        refusals.append(Fault("", 0, "", "nothing_to_take"))
    # What points into an announced but missing file is not to blame for it.
    reading.unread |= set(FILES) - set(reading.modes) if refusals else set()
    return reading


def _read_file(reading: _Reading, name: str, data: bytes) -> None:
    binding, mode = FILES[name], reading.modes[name]
    grave = reading.refusals if binding.used else reading.faults
    reading.weigh(data)
    sheet = read_sheet(binding.file, data)
    if sheet.fault is not None:
        grave.append(sheet.fault)
        reading.unread.add(name)
        return
    faults = header_faults(binding, sheet.header, mode)
    grave += faults
    if "sourcedId" not in sheet.header:
        reading.unread.add(name)
    reading.headers[name] = sheet.header
    reading.drafts[name] = drafts_of(name, sheet, mode)
    if sheet.records:
        return
    if mode is Mode.BULK and binding.used:
        grave.append(Fault(binding.file, 0, "", "file_without_rows"))
    elif binding.used:
        reading.notices.append(Fault(binding.file, 0, "", "delta_without_rows"))


def _check_rows(reading: _Reading, known: Known) -> None:
    reading.notices += References(reading.drafts, reading.modes, known, reading.unread).check()
    for drafts in reading.drafts.values():
        for draft in drafts:
            # One row names the same trouble once, even where two of its agents share a cause.
            draft.faults = list(dict.fromkeys(draft.faults))


def _package(reading: _Reading, row_faults: list[Fault]) -> Package:
    rows: dict[str, tuple[Row, ...]] = {}
    ended: dict[str, frozenset[str]] = {}
    held: dict[str, frozenset[str]] = {}
    rejected: dict[str, tuple[RejectedRow, ...]] = {}
    counts: dict[str, Count] = {}
    ignored: list[Fault] = []
    for name in reading.modes:
        drafts = reading.drafts.get(name, [])
        if not FILES[name].used:
            counts[name] = Count(len(drafts), ignored=len(drafts))
            ignored.append(Fault(FILES[name].file, 0, "", "file_ignored", str(len(drafts))))
            continue
        good = [draft for draft in drafts if not draft.faults]
        bad = [draft for draft in drafts if draft.faults]
        rows[name] = tuple(draft.row for draft in good if draft.row is not None)
        ended[name] = frozenset(draft.sourced_id for draft in good if draft.ended)
        # A repeated row shares its id with the first one, which may well have been taken.
        held[name] = frozenset(draft.sourced_id for draft in bad if draft.sourced_id and not draft.repeated)
        rejected[name] = tuple(
            RejectedRow(draft.record.line, draft.record.cells, tuple(draft.faults)) for draft in bad
        )
        counts[name] = Count(len(drafts), taken=len(good), rejected=len(bad))
    return Package(
        modes=reading.modes,
        rows=rows,
        ended=ended,
        held=held,
        rejected=rejected,
        headers=reading.headers,
        faults=(*reading.faults, *row_faults),
        notices=tuple(reading.notices),
        ignored=tuple(ignored),
        counts=counts,
    )
