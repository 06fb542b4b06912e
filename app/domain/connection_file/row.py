"""Make an offer of the texts of one row or card, or say why it cannot be taken."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from app.domain.connection import ConnectionDomain, Offer, ShareScope
from app.domain.connection_file.columns import LANGUAGES, NO, YES, field_code, known, member_of
from app.domain.connection_file.faults import Notice, NotTaken, shown
from app.domain.connection_file.offered import Defaults, Offered
from app.domain.contact_basis import ContactBasis
from app.domain.listing_file import mend
from app.domain.listing_file.columns import plain_name
from app.domain.listing_file.values import is_nothing

E = TypeVar("E", bound=StrEnum)

_LINE, _NOTE = 200, 2_000
_MOST_FIELDS = 5
_EMAIL = re.compile(r"[^\s@<>(),;:\"]{1,64}@[^\s@<>(),;:\"]+\.[^\s@<>(),;:\"]{2,}")
_ADDRESSED = re.compile(r"(?:.*<)?(?:mailto:)?\s*([^<>]+?)\s*>?")
_PHONE = re.compile(r"\+?[0-9(][0-9 ()./-]{5,28}[0-9]")
_WHOLE = re.compile(r"(\d{1,3})(?:\.0+)?")
_LANGUAGE = re.compile(r"[-_].*")


class RowReader:
    """Reads one row after the other; `columns` says how a field's column is called in this file."""

    def __init__(self, columns: Mapping[str, str], defaults: Defaults) -> None:
        self._columns = columns
        self._defaults = defaults

    def read(self, line: int, cells: Mapping[str, str]) -> Offered:
        """Make an offer of field → text; raises NotTaken."""
        return _Row(line, cells, self._columns, self._defaults).offer()


class _Row:
    def __init__(
        self, line: int, cells: Mapping[str, str], columns: Mapping[str, str], defaults: Defaults
    ) -> None:
        self._line = line
        self._columns = columns
        self._defaults = defaults
        self._notices: list[Notice] = []
        self._cells = {field: self._text(field, cell) for field, cell in cells.items()}

    def offer(self) -> Offered:
        email = self._email()
        given, family = self._names()
        employer = self._cells.get("employer", "")
        if email or given or family:
            for field, value in (("email", email), ("given_name", given), ("family_name", family)):
                if not value:
                    raise NotTaken("person_incomplete", self._column(field))
        elif not employer:
            raise NotTaken("nobody")
        return Offered(
            basis=self._basis(),
            domain=self._member("domain", ConnectionDomain) or self._defaults.domain,
            closeness=self._number("closeness", 1, 3) or self._defaults.closeness,
            frequency=self._number("frequency", 1, 5) or self._defaults.frequency,
            given_name=given or None,
            family_name=family or None,
            email=email or None,
            phone=self._phone() if email else None,
            job_title=(self._cells.get("job_title") or None) if email else None,
            language=self._language(),
            employer=employer or None,
            street=self._cells.get("street") or None,
            city=self._cells.get("city") or None,
            region=self._cells.get("region") or None,
            postal_code=self._cells.get("postal_code") or None,
            years_known=self._number("years_known", 0, 100),
            offers=self._offers(),
            fields=self._fields(),
            share_scope=self._member("share_scope", ShareScope) or ShareScope.TENANT,
            credit_wanted=self._yes("credit", default=True),
            note=self._cells.get("note") or None,
            contributor=self._cells.get("contributor") or None,
            personal_relation=self._yes("personal_relation", default=False),
            lines=[self._line],
            notices=self._notices,
        )

    def _text(self, field: str, cell: str) -> str:
        text, verdict = mend(cell)
        if field != "note":
            text = " ".join(text.split())
        text = "" if is_nothing(text) else text.strip()
        if verdict is not None:
            self._notice(verdict, field)
        limit = _NOTE if field in {"note", "offers", "fields"} else _LINE
        if len(text) > limit:
            raise NotTaken("text_too_long", self._column(field), length=str(len(text)), limit=str(limit))
        return text

    def _column(self, field: str) -> str:
        return self._columns.get(field, field)

    def _notice(self, code: str, field: str, **values: str) -> None:
        self._notices.append(Notice(self._line, code, self._column(field), values))

    def _names(self) -> tuple[str, str]:
        given, family = self._cells.get("given_name", ""), self._cells.get("family_name", "")
        whole = self._cells.get("full_name", "")
        if whole and not (given or family):
            if "," in whole:
                family, _, given = (part.strip() for part in whole.partition(","))
            else:
                given, _, family = whole.partition(" ")
        return given, family

    def _email(self) -> str:
        text = self._cells.get("email", "")
        found = _ADDRESSED.fullmatch(text)
        address = found[1] if found else text
        if address and not _EMAIL.fullmatch(address):
            raise NotTaken("email_unreadable", self._column("email"))
        return address

    def _phone(self) -> str | None:
        text = self._cells.get("phone", "").removeprefix("tel:").replace("\xa0", " ").strip()
        if text and not _PHONE.fullmatch(text):
            self._notice("phone_left_out", "phone")
            return None
        return text or None

    def _basis(self) -> ContactBasis:
        text = self._cells.get("basis", "")
        if not text:
            if self._defaults.basis is None:
                raise NotTaken("basis_missing", self._column("basis"), known=known(ContactBasis))
            return self._defaults.basis
        found = member_of(ContactBasis, text)
        if found is None:
            raise NotTaken(
                "basis_unknown", self._column("basis"), value=shown(text), known=known(ContactBasis)
            )
        return found

    def _member(self, field: str, enum: type[E]) -> E | None:
        text = self._cells.get(field, "")
        found = member_of(enum, text) if text else None
        if text and found is None:
            raise NotTaken("value_unknown", self._column(field), value=shown(text), known=known(enum))
        return found

    def _number(self, field: str, least: int, most: int) -> int | None:
        text = self._cells.get(field, "")
        if not text:
            return None
        found = _WHOLE.fullmatch(text)
        number = int(found[1]) if found else -1
        if not least <= number <= most:
            parts = {"value": shown(text), "least": str(least), "most": str(most)}
            raise NotTaken("number_out_of_range", self._column(field), **parts)
        return number

    def _yes(self, field: str, *, default: bool) -> bool:
        text = self._cells.get(field, "")
        if not text:
            return default
        plain = plain_name(text)
        if plain not in YES | NO:
            raise NotTaken("value_unknown", self._column(field), value=shown(text), known="yes, no")
        return plain in YES

    def _language(self) -> str | None:
        text = self._cells.get("language", "")
        found = LANGUAGES.get(plain_name(_LANGUAGE.sub("", text)))
        if text and found is None:
            self._notice("value_left_out", "language", value=shown(text), known="en, es")
        return found

    def _parts(self, field: str) -> list[str]:
        return [part.strip() for part in re.split(r"[;|\n]", self._cells.get(field, "")) if part.strip()]

    def _offers(self) -> list[Offer]:
        offers: list[Offer] = []
        for word in self._parts("offers"):
            found = member_of(Offer, word)
            if found is None:
                self._notice("value_left_out", "offers", value=shown(word), known=known(Offer))
            elif found not in offers:
                offers.append(found)
        return offers

    def _fields(self) -> list[str]:
        codes: list[str] = []
        for word in self._parts("fields"):
            code = field_code(word)
            if code is None or len(codes) == _MOST_FIELDS:
                self._notice("field_left_out", "fields", value=shown(word))
            elif code not in codes:
                codes.append(code)
        return codes
