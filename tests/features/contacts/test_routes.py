"""Contacts over HTTP, as the school's staff see them."""

import pytest

from tests.network import ask
from tests.world import World


async def test_a_coordinator_reads_an_address_and_the_district_does_not(world: World) -> None:
    path = f"/v1/contacts/{world['cousin']}"

    clara = await world.as_("clara").get(path)
    ellis = await world.as_("ellis").get(path)

    assert clara.status_code == 200, clara.text
    assert (clara.json()["given_name"], clara.json()["email"]) == ("Vera", "vera@clinic.example")
    assert clara.json()["employer_name"] == "Lakeside Veterinary Clinic"
    assert (ellis.json()["given_name"], ellis.json()["email"]) == ("Vera", None)


async def test_the_list_is_narrowed_and_paged(world: World) -> None:
    asked = await ask(world)
    clara = world.as_("clara")

    invited = await clara.get("/v1/contacts", params={"status": "invited"})
    first = await clara.get("/v1/contacts", params={"limit": 1, "school_id": str(world["north"])})
    second = await clara.get(
        "/v1/contacts",
        params={"limit": 1, "school_id": str(world["north"]), "cursor": first.json()["next_cursor"]},
    )
    telling = await clara.get("/v1/contacts", params={"status": "never"})

    assert [row["id"] for row in invited.json()["items"]] == [str(asked.id)]
    assert [row["id"] for row in first.json()["items"]] == [str(asked.id)]
    assert [row["id"] for row in second.json()["items"]] == [str(world["cousin"])]
    assert telling.status_code == 422


@pytest.mark.parametrize("who", ["maya", "leo", "rosa", "ada", "sam", "olga", "lakeside_sis"])
async def test_nobody_else_reads_contacts(world: World, who: str) -> None:
    listed = await world.as_(who).get("/v1/contacts")
    read = await world.as_(who).get(f"/v1/contacts/{world['cousin']}")

    assert [listed.status_code, read.status_code] == [403, 403]


async def test_at_another_school_or_tenant_the_contact_does_not_exist(world: World) -> None:
    south = await world.as_("dario").get(f"/v1/contacts/{world['cousin']}")
    river = await world.as_("cora").get(f"/v1/contacts/{world['cousin']}")

    assert [south.status_code, river.status_code] == [404, 404]
