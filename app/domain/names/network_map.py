"""The names of the codes of network maps and goals."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from app.domain.codes import Names
from app.domain.goal import GoalAction, GoalStatus, PromptKind
from app.domain.network_map import HelpKind, MapTie

N = Names

NAMES: dict[type[StrEnum], Mapping[Any, Names]] = {
    HelpKind: {
        HelpKind.CONCRETE: N("Practical help", "Ayuda práctica"),
        HelpKind.EMOTIONAL: N("Emotional support", "Apoyo emocional"),
        HelpKind.ADVICE: N("Information and advice", "Información y consejos"),
        HelpKind.INTRODUCTIONS: N("Introductions to other people", "Presentaciones a otras personas"),
    },
    MapTie: {
        MapTie.STRONG: N("Strong tie", "Vínculo fuerte"),
        MapTie.BETWEEN: N("Between strong and weak", "Entre fuerte y débil"),
        MapTie.WEAK: N("Weak tie", "Vínculo débil"),
    },
    GoalStatus: {
        GoalStatus.OPEN: N("Open", "Abierta"),
        GoalStatus.REACHED: N("Reached", "Alcanzada"),
        GoalStatus.DROPPED: N("Dropped", "Dejada"),
    },
    GoalAction: {
        GoalAction.REACH: N("Mark as reached", "Marcar como alcanzada"),
        GoalAction.DROP: N("Drop", "Dejar"),
        GoalAction.REOPEN: N("Reopen", "Reabrir"),
    },
    PromptKind: {
        PromptKind.INTRODUCTION: N("Ask for an introduction", "Pedir una presentación"),
        PromptKind.OUTREACH: N("Ask who knows somebody", "Preguntar quién conoce a alguien"),
    },
}
