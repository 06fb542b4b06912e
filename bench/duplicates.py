"""How well duplicates are found: generated employers and contacts of which it is known who is who.

The generator knows nothing of how names are compared: its abbreviations, slips and missing fields are of its own making,
many of which the comparison has no table for. Weights were set by looking at the errors in the first mixture of noise and,
after its totals had been seen already, at those in the second; both flatter the comparison. The third one, with other towns
and with kinds of noise that neither of the two has, was written down before anything was measured on it, and nothing was
changed afterwards for its sake.
"""

import random
import string
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, combinations
from typing import NamedTuple
from uuid import UUID

from app.domain.duplicates import (
    ContactRecord,
    EmployerRecord,
    Pair,
    Place,
    find_contacts,
    find_employers,
)

EMPLOYERS, CONTACTS = 100_000, 20_000
SHARE = 0.15


class Known(NamedTuple):
    """Generated records, and which of them are one."""

    employers: list[EmployerRecord]
    contacts: list[ContactRecord]
    of: dict[UUID, int]


class Figures(NamedTuple):
    """What was measured."""

    records: int
    duplicates: int
    found: int
    precision: float
    recall: float
    seconds: float
    processor: float


_SURNAMES = """Garcia Smith Johnson Martinez Lopez Williams Brown Hernandez Gonzalez Miller Davis Rodriguez Wilson Nguyen Perez
Anderson Thomas Jackson Sanchez White Lee Ramirez Harris Clark Torres Lewis Robinson Walker Rivera Flores Young Allen King
Wright Scott Green Adams Nelson Baker Hall Gomez Diaz Cruz Reyes Morales Ortiz Gutierrez Chavez Ramos Ruiz Alvarez Mendoza
Vasquez Castillo Jimenez Moreno Romero Herrera Medina Aguilar Vargas Castro Guzman Mendez Munoz Salazar Soto Delgado Pena
Rios Alvarado Sandoval Contreras Campbell Mitchell Roberts Carter Phillips Evans Turner Parker Collins Edwards Stewart Morris
Murphy Cook Rogers Morgan Cooper Peterson Reed Bailey Bell Kelly Howard Ward Cox Richardson Wood Watson Brooks Bennett Gray
James Hughes Price Myers Long Foster Sanders Ross Powell Sullivan Russell Jenkins Perry Butler Barnes Fisher Henderson Coleman
Patel Kim Tran Chen Singh Kowalski Novak Schmidt Schneider Weber Olson Larsen Jensen O'Brien O'Connor McDonald McCarthy Rossi
Ricci Haddad Khan Ali Ahmed Okafor Mensah Tesfaye Yamamoto Tanaka Santos Silva Pereira Petrov Ivanova Dubois Lefebvre""".split()  # noqa: SIM905 - a list of names reads as one
_GIVEN = """Maria Jose Juan Luis Carlos Ana Rosa Carmen Elena Sofia Miguel Jorge Pedro Francisco Guadalupe Teresa Patricia
James John Robert Michael William David Richard Joseph Thomas Charles Christopher Daniel Matthew Anthony Mark Steven Andrew
Kenneth Edward Ronald Timothy Jeffrey Gary Nicholas Eric Jonathan Stephen Larry Scott Benjamin Samuel Gregory Frank Alexander
Mary Jennifer Linda Elizabeth Barbara Susan Jessica Sarah Karen Lisa Nancy Margaret Sandra Ashley Kimberly Emily Donna
Michelle Carol Amanda Melissa Deborah Stephanie Rebecca Laura Cynthia Kathleen Amy Angela Shirley Brenda Pamela Nicole Ruth
Katherine Christine Samantha Debra Rachel Carolyn Janet Catherine Heather Diane Olivia Julie Joyce Victoria Kelly Lauren
Wei Mei Hiroshi Yuki Amir Fatima Omar Layla Priya Raj Anh Linh Kwame Ama Ivan Olga Pierre Claire""".split()  # noqa: SIM905 - a list of names reads as one
_NICKNAMES = {
    "William": ("Bill", "Will", "Billy"), "Robert": ("Bob", "Rob"), "Richard": ("Rick", "Dick"), "James": ("Jim", "Jimmy"),
    "Michael": ("Mike",), "Thomas": ("Tom",), "Jose": ("Pepe",), "Francisco": ("Paco", "Pancho"), "Elizabeth": ("Liz", "Betty"),
    "Margaret": ("Peggy", "Maggie"), "Katherine": ("Kate", "Kathy"), "Jennifer": ("Jen", "Jenny"), "Joseph": ("Joe",),
    "Guadalupe": ("Lupe", "Lupita"), "Christopher": ("Chris",), "Daniel": ("Dan", "Danny"), "Edward": ("Ed", "Ted"),
    "Deborah": ("Debbie",), "Patricia": ("Pat", "Patty"), "Samuel": ("Sam",), "Rebecca": ("Becky",), "Steven": ("Steve",),
    "Carlos": ("Charly", "Carlitos"), "Teresa": ("Tere",), "Alexander": ("Alex", "Xander"), "Victoria": ("Vicky", "Tory"),
    "Angela": ("Angie",), "Juan": ("Juanito",), "Samantha": ("Sammy",), "Nicole": ("Nikki",), "Miguel": ("Migue",),
}  # fmt: skip
_KINDS = """Auto Repair|Bakery|Dental Clinic|Family Dentistry|Landscaping|Roofing|Plumbing|Veterinary Clinic|Animal Hospital
Law Office|Accounting Services|Insurance Agency|Construction|Electric|Heating and Cooling|Restaurant|Cafe|Grill|Pizza|Market
Pharmacy|Hardware|Florist|Photography|Print Shop|Hair Salon|Barber Shop|Fitness Center|Physical Therapy|Chiropractic
Machine Works|Welding|Cabinet Makers|Tax Service|Realty|Property Management|Cleaning Services|Towing|Tire Center|Body Shop
Nursery|Farm|Orchards|Brewing|Coffee Roasters|Music School|Dance Academy|Learning Center|Day Care|Engineering|Architects
Consulting|Software|Design Studio|Logistics|Moving and Storage|Medical Group|Pediatrics|Optical|Upholstery|Glass|Masonry
Taqueria|Panaderia|Carniceria|Lavanderia|Taller Mecanico|Muebleria|Eye Care|Pet Grooming|Bike Shop|Boat Repair|Locksmith"""
_FIRST = """Blue Golden Silver Green Red Bright Quiet Northern Sunny Royal Grand Little Happy Clear Stone Iron Copper Maple Cedar
Willow River Lake Summit Harbor Prairie Canyon Eagle Falcon Lion Bear Phoenix Liberty Heritage Pioneer Pacific Atlantic
Evergreen Crystal Diamond Star Moon Sunrise Sunset Twin Lucky Noble Rapid Precision Premier Elite Allied United""".split()  # noqa: SIM905 - a list of names reads as one
_SECOND = """Oak Pine Leaf Creek Ridge Valley Meadow Rock Bridge Gate Tower Crown Arrow Horse Fox Owl Wolf Rose Lily Daisy Apple
Spoon Plate Lantern Anchor Compass Wheel Gear Hammer Thread Needle Brush Paper Feather Cloud Rain Wind Fire Spark Wave Shell
Path Door Window Garden House Kitchen Table Corner Block Square Point Peak Field Grove Hollow Spring""".split()  # noqa: SIM905 - a list of names reads as one
_SAINTS = ["Mary", "Joseph", "Luke", "Anthony", "Francis", "Elizabeth", "John", "Vincent", "Anne", "Michael"]
_STREETS = """Main Oak Maple Washington Lincoln Jefferson Park Lake Hill Church Elm Cedar Pine Walnut Chestnut Spring Mill River
Center Union Franklin Jackson Madison Adams Monroe Harrison Grant Sherman Ashland Western Pulaski Cicero Halsted Damen Kedzie
Fullerton Belmont Addison Irving Lawrence Foster Devon Juniper Sycamore Magnolia Dogwood Laurel Hawthorn Birch Willow Poplar
Cesar_Chavez Martin_Luther_King Old_Mill Country_Club Rose_Hill Mission Alameda Del_Mar Las_Palmas Camino_Real""".split()  # noqa: SIM905 - a list of names reads as one
_STREETS = [street.replace("_", " ") for street in _STREETS]
_TYPES = ["Street", "Avenue", "Road", "Drive", "Boulevard", "Lane", "Court", "Place", "Parkway", "Way"]
_TYPES_SHORT = {"Street": "St", "Avenue": "Ave", "Road": "Rd", "Drive": "Dr", "Boulevard": "Blvd", "Lane": "Ln", "Court": "Ct",
                "Place": "Pl", "Parkway": "Pkwy", "Way": "Wy"}  # fmt: skip
