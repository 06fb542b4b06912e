"""How fast listings are found: 20 tenants, the first with a tenth of all listings, one request at a time.

Students of one school ask in turn. Every other one has a profile: interests (so that browsing is mixed with hidden gems),
a free week and a home; all of them get what they may not take yet marked, with distances for those with a home.

The query mix, as the goal names it; every query has three filters, and asks for the counts of its facets:

    20 %  one common word      in a tenth to a third of the listings (ranks 1-20 of the words)
    40 %  two words            each in one of a hundred (ranks 30-300)
    20 %  a rare word          in a few of 100,000 (ranks 3,000-12,000); one in five of these is misspelt
    20 %  no text              the filters alone

The three filters are drawn from: career cluster, type, paid or not, remote or not, free seats, credit. One query in
seven is in Spanish. The order is the service's own (the best first, for words). The seed is fixed: two runs ask the same.

Suggestions are asked as they are typed: two words of a title letter by letter; every fifth word has two letters swapped.
Maps are asked for as they are moved: windows of a telephone around the town, from the whole region to a street.
"""

import asyncio
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import httpx
import psycopg

from app import operating
from app.core import clock
from app.core.embedded import EmbeddedServer
from app.core.ids import new_id
from app.core.jobs import working
from app.core.migrations import migrate
from app.core.secrets import load_secrets
from app.domain.availability import SLOTS
from app.domain.clusters import Cluster
from app.domain.opportunity_types import OpportunityTypeCode
from app.features.search_index import service as search_index
from app.features.suggestion_index import jobs as suggestion_index
from app.settings import Settings
from bench import community, listings
from bench.community import Student
from bench.floor import ask, in_process
from bench.listings import WORDS_EN, WORDS_ES
from bench.load import headers_of

Say = Callable[[str], None]
_SEED = 20_261_124
STUDENTS = 20
SCHOOLS = 4
QUERIES, TYPED, MAPS, STRANGE, WARM = 500, 800, 150, 60, 30
_BATCH = 1_000
_AT_ONCE = 2
_DOCUMENTS = "ix_search_documents_document"
# Of these requests the statements are sent again by psql.
BARE = 60
_CENTRE = (41.88, -87.63)
SIZES = (10_000, 1_000_000)
_WHAT = {
    "search": ("a search, with three filters and facets", "20, 80"),
    "suggestions": ("suggestions, at every letter", "-, 15"),
    "map": ("a map, as it is moved", "-"),
    "strange": ("whatever may be typed, without filters", "none over 200"),
}


@dataclass
class Town:
    """An installation with a catalogue of one size, whose server runs."""

    server: EmbeddedServer
    settings: Settings
    students: list[Student]
    tenant_id: UUID
    titles: list[str]

    @property
    def owner(self) -> str:
        """Return the address of the database, as its owner."""
        return self.server.superuser_url()

    @property
    def runtime(self) -> str:
        """Return the address of the database, as the role that the service runs as."""
        return self.server.url("postgres", "kithwork_bench", "bench-only")


