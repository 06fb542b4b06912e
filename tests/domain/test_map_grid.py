"""The grid of the map."""

import pytest

from app.domain.map_grid import MOST_CELLS, bounds, column_of, row_of, side_of, spans, zoom_of
from app.domain.travel import Box

CHICAGO = Box(41.6, -87.9, 42.1, -87.4)


@pytest.mark.parametrize(("latitude", "longitude"), [(41.88, -87.63), (0, 0), (-33.9, 151.2), (64.1, -21.9)])
@pytest.mark.parametrize("zoom", [0, 5, 12, 22])
def test_a_place_lies_within_its_cell(latitude: float, longitude: float, zoom: int) -> None:
    side = 4 << zoom
    cell = bounds(column_of(longitude, side), row_of(latitude, side), side)

    assert cell.south - 1e-9 <= latitude <= cell.north + 1e-9
    assert cell.west - 1e-9 <= longitude <= cell.east + 1e-9


def test_the_ends_of_the_earth_are_in_the_grid() -> None:
    for latitude, longitude in ((90, 180), (-90, -180), (90, -180), (-90, 180)):
        assert 0 <= row_of(latitude, 4) < 4
        assert 0 <= column_of(longitude, 4) < 4


def test_the_zoom_asked_for_is_kept_where_the_screen_is_small() -> None:
    assert zoom_of(side_of(CHICAGO, 11)) == 11


@pytest.mark.parametrize("window", [Box(-90, -180, 90, 180), CHICAGO, Box(-20, 170, -10, -170)])
def test_an_answer_is_bounded_however_deep_the_zoom(window: Box) -> None:
    side = side_of(window, 22)
    rows = row_of(window.south, side) - row_of(window.north, side) + 1
    columns = sum(column_of(span.east, side) - column_of(span.west, side) + 1 for span in spans(window))

    assert rows * columns <= MOST_CELLS


def test_a_window_across_the_180th_meridian_is_two() -> None:
    assert spans(Box(-20, 170, -10, -170)) == ((170, 180), (-180, -170))
    assert spans(CHICAGO) == ((-87.9, -87.4),)


def test_each_zoom_level_cuts_a_cell_in_four() -> None:
    column, row = column_of(-87.63, 4 << 10), row_of(41.88, 4 << 10)

    assert column_of(-87.63, 4 << 11) // 2 == column
    assert row_of(41.88, 4 << 11) // 2 == row
