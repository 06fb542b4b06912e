"""Make a listing of one sound row: every value read, cleaned and judged, every change noted."""

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from app.domain.listing_file import cells, guesses, more, prose, values
from app.domain.listing_file.columns import ColumnMapping
from app.domain.listing_file.encoding import mend
from app.domain.listing_file.faults import Notice, NotTaken
from app.domain.listing_file.listing import Listing
from app.domain.listing_file.records import Record
from app.domain.opportunity import Pay

YOUNGEST, OLDEST = 2, 99
_OLDEST_EVER = 130
_LONGEST = {
    "title": 300,
    "organisation": 300,
    "description": 20_000,
    "street": 300,
    "city": 120,
    "region": 120,
    "postal_code": 20,
    "schedule": 1_000,
    "type": 100,
    "category_code": 100,
    "category_name": 200,
    "dress_code": 200,
    "deliverable": 2_000,
}
_LONGEST_SHOWN = 60
_OF_LINES = frozenset({"description", "schedule", "deliverable"})


def identity_key(*parts: object) -> str:
    """Give the hex SHA-256 of an identity, blind to case, blanks and the forms of Unicode."""
    normal = (
        " ".join(unicodedata.normalize("NFKC", "" if part is None else str(part)).casefold().split())
        for part in parts
    )
    return hashlib.sha256("\x1f".join(normal).encode("utf-8", "replace")).hexdigest()


