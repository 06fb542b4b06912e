import pytest

from app.domain.oneroster import Package, RosterPlan, plan, read_package
from tests.domain.roster_packages import (
    NORTH,
    RIVER,
    added,
    bulk_package,
    changed,
    delta_package,
    ended,
    only,
    row_of,
    without,
)


def taken(data: bytes) -> Package:
    package = read_package(data)
    assert package.faults == ()
    return package


def links_of(roster: RosterPlan, student: str) -> set[tuple[str, str]]:
    return {(link.guardian, link.relationship) for link in roster.guardian_links if link.student == student}


def notices_of(roster: RosterPlan) -> set[tuple[str, str]]:
    return {(notice.code, notice.value) for notice in roster.notices}


def test_the_town_becomes_schools_terms_people_and_classes() -> None:
    roster = plan(taken(bulk_package()))

    assert {school.sourced_id: school.parent for school in roster.schools} == {
        NORTH: "d-lark",
        RIVER: "d-lark",
    }
    assert [(unit.name, unit.kind) for unit in roster.units] == [("Larkmoor Unified", "district")]
    assert [term.kind for term in roster.terms] == ["schoolYear", "semester", "semester"]
    assert len(roster.people) == 25
    assert {each.sourced_id for each in roster.classes if each.class_type == "homeroom"} == {
        "cl-home-n",
        "cl-home-r",
    }
    assert len(roster.enrollments) == 16
    assert {each.person for each in roster.enrollments if each.role == "teacher" and each.primary} == {
        "sf-02",
        "sf-03",
    }


@pytest.mark.parametrize(
    ("roster_role", "role"),
    [
        ("student", "student"),
        *((role, "guardian") for role in ("guardian", "parent", "relative")),
        *(
            (role, "advisor")
            for role in ("teacher", "aide", "counselor", "proctor", "principal", "administrator")
        ),
        *(
            (role, "advisor")
            for role in ("siteAdministrator", "districtAdministrator", "systemAdministrator")
        ),
    ],
)
def test_each_roster_role_has_one_meaning_and_none_makes_a_coordinator(roster_role: str, role: str) -> None:
    roster = plan(taken(bulk_package(roles=changed("ro-sf-02-s-north", role=roster_role))))

    membership = next(each for each in roster.memberships if each.sourced_id == "ro-sf-02-s-north")

    assert (membership.role, membership.roster_role, membership.school) == (role, roster_role, NORTH)
    assert {each.role for each in roster.memberships} == {"student", "guardian", "advisor"}


def test_a_principal_arrives_as_advisor_and_a_notice_says_why() -> None:
    roster = plan(taken(bulk_package()))

    notice = next(each for each in roster.notices if each.code == "staff_as_advisor")

    assert notice.value == "principal"
    assert "never by an import" in notice.sentence


def test_a_mother_of_two_stands_for_both_in_both_schools() -> None:
    roster = plan(taken(bulk_package()))

    assert links_of(roster, "st-01") == {("gu-01", "parent"), ("gu-02", "parent")}
    assert links_of(roster, "st-02") == {("gu-01", "parent")}
    assert links_of(roster, "st-04") == {("gu-04", "relative")}
    assert {each.school for each in roster.memberships if each.person == "gu-01"} == {NORTH, RIVER}


def test_an_agent_without_any_role_is_a_guardian_where_the_child_goes_to_school() -> None:
    roster = plan(taken(bulk_package()))

    assert links_of(roster, "st-08") == {("gu-08", "guardian")}
    membership = next(each for each in roster.memberships if each.person == "gu-08")
    assert (membership.sourced_id, membership.school, membership.derived) == (
        "agent:gu-08@s-river",
        RIVER,
        True,
    )
    assert ("person_without_role", "gu-08") not in notices_of(roster)


def test_a_guardian_held_at_the_district_belongs_to_the_schools_of_the_children() -> None:
    roster = plan(taken(bulk_package(roles=changed("ro-gu-03-s-north", orgSourcedId="d-lark"))))

    assert [(each.school, each.derived) for each in roster.memberships if each.person == "gu-03"] == [
        (NORTH, True)
    ]
    assert "role_not_at_a_school" not in {code for code, _ in notices_of(roster)}


def test_staff_named_as_agent_do_not_become_guardians() -> None:
    roster = plan(taken(bulk_package(users=changed("st-09", agentSourcedIds="sf-04, st-10,st-09"))))

    assert links_of(roster, "st-09") == set()
    assert {("agent_not_guardian", agent) for agent in ("sf-04", "st-10", "st-09")} <= notices_of(roster)


def test_a_teacher_who_is_also_a_parent_is_both() -> None:
    more = {**row_of("roles", "ro-gu-02-s-north"), "sourcedId": "ro-more", "userSourcedId": "sf-05"}
    roster = plan(taken(bulk_package(users=changed("st-09", agentSourcedIds="sf-05"), roles=added(more))))

    assert links_of(roster, "st-09") == {("sf-05", "parent")}
    assert {each.role for each in roster.memberships if each.person == "sf-05"} == {"advisor", "guardian"}


