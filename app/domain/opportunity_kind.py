"""A kind of opportunity as a community has it: which workflow and documents it brings, and from what age.

Every community begins with the kinds of `opportunity_types.py`, each as its first version. A change makes a new
version; a listing keeps the one it was written under until it is submitted or published again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.domain.clearance import ClearanceKind
from app.domain.codes import Names
from app.domain.errors import Refused
from app.domain.opportunity_types import OPPORTUNITY_TYPES, OpportunityTypeCode, Stage, Workflow

# So many kinds a community may have; a student could not choose among more.
MOST_KINDS = 100
FIRST = 1


class Need(StrEnum):
    """What a listing must say before students see it."""

    DATES = "dates"
    TIMETABLE = "timetable"
    PLACE = "place"
    TOTAL_HOURS = "total_hours"
    DELIVERABLE = "deliverable"
    PAY = "pay"
    HOURS_A_MONTH = "hours_a_month"
    ALUMNUS = "alumnus"
    PHASES = "phases"
    APPLY_BY = "apply_by"


@dataclass(frozen=True, slots=True)
class Kind:
    """One version of a kind; `number` counts its versions from 1 and is its ETag."""

    code: str
    names: Names
    stage: Stage
    ceds: str | None
    workflow: Workflow
    requires_agreement: bool
    clearances: tuple[str, ...] = ()
    minimum_age: int | None = None
    needs: tuple[str, ...] = ()
    number: int = FIRST
    retired: bool = False

    @property
    def version(self) -> int:
        """Return what If-Match is compared with."""
        return self.number


_C, _N, _T = ClearanceKind, Need, OpportunityTypeCode

# Whoever comes for a day or a talk takes a seat in a session; whoever comes for longer is approved to pursue it.
_ENROLLED = {
    _T.CAREER_FAIR,
    _T.GUEST_SPEAKER,
    _T.WORKSITE_TOUR,
    _T.INFORMATIONAL_INTERVIEW,
    _T.VIRTUAL_SESSION,
    _T.JOB_SHADOW,
}
_WITHOUT_AGREEMENT = _ENROLLED | {
    _T.NEAR_PEER_MENTORING,
    _T.SCHOOL_BASED_ENTERPRISE,
    _T.ENTREPRENEURSHIP,
    _T.SIMULATED_WORKPLACE,
}
_CLEARANCES: dict[OpportunityTypeCode, tuple[ClearanceKind, ...]] = {
    _T.MENTORSHIP: (_C.HOST_BACKGROUND_CHECK,),
    _T.NEAR_PEER_MENTORING: (_C.HOST_BACKGROUND_CHECK,),
    _T.MICRO_INTERNSHIP: (_C.WORK_PERMIT,),
    _T.INTERNSHIP_PAID: (_C.WORK_PERMIT, _C.LIABILITY_INSURANCE, _C.SAFETY_FORM),
    _T.INTERNSHIP_UNPAID: (_C.LIABILITY_INSURANCE, _C.SAFETY_FORM),
    _T.COOPERATIVE_EDUCATION: (_C.WORK_PERMIT, _C.LIABILITY_INSURANCE, _C.SAFETY_FORM),
    _T.CLINICAL_EXPERIENCE: (
        _C.IMMUNIZATIONS,
        _C.TUBERCULOSIS_TEST,
        _C.CONFIDENTIALITY,
        _C.LIABILITY_INSURANCE,
    ),
    _T.SUPERVISED_AGRICULTURAL_EXPERIENCE: (_C.SAFETY_TRAINING,),
    _T.PRE_APPRENTICESHIP: (_C.SAFETY_TRAINING,),
    _T.YOUTH_APPRENTICESHIP: (_C.WORK_PERMIT, _C.SAFETY_TRAINING, _C.LIABILITY_INSURANCE),
    _T.REGISTERED_APPRENTICESHIP: (_C.SAFETY_TRAINING,),
}
# 29 CFR 29.5(b)(10): an apprentice is at least 16. Hospitals commonly ask the same of whoever is near patients.
_MINIMUM_AGES = {
    _T.CLINICAL_EXPERIENCE: 16,
    _T.YOUTH_APPRENTICESHIP: 16,
    _T.REGISTERED_APPRENTICESHIP: 16,
}
# What makes a kind what it is; a community may ask for more, never for less.
_NEEDS: dict[str, tuple[Need, ...]] = {
    _T.MICRO_INTERNSHIP: (_N.TOTAL_HOURS, _N.DELIVERABLE, _N.PAY),
    _T.NEAR_PEER_MENTORING: (_N.HOURS_A_MONTH, _N.ALUMNUS),
    _T.INDUSTRY_PROJECT: (_N.PHASES,),
}

FIRST_KINDS: Mapping[str, Kind] = {
    code.value: Kind(
        code=code.value,
        names=kind.names,
        stage=kind.stage,
        ceds=kind.ceds,
        workflow=Workflow.ENROLLMENT if code in _ENROLLED else Workflow.PURSUIT,
        requires_agreement=code not in _WITHOUT_AGREEMENT,
        clearances=tuple(clearance.value for clearance in _CLEARANCES.get(code, ())),
        minimum_age=_MINIMUM_AGES.get(code),
        needs=tuple(need.value for need in _NEEDS.get(code, ())),
    )
    for code, kind in OPPORTUNITY_TYPES.items()
}


def always_needed(code: str) -> tuple[str, ...]:
    """Return what every community asks of a kind, because it would not be that kind without."""
    return tuple(need.value for need in _NEEDS.get(code, ()))


def check_needs(code: str, needs: Iterable[str]) -> None:
    """Refuse to drop what a kind cannot be without."""
    missing = [need for need in always_needed(code) if need not in set(needs)]
    if missing:
        raise Refused(
            "always_needed",
            f"keep {', '.join(missing)} in the list; this kind is nothing without",
            f"conserve {', '.join(missing)} en la lista; este tipo no existe sin ello",
            pointer="/needs",
        )


def check_code_is_new(code: str, known: Iterable[str]) -> None:
    """Refuse a code that the community has already, retired or not, and a kind too many."""
    codes = set(known)
    if code in codes:
        raise Refused(
            "code_taken",
            "this code is taken; change that kind, or choose another code",
            "este código ya existe; modifique ese tipo o elija otro código",
            pointer="/code",
        )
    if len(codes) >= MOST_KINDS:
        raise Refused(
            "too_many_kinds",
            f"{MOST_KINDS} kinds are the most; change or reinstate one of those there are",
            f"{MOST_KINDS} tipos son el máximo; modifique o recupere uno de los que hay",
        )


def check_retired(kind: Kind, *, retired: bool) -> None:
    """Refuse to retire a kind twice, to reinstate one that is in use, and to change a retired one."""
    if kind.retired and not retired:
        raise Refused(
            "type_retired",
            "this kind is retired; reinstate it first",
            "este tipo está retirado; recupérelo primero",
        )
    if not kind.retired and retired:
        raise Refused(
            "type_not_retired",
            "this kind is in use; there is nothing to reinstate",
            "este tipo está en uso; no hay nada que recuperar",
        )


def workflow_of(code: str, said: str | None) -> Workflow:
    """Return a kind's workflow: what the community's version says, or the kind's first one; a pursuit if in doubt."""
    if said is not None:
        return Workflow(said)
    first = FIRST_KINDS.get(code)
    return Workflow.PURSUIT if first is None else first.workflow


def age_for(kind: Kind, minimum_age: int | None) -> int | None:
    """Return from what age a student may come: the kind's own where the host asks for less or for nothing."""
    ages = [age for age in (kind.minimum_age, minimum_age) if age is not None]
    return max(ages, default=None)


def clearances_for(kind: Kind, own: Iterable[str]) -> list[str]:
    """Return every clearance that is asked for: the kind's, then the host's own."""
    return list(dict.fromkeys([*kind.clearances, *own]))
