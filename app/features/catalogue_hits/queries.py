"""Every SQL statement that looks into the search documents.

Each is planned for its index alone. The tenant is checked on the row, in a form that no index serves: beside the lexemes,
which name it already, the planner would otherwise read all of the tenant's rows to find a few.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from app.core.db import Unit
from app.domain.catalogue_rank import SAMPLED, Bound, Order, Place
from app.domain.map_grid import spans
from app.domain.search_document import cluster_bits
from app.domain.travel import Box
from app.features.catalogue_hits.schemas import Counts, Look, MapCell, Sampled, Values

# A plan must not depend on how full the tables are today, nor wait for a compiler that costs more than it saves.
SETTINGS = (
    b"SET LOCAL enable_seqscan = off; SET LOCAL jit = off; SET LOCAL max_parallel_workers_per_gather = 0"
)
# Great-circle metres (haversine), as domain/travel.py has them.
_METRES = (
    "(12742017.6 * asin(sqrt(least(1, power(sin(radians(latitude - %(lat)s) / 2), 2)"
    " + cos(radians(%(lat)s)) * cos(radians(latitude)) * power(sin(radians(longitude - %(lon)s) / 2), 2)))))"
)
UNKNOWN_METRES = 2_000_000_000
_NUMBERS = {
    Order.NEWEST: "-round(date_part('epoch', published_at) * 1000000)::bigint",
    Order.DEADLINE: (
        "CASE WHEN apply_by >= %(today)s THEN (apply_by - DATE '2000-01-01')::bigint ELSE 1000000 END"
    ),
    Order.DISTANCE: f"coalesce({_METRES}::bigint, {UNKNOWN_METRES})",
    Order.CHANCE: "((shuffle - %(turn)s) & 1023)::bigint",
}
_PASSES = {
    "type": "type = ANY(%(f_type)s)",
    "cluster": "clusters & %(f_cluster)s <> 0",
    "skill": "skills && %(f_skill)s",
    "pay": "pay = ANY(%(f_pay)s)",
    "remote": "remote = %(f_remote)s",
}
_GROUPS = {
    "type": ("type", ""),
    "cluster": ("clusters::text", ""),
    "skill": ("skill", ", unnest(skills) AS skill"),
    "pay": ("pay", ""),
    "remote": ("remote::text", ""),
}
_KNOWN = """
SELECT term FROM search_terms WHERE tenant_id = %(tenant)s AND term = ANY(%(terms)s)
"""
_BEGINNING = """
SELECT term FROM search_terms
WHERE tenant_id = %(tenant)s AND term >= %(first)s AND term < %(last)s AND initial <> ''
ORDER BY length, term LIMIT %(most)s
"""
_LIKE = """
SELECT term FROM search_terms
WHERE tenant_id = %(tenant)s AND initial = ANY(%(initials)s) AND length BETWEEN %(shortest)s AND %(longest)s
LIMIT %(most)s
"""


async def settle(unit: Unit) -> None:
    """Fix how the statements of this transaction are planned."""
    await unit.driver.execute(SETTINGS)


def _rows(look: Look) -> tuple[str, Values]:
    """Return what is asked of each row beside its document, and the values of that."""
    parts = ["(tenant_id = %(tenant)s) IS TRUE"]
    values: Values = {"tenant": look.tenant_id, "today": look.today, "turn": look.turn}
    if look.near is not None:
        values["lat"], values["lon"] = look.near
    if look.seats_free is not None:
        parts.append("seats_free > 0" if look.seats_free else "seats_free <= 0")
    if look.busy is not None:
        parts.append("meets & %(busy)s::bit(336) = repeat('0', 336)::bit(336)")
        values["busy"] = look.busy
    if look.since is not None:
        parts.append("published_at >= %(since)s")
        values["since"] = look.since
    if look.within_km is not None and look.near is not None:
        parts.append(f"{_METRES} <= %(within)s")
        values["within"] = look.within_km * 1000
    return " AND ".join(parts), values


def _facet_values(facets: Mapping[str, tuple[str, ...]]) -> Values:
    values: Values = {}
    for name, filters in facets.items():
        wanted = [one.split(":", 1)[1] for one in filters]
        if name == "cluster":
            values["f_cluster"] = cluster_bits(wanted)
        elif name == "remote":
            values["f_remote"] = wanted == ["1"]
        else:
            values[f"f_{name}"] = wanted
    return values


async def sample(
    unit: Unit, look: Look, tiers: Sequence[tuple[int, str]], behind: Place | None, *, counting: bool
) -> Sampled:
    """Count in one of 64 documents: what facets will count, and each of the tiers behind a place."""
    where, values = _rows(look)
    number = _NUMBERS[look.order]
    parts = []
    if counting:
        values["counted"] = look.question.sampled(SAMPLED).counted()
        parts.append(
            f"SELECT -1, count(*), NULL::bigint FROM search_documents WHERE document @@ %(counted)s::tsquery AND {where}"  # noqa: S608 - pieces of this file, values apart
        )
    asked = dict(look.sampled(SAMPLED).tiers())
    for tier, _ in tiers:
        values[f"q{tier}"] = asked[tier]
        after = ""
        if behind is not None and tier == behind.tier:
            values["number"] = behind.number
            after = f" AND {number} >= %(number)s"
        parts.append(
            f"SELECT {tier}, count(*), (array_agg({number} ORDER BY {number}))[8] FROM search_documents"  # noqa: S608 - pieces of this file, values apart
            f" WHERE document @@ %(q{tier})s::tsquery AND {where}{after}"
        )
    found = {row[0]: (row[1], row[2]) for row in await unit.rows(" UNION ALL ".join(parts), values)}
    return Sampled(found[-1][0] if counting else 0, [found[tier] for tier, _ in tiers])


async def places(
    unit: Unit,
    look: Look,
    tiers: Sequence[tuple[int, str]],
    bounds: Sequence[Bound | None],
    behind: Place | None,
    limit: int,
) -> list[Place]:
    """Return the next places of the order. A tier's best come first, then its rest; what is not needed is not read."""
    where, values = _rows(look)
    values["limit"] = limit
    if behind is not None:
        values |= {"number": behind.number, "id": behind.id}
    number = _NUMBERS[look.order]
    parts: list[str] = []

    def add(tier: int, query: str, condition: str) -> None:
        after = "(number, id) > (%(number)s, %(id)s)" if behind and behind.tier == tier else "true"
        values[f"q{len(parts)}"] = query
        parts.append(
            f"(SELECT {tier} AS tier, number, id FROM (SELECT id, {number} AS number FROM search_documents"  # noqa: S608 - pieces of this file, values apart
            f" WHERE document @@ %(q{len(parts)})s::tsquery AND {where}) AS hits"
            f" WHERE {condition} AND {after} ORDER BY number, id LIMIT %(limit)s)"
        )

    for (tier, query), bound in zip(tiers, bounds, strict=True):
        if bound is None:
            add(tier, query, "true")
            continue
        values[f"bound{tier}"] = bound.number
        add(tier, look.question.within(query, bound), f"number <= %(bound{tier})s")
        add(tier, query, f"number > %(bound{tier})s")
    if not parts:
        return []
    rows = await unit.rows(
        f"SELECT * FROM ({' UNION ALL '.join(parts)}) AS ordered LIMIT %(limit)s",  # noqa: S608 - pieces of this file, values apart
        values,
    )
    return [Place(*row) for row in rows]


