"""What a connection is good for and what a student asks for, in the same words.

A *field* is a career cluster's code or an occupation's. The vocabulary is fixed: free text cannot be counted
safely, compared between families, or published.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from app.domain.clusters import CLUSTERS, Cluster
from app.domain.codes import Names
from app.domain.occupations import OCCUPATIONS

_CLUSTER_CODES = frozenset(cluster.value for cluster in Cluster)
FIELDS: frozenset[str] = _CLUSTER_CODES | OCCUPATIONS.keys()

# An industry's clusters by the longest prefix of its NAICS 2022 code that stands here.
_C = Cluster
_CLUSTERS_BY_NAICS: dict[str, tuple[Cluster, ...]] = {
    "11": (_C.AGRICULTURE,),
    "113": (_C.ENERGY_NATURAL_RESOURCES, _C.AGRICULTURE),
    "114": (_C.ENERGY_NATURAL_RESOURCES, _C.AGRICULTURE),
    "21": (_C.ENERGY_NATURAL_RESOURCES,),
    "22": (_C.ENERGY_NATURAL_RESOURCES,),
    "23": (_C.CONSTRUCTION,),
    "31": (_C.ADVANCED_MANUFACTURING,),
    "32": (_C.ADVANCED_MANUFACTURING,),
    "33": (_C.ADVANCED_MANUFACTURING,),
    "42": (_C.SUPPLY_CHAIN_TRANSPORTATION, _C.MARKETING_SALES),
    "44": (_C.MARKETING_SALES,),
    "45": (_C.MARKETING_SALES,),
    "456": (_C.MARKETING_SALES, _C.HEALTHCARE_HUMAN_SERVICES),
    "48": (_C.SUPPLY_CHAIN_TRANSPORTATION,),
    "49": (_C.SUPPLY_CHAIN_TRANSPORTATION,),
    "51": (_C.DIGITAL_TECHNOLOGY,),
    "512": (_C.ARTS_ENTERTAINMENT_DESIGN,),
    "513": (_C.ARTS_ENTERTAINMENT_DESIGN,),
    "5132": (_C.DIGITAL_TECHNOLOGY,),
    "516": (_C.ARTS_ENTERTAINMENT_DESIGN,),
    "519": (_C.ARTS_ENTERTAINMENT_DESIGN, _C.EDUCATION),
    "52": (_C.FINANCIAL_SERVICES,),
    "53": (_C.MARKETING_SALES,),
    "54": (_C.MANAGEMENT_ENTREPRENEURSHIP,),
    "5411": (_C.PUBLIC_SERVICE_SAFETY,),
    "5412": (_C.FINANCIAL_SERVICES,),
    "5413": (_C.CONSTRUCTION,),
    "5414": (_C.ARTS_ENTERTAINMENT_DESIGN,),
    "5415": (_C.DIGITAL_TECHNOLOGY,),
    "5417": (_C.ENERGY_NATURAL_RESOURCES,),
    "5418": (_C.MARKETING_SALES,),
    "54192": (_C.ARTS_ENTERTAINMENT_DESIGN,),
    "54194": (_C.HEALTHCARE_HUMAN_SERVICES, _C.AGRICULTURE),
    "55": (_C.MANAGEMENT_ENTREPRENEURSHIP,),
    "56": (_C.MANAGEMENT_ENTREPRENEURSHIP,),
    "5615": (_C.HOSPITALITY_EVENTS_TOURISM,),
    "5616": (_C.PUBLIC_SERVICE_SAFETY,),
    "56173": (_C.AGRICULTURE,),
    "562": (_C.ENERGY_NATURAL_RESOURCES,),
    "61": (_C.EDUCATION,),
    "62": (_C.HEALTHCARE_HUMAN_SERVICES,),
    "6244": (_C.EDUCATION, _C.HEALTHCARE_HUMAN_SERVICES),
    "71": (_C.ARTS_ENTERTAINMENT_DESIGN,),
    "712": (_C.ARTS_ENTERTAINMENT_DESIGN, _C.EDUCATION),
    "713": (_C.HOSPITALITY_EVENTS_TOURISM,),
    "72": (_C.HOSPITALITY_EVENTS_TOURISM,),
    "81": (_C.HEALTHCARE_HUMAN_SERVICES,),
    "811": (_C.SUPPLY_CHAIN_TRANSPORTATION,),
    "813": (_C.PUBLIC_SERVICE_SAFETY,),
    "92": (_C.PUBLIC_SERVICE_SAFETY,),
}
# Industries whose every establishment has people of one occupation.
_OCCUPATIONS_BY_NAICS: dict[str, str] = {
    "1114": "landscaper",
    "3118": "baker",
    "23731": "civil_engineer",
    "23821": "electrician",
    "23822": "plumber",
    "23835": "carpenter",
    "456110": "pharmacist",
    "481": "pilot",
    "484": "truck_driver",
    "493": "logistician",
    "5221": "banker",
    "5242": "insurance_agent",
    "5312": "real_estate_agent",
    "5411": "lawyer",
    "5412": "accountant",
    "54131": "architect",
    "54141": "interior_designer",
    "54143": "graphic_designer",
    "54151": "software_developer",
    "54192": "photographer",
    "54194": "veterinarian",
    "56173": "landscaper",
    "6111": "teacher",
    "6211": "physician",
    "6212": "dentist",
    "62191": "paramedic",
    "622": "nurse",
    "6231": "nurse",
    "6244": "childcare_worker",
    "7211": "hotel_manager",
    "7225": "chef",
    "81111": "auto_mechanic",
    "81211": "barber",
    "92212": "police_officer",
    "92216": "firefighter",
}

_WORD = re.compile(r"[a-z0-9]+")
_LONGEST_PHRASE = 4  # words: "doctor of veterinary medicine"
_KEPT_WHOLE = 4  # letters: "care" is not "car", "gas" is not "ga"


def _stem(word: str) -> str:
    """Take off what a plural or a gender adds: "nurses" and "nurse", "enfermeras" and "enfermero" become one."""
    if len(word) > _KEPT_WHOLE:
        word = word.removesuffix("s")
    if len(word) > _KEPT_WHOLE and word[-1] in "aeo":
        word = word[:-1]
    return word


def _stems(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.casefold().replace("'", "").replace("’", ""))  # noqa: RUF001 - the apostrophe phones write
    letters = "".join(char for char in plain if not unicodedata.combining(char))
    return [_stem(word) for word in _WORD.findall(letters)]


def _phrases(column: str) -> dict[tuple[str, ...], str]:
    return {
        tuple(_stems(phrase)): occupation.code.value
        for occupation in OCCUPATIONS.values()
        for phrase in getattr(occupation, column)
    }


_TITLES = _phrases("words")
_PLACES = _phrases("places")


def _shown_by(text: str, phrases: dict[tuple[str, ...], str]) -> set[str]:
    """Return the occupations a text names; the longest phrase wins: "veterinary technician" is no veterinarian."""
    stems = _stems(text)
    found = set()
    at = 0
    while at < len(stems):
        for length in range(min(_LONGEST_PHRASE, len(stems) - at), 0, -1):
            code = phrases.get(tuple(stems[at : at + length]))
            if code is not None:
                found.add(code)
                at += length
                break
        else:
            at += 1
    return found


def occupations_in_title(job_title: str) -> frozenset[str]:
    """Return the occupations a job title shows, in English or Spanish, whatever its accents, plural or gender.

    Nothing of it is remembered: a title is personal, and must be gone when its person asks for that.
    """
    return frozenset(_shown_by(job_title, _TITLES))


@lru_cache(maxsize=8192)
def occupations_in_employer_name(name: str) -> frozenset[str]:
    """Return the occupations an employer's name shows: a "Veterinary Clinic" has a veterinarian."""
    return frozenset(_shown_by(name, _PLACES))