_SYLLABLES = "bar den ton wick ham ford ley mont clair ridge vale brook dale port mar lin wes kin sher ban cor dun el fair glen hart".split()  # noqa: SIM905 - a list of syllables reads as one
_USUAL = {
    "Center": "Ctr", "Street": "St", "Saint": "St.", "Hospital": "Hosp", "Services": "Svcs", "Service": "Svc", "Family": "Fam",
    "University": "Univ", "Associates": "Assoc", "Restaurant": "Rest.", "Construction": "Const", "Management": "Mgmt",
    "Engineering": "Engr", "Insurance": "Ins", "Veterinary": "Vet", "Medical": "Med", "Brothers": "Bros", "Market": "Mkt",
    "Landscaping": "Landscp", "Photography": "Photo", "Plumbing": "Plbg", "Heating": "Htg", "Chiropractic": "Chiro",
    "Pediatrics": "Peds", "Property": "Prop", "Accounting": "Acctg", "Cleaning": "Clng", "Library": "Lib", "School": "Sch",
    "Northern": "Nthn", "Mountain": "Mtn", "Public": "Pub", "Physical": "Phys", "Therapy": "Ther", "Academy": "Acad",
}  # fmt: skip
_FORMS = ["Inc", "Inc.", "LLC", "L.L.C.", "Corp.", "Co.", "Ltd", "PLLC", "Incorporated", "Company"]
_KEYBOARD = ["qwertyuiop", "asdfghjkl", "zxcvbnm"]
_SOUNDS = [("ph", "f"), ("ck", "k"), ("ie", "ei"), ("z", "s"), ("s", "z"), ("c", "k"), ("y", "i"), ("v", "b"), ("ll", "l"),
           ("ei", "ie"), ("ou", "ow"), ("gh", "g"), ("th", "t"), ("ee", "ea"), ("qu", "k")]  # fmt: skip