class RowReader:
    """Read the rows of one file into listings; texts that repeat are cleaned once.

    `unknown_categories` collects the category names that no cluster is known for.
    """

    def __init__(
        self,
        file: str,
        mapping: ColumnMapping,
        rows: Sequence[Sequence[str]],
        cluster_aliases: Mapping[str, str],
        default_type: str,
    ) -> None:
        self._file = file
        self._columns = mapping.columns
        self._positions = mapping.positions
        self._aliases = cluster_aliases
        self._default_type = default_type
        dated = [at for field in ("starts_on", "ends_on") if (at := mapping.positions.get(field)) is not None]
        self._day_first = values.day_comes_first(row[at] for at in dated for row in rows if at < len(row))
        self._texts: dict[tuple[str, str], tuple[str, tuple[str, ...]]] = {}
        self._clusters: dict[str, tuple[str, ...]] = {}
        self._types: dict[tuple[str, str], str | None] = {}
        self.unknown_categories: dict[str, None] = {}
        self._record = Record((), 0, 0)
        self._notices: list[Notice] = []

    def column_of(self, field: str) -> str:
        """Name the column that holds a field, for a sentence."""
        return self._columns.get(
            "latitude" if field == "coordinates" else "paid" if field == "pay" else field, field
        )

    def read(self, record: Record) -> Listing:
        """Give the listing of one row; raises `NotTaken` when it has no title or an age that cannot be understood."""
        self._record, self._notices = record, []
        if record.repaired:
            self._notice("quotes_repaired")
        title = self._text("title")
        if not title and self._cell("listing_id"):
            # People gave it this title here, whatever cleaning leaves of it.
            title = " ".join(self._cell("title").split())
        if not title:
            raise NotTaken("title_missing", self._columns["title"], column=self._columns["title"])
        organisation = self._text("organisation")
        street, city, region, postal_code, online = self._address()
        youngest, oldest = self._ages()
        starts_on, ends_on = self._dates()
        description = self._text("description")
        remote = values.remote(self._cell("remote"))
        pay = values.pay(self._cell("paid") or self._cell("type"))
        type_of = self._type(title, pay)
        category = self._category()
        said = more.read(self._cell, self._text, self._columns)
        clusters = said.pop("clusters", None) or list(self._clusters_of(category))
        return Listing(
            key=identity_key(
                title, organisation, street, city, region, postal_code, youngest, oldest, starts_on, ends_on
            ),
            title=title,
            organisation=organisation or None,
            description=description,
            street=street or None,
            city=city or None,
            region=region or None,
            postal_code=postal_code or None,
            coordinates=self._coordinates(),
            minimum_age=youngest,
            maximum_age=oldest,
            type=type_of or self._default_type,
            type_guessed=type_of is not None,
            seats=self._seats(),
            starts_on=starts_on,
            ends_on=ends_on,
            url=self._url(description),
            remote=online if remote is None else remote,
            pay=pay,
            schedule=self._text("schedule") or None,
            type_said=self._text("type"),
            listing_id=self._listing_id(),
            listing_state=self._cell("listing_state") or None,
            cells=record.cells if self._cell("listing_id") else (),
            more=said,
            categories=[category] if category != (None, None) else [],
            clusters=clusters,
            lines=[record.line],
            notices=self._notices,
        )

    def _notice(self, code: str, column: str | None = None, /, **parts: str) -> None:
        if not any(notice.code == code and notice.column == column for notice in self._notices):
            self._notices.append(Notice(self._file, self._record.line, code, column, parts))

    def _left_out(self, field: str, value: str) -> None:
        self._notice("value_left_out", self._columns[field], value=value[:_LONGEST_SHOWN])

    def _cell(self, field: str) -> str:
        at = self._positions.get(field)
        if at is None or at >= len(self._record.cells):
            return ""
        # A no-break space may be the second half of a garbled letter: it is stripped after mending.
        whole = self._record.cells[at]
        if cells.is_guarded(whole):
            # Written by an export: what looks like nothing is something here.
            return cells.unguarded(whole).strip(" \t\r\n")
        cell = whole.strip(" \t\r\n")
        return "" if values.is_nothing(cell) else cell

    def _text(self, field: str) -> str:
        cell = self._cell(field)
        if not cell:
            return ""
        cleaned = self._texts.get((field, cell))
        if cleaned is None:
            cleaned = self._texts[field, cell] = self._clean(field, cell)
        for code in cleaned[1]:
            parts = {"limit": str(_LONGEST[field])} if code == "text_shortened" else {}
            self._notice(code, self._columns[field], **parts)
        return cleaned[0]

    @staticmethod
    def _clean(field: str, cell: str) -> tuple[str, tuple[str, ...]]:
        mended, code = mend(cell)
        codes = [code] if code else []
        text = prose.plain_text(mended) if field in _OF_LINES else prose.one_line(mended)
        text, had_contacts = prose.without_contacts(text)
        if had_contacts:
            codes.append("contact_removed")
        limit = _LONGEST[field]
        if len(text) > limit:
            codes.append("text_shortened")
            text = text[: limit - 1].rstrip() + "…"
        return text, tuple(codes)

    def _address(self) -> tuple[str, str, str, str, bool]:
        parts = [self._text(field) for field in ("street", "city", "region", "postal_code")]
        online = any(values.is_online_place(part) for part in parts if part)
        street, city, region, postal_code = ("" if values.is_online_place(part) else part for part in parts)
        # Spreadsheet programs turn a postal code into a number.
        return street, city, region, postal_code.removesuffix(".0"), online

    def _coordinates(self) -> tuple[float, float] | None:
        latitude, longitude = self._cell("latitude"), self._cell("longitude")
        if not latitude and not longitude:
            return None
        place = values.coordinates(latitude, longitude)
        if place is None and not (values.is_online_place(latitude) or values.is_online_place(longitude)):
            shown = f"{latitude[:_LONGEST_SHOWN]}, {longitude[:_LONGEST_SHOWN]}"
            column = self._columns.get("latitude") or self._columns.get("longitude")
            self._notice("coordinates_left_out", column, value=shown)
        return place

    def _ages(self) -> tuple[int | None, int | None]:
        youngest, until = self._age("minimum_age")
        oldest, further = self._age("maximum_age")
        oldest = oldest if further is None else further
        oldest = until if oldest is None else oldest
        if youngest is not None and oldest is not None and youngest > oldest:
            youngest, oldest = oldest, youngest
            self._notice("ages_swapped", self._columns.get("minimum_age"))
        return self._bounded("minimum_age", youngest), self._bounded("maximum_age", oldest)

    def _age(self, field: str) -> tuple[int | None, int | None]:
        cell = self._cell(field)
        if not cell:
            return (None, None)
        span = values.ages(cell)
        if span is None:
            raise NotTaken("age_unreadable", self._columns[field], value=cell[:_LONGEST_SHOWN])
        return span

    def _bounded(self, field: str, age: int | None) -> int | None:
        """Read 0 and 1 as no lower limit and 100 as no upper one: that is how forms without a blank say so."""
        if age is None or YOUNGEST <= age <= OLDEST:
            return age
        open_end = age < YOUNGEST if field == "minimum_age" else OLDEST < age <= _OLDEST_EVER or age == 0
        column = self._columns.get(field) or self._columns.get("minimum_age")
        if not open_end:
            raise NotTaken("age_absurd", column, value=str(age))
        self._notice("age_open", column, value=str(age))
        return None

    def _dates(self) -> tuple[date | None, date | None]:
        starts_on, ends_on = self._date("starts_on"), self._date("ends_on")
        if starts_on is not None and ends_on is not None and ends_on < starts_on:
            self._notice("dates_out_of_order", self._columns["ends_on"])
            ends_on = None
        return starts_on, ends_on

    def _listing_id(self) -> UUID | None:
        cell = self._cell("listing_id")
        try:
            return UUID(cell) if cell else None
        except ValueError:
            column = self._columns["listing_id"]
            raise NotTaken("listing_id_unreadable", column, value=cell[:_LONGEST_SHOWN]) from None

    def _date(self, field: str) -> date | None:
        cell = self._cell(field)
        day = values.calendar_date(cell, day_first=self._day_first) if cell else None
        if cell and day is None:
            self._left_out(field, cell)
        return day

    def _seats(self) -> int | None:
        cell = self._cell("seats")
        count = values.seats(cell) if cell else None
        if cell and count is None:
            self._left_out("seats", cell)
        return count

    def _url(self, description: str) -> str | None:
        cell = self._cell("url")
        address = prose.web_address(cell) if cell else None
        if cell and address is None:
            self._left_out("url", cell)
        return address or prose.first_url(description)

    def _category(self) -> tuple[str | None, str | None]:
        return self._text("category_code") or None, self._text("category_name") or None

    def _clusters_of(self, category: tuple[str | None, str | None]) -> tuple[str, ...]:
        name = category[1] or category[0]
        if name is None:
            return ()
        clusters = self._clusters.get(name)
        if clusters is None:
            clusters = self._clusters[name] = guesses.clusters_of(name, self._aliases)
            if not clusters:
                self.unknown_categories[name] = None
        return clusters

    def _type(self, title: str, pay: Pay) -> str | None:
        said = self._text("type")
        if (said, title) not in self._types:
            self._types[said, title] = guesses.type_of(said, title)
        found = self._types[said, title]
        if found != "internship":
            return found
        # Where nothing is said of pay, the type that promises none.
        return "internship_paid" if pay in {Pay.PAID, Pay.STIPEND} else "internship_unpaid"
