"""Generated employers and contacts, and the same ones as somebody else would have written them down."""

import string
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from uuid import UUID

from app.domain.duplicates import ContactRecord, EmployerRecord, Place
from bench.known.mixtures import Mixture
from bench.known.name_faults import FAULTS, MORE_FAULTS
from bench.known.pen import Pen, Town
from bench.known.vocabulary import (
    BUSINESSES,
    FIRST,
    GIVEN,
    KINDS,
    SAINTS,
    SECOND,
    STREETS,
    SURNAMES,
    SYLLABLES,
    TYPES,
    TYPES_SHORT,
)

# How many of the records are one that is there already.
SHARE = 0.15


class Maker(Pen):
    """Makes records, and makes them again as somebody else would have written them."""

    def __init__(self, mixture: Mixture) -> None:
        super().__init__(mixture)
        self.surnames = [*SURNAMES, *(self.coined() for _ in range(2_500))]
        # As in a telephone book: the most common one has about one bearer in a hundred.
        self.common = list(accumulate(1 / (rank + 8) for rank in range(len(self.surnames))))
        self.towns = self._towns(320)
        self.brands = self._brands(260)
        self.of: dict[UUID, int] = {}

    def coined(self) -> str:
        """Make up a name."""
        return "".join(self.random.sample(SYLLABLES, self.random.choice((2, 2, 3)))).title()

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
            one, other = self.random.choice(FIRST), self.random.choice(SECOND)
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
        return self.random.choice(KINDS.replace("\n", "|").split("|"))

    def business(self, town: Town) -> str:
        """Name a workplace."""
        pattern = self.random.choices(list(BUSINESSES), list(BUSINESSES.values()))[0]
        return pattern.format(
            surname=self.surname(),
            partner=self.surname(),
            given=self.random.choice(GIVEN),
            kind=self.kind(),
            first=self.random.choice(FIRST),
            second=self.random.choice(SECOND),
            town=town.name,
            saint=self.random.choice(SAINTS),
            street=self.random.choice(STREETS),
        )

    def place(self, town: Town) -> Place:
        """Choose an address in a town."""
        way = self.random.choice(("", "", "", "North ", "South ", "East ", "West "))
        named = self.by_chance(0.8)
        street = self.random.choice(STREETS) if named else f"{self.random.randint(1, 99)}th"
        return Place(
            f"{self.random.randint(1, 9999)} {way}{street} {self.random.choice(TYPES)}",
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
            for long, short in TYPES_SHORT.items():
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

    def name_again(self, name: str, town: Town) -> str:
        """Write a name down as somebody else would."""
        for _ in range(self.random.choices(range(4), self.mix.faults)[0]):
            faults = (*FAULTS, *(MORE_FAULTS[kind] for kind in self.mix.more))
            name = self.random.choice(faults)(self, name, town) or name
        return self.random.choice((name, name, name, name.upper(), name.lower()))

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
            for given in self.random.sample(GIVEN, self.random.choices((1, 2, 3), (0.85, 0.11, 0.04))[0]):
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
            more = self.random.choice((*GIVEN, *(f"{letter}." for letter in string.ascii_uppercase)))
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