_SCANNED = [("rn", "m"), ("m", "rn"), ("l", "1"), ("o", "0"), ("cl", "d"), ("i", "l"), ("e", "c"), ("u", "v")]


# How workplaces are named, and how often.
_BUSINESSES = {
    "{surname} {kind}": 30, "{surname} & Sons {kind}": 3, "{surname} Brothers {kind}": 3, "{surname} Family {kind}": 4,
    "{given} {surname} {kind}": 8, "{surname} and {partner} {kind}": 6, "{first} {second} {kind}": 26, "{town} {kind}": 10,
    "Saint {saint} Hospital": 1, "Saint {saint} School": 2, "Saint {saint} Medical Center": 1, "University of {town}": 2,
    "{town} Public Library": 2, "{street} Street {kind}": 2,
}  # fmt: skip
_PERSON_FAULTS = {
    "nickname": 25, "swapped": 10, "initial": 7, "family": 20, "given": 13, "one family name": 13, "none": 12,
}  # fmt: skip
# Where a new address of a person comes from: made up, the old one with a slip, the same elsewhere.
_ADDRESSES = {"other": 0.4, "slip": 0.3, "elsewhere": 0.3}
# A word of fewer letters would not be known any more after a slip.
_FEW = 4
# Of the hold-out only: what people are called besides, and workplaces in Spanish.
_OTHER_NICKNAMES = {
    "Maria": ("Mary", "Mia", "Marita"), "Jose": ("Joseph", "Joselito"), "Guadalupe": ("Lupe", "Lupis"), "Ana": ("Anita", "Anna"),
    "Rosa": ("Rosita", "Rose"), "Carmen": ("Carmelita",), "Elena": ("Helen", "Nena"), "Pedro": ("Pete", "Perico"),
    "Jorge": ("George", "Coque"), "Miguel": ("Mike", "Michael"), "James": ("Jamie", "Jas"), "John": ("Johnny", "Jack"),
    "William": ("Liam", "Wm"), "David": ("Dave", "Davey"), "Charles": ("Chuck", "Charlie"), "Matthew": ("Matt", "Matty"),
    "Anthony": ("Tony", "Ant"), "Andrew": ("Drew", "Andy"), "Kenneth": ("Ken",), "Ronald": ("Ron", "Ronnie"),
    "Jeffrey": ("Jeff",), "Nicholas": ("Nick", "Nico"), "Jonathan": ("Jon", "Johnny"), "Gregory": ("Greg",),
    "Benjamin": ("Ben", "Benji"), "Mary": ("Molly", "Mae"), "Linda": ("Lindy",), "Barbara": ("Babs", "Barb"),
    "Susan": ("Sue", "Suzie"), "Jessica": ("Jess",), "Sarah": ("Sally", "Sadie"), "Nancy": ("Nan",), "Margaret": ("Greta", "Meg"),
    "Sandra": ("Sandy",), "Kimberly": ("Kim",), "Emily": ("Em", "Emmy"), "Amanda": ("Mandy",), "Stephanie": ("Steph", "Steffi"),
    "Cynthia": ("Cindy",), "Kathleen": ("Kathy", "Kay"), "Pamela": ("Pam",), "Christine": ("Chris", "Tina"),
    "Elizabeth": ("Bess", "Lisa"), "Catherine": ("Cathy", "Cat"), "Victoria": ("Vicky",), "Rachel": ("Rach",),
}  # fmt: skip
_IN_SPANISH = {
    "Bakery": "Panaderia", "Restaurant": "Restaurante", "Pharmacy": "Farmacia", "Market": "Mercado", "Clinic": "Clinica",
    "Dental": "Dentista", "Law Office": "Abogados", "Florist": "Floreria", "Family": "Familiar", "Hair Salon": "Peluqueria",
    "School": "Escuela", "Insurance": "Seguros", "Construction": "Construccion", "Landscaping": "Jardineria",
}  # fmt: skip


