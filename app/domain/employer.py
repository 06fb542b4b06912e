"""The life of an employer: an organisation is vetted by a coordinator before a student hears of it."""

from enum import StrEnum


class EmployerStatus(StrEnum):
    """Where an employer stands."""

    PROSPECT = "prospect"
    VETTED = "vetted"
    SUSPENDED = "suspended"
    ARCHIVED = "archived"


class EmployerAction(StrEnum):
    """What can happen to an employer."""

    VET = "vet"
    SUSPEND = "suspend"
    ARCHIVE = "archive"


class Access(StrEnum):
    """Whether a worksite can be used by whoever needs it so; nobody has said: unknown."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    UNKNOWN = "unknown"


_S, _A = EmployerStatus, EmployerAction

TRANSITIONS = {
    (_S.PROSPECT, _A.VET): _S.VETTED,
    (_S.PROSPECT, _A.ARCHIVE): _S.ARCHIVED,
    (_S.VETTED, _A.SUSPEND): _S.SUSPENDED,
    (_S.VETTED, _A.ARCHIVE): _S.ARCHIVED,
    (_S.SUSPENDED, _A.VET): _S.VETTED,
    (_S.SUSPENDED, _A.ARCHIVE): _S.ARCHIVED,
}
