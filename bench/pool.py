"""A district with a large pooled network: families, the people they know, and where those work."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import psycopg

from app.core.ids import new_id

_SEED = 20_261_122
_OPENINGS = ("Ba", "Be", "Ca", "Co", "Da", "De", "Fa", "Ga", "Ha", "Ja", "Ka", "La", "Ma", "Na", "Pa", "Ra", "Sa", "Ta", "Va", "Wa")  # fmt: skip
_MIDDLES = (
    "den",
    "ler",
    "man",
    "nes",
    "ran",
    "ris",
    "sel",
    "ston",
    "ter",
    "ven",
    "ber",
    "lin",
    "dor",
    "mer",
    "kin",
)
_ENDINGS = ("", "son", "ez", "ski", "ford", "well", "ini", "ov", "berg", "ley")
_GIVEN = tuple(
    f"{one}{two}" for one in _OPENINGS for two in ("na", "ro", "lia", "vin", "mi", "dra", "co", "nel")
)
_FAMILY = tuple(f"{one}{two}{three}" for one in _OPENINGS for two in _MIDDLES for three in _ENDINGS)
_TRADES = (
    ("Veterinary Clinic", "541940", "Veterinarian"),
    ("Community Hospital", "622110", "Registered Nurse"),
    ("Electric", "238210", "Electrician"),
    ("Law Group", "541110", "Attorney"),
    ("Software", "541511", "Software Developer"),
    ("Bakery", "311811", "Baker"),
    ("Auto Repair", "811111", "Auto Mechanic"),
    ("Elementary School", "611110", "Teacher"),
    ("Credit Union", "522130", "Accountant"),
    ("Design Studio", "541430", "Graphic Designer"),
    ("Logistics", "484110", "Truck Driver"),
    ("Hotel", "721110", "Hotel Manager"),
    ("Farm", "111998", "Farmer"),
    ("Solar", "221114", "Engineer"),
    ("Metal Works", "332710", "Welder"),
    ("Public Library", "519210", "Librarian"),
)
_DOMAINS = ("household", "family", "neighbours", "faith", "club", "work", "friends", "school")
_OFFERS = ("host", "shadow", "talk", "mentor", "vouch", "answer_questions")
_NOW = datetime.now(UTC)


@dataclass(frozen=True)
class Size:
    """How large the pool of the one tenant is; guardians and employers follow from it."""

    connections: int
    contacts: int
    students: int

    @property
    def guardians(self) -> int:
        """Return how many guardians contribute: a little more than one a student."""
        return self.students * 6 // 5

    @property
    def employers(self) -> int:
        """Return at how many workplaces the contacts work."""
        return self.contacts // 5


def fill(owner: str, tenant: UUID, school: UUID, size: Size) -> None:
    """Bring a tenant that has no such people yet to this size; the same size gives the same rows but for their ids."""
    chance = random.Random(_SEED)  # noqa: S311 - the rows of a bench are no secret
    students = [new_id() for _ in range(size.students)]
    guardians = [new_id() for _ in range(size.guardians)]
    employers = [new_id() for _ in range(size.employers)]
    contacts = [new_id() for _ in range(size.contacts)]
    works_at = [chance.randrange(size.employers) for _ in contacts]
    trade_of = [chance.randrange(len(_TRADES)) for _ in employers]
    with psycopg.connect(owner) as connection:

        def copy(table: str, columns: str, rows: Iterator[tuple[object, ...]]) -> None:
            common = "tenant_id, id, created_at, updated_at, version"
            with connection.cursor().copy(f"COPY {table} ({common}, {columns}) FROM STDIN".encode()) as into:
                for row_id, *values in rows:
                    into.write_row((tenant, row_id, _NOW, _NOW, 1, *values))

        copy(
            "people",
            "given_name, family_name, email, locale, enabled",
            (
                (one, chance.choice(_GIVEN), chance.choice(_FAMILY), f"{one}@families.example", "en", True)
                for one in (*students, *guardians)
            ),
        )
        copy(
            "memberships",
            "person_id, role, school_id, source, ended_by_roster",
            (
                (new_id(), one, role, school, "roster", False)
                for role, group in (("student", students), ("guardian", guardians))
                for one in group
            ),
        )
        copy(
            "guardian_links",
            "student_id, guardian_id, relationship_kind, may_see, may_sign, no_contact, source, ended_by_roster",
            (
                (new_id(), student, guardians[(at * 6 // 5 + other) % len(guardians)], "parent", True, True, False, "roster", False)
                for at, student in enumerate(students)
                for other in (0, 1)
            ),
        )  # fmt: skip
        copy(
            "employers",
            "name, naics, status, monthly_contact_cap",
            (
                (one, f"{chance.choice(_FAMILY)} {_TRADES[trade][0]}", _TRADES[trade][1], "vetted", 4)
                for one, trade in zip(employers, trade_of, strict=True)
            ),
        )
        copy(
            "worksites",
            "employer_id, name, street, city, region, postal_code, zone",
            (
                (new_id(), one, "Main site", f"{chance.randrange(1, 9999)} {chance.choice(_FAMILY)} Street", "Lakeside", "IL",
                 f"60{chance.randrange(1000):03}", "America/Chicago")
                for one in employers
            ),
        )  # fmt: skip
        copy(
            "contacts",
            "status, given_name, family_name, email, phone, job_title, locale, employer_id, school_id, suggested_by_role,"
            " answered_at",
            (
                (one, "consented", chance.choice(_GIVEN), chance.choice(_FAMILY), f"person{at}@workplace{work}.example",
                 f"+1312{at:07}", _TRADES[trade_of[work]][2], "en", employers[work], school, "guardian", _NOW)
                for at, (one, work) in enumerate(zip(contacts, works_at, strict=True))
            ),
        )  # fmt: skip
        copy(
            "connections",
            "status, contributor_id, school_id, contact_id, employer_id, domain, closeness, frequency, years_known, offers,"
            " share_scope, credit_wanted",
            (
                (new_id(), "active", guardians[_heavy(chance, len(guardians))], school, contacts[at % len(contacts)],
                 employers[works_at[at % len(contacts)]], chance.choice(_DOMAINS), chance.randint(1, 3),
                 chance.randint(1, 5), chance.randint(0, 30), chance.sample(_OFFERS, 2), "tenant", True)
                for at in range(size.connections)
            ),
        )  # fmt: skip
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")


def _heavy(chance: random.Random, families: int) -> int:
    """Draw a family so that a few know very many people, as in every community (a Pareto tail)."""
    return min(int((chance.paretovariate(1.2) - 1) * families / 20), families - 1)
