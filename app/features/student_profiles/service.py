"""What a student says of their interests, week and way; search and matching read it, staff what helps them.

Nobody but the student reads where they live: others are told that it is known, and later about how far things are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access import check_version
from app.core.db import Unit
from app.core.events import Author, record
from app.core.idempotency import blank_answers_about
from app.core.ids import new_id
from app.core.problems import FieldError, Forbidden, NotFound, PreconditionFailed, Unprocessable
from app.domain.availability import Grid, grid_bits, grid_of, grid_text, meetings_of, parse_bits, parse_grid
from app.domain.errors import Refused
from app.domain.free_text import holds_contact_data
from app.domain.policy import Actor
from app.domain.riasec import Interest, Scores, clusters_of, letters
from app.domain.travel import TravelMode, rounded_home
from app.features.opportunities.schemas import MeetsIn
from app.features.student_profiles import queries
from app.features.student_profiles.schemas import StudentProfilePatch
from app.models import StudentProfile

_READ, _READ_HOME = "student_profile.read", "student_profile.read_home"
_UPDATE, _ERASE = "student_profile.update", "student_profile.erase"


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of a student for search and matching; empty where they said nothing."""

    clusters: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    riasec: dict[Interest, int] | None = None
    availability: Grid | None = None
    home: tuple[float, float] | None = None
    travel_mode: TravelMode | None = None
    travel_minutes: int | None = None

    @property
    def interests(self) -> frozenset[str]:
        """Return the clusters a student leans to: those they chose, or else those their scores speak for."""
        if self.clusters or self.riasec is None:
            return frozenset(self.clusters)
        return frozenset(cluster.value for cluster in clusters_of(self.riasec))


async def of(source: AsyncSession | Unit, tenant_id: UUID, student_id: UUID) -> Profile:
    """Return a student's profile for search and matching; the caller answers for who may know what follows from it."""
    unit: Unit = source if isinstance(source, Unit) else source.info["unit"]
    found = await queries.facts(unit, tenant_id, student_id)
    if found is None:
        return Profile()
    clusters, skills, tags, riasec, availability, latitude, longitude, mode, minutes = found
    return Profile(
        tuple(clusters),
        tuple(skills),
        tuple(tags),
        _scores(riasec),
        None if availability is None else parse_bits(availability),
        None if latitude is None else (latitude, longitude),
        None if mode is None else TravelMode(mode),
        minutes,
    )


async def view(session: AsyncSession, actor: Actor, student_id: UUID) -> dict[str, Any]:
    """Return a student's profile as the caller may see it; raises NotFound."""
    may = await _allowed(session, actor, student_id, _READ, _READ_HOME, _UPDATE, _ERASE)
    found = await queries.profile(session, actor.tenant_id, student_id)
    return _shown(student_id, found, may)


async def change(
    session: AsyncSession, actor: Actor, student_id: UUID, body: StudentProfilePatch, version: int
) -> None:
    """Change what the caller says of themselves; the first change makes the profile, from version 0."""
    found = await _own(session, actor, student_id, _UPDATE)
    if found is None:
        if version != 0:
            raise PreconditionFailed(
                "there is no profile any more; read it again, and send the new ETag with your change",
                spanish="el perfil ya no existe; léelo de nuevo y envía el nuevo ETag con tu cambio",
            )
        found = _new(session, actor, student_id)
    else:
        check_version(found, version)
    _check_tags(body.tags or ())
    given = {name: getattr(body, name) for name in body.model_fields_set}
    if "home" in given:
        home = given.pop("home")
        here = (None, None) if home is None else rounded_home(home.latitude, home.longitude)
        found.home_latitude, found.home_longitude = here
    if "free" in given:
        free = given.pop("free")
        given["availability"] = None if free is None else grid_text(_grid(free))
    if given.get("availability") is not None:
        given["availability"] = grid_bits(parse_grid(given["availability"]))
    for name in ("clusters", "skills"):
        if name in given:
            given[name] = list(dict.fromkeys(str(code) for code in given[name]))
    if "tags" in given:
        given["tags"] = list(
            {" ".join(tag.split()).casefold(): " ".join(tag.split()) for tag in given["tags"]}.values()
        )
    for name, value in given.items():
        setattr(found, name, value)
    await record(session, _UPDATE, actor=actor, subject=found, person_id=student_id)