async def count(unit: Unit, look: Look, sampled: int) -> Counts:
    """Count the hits, and for each facet the hits there would be without its own filter, in a sample."""
    where, values = _rows(look)
    parts = _counting(look.question.facets)
    values |= _facet_values(look.question.facets) | {"counted": look.question.sampled(sampled).counted()}
    flags = _flags(look.question.facets)
    rows = await unit.rows(
        f"WITH hits AS MATERIALIZED (SELECT type, clusters, skills, pay, remote{flags} FROM search_documents"  # noqa: S608 - pieces of this file, values apart
        f" WHERE document @@ %(counted)s::tsquery AND {where}) {' UNION ALL '.join(parts)}",
        values,
    )
    return _counts(rows, sampled)


async def count_and_place(
    unit: Unit, look: Look, tiers: Sequence[tuple[int, str]], limit: int
) -> tuple[Counts, list[Place]]:
    """Count all hits, and place the first of them, in one look into the index: for a few hundred of them.

    In which tier a hit is, its document says; reading documents is what makes this dear where hits are many.
    """
    where, values = _rows(look)
    parts = _counting(look.question.facets)
    values |= _facet_values(look.question.facets) | {"counted": look.question.counted(), "limit": limit}
    values |= {f"q{tier}": query for tier, query in tiers[:-1]}
    cases = " ".join(f"WHEN document @@ %(q{tier})s::tsquery THEN {tier}" for tier, _ in tiers[:-1])
    tier = f"CASE {cases} ELSE {tiers[-1][0]} END" if cases else str(tiers[-1][0])
    parts.append(
        f"(SELECT 'tier ' || tier, id::text, number FROM (SELECT id, number, {tier} AS tier FROM hits"  # noqa: S608 - pieces of this file, values apart
        f" WHERE {_all_but(look.question.facets, None)}) AS placed ORDER BY tier, number, id LIMIT %(limit)s)"
    )
    rows = await unit.rows(
        f"WITH hits AS MATERIALIZED (SELECT id, document, {_NUMBERS[look.order]} AS number, type, clusters, skills, pay,"  # noqa: S608 - pieces of this file, values apart
        f" remote{_flags(look.question.facets)} FROM search_documents"
        f" WHERE document @@ %(counted)s::tsquery AND {where}) {' UNION ALL '.join(parts)}",
        values,
    )
    placed = [
        Place(int(name.removeprefix("tier ")), number, UUID(value))
        for name, value, number in rows
        if name.startswith("tier ")
    ]
    return _counts([row for row in rows if not row[0].startswith("tier ")], 1), sorted(placed)


def _flags(facets: Iterable[str]) -> str:
    return "".join(f", coalesce({_PASSES[name]}, false) AS p_{name}" for name in facets)


