"""Asking the families of a school: each once a month, each something else, and never twice the same letter."""

import asyncio
import itertools
import re
from collections import Counter
from datetime import timedelta
from typing import Any

import httpx
import psycopg
import pytest

from app.core import clock
from app.core.jobs import Workshop, provisionally, working
from app.domain.clusters import Cluster
from app.features.family_asks import service as family_asks
from app.features.family_asks.schemas import Family
from app.features.outreach import queries, service
from tests.draining import Drain
from tests.features.outreach.families import (
    WORDS,
    asks,
    campaign,
    draft,
    families,
    home_of,
    refresh,
    sweep,
)
from tests.world import World

Owner = psycopg.Connection[Any]


def letters(work: Workshop) -> list[str]:
    """Return the letters that left, as one line of text each."""
    return [
        " ".join(re.sub(r"=\r?\n", "", path.read_text()).split())
        for path in sorted((work.settings.kithwork_home / "mail").glob("*"))
    ]


def mails(owner: Owner) -> Counter[Any]:
    return Counter(
        owner.execute("SELECT person_id FROM mails WHERE template = 'outreach_question'").fetchall()
    )


async def test_every_guardian_gets_one_letter_with_the_questions_and_a_link(
    world: World, client: httpx.AsyncClient, owner: Owner, workshop: Workshop, drain: Drain
) -> None:
    await campaign(world)
    (family,) = await families(world, 1, "north", locale="es")

    await sweep(workshop, world)
    waiting = mails(owner)
    await sweep(workshop, world)
    await drain()

    assert set(waiting) == {(person,) for person in (*family.guardians, world["rosa"], world["omar"])}
    assert set(waiting.values()) == {1}
    sent = letters(workshop)
    assert len(sent) == 4
    spanish = [
        text for text in sent if "quisiera" in text or "¿A qui" in text or "=C2=BFA qui=C3=A9n" in text
    ]
    assert len(spanish) == 2
    assert all("Nuestra escuela quiere que cada estudiante" in text for text in sent), WORDS
    for text in sent:
        secret = re.search(r"/contribute/([\w-]{43})", text)
        assert secret is not None
        shown = (await client.get(f"/v1/contributions/{secret[1]}")).json()
        assert len(shown["questions"]) == 3
        assert shown["message"] == WORDS


async def test_a_family_is_asked_once_however_many_children_guardians_and_schools(
    world: World, owner: Owner, workshop: Workshop
) -> None:
    (family,) = await families(world, 1, "north", "south")
    await campaign(world)
    await campaign(world, "dario", "south")

    for _ in range(3):
        await sweep(workshop, world)

    home = home_of(owner, family.guardians[0])
    assert home == home_of(owner, family.guardians[1])
    assert set(asks(owner)) == {home, *(home_of(owner, world[name]) for name in ("rosa", "omar", "petra"))}
    assert all(mails(owner)[person,] == 1 for person in family.guardians)
    assert owner.execute("SELECT sum(families_asked) FROM outreach_campaigns").fetchone() == (4,)
    assert owner.execute("SELECT sum(asked) FROM outreach_counts").fetchone() == (12,)


async def test_two_schools_and_six_workers_at_once_ask_every_family_once(
    world: World, owner: Owner, workshop: Workshop
) -> None:
    both = await families(world, 12, "north", "south")
    await campaign(world)
    await campaign(world, "dario", "south")

    await asyncio.gather(*(sweep(workshop, world) for _ in range(6)))
    await sweep(workshop, world)

    assert len(asks(owner)) == 12 + 3
    sent = mails(owner)
    assert all(sent[person,] == 1 for family in both for person in family.guardians)
    assert owner.execute("SELECT sum(families_asked) FROM outreach_campaigns").fetchone() == (15,)
    assert owner.execute("SELECT sum(asked) FROM outreach_counts").fetchone() == (45,)


async def test_a_sweep_that_is_cut_off_loses_nothing_and_the_next_one_goes_on(
    world: World, owner: Owner, workshop: Workshop
) -> None:
    moved_in = await families(world, 15, "north")
    await campaign(world)

    for _ in range(4):
        cut_off = asyncio.create_task(sweep(workshop, world))
        await asyncio.sleep(0.15)
        cut_off.cancel()
        await asyncio.gather(cut_off, return_exceptions=True)
        asked = len(asks(owner))
        assert owner.execute("SELECT families_asked FROM outreach_campaigns").fetchone() == (asked,)
    await sweep(workshop, world)

    assert len(asks(owner)) == 17
    sent = mails(owner)
    assert all(sent[person,] == 1 for family in moved_in for person in family.guardians)
    assert owner.execute("SELECT sum(asked) FROM outreach_counts").fetchone() == (51,)


