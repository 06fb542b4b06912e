"""The picture of a network map: the same bytes for the same people, nothing overlapping, nothing running."""

import itertools
import random
import re
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain import ego_svg
from app.domain.connection import ConnectionDomain
from app.domain.ego_svg import Drawn, ego_network

SVG = "{http://www.w3.org/2000/svg}"
LABELS = (
    "Bea",
    "Uncle Theo",
    "Señora Núñez",
    "Dr. Whitfield-Montgomery of the clinic",
    "WWWWWWWWWWWWWWWW",
    "李小龙老师",
)


def crowd(
    size: int, seed: int, domains: tuple[ConnectionDomain, ...] = tuple(ConnectionDomain)
) -> list[Drawn]:
    """Make up so many people."""
    chance = random.Random(seed)  # noqa: S311 - made-up people
    return [
        Drawn(
            f"{chance.choice(LABELS)} {number}",
            chance.choice(domains),
            chance.randint(1, 3),
            chance.randint(1, 5),
        )
        for number in range(size)
    ]


def _read(document: str) -> Any:
    return ET.fromstring(document)  # noqa: S314 - our own document


def _names(root: Any) -> list[tuple[int, int, str, str]]:
    """Return x, y, side and text of every name beside the circle."""
    return [
        (int(node.get("x")), int(node.get("y")), node.get("text-anchor"), node.text)
        for node in root.find(f"{SVG}g").findall(f"{SVG}text")
        if node.get("x") is not None
    ]


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("size", [0, 1, 2, 7, 60, 120])
def test_the_same_people_in_any_order_are_the_same_bytes(size: int, language: str) -> None:
    people = crowd(size, 7) + crowd(size // 2, 7)
    first = ego_network(people, language)

    for seed in range(5):
        random.Random(seed).shuffle(people)  # noqa: S311 - an order
        assert ego_network(people, language) == first


@pytest.mark.parametrize("size", [0, 3, 60])
def test_a_screen_reader_hears_what_the_picture_shows(size: int) -> None:
    root = _read(ego_network(crowd(size, 1), "en"))

    title, described = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert root.get("role") == "img"
    assert root.get("lang") == "en"
    assert root.get("aria-labelledby").split() == [title.get("id"), described.get("id")]
    assert title.text == "My network map"
    assert described.text.startswith("Nobody here yet" if size == 0 else f"People: {size}.")


def test_what_is_heard_counts_parts_of_life_and_ties_in_both_languages() -> None:
    people = [
        Drawn("Bea", ConnectionDomain.FAMILY, 3, 5),
        Drawn("Theo", ConnectionDomain.FAMILY, 1, 1),
        Drawn("Kim", ConnectionDomain.WORK, 2, 3),
    ]

    english = _read(ego_network(people, "en", own=False)).find(f"{SVG}desc").text
    spanish = _read(ego_network(people, "es", own=False)).find(f"{SVG}desc").text

    assert "Family: 2; Work: 1" in english
    assert "strong tie: 1; between: 1; weak tie: 1" in english
    assert "Nobody here yet: Household, Neighbors" in english
    assert "Familia: 2; Trabajo: 1" in spanish


def test_somebody_elses_map_is_not_called_mine() -> None:
    theirs = ego_network(crowd(3, 1), "en", own=False)

    assert "A network map" in theirs
    assert ">Me<" not in theirs
    assert ">Me<" in ego_network(crowd(3, 1), "en")


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize(
    "domains", [tuple(ConnectionDomain), (ConnectionDomain.FRIENDS,), tuple(ConnectionDomain)[:2]]
)
def test_sixty_names_and_dots_do_not_overlap_and_stay_on_the_paper(
    seed: int, domains: tuple[ConnectionDomain, ...]
) -> None:
    root = _read(ego_network(crowd(60, seed, domains), "en"))

    names = _names(root)
    width, height = int(root.get("width")), int(root.get("height"))
    shift = root.find(f"{SVG}g").get("transform")
    middle = int(re.findall(r"-?\d+", shift)[1])
    assert len(names) == 60
    for anchor in ("start", "end"):
        heights = sorted(y for _, y, side, _ in names if side == anchor)
        assert all(later - earlier >= 20 for earlier, later in itertools.pairwise(heights))
    assert all((x > 0) == (side == "start") for x, _, side, _ in names)
    assert all(abs(x) + 225 <= width // 2 for x, *_ in names)
    assert all(80 <= y + middle <= height - 90 for _, y, *_ in names)
    # No name within the circle of the picture.
    assert all(x * x + y * y > 377 * 377 for x, y, *_ in names)
    dots = [
        (int(node.get("cx")), int(node.get("cy")))
        for node in root.find(f"{SVG}g").findall(f"{SVG}circle")
        if node.get("cx") is not None
    ]
    assert len(dots) == 60
    near = min(
        (ax - bx) ** 2 + (ay - by) ** 2
        for number, (ax, ay) in enumerate(dots)
        for bx, by in dots[number + 1 :]
    )
    assert near >= 14**2


def test_both_sides_of_a_crowded_picture_bear_about_as_many_names() -> None:
    names = _names(_read(ego_network(crowd(60, 2, (ConnectionDomain.WORK,)), "en")))

    sides = [side for _, _, side, _ in names]
    assert abs(sides.count("start") - sides.count("end")) <= 2


def test_a_small_picture_begins_at_the_top() -> None:
    document = ego_network([Drawn("Bea", ConnectionDomain.HOUSEHOLD, 3, 5)], "en")

    assert _names(_read(document))[0][2] == "start"


def test_a_long_name_is_shortened() -> None:
    document = ego_network([Drawn("x" * 80, ConnectionDomain.WORK, 1, 1)], "en")

    (name,) = [text for *_, text in _names(_read(document))]
    assert name.endswith("…")
    assert len(name) < 40


@pytest.mark.parametrize(
    "label",
    [
        "</text><script>alert(1)</script>",
        '"><image href="x" onerror="alert(1)"/>',
        "<![CDATA[ ]]> &amp; <!-- -->",
        "a\x01b\x0bc\ufffe\U0001f600",
        "]]>",
    ],
)
def test_a_name_is_text_and_nothing_else(label: str) -> None:
    plain = ego_network([Drawn("x", ConnectionDomain.WORK, 1, 1)], "en")
    root = _read(ego_network([Drawn(label, ConnectionDomain.WORK, 1, 1)], "en"))

    assert [node.tag for node in root.iter()] == [node.tag for node in _read(plain).iter()]
    assert not [key for node in root.iter() for key in node.attrib if key.startswith("on") or key == "style"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=80), max_size=8))
