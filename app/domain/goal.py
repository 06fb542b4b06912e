"""The life of a goal: what a student wants to reach, in their own words."""

from enum import StrEnum

from app.domain.codes import Names
from app.domain.errors import Refused
from app.domain.fields import field_name


class GoalStatus(StrEnum):
    """Where a goal stands."""

    OPEN = "open"
    REACHED = "reached"
    DROPPED = "dropped"


class GoalAction(StrEnum):
    """What a student does with a goal."""

    REACH = "reach"
    DROP = "drop"
    REOPEN = "reopen"


_S, _A = GoalStatus, GoalAction

TRANSITIONS = {
    (_S.OPEN, _A.REACH): _S.REACHED,
    (_S.OPEN, _A.DROP): _S.DROPPED,
    (_S.REACHED, _A.REOPEN): _S.OPEN,
    (_S.DROPPED, _A.REOPEN): _S.OPEN,
}

# Of one student. A list that is never finished helps nobody, and a list without end is no list.
MOST_GOALS = 50


class PromptKind(StrEnum):
    """What a student can do about help that is missing."""

    INTRODUCTION = "introduction"  # the pool reaches somebody: ask for an introduction
    OUTREACH = "outreach"  # nobody does yet: the school's families can be asked


# Spoken to the student; {field} is a field's name.
_SENTENCES = {
    PromptKind.INTRODUCTION: Names(
        "Somebody in the community knows this: {field}. Ask for an introduction.",
        "Alguien de la comunidad sabe de esto: {field}. Pide que te presenten.",
    ),
    PromptKind.OUTREACH: Names(
        "Nobody the community can name yet knows this: {field}. Your school can ask its families; ask around too.",
        "Aún no hay nadie en la comunidad que sepa de esto: {field}. Tu escuela puede preguntar a las familias; pregunta tú también.",
    ),
}


def prompt(*, has_own: bool, pool_reaches: bool) -> PromptKind | None:
    """Return what to do about a goal's field with which nobody on the student's own map could help; else None."""
    if has_own:
        return None
    return PromptKind.INTRODUCTION if pool_reaches else PromptKind.OUTREACH


def sentence(kind: PromptKind, field: str, language: str) -> str:
    """Say a prompt to the student, in `en` or `es`."""
    return _SENTENCES[kind].in_language(language).replace("{field}", field_name(field).in_language(language))


def check_room(goals: int) -> None:
    """Refuse one more goal where there are many; raises Refused."""
    if goals >= MOST_GOALS:
        raise Refused(
            "goals_full",
            f"{MOST_GOALS} goals are enough for a while; delete one first",
            f"{MOST_GOALS} metas bastan por un tiempo; borra antes alguna",
        )
