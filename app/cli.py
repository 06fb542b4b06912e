"""python -m app <command>: run the service, keep its database, load data, and look after it."""

import asyncio
import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from app.core import clock
from app.core.db import Database, UnsafeRoleError
from app.core.embedded import AlreadyRunning, EmbeddedError, ServiceLock
from app.core.local_database import Urls, database_urls
from app.core.migrations import migrate as migrate_database
from app.core.passwords import PasswordHasher
from app.demo import DemoLogins, is_empty, load_demo
from app.main import create_app
from app.serving import PortTakenError, check_port, serve, worker_process
from app.settings import Settings
from app.story import StoryFailed, play
from app.worker import run_worker_until_signal

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help=__doc__, pretty_exceptions_show_locals=False
)
out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def _stop(error: Exception) -> typer.Exit:
    err.print(f"[red]Cannot start:[/red] {error}")
    return typer.Exit(1)


@app.command()
def run() -> None:
    """Start everything: database, migrations, demo community in an empty database, API and worker."""
    settings = Settings()
    lock = ServiceLock(settings.kithwork_home)
    try:
        with lock:
            check_port(settings)
            lock.describe(settings.base_url)
            with database_urls(settings, lock) as urls:
                _prepare(settings, urls)
                if settings.database_url is None:
                    asyncio.run(serve(settings, urls.runtime, with_worker=True))
                else:
                    with worker_process():
                        asyncio.run(serve(settings, urls.runtime, with_worker=False))
    except (AlreadyRunning, EmbeddedError, PortTakenError, UnsafeRoleError) as error:
        raise _stop(error) from error
    out.print("Stopped.")


def _prepare(settings: Settings, urls: Urls) -> None:
    if urls.owner is not None:
        migrate_database(urls.owner, urls.runtime)
    logins = asyncio.run(_demo_logins(settings, urls.runtime))
    _greet(settings, logins)


async def _demo_logins(settings: Settings, url: str) -> DemoLogins | None:
    database = Database(url, pool_size=2)
    await database.open()
    try:
        if not await is_empty(database):
            return DemoLogins.read(settings.kithwork_home)
        out.print("The database is empty: loading the demo community …")
        passwords = PasswordHasher()
        try:
            # The logins are kept before the commit, so that a loaded demo is never without them.
            return await load_demo(database, passwords, today=clock.now().date(), home=settings.kithwork_home)
        finally:
            passwords.close()
    finally:
        await database.close()


def _greet(settings: Settings, logins: DemoLogins | None) -> None:
    out.print(f"\n[bold]Kithwork[/bold] at {settings.base_url}")
    out.print(f"Documentation   {settings.base_url}/docs")
    if settings.smtp_url is None:
        out.print(f"Mail            files in {settings.kithwork_home / 'mail'} (set SMTP_URL to send)")
    if logins is not None:
        out.print(f"\nDemo logins of tenant {logins.tenant_slug} (POST /oauth/token, grant_type=password):")
        for login in logins.people:
            out.print(f"  {login.role:<15} {login.username:<40} {login.password}")
        out.print(f"  {'integration':<15} {logins.client_id:<40} {logins.client_secret}")
    out.print("\nPlay the main job in another terminal:  [bold]make story[/bold]\nCtrl-C stops everything.\n")


@app.command("serve")
def serve_api() -> None:
    """Serve the API alone, on the database named in DATABASE_URL."""
    settings = Settings()
    try:
        check_port(settings)
        with database_urls(settings) as urls:
            asyncio.run(serve(settings, urls.runtime, with_worker=False))
    except (EmbeddedError, PortTakenError, UnsafeRoleError) as error:
        raise _stop(error) from error


@app.command()
def worker() -> None:
    """Do background work alone: deliveries, mail, imports, due-dates. Connects directly, not through a pooler."""
    settings = Settings()
    with database_urls(settings) as urls:
        direct = settings.worker_database_url
        run_worker_until_signal(settings, urls.runtime if direct is None else direct.get_secret_value())


@app.command()
def migrate() -> None:
    """Bring the schema up to date as its owner (MIGRATION_DATABASE_URL) and make the runtime role of DATABASE_URL."""
    settings = Settings()
    with database_urls(settings) as urls:
        if urls.owner is None:
            err.print("Set MIGRATION_DATABASE_URL to the database as its owner, connected directly.")
            raise typer.Exit(2)
        migrate_database(urls.owner, urls.runtime)
    out.print("The schema is up to date.")


@app.command()
def openapi(
    target: Annotated[Path, typer.Argument(help="Where to write it.")] = Path("openapi/openapi.json"),
) -> None:
    """Write the OpenAPI document, as the service serves it."""
    application = create_app(Settings(), "postgresql://nobody@localhost/nothing")
    target.write_text(json.dumps(application.openapi(), indent=2, sort_keys=True, ensure_ascii=False) + "\n")
    out.print(f"Wrote {target}.")


@app.command()
def story(
    tenant: Annotated[str | None, typer.Option(help="Slug of the tenant to play in.")] = None,
    username: Annotated[str | None, typer.Option(help="Its district administrator's login.")] = None,
    password: Annotated[str | None, typer.Option(envvar="STORY_PASSWORD", help="And password.")] = None,
) -> None:
    """Play the main job over HTTP against the running service, in the demo community or in a tenant you name."""
    settings = Settings()
    logins = DemoLogins.read(settings.kithwork_home)
    if username is None or password is None:
        if logins is None:
            err.print(
                "There is no demo community here; name --tenant, --username and --password of a district admin."
            )
            raise typer.Exit(2)
        admin = logins.of("district_admin")
        tenant, username, password = tenant or logins.tenant_slug, admin.username, admin.password
    try:
        play(settings.base_url, settings.kithwork_home, tenant or "", username, password, out.print)
    except StoryFailed as error:
        err.print(f"\n[red]The story stops here:[/red] {error}")
        raise typer.Exit(1) from error
