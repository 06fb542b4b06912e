"""What a file of connections says, once read: the offers, and everything that was not taken or was changed."""

from dataclasses import dataclass, field

from app.domain.connection import ConnectionDomain, Offer, ShareScope
from app.domain.connection_file.faults import Fault, Notice
from app.domain.contact import normal_address
from app.domain.contact_basis import ContactBasis


@dataclass(frozen=True, slots=True)
class Defaults:
    """What is meant where a row, or a card, does not say it; `basis` None: every row has to state its own."""

    basis: ContactBasis | None = None
    domain: ConnectionDomain = ConnectionDomain.WORK
    closeness: int = 1
    frequency: int = 1


@dataclass(slots=True)
class Offered:
    """Somebody, or some workplace, that one row or card offers, merged from all rows that repeat it.

    `email` is None for a workplace without a person; then `employer` is given. `contributor` is an e-mail address or an
    id of the school's roster, None for whoever sends the file. `lines` are the first lines of all its rows, `cells` their cells
    as sent.
    """

    basis: ContactBasis
    domain: ConnectionDomain
    closeness: int
    frequency: int
    given_name: str | None = None
    family_name: str | None = None
    email: str | None = None
    phone: str | None = None
    job_title: str | None = None
    language: str | None = None
    employer: str | None = None
    street: str | None = None
    city: str | None = None
    region: str | None = None
    postal_code: str | None = None
    years_known: int | None = None
    offers: list[Offer] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)
    share_scope: ShareScope = ShareScope.TENANT
    credit_wanted: bool = True
    note: str | None = None
    contributor: str | None = None
    personal_relation: bool = False
    lines: list[int] = field(default_factory=list)
    cells: list[tuple[str, ...]] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)

    @property
    def whom(self) -> str:
        """Return whom it leads to, in a form in which two spellings are equal: the person's address, or the workplace."""
        if self.email is not None:
            return f"person {normal_address(self.email)}"
        return f"workplace {(self.employer or '').casefold()}"

    @property
    def key(self) -> tuple[str, str]:
        """Return what makes two rows one offer: who offers, and whom."""
        return (self.contributor or "").casefold(), self.whom


@dataclass(frozen=True, slots=True)
class ConnectionFile:
    """A read file; `len(offers) + merged + len(rejected) == rows_read` always holds.

    `header` are the columns in which the rejected rows are handed back, `columns` field → column name as in the file.
    """

    file: str
    encoding: str
    delimiter: str
    header: tuple[str, ...]
    columns: dict[str, str]
    unmapped: tuple[str, ...]
    rows_read: int
    merged: int
    offers: list[Offered]
    rejected: list[Fault]
    notices: list[Notice]


class Account:
    """What was taken so far; every row that comes in ends in exactly one of three places."""

    def __init__(self) -> None:
        self.offers: dict[tuple[str, str], Offered] = {}
        self.rejected: list[Fault] = []
        self.merged = 0

    def take(self, offer: Offered) -> None:
        """Take an offer, or add what it says to the one it repeats; nothing said first is overwritten."""
        first = self.offers.setdefault(offer.key, offer)
        if first is offer:
            return
        self.merged += 1
        first.lines.extend(offer.lines)
        first.cells.extend(offer.cells)
        first.notices.extend(offer.notices)
        first.offers.extend(each for each in offer.offers if each not in first.offers)
        first.fields.extend(each for each in offer.fields if each not in first.fields)
        for name in _COMPARED:
            kept, other = getattr(first, name), getattr(offer, name)
            if other is None or kept == other:
                continue
            if kept is None:
                setattr(first, name, other)
            else:
                parts = {"first": str(first.lines[0]), "column": name}
                first.notices.append(Notice(offer.lines[0], "rows_differ", name, parts))


_COMPARED = (
    "basis",
    "domain",
    "closeness",
    "frequency",
    "given_name",
    "family_name",
    "phone",
    "job_title",
    "language",
    "employer",
    "street",
    "city",
    "region",
    "postal_code",
    "years_known",
    "share_scope",
    "credit_wanted",
    "note",
    "personal_relation",
)
