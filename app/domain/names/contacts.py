"""The names of what a contact can choose."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from app.domain.codes import Names
from app.domain.contact import PartOfDay, Weekday

NAMES: dict[type[StrEnum], Mapping[Any, Names]] = {
    Weekday: {
        Weekday.MONDAY: Names("Monday", "Lunes"),
        Weekday.TUESDAY: Names("Tuesday", "Martes"),
        Weekday.WEDNESDAY: Names("Wednesday", "Miércoles"),
        Weekday.THURSDAY: Names("Thursday", "Jueves"),
        Weekday.FRIDAY: Names("Friday", "Viernes"),
        Weekday.SATURDAY: Names("Saturday", "Sábado"),
        Weekday.SUNDAY: Names("Sunday", "Domingo"),
    },
    PartOfDay: {
        PartOfDay.MORNING: Names("Morning", "Mañana"),
        PartOfDay.AFTERNOON: Names("Afternoon", "Tarde"),
        PartOfDay.EVENING: Names("Evening", "Noche"),
    },
}