@dataclass(frozen=True)
class Times:
    """How long requests of one kind took, in milliseconds."""

    p50: float
    p95: float
    most: float

    @classmethod
    def of(cls, seconds: list[float]) -> "Times":
        """Return the median, the 95th percentile and the longest."""
        ordered = sorted(seconds)
        return cls(
            ordered[len(ordered) // 2] * 1000, ordered[int(len(ordered) * 0.95)] * 1000, ordered[-1] * 1000
        )


@dataclass(frozen=True)
class Measured:
    """What was measured in one installation; `beside_psql`: searches in the service and their statements in psql, in ms."""

    served: dict[str, Times]
    over_http: dict[str, Times]
    beside_psql: tuple[float, float]


def settle(server: EmbeddedServer, home: Path, total: int) -> Town:
    """Bring a database to so many listings, with what search reads; one that has them already is used again."""
    owner, runtime = server.superuser_url(), server.url("postgres", "kithwork_bench", "bench-only")
    migrate(owner, runtime)
    settings = Settings(_env_file=None, kithwork_home=home, log_format="json", rate_limit="100000000/minute")
    keys = load_secrets(settings).token_keys
    with psycopg.connect(owner) as connection:
        (there,) = connection.execute("SELECT count(*) FROM tenants").fetchone() or (0,)
    if there:
        students = community.sign_in(owner, settings, keys, STUDENTS)
    else:
        students = community.settle(owner, settings, keys, STUDENTS, schools=SCHOOLS)
        listings.fill(owner, total)
        index(settings, owner, runtime, suggest=True)
    with psycopg.connect(owner) as connection:
        (first,) = connection.execute("SELECT id FROM tenants WHERE slug = 'tenant-1'").fetchone() or (None,)
        assert isinstance(first, UUID)  # noqa: S101 - made above
        profiles(connection, first, students)
        titles = connection.execute(
            "SELECT title FROM opportunities WHERE tenant_id = %s AND status = 'published' ORDER BY id LIMIT 200",
            (first,),
        ).fetchall()
    return Town(server, settings, students, first, [row[0] for row in titles])


def profiles(connection: psycopg.Connection[Any], tenant: UUID, students: Sequence[Student]) -> None:
    """Let every other student have said what they lean to, when they are free and about where they live."""
    chance = random.Random(_SEED)  # noqa: S311 - nothing secret
    now = clock.now()
    rows = [
        {
            "tenant": tenant, "id": new_id(), "student": student.person_id, "now": now,
            "clusters": sorted(chance.sample([cluster.value for cluster in Cluster], k=3)),
            # Free in one half hour of two.
            "free": f"{chance.getrandbits(SLOTS):0{SLOTS}b}",
            "latitude": _CENTRE[0] + chance.gauss(0, 0.1), "longitude": _CENTRE[1] + chance.gauss(0, 0.1),
        }
        for student in students[::2]
    ]  # fmt: skip
    connection.cursor().executemany(
        "INSERT INTO student_profiles (tenant_id, id, student_id, clusters, skills, tags, availability, home_latitude,"
        " home_longitude, travel_mode, version, created_at, updated_at) VALUES (%(tenant)s, %(id)s, %(student)s,"
        " %(clusters)s, '{}', '{}', %(free)s::bit(336), %(latitude)s, %(longitude)s, 'transit', 1, %(now)s, %(now)s)",
        rows,
    )


def index(settings: Settings, owner: str, runtime: str, *, suggest: bool) -> None:
    """Let the service write what search reads, and what it suggests, for listings that it did not write itself.

    The index of the documents is made at the end, as one would for a large import: it takes a third of the time.
    """
    by_tenant: dict[UUID, list[UUID]] = {}
    with psycopg.connect(owner, autocommit=True) as connection:
        missing = connection.execute(
            "SELECT o.tenant_id, o.id FROM opportunities o WHERE NOT EXISTS (SELECT FROM search_documents d"
            " WHERE d.tenant_id = o.tenant_id AND d.id = o.id) ORDER BY o.tenant_id, o.id"
        )
        for tenant, opportunity in missing:
            by_tenant.setdefault(tenant, []).append(opportunity)
        (made,) = connection.execute(
            "SELECT indexdef FROM pg_indexes WHERE indexname = %s", (_DOCUMENTS,)
        ).fetchone() or ("",)
        connection.execute(f"DROP INDEX {_DOCUMENTS}".encode())
        asyncio.run(_write(settings, runtime, by_tenant, suggest=suggest))
        connection.execute("SET maintenance_work_mem = '256MB'")
        connection.execute(str(made).encode())
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")


async def _write(
    settings: Settings, runtime: str, by_tenant: dict[UUID, list[UUID]], *, suggest: bool
) -> None:
    turns = asyncio.Semaphore(_AT_ONCE)
    async with operating.workshop(settings, runtime) as work:

        async def one(tenant: UUID, ids: list[UUID]) -> None:
            async with turns:
                for start in range(0, len(ids), _BATCH):
                    async with working(work.database, tenant) as unit:
                        await search_index.refresh(unit, tenant, ids[start : start + _BATCH])
                if suggest:
                    await suggestion_index.make_anew(work, tenant)

        # One tenant is written in one order: two batches of it would wait for each other's words.
        await asyncio.gather(*(one(tenant, ids) for tenant, ids in by_tenant.items()))


def queries() -> Iterator[str]:
    """Ask for ever, by the mix."""
    chance = random.Random(_SEED)  # noqa: S311 - nothing secret
    while True:
        spanish = chance.random() < 1 / 7
        words = WORDS_ES if spanish else WORDS_EN
        params: dict[str, str] = dict(chance.sample(sorted(_filters(chance).items()), k=3))
        kind = chance.choices(("common", "two", "rare", "none"), weights=(20, 40, 20, 20))[0]
        if kind == "common":
            params["q"] = chance.choice(words[:20])
        elif kind == "two":
            params["q"] = " ".join(chance.sample(words[30:300], k=2))
        elif kind == "rare":
            word = chance.choice(words[3_000 : min(12_000, len(words))])
            params["q"] = _swapped(chance, word) if chance.random() < 0.2 else word  # noqa: PLR2004 - one in five
        yield f"/v1/opportunities?{urlencode({**params, 'facets': 'true'})}"


def strange() -> Iterator[str]:
    """Type what nobody should: operators, quotes, signs, 10,000 characters of common words, stop words, single letters."""
    chance = random.Random(_SEED)  # noqa: S311 - nothing secret
    while True:
        common, rare = WORDS_EN[:40], WORDS_EN[3_000:12_000]
        texts = (
            "& | ! <-> :* ((( '\" \\", "the of and to", "\U0001f984 \u65e5\u672c", " ".join("abcdefghijklmnopqrstuvwxyz"),
            "x" * 10_000, " ".join(chance.choices(common, k=1_500))[:10_000], " ".join(chance.choices(rare, k=1_200))[:10_000],
            " ".join(_swapped(chance, word) for word in chance.choices(rare, k=300)), "-" + chance.choice(common),
            " ".join(f"-{word}" for word in common), " ".join(f'"{word}"' for word in common),
            " ".join(WORDS_ES[:20] + common[:20]),
        )  # fmt: skip
        yield from (f"/v1/opportunities?{urlencode({'q': text, 'facets': 'true'})}" for text in texts)


def _filters(chance: random.Random) -> dict[str, str]:
    return {
        "cluster": chance.choice([cluster.value for cluster in Cluster]),
        "type": chance.choice([code.value for code in OpportunityTypeCode]),
        "pay": chance.choice(("paid", "unpaid")),
        "remote": chance.choice(("true", "false")),
        "seats_free": "true",
        "credit": chance.choice(("true", "false")),
    }


def _swapped(chance: random.Random, word: str) -> str:
    at = chance.randrange(1, len(word) - 1) if len(word) > 2 else 0  # noqa: PLR2004 - nothing to swap
    return word[:at] + word[at + 1 : at + 2] + word[at : at + 1] + word[at + 2 :]


def typed(titles: list[str]) -> Iterator[str]:
    """Ask as people type: two words of a title, letter by letter."""
    chance = random.Random(_SEED)  # noqa: S311 - nothing secret
    while True:
        for title in titles:
            words = title.split()[:2]
            if chance.random() < 0.2:  # noqa: PLR2004 - one in five
                words[0] = _swapped(chance, words[0])
            text = " ".join(words)
            for end in range(1, len(text) + 1):
                yield f"/v1/suggestions?{urlencode({'q': text[:end]})}"


def windows() -> Iterator[str]:
    """Ask as a map is moved: from the whole region down to a street, and on to the next."""
    chance = random.Random(_SEED)  # noqa: S311 - nothing secret
    while True:
        latitude, longitude = _CENTRE[0] + chance.gauss(0, 0.1), _CENTRE[1] + chance.gauss(0, 0.1)
        for zoom in (8, 10, 12, 14, 16):
            half = 180 / 2**zoom
            params = {
                "south": latitude - half, "north": latitude + half,
                "west": longitude - half, "east": longitude + half, "zoom": zoom,
            }  # fmt: skip
            yield f"/v1/opportunities/map?{urlencode({**params, 'seats_free': 'true'})}"


def timed(address: str, tokens: Sequence[str], paths: Iterator[str], count: int) -> Times:
    """Send requests one after the other, and return how long they took as seen from beside the server."""
    times = []
    with httpx.Client(base_url=address, timeout=30) as client:
        for path, token in zip(islice(paths, count + WARM), cycle(tokens), strict=False):
            headers = {"Authorization": f"Bearer {token}"}
            began = time.perf_counter()
            answer = client.get(path, headers=headers)
            times.append(time.perf_counter() - began)
            answer.raise_for_status()
    return Times.of(times[WARM:])


def measure(town: Town, address: str) -> dict[str, Times]:
    """Measure searching, suggestions and maps in one installation, as seen from beside the server."""
    tokens = [student.token for student in town.students]
    return {what: timed(address, tokens, paths, count) for what, (paths, count) in _asked(town).items()}


async def served(town: Town) -> dict[str, Times]:
    """Measure the same in the process of the service: from the request it is given to the answer it gives."""
    every = [headers_of(student.token, "") for student in town.students]
    found = {}
    async with in_process(town.settings, town.runtime) as service:
        for what, (paths, count) in _asked(town).items():
            times = []
            for path, headers in zip(islice(paths, count + WARM), cycle(every), strict=False):
                began = time.perf_counter()
                status = await ask(service, "GET", path, headers, b"")
                times.append(time.perf_counter() - began)
                assert status == 200, path  # noqa: S101, PLR2004 - the bench is worthless otherwise
            found[what] = Times.of(times[WARM:])
    return found


def _asked(town: Town) -> dict[str, tuple[Iterator[str], int]]:
    return {
        "search": (queries(), QUERIES),
        "suggestions": (typed(town.titles), TYPED),
        "map": (windows(), MAPS),
        "strange": (strange(), STRANGE),
    }


def tell(found: dict[int, Measured], say: Say) -> None:
    """Tell the times, how they grow, and what of a search is its SQL."""
    sizes = sorted(found)
    each = " | ".join(f"{size:,} listings: in the service, over HTTP" for size in sizes)
    say(f"| what | goal of the service | {each} | growth of the service's median |")
    say("| --- |" + " --- |" * (len(sizes) + 2))
    for what, (words, goal) in _WHAT.items():
        cells = [
            f"{one.p50:.1f}, {one.p95:.1f}, {one.most:.0f}; {far.p50:.1f}, {far.p95:.1f}, {far.most:.0f}"
            for one, far in ((found[size].served[what], found[size].over_http[what]) for size in sizes)
        ]
        growth = found[sizes[-1]].served[what].p50 / found[sizes[0]].served[what].p50
        say(f"| {words} | {goal} | {' | '.join(cells)} | {growth:.2f} times |")
    say("")
    say(
        "Medians, 95th percentiles and the longest, in ms, one request at a time: in the process of the service, from the"
    )
    say("request to the answer, and as seen beside the server over HTTP.")
    say(
        "The same searches beside psql, which sends their statements, planned the same way (medians; who asks is the"
    )
    say("service's part alone):")
    for size in sizes:
        service, sql = found[size].beside_psql
        say(
            f"{size:,} listings, {BARE} searches: {service:.1f} ms and {sql:.1f} ms, {service / sql:.2f} times."
        )
