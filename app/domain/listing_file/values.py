"""Read the values of single cells: ages, coordinates, dates, seats, pay. None means that nothing can be read."""

import re
from collections.abc import Iterable
from datetime import date, datetime

from app.domain.listing_file.columns import plain_name
from app.domain.opportunity import Pay

_NOTHING = frozenset(
    {"", "null", "none", "nil", "n/a", "na", "#n/a", "#value!", "#ref!", "#name?", "#div/0!", "nan", "-", "--", "—", "\u2013",
     "?", ".", "tbd", "tba", "unknown", "undefined", "\\n", "(blank)", "no aplica", "ninguno", "ninguna", "s/d", "n/d"}
)  # fmt: skip
_NUMBER = re.compile(r"[+-]?\d{1,3}(?:[.,]\d+)?°?")
_AGE = re.compile(
    r"(?:ages?|edad(?:es)?|from|desde|over|under|up to|hasta|at least|de|min\.?|max\.?)?\s*(\d{1,3})(?:\.0+)?\s*"
    r"(?:(?:-|\u2013|—|to|a|and|y|hasta)\s*(\d{1,3})(?:\.0+)?)?\s*(?:\+|and (?:up|over|older)|y más|o más|or older)?\s*"
    r"(?:years?(?: old)?|yrs?\.?|y/?o|años)?",
    re.IGNORECASE,
)
_OPEN_AGES = frozenset({"all", "all ages", "any", "any age", "adult", "adults", "no limit", "todas", "todos", "cualquiera",
                        "sin limite", "adultos", "todas las edades"})  # fmt: skip
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?")
_SLASHED = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?:[ ,].*)?")
_NAMED_MONTH_FIRST = re.compile(r"(?:[a-z]+ )?([a-z]+) (\d{1,2})(?:st|nd|rd|th)? (\d{4})")
_NAMED_DAY_FIRST = re.compile(
    r"(?:[a-z]+ )?(\d{1,2})(?:st|nd|rd|th)? (?:de |of )?([a-z]+) (?:de |del )?(\d{4})"
)
_MONTHS = {
    name: month
    for month, names in enumerate(
        ("jan january ene enero", "feb february febrero", "mar march marzo", "apr april abr abril", "may mayo",
         "jun june junio", "jul july julio", "aug august ago agosto", "sep sept september septiembre setiembre",
         "oct october octubre", "nov november noviembre", "dec december dic diciembre"),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_MONTHS_A_YEAR = 12
_CENTURY = 100
_YES = frozenset({"yes", "y", "true", "t", "1", "x", "si", "s", "verdadero"})
_NO = frozenset({"no", "n", "false", "f", "0", "falso"})
_REMOTE = frozenset({"remote", "virtual", "online", "on line", "remotely", "remoto", "remota", "en linea", "a distancia",
                     "web", "internet", "zoom", "fully remote", "virtually", "this is an online program"})  # fmt: skip
_ON_SITE = frozenset(
    {"in person", "on site", "onsite", "hybrid", "presencial", "hibrido", "semipresencial", "in house"}
)
_MOST_SEATS = 10_000
_NORTH, _EAST = 90.0, 180.0


def is_nothing(cell: str) -> bool:
    """Tell whether a cell is empty or holds a word that programs write for an empty one."""
    return not cell or cell.strip().lower() in _NOTHING


def number(cell: str) -> float | None:
    """Read a decimal number with a point or a comma."""
    text = cell.strip()
    if not text.isascii() and not text.endswith("°"):
        return None
    return float(text.rstrip("°").replace(",", ".")) if _NUMBER.fullmatch(text) else None


def coordinates(latitude: str, longitude: str) -> tuple[float, float] | None:
    """Read a place in degrees (WGS 84); None for 0,0 (nobody's programme is there) and for places off the earth."""
    north, east = number(latitude), number(longitude)
    if north is None or east is None or abs(north) > _NORTH or abs(east) > _EAST:
        return None
    # Where one of the two is exactly 0 the value was missing: no land programme keeps to a whole degree there.
    return None if north == 0 or east == 0 else (north, east)


def ages(cell: str) -> tuple[int | None, int | None] | None:
    """Read an age or a span of ages («14», «14-18», «16+»); (None, None) where any age is welcome; None if unreadable."""
    text = cell.strip()
    if plain_name(text) in _OPEN_AGES:
        return (None, None)
    found = _AGE.fullmatch(text)
    if found is None:
        return None
    return int(found.group(1)), int(found.group(2)) if found.group(2) else None


def day_comes_first(cells: Iterable[str]) -> bool:
    """Tell whether a column of dates writes the day before the month: one first number above 12 proves it."""
    return any(
        (found := _SLASHED.fullmatch(cell.strip())) and int(found.group(1)) > _MONTHS_A_YEAR for cell in cells
    )


def calendar_date(cell: str, *, day_first: bool) -> date | None:
    """Read a date as ISO 8601, with slashes, or with the name of the month in English or Spanish."""
    text = cell.strip()
    try:
        if found := _ISO.fullmatch(text):
            year, month, day = (int(part) for part in found.groups())
        elif found := _SLASHED.fullmatch(text):
            first, second, year = (int(part) for part in found.groups())
            month, day = (second, first) if day_first else (first, second)
            year = datetime.strptime(f"{year:02}", "%y").year if year < _CENTURY else year  # noqa: DTZ007  only the century is wanted
        elif found := _NAMED_MONTH_FIRST.fullmatch(plain_name(text)):
            month, day, year = _MONTHS.get(found.group(1), 0), int(found.group(2)), int(found.group(3))
        elif found := _NAMED_DAY_FIRST.fullmatch(plain_name(text)):
            day, month, year = int(found.group(1)), _MONTHS.get(found.group(2), 0), int(found.group(3))
        else:
            return None
        return date(year, month, day)
    except ValueError:
        return None


def seats(cell: str) -> int | None:
    """Read a number of seats from 1 to 10,000."""
    found = re.fullmatch(r"(\d{1,5})(?:\.0+)?(?:\s+[^\W\d]+)?", cell.strip())
    count = int(found.group(1)) if found else 0
    return count if 1 <= count <= _MOST_SEATS else None


def remote(cell: str) -> bool | None:
    """Read whether one takes part from anywhere; hybrid is not remote, because one has to come at times."""
    plain = plain_name(cell)
    if plain in _REMOTE or plain in _YES:
        return True
    return False if plain in _ON_SITE or plain in _NO else None


def answer(cell: str) -> bool | None:
    """Read a yes or a no."""
    plain = plain_name(cell)
    return True if plain in _YES else False if plain in _NO else None


def is_online_place(cell: str) -> bool:
    """Tell whether an address says that there is no place: «online», «virtual»."""
    return plain_name(cell) in _REMOTE


def pay(cell: str) -> Pay:
    """Read whether the student is paid, from yes and no, from words, or from an amount."""
    words = set(plain_name(cell).split())
    plain = " ".join(plain_name(cell).split())
    if words & {"stipend", "stipends", "estipendio", "beca"}:
        return Pay.STIPEND
    if (
        plain in _NO
        or words & {"unpaid", "volunteer", "free", "none"}
        or plain.startswith(("no ", "not ", "sin "))
    ):
        return Pay.UNPAID
    if words & {"voluntario", "voluntaria", "gratis", "non"}:
        return Pay.UNPAID
    if plain in _YES or words & {
        "paid",
        "pagado",
        "pagada",
        "remunerado",
        "remunerada",
        "wage",
        "hourly",
        "salary",
    }:
        return Pay.PAID
    amount = re.search(r"\d+(?:[.,]\d+)?", cell)
    if amount is None:
        return Pay.UNKNOWN
    return Pay.PAID if float(amount.group().replace(",", ".")) > 0 else Pay.UNPAID