async def test_no_family_is_asked_twice_in_a_campaign_though_the_month_is_forgotten(
    world: World, owner: Owner, workshop: Workshop
) -> None:
    await campaign(world)
    await families(world, 3, "north")
    await sweep(workshop, world)
    owner.execute("UPDATE outreach_asks SET month = month - interval '1 month'")
    owner.execute("DELETE FROM mails")

    await sweep(workshop, world)
    owner.execute("UPDATE outreach_campaigns SET batch_on = batch_on - 1")
    await sweep(workshop, world)

    assert asks(owner) == {}
    assert mails(owner) == {}


async def test_another_campaign_asks_again_in_the_next_month(
    world: World, owner: Owner, workshop: Workshop
) -> None:
    await campaign(world)
    await sweep(workshop, world)
    first = await campaign(world)
    await sweep(workshop, world)
    spared = await world.as_("clara").get(first)
    owner.execute("UPDATE outreach_asks SET month = month - interval '1 month'")
    await campaign(world)

    await sweep(workshop, world)

    assert spared.json()["families_asked"] is None
    assert len(asks(owner)) == 2
    assert mails(owner)[world["rosa"],] == 2


async def test_whoever_was_asked_alone_is_not_asked_again_as_a_family(
    world: World, owner: Owner, workshop: Workshop
) -> None:
    owner.execute("DELETE FROM household_members")
    invited = await world.as_("clara").post(
        "/v1/contribution_invitations", json={"person_ids": [str(world["rosa"])]}
    )
    assert invited.json()["invited"] == 1
    await refresh(world)
    await campaign(world)

    await sweep(workshop, world)

    assert set(asks(owner)) == {world["rosa"], home_of(owner, world["omar"])}


async def test_whoever_moves_to_another_household_was_asked_all_the_same(
    world: World, owner: Owner, workshop: Workshop
) -> None:
    await refresh(world)
    await campaign(world)
    await sweep(workshop, world)
    asked = set(asks(owner))
    # Rosa and Omar become one family, whose household may be either's or a new one.
    await world.as_("clara").post(
        "/v1/guardian_links", json={"guardian_id": str(world["omar"]), "student_id": str(world["leo"])}
    )
    await refresh(world)
    owner.execute("DELETE FROM outreach_asks WHERE NOT is_member")
    await campaign(world)

    await sweep(workshop, world)

    assert home_of(owner, world["rosa"]) == home_of(owner, world["omar"])
    assert len(asked) == 2
    assert asks(owner) == {}
    assert set(mails(owner).values()) == {1}


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE guardian_links SET no_contact = true WHERE guardian_id = %s",
        "UPDATE guardian_links SET ended_at = now() WHERE guardian_id = %s",
        "UPDATE guardian_links SET until_on = current_date - 2 WHERE guardian_id = %s",
        "UPDATE people SET enabled = false WHERE id = %s",
    ],
)
async def test_whoever_must_not_be_asked_is_not(
    change: str, world: World, owner: Owner, workshop: Workshop
) -> None:
    owner.execute(change.encode(), (world["rosa"],))
    await campaign(world)

    await sweep(workshop, world)

    assert set(mails(owner)) == {(world["omar"],)}
    assert len(asks(owner)) == 1


async def test_a_guardian_who_may_not_be_written_to_any_more_gets_no_letter(
    world: World, owner: Owner, workshop: Workshop, drain: Drain
) -> None:
    await campaign(world)
    await sweep(workshop, world)
    owner.execute("UPDATE guardian_links SET no_contact = true WHERE guardian_id = %s", (world["rosa"],))

    await drain()

    assert len(letters(workshop)) == 1


