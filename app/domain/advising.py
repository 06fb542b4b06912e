"""Who advises whom, as far as a roster's classes can tell."""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

HOMEROOM = "homeroom"


class ClassMember(NamedTuple):
    """Somebody in a class: `role` is teacher or student."""

    class_id: UUID
    class_type: str
    school: UUID
    person: UUID
    role: str


def advisory_pairs(members: Iterable[ClassMember]) -> dict[tuple[UUID, UUID], UUID]:
    """Give (advisor, student) and the school of each pair.

    Teachers advise the students of their homeroom classes. In a school that keeps no homerooms at all every class counts,
    because its students would otherwise have nobody who may approve their start.
    """
    everyone = list(members)
    with_homerooms = {each.school for each in everyone if each.class_type == HOMEROOM}
    teachers: dict[UUID, set[UUID]] = {}
    students: dict[UUID, set[UUID]] = {}
    school_of: dict[UUID, UUID] = {}
    for each in everyone:
        if each.school in with_homerooms and each.class_type != HOMEROOM:
            continue
        school_of[each.class_id] = each.school
        if each.role in {"teacher", "student"}:
            group = teachers if each.role == "teacher" else students
            group.setdefault(each.class_id, set()).add(each.person)
    pairs: dict[tuple[UUID, UUID], UUID] = {}
    for class_id, advisors in teachers.items():
        for advisor in advisors:
            for student in students.get(class_id, ()):
                if advisor != student:
                    held = pairs.setdefault((advisor, student), school_of[class_id])
                    # The same pair in classes of two schools must come out the same every night.
                    pairs[advisor, student] = min(held, school_of[class_id])
    return pairs
