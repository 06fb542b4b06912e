"""Read manifest.csv: which version this is, and which files are bulk, delta or absent."""

from dataclasses import dataclass, field

from app.domain.oneroster.binding import FILES, Mode
from app.domain.oneroster.faults import Fault, shown
from app.domain.oneroster.sheet import Record, read_sheet

MANIFEST = "manifest.csv"
_HEADER = ("propertyName", "value")
_VERSIONS = {
    "manifest.version": ("1.0", "manifest_version"),
    "oneroster.version": ("1.2", "oneroster_version"),
}
_FILE = "file."
_MODES = frozenset(mode.value for mode in Mode)


@dataclass(slots=True)
class Manifest:
    """The announced mode of each file; a file it does not name is absent, one in `unclear` has a mode that is none."""

    modes: dict[str, Mode] = field(default_factory=dict)
    unclear: set[str] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)


def read_manifest(data: bytes) -> Manifest:
    """Read the manifest, noting every fault; properties of the source system are let pass."""
    sheet = read_sheet(MANIFEST, data)
    manifest = Manifest()
    if sheet.fault is not None:
        manifest.faults.append(sheet.fault)
        return manifest
    if sheet.header != _HEADER:
        manifest.faults.append(Fault(MANIFEST, 1, "", "manifest_header"))
    lines: dict[str, tuple[int, str]] = {}
    for record in sheet.records:
        _note(manifest, lines, record)
    for name, (wanted, code) in _VERSIONS.items():
        line, value = lines.get(name, (0, ""))
        if value != wanted:
            manifest.faults.append(Fault(MANIFEST, line, name, code, shown(value)))
    for name, (line, value) in lines.items():
        if name.startswith(_FILE):
            _announce(manifest, name, line, value.lower())
    return manifest


def _note(manifest: Manifest, lines: dict[str, tuple[int, str]], record: Record) -> None:
    if record.code or len(record.cells) != len(_HEADER) or not record.cells[0].strip():
        manifest.faults.append(Fault(MANIFEST, record.line, "", record.code or "manifest_row"))
        return
    name, value = (cell.strip() for cell in record.cells)
    if name in lines:
        manifest.faults.append(Fault(MANIFEST, record.line, name, "manifest_property_repeated", shown(name)))
        return
    lines[name] = (record.line, value)


def _announce(manifest: Manifest, name: str, line: int, value: str) -> None:
    file = name.removeprefix(_FILE)
    if value not in _MODES:
        manifest.unclear.add(file)
        manifest.faults.append(Fault(MANIFEST, line, name, "manifest_mode", shown(value)))
    elif file in FILES:
        manifest.modes[file] = Mode(value)
    elif value != Mode.ABSENT:
        manifest.faults.append(Fault(MANIFEST, line, name, "manifest_property_unknown", shown(name)))
