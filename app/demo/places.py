"""Where the demo community lives: a made-up town, with the coordinates of a lake's real southern shore."""

from random import Random
from typing import NamedTuple

TENANT_SLUG = "lakeshore"
TENANT_NAME = "Lakeshore School District"
CITY = "Lakeshore"
REGION = "PA"
ZONE = "America/New_York"

# A point of the shore, the direction along it, and the direction inland: nobody is put into the water.
_SHORE = (42.122, -80.085)
_ALONG = (0.060, 0.140)
_INLAND = (-0.090, 0.045)


class SchoolPlace(NamedTuple):
    """A school of the district and its share of the students and the staff."""

    name: str
    code: str
    students: int
    advisors: int
    coordinators: int
    latitude: float
    longitude: float


SCHOOLS = (
    SchoolPlace("Gull Point High School", "gull-point", 340, 23, 2, 42.1071, -80.0712),
    SchoolPlace("Foundry Street High School", "foundry-street", 280, 19, 1, 42.0899, -80.1105),
    SchoolPlace("Kestrel Hill Career Academy", "kestrel-hill", 180, 12, 1, 42.0718, -80.0266),
)

_STREETS = (
    "Alewife Street",
    "Barnacle Lane",
    "Capstan Avenue",
    "Cinder Row",
    "Copperkettle Road",
    "Driftwood Terrace",
    "Fennel Street",
    "Foundry Street",
    "Gannet Row",
    "Halyard Avenue",
    "Icehouse Lane",
    "Juneberry Court",
    "Kestrel Hill Road",
    "Lanternfish Way",
    "Marlpit Road",
    "Netmender Street",
    "Old Signal Road",
    "Plover Avenue",
    "Quarryman Street",
    "Sandreed Boulevard",
    "Tamarack Loop",
    "Windrow Lane",
)

# First words of employers' names: coined, so that no firm of that name is meant.
FIRST_WORDS = (
    "Alderquay",
    "Amberwick",
    "Barleymoor",
    "Beaconrow",
    "Blueheronside",
    "Brackenfold",
    "Brightwater Lane",
    "Candlewick Row",
    "Cedarquill",
    "Cloverstile",
    "Copperkettle",
    "Dovecot Road",
    "Driftholm",
    "Elderbrook Row",
    "Fernhollow",
    "Flintmere",
    "Gannet Row",
    "Goldenreed",
    "Gullfeather",
    "Halyard Avenue",
    "Hearthstile",
    "Heronsgate Quay",
    "Icehouse Lane",
    "Ivorywell",
    "Juneberry Court",
    "Keelhouse",
    "Kestrelwood",
    "Lanternfish",
    "Larkmere",
    "Longspar",
    "Maplequay",
    "Marlpit Road",
    "Mossgate",
    "Netmender",
    "Northspindle",
    "Oatfield Row",
    "Old Signal",
    "Oxbow Stile",
    "Pebblewright",
    "Ploverdale",
    "Quarryman",
    "Quillback",
    "Reedwhistle",
    "Rowanquay",
    "Sablewood Row",
    "Sandreed",
    "Skiffworth",
    "Sparrowgate",
    "Starboard Lane",
    "Tamarack Loop",
    "Thistlequay",
    "Tillerman Row",
    "Umberfield",
    "Wavecrest Row",
    "Whistlepost",
    "Willowstile",
    "Windrow Lane",
    "Yewbarrow",
)


def pick_coordinates(random: Random) -> tuple[float, float]:
    """Return a latitude and longitude in degrees, on land, within some 15 km of the schools."""
    along, inland = random.uniform(-1, 1), random.uniform(0.02, 1)
    return (
        round(_SHORE[0] + along * _ALONG[0] + inland * _INLAND[0], 5),
        round(_SHORE[1] + along * _ALONG[1] + inland * _INLAND[1], 5),
    )


def pick_street(random: Random) -> str:
    """Return a house number and a street that do not exist."""
    return f"{random.randrange(2, 980)} {random.choice(_STREETS)}"


def pick_postal_code(random: Random) -> str:
    """Return a code of the region that no post office uses."""
    return f"165{random.randrange(70, 90)}"
