"""One person, one workplace: which rows may be the same, how sure that is, and why."""

from app.domain.duplicates.contacts import ContactRecord, contact_keys, contact_traits, score_contacts
from app.domain.duplicates.employer_names import name_key
from app.domain.duplicates.employers import EmployerRecord, employer_keys, employer_traits, score_employers
from app.domain.duplicates.finding import Pair, against, find_contacts, find_employers
from app.domain.duplicates.places import Place
from app.domain.duplicates.reasons import THRESHOLD, Reason, Scored

__all__ = [
    "THRESHOLD",
    "ContactRecord",
    "EmployerRecord",
    "Pair",
    "Place",
    "Reason",
    "Scored",
    "against",
    "contact_keys",
    "contact_traits",
    "employer_keys",
    "employer_traits",
    "find_contacts",
    "find_employers",
    "name_key",
    "score_contacts",
    "score_employers",
]