def _counting(facets: Iterable[str]) -> list[str]:
    names = list(facets)
    return [
        f"SELECT 'total', NULL, count(*) FROM hits WHERE {_all_but(names, None)}",  # noqa: S608 - pieces of this file
        *(
            f"SELECT '{name}', {column}, count(*) FROM hits{source} WHERE {_all_but(names, name)} GROUP BY 2"  # noqa: S608 - pieces of this file
            for name, (column, source) in _GROUPS.items()
        ),
    ]


def _counts(rows: Iterable[Sequence[Any]], sampled: int) -> Counts:
    total = 0
    counted: dict[str, dict[str, int]] = {name: {} for name in _GROUPS}
    for name, value, number in rows:
        if name == "total":
            total = number * sampled
        else:
            counted[name][value] = number * sampled
    return Counts(total, sampled > 1, counted)


# The grid of domain/map_grid.py.
_COLUMN = "least(%(side)s - 1, floor((longitude::float8 + 180) / 360 * %(side)s)::int)"
_ROW = (
    "greatest(0, least(%(side)s - 1, floor((1 - asinh(tan(radians(greatest(-85.051128, least(85.051128,"
    " latitude::float8))))) / pi()) / 2 * %(side)s)::int))"
)


def _in_box(box: Box) -> tuple[str, Values]:
    values: Values = {"south": box.south, "north": box.north}
    around = []
    for number, span in enumerate(spans(box)):
        values |= {f"west{number}": span.west, f"east{number}": span.east}
        around.append(f"longitude::float8 BETWEEN %(west{number})s AND %(east{number})s")
    inside = f"latitude::float8 BETWEEN %(south)s AND %(north)s AND ({' OR '.join(around)})"
    return f"coalesce({inside}, false)", values


async def count_on_map(unit: Unit, look: Look, box: Box, sampled: int) -> int:
    """Count the hits within a box, in a sample."""
    where, values = _rows(look)
    inside, more = _in_box(box)
    values |= {**more, "q": look.question.sampled(sampled).whole()}
    rows = await unit.rows(
        f"SELECT count(*) FROM search_documents WHERE document @@ %(q)s::tsquery AND {where} AND {inside}",  # noqa: S608 - pieces of this file, values apart
        values,
    )
    counted: int = rows[0][0]
    return counted


async def cells_on_map(
    unit: Unit, look: Look, box: Box, side: int, sampled: int, named: int
) -> list[MapCell]:
    """Return the cells of a grid, so many a side, that have hits within a box, in a sample; `named` ids of each."""
    where, values = _rows(look)
    inside, more = _in_box(box)
    values |= {**more, "q": look.question.sampled(sampled).whole(), "side": side, "named": named}
    rows = await unit.rows(
        f"SELECT {_COLUMN} AS col, {_ROW} AS row, count(*), avg(latitude), avg(longitude),"  # noqa: S608 - pieces of this file, values apart
        " min(latitude) = max(latitude) AND min(longitude) = max(longitude), (array_agg(id))[1:%(named)s]"
        f" FROM search_documents WHERE document @@ %(q)s::tsquery AND {where} AND {inside} GROUP BY 1, 2 ORDER BY 2, 1",
        values,
    )
    return [MapCell(*row) for row in rows]


def _all_but(facets: Iterable[str], name: str | None) -> str:
    return " AND ".join([f"p_{other}" for other in facets if other != name] or ["true"])


async def known(unit: Unit, tenant_id: UUID, terms: Sequence[str]) -> set[str]:
    """Return which words and stems the tenant's listings use."""
    rows = await unit.rows(_KNOWN, {"tenant": tenant_id, "terms": list(terms)})
    return {row[0] for row in rows}


async def said(unit: Unit, tenant_id: UUID, asked: Mapping[str, str]) -> set[str]:
    """Return the names of those tsqueries that find any document of the tenant."""
    names = list(asked)
    if not names:
        return set()
    values: Values = {"tenant": tenant_id} | {f"q{at}": asked[name] for at, name in enumerate(names)}
    each = (
        f"(SELECT {at} FROM search_documents WHERE document @@ %(q{at})s::tsquery"  # noqa: S608 - numbers of this function, values apart
        " AND (tenant_id = %(tenant)s) IS TRUE LIMIT 1)"
        for at in range(len(names))
    )
    return {names[row[0]] for row in await unit.rows(" UNION ALL ".join(each), values)}


async def beginning(unit: Unit, tenant_id: UUID, start: str, most: int) -> list[str]:
    """Return words that begin so, the shortest first."""
    values: dict[str, Any] = {"tenant": tenant_id, "first": start, "last": f"{start}\U0010ffff", "most": most}
    return [row[0] for row in await unit.rows(_BEGINNING, values)]


async def like(
    unit: Unit, tenant_id: UUID, initials: Sequence[str], lengths: tuple[int, int], most: int
) -> list[str]:
    """Return words with one of these initials and about this long."""
    shortest, longest = lengths
    values: dict[str, Any] = {
        "tenant": tenant_id,
        "initials": list(initials),
        "shortest": shortest,
        "longest": longest,
        "most": most,
    }
    return [row[0] for row in await unit.rows(_LIKE, values)]
