"""`make bench`: ratios of one run, printed and written to docs/performance.md."""

import argparse
import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import httpx
import psycopg

from app import operating
from app.core.embedded import EmbeddedServer
from app.core.migrations import migrate
from app.core.secrets import load_secrets
from app.domain.intake import ImportKind
from app.settings import Settings
from bench import community, duplicates, network, psql, search
from bench.community import Student
from bench.load import Load, load, request
from bench.shares import shares

ROOT = Path(__file__).parents[1]
CHICAGO = ROOT.parent / "shared" / "data" / "opportunities" / "chicago_summer_of_learning_2014.csv"
SERVICE, FLOOR, FLOOR_WRITE = 8411, 8412, 8413
CONNECTIONS = 8
ROUNDS = 5
SECONDS = 3.0
STUDENTS = 400
WRITES = 20_000


class Bench:
    """One run: a database server of its own, and the processes that are compared."""

    def __init__(self, server: EmbeddedServer, home: Path) -> None:
        self.owner = server.superuser_url()
        self.runtime = server.url("postgres", "kithwork_bench", "bench-only")
        self.home = home
        migrate(self.owner, self.runtime)
        self.settings = Settings(
            _env_file=None, kithwork_home=home, log_format="json", rate_limit="100000000/minute"
        )
        keys = load_secrets(self.settings).token_keys
        self.students = community.settle(self.owner, self.settings, keys, STUDENTS)
        self.lines: list[str] = []

    def say(self, line: str = "") -> None:
        """Print a line and keep it for the report."""
        print(line, flush=True)  # noqa: T201 - the bench talks to a terminal
        self.lines.append(line)

    @contextmanager
    def process(self, port: int, *command: str, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
        """Run a server until the block ends."""
        env = {
            **os.environ,
            "DATABASE_URL": self.runtime,
            "KITHWORK_HOME": str(self.home),
            "RATE_LIMIT": "100000000/minute",
            "PORT": str(port),
            "LOG_FORMAT": "json",
            **environment,
        }
        with (self.home / f"{port}.log").open("ab") as log:
            process = subprocess.Popen([sys.executable, *command], env=env, stderr=log, stdout=log, cwd=ROOT)  # noqa: S603 - our own program
        try:
            _wait_for(port, process)
            yield process
        finally:
            process.terminate()
            process.wait(timeout=30)

    def floor(
        self, port: int, method: str, path: str, student: Student, body: str = ""
    ) -> AbstractContextManager[object]:
        """Run the floor for one recorded request."""
        return self.process(
            port, "-m", "uvicorn", "bench.floor:app", "--port", str(port), "--no-access-log", "--log-level", "warning",
            BENCH_METHOD=method, BENCH_PATH=path, BENCH_TOKEN=student.token, BENCH_BODY=body,
        )  # fmt: skip


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if process.poll() is not None:
            raise RuntimeError(f"the server for port {port} ended: see its log")
        try:
            httpx.get(f"http://127.0.0.1:{port}/livez", timeout=5)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"nothing answers on port {port}")


def _resident_mb(process: subprocess.Popen[bytes]) -> float:
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


Requests = Callable[[], Iterator[bytes]]


