"""Merges over HTTP: who may, what they keep, what they refuse, and two at once."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from app.core import clock
from app.core.ids import new_id
from app.core.jobs import working
from app.domain.contact import ContactAction
from app.domain.duplicates.lives import DuplicateKind
from app.domain.listing_file import read_listings
from app.features.contacts import service as contacts
from app.features.listings import service as listings
from app.models import Contact, DuplicatePair
from tests.draining import Drain
from tests.network import holding
from tests.world import World

OFFER: dict[str, Any] = {"domain": "friends", "closeness": 2, "frequency": 3, "offers": ["host"]}


async def person(world: World, name: str, status: str = "proposed", **values: Any) -> UUID:
    world.ids[name] = new_id()
    async with working(world.database, world["lakeside"]) as unit:
        unit.session.add(
            Contact(
                tenant_id=world["lakeside"],
                id=world[name],
                status=status,
                school_id=world["north"],
                suggested_by_role="guardian",
                email=values.pop("email", f"{name}@hospital.example"),
                given_name=name.title(),
                family_name="Ortega",
                **values,
            )
        )
    return world[name]


async def pair(world: World, one: str, other: str, kind: str = "contact") -> dict[str, Any]:
    left, right = sorted((world[one], world[other]))
    pair_id = new_id()
    async with working(world.database, world["lakeside"]) as unit:
        unit.session.add(
            DuplicatePair(
                tenant_id=world["lakeside"],
                id=pair_id,
                kind=DuplicateKind(kind),
                left_id=left,
                right_id=right,
                score=0.9,
                reasons=["same_name"],
            )
        )
    return {
        "id": pair_id,
        one: "left" if world[one] == left else "right",
        other: "left" if world[other] == left else "right",
    }


async def merge(world: World, found: dict[str, Any], keep: str, who: str = "clara", **fields: str) -> Any:
    body = {"keep": found[keep], "fields": {name: found[side] for name, side in fields.items()}}
    return await world.as_(who).post(f"/v1/duplicates/{found['id']}/merge", json=body, version=1)


async def employer(world: World, name: str) -> str:
    made = await world.as_("clara").post(
        "/v1/employers",
        json={"name": name, "website": f"https://{name.split(maxsplit=1)[0].lower()}.example"},
    )
    world.ids[name] = UUID(made.json()["id"])
    return name


async def test_a_merge_keeps_listings_and_placements_and_says_who_did_it(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    other = await employer(world, "Lake Vets")
    found = await pair(world, "clinic", other, "employer")
    before = owner.execute(
        "SELECT count(*) FROM placements WHERE employer_id = %s", (world["clinic"],)
    ).fetchone()

    answer = await merge(world, found, "clinic", website=other)

    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert (body["kept_id"], body["lost_id"]) == (str(world["clinic"]), str(world[other]))
    assert body["exchanged"] == ["website"]
    assert body["allowed_actions"] == ["undo"]
    clinic = await world.as_("clara").get(f"/v1/employers/{world['clinic']}")
    assert clinic.json()["website"] == "https://lake.example"
    gone = await world.as_("clara").get(f"/v1/employers/{world[other]}")
    assert (gone.status_code, gone.json()["code"]) == (404, "merged")
    assert str(world["clinic"]) in gone.json()["detail"]
    listed = await world.as_("clara").get("/v1/employers")
    assert str(world[other]) not in {item["id"] for item in listed.json()["items"]}
    after = owner.execute(
        "SELECT count(*) FROM placements WHERE employer_id = %s", (world["clinic"],)
    ).fetchone()
    assert before == after
    event = owner.execute(
        "SELECT actor_person_id, facts FROM events WHERE action = 'duplicate.merge'"
    ).fetchone()
    assert event == (
        world["clara"],
        {"merge_id": body["id"], "kept_id": str(world["clinic"]), "lost_id": str(world[other])},
    )


async def test_a_workplace_that_is_vetted_is_kept(world: World) -> None:
    found = await pair(world, "clinic", "garage", "employer")

    refused = await merge(world, found, "garage")

    assert refused.status_code == 422
    assert refused.json()["code"] == "keep_the_other"


async def test_a_connection_to_a_prospect_becomes_active_when_it_turns_out_to_be_vetted(
    world: World,
) -> None:
    made = await world.as_("rosa").post("/v1/connections", json={**OFFER, "employer": {"name": "Lake Vets"}})
    path = made.headers["Location"]
    await world.as_("clara").post(f"{path}/screen", version=1)
    world.ids["lake"] = UUID(made.json()["employer_id"])
    found = await pair(world, "clinic", "lake", "employer")

    merged = await merge(world, found, "clinic")

    assert (await world.as_("rosa").get(path)).json()["status"] == "active"
    await world.as_("clara").post(f"/v1/merges/{merged.json()['id']}/undo", version=1)
    assert (await world.as_("rosa").get(path)).json()["status"] == "dormant"


async def test_who_said_yes_is_kept_with_the_address_that_did(world: World) -> None:
    await person(world, "elsa")
    found = await pair(world, "cousin", "elsa")

    not_kept = await merge(world, found, "elsa")
    other_address = await merge(world, found, "cousin", email="elsa")
    merged = await merge(world, found, "cousin", given_name="elsa")

    assert (not_kept.status_code, not_kept.json()["code"]) == (422, "keep_the_other")
    assert (other_address.status_code, other_address.json()["code"]) == (422, "address_agreed")
    assert merged.status_code == 200, merged.text
    kept = (await world.as_("clara").get(f"/v1/contacts/{world['cousin']}")).json()
    assert (kept["given_name"], kept["email"], kept["status"]) == ("Elsa", "vera@clinic.example", "consented")
    gone = await world.as_("clara").get(f"/v1/contacts/{world['elsa']}")
    assert (gone.status_code, gone.json()["code"]) == (404, "merged")


async def test_an_open_question_is_answered_first(world: World) -> None:
    await person(world, "elsa", "invited", answer_due_at=clock.now() + timedelta(days=9))
    found = await pair(world, "cousin", "elsa")

    refused = await merge(world, found, "cousin")

    assert (refused.status_code, refused.json()["code"]) == (409, "awaiting_answer")


async def test_whoever_said_no_cannot_be_merged(world: World) -> None:
    await person(world, "elsa")
    found = await pair(world, "cousin", "elsa")
    async with working(world.database, world["lakeside"]) as unit:
        gone = await unit.session.get_one(Contact, (world["lakeside"], world["elsa"]))
        gone.given_name = gone.family_name = gone.email = None
        gone.status, gone.erased_at = "declined", clock.now()  # type: ignore[assignment] # the column takes its text

    refused = await merge(world, found, "cousin")

    assert (refused.status_code, refused.json()["code"]) == (409, "erased")


async def test_an_offer_at_the_other_address_leads_to_the_one_that_was_kept(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    await person(world, "elsa")
    merged = await merge(world, await pair(world, "cousin", "elsa"), "cousin")
    assert merged.status_code == 200, merged.text

    body = {**OFFER, "person": {"given_name": "E", "family_name": "O", "email": "elsa@hospital.example"}}
    made = await world.as_("ada").post("/v1/connections", json=body)

    found = owner.execute("SELECT contact_id FROM connections WHERE id = %s", (made.json()["id"],)).fetchone()
    assert found == (world["cousin"],)


async def test_erasing_the_kept_one_erases_the_other_and_nothing_can_be_given_back(
    world: World, drain: Drain, owner: psycopg.Connection[Any]
) -> None:
    await person(world, "zenobia", phone="+1 312 555 0199")
    merged = await merge(
        world, await pair(world, "cousin", "zenobia"), "cousin", given_name="zenobia", phone="zenobia"
    )
    assert merged.status_code == 200, merged.text
    await drain()
    async with working(world.database, world["lakeside"]) as unit:
        kept = await contacts.locked(unit.session, world["lakeside"], world["cousin"])
        assert kept is not None
        await contacts.close(unit.session, kept, ContactAction.ERASE, hash_key=None, actor="system")
    await drain()

    undone = await world.as_("ellis").post(f"/v1/merges/{merged.json()['id']}/undo", version=1)

    assert (undone.status_code, undone.json()["code"]) == (409, "erased")
    assert holding(owner, "zenobia", "ortega", "555 0199", "3125550199") == {}


async def test_a_merge_is_not_undone_once_the_one_that_was_merged_away_is_erased(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    await person(world, "zenobia", phone="+1 312 555 0199")
    merged = await merge(world, await pair(world, "cousin", "zenobia"), "cousin")
    async with working(world.database, world["lakeside"]) as unit:
        lost = await contacts.locked(unit.session, world["lakeside"], world["zenobia"])
        assert lost is not None
        await contacts.close(unit.session, lost, ContactAction.ERASE, hash_key=None, actor="system")

    undone = await world.as_("ellis").post(f"/v1/merges/{merged.json()['id']}/undo", version=1)

    assert (undone.status_code, undone.json()["code"]) == (409, "erased")
    row = "SELECT given_name, email, phone, merged_into_id FROM contacts WHERE id = %s"
    assert owner.execute(row, (world["zenobia"],)).fetchone() == (None, None, None, world["cousin"])
    kept = "SELECT given_name, erased_at FROM contacts WHERE id = %s"
    assert owner.execute(kept, (world["cousin"],)).fetchone() == ("Vera", None)


async def test_different_is_for_ever_after_a_merge_and_comes_back_with_its_undoing(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    one, other, third = [await employer(world, name) for name in ("Ash Bakery", "Ash Bread", "Ash Store")]
    kept = await pair(world, one, other, "employer")
    apart = await pair(world, other, third, "employer")
    waiting = await pair(world, one, third, "employer")
    await world.as_("clara").post(
        f"/v1/duplicates/{apart['id']}/mark_different", json={"reason": "another family"}, version=1
    )

    merged = await merge(world, kept, one)

    status = "SELECT status FROM duplicate_pairs WHERE id = %s"
    assert merged.status_code == 200, merged.text
    assert owner.execute(status, (waiting["id"],)).fetchone() == ("different",)
    assert (await world.as_("clara").get("/v1/duplicates")).json()["items"] == []
    await world.as_("clara").post(f"/v1/merges/{merged.json()['id']}/undo", version=1)
    assert owner.execute(status, (waiting["id"],)).fetchone() == ("suggested",)
    assert owner.execute(status, (apart["id"],)).fetchone() == ("different",)
    assert owner.execute(status, (kept["id"],)).fetchone() == ("suggested",)


async def test_the_latest_of_several_merges_is_undone_first(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    one, other, third = [await employer(world, name) for name in ("Ash Bakery", "Ash Bread", "Ash Store")]
    first = await merge(world, await pair(world, one, other, "employer"), one)
    second = await merge(world, await pair(world, one, third, "employer"), third, name=one)
    assert (first.status_code, second.status_code) == (200, 200), second.text
    pointing = owner.execute("SELECT merged_into_id FROM employers WHERE id = %s", (world[other],)).fetchone()
    assert pointing == (world[third],)

    too_early = await world.as_("clara").post(f"/v1/merges/{first.json()['id']}/undo", version=1)
    await world.as_("clara").post(f"/v1/merges/{second.json()['id']}/undo", version=1)
    now = await world.as_("clara").post(f"/v1/merges/{first.json()['id']}/undo", version=1)

    assert (too_early.status_code, too_early.json()["code"]) == (409, "later_merge")
    assert now.status_code == 200, now.text
    names = owner.execute("SELECT name, merged_into_id FROM employers WHERE name LIKE 'Ash%' ORDER BY name")
    assert names.fetchall() == [("Ash Bakery", None), ("Ash Bread", None), ("Ash Store", None)]


async def test_two_merges_at_once_are_one(world: World, owner: psycopg.Connection[Any]) -> None:
    await person(world, "elsa")
    await person(world, "elsie")
    found = await pair(world, "elsa", "elsie")

    answers = await asyncio.gather(
        merge(world, found, "elsa"),
        merge(world, found, "elsie"),
        merge(world, found, "elsa", who="ellis"),
    )

    assert sorted(answer.status_code for answer in answers) == [200, 412, 412], [a.text for a in answers]
    assert owner.execute("SELECT count(*) FROM merges").fetchone() == (1,)


async def test_a_chain_that_is_closed_from_both_ends_at_once_stays_a_chain(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    for name in ("elsa", "elsie", "else"):
        await person(world, name)
    one, other = await pair(world, "elsa", "elsie"), await pair(world, "elsie", "else")

    answers = await asyncio.gather(merge(world, one, "elsa"), merge(world, other, "elsie"))

    assert {answer.status_code for answer in answers} <= {200, 409}, [a.text for a in answers]
    roots = owner.execute(
        "SELECT count(*) FROM contacts c JOIN contacts r ON r.id = c.merged_into_id WHERE r.merged_into_id IS NOT NULL"
    ).fetchone()
    assert roots == (0,)


async def test_what_was_written_while_two_were_merged_is_moved_a_minute_later(
    world: World, drain: Drain, owner: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = await employer(world, "Lake Vets")
    merged = await merge(world, await pair(world, "clinic", other, "employer"), "clinic")
    owner.execute("UPDATE opportunities SET employer_id = %s WHERE id = %s", (world[other], world["draft"]))
    later = clock.now() + timedelta(seconds=70)
    monkeypatch.setattr(clock, "now", lambda: later)

    await drain()

    found = owner.execute("SELECT employer_id FROM opportunities WHERE id = %s", (world["draft"],)).fetchone()
    assert found == (world["clinic"],)
    monkeypatch.undo()
    version = owner.execute("SELECT version FROM merges").fetchone()
    assert version is not None
    await world.as_("clara").post(f"/v1/merges/{merged.json()['id']}/undo", version=version[0])
    found = owner.execute("SELECT employer_id FROM opportunities WHERE id = %s", (world["draft"],)).fetchone()
    assert found == (world[other],)


@pytest.mark.parametrize(
    ("who", "status"), [("ada", 403), ("rosa", 403), ("dario", 404), ("cora", 404), ("ellis", 200)]
)
async def test_two_contacts_are_merged_by_whoever_may_read_both(who: str, status: int, world: World) -> None:
    await person(world, "elsa")
    await person(world, "elsie")

    answer = await merge(world, await pair(world, "elsa", "elsie"), "elsa", who=who)

    assert answer.status_code == status, answer.text


async def test_a_field_that_such_rows_do_not_have_is_refused(world: World) -> None:
    found = await pair(world, "clinic", "garage", "employer")

    refused = await merge(world, found, "clinic", given_name="garage")

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/fields/given_name"


async def test_a_merge_and_an_erasure_at_once_leave_nobody_half_erased(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    await person(world, "elsa")
    await person(world, "elsie", phone="+1 312 555 0198")
    found = await pair(world, "elsa", "elsie")

    async def erase() -> None:
        async with working(world.database, world["lakeside"]) as unit:
            one = await contacts.locked(unit.session, world["lakeside"], world["elsa"])
            assert one is not None
            await contacts.close(unit.session, one, ContactAction.ERASE, hash_key=None, actor="system")

    answer, _ = await asyncio.gather(merge(world, found, "elsa"), erase())

    gone = owner.execute(
        "SELECT given_name, erased_at IS NULL, merged_into_id FROM contacts WHERE id = %s", (world["elsie"],)
    ).fetchone()
    if answer.status_code == 200:
        assert gone == (None, False, world["elsa"])
        assert holding(owner, "elsie", "555 0198") == {}
    else:
        assert (answer.status_code, gone) in {(409, ("Elsie", True, None)), (404, ("Elsie", True, None))}
    assert owner.execute("SELECT count(*) FROM duplicate_pairs").fetchone() == (0,)


async def test_an_employer_that_was_merged_stands_for_the_kept_one_in_the_next_file(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    other = await employer(world, "Lake Vets")
    await merge(world, await pair(world, "clinic", other, "employer"), "clinic")
    read = read_listings(b"Program,Organization\nVet camp,Lake Vets\n")

    async with working(world.database, world["lakeside"]) as unit:
        choices = listings.Choices(publish=False, owner_id=None, school_id=None)
        await listings.take(unit.session, world["lakeside"], read, choices, lambda _: None)

    found = owner.execute("SELECT employer_id FROM opportunities WHERE title = 'Vet camp'").fetchone()
    assert found == (world["clinic"],)
