"""The picture of a network map: an ego network as an SVG, the same bytes for the same people in any order.

Parts of life are sectors (the more people, the wider), closeness is nearness to the middle, frequency the width of the
line, strength the filling of the dot; names stand outside in two columns, so that sixty of them do not overlap. It has
no script and no style sheet, so that a browser needs to allow it nothing, and colour is never the only sign: every
sector bears its name. All lengths are whole pixels and all angles thousandths of a degree.
"""

import math
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import escape

from app.domain.codes import Names
from app.domain.connection import ConnectionDomain
from app.domain.names.main_job import NAMES
from app.domain.network_map import Known, MapTie, summary, tie

_INK, _FAINT, _LINE = "#1f2328", "#57606a", "#6b7280"
# Each at least 5:1 against white, which the names of the sectors are written in.
_COLOURS = {
    ConnectionDomain.HOUSEHOLD: "#8a3b12",
    ConnectionDomain.FAMILY: "#9c1f5c",
    ConnectionDomain.NEIGHBOURS: "#2d6a2d",
    ConnectionDomain.FAITH: "#6b3fa0",
    ConnectionDomain.CLUB: "#0f6b74",
    ConnectionDomain.WORK: "#1f5fa8",
    ConnectionDomain.FRIENDS: "#6f5300",
    ConnectionDomain.SCHOOL: "#444c56",
}
_DISCS = ((335, "#f3f4f6"), (255, "#e7eaee"), (175, "#d9dee4"))
_RINGS = {3: 135, 2: 215, 1: 295}
# Neighbours on one ring stand a little nearer and further by turns, so that many of them still have room.
_STAGGER = (-18, 18, 0)
_WIDTHS = {1: 1, 2: 2, 3: 3, 4: 5, 5: 7}
_EGO, _DOT = 46, 7
_BAND_INNER, _BAND_OUTER = 343, 377
_LEADER, _LABELS = 384, 404
_CIRCLE, _LEAST_SECTOR, _GAP = 360_000, 27_000, 600
_STEP, _LONGEST_LABEL = 22, 220
_WIDTH, _TOP, _BOTTOM = 1300, 92, 128
# From so many names on one side the sectors are turned until both sides have about as many.
_CROWDED = 28

_TITLE = {True: Names("My network map", "Mi mapa de red"), False: Names("A network map", "Un mapa de red")}
_EGO_NAME = {True: Names("Me", "Yo"), False: Names("Student", "Estudiante")}
_NOBODY = Names("Nobody here yet", "Aún no hay nadie")
_CLOSER = Names("Nearer the middle: better known", "Más cerca del centro: se conocen mejor")
_OFTEN = Names("Thicker line: more often in touch", "Línea más gruesa: más contacto")
_TIES = {
    MapTie.STRONG: Names("strong tie", "vínculo fuerte"),
    MapTie.BETWEEN: Names("between", "intermedio"),
    MapTie.WEAK: Names("weak tie", "vínculo débil"),
}


@dataclass(frozen=True, slots=True)
class Drawn:
    """One person in the picture."""

    label: str
    domain: ConnectionDomain
    closeness: int
    frequency: int


@dataclass(frozen=True, slots=True)
class _Sector:
    domain: ConnectionDomain
    start: int
    end: int
    people: Sequence[Drawn]


@dataclass(frozen=True, slots=True)
class _Placed:
    person: Drawn
    angle: int
    radius: int