async def keep_scores(session: AsyncSession, actor: Actor, scores: Scores) -> tuple[UUID, int]:
    """Keep the scores of the questionnaire that the caller answered; returns the student and the profile's version."""
    student_id = actor.person_id
    if student_id is None:
        raise Forbidden("only students have profiles", spanish="solo los estudiantes tienen perfil")
    found = await _own(session, actor, student_id, _UPDATE) or _new(session, actor, student_id)
    found.riasec = {interest.value: scores[interest] for interest in Interest}
    await record(session, "questionnaire.answer", actor=actor, subject=found, person_id=student_id)
    return student_id, found.version


async def erase_own(session: AsyncSession, actor: Actor, student_id: UUID) -> None:
    """Erase everything the caller ever said of themselves here."""
    found = await _own(session, actor, student_id, _ERASE)
    if found is not None:
        await erase(session, found, action=_ERASE, actor=actor)


async def erase(
    session: AsyncSession,
    found: StudentProfile,
    *,
    action: str,
    actor: Author | str,
    reason: str | None = None,
) -> None:
    """Erase a profile that is locked, out of stored answers as well."""
    await session.delete(found)
    await record(session, action, actor=actor, subject=found, reason=reason, person_id=found.student_id)
    await blank_answers_about(session, found.tenant_id, [found.id])


def _new(session: AsyncSession, actor: Actor, student_id: UUID) -> StudentProfile:
    made = StudentProfile(tenant_id=actor.tenant_id, id=new_id(), student_id=student_id)
    session.add(made)
    return made


async def _own(session: AsyncSession, actor: Actor, student_id: UUID, action: str) -> StudentProfile | None:
    """Return the caller's own profile, locked; None where it is not there yet."""
    may = await _allowed(session, actor, student_id, _READ, action)
    if not may[action]:
        raise Forbidden(
            "only the student changes this profile; talk it over with them",
            spanish="este perfil solo lo cambia el estudiante; háblelo con él o ella",
        )
    await queries.lock_student(session, actor.tenant_id, student_id)
    return await queries.profile(session, actor.tenant_id, student_id, lock=True)


async def _allowed(session: AsyncSession, actor: Actor, student_id: UUID, *actions: str) -> dict[str, bool]:
    found = await queries.what_is_allowed(session, actor, student_id, *actions)
    if found is None or not found[_READ]:
        raise NotFound(
            "there is no student here with this id whose profile you may see",
            spanish="no hay aquí ningún estudiante con ese id cuyo perfil usted pueda ver",
        )
    return found


def _check_tags(tags: Sequence[str]) -> None:
    errors = [
        FieldError("holds contact data", "contact_data", pointer=f"/tags/{place}")
        for place, tag in enumerate(tags)
        if holds_contact_data(tag)
    ]
    if errors:
        raise Unprocessable(
            "leave e-mail addresses and telephone numbers out of your interests",
            spanish="no escribas correos ni teléfonos en tus intereses",
            errors=errors,
        )


def _grid(free: Sequence[MeetsIn]) -> Grid:
    try:
        return grid_of([each.model_dump(mode="json", by_alias=True) for each in free])
    except Refused as refused:
        place = (refused.pointer or "").removeprefix("/meets")
        raise Refused(refused.code, refused.sentence, refused.spanish, pointer=f"/free{place}") from None


def _scores(stored: dict[str, int] | None) -> dict[Interest, int] | None:
    return None if stored is None else {interest: stored[interest.value] for interest in Interest}


def _shown(student_id: UUID, found: StudentProfile | None, may: dict[str, bool]) -> dict[str, Any]:
    actions = [action.split(".")[1] for action in (_ERASE, _UPDATE) if may[action]]
    if found is None:
        found = StudentProfile(clusters=[], skills=[], tags=[], version=0)
        actions = [verb for verb in actions if verb == "update"]
    scores = _scores(found.riasec)
    known = found.home_latitude is not None
    grid = None if found.availability is None else parse_bits(found.availability)
    return {
        "student_id": student_id,
        "clusters": found.clusters,
        "skills": found.skills,
        "tags": found.tags,
        "riasec": found.riasec,
        "strongest_interests": [] if scores is None else list(letters(scores)),
        "suggested_clusters": [] if scores is None else list(clusters_of(scores)),
        "availability": None if grid is None else grid_text(grid),
        "home": {"latitude": found.home_latitude, "longitude": found.home_longitude}
        if known and may[_READ_HOME]
        else None,
        "home_known": known,
        "free": None if grid is None else meetings_of(grid),
        "travel_mode": found.travel_mode,
        "travel_minutes": found.travel_minutes,
        "version": found.version,
        "allowed_actions": actions,
    }