@dataclass(frozen=True)
class Mixture:
    """What goes wrong, and how often; `slips`, `short`, `more` and `habits` name the kinds of it."""

    name: str
    seed: int
    faults: tuple[float, ...]  # of names: the chance of no fault, one, two, three
    slips: tuple[str, ...]
    short: tuple[str, ...]
    missing: float
    moved: float
    other_phone: float
    more: tuple[str, ...] = ()
    habits: frozenset[str] = frozenset()
    person_faults: Mapping[str, float] = field(default_factory=lambda: _PERSON_FAULTS)
    nicknames: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: _NICKNAMES)
    addresses: Mapping[str, float] = field(default_factory=lambda: _ADDRESSES)


TUNED = Mixture(
    "tuned: its errors were seen while weights were set", 20_261_122, (0.15, 0.40, 0.30, 0.15),
    ("drop", "double", "swap", "neighbour", "sound"), ("usual", "vowels", "cut"), 0.18, 0.12, 0.10,
)  # fmt: skip
SECOND = Mixture(
    "second mix: its totals, and the errors in its contacts, were seen while weights were set", 7_919, (0.12, 0.43, 0.30, 0.15),
    ("drop", "insert", "swap", "scan", "sound", "neighbour"), ("usual", "cut", "dotted", "initials"), 0.22, 0.10, 0.14,
)  # fmt: skip
HELD_OUT = Mixture(
    "hold-out: written before it was measured, nothing changed after", 314_159, (0.12, 0.38, 0.33, 0.17),
    ("drop", "insert", "double", "swap", "sound", "space"), ("usual", "vowels", "initials"), 0.20, 0.14, 0.12,
    more=("all vowels", "in Spanish", "twice"),
    habits=frozenset({"house number", "telephone digit", "postal digit"}),
    person_faults={
        "nickname": 24, "swapped": 7, "initial": 8, "family": 18, "given": 13, "one family name": 9, "middle": 8, "title": 4,
        "married": 3, "none": 6,
    },
    nicknames=_NICKNAMES | _OTHER_NICKNAMES,
    addresses={"other": 0.33, "slip": 0.25, "elsewhere": 0.25, "nickname": 0.17},
)  # fmt: skip


class Town(NamedTuple):
    """A town: its name, its ZIP codes, its area code."""

    name: str
    postal_codes: tuple[str, ...]
    area: str


