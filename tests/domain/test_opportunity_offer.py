"""What a listing must say: kinds, needs, and what contradicts itself."""

from dataclasses import replace
from datetime import date

import pytest

from app.domain.errors import Refused
from app.domain.names import NAMES
from app.domain.opportunity import Pay
from app.domain.opportunity_kind import (
    FIRST_KINDS,
    MOST_KINDS,
    Need,
    age_for,
    always_needed,
    check_code_is_new,
    check_needs,
    check_retired,
    clearances_for,
)
from app.domain.opportunity_offer import (
    ListingFacts,
    check_age_of_kind,
    check_complete,
    check_not_over,
    check_sense,
    missing,
)
from app.domain.opportunity_types import OpportunityTypeCode, Workflow
from app.domain.skills import SKILLS, SkillKind

WHOLE = ListingFacts(
    type="micro_internship",
    starts_on=date(2031, 1, 1),
    ends_on=date(2031, 2, 1),
    apply_by=date(2030, 12, 1),
    has_timetable=True,
    has_place=True,
    total_hours=20,
    deliverable="A flyer",
    pay=Pay.STIPEND,
    pay_cents_total=30_000,
    hours_a_month=4,
    through_alumnus=True,
    phases=2,
)


def test_every_type_of_the_field_is_a_kind_with_a_workflow() -> None:
    assert set(FIRST_KINDS) == {code.value for code in OpportunityTypeCode}
    assert {kind.workflow for kind in FIRST_KINDS.values()} == set(Workflow)
    assert all(kind.number == 1 and not kind.retired for kind in FIRST_KINDS.values())


def test_placements_of_weeks_need_an_agreement_and_a_days_visit_does_not() -> None:
    with_agreement = {code for code, kind in FIRST_KINDS.items() if kind.requires_agreement}

    assert {"internship_paid", "internship_unpaid", "clinical_experience"} <= with_agreement
    assert not {"job_shadow", "worksite_tour", "virtual_session"} & with_agreement


def test_a_whole_listing_lacks_nothing_and_an_empty_one_everything() -> None:
    every = [need.value for need in Need]

    assert missing(every, WHOLE) == []
    assert missing(every, ListingFacts(type="job_shadow")) == list(Need)
    assert missing([], ListingFacts(type="job_shadow")) == []


@pytest.mark.parametrize(
    ("pay", "by_hour", "total", "said"),
    [
        (Pay.UNKNOWN, 1500, None, False),
        (Pay.PAID, None, None, False),
        (Pay.PAID, 1500, None, True),
        (Pay.STIPEND, None, 30_000, True),
        (Pay.STIPEND, None, 0, False),
        (Pay.PAID, 0, None, False),
        (Pay.UNPAID, None, None, True),
    ],
)
def test_pay_is_said_with_its_amount_or_as_unpaid(
    pay: Pay, by_hour: int | None, total: int | None, *, said: bool
) -> None:
    facts = replace(WHOLE, pay=pay, pay_cents_per_hour=by_hour, pay_cents_total=total)

    assert (missing([Need.PAY], facts) == []) is said


def test_the_refusal_says_everything_that_lacks_in_both_languages() -> None:
    with pytest.raises(Refused) as refused:
        check_complete(FIRST_KINDS["micro_internship"], ListingFacts(type="micro_internship"))

    assert refused.value.sentence.count(";") == 2
    assert "cuántas horas" in refused.value.spanish


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"minimum_age": 16, "maximum_age": 15}, "/maximum_age"),
        ({"apply_by": date(2031, 2, 2)}, "/apply_by"),
        ({"pay": Pay.UNPAID}, "/pay"),
        ({"total_hours": 61}, "/total_hours"),
        ({"type": "near_peer_mentoring", "hours_a_month": 21}, "/hours_a_month"),
        ({"type": "internship_paid", "pay": Pay.UNPAID, "pay_cents_total": None}, "/pay"),
        ({"type": "internship_unpaid"}, "/pay"),
    ],
)
def test_what_contradicts_itself_is_refused(change: dict[str, object], pointer: str) -> None:
    check_sense(WHOLE)

    with pytest.raises(Refused) as refused:
        check_sense(replace(WHOLE, **change))  # type: ignore[arg-type] # each case names fields of its own

    assert refused.value.pointer == pointer


def test_the_last_day_is_not_over_yet() -> None:
    check_not_over(WHOLE, date(2030, 12, 1))

    with pytest.raises(Refused):
        check_not_over(WHOLE, date(2030, 12, 2))
    with pytest.raises(Refused):
        check_not_over(replace(WHOLE, apply_by=None), date(2031, 2, 2))


def test_a_host_may_ask_for_a_higher_age_and_never_for_a_lower_one() -> None:
    kind = FIRST_KINDS["registered_apprenticeship"]

    assert [age_for(kind, age) for age in (None, 14, 18)] == [16, 16, 18]
    assert age_for(FIRST_KINDS["job_shadow"], None) is None
    check_age_of_kind(kind, 16)
    with pytest.raises(Refused):
        check_age_of_kind(kind, 15)


def test_clearances_of_the_type_come_first_and_each_once() -> None:
    kind = FIRST_KINDS["internship_unpaid"]

    assert clearances_for(kind, ["photo_id", "safety_form"]) == [
        "liability_insurance",
        "safety_form",
        "photo_id",
    ]


def test_what_makes_a_kind_what_it_is_stays() -> None:
    check_needs("near_peer_mentoring", [*always_needed("near_peer_mentoring"), "dates"])

    with pytest.raises(Refused):
        check_needs("near_peer_mentoring", ["hours_a_month"])
    check_needs("job_shadow", [])


def test_a_community_has_no_more_kinds_than_anybody_can_choose_among() -> None:
    check_code_is_new("one_more", [f"kind_{n}" for n in range(MOST_KINDS - 1)])

    with pytest.raises(Refused):
        check_code_is_new("one_more", [f"kind_{n}" for n in range(MOST_KINDS)])
    with pytest.raises(Refused):
        check_code_is_new("job_shadow", FIRST_KINDS)


def test_a_kind_is_retired_once_and_reinstated_once() -> None:
    kind = FIRST_KINDS["job_shadow"]
    check_retired(kind, retired=False)
    check_retired(replace(kind, retired=True), retired=True)

    with pytest.raises(Refused):
        check_retired(kind, retired=True)
    with pytest.raises(Refused):
        check_retired(replace(kind, retired=True), retired=False)


def test_skills_are_of_both_kinds_and_named_in_both_languages() -> None:
    assert {skill.kind for skill in SKILLS.values()} == set(NAMES[SkillKind])
    assert len(SKILLS) >= 60
    assert all(skill.names.en and skill.names.es and skill.words for skill in SKILLS.values())
    assert len({skill.names.en for skill in SKILLS.values()}) == len(SKILLS)
    assert len({skill.names.es for skill in SKILLS.values()}) == len(SKILLS)
