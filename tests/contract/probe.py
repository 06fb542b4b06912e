"""Hold the running service against its own OpenAPI document: `python -m tests.contract.probe [--minutes N] [--role R]`.

It starts a database and the API of its own, fills them with the town of tests/world.py, and lets schemathesis call every
operation as two people of two tenants who have the same role; one round for each pair of people. It fails on a 5xx, on
an answer that the document does not declare, on a body or header outside its schema, on an operation that answers
without its token, and when one tenant gets to see or touch what is the other's. Everything it made is gone afterwards.
"""

import argparse
import asyncio
import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import psycopg
from rich.console import Console

from app.core import clock
from app.core.embedded import EmbeddedServer
from app.core.migrations import migrate
from app.core.tokens import issue_access_token
from app.main import create_app
from app.models import Base
from app.settings import Settings
from tests.furnished import furnish
from tests.world import World, build

ROOT = Path(__file__).parents[2]
CONFIGURATION = Path(__file__).parent / "schemathesis.toml"
SEED = 20260101

# Who plays a role: in Lakeside and in Riverton. The first of the two makes most of the requests.
PAIRS = {
    "coordinator": ("clara", "cora"),
    "district_admin": ("ellis", "dora"),
    "student": ("leo", "ria"),
    "guardian": ("rosa", "gus"),
    "advisor": ("ada", "art"),
    "supervisor": ("sam", "sid"),
    "operator": ("olga", "otto"),
    "integration": ("lakeside_sis", "riverton_sis"),
}
SHORT = ("coordinator", "student")

# A run in which fewer operations than these were answered 2xx has been refused at the door.
FEWEST = 15

# Whose ids a parameter takes, where its table is not the plural of its name.
TABLES = {
    "adult": "people",
    "advisor": "people",
    "campaign": "outreach_campaigns",
    "consent": "video_consents",
    "duplicate": "duplicate_pairs",
    "enrollment": "session_enrollments",
    "group": "student_groups",
    "guardian": "people",
    "host_contact": "contacts",
    "host_person": "people",
    "parent": "schools",
    "pattern": "weekly_patterns",
    "person": "people",
    "phase": "project_phases",
    "scan": "duplicate_scans",
    "session": "opportunity_sessions",
    "student": "people",
    "subject": "deliveries",
    "visible_school": "schools",
}

out = Console(soft_wrap=True, markup=False, highlight=False)