def _compare(sides: dict[str, tuple[int, Requests]], seconds: float = SECONDS) -> dict[str, Load]:
    """Load every side in turn, several rounds, and return each one's median round."""
    found: dict[str, list[Load]] = {name: [] for name in sides}
    for _ in range(ROUNDS):
        for name, (port, requests) in sides.items():
            found[name].append(asyncio.run(load(port, requests, connections=CONNECTIONS, seconds=seconds)))
    for name, rounds in found.items():
        if any(one.refused for one in rounds):
            raise RuntimeError(f"{name}: requests were refused; the figures would mean nothing")
    return {
        name: sorted(rounds, key=lambda one: one.per_second)[ROUNDS // 2] for name, rounds in found.items()
    }


def _reads(students: list[Student], path: str) -> Requests:
    def requests() -> Iterator[bytes]:
        while True:
            for student in students:
                yield request("GET", path, student.token, "", b"")

    return requests


def _writes(students: list[Student], opportunities: list[str]) -> Requests:
    """Return requests to pursue, each student and opportunity once."""
    pairs = ((student, one) for one in opportunities for student in students)

    def requests() -> Iterator[bytes]:
        for student, one in pairs:
            body = json.dumps({"opportunity_id": one}).encode()
            yield request("POST", "/v1/pursuits", student.token, str(uuid4()), body)

    return requests


def catalogue(bench: Bench) -> None:
    """Hold the catalogue page against the floor at 50,000 opportunities, and against itself as it grows."""
    path = "/v1/opportunities"
    rates: dict[int, Load] = {}
    for total in (5_000, 50_000):
        community.grow(bench.owner, total)
        search.index(bench.settings, bench.owner, bench.runtime, suggest=False)
        with (
            bench.process(SERVICE, "-m", "app", "serve") as service,
            bench.floor(FLOOR, "GET", path, bench.students[0]),
        ):
            before = _resident_mb(service)
            sides = {"service": (SERVICE, _reads(bench.students[:50], path))}
            if total == 50_000:  # noqa: PLR2004 - the size the goal names
                sides["floor"] = (FLOOR, _reads(bench.students[:50], path))
                sides["one SELECT"] = (FLOOR, _reads(bench.students[:1], "/select"))
            found = _compare(sides)
            rates[total] = found["service"]
            if total == 50_000:  # noqa: PLR2004 - the size the goal names
                _tell(bench, "Catalogue page: 20 rows, 50,000 opportunities in 20 tenants", found)
                bench.say()
                bench.say(
                    f"Memory of the API process: {before:.0f} MB after start, {_resident_mb(service):.0f} MB after."
                )
                _tell_shares(bench, path)
    bench.say()
    bench.say("## Growth of the catalogue page")
    bench.say()
    bench.say(
        "The sizes are measured one after the other, so this table holds the machine's drift as well; larger ones are"
    )
    bench.say("under Finding listings.")
    bench.say()
    bench.say("| opportunities | requests per second | against 5,000 |")
    bench.say("| --- | --- | --- |")
    for total, one in rates.items():
        bench.say(
            f"| {total:,} | {one.per_second:.0f} | {rates[5_000].per_second / one.per_second:.2f} times the cost |"
        )
    bench.say()


def _tell_shares(bench: Bench, path: str) -> None:
    found = shares(bench.settings, bench.runtime, path, bench.students[0].token)
    bench.say()
    bench.say(
        "Where a page's time goes in the service (profiled in one process, which weighs Python calls too much):"
    )
    bench.say()
    bench.say("| in | share |")
    bench.say("| --- | --- |")
    for name, share in found:
        bench.say(f"| {name} | {share:.0%} |")


def pursuits(bench: Bench) -> None:
    """Hold a write with event, job and idempotency key against a floor that sends the same statements."""
    ids = [str(one) for one in community.opportunities(bench.owner, 2_000)]
    body = json.dumps({"opportunity_id": ids[-1]})
    with (
        bench.process(SERVICE, "-m", "app", "serve"),
        bench.floor(FLOOR_WRITE, "POST", "/v1/pursuits", bench.students[0], body),
    ):
        mine, theirs = ids[:900], ids[900:1800]
        found = _compare(
            {
                "service": (SERVICE, _writes(bench.students, mine)),
                "floor": (FLOOR_WRITE, _writes(bench.students, theirs)),
            }
        )
    _tell(bench, "Request to pursue: a write with event, job and idempotency key", found)
    bench.say()


def _tell(bench: Bench, title: str, found: dict[str, Load]) -> None:
    bench.say()
    bench.say(f"## {title}")
    bench.say()
    bench.say("| what | requests per second | median, 95 % (ms) | service / this |")
    bench.say("| --- | --- | --- | --- |")
    for name, one in found.items():
        ratio = found["service"].per_second / one.per_second
        bench.say(f"| {name} | {one.per_second:.0f} | {one.median_ms:.1f}, {one.p95_ms:.1f} | {ratio:.2f} |")


def imports(bench: Bench) -> None:
    """Time the real catalogue through the import job: into an empty tenant, and the same file again."""
    bench.say("## Import of a real catalogue")
    bench.say()
    if not CHICAGO.exists():
        bench.say(
            f"Left out: {CHICAGO.name} is not here (it is other people's data and not part of the project)."
        )
        bench.say()
        return
    bench.say("| what | seconds | taken + merged + reported = read |")
    bench.say("| --- | --- | --- |")
    asyncio.run(_import_twice(bench))
    bench.say()


async def _import_twice(bench: Bench) -> None:
    async with operating.workshop(bench.settings, bench.runtime) as work:
        await operating.create_tenant(
            work.database, "chicago", "Chicago", "en", "America/Chicago", ("Ada", "Lo")
        )
        for name in ("first import, published", "the same file again"):
            began = time.perf_counter()
            entry = await operating.import_into(
                work,
                "chicago",
                ImportKind.OPPORTUNITIES,
                CHICAGO,
                apply=True,
                publish=True,
                on_progress=lambda _done, _total: None,
            )
            took = time.perf_counter() - began
            (counts,) = entry.counts["files"].values()
            told = f"{counts['taken']} + {counts['merged']} + {counts['rejected']} = {counts['read']}"
            bench.say(f"| {name} | {took:.1f} | {told} |")


def pooled_network(bench: Bench) -> None:
    """Time what the pooled network costs at two sizes, ten times apart."""
    bench.say("## The pooled network")
    bench.say()
    with bench.process(SERVICE, "-m", "app", "serve"):
        network.measure(bench, f"http://127.0.0.1:{SERVICE}", bench.say)
    bench.say()


def searches(bench: Bench) -> None:
    """Time searching, suggestions and maps in installations of their own, at two sizes a hundred times apart."""
    bench.say("## Finding listings")
    bench.say()
    folder = OPTIONS.home or Path(tempfile.mkdtemp(prefix="kithwork-search-"))
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    sizes = (OPTIONS.listings,) if OPTIONS.listings else search.SIZES
    found = {}
    try:
        for size in sizes:
            home = folder / f"{size}"
            home.mkdir(exist_ok=True)
            home.chmod(0o755)
            with EmbeddedServer.start(home) as server:
                town = search.settle(server, home, size)
                with bench.process(
                    SERVICE, "-m", "app", "serve", DATABASE_URL=town.runtime, KITHWORK_HOME=str(home)
                ):
                    over_http = search.measure(town, f"http://127.0.0.1:{SERVICE}")
                found[size] = search.Measured(
                    asyncio.run(search.served(town)), over_http, psql.bare(town, home)
                )
    finally:
        if OPTIONS.home is None:
            shutil.rmtree(folder, ignore_errors=True)
    search.tell(found, bench.say)
    bench.say()


def starting(bench: Bench) -> None:
    """Time `make run` (with the environment made) to the first answer, in an empty home and again."""
    home = Path(tempfile.mkdtemp(prefix="kithwork-start-"))
    home.chmod(0o755)
    port = "8414"
    env = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "KITHWORK_HOME"}}
    bench.say("## Start")
    bench.say()
    bench.say("| `make run`, environment made, to the first answer | seconds |")
    bench.say("| --- | --- |")
    try:
        for name in ("first start: database made, migrated, demo community loaded", "second start"):
            began = time.perf_counter()
            with (home / "run.log").open("ab") as log:
                process = subprocess.Popen(
                    [sys.executable, "-m", "app", "run"],
                    env={**env, "KITHWORK_HOME": str(home), "PORT": port},
                    stdout=log, stderr=log, cwd=ROOT,
                )  # fmt: skip
            _wait_for(int(port), process)
            bench.say(f"| {name} | {time.perf_counter() - began:.1f} |")
            process.terminate()
            process.wait(timeout=30)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    bench.say()


