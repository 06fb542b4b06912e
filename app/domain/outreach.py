"""Outreach campaigns: a school asks its families whom they know, three questions each, and presses nobody.

What a family is asked depends on two counts about everybody (how many households the pool has in a field, how many
families said yes when asked) and on chance; never on anything about the family.
"""

import hashlib
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import ceil
from typing import NamedTuple

from app.domain.clusters import CLUSTERS, Cluster
from app.domain.codes import Names
from app.domain.errors import Refused
from app.domain.local_time import starts_at
from app.domain.occupations import OCCUPATIONS

QUESTIONS = 3
# How long the link of an invitation to contribute works; a campaign's link ends with the campaign if that is sooner.
LINK_LIFE = timedelta(days=30)
# So long before its last day a campaign stops asking, so that who is asked last has time to answer.
LAST_DAYS = 7
LONGEST_DAYS = 366

_EXAMPLES = 4


class OutreachStatus(StrEnum):
    """Where an outreach campaign stands."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class OutreachAction(StrEnum):
    """What can happen to an outreach campaign; it lapses when its last day is over."""

    OPEN = "open"
    CLOSE = "close"
    LAPSE = "lapse"
    CANCEL = "cancel"


class OutreachAnswer(StrEnum):
    """What a family says to one question; saying nothing is fine, and leaves no trace."""

    KNOW = "know"
    NOBODY = "nobody"


class ContributionInvitationOutcome(StrEnum):
    """What became of inviting one person to contribute."""

    INVITED = "invited"
    ASKED_THIS_MONTH = "asked_this_month"
    NO_EMAIL = "no_email"
    MAY_NOT_BE_ASKED = "may_not_be_asked"
    NOT_FOUND = "not_found"


_S, _A = OutreachStatus, OutreachAction

TRANSITIONS = {
    (_S.DRAFT, _A.OPEN): _S.OPEN,
    (_S.DRAFT, _A.CANCEL): _S.CANCELLED,
    (_S.OPEN, _A.CLOSE): _S.CLOSED,
    (_S.OPEN, _A.LAPSE): _S.CLOSED,
    (_S.OPEN, _A.CANCEL): _S.CANCELLED,
}


class ClusterStats(NamedTuple):
    """What is known about a cluster: households that know somebody there, and how a campaign's questions went."""

    households: int = 0
    yes: int = 0
    asked: int = 0


def priority(k: int, households: int, yes: int, asked: int) -> float:
    """Return how much asking about a cluster promises: the need that is left times the chance of a yes.

    The aim is 2k households for each cluster, and beyond it nothing is gained. The chance is (yes + 1) / (asked + 6),
    so that a cluster nobody was asked about yet counts as one yes in six. Whoever is being asked counts as asked.
    """
    return max(0, 2 * k - households) / (2 * k) * (yes + 1) / (asked + 6)


def choose_questions(
    stats: Mapping[Cluster, ClusterStats], *, k: int, seed: str, n: int = QUESTIONS
) -> list[Cluster]:
    """Return the `n` clusters of the highest priority, the highest first; of equals, chance (`seed`) picks.

    It takes counts about everybody and nothing about the family that is asked.
    """

    def rank(cluster: Cluster) -> tuple[float, bytes]:
        known = stats.get(cluster, ClusterStats())
        lot = hashlib.sha256(f"{seed} {cluster.value}".encode()).digest()
        return -priority(k, known.households, known.yes, known.asked), lot

    return sorted(Cluster, key=rank)[:n]


def question(cluster: Cluster) -> Names:
    """Return the question about a cluster, in English and Spanish."""
    name = CLUSTERS[cluster]
    return Names(f"Who do we know in {name.en}?", f"¿A quién conocemos en {name.es}?")


def examples(cluster: Cluster) -> Names:
    """Return a few occupations of a cluster, so that a question brings people to mind: "Nurse, Dentist, ..."."""
    every = [occupation.names for occupation in OCCUPATIONS.values() if occupation.cluster is cluster]
    # Spread over the list, which is in the order of the alphabet: neighbours are often alike.
    found = every[:: max(1, len(every) // _EXAMPLES)][:_EXAMPLES]
    return Names(", ".join(names.en for names in found), ", ".join(names.es for names in found))


def share_of_today(left: int, today: date, closes_on: date) -> int:
    """Return how many of the `left` families are asked today.

    They are spread evenly over the campaign but its last week, because what the first ones answer decides what the
    later ones are asked.
    """
    days = (closes_on - timedelta(days=LAST_DAYS) - today).days + 1
    return left if days <= 1 else ceil(left / days)


def link_ends(asked_at: datetime, closes_on: date | None, zone: str) -> datetime:
    """Return when a link to contribute stops working: with the campaign, and after 30 days at the latest."""
    latest = asked_at + LINK_LIFE
    if closes_on is None:
        return latest
    return min(latest, starts_at(closes_on + timedelta(days=1), zone))


def check_window(opens_on: date, closes_on: date) -> None:
    """Refuse a campaign that ends before it begins, or goes on for more than a year."""
    if not opens_on <= closes_on <= opens_on + timedelta(days=LONGEST_DAYS):
        raise Refused(
            "window_out_of_range",
            "let the campaign close on the day it opens or later, and within a year",
            "la campaña debe cerrar el mismo día en que abre o después, y dentro de un año",
            pointer="/closes_on",
        )


def check_may_open(closes_on: date, today: date) -> None:
    """Refuse to open a campaign whose last day is over."""
    if closes_on < today:
        raise Refused(
            "window_over",
            "the last day of this campaign is over; choose a later one, then open it",
            "el último día de esta campaña ya pasó; elija uno posterior y ábrala",
        )


def check_answers(answered: Collection[Cluster], asked: Collection[str]) -> None:
    """Refuse answers to questions that this family was not asked, and two answers to one."""
    if len(set(answered)) != len(answered) or not {cluster.value for cluster in answered} <= set(asked):
        raise Refused(
            "not_asked",
            "answer only the questions that were asked, each of them once",
            "responda solo las preguntas que se le hicieron, cada una una vez",
            pointer="/answers",
        )
