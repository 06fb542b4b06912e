"""The names of the codes of students' profiles."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from app.domain.availability import Weekday
from app.domain.codes import Names
from app.domain.riasec import Interest
from app.domain.travel import TravelMode

N = Names

NAMES: dict[type[StrEnum], Mapping[Any, Names]] = {
    Interest: {
        Interest.REALISTIC: N(
            "Realistic: making, mending, being outside", "Realista: hacer, reparar, estar afuera"
        ),
        Interest.INVESTIGATIVE: N("Investigative: finding out", "Investigador: averiguar"),
        Interest.ARTISTIC: N("Artistic: giving things a form", "Artístico: dar forma"),
        Interest.SOCIAL: N("Social: being there for people", "Social: estar para los demás"),
        Interest.ENTERPRISING: N("Enterprising: getting things going", "Emprendedor: poner en marcha"),
        Interest.CONVENTIONAL: N("Conventional: keeping things in order", "Convencional: poner orden"),
    },
    TravelMode: {
        TravelMode.WALK: N("On foot", "A pie"),
        TravelMode.BIKE: N("By bike", "En bicicleta"),
        TravelMode.TRANSIT: N("By bus or train", "En autobús o tren"),
        TravelMode.CAR: N("By car", "En auto"),
    },
    Weekday: {
        Weekday.MON: N("Monday", "Lunes"),
        Weekday.TUE: N("Tuesday", "Martes"),
        Weekday.WED: N("Wednesday", "Miércoles"),
        Weekday.THU: N("Thursday", "Jueves"),
        Weekday.FRI: N("Friday", "Viernes"),
        Weekday.SAT: N("Saturday", "Sábado"),
        Weekday.SUN: N("Sunday", "Domingo"),
    },
}