def test_a_rejected_role_row_never_turns_its_holder_into_a_guardian() -> None:
    package = read_package(
        bulk_package(
            users=changed("st-09", agentSourcedIds="sf-04"), roles=changed("ro-sf-04-s-river", role="wizard")
        )
    )

    roster = plan(package)

    assert links_of(roster, "st-09") == set()
    assert "st-09" not in roster.students


def test_agents_of_somebody_who_is_no_student_make_no_link() -> None:
    roster = plan(taken(bulk_package(users=changed("sf-02", agentSourcedIds="gu-01"))))

    assert links_of(roster, "sf-02") == set()
    assert ("agents_of_no_student", "") in notices_of(roster)


def test_a_person_without_a_role_is_taken_without_a_membership() -> None:
    roster = plan(taken(bulk_package(roles=without("ro-sf-05-s-north"))))

    assert "sf-05" in {person.sourced_id for person in roster.people}
    assert "sf-05" not in {each.person for each in roster.memberships}
    assert ("person_without_role", "sf-05") in notices_of(roster)


def test_preferred_names_win_and_a_disabled_user_is_taken_as_disabled() -> None:
    roster = plan(
        taken(
            bulk_package(
                users=changed("st-01", preferredGivenName="Teo", enabledUser="false", pronouns="he/him")
            )
        )
    )

    person = roster.people[0]

    assert (person.given_name, person.family_name, person.enabled) == ("Teo", "Reyes", False)
    assert person.grades == ("11",)


def test_staff_of_a_department_belong_to_its_school_and_staff_of_a_district_to_none() -> None:
    department = {"sourcedId": "d-sci", "name": "Science", "type": "department", "parentSourcedId": NORTH}
    roster = plan(
        taken(
            bulk_package(
                orgs=added(department),
                roles=lambda rows: changed("ro-sf-03-s-river", orgSourcedId="d-lark")(
                    changed("ro-sf-02-s-north", orgSourcedId="d-sci")(rows)
                ),
            )
        )
    )

    assert [each.school for each in roster.memberships if each.person == "sf-02"] == [NORTH]
    assert [each.school for each in roster.memberships if each.person == "sf-03"] == []
    assert ("role_not_at_a_school", "d-lark") in notices_of(roster)


def test_a_district_with_one_school_stands_for_it() -> None:
    roster = plan(
        taken(
            bulk_package(
                orgs=changed(RIVER, parentSourcedId=""),
                roles=changed("ro-sf-02-s-north", orgSourcedId="d-lark"),
            )
        )
    )

    assert [each.school for each in roster.memberships if each.person == "sf-02"] == [NORTH]


def test_an_extension_role_and_a_proctor_in_class_are_left_out_with_a_notice() -> None:
    roster = plan(
        taken(
            bulk_package(
                roles=changed("ro-sf-05-s-north", role="ext:volunteer"),
                enrollments=changed("en-cl-bio-sf-02", role="proctor"),
            )
        )
    )

    assert {("role_not_kept", "ext:volunteer"), ("enrollment_role_not_kept", "proctor")} <= notices_of(roster)
    assert len(roster.enrollments) == 15


def test_people_without_a_roles_file_are_taken_with_one_notice() -> None:
    roster = plan(taken(bulk_package(roles=None)))

    assert len(roster.people) == 25
    assert [notice.code for notice in roster.notices].count("roles_absent") == 1
    assert "person_without_role" not in {code for code, _ in notices_of(roster)}
    assert "roles" not in roster.bulk_files


def test_a_delta_uses_what_is_stored_about_people_and_schools() -> None:
    known = {"users": {"st-03", "gu-03", "sf-04"}, "orgs": {NORTH, RIVER}}
    package = read_package(
        delta_package(users=[{**row_of("users", "st-03"), "agentSourcedIds": "gu-03,sf-04"}]), known
    )

    roster = plan(
        package,
        known,
        stored_roles={"st-03": {"student"}, "gu-03": {"guardian"}, "sf-04": {"advisor"}},
        stored_schools={NORTH: NORTH, RIVER: RIVER},
    )

    assert package.faults == ()
    assert links_of(roster, "st-03") == {("gu-03", "guardian")}
    assert roster.students == {"st-03"}
    assert [(each.person, each.school) for each in roster.memberships] == [("gu-03", NORTH)]


def test_a_delta_of_one_known_person_asks_for_no_role() -> None:
    known = {"users": {"sf-02"}, "orgs": {NORTH}}
    package = read_package(delta_package(users=only("sf-02"), roles=[ended("ro-sf-09-s-north")]), known)

    roster = plan(package, known)

    assert roster.notices == ()
    assert roster.ended["roles"] == {"ro-sf-09-s-north"}
    assert roster.bulk_files == frozenset()


def test_what_was_rejected_is_handed_on_as_held() -> None:
    roster = plan(read_package(bulk_package(users=changed("st-09", email="nope"))))

    assert roster.held["users"] == {"st-09"}
    assert "st-09" not in {person.sourced_id for person in roster.people}
    assert roster.bulk_files >= {"users", "roles"}