def ego_network(people: Iterable[Drawn], language: str, *, own: bool = True) -> str:
    """Return the picture as one SVG document, in `en` or `es`; `own` is False where somebody else looks at it.

    `title` and `desc` tell a screen reader what it shows: how many people there are, where, and how strong the ties are.
    """
    known = sorted(people, key=_key)
    sectors = _sectors(known)
    placed = [spot for sector in sectors for spot in _spots(sector)]
    left = sorted((spot for spot in placed if not _is_right(spot.angle)), key=_height)
    right = sorted((spot for spot in placed if _is_right(spot.angle)), key=_height)
    heights = _spread(left), _spread(right)
    above = max([_LABELS, *(8 - y for side in heights for y in side)])
    below = max([_LABELS, *(8 + y for side in heights for y in side)])
    reach = max(above, below)
    middle = _TOP + above
    height = middle + below + _BOTTOM
    title = _TITLE[own].in_language(language)
    described = _description(known, language)
    parts = [
        (f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="map-title map-desc" '
        f'lang="{language}" width="{_WIDTH}" height="{height}" viewBox="0 0 {_WIDTH} {height}" '
        f'font-family="system-ui, sans-serif" font-size="15" fill="{_INK}">'),
        f'<title id="map-title">{_text(title)}</title>',
        f'<desc id="map-desc">{_text(described)}</desc>',
        f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="{_WIDTH // 2}" y="44" text-anchor="middle" font-size="24" font-weight="600">{_text(title)}</text>',
        f'<g transform="translate({_WIDTH // 2} {middle})">',
        *(f'<circle r="{radius}" fill="{colour}" stroke="#ffffff" stroke-width="2"/>' for radius, colour in _DISCS),
        *(_leader(spot, y, reach) for spots, ys in zip((left, right), heights, strict=True) for spot, y in zip(spots, ys, strict=True)),
        *(_line(spot) for spot in placed),
        *(_band(sector, language) for sector in sectors),
        *(_dot(spot) for spot in placed),
        *(_label(spot, y, reach) for spots, ys in zip((left, right), heights, strict=True) for spot, y in zip(spots, ys, strict=True)),
        _ego(language, own=own, alone=not known),
        "</g>",
        _legend(height - 40, language),
        "</svg>",
    ]  # fmt: skip
    return "\n".join(parts) + "\n"


def _key(person: Drawn) -> tuple[int, int, int, str, str]:
    order = list(ConnectionDomain).index(person.domain)
    return (order, -person.closeness, -person.frequency, person.label.casefold(), person.label)


def _sectors(known: Sequence[Drawn]) -> list[_Sector]:
    of = {domain: [person for person in known if person.domain is domain] for domain in ConnectionDomain}
    spare = _CIRCLE - _LEAST_SECTOR * len(of)
    total = len(known)

    def turned(start: int) -> list[_Sector]:
        found, seen = [], 0
        for place, (domain, people) in enumerate(of.items()):
            # Where nobody is known at all, all sectors are as wide.
            before = spare * seen // total if total else spare * place // len(of)
            seen += len(people)
            after = spare * seen // total if total else spare * (place + 1) // len(of)
            first = start + _LEAST_SECTOR * place + before
            found.append(_Sector(domain, first, first + _LEAST_SECTOR + after - before, people))
        return found

    # The first sector begins at the top; angles run clockwise from the right.
    upright = turned(-90_000)
    angles = [spot.angle for sector in upright for spot in _spots(sector)]

    def crowd(turn: int) -> int:
        right = sum(_is_right(angle + turn) for angle in angles)
        return max(right, total - right)

    if crowd(0) <= _CROWDED:
        return upright
    return turned(-90_000 + min(range(0, _CIRCLE, 5_000), key=crowd))


def _spots(sector: _Sector) -> list[_Placed]:
    """Place the people of a sector side by side, those of one ring as far from each other as can be."""
    turns = []
    for closeness in _RINGS:
        ring = [person for person in sector.people if person.closeness == closeness]
        turns += [
            (Fraction(2 * place + 1, 2 * len(ring)), closeness, place, person)
            for place, person in enumerate(ring)
        ]
    turns.sort(key=lambda turn: turn[:3])
    width = sector.end - sector.start - 2 * _GAP
    return [
        _Placed(
            person,
            sector.start + _GAP + width * (2 * number + 1) // (2 * len(turns)),
            _RINGS[closeness] + _STAGGER[place % len(_STAGGER)],
        )
        for number, (_, closeness, place, person) in enumerate(turns)
    ]


def _at(angle: int, radius: int) -> tuple[int, int]:
    turn = math.radians(angle / 1000)
    # The last digit of a sine is the library's own business; a half must not fall on it.
    return (
        math.floor(radius * math.cos(turn) + 0.5 + 1e-6),
        math.floor(radius * math.sin(turn) + 0.5 + 1e-6),
    )


def _is_right(angle: int) -> bool:
    return (angle + 90_000) % _CIRCLE < _CIRCLE // 2


def _height(spot: _Placed) -> tuple[int, int]:
    # Two points of a side can round to one height; from the top down the angle tells them apart.
    down = (spot.angle + 90_000) % _CIRCLE
    return (_at(spot.angle, _LABELS)[1], down if _is_right(spot.angle) else -down)


