"""`make run` and `make story`, as a person at a terminal has them: real processes, a real port, Ctrl-C."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from app.demo import DemoLogins

ROOT = Path(__file__).parents[1]


@dataclass
class Service:
    """A running `python -m app run`."""

    home: Path
    port: int
    process: "subprocess.Popen[str]"

    def app(self, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        """Run another command of the same installation to its end."""
        return subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-m", "app", *arguments],
            env={**_environment(self.home, self.port), **environment},
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


def _environment(home: Path, port: int) -> dict[str, str]:
    ours = {"DATABASE_URL", "MIGRATION_DATABASE_URL", "SMTP_URL"}
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return {**kept, "KITHWORK_HOME": str(home), "PORT": str(port), "COLUMNS": "200"}


def _start(home: Path, port: int) -> Service:
    log = (home / "run.out").open("a")
    with log:
        process = subprocess.Popen(
            [sys.executable, "-m", "app", "run"],
            env=_environment(home, port),
            cwd=ROOT,
            stdout=log,
            stderr=log,
            text=True,
        )
    for _ in range(600):
        assert process.poll() is None, (home / "run.out").read_text()
        try:
            if httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=5).status_code == 200:
                return Service(home, port, process)
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise AssertionError("the service did not come up")


def _wait_until_ready(service: Service) -> None:
    time.sleep(1)  # until the death was noticed
    for _ in range(300):
        try:
            if httpx.get(f"http://127.0.0.1:{service.port}/readyz", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise AssertionError("the service did not come back")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    home = Path(tempfile.mkdtemp(prefix="kithwork-service-"))
    home.chmod(0o755)
    running = _start(home, _free_port())
    yield running
    if running.process.poll() is None:
        running.process.send_signal(signal.SIGINT)
        running.process.wait(timeout=30)
    shutil.rmtree(home, ignore_errors=True)


def test_it_says_where_it_is_who_may_sign_in_and_what_to_do_next(service: Service) -> None:
    told = (service.home / "run.out").read_text()

    assert f"http://127.0.0.1:{service.port}/docs" in told
    assert "make story" in told
    assert f"files in {service.home / 'mail'}" in told
    for role in (
        "student",
        "guardian",
        "advisor",
        "coordinator",
        "district_admin",
        "supervisor",
        "operator",
        "integration",
    ):
        assert f"\n  {role} " in told, role


def test_the_main_job_plays_from_the_roster_to_the_placement(service: Service) -> None:
    played = service.app("story")

    assert played.returncode == 0, played.stdout + played.stderr
    assert "is active at Lakeshore Animal Hospital" in played.stdout
    assert "It came through Rosa Reyes's connection" in played.stdout
    assert "Maya's own network has grown by Vera Castellanos (strength 65 of 100)" in played.stdout


def test_a_story_that_does_not_go_as_told_ends_with_an_error(service: Service) -> None:
    played = service.app("story", "--tenant", "lakeshore", "--username", "nobody", "--password", "wrong")

    assert played.returncode == 1
    assert "The story stops here" in played.stderr


def test_a_tenant_of_ones_own_takes_a_file_of_programmes_and_plays_the_story(service: Service) -> None:
    programmes = service.home / "programmes.csv"
    programmes.write_text("title,organisation\nKennel helper,Third Street Shelter\n,Nobody\n")

    made = service.app("tenant", "create", "hillside", "Hillside", "--admin", "Ada", "Lo")
    taken = service.app(
        "import", "opportunities", str(programmes), "--tenant", "hillside", "--apply", "--publish"
    )
    code = made.stdout.split("/invitation/")[1].split()[0]
    played = service.app("story", "--tenant", "hillside", "--invitation", code)

    assert "applied" in taken.stdout, taken.stdout + taken.stderr
    assert "1 rejected" in taken.stdout
    assert played.returncode == 0, played.stdout + played.stderr


def test_somebody_whom_nobody_else_can_help_gets_a_new_password_from_the_command_line(
    service: Service,
) -> None:
    login = DemoLogins.read(service.home).of("operator").username  # type: ignore[union-attr] # the demo was loaded
    address = f"http://127.0.0.1:{service.port}"

    printed = service.app("reset-password", login)
    nobody = service.app("reset-password", "nobody@example.org")
    code = printed.stdout.rsplit("/reset/", 1)[1].strip()
    done = httpx.post(
        f"{address}/v1/passwords/reset", json={"token": code, "password": "a-new-long-password"}
    )
    form = {"grant_type": "password", "username": login, "password": "a-new-long-password"}

    assert done.status_code == 200, done.text
    assert httpx.post(f"{address}/oauth/token", data=form).status_code == 200
    assert nobody.returncode == 1


def test_a_second_start_says_that_one_is_running(service: Service) -> None:
    second = service.app("run", PORT=str(_free_port()))

    assert second.returncode == 1
    assert f"already running in {service.home}" in second.stderr
    assert str(service.process.pid) in second.stderr


def test_a_port_in_use_is_named(service: Service) -> None:
    elsewhere = Path(tempfile.mkdtemp(prefix="kithwork-elsewhere-"))
    elsewhere.chmod(0o755)

    refused = service.app("run", KITHWORK_HOME=str(elsewhere))

    assert refused.returncode == 1
    assert f"port {service.port} on 127.0.0.1 is in use" in refused.stderr
    shutil.rmtree(elsewhere)


def test_a_database_server_that_dies_is_started_again_and_the_service_goes_on(service: Service) -> None:
    pid_file = service.home / "postgres" / "18" / "postmaster.pid"
    postmaster = int(pid_file.read_text().split()[0])

    os.kill(postmaster, signal.SIGKILL)

    _wait_until_ready(service)
    assert int(pid_file.read_text().split()[0]) != postmaster
    assert service.process.poll() is None


def test_control_c_stops_everything_and_the_next_start_finds_everything(service: Service) -> None:
    postmaster = int((service.home / "postgres" / "18" / "postmaster.pid").read_text().split()[0])

    service.process.send_signal(signal.SIGINT)
    ended = service.process.wait(timeout=30)
    gone = not Path(f"/proc/{postmaster}").exists()
    again = _start(service.home, service.port)
    service.process = again.process

    assert ended == 0
    assert gone
    assert "loading the demo community" in (service.home / "run.out").read_text()
    assert (service.home / "run.out").read_text().count("loading the demo community") == 1