async def test_families_are_spread_over_the_days_of_the_campaign(
    world: World, owner: Owner, workshop: Workshop
) -> None:
    await families(world, 18, "north")
    # 15 days are left today; 8 of them before the last week begins.
    await campaign(world, days=15)
    days = []
    for _ in range(9):
        await sweep(workshop, world)
        await sweep(workshop, world)
        days.append(len(asks(owner)))
        owner.execute("UPDATE outreach_campaigns SET batch_on = batch_on - 1, closes_on = closes_on - 1")

    assert days[0] in {2, 3}
    assert days == sorted(days)
    assert days[-1] == 20
    assert max(after - before for before, after in itertools.pairwise(days)) <= 4


async def test_what_the_first_families_say_decides_what_the_later_ones_are_asked(
    world: World, owner: Owner, workshop: Workshop
) -> None:
    await families(world, 10, "north")
    await campaign(world, days=10)
    await sweep(workshop, world)
    first = asks(owner)
    favourite = next(iter(first.values()))[0]
    # Families said yes to this one, and to nothing else.
    owner.execute(
        "UPDATE outreach_counts SET asked = asked + 40, yes = CASE WHEN cluster = %s THEN 40 ELSE 0 END",
        (favourite,),
    )
    owner.execute("UPDATE outreach_campaigns SET batch_on = batch_on - 1, closes_on = closes_on - 1")

    await sweep(workshop, world)

    later = {home: clusters for home, clusters in asks(owner).items() if home not in first}
    assert len(later) >= 3
    assert all(clusters[0] == favourite for clusters in later.values())


async def test_what_the_pool_has_enough_of_is_not_asked_for(
    world: World, owner: Owner, workshop: Workshop
) -> None:
    # k = 1: two households are enough, and Rosa's and Petra's reach the clusters of this list.
    enough = sorted(Cluster)[:9]
    for number, contributor in enumerate(("rosa", "petra")):
        connection = owner.execute(
            "INSERT INTO connections (tenant_id, id, created_at, updated_at, version, status, contributor_id, school_id,"
            " employer_id, domain, closeness, frequency, share_scope, credit_wanted, personal_relation)"
            " VALUES (%s, gen_random_uuid(), now(), now(), 1, 'active', %s, %s, %s, 'work', 2, 2, 'tenant', true, false)"
            " RETURNING id",
            (world["lakeside"], world[contributor], world[("north", "south")[number]], world["clinic"]),
        ).fetchone()
        assert connection is not None
        for cluster in enough:
            owner.execute(
                "INSERT INTO connection_fields (tenant_id, id, created_at, connection_id, field)"
                " VALUES (%s, gen_random_uuid(), now(), %s, %s)",
                (world["lakeside"], connection[0], cluster.value),
            )
    await campaign(world, k=1)
    await families(world, 6, "north")

    await sweep(workshop, world)

    asked = {cluster for clusters in asks(owner).values() for cluster in clusters}
    assert asked
    assert not asked & {cluster.value for cluster in enough}


async def test_families_that_differ_in_everything_are_asked_the_same_at_the_same_moment(
    world: World, owner: Owner, workshop: Workshop
) -> None:
    path = await campaign(world)
    (spanish,) = await families(world, 1, "north", locale="es")
    (two_schools,) = await families(world, 1, "north", "south")
    owner.execute(
        "UPDATE people SET grades = '{12}', family_name = 'Otherson' WHERE id = %s", (two_schools.child,)
    )
    homes = [
        home_of(owner, spanish.guardians[0]),
        home_of(owner, two_schools.guardians[0]),
        home_of(owner, world["rosa"]),
        home_of(owner, world["omar"]),
    ]
    asked = []
    for home in homes:
        async with working(workshop.database, world["lakeside"]) as unit:
            found = await queries.open_campaigns(unit.session, world["lakeside"])
            claimed = await queries.claim(unit.session, world["lakeside"], found[0].id)
            assert claimed is not None
            async with provisionally(unit):
                await service.ask(
                    unit.session, claimed, Family(home, "x", []), {}, "America/New_York", clock.now()
                )
                rows = await unit.rows("SELECT clusters FROM outreach_asks WHERE NOT is_member")
            asked.append(rows)

    assert path.endswith(str(found[0].id))
    assert asked[0]
    assert asked == [asked[0]] * 4
    assert asks(owner) == {}


