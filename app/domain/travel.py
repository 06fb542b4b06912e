"""About how long a way takes: great-circle kilometres times a factor for each way of travelling.

No map is asked, so every answer is said as "about". Factors are minutes for one kilometre as the crow flies; streets
make a way about 1.3 times as long, and the rest is an ordinary speed: on foot 4.9 km/h, on a bike 15.6 km/h, by bus
or train 19.5 km/h with the waiting, by car in a town 39 km/h.
"""

import math
from enum import StrEnum
from typing import NamedTuple


class TravelMode(StrEnum):
    """How somebody gets to a place."""

    WALK = "walk"
    BIKE = "bike"
    TRANSIT = "transit"
    CAR = "car"


MINUTES_A_KILOMETRE = {
    TravelMode.WALK: 16.0,
    TravelMode.BIKE: 5.0,
    TravelMode.TRANSIT: 4.0,
    TravelMode.CAR: 2.0,
}

# The mean radius of the earth (IUGG).
_RADIUS_KM = 6371.0088
_KM_A_DEGREE = _RADIUS_KM * math.pi / 180
_HALF_TURN, _POLE = 180.0, 90.0
_ROUNDS_TO = 5
_HOME_DECIMALS = 3


class Box(NamedTuple):
    """A rectangle of degrees; where `west` is greater than `east` it crosses the 180th meridian."""

    south: float
    west: float
    north: float
    east: float


def kilometres(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Return the great-circle distance of two places (haversine)."""
    here, there = math.radians(latitude), math.radians(other_latitude)
    turn = math.radians(other_longitude - longitude)
    half = math.sin((there - here) / 2) ** 2 + math.cos(here) * math.cos(there) * math.sin(turn / 2) ** 2
    return 2 * _RADIUS_KM * math.asin(math.sqrt(min(1.0, half)))


def about_minutes(km: float, mode: TravelMode) -> int:
    """Return about how long a way takes, in fives and rounded up, so that what is said is never too short."""
    return max(_ROUNDS_TO, math.ceil(km * MINUTES_A_KILOMETRE[mode] / _ROUNDS_TO) * _ROUNDS_TO)


def kilometres_within(minutes: float, mode: TravelMode) -> float:
    """Return how far somebody gets in so many minutes, as the crow flies."""
    return minutes / MINUTES_A_KILOMETRE[mode]


def bounding_box(latitude: float, longitude: float, km: float) -> Box:
    """Return the smallest rectangle that holds every place within `km`: what an index can look up.

    Within reach of a pole it is the whole ring of longitudes.
    """
    north = latitude + km / _KM_A_DEGREE
    south = latitude - km / _KM_A_DEGREE
    if north >= _POLE or south <= -_POLE:
        return Box(max(south, -_POLE), -_HALF_TURN, min(north, _POLE), _HALF_TURN)
    # The widest longitude is not reached on the centre's own parallel: asin(sin(d) / cos(latitude)).
    ratio = math.sin(min(km / _RADIUS_KM, math.pi / 2)) / math.cos(math.radians(latitude))
    width = math.degrees(math.asin(min(1.0, ratio)))
    if width >= _HALF_TURN or km >= _RADIUS_KM * math.pi / 2:
        return Box(south, -_HALF_TURN, north, _HALF_TURN)
    return Box(south, _around(longitude - width), north, _around(longitude + width))


def rounded_home(latitude: float, longitude: float) -> tuple[float, float]:
    """Return a home to about a hundred metres: enough to say how far things are, too little to name a door."""
    return round(latitude, _HOME_DECIMALS) + 0.0, round(longitude, _HOME_DECIMALS) + 0.0


def _around(longitude: float) -> float:
    return (
        (longitude + _HALF_TURN) % (2 * _HALF_TURN) - _HALF_TURN if abs(longitude) > _HALF_TURN else longitude
    )
