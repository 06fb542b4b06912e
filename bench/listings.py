"""A large catalogue: tenants with employers, worksites and listings whose words are as unevenly common as people's are.

Words are drawn by Zipf's law: the word of rank r is in a text with a chance that falls like 1/r. So a common word
(ranks 1-20) is in a quarter of the listings, a word of rank 200 in two of a hundred, and a rare one in a few of 100,000.
Of seven listings one is in Spanish, with words of its own. The seed is fixed: the same size gives the same texts.
"""

import itertools
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import psycopg

from app.core.ids import new_id
from app.domain.clusters import Cluster
from app.domain.opportunity_types import OpportunityTypeCode
from app.domain.skills import SKILLS
from app.models import Base

_SEED = 20_261_123
# One tenant in ten listings; the others share the rest evenly.
LARGEST_SHARE = 10
_PER_EMPLOYER = 25
_SPANISH = 1 / 7
_NOW = datetime.now(UTC)
_TODAY = _NOW.date()

# Content words by their rank; what follows them is made of syllables.
_EN = """
work student skills team project community learn health school support design experience service business care technology
program training help children research data customer office safety food science art event music media clinic hospital garden
animal nurse teacher engineer museum library computer software website marketing sales finance bank account law court police
fire park water energy solar building construction carpenter electrician plumber welding machine factory robot laboratory
medicine dental pharmacy therapy fitness sport coach camp theater film photo video writing news radio studio fashion hair
kitchen restaurant hotel travel airport truck warehouse delivery store retail farm crop forest river ocean climate recycling
history culture language english spanish math reading tutoring mentor leadership interview resume career college internship
shadow apprentice volunteer summer spring weekend evening afternoon morning hands equipment tools report presentation plan
budget schedule meeting phone email print paint draw build repair test measure observe record organize prepare clean serve
teach assist greet welcome patient client family senior youth neighborhood city county state public nonprofit local global
"""
_ES = """
trabajo estudiante equipo proyecto comunidad aprender salud escuela apoyo experiencia servicio empresa cuidado programa ayuda
niños investigación datos cliente oficina seguridad comida ciencia arte evento clínica hospital jardín animal enfermera maestro
museo biblioteca computadora ventas banco ley policía parque agua energía construcción carpintero electricista plomero fábrica
medicina farmacia deporte teatro cine fotografía radio moda cocina restaurante hotel aeropuerto almacén tienda granja bosque río
clima reciclaje historia cultura idioma lectura tutoría liderazgo entrevista carrera práctica aprendiz verano tarde mañana
"""
_GLUE_EN = ("the", "and", "of", "to", "with", "in", "for", "a", "our", "you will")
_GLUE_ES = ("el", "la", "y", "de", "con", "en", "para", "un", "los", "vas a")
_OPENINGS = ("ba", "be", "ca", "co", "da", "de", "fa", "ga", "ha", "ja", "ka", "la", "ma", "na", "pa", "ra", "sa", "ta", "va", "wo", "cle", "bri", "dra", "flo", "gri", "plu", "sto", "tre")  # fmt: skip
_MIDDLES = ("den", "ler", "man", "nes", "ran", "ris", "sel", "ston", "ter", "ven", "ber", "lin", "dor", "mer", "kin", "pol", "gar", "wick", "tal", "nor")  # fmt: skip
_ENDINGS = ("", "age", "ant", "dle", "er", "et", "fold", "gram", "ic", "ism", "ite", "let", "low", "nock", "od", "oid", "or", "ota", "pex", "quil", "rum", "sk", "tine", "um", "vex", "wyn", "yx", "zar", "zen", "ble")  # fmt: skip
_TRADES = ("Clinic", "Hospital", "Electric", "Law Group", "Software", "Bakery", "Auto Repair", "School", "Credit Union", "Design Studio", "Logistics", "Hotel", "Farm", "Solar", "Metal Works", "Museum")  # fmt: skip
_CENTRES = ((41.88, -87.63), (40.71, -74.01), (34.05, -118.24), (29.76, -95.37), (39.95, -75.16), (33.45, -112.07), (32.72, -117.16), (47.61, -122.33), (42.36, -71.06), (44.98, -93.27))  # fmt: skip
# Titles that many employers use: the n-th of them by Zipf's law.
_USUAL = 2_000
_DAYS = ("mon", "tue", "wed", "thu", "fri")
_BATCH = 20_000


def _tail(count: int) -> list[str]:
    made = ("".join(parts) for parts in itertools.product(_OPENINGS, _MIDDLES, _ENDINGS))
    return list(itertools.islice(made, count))


def _cumulated(count: int, flatness: float) -> list[float]:
    return list(itertools.accumulate(1 / (rank + flatness) for rank in range(1, count + 1)))


