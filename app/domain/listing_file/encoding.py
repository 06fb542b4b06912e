"""Turn the bytes of a file into text, and put right the letters that earlier conversions garbled.

Three things go wrong with such files: they are not UTF-8 at all, single lines of them are not, or they are UTF-8 that
some program once read as Windows-1252 or Mac Roman and saved again. The first two are settled by `decode`, the third by
`mend`, which changes only sequences that no language writes and that are exactly the bytes of one character.
"""

import codecs
import re
from collections.abc import Iterator

from app.domain.listing_file.faults import FileRefused

_BINARY_HEADS = (
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"Rar!",
)
_CONTROLS = bytes(set(range(32)) - {0, 9, 10, 11, 12, 13, 27, 28, 29, 30, 31})
_BINARY_SHARE = 0.01
_UTF16_SHARE = 0.3

_LETTERS = "áéíóúüñÁÉÍÓÚÜÑ¿¡çàèêâîôûëïäößãõ"
_MARKS = "\u2018\u2019\u201c\u201d\u2013\u2014…•®©™°\xa0€·º"
_GOOD = frozenset(_LETTERS + _MARKS)
# A capital or a dash between two small letters, as in donÕt, tells the wrong code page.
_ODD = re.compile("[a-z][ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝŽŒŠ–—“”‡†…œŽŠ˜ˆ‰™][a-z]")  # noqa: RUF001  the marks are the point
_TELLTALE = re.compile("â€|Ã[©±³¡\xad]|Â[\xa0®·]")
_CANDIDATES = ("cp1252", "mac_roman")

_UTF8_BYTES = re.compile(
    rb"[\x00-\x7f]+|(?:[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}"
    rb"|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2})+"
)
_LINES = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")


def decode(data: bytes) -> tuple[str, str]:
    """Give the text of a file and the name of the encoding it was read with.

    Names: `utf-8`, `utf-8-sig`, `utf-16-le`, `utf-16-be`, `cp1252`, `mac_roman`, or `mixed` where most lines are UTF-8 and
    some are not (each line is then decoded for itself). Bytes that mean nothing become U+FFFD. Raises `FileRefused` for an
    empty file and for one that is not text, such as a spreadsheet.
    """
    if not data.strip():
        raise FileRefused.because("file_empty")
    if data.startswith(_BINARY_HEADS):
        raise FileRefused.because("file_not_text")
    wide = _utf16(data)
    if wide is not None:
        return wide
    if (
        len(data) - len(data.translate(None, _CONTROLS)) > _BINARY_SHARE * len(data)
        or data.count(0) > len(data) // 10
    ):
        raise FileRefused.because("file_not_text")
    if data.startswith(codecs.BOM_UTF8):
        text, name = _narrow(data[len(codecs.BOM_UTF8) :])
        return text, "utf-8-sig" if name == "utf-8" else name
    return _narrow(data)


def _utf16(data: bytes) -> tuple[str, str] | None:
    if data.startswith(codecs.BOM_UTF16_LE):
        return data[2:].decode("utf-16-le", "replace"), "utf-16-le"
    if data.startswith(codecs.BOM_UTF16_BE):
        return data[2:].decode("utf-16-be", "replace"), "utf-16-be"
    head = data[:4000]
    half = len(head) // 2
    # Latin text in UTF-16 has a zero in every other byte, on one side only.
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > _UTF16_SHARE * half and even * 10 < odd:
        return data.decode("utf-16-le", "replace"), "utf-16-le"
    if even > _UTF16_SHARE * half and odd * 10 < even:
        return data.decode("utf-16-be", "replace"), "utf-16-be"
    return None


def _narrow(data: bytes) -> tuple[str, str]:
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    foreign = [line for line in _LINES.findall(data) if not line.isascii()]
    broken = [line for line in foreign if not _is_utf8(line)]
    page = _code_page(b"".join(broken))
    if 2 * len(broken) > len(foreign):
        return data.decode(page, "replace"), page
    return "".join(_by_line(data, page)), "mixed"


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _by_line(data: bytes, page: str) -> Iterator[str]:
    for line in _LINES.findall(data):
        try:
            yield line.decode("utf-8")
        except UnicodeDecodeError:
            at = 0
            for good in _UTF8_BYTES.finditer(line):
                yield line[at : good.start()].decode(page, "replace")
                yield good.group().decode("utf-8")
                at = good.end()
            yield line[at:].decode(page, "replace")


