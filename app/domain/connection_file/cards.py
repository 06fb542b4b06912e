"""Read an address book of vCards (2.1, 3.0 and 4.0) card by card; a broken one costs no other.

What a private address book says beyond whom one knows at which workplace (notes, birthdays, photographs, home addresses
where there is one of work) is never read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import vobject  # type: ignore[import-untyped] # the library brings no types

from app.domain.connection_file.columns import COLUMNS
from app.domain.connection_file.faults import ConnectionFileRefused, Fault, NotTaken
from app.domain.connection_file.offered import Account, ConnectionFile, Defaults
from app.domain.connection_file.reading import MOST_ROWS
from app.domain.connection_file.row import RowReader
from app.domain.listing_file import decode

LONGEST_CARD = 20_000
_LINE_END = re.compile(r"\r\n|\r|\n")
_BEGIN = re.compile(r"\s*BEGIN\s*:\s*VCARD\s*", re.IGNORECASE)
_END = re.compile(r"\s*END\s*:\s*VCARD\s*", re.IGNORECASE)
# Large, and nobody's business here.
_LEFT_OUT = re.compile(r"(?:[\w-]+\.)?(?:PHOTO|LOGO|SOUND|KEY|NOTE|BDAY|ANNIVERSARY)[;:]", re.IGNORECASE)
_OWN = "x-kithwork-"
_PROPERTY = {
    "given_name": "N",
    "family_name": "N",
    "full_name": "FN",
    "email": "EMAIL",
    "phone": "TEL",
    "job_title": "TITLE",
    "employer": "ORG",
    "street": "ADR",
    "city": "ADR",
    "region": "ADR",
    "postal_code": "ADR",
    "language": "LANG",
}
_OWN_FIELDS = ("domain", "closeness", "frequency", "years_known", "offers", "fields", "share_scope", "credit",
               "language", "basis", "contributor", "personal_relation")  # fmt: skip
_COLUMNS = {field: _PROPERTY.get(field, (_OWN + field.replace("_", "-")).upper()) for field in COLUMNS}
# Rejected cards are handed back as the rows of a CSV that can be mended and sent; the last column has the card itself.
_HEADER = (*(names[0] for names in COLUMNS.values()), "vcard")


@dataclass(frozen=True, slots=True)
class _Card:
    line: int
    lines: tuple[str, ...]
    closed: bool

    @property
    def text(self) -> str:
        return "\r\n".join(self.lines) + "\r\n"


def read_cards(data: bytes, *, file: str, defaults: Defaults) -> ConnectionFile:
    """Read vCards; the basis is the sender's own (`defaults`) unless a card states it as X-KITHWORK-BASIS.

    Raises `Refused` when the file is not text, holds no card, or more of them than one import takes.
    """
    text, encoding = decode(data)
    cards = list(_cards(text))
    if not cards:
        raise ConnectionFileRefused.because("no_cards")
    if len(cards) > MOST_ROWS:
        raise ConnectionFileRefused.because("rows_too_many", limit=MOST_ROWS)
    reader = RowReader(_COLUMNS, defaults)
    account = Account()
    for card in cards:
        cells: dict[str, str] = {}
        try:
            cells = _texts(card)
            offer = reader.read(card.line, cells)
        except NotTaken as verdict:
            back = _as_row(card, cells)
            account.rejected.append(Fault(card.line, verdict.code, verdict.column, verdict.values, back))
            continue
        offer.cells.append(_as_row(card, cells))
        account.take(offer)
    return ConnectionFile(
        file=file,
        encoding=encoding,
        delimiter=",",
        header=_HEADER,
        columns={},
        unmapped=(),
        rows_read=len(cards),
        merged=account.merged,
        offers=list(account.offers.values()),
        rejected=account.rejected,
        notices=[],
    )


def _as_row(card: _Card, cells: dict[str, str]) -> tuple[str, ...]:
    return (*(cells.get(field, "") for field in COLUMNS), card.text)


def _cards(text: str) -> Iterator[_Card]:
    """Cut the text into cards: each ends at its END, or where the next one begins."""
    begun: int | None = None
    lines: list[str] = []
    for number, line in enumerate(_LINE_END.split(text.removeprefix("\ufeff")), 1):
        if _BEGIN.fullmatch(line):
            if begun is not None:
                yield _Card(begun, tuple(lines), closed=False)
            begun, lines = number, []
        if begun is None:
            continue
        lines.append(line)
        if _END.fullmatch(line):
            yield _Card(begun, tuple(lines), closed=True)
            begun, lines = None, []
    if begun is not None:
        yield _Card(begun, tuple(lines), closed=False)


def _texts(card: _Card) -> dict[str, str]:
    """Return field → text of one card; raises NotTaken."""
    if not card.closed:
        raise NotTaken("card_never_closed")
    text = "\r\n".join(_kept(card.lines)) + "\r\n"
    if len(text) > LONGEST_CARD:
        raise NotTaken("card_too_long", length=str(len(text)), limit=str(LONGEST_CARD))
    if "\0" in text:
        raise NotTaken("nul_byte")
    try:
        return _fields(vobject.readOne(text, allowQP=True).contents)
    except Exception as error:  # the parser raises whatever its own reading of a broken line runs into
        raise NotTaken("card_unreadable") from error


def _kept(lines: tuple[str, ...]) -> Iterator[str]:
    """Leave out blank lines, and the properties that are never read with the lines that continue them."""
    dropping = soft = False
    for line in lines:
        if not line.strip():
            continue
        goes_on = line[0] in " \t" or soft or (dropping and ":" not in line)
        if not goes_on:
            dropping = _LEFT_OUT.match(line) is not None
        # A quoted-printable value goes on in the next line where this one ends in an equals sign.
        quoted = soft or "QUOTED-PRINTABLE" in line.upper()
        soft = quoted and line.rstrip().endswith("=")
        if not dropping:
            yield line


def _fields(contents: dict[str, list[Any]]) -> dict[str, str]:
    found: dict[str, str] = {}
    if "n" in contents:
        name = contents["n"][0].value
        found["given_name"], found["family_name"] = _joined(name.given), _joined(name.family)
    if "fn" in contents:
        found["full_name"] = _joined(contents["fn"][0].value)
    if not (found.get("given_name") and found.get("family_name")) and found.get("full_name"):
        found["given_name"] = found["family_name"] = ""
    for field, name in (("email", "email"), ("phone", "tel"), ("job_title", "title"), ("language", "lang")):
        if name in contents:
            found[field] = _joined(_best(contents[name]).value)
    if "org" in contents:
        organisation = contents["org"][0].value
        found["employer"] = _joined(organisation[0] if isinstance(organisation, list) else organisation)
    at_work = [each for each in contents.get("adr", []) if "work" in _kinds(each)]
    if at_work:
        place = at_work[0].value
        found["street"], found["city"] = _joined(place.street), _joined(place.city)
        found["region"], found["postal_code"] = _joined(place.region), _joined(place.code)
    for field in _OWN_FIELDS:
        own = contents.get(_OWN + field.replace("_", "-"))
        if own:
            found[field] = _joined(own[0].value)
    return found


def _joined(value: Any) -> str:
    return " ".join(str(part) for part in value) if isinstance(value, list) else str(value)


def _kinds(line: Any) -> set[str]:
    """Return the types of a line in small letters, whichever version of the format wrote them."""
    named = [kind for kinds in line.params.get("TYPE", []) for kind in kinds.split(",")]
    kinds = {kind.strip().lower() for kind in (*named, *line.singletonparams)}
    return kinds | ({"pref"} if "PREF" in line.params else set())


def _best(lines: list[Any]) -> Any:
    """Choose the line of work, then the preferred one, then the first that is not of home."""

    def rank(line: Any) -> tuple[bool, bool, bool]:
        kinds = _kinds(line)
        return "work" not in kinds, "pref" not in kinds, "home" in kinds

    return min(lines, key=rank)
