"""What the demo community's students say of themselves: interests, skills, their week, and about where they live."""

from app.demo.community import Community, Student
from app.demo.ledger import Ledger
from app.demo.places import pick_coordinates
from app.domain.availability import Weekday, grid_bits, grid_of
from app.domain.policy import Role
from app.domain.riasec import SCALE, STATEMENTS, Interest, clusters_of, score
from app.domain.skills import SKILLS
from app.domain.travel import TravelMode, rounded_home
from app.models import StudentProfile

_OTHERS = 60
_TAGS = (
    "animals", "baking", "basketball", "bikes", "comics", "dance", "gardening", "gaming", "murals", "music production",
    "photography", "robotics", "sneakers", "soccer", "sewing", "stars",
)  # fmt: skip
_SCHOOL_DAYS = (Weekday.MON, Weekday.TUE, Weekday.WED, Weekday.THU, Weekday.FRI)
_MINUTES = (20, 30, 45, 60)


def build_profiles(ledger: Ledger, community: Community) -> None:
    """Write down the printed student's profile, and those of some others; most wrote nothing yet."""
    printed = community.logins[Role.STUDENT][1]
    mine = next(student for student in community.students if student.person is printed)
    others = [student for student in community.students if student is not mine]
    for student in (mine, *ledger.random.sample(others, _OTHERS)):
        _profile(ledger, student)


def _profile(ledger: Ledger, student: Student) -> None:
    chance, whose = ledger.random, student.person
    leaning = chance.sample(list(Interest), 2)
    top = len(SCALE) - 1
    answers = {
        each.code: chance.randint(2, top) if each.interest in leaning else chance.randint(0, 2)
        for each in STATEMENTS
    }
    scores = score(answers)
    free = chance.sample(_SCHOOL_DAYS, chance.randint(2, 5))
    latitude, longitude = rounded_home(*pick_coordinates(chance))
    made = ledger.add(
        StudentProfile,
        ledger.ago(50, 2),
        student_id=whose["id"],
        clusters=[cluster.value for cluster in clusters_of(scores)[: chance.randint(1, 3)]],
        skills=chance.sample(sorted(SKILLS), chance.randint(2, 5)),
        tags=chance.sample(_TAGS, chance.randint(1, 3)),
        riasec={interest.value: scores[interest] for interest in Interest},
        availability=grid_bits(grid_of([{"day": day, "from": "14:30", "to": "18:00"} for day in free])),
        home_latitude=latitude,
        home_longitude=longitude,
        travel_mode=chance.choice((TravelMode.TRANSIT, TravelMode.TRANSIT, TravelMode.WALK, TravelMode.BIKE)),
        travel_minutes=chance.choice(_MINUTES),
    )
    ledger.did("student_profile.update", made, whose, whose["id"])