class Maker:
    """Makes records, and makes them again as somebody else would have written them."""

    def __init__(self, mixture: Mixture) -> None:
        self.mix = mixture
        self.random = random.Random(mixture.seed)  # noqa: S311 - the same records every time are the point
        self.surnames = [*_SURNAMES, *(self.coined() for _ in range(2_500))]
        # As in a telephone book: the most common one has about one bearer in a hundred.
        self.common = list(accumulate(1 / (rank + 8) for rank in range(len(self.surnames))))
        self.towns = self._towns(320)
        self.brands = self._brands(260)
        self.of: dict[UUID, int] = {}

    def by_chance(self, share: float) -> bool:
        """Say yes in so many cases of one."""
        return self.random.random() < share

    def coined(self) -> str:
        """Make up a name."""
        return "".join(self.random.sample(_SYLLABLES, self.random.choice((2, 2, 3)))).title()

    def _towns(self, number: int) -> list[Town]:
        names: dict[str, None] = {}
        while len(names) < number:
            front = self.random.choice(("", "", "", "", "Saint ", "Mount ", "North ", "Fort ", "New "))
            names[front + self.coined()] = None
        towns = []
        for place, name in enumerate(names):
            codes = tuple(f"{10_000 + place * 250 + step:05d}" for step in range(self.random.randint(1, 9)))
            towns.append(Town(name, codes, str(self.random.randint(201, 699))))
        return towns

    def _brands(self, number: int) -> list[tuple[str, str, str | None]]:
        brands = []
        for _ in range(number):
            one, other = self.random.choice(_FIRST), self.random.choice(_SECOND)
            name = self.random.choice(
                (f"{self.coined()}'s", f"{one} {other}", f"{self.coined()} {self.kind()}")
            )
            free = f"800-555-{self.random.randint(0, 9999):04d}" if self.by_chance(0.3) else None
            brands.append(
                (name, f"https://www.{name.lower().replace(' ', '').replace(chr(39), '')}.example", free)
            )
        return brands

    def id(self, who: int) -> UUID:
        """Make an id, and note whose it is."""
        made = UUID(int=self.random.getrandbits(128))
        self.of[made] = who
        return made

    def surname(self) -> str:
        """Choose a family name; some are much more common than others."""
        return self.random.choices(self.surnames, cum_weights=self.common)[0]

    def kind(self) -> str:
        """Choose what a workplace is."""
        return self.random.choice(_KINDS.replace("\n", "|").split("|"))

    def business(self, town: Town) -> str:
        """Name a workplace."""
        pattern = self.random.choices(list(_BUSINESSES), list(_BUSINESSES.values()))[0]
        return pattern.format(
            surname=self.surname(),
            partner=self.surname(),
            given=self.random.choice(_GIVEN),
            kind=self.kind(),
            first=self.random.choice(_FIRST),
            second=self.random.choice(_SECOND),
            town=town.name,
            saint=self.random.choice(_SAINTS),
            street=self.random.choice(_STREETS),
        )

    def place(self, town: Town) -> Place:
        """Choose an address in a town."""
        way = self.random.choice(("", "", "", "North ", "South ", "East ", "West "))
        named = self.by_chance(0.8)
        street = self.random.choice(_STREETS) if named else f"{self.random.randint(1, 99)}th"
        return Place(
            f"{self.random.randint(1, 9999)} {way}{street} {self.random.choice(_TYPES)}",
            town.name,
            self.random.choice(town.postal_codes),
        )

    def phone(self, area: str) -> str:
        """Make a number up."""
        return f"({area}) {self.random.randint(200, 999)}-{self.random.randint(0, 9999):04d}"

    def employers(self, total: int) -> list[EmployerRecord]:
        """Make workplaces, with branches of chains among them, and write some of them down again."""
        entities = round(total * (1 - SHARE))
        records: list[EmployerRecord] = []
        taken: set[tuple[str, str]] = set()
        who = 0
        chains = [
            (brand, town)
            for brand in self.brands
            for town in self.random.sample(self.towns, self.random.randint(4, 60))
        ]
        self.random.shuffle(chains)
        branches = chains[: round(entities * 0.08)]
        while len(records) < entities:
            if branches:
                (name, site, free), town = branches.pop()
                phone, website = free or self.phone(town.area), site
            else:
                town = self.random.choice(self.towns)
                name, phone = self.business(town), self.phone(town.area)
                domain = name.lower().replace(" ", "").replace("&", "").replace("'", "")[:20]
                website = (
                    f"https://{domain}{self.random.randint(1, 99)}.example" if self.by_chance(0.5) else ""
                )
            if (name.lower(), town.name) in taken:
                continue
            taken.add((name.lower(), town.name))
            place = self.place(town)
            if self.by_chance(self.mix.missing / 2):
                place = place._replace(**{self.random.choice(("street", "postal_code")): None})
            gone = self.by_chance(self.mix.missing)
            records.append(
                EmployerRecord(self.id(who), name, (place,), None if gone else phone, website or None)
            )
            who += 1
        originals = self.random.choices(records, k=total - entities)
        records += [self.employer_again(record) for record in originals]
        self.random.shuffle(records)
        return records

    def employer_again(self, record: EmployerRecord) -> EmployerRecord:
        """Write a workplace down as somebody else would."""
        town = next(town for town in self.towns if town.name == record.places[0].city)
        phone, website, place = record.phone, record.website, self.place_again(record.places[0])
        if self.by_chance(self.mix.moved):
            elsewhere = self.by_chance(0.2) and phone is not None
            place = self.place(self.random.choice(self.towns) if elsewhere else town)
        elif self.by_chance(self.mix.other_phone):
            phone = self.phone(town.area)
        elif self.by_chance(self.mix.missing):
            phone = None
        if phone is not None and "telephone digit" in self.mix.habits and self.by_chance(0.05):
            phone = self.digits_swapped(phone)
        if phone is not None and self.by_chance(0.6):
            digits = "".join(char for char in phone if char.isdigit())
            phone = self.random.choice(
                (
                    digits,
                    f"+1 {digits[:3]} {digits[3:6]} {digits[6:]}",
                    f"{digits[:3]}.{digits[3:6]}.{digits[6:]}",
                    f"1-{digits[:3]}-{digits[3:6]}-{digits[6:]} x12",
                )
            )
        if website is not None and self.by_chance(0.5):
            website = None
        return EmployerRecord(
            self.id(self.of[record.id]), self.name_again(record.name, town), (place,), phone, website
        )

    def place_again(self, place: Place) -> Place:
        """Write an address down as somebody else would."""
        street, city, postal = place.street, place.city, place.postal_code
        if postal is not None and "postal digit" in self.mix.habits and self.by_chance(0.06):
            postal = self.digits_swapped(postal)
        if self.by_chance(self.mix.missing):
            postal = None
        if self.by_chance(self.mix.missing / 2):
            city = None
        elif city is not None and self.by_chance(0.08):
            city = self.slip(city)
        missing = street is None or self.by_chance(self.mix.missing)
        return Place(None if missing else self.street_again(street or ""), city, postal)

    def street_again(self, street: str) -> str:
        """Write a street down as somebody else would."""
        if self.by_chance(0.5):
            for long, short in _TYPES_SHORT.items():
                street = street.replace(f" {long}", f" {short}" + self.random.choice(("", ".")))
        if self.by_chance(0.2):
            for long in ("North", "South", "East", "West"):
                street = street.replace(f"{long} ", f"{long[0]} ")
        if self.by_chance(0.15):
            number, letter = self.random.randint(1, 400), self.random.choice(string.ascii_uppercase)
            street += self.random.choice((f", Suite {number}", f" #{number}", f" Unit {letter}"))
        if "house number" in self.mix.habits and self.by_chance(0.08):
            house, _, rest = street.partition(" ")
            street = f"{self.digits_swapped(house)} {rest}"
        return self.slip(street) if self.by_chance(0.12) else street

    def digits_swapped(self, text: str) -> str:
        """Exchange two digits that stand beside each other."""
        pairs = [at for at in range(len(text) - 1) if text[at : at + 2].isdigit()]
        if not pairs:
            return text
        at = self.random.choice(pairs)
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]

    def name_again(self, name: str, town: Town) -> str:
        """Write a name down as somebody else would."""
        for _ in range(self.random.choices(range(4), self.mix.faults)[0]):
            faults = (*_FAULTS, *(_MORE_FAULTS[kind] for kind in self.mix.more))
            name = self.random.choice(faults)(self, name, town) or name
        return self.random.choice((name, name, name, name.upper(), name.lower()))

    def slip(self, text: str) -> str:
        """Make one slip of the pen in a text."""
        letters = [place for place, char in enumerate(text) if char.isalpha()]
        if len(letters) < _FEW:
            return text
        at, kind = self.random.choice(letters[1:]), self.random.choice(self.mix.slips)
        before, here, after = text[:at], text[at], text[at + 1 :]
        if kind in {"sound", "scan"}:
            return self.heard(text, _SOUNDS if kind == "sound" else _SCANNED)
        row = next((row for row in _KEYBOARD if here.lower() in row), _KEYBOARD[0])
        near = row.find(here.lower()) + self.random.choice((-1, 1))
        return {
            "drop": before + after,
            "double": before + here + here + after,
            "insert": before + self.random.choice(string.ascii_lowercase) + here + after,
            "swap": before[:-1] + here + before[-1:] + after,
            "space": f"{before} {here}{after}",
            "neighbour": before + row[max(0, min(near, len(row) - 1))] + after,
        }[kind]

    def heard(self, text: str, table: Sequence[tuple[str, str]]) -> str:
        """Write something as it was heard, or as a scanner read it."""
        fitting = [(said, heard) for said, heard in table if said in text[1:].lower()]
        if not fitting:
            return text
        said, heard = self.random.choice(fitting)
        start = text.lower().index(said, 1)
        return text[:start] + heard + text[start + len(said) :]

    def contacts(self, total: int, employers: int) -> list[ContactRecord]:
        """Make people, families and namesakes among them, and write some of them down again."""
        places = [UUID(int=self.random.getrandbits(128)) for _ in range(employers)]
        persons = round(total * (1 - SHARE))
        records: list[ContactRecord] = []
        who = 10**9
        while len(records) < persons:
            family, phone = self.surname(), self.phone(str(self.random.randint(201, 699)))
            if self.by_chance(0.15):
                family = f"{family} {self.surname()}"
            # Families share a name and often a telephone, and now and then a workplace.
            shared = self.random.choice(places)
            for given in self.random.sample(_GIVEN, self.random.choices((1, 2, 3), (0.85, 0.11, 0.04))[0]):
                place = shared if self.by_chance(0.2) else self.random.choice(places)
                own = phone if self.by_chance(0.5) else self.phone(str(self.random.randint(201, 699)))
                records.append(
                    ContactRecord(
                        self.id(who), given, family, self.address(given, family, place), own if self.by_chance(0.6) else None,
                        place if self.by_chance(0.9) else None,
                    )
                )  # fmt: skip
                who += 1
        originals = self.random.choices(records, k=total - len(records))
        records += [self.contact_again(record, places) for record in originals]
        self.random.shuffle(records)
        return records

    def address(self, given: str, family: str, place: UUID) -> str:
        """Make an e-mail address up."""
        host = (
            f"work{place.int % 99_991}.example"
            if self.by_chance(0.6)
            else self.random.choice(("gmail.com", "yahoo.com", "hotmail.com"))
        )
        last = family.split(maxsplit=1)[0].lower().replace("'", "")
        local = self.random.choice(
            (
                f"{given}.{last}",
                f"{given[0]}{last}",
                f"{given}{self.random.randint(1, 99)}",
                f"{given}_{last}",
                f"{last}{given[0]}",
            )
        )
        if host in {"gmail.com", "yahoo.com", "hotmail.com"}:
            local += str(self.random.randint(1, 999))
        return f"{local.lower()}@{host}"

    def contact_again(self, record: ContactRecord, places: Sequence[UUID]) -> ContactRecord:
        """Write a person down as somebody else would; the address is another one, or it would be one contact."""
        given, family = self.person_again(record.given_name or "", record.family_name or "")
        phone, place = record.phone, record.employer_id
        if self.by_chance(self.mix.other_phone):
            phone = self.phone("312")
        elif self.by_chance(self.mix.missing):
            phone = None
        if self.by_chance(self.mix.moved / 2):
            place = self.random.choice(places)
        elif self.by_chance(self.mix.missing / 2):
            place = None
        return replace(
            record,
            id=self.id(self.of[record.id]),
            given_name=given,
            family_name=family,
            email=self.address_again(record, places),
            phone=phone,
            employer_id=place,
        )

    def person_again(self, given: str, family: str) -> tuple[str, str]:
        """Write a name down as somebody else would."""
        chances = self.mix.person_faults
        fault = self.random.choices(list(chances), list(chances.values()))[0]
        if fault in {"middle", "title", "married"}:
            return self.person_besides(fault, given, family)
        if fault == "nickname" and given not in self.mix.nicknames:
            fault = "family"
        if fault == "one family name" and " " not in family:
            fault = "none"
        return {
            "nickname": (self.random.choice(self.mix.nicknames.get(given, (given,))), family),
            "swapped": (family, given),
            "initial": (given[:1], family),
            "family": (given, self.slip(family)),
            "given": (self.slip(given), family),
            "one family name": (given, family.split(maxsplit=1)[0]),
            "none": (given, family),
        }[fault]

    def person_besides(self, fault: str, given: str, family: str) -> tuple[str, str]:
        """Write a name down with something besides: another given name, a title, the name of a husband or a wife."""
        if fault == "middle":
            more = self.random.choice((*_GIVEN, *(f"{letter}." for letter in string.ascii_uppercase)))
            return f"{given} {more}", family
        if fault == "title":
            return f"{self.random.choice(('Dr.', 'Mrs.', 'Sr.', 'Ing.', 'Lic.'))} {given}", family
        return given, self.random.choice((self.surname(), f"{family}-{self.surname()}"))

    def address_again(self, record: ContactRecord, places: Sequence[UUID]) -> str:
        """Make up another address of a person: the private one, one with a slip in it, or one elsewhere."""
        local, _, host = (record.email or "").partition("@")
        way = self.random.choices(list(self.mix.addresses), list(self.mix.addresses.values()))[0]
        if way == "nickname":
            called = self.random.choice(self.mix.nicknames.get(record.given_name or "", (record.given_name,)))
            return self.address(called or "", record.family_name or "", record.employer_id or places[0])
        if way == "other":
            place = record.employer_id or places[0]
            return self.address(record.given_name or "", record.family_name or "", place)
        if way == "slip":
            return f"{self.slip(local)}@{host}"
        return f"{local}@{self.random.choice(('gmail.com', 'outlook.com', 'aol.com'))}"


