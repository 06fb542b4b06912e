"""How people of the town come to a password, and sign in with it."""

from typing import Any

import argon2
import httpx
import psycopg

from tests.world import World

PASSWORD = "seven tall herons wade"
_HASH = argon2.PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1).hash(PASSWORD)


async def give_password(world: World, owner: psycopg.Connection[Any], *names: str) -> None:
    """Let residents sign in with PASSWORD."""
    for name in names:
        owner.execute(
            "UPDATE accounts SET secret_hash = %s WHERE id = %s", (_HASH, world.residents[name].account_id)
        )


async def sign_in(
    client: httpx.AsyncClient, username: str, password: str = PASSWORD, **fields: str
) -> httpx.Response:
    """Ask for tokens with a login and a password."""
    form = {"grant_type": "password", "username": username, "password": password, **fields}
    return await client.post("/oauth/token", data=form)


async def refresh(client: httpx.AsyncClient, token: str, **fields: str) -> httpx.Response:
    """Ask for tokens with a refresh token."""
    return await client.post(
        "/oauth/token", data={"grant_type": "refresh_token", "refresh_token": token, **fields}
    )
