"""What a tie is worth: the ledger's entries folded into origin, dates and strength.

Strength is a whole number from 0 to 100. It is a bookkeeping of evidence, not a judgement of two people: it says how
much happened between them that the school knows of, and how long ago. The rules:

- `formed` starts a tie at the strength of its origin (`STARTING`). Formed again while it lasts, it keeps its origin and
  is at least as strong as the new beginning; formed again after its end, it begins anew with its first origin. It was
  formed on the earliest of these days: entries are written in the order in which the ledger hears of them.
- `strengthened` (a placement completed) adds 25, `used` (it led the student somewhere) adds 5; 100 is the most.
- `confirmed` brings a tie that had faded back to where its origin started; it never raises a strong one.
- `faded` halves it: once for every 365 days in which nothing confirmed it, down to `FAINTEST`, where it stays.
- `ended` sets it to 0; ids and dates remain.

Days are those of the instants in UTC.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from app.domain.codes import Names


class TieOrigin(StrEnum):
    """Through what a student came to a tie."""

    INHERITED = "inherited"
    HOUSEHOLD = "household"
    STAFF = "staff"
    EMPLOYER = "employer"
    PLACEMENT = "placement"
    INTRODUCTION = "introduction"
    NEAR_PEER = "near_peer"


class TieEntryKind(StrEnum):
    """What can happen to a tie."""

    FORMED = "formed"
    STRENGTHENED = "strengthened"
    CONFIRMED = "confirmed"
    USED = "used"
    FADED = "faded"
    ENDED = "ended"


class TieEvidence(StrEnum):
    """By what an entry is shown to be so."""

    ADVISOR_LINK = "advisor_link"
    CONNECTION = "connection"
    CONTACT = "contact"
    INTRODUCTION = "introduction"
    PLACEMENT = "placement"
    PURSUIT = "pursuit"
    SESSION = "session"
    TIME = "time"


class TieEnd(StrEnum):
    """What stands at the other end of a student's tie."""

    PERSON = "person"
    CONTACT = "contact"
    EMPLOYER = "employer"


class End(NamedTuple):
    """The other end of a tie: what it is, and its id."""

    kind: TieEnd
    id: UUID


class Entry(NamedTuple):
    """One entry of a tie's ledger; `seq` counts a tie's entries from 1."""

    seq: int
    kind: TieEntryKind
    origin: TieOrigin
    at: datetime
    evidence: TieEvidence


@dataclass(frozen=True, slots=True)
class Folded:
    """Where a tie stands: `evidence` holds the codes of its entries, sorted, each once."""

    origin: TieOrigin
    formed_on: date
    last_confirmed_on: date
    strength: int
    uses: int
    ended_on: date | None
    fades_on: date | None
    evidence: tuple[TieEvidence, ...]


_O, _K, _E = TieOrigin, TieEntryKind, TieEvidence

STARTING = {
    _O.INHERITED: 40,
    _O.HOUSEHOLD: 40,
    _O.STAFF: 30,
    _O.EMPLOYER: 20,
    _O.PLACEMENT: 40,
    _O.INTRODUCTION: 30,
    _O.NEAR_PEER: 30,
}
STRENGTHENED_BY = 25
USED_BY = 5
STRONGEST = 100
FAINTEST = 5
FADES_AFTER = timedelta(days=365)

# What a school year's new rows bring in one import arrives within the day: guardians are linked, households known.
# A student is frozen after that, or the family's own connections would be counted as if they had come later.
INTAKE_GRACE = timedelta(days=1)

# These show that the student knows who is at the other end; of any other tie the student learns no name.
REVEALED_BY = frozenset({_E.ADVISOR_LINK, _E.PLACEMENT, _E.INTRODUCTION, _E.SESSION})

