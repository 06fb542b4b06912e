"""Open a roster ZIP from a stranger without being hurt by it."""

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass, field

from app.domain.oneroster.faults import Fault, PackageRefused, shown

MAX_ENTRIES = 64
MAX_UNPACKED = 512 * 1024 * 1024
MAX_RATIO = 200
RATIO_FROM = 1024 * 1024
# A directory of 64 plain entries is some 6 KiB. The size is looked at before zipfile reads it, because zipfile believes the
# size and not the count, and would make half a million entry objects out of 25 MiB.
MAX_DIRECTORY = 256 * 1024

_END = b"PK\x05\x06"
_END_RECORD = struct.Struct("<4s4H2LH")
# zipfile prefers the 64-bit end record wherever its locator stands before the ordinary one, so it is looked at too.
_END64 = b"PK\x06\x06"
_END64_RECORD = struct.Struct("<4sQ2H2L4Q")
_LOCATOR64_SIZE = 20
_LONGEST_COMMENT = 0xFFFF
_LITTER = ("__MACOSX", ".DS_Store")
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}


@dataclass(frozen=True, slots=True)
class Archive:
    """The files of a package by name, the optional top folder taken off; `faults` about entries that do not belong.

    Files are unpacked when read, one at a time, so that a package is never in memory twice.
    """

    zip: zipfile.ZipFile
    entries: dict[str, zipfile.ZipInfo] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def read(self, name: str) -> bytes:
        """Unpack one file. Raise PackageRefused where they are damaged."""
        info = self.entries[name]
        try:
            # zipfile stops at the size the directory declares, and the sum of those was checked.
            return self.zip.read(info)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            ValueError,
            RuntimeError,
            NotImplementedError,
        ) as error:
            raise PackageRefused((Fault(name, 0, "", "zip_damaged", shown(name)),)) from error


def open_archive(data: bytes) -> Archive:
    """Open the ZIP within its limits: 64 entries, 512 MiB unpacked, no password, no bomb, no paths.

    Raise PackageRefused where it cannot be trusted at all; entries that merely do not belong become faults.
    """
    _look_at_the_end(data)
    try:
        opened = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, struct.error, ValueError, OSError, NotImplementedError, IndexError) as error:
        raise PackageRefused((Fault("", 0, "", "not_a_zip"),)) from error
    infos = opened.infolist()
    for fault in _dangers(infos):
        raise PackageRefused((fault,))
    archive = Archive(opened)
    wanted = [info for info in infos if not _is_litter(info.filename)]
    top = _top_folder(wanted)
    for info in wanted:
        name = info.filename.removeprefix(top)
        if not name:
            continue
        if "/" in name or "\\" in name:
            archive.faults.append(Fault("", 0, "", "zip_path", shown(info.filename)))
        elif name in archive.entries:
            archive.faults.append(Fault(name, 0, "", "zip_duplicate_entry", shown(name)))
        else:
            archive.entries[name] = info
    return archive


def _look_at_the_end(data: bytes) -> None:
    at = data.rfind(_END, max(0, len(data) - _END_RECORD.size - _LONGEST_COMMENT))
    if at < 0 or len(data) - at < _END_RECORD.size:
        raise PackageRefused((Fault("", 0, "", "not_a_zip"),))
    _, _, _, _, count, directory, _, _ = _END_RECORD.unpack_from(data, at)
    wide = at - _LOCATOR64_SIZE - _END64_RECORD.size
    if wide >= 0 and data.startswith(_END64, wide):
        count, directory = _END64_RECORD.unpack_from(data, wide)[7:9]
    if count > MAX_ENTRIES or directory > MAX_DIRECTORY:
        raise PackageRefused((Fault("", 0, "", "zip_too_many_entries", str(MAX_ENTRIES)),))


def _dangers(infos: list[zipfile.ZipInfo]) -> list[Fault]:
    faults = []
    if len(infos) > MAX_ENTRIES:
        faults.append(Fault("", 0, "", "zip_too_many_entries", str(MAX_ENTRIES)))
    if sum(info.file_size for info in infos) > MAX_UNPACKED:
        faults.append(Fault("", 0, "", "zip_too_large", f"{MAX_UNPACKED // 1024 // 1024} MiB"))
    for info in infos:
        if info.flag_bits & 0x41:
            faults.append(Fault("", 0, "", "zip_encrypted", shown(info.filename)))
        elif info.compress_type not in _METHODS:
            faults.append(Fault("", 0, "", "zip_method", shown(info.filename)))
        elif info.file_size > max(RATIO_FROM, info.compress_size * MAX_RATIO):
            faults.append(Fault("", 0, "", "zip_ratio", shown(info.filename)))
    return faults


def _is_litter(path: str) -> bool:
    """Recognise what a Mac adds when it zips a folder."""
    steps = path.split("/")
    return steps[0] == _LITTER[0] or steps[-1] == _LITTER[1]


def _top_folder(infos: list[zipfile.ZipInfo]) -> str:
    """Find the one folder everything lies in, with its slash, or "" (".." and "." are no folders to take off)."""
    tops = {info.filename.partition("/")[0] for info in infos}
    if len(tops) != 1 or any("/" not in info.filename for info in infos):
        return ""
    top = tops.pop()
    return "" if top in {"", ".", ".."} else f"{top}/"