def likeness(bench: Bench) -> None:
    """Measure how well duplicates are found, on generated records whose truth is known."""
    for line in duplicates.report():
        bench.say(line)
    bench.say()


PARTS: dict[str, Callable[[Bench], None]] = {
    "catalogue": catalogue,
    "pursuits": pursuits,
    "imports": imports,
    "network": pooled_network,
    "search": searches,
    "duplicates": likeness,
    "starting": starting,
}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Ratios of one run.")
    parser.add_argument("parts", nargs="*", help=f"only these, told and not written: {', '.join(PARTS)}")
    parser.add_argument("--listings", type=int, help="of search: one size instead of two")
    parser.add_argument("--home", type=Path, help="of search: keep its databases here, and use them again")
    return parser.parse_args()


OPTIONS = _options()


def main() -> None:
    """Run everything and write the report; parts that are named (`python -m bench network`) are only told."""
    home = Path(tempfile.mkdtemp(prefix="kithwork-bench-"))
    home.chmod(0o755)
    try:
        with EmbeddedServer.start(home) as server:
            bench = Bench(server, home)
            with psycopg.connect(bench.owner) as connection:
                version = connection.info.server_version // 10_000
            bench.say("# Performance")
            bench.say()
            bench.say(
                f"One run of `make bench` on {datetime.now(UTC):%Y-%m-%d}: {os.cpu_count()} cores, Python"
            )
            bench.say(
                f"{sys.version.split()[0]}, PostgreSQL {version} beside it, one API process, {CONNECTIONS} connections,"
            )
            bench.say(
                f"median of {ROUNDS} rounds of {SECONDS:.0f} s, sides in turn. Ratios are what to read: the machine is shared."
            )
            bench.say(
                "The floor is a bare ASGI function (uvicorn, psycopg, orjson) that checks the same token and replays the"
            )
            bench.say("service's own statements in the same tenant transaction.")
            for name in OPTIONS.parts or PARTS:
                PARTS[name](bench)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    if not OPTIONS.parts:
        (ROOT / "docs" / "performance.md").write_text("\n".join(bench.lines).rstrip() + "\n")


main()