# For the student, and for the adults around the student.
_DESCRIBED = {
    _O.INHERITED: Names("A connection of your family", "Una conexión de tu familia"),
    _O.HOUSEHOLD: Names("A connection of your family", "Una conexión de tu familia"),
    _O.STAFF: Names("Somebody at your school", "Alguien de tu escuela"),
    _O.EMPLOYER: Names("A workplace you came to know", "Un lugar de trabajo que conociste"),
    _O.PLACEMENT: Names("Somebody you worked with", "Alguien con quien trabajaste"),
    _O.INTRODUCTION: Names("Somebody you were introduced to", "Alguien a quien te presentaron"),
    _O.NEAR_PEER: Names("A student a little ahead of you", "Un estudiante un poco mayor que tú"),
}
_DESCRIBED_TO_ADULTS = {
    _O.INHERITED: Names("A connection of the student's family", "Una conexión de la familia del estudiante"),
    _O.HOUSEHOLD: Names("A connection of the student's family", "Una conexión de la familia del estudiante"),
    _O.STAFF: Names("Somebody at the school", "Alguien de la escuela"),
    _O.EMPLOYER: Names(
        "A workplace the student came to know", "Un lugar de trabajo que el estudiante conoció"
    ),
    _O.PLACEMENT: Names("Somebody the student worked with", "Alguien con quien el estudiante trabajó"),
    _O.INTRODUCTION: Names(
        "Somebody the student was introduced to", "Alguien a quien presentaron al estudiante"
    ),
    _O.NEAR_PEER: Names("A student a little ahead", "Un estudiante un poco mayor"),
}


def described(origin: TieOrigin, language: str, *, to_student: bool) -> str:
    """Say in `en` or `es`, without a name, who is at the other end of a tie."""
    names = _DESCRIBED if to_student else _DESCRIBED_TO_ADULTS
    return names[origin].in_language(language)


def fold(entries: Iterable[Entry]) -> Folded:
    """Fold a tie's entries into where it stands; the order in which they are handed over does not matter.

    Raises ValueError for a history that does not begin with `formed`: whoever wrote it has a fault.
    """
    history = sorted(
        entries, key=lambda entry: (entry.seq, entry.at, entry.kind, entry.origin, entry.evidence)
    )
    if not history or history[0].kind is not _K.FORMED:
        raise ValueError("the first entry of a tie is that it was formed")
    origin = history[0].origin
    formed_on = min(entry.at.date() for entry in history if entry.kind is _K.FORMED)
    strength = uses = 0
    confirmed_on = touched_on = formed_on
    ended_on: date | None = None
    for entry in history:
        day = entry.at.date()
        strength = _strength_after(entry, strength, origin, lasts=ended_on is None)
        if entry.kind is _K.ENDED:
            ended_on = ended_on or day
            continue
        if entry.kind is _K.FORMED:
            ended_on = None
        if entry.kind is _K.USED:
            uses += 1
        # Events of several subjects may arrive in another order than they happened in.
        touched_on = max(touched_on, day)
        if entry.kind is not _K.FADED:
            confirmed_on = max(confirmed_on, day)
    lasting = ended_on is None and strength > FAINTEST
    return Folded(
        origin=origin,
        formed_on=formed_on,
        last_confirmed_on=confirmed_on,
        strength=strength,
        uses=uses,
        ended_on=ended_on,
        fades_on=touched_on + FADES_AFTER if lasting else None,
        evidence=tuple(sorted({entry.evidence for entry in history})),
    )


def counts_again(
    history: Sequence[tuple[TieEntryKind, UUID | None]], kind: TieEntryKind, subject_id: UUID | None
) -> bool:
    """Say whether one more entry says something new, after a history of kinds and the subjects that show them.

    A tie that has ended is moved by a new beginning only. Since the last ending, one subject forms, strengthens or
    uses a tie once, by however many ways the ledger hears of it.
    """
    lasting: list[tuple[TieEntryKind, UUID | None]] = []
    for entry in history:
        lasting = [] if entry[0] is _K.ENDED else [*lasting, entry]
    if kind is _K.FORMED:
        return subject_id is None or (kind, subject_id) not in lasting
    if not lasting:
        return False
    return kind not in {_K.STRENGTHENED, _K.USED} or subject_id is None or (kind, subject_id) not in lasting


def _strength_after(entry: Entry, strength: int, origin: TieOrigin, *, lasts: bool) -> int:
    if entry.kind is _K.FORMED:
        return max(strength, STARTING[entry.origin])
    if entry.kind is _K.ENDED or not lasts:
        # Nothing but a new beginning moves what has ended.
        return 0
    return {
        _K.STRENGTHENED: min(STRONGEST, strength + STRENGTHENED_BY),
        _K.USED: min(STRONGEST, strength + USED_BY),
        _K.CONFIRMED: max(strength, STARTING[origin]),
        _K.FADED: max(FAINTEST, strength // 2),
    }[entry.kind]