class Probe:
    """A service with a town in it, and the folder from which schemathesis learns about both."""

    def __init__(self, server: EmbeddedServer, home: Path) -> None:
        self.server = server
        self.home = home
        self.port = _free_port()
        self.runtime = server.url("postgres", "kithwork_probe", "only-for-tests")

    @property
    def address(self) -> str:
        """Where the API answers."""
        return f"http://127.0.0.1:{self.port}"

    def environment(self) -> dict[str, str]:
        """What the service and schemathesis are told."""
        return {
            **os.environ,
            "DATABASE_URL": self.runtime,
            "KITHWORK_HOME": str(self.home),
            "KITHWORK_PROBE_HOME": str(self.home / "probe"),
            "PORT": str(self.port),
            "RATE_LIMIT": "1000000/minute",
            "LOG_FORMAT": "json",
        }

    async def fill(self, people: tuple[str, str]) -> None:
        """Make the database, the town, and the files that say who is who and whose is what."""
        migrate(self.server.superuser_url(), self.runtime)
        settings = Settings(_env_file=None, kithwork_home=self.home)
        application = create_app(settings, self.runtime)
        async with application.router.lifespan_context(application):
            world = await build(application)
            await furnish(world)
            document = application.openapi()
        folder = self.home / "probe"
        folder.mkdir()
        shutil.copy(CONFIGURATION, folder / "schemathesis.toml")
        identities = [
            {
                "name": tenant,
                "fixedHeaders": [{"name": "Authorization", "value": f"Bearer {_token(world, name)}"}],
            }
            for tenant, name in zip(("lakeside", "riverton"), people, strict=True)
        ]
        (folder / "identities.json").write_text(json.dumps({"auth": identities}))
        self._write_ids(world, people, document, folder)

    def _write_ids(
        self, world: World, people: tuple[str, str], document: dict[str, Any], folder: Path
    ) -> None:
        """Write whose every row is, and for each parameter that takes an id those that it may mean."""
        slugs = {world[slug]: slug for slug in ("lakeside", "riverton")}
        owners: dict[str, str] = {str(tenant): slug for tenant, slug in slugs.items()}
        rows: dict[str, list[UUID]] = {}
        with psycopg.connect(self.server.superuser_url()) as connection:
            for table in _tables_with_ids():
                found: list[tuple[UUID, UUID]] = connection.execute(
                    f"SELECT id, tenant_id FROM {table} ORDER BY id".encode()
                ).fetchall()
                owners |= {str(row): slugs[tenant] for row, tenant in found}
                rows[table] = [row for row, _ in found]
            kept = connection.execute(
                "SELECT id FROM memberships WHERE person_id = ANY(%s)", ([world[name] for name in people],)
            ).fetchall()
        (folder / "owners.json").write_text(json.dumps(owners))
        (folder / "keepers.json").write_text(json.dumps([str(row) for (row,) in kept]))
        drawn = {name: table for name in _parameters(document) if rows.get(table := _table_of(name))}
        for table in set(drawn.values()):
            (folder / f"{table}.txt").write_text("".join(f'"{row}"\n' for row in rows[table]))
        with (folder / "schemathesis.toml").open("a") as configuration:
            configuration.writelines(
                f'\n[dictionaries.{table}]\nfrom-file = "{table}.txt"\n'
                for table in sorted(set(drawn.values()))
            )
            configuration.writelines(
                f'\n[parameters."{name}"]\ndictionary = "{table}"\nprobability = 0.8\n'
                for name, table in drawn.items()
            )

    @contextlib.contextmanager
    def serving(self) -> Iterator[None]:
        """Run the API and the worker for as long as the block lasts."""
        with self._started("serve"), self._started("worker"):
            yield

    @contextlib.contextmanager
    def _started(self, what: str) -> Iterator[None]:
        with (self.home / f"{what}.log").open("wb") as log:
            process = subprocess.Popen(  # noqa: S603 - no shell, and every argument is made here
                [sys.executable, "-m", "app", what], env=self.environment(), cwd=ROOT, stdout=log, stderr=log
            )
        try:
            if what == "serve":
                self._wait(process)
            yield
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _wait(self, process: "subprocess.Popen[bytes]") -> None:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and process.poll() is None:
            with contextlib.suppress(httpx.TransportError):
                if httpx.get(f"{self.address}/livez").is_success:
                    # Made on the first call, which takes longer than schemathesis waits on a busy machine.
                    httpx.get(f"{self.address}/openapi.json", timeout=60).raise_for_status()
                    return
            time.sleep(0.05)
        raise SystemExit(f"the API did not come up:\n{(self.home / 'serve.log').read_text()}")

    def run(self, seconds: int, seed: int) -> int:
        """Let schemathesis call the service; return its exit code."""
        program = Path(sys.executable).with_name("schemathesis")
        command = [
            program, "--config-file", self.home / "probe" / "schemathesis.toml",
            "run", f"{self.address}/openapi.json",
            "--seed", seed, "--max-time", seconds,
            "--no-color", "--generation-database", "none", "--suppress-health-check", "all",
        ]  # fmt: skip
        done = subprocess.run([str(part) for part in command], env=self.environment(), cwd=ROOT, check=False)  # noqa: S603 - no shell, and every argument is made here
        return done.returncode

    def answers(self) -> dict[str, dict[str, int]]:
        """How often each operation answered with each status."""
        path = self.home / "probe" / "answers.json"
        tally: dict[str, dict[str, int]] = json.loads(path.read_text()) if path.exists() else {}
        return tally

    def complaints(self) -> str:
        """What the service logged as an error: the traceback behind a 500."""
        lines = [line for what in ("serve", "worker") for line in (self.home / f"{what}.log").open()]
        return "".join(line for line in lines if '"level":"error"' in line.replace(" ", ""))


