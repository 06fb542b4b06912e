"""What the demo community's students know of their own network: maps and goals, private but for the one adult's."""

from datetime import timedelta
from typing import NamedTuple

from app.demo.community import Community, Student
from app.demo.ledger import Ledger, Row, Step
from app.demo.places import ZONE
from app.domain.connection import ConnectionDomain as D
from app.domain.goal import TRANSITIONS, GoalAction, GoalStatus
from app.domain.network_map import HelpKind as H
from app.domain.network_map import reminder
from app.domain.notices import Audience
from app.domain.policy import Role
from app.models import Goal, MapEntry, MapEntryGoal, MapShare

_OTHERS = 40


class _Known(NamedTuple):
    label: str
    domain: D
    closeness: int
    frequency: int
    help: tuple[H, ...] = ()
    fields: tuple[str, ...] = ()
    goals: tuple[int, ...] = ()
    step: str | None = None


_GOALS = (
    ("Find out whether nursing is for me", "nurse", GoalStatus.OPEN),
    ("See how a clinic for animals works", "veterinarian", GoalStatus.OPEN),
    ("Finish my first aid course", None, GoalStatus.REACHED),
)
_PEOPLE = (
    _Known("Mamá", D.HOUSEHOLD, 3, 5, (H.CONCRETE, H.EMOTIONAL)),
    _Known("My brother Luis", D.HOUSEHOLD, 3, 5, (H.EMOTIONAL,)),
    _Known("Aunt Bea", D.FAMILY, 3, 3, (H.ADVICE, H.EMOTIONAL), ("nurse",), (0,), "Ask what nights are like"),
    _Known("Grandpa Tomás", D.FAMILY, 3, 2, (H.ADVICE,), ("carpenter",)),
    _Known("Cousin Ines", D.FAMILY, 2, 2),
    _Known("Mrs. Okafor next door", D.NEIGHBOURS, 2, 4, (H.CONCRETE,)),
    _Known("The man with the two dogs", D.NEIGHBOURS, 1, 4, (), (), (1,), "Ask which vet he goes to"),
    _Known("Coach Dee", D.CLUB, 3, 4, (H.ADVICE, H.INTRODUCTIONS), (), (0,)),
    _Known("Priya from robotics", D.CLUB, 2, 5, (H.EMOTIONAL,)),
    _Known("Sam at the bakery", D.WORK, 2, 3, (H.CONCRETE,)),
    _Known("Noor", D.FRIENDS, 3, 5, (H.EMOTIONAL, H.ADVICE)),
    _Known("Noor's mother", D.FRIENDS, 2, 2, (H.INTRODUCTIONS,), ("healthcare_human_services",), (0,)),
    _Known("Jamal", D.FRIENDS, 2, 4),
    _Known("Ms. Whitfield, biology", D.SCHOOL, 2, 5, (H.ADVICE,), ("education",), (1, 0)),
    _Known("The school nurse", D.SCHOOL, 1, 1, (), ("nurse",), (0,), "Say hello and ask for ten minutes"),
)

# Nobody of a community of faith is on the printed student's map: an empty part of life is a question there.
_MORE_PEOPLE = (
    *_PEOPLE,
    _Known("Pastor Lin", D.FAITH, 2, 3, (H.EMOTIONAL, H.INTRODUCTIONS)),
    _Known("The choir", D.FAITH, 2, 4, (H.EMOTIONAL,)),
)


def build_maps(ledger: Ledger, community: Community) -> None:
    """Write down the printed student's map, shown to their advisor, and smaller ones that nobody is shown."""
    printed = community.logins[Role.STUDENT][1]
    mine = next(student for student in community.students if student.person is printed)
    others = [student for student in community.students if student is not mine]
    _map(ledger, mine, list(_PEOPLE), with_goals=True)
    at = ledger.ago(9)
    share = ledger.add(
        MapShare, at, student_id=printed["id"], adult_id=mine.advisor["id"], shared_at=at, revoked_at=None
    )
    ledger.created("map_share", share, printed, printed["id"], {Audience.ADULT: [mine.advisor]})
    for student in ledger.random.sample(others, _OTHERS):
        _map(
            ledger, student, ledger.random.sample(_MORE_PEOPLE, ledger.random.randint(2, 7)), with_goals=False
        )


def _map(ledger: Ledger, student: Student, people: list[_Known], *, with_goals: bool) -> None:
    whose = student.person
    goals: list[Row] = []
    for title, field, status in _GOALS if with_goals else ():
        goal = ledger.add(
            Goal,
            ledger.ago(40, 30),
            student_id=whose["id"],
            title=title,
            field=field,
            status=GoalStatus.OPEN,
            due_on=None,
        )
        goals.append(goal)
        ledger.created("goal", goal, whose, whose["id"])
        if status is GoalStatus.REACHED:
            reached = Step(GoalAction.REACH, ledger.ago(9, 5), whose)
            ledger.follow(TRANSITIONS, goal, [reached], whose["id"])
    for number, known in enumerate(people):
        due_on = None if known.step is None else ledger.today + timedelta(days=3 + number)
        entry = ledger.add(
            MapEntry,
            ledger.ago(28, 10),
            student_id=whose["id"],
            label=known.label,
            domain=known.domain,
            closeness=known.closeness,
            frequency=known.frequency,
            help=[kind.value for kind in known.help],
            fields=list(known.fields),
            next_step=known.step,
            next_step_due_on=due_on,
            remind_at=None if due_on is None else reminder(due_on, ZONE),
            connection_id=None,
        )
        ledger.created("map_entry", entry, whose, whose["id"])
        for place in known.goals if with_goals else ():
            ledger.add(MapEntryGoal, entry["created_at"], entry_id=entry["id"], goal_id=goals[place]["id"])