def fields_of_naics(naics: str) -> frozenset[str]:
    """Return the clusters of an industry, and its occupation where every such workplace has one."""
    found: set[str] = set()
    for length in range(len(naics), 1, -1):
        clusters = _CLUSTERS_BY_NAICS.get(naics[:length])
        if clusters is not None:
            found.update(cluster.value for cluster in clusters)
            break
    for length in range(len(naics), 2, -1):
        occupation = _OCCUPATIONS_BY_NAICS.get(naics[:length])
        if occupation is not None:
            found.add(occupation)
            break
    return frozenset(found)


def fields_of(
    *,
    fields: Iterable[str] = (),
    job_title: str | None = None,
    naics: str | None = None,
    employer_name: str | None = None,
) -> list[str]:
    """Return the fields a connection reaches: those said, and those its contact's and employer's data show.

    An occupation brings its cluster. Codes outside the vocabulary are left out: a release may drop one.
    Sorted, each once.
    """
    found = {field for field in fields if field in FIELDS}
    if job_title:
        found |= occupations_in_title(job_title)
    if employer_name:
        found |= occupations_in_employer_name(employer_name)
    if naics:
        found |= fields_of_naics(naics)
    return sorted(found | {cluster_of(field).value for field in found})


def cluster_of(field: str) -> Cluster:
    """Return the cluster a field belongs to; a cluster belongs to itself."""
    occupation = OCCUPATIONS.get(field)
    return occupation.cluster if occupation is not None else Cluster(field)


def field_name(field: str) -> Names:
    """Return a field's names in English and Spanish."""
    occupation = OCCUPATIONS.get(field)
    return occupation.names if occupation is not None else CLUSTERS[Cluster(field)]
