"""The grid that listings on a map are counted in: square on the screen, and the same wherever the map is moved.

Cells are quarters of the tiles that web maps are made of (Web Mercator, a world of 2 to the power of zoom tiles a side),
64 by 64 pixels on the screen. They lie where they lie: panning moves no cell, and each zoom level cuts a cell in four.
"""

import math
from collections.abc import Iterator
from typing import NamedTuple

from app.domain.travel import Box

DEEPEST = 22
_A_TILE = 4
# A screen of 2,000 by 1,000 pixels is about five hundred cells; for more, the map is looked at from further away.
MOST_CELLS = 1_024
# Web Mercator ends here; what lies beyond is counted in the last row.
NORTHMOST = 85.051_128


class Span(NamedTuple):
    """Longitudes from west to east, which do not cross the 180th meridian."""

    west: float
    east: float


def spans(box: Box) -> tuple[Span, ...]:
    """Return the longitudes of a box, cut in two at the 180th meridian."""
    if box.west <= box.east:
        return (Span(box.west, box.east),)
    return (Span(box.west, 180.0), Span(-180.0, box.east))


def column_of(longitude: float, side: int) -> int:
    """Return the column of a longitude in a grid with so many cells a side."""
    return min(side - 1, int((longitude + 180) / 360 * side))


def row_of(latitude: float, side: int) -> int:
    """Return the row of a latitude, counted from the north."""
    angle = math.radians(max(-NORTHMOST, min(NORTHMOST, latitude)))
    return max(0, min(side - 1, int((1 - math.asinh(math.tan(angle)) / math.pi) / 2 * side)))


def side_of(box: Box, zoom: int) -> int:
    """Return how many cells a side the grid has for what is shown: of the zoom asked for, or coarser, never too many."""
    side = _A_TILE << max(0, min(DEEPEST, zoom))
    while side > _A_TILE and _cells(box, side) > MOST_CELLS:
        side //= 2
    return side


def zoom_of(side: int) -> int:
    """Return the zoom level of a grid."""
    return (side // _A_TILE).bit_length() - 1


def bounds(column: int, row: int, side: int) -> Box:
    """Return what a cell covers."""
    return Box(
        south=_latitude(row + 1, side),
        west=column / side * 360 - 180,
        north=_latitude(row, side),
        east=(column + 1) / side * 360 - 180,
    )


def _latitude(row: int, side: int) -> float:
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * row / side))))


def _cells(box: Box, side: int) -> int:
    rows = row_of(box.south, side) - row_of(box.north, side) + 1
    return rows * sum(columns for columns in _columns(box, side))


def _columns(box: Box, side: int) -> Iterator[int]:
    for span in spans(box):
        yield column_of(span.east, side) - column_of(span.west, side) + 1