async def test_a_draft_and_a_campaign_of_tomorrow_ask_nobody(
    world: World, owner: Owner, workshop: Workshop
) -> None:
    await world.as_("clara").post("/v1/outreach_campaigns", json=draft(world, "north"))
    await campaign(world)
    owner.execute(
        "UPDATE outreach_campaigns SET opens_on = current_date + 2, closes_on = current_date + 9"
        " WHERE status = 'open'"
    )

    await sweep(workshop, world)

    assert asks(owner) == {}


async def test_one_tenant_never_asks_for_another(world: World, owner: Owner, workshop: Workshop) -> None:
    await campaign(world, "cora", "river")

    await sweep(workshop, world)

    assert asks(owner) == {}


async def test_the_cap_holds_when_asks_of_every_kind_come_at_once(
    world: World, owner: Owner, workshop: Workshop
) -> None:
    (family,) = await families(world, 1, "north", "south")

    async def ask() -> bool:
        async with working(workshop.database, world["lakeside"]) as unit:
            return await family_asks.take_month_of(
                unit.session, world["lakeside"], family.guardians[0], clock.now()
            )

    taken = await asyncio.gather(*(ask() for _ in range(12)))

    assert sorted(taken) == [False] * 11 + [True]
    assert len(asks(owner)) == 1


async def test_who_was_asked_is_forgotten_with_the_month(
    world: World, owner: Owner, workshop: Workshop
) -> None:
    await campaign(world)
    await sweep(workshop, world)
    owner.execute("UPDATE outreach_asks SET month = month - interval '1 month'")
    owner.execute("UPDATE outreach_campaigns SET status = 'closed'")

    await sweep(workshop, world)

    assert asks(owner) == {}
    assert owner.execute("SELECT count(*) FROM outreach_counts").fetchone() != (0,)


async def test_a_letter_too_late_is_not_sent(
    world: World, owner: Owner, workshop: Workshop, drain: Drain
) -> None:
    await campaign(world)
    await sweep(workshop, world)
    late = (clock.now() - timedelta(days=1)).isoformat()
    owner.execute("UPDATE mails SET facts = facts || jsonb_build_object('valid_until', %s::text)", (late,))

    await drain()

    assert letters(workshop) == []
    assert owner.execute("SELECT count(*) FROM mails").fetchone() == (0,)


async def test_a_family_whom_only_paper_reaches_gets_a_code(
    world: World, client: httpx.AsyncClient, owner: Owner, workshop: Workshop
) -> None:
    reached, on_paper = await families(world, 2, "north")
    for guardian in on_paper.guardians:
        owner.execute("UPDATE people SET email = NULL WHERE id = %s", (guardian,))
    path = await campaign(world)
    await sweep(workshop, world)
    clara = world.as_("clara")
    before = set(asks(owner))

    printed = await clara.post(f"{path}/print_codes", version=2, headers={"Idempotency-Key": "one"})
    replayed = await clara.post(f"{path}/print_codes", version=2, headers={"Idempotency-Key": "one"})
    nobody_left = await clara.post(f"{path}/print_codes", version=2)

    assert printed.status_code == 200, printed.text
    (item,) = printed.json()["items"]
    assert item["person_id"] == str(min(on_paper.guardians))
    assert replayed.json()["items"] == [{**item, "code": None}]
    assert nobody_left.json()["items"] == []
    assert before == {home_of(owner, each) for each in (reached.child, world["rosa"], world["omar"])}
    assert set(asks(owner)) - before == {home_of(owner, on_paper.child)}
    shown = await client.get(f"/v1/contributions/{item['code']}")
    assert len(shown.json()["questions"]) == 3
    assert (await client.get(f"/contribute/{item['code'].lower()}")).status_code == 200
    recorded = owner.execute(
        "SELECT facts FROM events WHERE action LIKE '%print_codes' ORDER BY id"
    ).fetchall()
    assert recorded == [({"codes": 1},), ({"codes": 0},)]
    assert owner.execute("SELECT families_asked FROM outreach_campaigns").fetchone() == (4,)


async def test_codes_are_printed_while_the_campaign_is_open_and_by_its_school(world: World) -> None:
    path = await campaign(world)

    elsewhere = await world.as_("dario").post(f"{path}/print_codes", version=2)
    await world.as_("clara").post(f"{path}/close", version=2)
    closed = await world.as_("clara").post(f"{path}/print_codes", version=3)

    assert [elsewhere.status_code, closed.status_code] == [404, 409]
