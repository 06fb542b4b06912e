"""The names of the codes of saved searches and suggestions."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from app.domain.codes import Names
from app.domain.saved_search import Digest, SavedSearchAction, SavedSearchStatus
from app.domain.suggestion import SuggestionKind

N = Names

NAMES: dict[type[StrEnum], Mapping[Any, Names]] = {
    Digest: {
        Digest.DAILY: N("Once a day", "Una vez al día"),
        Digest.WEEKLY: N("Once a week", "Una vez por semana"),
    },
    SavedSearchStatus: {
        SavedSearchStatus.ACTIVE: N("Active", "Activa"),
        SavedSearchStatus.PAUSED: N("Paused", "En pausa"),
    },
    SavedSearchAction: {
        SavedSearchAction.PAUSE: N("Pause", "Pausar"),
        SavedSearchAction.REST: N(
            "Rest: nothing new for a long time", "Descansar: sin novedades desde hace tiempo"
        ),
        SavedSearchAction.RESUME: N("Resume", "Reanudar"),
    },
    SuggestionKind: {
        SuggestionKind.TITLE: N("Title", "Título"),
        SuggestionKind.EMPLOYER: N("Employer", "Empleador"),
        SuggestionKind.CLUSTER: N("Career cluster", "Área profesional"),
        SuggestionKind.SKILL: N("Skill", "Habilidad"),
        SuggestionKind.TAG: N("Tag", "Etiqueta"),
    },
}