def _code_page(sample: bytes) -> str:
    """Tell Windows-1252 from Mac Roman by which of the two makes words of the bytes; a tie is Windows."""
    sample = sample[:400_000]
    return max(_CANDIDATES, key=lambda page: _likelihood(sample.decode(page, "replace")))


def _likelihood(text: str) -> int:
    foreign = re.sub(r"[\x00-\x7f]+", "", text)
    good = sum(1 for mark in foreign if mark in _GOOD)
    return 2 * good - len(foreign) - 3 * len(_ODD.findall(text)) + 4 * len(_TELLTALE.findall(text))


def _byte_of(code: int) -> str:
    # Programs keep the five bytes that Windows-1252 leaves undefined as control characters.
    try:
        return bytes([code]).decode("cp1252")
    except UnicodeDecodeError:
        return chr(code)


_WINDOWS = {_byte_of(code): code for code in range(0x80, 0x100)}
_MAC = {bytes([code]).decode("mac_roman"): code for code in range(0x80, 0x100)}
# A byte that Windows-1252 leaves undefined survives a detour over Mac Roman as that page's letter.
_DETOUR = {bytes([code]).decode("mac_roman"): code for code in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}


def _one_of(table: dict[str, int], first: int, last: int) -> str:
    return "[" + "".join(re.escape(mark) for mark, code in table.items() if first <= code <= last) + "]"


def _garbled(table: dict[str, int], last_table: dict[str, int]) -> re.Pattern[str]:
    """Match one UTF-8 character that was read byte for byte.

    Of the two-byte characters only the Latin letters and signs (first byte C2 or C3): the others begin with letters that
    end words in real languages, so CAFÉ™ stays what it is.
    """
    inner, last = _one_of(table, 0x80, 0xBF), _one_of(last_table, 0x80, 0xBF)
    two = _one_of(table, 0xC2, 0xC3) + inner
    three = _one_of(table, 0xE2, 0xE2) + inner + last + "|" + _one_of(table, 0xEF, 0xEF) + inner + last
    four = _one_of(table, 0xF0, 0xF0) + inner * 2 + last
    return re.compile(f"{four}|{three}|{two}")


_WINDOWS_LAST = {**_WINDOWS, **_DETOUR}
_REPAIRS = (
    (_garbled(_WINDOWS, _WINDOWS_LAST), _WINDOWS_LAST),
    (_garbled(_MAC, _MAC), _MAC),
)
# Windows-1252 letters of a text that went through Mac Roman on top of it: â€™ then shows as ‰Ûª.
_TWICE = re.compile("‰Û|åÊ|Ì©")
_LEFTOVER = re.compile("\ufffd|â€|(?<![A-ZÁÉÍÓÚÂÊÔÇÕÀ])Ã(?![A-ZÁÉÍÓÚÂÊÔÇÕÀ ])|Â[^\\w\\s]|‰Û|\u201aÄ|√[©±°≥°]")
_SYMBOL_FONT = {0xF0B7: "•", 0xF0A7: "▪", 0xF0D8: "➢", 0xF0FC: "✓", 0xFEFF: None, 0x200B: None}
_DIRECTION_MARKS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F])
_REPLACED = {**_SYMBOL_FONT, **_DIRECTION_MARKS}


def mend(text: str) -> tuple[str, str | None]:
    """Put right garbled letters: the text, and `encoding_repaired`, `encoding_doubtful` or None.

    `encoding_doubtful` says that something of the text is lost (a letter that became U+FFFD, or half of a sequence);
    what could be put right was.
    """
    if text.isascii():
        return text, None
    mended = text
    if _TWICE.search(mended):
        mended = _over_mac(mended)
    for pattern, table in _REPAIRS:
        mended = pattern.sub(lambda found, table=table: _character(found.group(), table), mended)  # type: ignore[misc]  # a default binds the loop's table
    mended = mended.translate(_REPLACED)
    if _LEFTOVER.search(mended):
        return mended, "encoding_doubtful"
    return mended, None if mended == text.translate(_REPLACED) else "encoding_repaired"


def _character(garbled: str, table: dict[str, int]) -> str:
    try:
        return bytes(table[mark] for mark in garbled).decode("utf-8")
    except UnicodeDecodeError:
        return garbled


def _over_mac(text: str) -> str:
    def back(found: re.Match[str]) -> str:
        return bytes(_WINDOWS[mark] for mark in found.group()).decode("mac_roman")

    marks = "".join(re.escape(mark) for mark in _WINDOWS)
    return re.sub(f"[{marks}]+", back, text)