Fault = Callable[[Maker, str, Town], str | None]


def _one_slip(make: Maker, name: str, _town: Town) -> str:
    return make.slip(name)


def _shortened(make: Maker, name: str, _town: Town) -> str | None:
    words = name.split()
    long = [place for place, word in enumerate(words) if len(word) > 5]  # noqa: PLR2004 - short words stay
    if not long:
        return None
    at, kind = make.random.choice(long), make.random.choice(make.mix.short)
    word = words[at]
    if kind == "usual":
        known = [place for place in long if words[place] in _USUAL]
        if not known:
            return None
        at = make.random.choice(known)
        words[at] = _USUAL[words[at]]
    elif kind == "vowels":
        words[at] = word[0] + "".join(char for char in word[1:] if char not in "aeiou")
    elif kind == "initials":
        if at == 0:
            return None
        words[at] = word[0] + "."
    else:
        words[at] = word[: make.random.randint(4, len(word) - 1)] + ("." if kind == "dotted" else "")
    return " ".join(words)


def _legal_form(make: Maker, name: str, _town: Town) -> str:
    return name + make.random.choice((" ", ", ")) + make.random.choice(_FORMS)


def _joined(make: Maker, name: str, _town: Town) -> str | None:
    if " & " in name or " and " in name:
        return name.replace(" & ", " @ ").replace(" and ", " & ").replace(" @ ", " and ")
    words = name.split()
    if len(words) < 2:  # noqa: PLR2004 - nothing to join
        return None
    at = make.random.randrange(len(words) - 1)
    glue = make.random.choice(("", "-"))
    return " ".join([*words[:at], words[at] + glue + words[at + 1], *words[at + 2 :]])


