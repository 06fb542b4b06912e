"""The type of programmes that do not say theirs is one of the community's."""

import pytest

from tests.world import World


@pytest.mark.parametrize(
    ("code", "status"), [("service_learning", 201), ("made_up", 422), ("Nonsense!", 422)]
)
async def test_the_default_type_of_a_file_is_a_kind_of_the_community(
    world: World, code: str, status: int
) -> None:
    answer = await world.as_("ellis").post(
        "/v1/imports/opportunities",
        content=b"Program,Category\nChess,Games\n",
        params={"default_type": code},
        headers={"Content-Type": "text/csv"},
    )

    assert answer.status_code in {status, 202 if status == 201 else status}, answer.text
    if status == 422:
        assert answer.json()["errors"][0]["name"] == "default_type"