def _tables_with_ids() -> list[str]:
    tables = Base.metadata.sorted_tables
    return [table.name for table in tables if {"id", "tenant_id"} <= set(table.columns.keys())]


def _parameters(document: dict[str, Any]) -> list[str]:
    """Name what takes the id of a row, as schemathesis does: `goal_id`, `body.goal_ids[*]`."""
    in_paths = {name for path in document["paths"] for name in re.findall(r"{(\w+_id)}", path)}
    in_bodies = {
        f"body.{name}" if name.endswith("_id") else f"body.{name}[*]"
        for schema in document["components"]["schemas"].values()
        for name in schema.get("properties", {})
        if name.endswith(("_id", "_ids"))
    }
    return sorted(in_paths | in_bodies)


def _table_of(parameter: str) -> str:
    noun = re.sub(r"^body\.|_ids?(\[\*\])?$", "", parameter)
    return TABLES.get(noun, noun.removesuffix("y") + "ies" if noun.endswith("y") else noun + "s")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _token(world: World, name: str) -> str:
    resident = world.residents[name]
    settings = world.app.state.settings
    return issue_access_token(
        world.app.state.token_keys,
        issuer=settings.token_issuer,
        audience=settings.token_audience,
        account_id=resident.account_id,
        tenant_id=resident.tenant_id,
        session_id=resident.session_id,
        now=clock.now(),
        lifetime=timedelta(hours=1),
    )


def play(role: str, seconds: int, seed: int, tally: dict[str, Counter[str]]) -> bool:
    """Play one round as the two people of a role, and add to the tally; return whether the contract held."""
    home = Path(tempfile.mkdtemp(prefix="kithwork-probe-"))
    home.chmod(0o755)
    try:
        with EmbeddedServer.start(home, settings={"fsync": "off", "synchronous_commit": "off"}) as server:
            probe = Probe(server, home)
            asyncio.run(probe.fill(PAIRS[role]))
            with probe.serving():
                code = probe.run(seconds, seed)
            for label, counts in probe.answers().items():
                tally.setdefault(label, Counter()).update(counts)
            if code:
                out.print(probe.complaints())
    finally:
        shutil.rmtree(home, ignore_errors=True)
    return code == 0


def report(tally: dict[str, Counter[str]]) -> int:
    """Print what was covered, and return how many operations were answered with success at least once."""
    requests = sum(counts.total() for counts in tally.values())
    statuses: Counter[str] = Counter()
    for counts in tally.values():
        statuses.update(counts)
    unanswered = sorted(
        label for label, counts in tally.items() if not any(s.startswith("2") for s in counts)
    )
    counted = ", ".join(f"{count} x {status}" for status, count in sorted(statuses.items()))
    out.print(f"\n{len(tally)} operations, {requests} requests: {counted}")
    if unanswered:
        out.print("Refused every time, never answered 2xx: " + ", ".join(unanswered))
    return len(tally) - len(unanswered)


def main() -> None:
    """Read the command line, play the rounds, and exit with 1 when the contract was broken in any."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.contract.probe", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--minutes", type=float, default=2, help="time for all rounds together (2)")
    parser.add_argument("--role", choices=[*PAIRS, "all"], help=f"one role, or all; else {', '.join(SHORT)}")
    parser.add_argument("--seed", type=int, default=SEED, help=f"what the requests are drawn from ({SEED})")
    options: Any = parser.parse_args()
    # Being told to stop is an ordinary end: what was started is stopped and removed.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Stopped."))
    roles = tuple(PAIRS) if options.role == "all" else (options.role,) if options.role else SHORT
    seconds = max(10, round(options.minutes * 60 / len(roles)))
    tally: dict[str, Counter[str]] = {}
    broken = []
    for role in roles:
        out.print(f"\n== as {role} of two tenants, {seconds} s, --seed {options.seed}")
        if not play(role, seconds, options.seed, tally):
            broken.append(role)
    answered = report(tally)
    if broken:
        sys.exit(f"The contract was broken as: {', '.join(broken)}. The findings are above.")
    if answered < FEWEST:
        sys.exit(
            f"Only {answered} operations were ever answered 2xx, so this proved little; look at the identities."
        )


if __name__ == "__main__":
    main()