def test_whatever_people_are_called_it_is_well_formed(labels: list[str]) -> None:
    people = [Drawn(label, ConnectionDomain.CLUB, 2, 2) for label in labels]

    root = _read(ego_network(people, "en"))

    assert len(_names(root)) == len(labels)


def test_it_needs_no_script_no_style_and_nothing_from_elsewhere() -> None:
    document = ego_network(crowd(60, 3), "en")

    assert not re.search(r"<script|<style|style=|<image|<foreignObject|url\(|@import|javascript:", document)
    assert set(re.findall(r'href="([^"]*)"', document)) == {f"#map-{domain}" for domain in ConnectionDomain}
    # Whole numbers only: no two machines write a fraction differently.
    drawn = re.sub(r"<(title|desc|text|textPath)[^>]*>[^<]*", "", document)
    assert not re.search(r"\d\.\d", drawn.replace("http://www.w3.org/2000/svg", ""))


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_there_is_contrast_enough_to_read_it_also_without_colour() -> None:
    # WCAG 2.2: 4.5 for text, 3 for what is drawn.
    for colour in ego_svg._COLOURS.values():
        assert _contrast(colour, "#ffffff") >= 5
        assert all(_contrast(colour, disc) >= 3 for _, disc in ego_svg._DISCS)
    assert _contrast(ego_svg._INK, "#ffffff") >= 12
    assert all(_contrast(ego_svg._LINE, disc) >= 3 for _, disc in ego_svg._DISCS)
