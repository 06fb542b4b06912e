"""Notifications over HTTP: reading them and marking them."""

from datetime import timedelta
from uuid import UUID

from app.core import clock
from app.core.ids import new_id
from app.core.jobs import working
from app.models import Notification
from tests.world import World


async def _tell(
    world: World, name: str, kind: str, subject: tuple[str, str], *, action: bool = False
) -> UUID:
    """Put a notification on somebody's list, each later than the one before."""
    resident = world.residents[name]
    notification_id = new_id()
    subject_type, subject_name = subject
    async with working(world.database, resident.tenant_id) as unit:
        unit.session.add(
            Notification(
                tenant_id=resident.tenant_id,
                id=notification_id,
                created_at=clock.now() + timedelta(seconds=len(world.ids)),
                person_id=resident.person_id,
                event_id=new_id(),
                kind=kind,
                subject_type=subject_type,
                subject_id=world[subject_name],
                needs_action=action,
            )
        )
    world.ids[str(notification_id)] = notification_id
    return notification_id


async def test_a_notification_is_told_in_the_readers_language(world: World) -> None:
    await _tell(world, "leo", "pursuit_approved", ("pursuit", "leo_pursuit"), action=True)
    await _tell(world, "leo", "placement_active", ("placement", "leo_placement"))
    leo = world.as_("leo")

    english = (await leo.get("/v1/notifications")).json()["items"]
    spanish = (await leo.get("/v1/notifications", headers={"Accept-Language": "es-MX"})).json()["items"]
    await leo.patch("/v1/me", json={"locale": "es"}, version=1)
    own = (await leo.get("/v1/notifications")).json()["items"]

    assert [item["kind"] for item in english] == ["placement_active", "pursuit_approved"]
    assert english[0]["text"] == "The placement in “School garden project” is active."
    assert "«Veterinary assistant internship»" in spanish[1]["text"]
    assert [item["text"] for item in own] == [item["text"] for item in spanish]
    assert english[1]["needs_action"]
    assert english[1]["allowed_actions"] == ["mark_read"]


async def test_marking_one_takes_it_off_the_unread(world: World) -> None:
    first = await _tell(world, "leo", "pursuit_approved", ("pursuit", "leo_pursuit"), action=True)
    second = await _tell(world, "leo", "placement_active", ("placement", "leo_placement"))
    leo = world.as_("leo")

    marked = await leo.post(f"/v1/notifications/{first}/mark_read", version=1)
    again = await leo.post(f"/v1/notifications/{first}/mark_read", version=marked.json()["version"])
    unread = await leo.get("/v1/notifications", params={"unread": "true"})
    read = await leo.get("/v1/notifications", params={"unread": "false"})

    assert marked.status_code == 200, marked.text
    assert marked.json()["read_at"] is not None
    assert marked.json()["allowed_actions"] == []
    assert marked.headers["ETag"] == '"2"'
    assert again.json()["version"] == 2
    assert [item["id"] for item in unread.json()["items"]] == [str(second)]
    assert [item["id"] for item in read.json()["items"]] == [str(first)]


async def test_all_are_marked_at_once_and_only_ones_own(world: World) -> None:
    await _tell(world, "leo", "pursuit_approved", ("pursuit", "leo_pursuit"), action=True)
    await _tell(world, "leo", "placement_active", ("placement", "leo_placement"))
    await _tell(world, "maya", "placement_active", ("placement", "leo_placement"))

    answer = await world.as_("leo").post("/v1/notifications/mark_all_read")
    mine = await world.as_("leo").get("/v1/notifications", params={"unread": "true"})
    others = await world.as_("maya").get("/v1/notifications", params={"unread": "true"})

    assert answer.json() == {"marked": 2}
    assert mine.json()["items"] == []
    assert len(others.json()["items"]) == 1


async def test_what_asks_for_something_is_counted_on_my_page(world: World) -> None:
    await _tell(world, "maya", "pursuit_approved", ("pursuit", "leo_pursuit"), action=True)
    await _tell(world, "maya", "placement_active", ("placement", "leo_placement"))
    maya = world.as_("maya")

    (need,) = (await maya.get("/v1/me")).json()["needs_me"]
    opened = await maya.get(need["href"])

    assert (need["kind"], need["count"]) == ("notifications", 1)
    assert [item["kind"] for item in opened.json()["items"]] == ["pursuit_approved"]


async def test_the_list_is_paged(world: World) -> None:
    for _ in range(3):
        await _tell(world, "leo", "placement_active", ("placement", "leo_placement"))
    leo = world.as_("leo")

    first = await leo.get("/v1/notifications", params={"limit": 2})
    second = await leo.get("/v1/notifications", params={"limit": 2, "cursor": first.json()["next_cursor"]})

    assert (len(first.json()["items"]), len(second.json()["items"])) == (2, 1)


async def test_nobody_reads_or_marks_anothers(world: World) -> None:
    told = await _tell(world, "leo", "pursuit_approved", ("pursuit", "leo_pursuit"))
    path = f"/v1/notifications/{told}/mark_read"

    answers = {name: await world.as_(name).post(path, version=1) for name in ("maya", "clara", "ria", "olga")}
    machine = await world.as_("lakeside_sis").get("/v1/notifications")
    stale = await world.as_("leo").post(path, version=3)
    blind = await world.as_("leo").post(path)

    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(answers, 404)
    assert machine.status_code == 403
    assert (stale.status_code, blind.status_code) == (412, 428)
