"""Cells of a sheet: made safe for the programs that open it, and read back as exactly what they were."""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from app.domain.availability import Weekday, check_meets
from app.domain.errors import Refused
from app.domain.listing_file import values
from app.domain.listing_file.columns import plain_name

# What makes spreadsheet programs run a cell as a formula, in the plain and the wide forms that they fold into it.
_FORMULA = frozenset("=+-@\t\r\n＝＋－＠")  # noqa: RUF001  the wide forms are the point
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)
_MARK = "'"

_PARTED = re.compile(r"[;|\n]")
_MEETING = re.compile(
    r"(?P<days>[^\W\d_][^\d]*?)[\s,:.]*(?P<begin>\d{1,2}(?:[:.h]\d\d)?) ?(?P<first>[ap]\.? ?m\.?)?"
    r"\s*(?:-|\u2013|—|to|until|a|hasta)\s*(?P<end>\d{1,2}(?:[:.h]\d\d)?) ?(?P<second>[ap]\.? ?m\.?)?",
    re.IGNORECASE,
)
_DAY_NAMES = {
    name: day
    for day, names in {
        Weekday.MON: "mon monday mondays lun lunes",
        Weekday.TUE: "tue tues tuesday tuesdays mar martes",
        Weekday.WED: "wed weds wednesday wednesdays mie miercoles",
        Weekday.THU: "thu thur thurs thursday thursdays jue jueves",
        Weekday.FRI: "fri friday fridays vie viernes",
        Weekday.SAT: "sat saturday saturdays sab sabado sabados",
        Weekday.SUN: "sun sunday sundays dom domingo domingos",
    }.items()
    for name in names.split()
}
_WEEK = tuple(Weekday)
_FROM_TO = frozenset({"-", "\u2013", "—", "to", "through", "a", "al", "hasta"})
_AND = frozenset({"and", "y", "e", "&", "los", "el", "de", "every", "cada"})
_WORDS = re.compile(r"[^\W\d_]+|[-\u2013—&]")
_NOON, _MIDNIGHT = 12, 24

# What a student needs to speak, as ISO 639-1 has it, by the names people write.
_TWO_LETTERS = re.compile(r"[a-z]{2}")
_LANGUAGES = {
    name: code
    for code, names in {
        "en": "english ingles",
        "es": "spanish espanol castellano",
        "zh": "chinese mandarin cantonese chino mandarin",
        "fr": "french frances",
        "ht": "creole kreyol",
        "vi": "vietnamese vietnamita",
        "ar": "arabic arabe",
        "pl": "polish polaco",
        "pt": "portuguese portugues",
        "ko": "korean coreano",
        "ru": "russian ruso",
        "tl": "tagalog filipino",
        "so": "somali",
        "uk": "ukrainian ucraniano",
        "ur": "urdu",
        "hi": "hindi",
        "de": "german aleman",
        "ja": "japanese japones",
    }.items()
    for name in names.split()
}


def _risky(text: str) -> bool:
    """Say whether a cell would be run, read as nothing, or taken for one that was guarded."""
    bare = text.lstrip(" \u00a0")
    if not bare or _NUMBER.fullmatch(text):
        return False
    if bare[0] == _MARK:
        return _risky(bare[1:])
    return bare[0] in _FORMULA or values.is_nothing(text)


def guarded(text: str) -> str:
    """Write a cell so that no spreadsheet program runs it: an apostrophe before what one would take for a formula."""
    return f"{_MARK}{text}" if _risky(text) else text


def unguarded(cell: str) -> str:
    """Give the text that `guarded` wrote; every other cell as it is, 'tis and a lone apostrophe included."""
    return cell[1:] if is_guarded(cell) else cell


def is_guarded(cell: str) -> bool:
    """Say whether `guarded` wrote this cell in another form than its text."""
    return cell[:1] == _MARK and _risky(cell[1:])


def listed(codes: Iterable[str]) -> str:
    """Write several values in one cell."""
    return "; ".join(codes)


def parts(cell: str) -> list[str]:
    """Read several values of one cell: parted by semicolons, bars or lines; each once, in order."""
    return list(dict.fromkeys(part for each in _PARTED.split(cell) if (part := " ".join(each.split()))))


