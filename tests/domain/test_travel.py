"""About how long a way takes, and the rectangle in which to look for places."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.travel import (
    MINUTES_A_KILOMETRE,
    TravelMode,
    about_minutes,
    bounding_box,
    kilometres,
    kilometres_within,
    rounded_home,
)

LATITUDES = st.floats(-90, 90)
LONGITUDES = st.floats(-180, 180)
KILOMETRES = st.floats(0.01, 25_000)

# Loop and O'Hare airport in Chicago; Berlin and Paris; two places on either side of the 180th meridian, in Fiji.
LOOP, OHARE = (41.8819, -87.6278), (41.9786, -87.9048)
BERLIN, PARIS = (52.5200, 13.4050), (48.8566, 2.3522)
TAVEUNI, RABI = (-16.80, 179.97), (-16.50, -179.97)


@pytest.mark.parametrize(
    ("here", "there", "km"),
    [(LOOP, OHARE, 25.3), (BERLIN, PARIS, 877.5), (TAVEUNI, RABI, 34.0), (LOOP, LOOP, 0)],
)
def test_distances_are_those_of_the_map(
    here: tuple[float, float], there: tuple[float, float], km: float
) -> None:
    assert kilometres(*here, *there) == pytest.approx(km, rel=0.005, abs=0.001)
    assert kilometres(*there, *here) == pytest.approx(kilometres(*here, *there))


def test_poles_and_opposite_places_have_a_distance() -> None:
    half_way_round = math.pi * 6371.0088

    assert kilometres(90, 0, -90, 0) == pytest.approx(half_way_round)
    assert kilometres(0, 0, 0, 180) == pytest.approx(half_way_round)
    assert kilometres(90, 12, 90, -140) == pytest.approx(0, abs=1e-6)


def test_a_way_is_said_in_fives_and_never_too_short() -> None:
    assert [about_minutes(1.0, mode) for mode in TravelMode] == [20, 5, 5, 5]
    assert about_minutes(0, TravelMode.CAR) == 5
    assert about_minutes(10, TravelMode.TRANSIT) == 40
    assert about_minutes(10.1, TravelMode.TRANSIT) == 45


@given(st.floats(5, 240), st.sampled_from(TravelMode))
def test_what_is_within_reach_is_never_said_to_take_longer(minutes: float, mode: TravelMode) -> None:
    km = kilometres_within(math.floor(minutes / 5) * 5, mode)

    assert about_minutes(km * 0.999999, mode) <= minutes


def test_every_way_of_travelling_has_a_factor_and_a_car_is_the_fastest() -> None:
    assert MINUTES_A_KILOMETRE.keys() == set(TravelMode)
    assert min(MINUTES_A_KILOMETRE, key=lambda mode: MINUTES_A_KILOMETRE[mode]) is TravelMode.CAR


@given(LATITUDES, LONGITUDES, LATITUDES, LONGITUDES, KILOMETRES)
def test_nothing_within_the_distance_lies_outside_the_box(
    latitude: float, longitude: float, other_latitude: float, other_longitude: float, km: float
) -> None:
    box = bounding_box(latitude, longitude, km)

    assert -90 <= box.south <= box.north <= 90
    assert -180 <= box.west <= 180
    assert -180 <= box.east <= 180
    if kilometres(latitude, longitude, other_latitude, other_longitude) < km * 0.999:
        assert box.south - 1e-6 <= other_latitude <= box.north + 1e-6
        if box.west <= box.east:
            assert box.west - 1e-6 <= other_longitude <= box.east + 1e-6
        else:
            assert other_longitude >= box.west - 1e-6 or other_longitude <= box.east + 1e-6


def test_a_box_across_the_date_line_says_so() -> None:
    box = bounding_box(*TAVEUNI, 20)

    assert box.west > box.east
    assert (round(box.west, 1), round(box.east, 1)) == (179.8, -179.8)


def test_a_box_is_not_much_larger_than_it_needs_to_be() -> None:
    box = bounding_box(*LOOP, 10)

    assert kilometres(LOOP[0], LOOP[1], box.north, LOOP[1]) == pytest.approx(10, rel=1e-6)
    assert kilometres(LOOP[0], LOOP[1], LOOP[0], box.east) == pytest.approx(10, rel=1e-3)


@given(LATITUDES, LONGITUDES)
def test_a_home_is_kept_to_about_a_hundred_metres(latitude: float, longitude: float) -> None:
    rounded = rounded_home(latitude, longitude)

    assert kilometres(latitude, longitude, *rounded) < 0.08
    assert rounded_home(*rounded) == rounded
    assert -90 <= rounded[0] <= 90
    assert -180 <= rounded[1] <= 180