WORDS_EN = [*dict.fromkeys(_EN.split()), *_tail(16_000)]
WORDS_ES = [*dict.fromkeys(_ES.split()), *(f"{word}o" for word in _tail(5_000))]
_WEIGHTS_EN, _WEIGHTS_ES = _cumulated(len(WORDS_EN), 2), _cumulated(len(WORDS_ES), 2)
# Titles say what the listing is about, in words that are less alike than those of descriptions.
_TITLES_EN, _TITLES_ES = _cumulated(2_000, 10), _cumulated(800, 10)
_TAGS = [*WORDS_EN[20:120], *WORDS_ES[10:60]]
_TYPES = tuple(code.value for code in OpportunityTypeCode)
_CLUSTERS = tuple(cluster.value for cluster in Cluster)
_SKILLS = tuple(SKILLS)


@dataclass(frozen=True)
class Tenant:
    """One tenant of the bench, with its schools."""

    id: UUID
    schools: list[UUID]
    listings: int
    centre: tuple[float, float]


def shares(total: int, tenants: int, largest: int | None = None) -> list[int]:
    """Return how many listings each tenant has: the first a tenth of all, or `largest`; the others alike."""
    largest = largest or (total // LARGEST_SHARE if tenants > 1 else total)
    rest = (total - largest) // max(1, tenants - 1)
    return [largest] + [rest] * (tenants - 1)


def fill(owner: str, total: int, largest: int | None = None) -> list[Tenant]:
    """Fill the tenants that are there (slugs tenant-1, tenant-2, ...) with published listings; the first gets most.

    Writes schools, employers, worksites and opportunities by COPY as the owner of the tables. Documents of the search
    are made from them by the service's own statement.
    """
    chance = random.Random(_SEED)  # noqa: S311 - nothing secret
    usual = Titles.make(chance)
    with psycopg.connect(owner) as connection:
        # The rows are right by how they are made; checking millions of foreign keys would take half the time.
        connection.execute("SET session_replication_role = replica")
        ids = [
            row[0]
            for row in connection.execute(
                "SELECT id FROM tenants WHERE slug LIKE 'tenant-%' ORDER BY length(slug), slug"
            ).fetchall()
        ]
        found = []
        for at, (tenant_id, listings) in enumerate(zip(ids, shares(total, len(ids), largest), strict=True)):
            schools = [
                row[0]
                for row in connection.execute(
                    "SELECT id FROM schools WHERE tenant_id = %s ORDER BY id", (tenant_id,)
                ).fetchall()
            ]
            tenant = Tenant(tenant_id, schools, listings, _CENTRES[at % len(_CENTRES)])
            _fill_tenant(connection, chance, tenant, usual)
            found.append(tenant)
        connection.commit()
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE opportunities, employers, worksites")
        # What was written now is not written back while something is timed.
        connection.execute("CHECKPOINT")
    return found


def _fill_tenant(
    connection: psycopg.Connection[tuple[object, ...]], chance: random.Random, tenant: Tenant, usual: "Titles"
) -> None:
    stamp = {"version": 1, "created_at": _NOW, "updated_at": _NOW}
    names = chance.sample(WORDS_EN[300:8_000], k=min(7_000, max(20, tenant.listings // _PER_EMPLOYER)))
    employers = [(new_id(), f"{name.title()} {chance.choice(_TRADES)}") for name in names]
    _copy(
        connection,
        "employers",
        (
            {"tenant_id": tenant.id, "id": one, "name": name, "status": "vetted", "monthly_contact_cap": 4, **stamp}
            for one, name in employers
        ),
    )  # fmt: skip
    worksites = [(new_id(), employer) for employer, _ in employers for _ in range(chance.choice((1, 1, 2)))]
    _copy(connection, "worksites", (_worksite(chance, tenant, *one) | stamp for one in worksites))
    by_employer: dict[UUID, list[UUID]] = {}
    for worksite, employer in worksites:
        by_employer.setdefault(employer, []).append(worksite)
    places = list(by_employer.items())
    _copy(
        connection,
        "opportunities",
        (
            _listing(chance, tenant, usual, at, *chance.choice(places)) | stamp
            for at in range(tenant.listings)
        ),
    )


def _worksite(chance: random.Random, tenant: Tenant, worksite: UUID, employer: UUID) -> dict[str, object]:
    known = chance.random() < 0.95  # noqa: PLR2004 - one in twenty has no coordinates yet
    return {
        "tenant_id": tenant.id,
        "id": worksite,
        "employer_id": employer,
        "name": "Main site",
        "city": chance.choice(WORDS_EN[200:260]).title(),
        "region": "IL",
        "latitude": tenant.centre[0] + chance.gauss(0, 0.2) if known else None,
        "longitude": tenant.centre[1] + chance.gauss(0, 0.25) if known else None,
        "zone": "America/Chicago",
        "access_step_free": chance.choice(("yes", "no", "unknown")),
        "access_sensory": "unknown",
        "access_transit": chance.choice(("yes", "partly", "unknown")),
    }


def _listing(
    chance: random.Random, tenant: Tenant, usual: "Titles", at: int, employer: UUID, worksites: Sequence[UUID]
) -> dict[str, object]:
    spanish = chance.random() < _SPANISH
    # Published over two years, the newest first; one in a hundred has been paused since.
    published = _NOW - timedelta(minutes=at * 1_051_200 / tenant.listings)
    begins = _TODAY + timedelta(days=chance.randrange(0, 200))
    remote = chance.random() < 0.1  # noqa: PLR2004 - one in ten
    seats = chance.randrange(1, 13)
    of_school = chance.random() < 0.15  # noqa: PLR2004 - a few keep theirs to themselves
    return {
        "tenant_id": tenant.id,
        "id": new_id(),
        "status": "paused" if at % 100 == 99 else "published",  # noqa: PLR2004
        "title": usual.draw(chance, spanish=spanish),
        "description": _text(chance, spanish=spanish),
        "type": chance.choice(_TYPES),
        "clusters": chance.sample(_CLUSTERS, k=chance.choice((1, 1, 2))),
        "categories": [],
        "employer_id": employer,
        "worksite_id": None if remote else chance.choice(worksites),
        "school_id": chance.choice(tenant.schools),
        "scope": "school" if of_school else "tenant",
        "seats": seats,
        "seats_taken": chance.choice((0, 0, 1, seats)),
        "starts_on": begins,
        "ends_on": begins + timedelta(days=chance.randrange(1, 60)),
        "apply_by": begins - timedelta(days=chance.randrange(1, 30)),
        "minimum_age": chance.choice((None, None, 14, 15, 16, 16, 17, 18)),
        "remote": remote,
        "pay": chance.choice(("paid", "unpaid", "unpaid", "unknown")),
        "credit": chance.random() < 0.2,  # noqa: PLR2004
        "skills": chance.sample(_SKILLS, k=chance.randrange(0, 4)),
        "tags": chance.sample(_TAGS, k=chance.randrange(0, 4)),
        "languages": [],
        "clearances": [],
        "fields": [],
        "meets": json.dumps(
            [{"day": day, "from": "14:00", "to": "17:00"} for day in chance.sample(_DAYS, k=chance.randrange(0, 3))]
        ),
        "published_at": published,
        "confirmed_at": published,
        "confirmed_by": "staff",
    }  # fmt: skip


class Titles:
    """Titles: six of ten are among those that many employers use, the others are like no other."""

    def __init__(self, english: list[str], spanish: list[str], weights: list[float]) -> None:
        self._english = english
        self._spanish = spanish
        self._weights = weights

    @classmethod
    def make(cls, chance: random.Random) -> "Titles":
        """Make the usual ones."""
        return cls(
            [_title(chance, spanish=False) for _ in range(_USUAL)],
            [_title(chance, spanish=True) for _ in range(_USUAL)],
            _cumulated(_USUAL, 5),
        )

    def draw(self, chance: random.Random, *, spanish: bool) -> str:
        """Return the title of one listing."""
        if chance.random() < 0.4:  # noqa: PLR2004 - four of ten
            return _title(chance, spanish=spanish)
        usual = self._spanish if spanish else self._english
        return chance.choices(usual, cum_weights=self._weights)[0]


def _title(chance: random.Random, *, spanish: bool) -> str:
    words, weights = (WORDS_ES, _TITLES_ES) if spanish else (WORDS_EN, _TITLES_EN)
    chosen = chance.choices(words[: len(weights)], cum_weights=weights, k=chance.choice((2, 3, 3, 4)))
    return " ".join(chosen).capitalize()


def _text(chance: random.Random, *, spanish: bool) -> str:
    words, weights, glue = (WORDS_ES, _WEIGHTS_ES, _GLUE_ES) if spanish else (WORDS_EN, _WEIGHTS_EN, _GLUE_EN)
    count = chance.randrange(20, 50)
    chosen = chance.choices(words, cum_weights=weights, k=count)
    small = chance.choices(glue, k=count // 4)
    sentence = " ".join(itertools.chain.from_iterable(itertools.zip_longest(chosen, small, fillvalue="")))
    return " ".join(sentence.split()).capitalize() + "."


def _copy(
    connection: psycopg.Connection[tuple[object, ...]], table: str, rows: Iterator[dict[str, object]]
) -> None:
    columns = Base.metadata.tables[table].columns
    first = next(rows, None)
    if first is None:
        return
    names = [name for name in first if name in columns]
    into = f"COPY {table} ({', '.join(names)}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(into.encode()) as copy:
        for row in itertools.chain((first,), rows):
            copy.write_row([row[name] for name in names])


def age(years: int) -> date:
    """Return a birth date of that many years ago."""
    return _TODAY.replace(year=_TODAY.year - years, day=1)