def called(codes: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return the codes by every way to write one: as a code or by its names."""
    return {
        plain_name(name): code
        for code, names in codes.items()
        for name in chain((code, code.replace("_", " ")), names)
    }


def coded(cell: str, by_name: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Read the codes of a cell by what `called` returns: (codes, what is none). Commas part them too."""
    found: dict[str, None] = {}
    unknown: list[str] = []
    for part in parts(cell):
        whole = by_name.get(plain_name(part))
        each = [part] if whole else [piece.strip() for piece in part.split(",") if piece.strip()]
        for piece in each:
            code = by_name.get(plain_name(piece))
            if code is None:
                unknown.append(piece)
            else:
                found[code] = None
    return list(found), unknown


def languages(cell: str) -> tuple[list[str], list[str]]:
    """Read languages as codes of two letters, written so or by the names that are common: (codes, what is none)."""
    found: dict[str, None] = {}
    unknown: list[str] = []
    for part in re.split(r"[;|,\n/]", cell):
        plain = plain_name(part)
        code = _LANGUAGES.get(plain) or (plain if _TWO_LETTERS.fullmatch(plain) else None)
        if code is not None:
            found[code] = None
        elif plain:
            unknown.append(part.strip())
    return list(found), unknown


def timetable_text(meets: Iterable[Mapping[str, str]]) -> str:
    """Write a weekly timetable in one cell: mon 14:00-17:00; wed 09:30-11:00."""
    return listed(f"{each['day']} {each['from']}-{each['to']}" for each in meets)


def timetable(cell: str) -> list[dict[str, str]] | None:
    """Read a weekly timetable («Mon, Wed 2pm-5pm; viernes 9:00 a 11:00»); None where that cannot be done for certain."""
    meets: list[dict[str, str]] = []
    for part in parts(cell):
        found = _MEETING.fullmatch(part)
        days = _days(found["days"]) if found else []
        if found is None or not days:
            return None
        ends = _clock(found["end"], found["second"])
        # In «2-5 pm» the afternoon is said once, for both.
        begins = _clock(found["begin"], found["first"] or found["second"])
        if begins is None or ends is None:
            return None
        if begins >= ends and found["first"] is None:
            begins = _clock(found["begin"], None)
        meets += [{"day": day.value, "from": begins or "", "to": ends} for day in days]
    try:
        return check_meets(meets)
    except Refused:
        return None


def _days(text: str) -> list[Weekday]:
    days: list[Weekday] = []
    spans = False
    for word in _WORDS.findall(text):
        name = plain_name(word)
        day = _DAY_NAMES.get(name)
        if day is not None and spans and days:
            first, last = _WEEK.index(days[-1]), _WEEK.index(day)
            if last <= first:
                return []
            days += _WEEK[first + 1 : last + 1]
            spans = False
        elif day is not None:
            days.append(day)
        elif word in _FROM_TO or name in _FROM_TO:
            spans = True
        elif word not in _AND and name not in _AND:
            return []
    return [] if spans else list(dict.fromkeys(days))


def _clock(text: str, half: str | None) -> str | None:
    hours, _, minutes = re.sub("[.h]", ":", text.lower()).partition(":")
    hour, minute = int(hours), int(minutes or 0)
    if half is not None:
        if not 1 <= hour <= _NOON:
            return None
        hour = hour % _NOON + (_NOON if half.lower().startswith("p") else 0)
    if hour > _MIDNIGHT or minute > 59 or (hour == _MIDNIGHT and minute):  # noqa: PLR2004  minutes of an hour
        return None
    return f"{hour:02}:{minute:02}"


def whole_number(cell: str, first: int, last: int) -> int | None:
    """Read a whole number within bounds; spreadsheet programs write 40 as 40.0."""
    found = re.fullmatch(r"(\d{1,6})(?:[.,]0+)?", cell.strip(), re.ASCII)
    number = int(found.group(1)) if found else -1
    return number if first <= number <= last else None


def cents(cell: str) -> int | None:
    """Read an amount of money («15», «$15.50», «15,50») as cents, up to a million; None where that cannot be done."""
    found = re.fullmatch(
        r"[$€]?\s*(\d{1,3}(?:,\d{3})+|\d{1,7})(?:[.,](\d{1,2}))?\s*[$€]?", cell.strip(), re.ASCII
    )
    if found is None:
        return None
    amount = int(found.group(1).replace(",", "")) * 100 + int((found.group(2) or "0").ljust(2, "0"))
    return amount if amount <= 100_000_000 else None  # noqa: PLR2004  the bound of the column


def money(amount: int | None) -> str:
    """Write cents as an amount."""
    return "" if amount is None else f"{amount // 100}.{amount % 100:02}"