def _spread(spots: Sequence[_Placed]) -> list[int]:
    """Return a height for each name, `_STEP` apart at least, as near to where each would like to be as can be.

    Isotonic regression by pooling neighbours that are too near, on the heights less what the names before need.
    """
    pools: list[tuple[int, int]] = []
    for number, spot in enumerate(spots):
        total, count = _height(spot)[0] - number * _STEP, 1
        while pools and pools[-1][0] * count >= total * pools[-1][1]:
            before = pools.pop()
            total, count = total + before[0], count + before[1]
        pools.append((total, count))
    wanted = [total // count for total, count in pools for _ in range(count)]
    return [y + number * _STEP for number, y in enumerate(wanted)]


def _beside(y: int, reach: int) -> int:
    """Return how far from the middle a name at this height stands: outside the circle, on an oval around it."""
    tall = reach + 12
    oval = math.isqrt(_LABELS * _LABELS * max(tall * tall - y * y, 0)) // tall
    return max(oval, math.isqrt(max(_LEADER * _LEADER - y * y, 0)) + 8, 14)


def _side(spot: _Placed) -> int:
    return 1 if _is_right(spot.angle) else -1


def _leader(spot: _Placed, y: int, reach: int) -> str:
    first, last = _at(spot.angle, spot.radius), _at(spot.angle, _LEADER)
    end = _side(spot) * _beside(y, reach)
    return (
        f'<polyline points="{first[0]},{first[1]} {last[0]},{last[1]} {end},{y}" fill="none" '
        f'stroke="#8b949e" stroke-dasharray="2 3"/>'
    )


def _line(spot: _Placed) -> str:
    start, end = _at(spot.angle, _EGO), _at(spot.angle, spot.radius)
    return (
        f'<line x1="{start[0]}" y1="{start[1]}" x2="{end[0]}" y2="{end[1]}" stroke="{_LINE}" '
        f'stroke-width="{_WIDTHS[spot.person.frequency]}"/>'
    )


def _circle(x: int, y: int, colour: str, strength: MapTie) -> str:
    fill = colour if strength is MapTie.STRONG else "#ffffff"
    width = 2 if strength is MapTie.WEAK else 4
    radius = _DOT if strength is not MapTie.BETWEEN else _DOT - 1
    return f'<circle cx="{x}" cy="{y}" r="{radius}" fill="{fill}" stroke="{colour}" stroke-width="{width}"/>'


def _dot(spot: _Placed) -> str:
    person = spot.person
    x, y = _at(spot.angle, spot.radius)
    return _circle(x, y, _COLOURS[person.domain], tie(person.closeness, person.frequency))


def _label(spot: _Placed, y: int, reach: int) -> str:
    side = _side(spot)
    anchor = "start" if side > 0 else "end"
    return (
        f'<text x="{side * (_beside(y, reach) + 5)}" y="{y + 5}" text-anchor="{anchor}">'
        f"{_text(_shortened(spot.person.label))}</text>"
    )


def _band(sector: _Sector, language: str) -> str:
    start, end = sector.start + _GAP, sector.end - _GAP
    large = int(end - start > _CIRCLE // 2)
    corners = (
        _at(start, _BAND_OUTER), _at(end, _BAND_OUTER), _at(end, _BAND_INNER), _at(start, _BAND_INNER),
    )  # fmt: skip
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = corners
    shape = (
        f"M{ax},{ay} A{_BAND_OUTER},{_BAND_OUTER} 0 {large} 1 {bx},{by} L{cx},{cy} "
        f"A{_BAND_INNER},{_BAND_INNER} 0 {large} 0 {dx},{dy} Z"
    )
    colour = _COLOURS[sector.domain]
    look = (
        f'fill="{colour}"'
        if sector.people
        else f'fill="#ffffff" stroke="{_FAINT}" stroke-width="1" stroke-dasharray="4 3"'
    )
    # In the lower half the name runs the other way round, so that it is never upside down.
    lower = 0 < (start + end) // 2 % _CIRCLE < _CIRCLE // 2
    radius, sweep = (365, 0) if lower else (355, 1)
    # A little longer than its sector: a browser leaves out what does not fit on the path.
    ends = (end + 2_000, start - 2_000) if lower else (start - 2_000, end + 2_000)
    (fx, fy), (tx, ty) = (_at(angle, radius) for angle in ends)
    name = NAMES[ConnectionDomain][sector.domain].in_language(language)
    path = f"map-{sector.domain.value}"
    return (
        f'<path d="{shape}" {look}/><path id="{path}" d="M{fx},{fy} A{radius},{radius} 0 {large} {sweep} {tx},{ty}" '
        f'fill="none"/><text font-size="14" font-weight="600" fill="{"#ffffff" if sector.people else _INK}" '
        f'text-anchor="middle"><textPath href="#{path}" startOffset="50%">'
        f"{_text(f'{name} · {len(sector.people)}')}</textPath></text>"
    )


def _ego(language: str, *, own: bool, alone: bool) -> str:
    name = _text(_EGO_NAME[own].in_language(language))
    size = 22 if own else 15
    drawn = (
        f'<circle r="{_EGO}" fill="{_INK}"/><text y="{size // 3}" text-anchor="middle" font-size="{size}" '
        f'font-weight="600" fill="#ffffff">{name}</text>'
    )
    if alone:
        drawn += (
            f'<text y="92" text-anchor="middle" font-size="18">{_text(_NOBODY.in_language(language))}</text>'
        )
    return drawn


def _legend(y: int, language: str) -> str:
    middle = _WIDTH // 2
    closer = _text(_CLOSER.in_language(language))
    parts = [f'<g font-size="14"><text x="{middle - 20}" y="{y - 26}" text-anchor="end">{closer}</text>']
    for number, width in enumerate(_WIDTHS.values()):
        x = middle + 20 + 26 * number
        parts.append(
            f'<line x1="{x}" y1="{y - 31}" x2="{x + 20}" y2="{y - 31}" stroke="{_LINE}" stroke-width="{width}"/>'
        )
    parts.append(f'<text x="{middle + 158}" y="{y - 26}">{_text(_OFTEN.in_language(language))}</text>')
    for number, (strength, names) in enumerate(_TIES.items()):
        x = middle - 250 + 195 * number
        parts.append(_circle(x, y + 3, _FAINT, strength))
        parts.append(f'<text x="{x + 18}" y="{y + 8}">{_text(names.in_language(language))}</text>')
    return "".join(parts) + "</g>"


def _description(known: Sequence[Drawn], language: str) -> str:
    shown = summary(Known(p.domain, p.closeness, p.frequency, (), ()) for p in known)
    spanish = language == "es"
    if not known:
        return f"{_NOBODY.in_language(language)}."

    def named(domain: ConnectionDomain) -> str:
        return NAMES[ConnectionDomain][domain].in_language(language)

    counted = "; ".join(f"{named(domain)}: {people}" for domain, people in shown.domains.items() if people)
    ties = "; ".join(
        f"{names.in_language(language)}: {shown.ties[strength]}" for strength, names in _TIES.items()
    )
    people = f"Personas: {shown.people}" if spanish else f"People: {shown.people}"
    empty = ", ".join(named(domain) for domain in shown.empty_domains)
    nobody = f" {_NOBODY.in_language(language)}: {empty}." if empty else ""
    return f"{people}. {counted}. {ties}.{nobody}"


def _shortened(label: str) -> str:
    room = _LONGEST_LABEL * 100 // 15
    if sum(map(_breadth, label)) <= room:
        return label
    room -= 100
    kept = 0
    for char in label:
        room -= _breadth(char)
        if room < 0:
            break
        kept += 1
    return label[:kept].rstrip() + "…"


def _breadth(char: str) -> int:
    """Return about how broad a character is, in hundredths of the font's size, rather too much than too little."""
    if unicodedata.combining(char):
        return 0
    if unicodedata.east_asian_width(char) in {"W", "F"}:
        return 105
    if char in "mwMW@%&":
        return 95
    if char in "iljtfrI.,:;'|! ":
        return 34
    return 72 if char.isupper() else 57


def _text(text: str) -> str:
    """Escape a text, and replace what XML 1.0 §2.2 does not allow: control characters and non-characters."""
    return escape("".join(char if _is_allowed(char) else "\ufffd" for char in text))


def _is_allowed(char: str) -> bool:
    return (
        char in "\t\n\r" or ("\x20" <= char <= "\ud7ff") or ("\ue000" <= char <= "\ufffd") or char > "\uffff"
    )