def _swapped(make: Maker, name: str, _town: Town) -> str | None:
    words = name.split()
    if len(words) < 2:  # noqa: PLR2004 - nothing to swap
        return None
    if make.by_chance(0.5):
        return (
            " ".join([words[-1] + ",", *words[:-1]])
            if make.by_chance(0.5)
            else " ".join([words[-1], *words[:-1]])
        )
    at = make.random.randrange(len(words) - 1)
    words[at], words[at + 1] = words[at + 1], words[at]
    return " ".join(words)


def _left_out(make: Maker, name: str, _town: Town) -> str | None:
    words = name.split()
    return " ".join(words[:-1]) if len(words) > 2 and make.by_chance(0.7) else None  # noqa: PLR2004 - two words stay


def _added(make: Maker, name: str, town: Town) -> str:
    more = make.random.choice(
        (f" of {town.name}", f" - {town.name}", " Shop", " & Co", " (main office)", " Services")
    )
    return f"The {name}" if make.by_chance(0.3) else name + more


def _saint(_make: Maker, name: str, _town: Town) -> str | None:
    return name.replace("Saint ", "St. ").replace("Mount ", "Mt ").replace("'s", "s")


def _no_vowels(_make: Maker, name: str, _town: Town) -> str:
    return " ".join(
        word[0] + "".join(char for char in word[1:] if char not in "aeiou") for word in name.split()
    )


