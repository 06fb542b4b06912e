"""The names of workplaces: legal forms and little words gone, abbreviations written out, the order of words forgotten."""

from functools import lru_cache
from typing import NamedTuple

from app.domain.duplicates.text import fold, number_word, sound


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_LEGAL_ANYWHERE = _words(
    "inc incorporated incorporado llc llp pllc ltd limited ltda corp corporation gmbh plc dba"
)
# Short forms that may be words of a name, so that they count as a legal form at its end only.
_LEGAL_AT_THE_END = _words("co company compania cia lp pc pa na sa srl sas sl cv rl de nfp")
_LITTLE = _words("the of and at a an in for on by y e de del la las el los para en")

_WRITTEN_OUT = {
    short: long
    for long, shorts in {
        "st": "saint street str san santa sta ste",
        "dr": "doctor drive dra",
        "mt": "mount mountain mtn",
        "ft": "fort",
        "center": "ctr centre cntr cent centro ctre",
        "hospital": "hosp hspt",
        "university": "univ universidad uni",
        "college": "coll colegio",
        "school": "sch escuela",
        "academy": "acad",
        "elementary": "elem",
        "service": "svc svcs services serv servicio servicios srvc srv",
        "manufacturing": "mfg manuf manufacturers",
        "associate": "assoc assocs associates association assn asoc asociados assc",
        "brother": "bros brothers hermanos hnos",
        "international": "intl internacional",
        "national": "natl nacional",
        "american": "amer",
        "department": "dept",
        "management": "mgmt mgt",
        "technology": "tech technologies tecnologia",
        "group": "grp grupo",
        "insurance": "ins seguros",
        "medical": "med medico medica",
        "veterinary": "vet vets veterinarian veterinaria veterinario",
        "restaurant": "rest restaurante",
        "market": "mkt mercado mart",
        "library": "lib biblioteca",
        "automotive": "auto",
        "construction": "constr const construccion",
        "electric": "elec electrical",
        "engineering": "eng engr ingenieria",
        "building": "bldg bldrs",
        "pharmacy": "pharm farmacia rx",
        "apartment": "apt apts apartments",
        "laboratory": "lab labs laboratories laboratorio",
        "community": "comm cmty comunidad comunitario",
        "government": "govt gov",
        "equipment": "equip",
        "distribution": "dist distributors distributing distribucion",
        "transportation": "trans transport transporte transportes",
        "development": "dev",
        "property": "prop props properties",
        "professional": "prof",
        "rehabilitation": "rehab",
        "physical": "phys",
        "therapy": "ther terapia",
        "family": "fam familia familiar",
        "general": "gen",
        "heights": "hts",
        "point": "pt",
        "north": "n norte",
        "south": "s sur",
        "east": "e este",
        "west": "w oeste",
        "photography": "photo photographers foto fotografia",
        "bakery": "panaderia pasteleria",
        "shop": "shoppe tienda",
        "church": "iglesia",
        "clinic": "clinica",
        "garage": "taller",
    }.items()
    for short in shorts.split()
}

# What a workplace is rather than which one: these words tell two of a kind apart only a little.
_KINDS = _words(
    "center hospital university college school academy elementary service manufacturing associate brother international"
    " national american department management technology group insurance medical veterinary restaurant market library"
    " automotive construction electric engineering building pharmacy apartment laboratory community government equipment"
    " distribution transportation development property professional rehabilitation physical therapy family general"
    " photography bakery shop church clinic garage store cafe coffee grill bar pizza pizzeria deli food catering diner house"
    " home care health wellness fitness gym dental dentist dentistry orthodontics eye vision optical animal pet hair salon"
    " beauty barber spa nail repair body tire car truck rental towing plumbing heating cooling hvac roofing painting"
    " landscaping lawn garden nursery florist flower design studio art gallery music dance media print printing sign"
    " graphics marketing consulting consultant solution system software computer network data law office attorney legal"
    " accounting tax financial finance bank credit union realty estate real investment capital partner company cleaner"
    " cleaning laundry dry supply hardware lumber tool industry industrial machine metal steel welding energy solar farm"
    " feed ranch dairy meat seafood liquor wine brewery hotel inn motel travel tour storage moving logistics freight"
    " shipping security learning education preschool daycare child kid youth senior tutoring training sport park recreation"
    " museum theater foundation society council club ministry fellowship baptist lutheran methodist catholic north south east"
    " west new old city county town village valley lake river hill plaza square main central downtown st dr mt ft"
)


class Word(NamedTuple):
    """A word of a name: as it is compared, its sound, and how much it says."""

    text: str
    sound: str
    weight: float


_LIGHT, _HEAVY = 0.4, 1.0


def _singular(word: str) -> str:
    if len(word) > 3 and word[-1] == "s" and word[-2] not in "sui":  # noqa: PLR2004 - shorter ones are words themselves
        return word[:-3] + "y" if word.endswith("ies") and len(word) > 4 else word[:-1]  # noqa: PLR2004 - the same
    return word


@lru_cache(maxsize=65_536)
def _written_out(word: str) -> str:
    known = _WRITTEN_OUT.get(word)
    if known is not None:
        return known
    single = _singular(word)
    return number_word(_WRITTEN_OUT.get(single, single))


@lru_cache(maxsize=8_192)
def _significant(name: str) -> tuple[str, ...]:
    found = [word for word in fold(name).split() if word not in _LEGAL_ANYWHERE]
    while len(found) > 1 and found[-1] in _LEGAL_AT_THE_END:
        found.pop()
    kept = [_written_out(word) for word in found if word not in _LITTLE]
    return tuple(kept or [_written_out(word) for word in found])


def name_key(name: str) -> str:
    """Return the form in which two spellings of a workplace's name are equal; never empty.

    "The Third Street Garage, Inc." and "3rd St. Garage" have one key. A name without a letter or digit stays itself.
    """
    return " ".join(sorted(_significant(name))) or " ".join(name.split()).casefold()


def name_words(name: str) -> tuple[Word, ...]:
    """Return the words of a name that count, in their order."""
    return tuple(_word(word) for word in dict.fromkeys(_significant(name)))


@lru_cache(maxsize=65_536)
def _word(word: str) -> Word:
    return Word(word, sound(word), _LIGHT if word in _KINDS or word.isdigit() else _HEAVY)
