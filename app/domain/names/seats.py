"""The names of the codes of the line for seats."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from app.domain.codes import Names
from app.domain.waitlist import WaitingAction, WaitingStatus

N = Names

NAMES: dict[type[StrEnum], Mapping[Any, Names]] = {
    WaitingStatus: {
        WaitingStatus.WAITING: N("Waiting in line", "En la lista de espera"),
        WaitingStatus.OFFERED: N("A seat is offered", "Plaza ofrecida"),
        WaitingStatus.ACCEPTED: N("Seat accepted", "Plaza aceptada"),
        WaitingStatus.SEATED: N("Has a seat", "Con plaza"),
        WaitingStatus.DECLINED: N("Turned the seat down", "Rechazó la plaza"),
        WaitingStatus.LAPSED: N("Did not answer in time", "No respondió a tiempo"),
        WaitingStatus.LEFT: N("Left the line", "Dejó la lista"),
        WaitingStatus.CLOSED: N("The line was closed", "Lista cerrada"),
    },
    WaitingAction: {
        WaitingAction.OFFER: N("Offer the seat", "Ofrecer la plaza"),
        WaitingAction.ACCEPT: N("Take the seat", "Aceptar la plaza"),
        WaitingAction.SEAT: N("Seat", "Dar plaza"),
        WaitingAction.DECLINE: N("Turn the seat down", "Rechazar la plaza"),
        WaitingAction.LAPSE: N("Let the offer end", "Dejar vencer la oferta"),
        WaitingAction.LEAVE: N("Leave the line", "Dejar la lista"),
        WaitingAction.CLOSE: N("Close the line", "Cerrar la lista"),
    },
}