def _in_spanish(_make: Maker, name: str, _town: Town) -> str | None:
    for english, spanish in _IN_SPANISH.items():
        if english in name:
            return name.replace(english, spanish)
    return None


def _twice(make: Maker, name: str, _town: Town) -> str:
    words = name.split()
    at = make.random.randrange(len(words))
    return " ".join([*words[: at + 1], *words[at:]])


_MORE_FAULTS: dict[str, Fault] = {"all vowels": _no_vowels, "in Spanish": _in_spanish, "twice": _twice}
_FAULTS: tuple[Fault, ...] = (_one_slip, _one_slip, _one_slip, _shortened, _shortened, _legal_form, _legal_form, _joined, _swapped, _left_out, _added, _saint)  # fmt: skip


def known(mixture: Mixture, employers: int = EMPLOYERS, contacts: int = CONTACTS) -> Known:
    """Make records of which it is known who is who."""
    make = Maker(mixture)
    return Known(make.employers(employers), make.contacts(contacts, max(20, contacts // 8)), make.of)


def _true_pairs(ids: Iterable[UUID], of: dict[UUID, int]) -> set[tuple[UUID, UUID]]:
    together: defaultdict[int, list[UUID]] = defaultdict(list)
    for one in ids:
        together[of[one]].append(one)
    return {(min(pair), max(pair)) for group in together.values() for pair in combinations(group, 2)}


def _measured(ids: list[UUID], of: dict[UUID, int], look: Callable[[], list[Pair]]) -> Figures:
    began, worked = time.perf_counter(), time.process_time()
    found = look()
    seconds, processor = time.perf_counter() - began, time.process_time() - worked
    true = _true_pairs(ids, of)
    right = sum((pair.left, pair.right) in true for pair in found)
    return Figures(
        len(ids), len(true), len(found), right / max(1, len(found)), right / len(true), seconds, processor
    )


def measure_employers(made: Known) -> Figures:
    """Look for the employers that are there twice."""
    return _measured([one.id for one in made.employers], made.of, lambda: find_employers(made.employers))


def measure_contacts(made: Known) -> Figures:
    """Look for the contacts that are there twice."""
    return _measured([one.id for one in made.contacts], made.of, lambda: find_contacts(made.contacts))


def report() -> list[str]:
    """Measure everything and return the lines of the report, in Markdown; takes about a minute."""
    lines = [
        "## Duplicates: generated records of which it is known who is who",
        "",
        "| records | noise | pairs | found | precision | recall | seconds | of the processor |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for mixture, employers in ((TUNED, EMPLOYERS), (SECOND, EMPLOYERS // 5), (HELD_OUT, EMPLOYERS)):
        made = known(mixture, employers)
        for noun, one in (("employers", measure_employers(made)), ("contacts", measure_contacts(made))):
            lines.append(
                f"| {one.records:,} {noun} | {mixture.name} | {one.duplicates:,} | {one.found:,} | {one.precision:.3f}"
                f" | {one.recall:.3f} | {one.seconds:.1f} | {one.processor:.1f} |"
            )
    return [*lines, ""]


if __name__ == "__main__":
    print("\n".join(report()))  # noqa: T201 - the bench talks to a terminal
