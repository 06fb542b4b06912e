"""python -m app <command>: run the service, keep its database, load data, and look after it."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TimeElapsedColumn

from app import operating
from app.core import clock
from app.core.db import Database, UnsafeRoleError
from app.core.embedded import AlreadyRunning, EmbeddedError, ServiceLock
from app.core.local_database import Urls, database_urls
from app.core.logs import configure_logs
from app.core.migrations import migrate as migrate_database
from app.core.passwords import PasswordHasher
from app.core.problems import AppError
from app.demo import DemoLogins, is_empty, load_demo
from app.domain.intake import ImportKind, ImportStatus
from app.main import create_app
from app.models import Import
from app.serving import PortTakenError, check_port, serve, worker_process
from app.settings import Settings
from app.story import StoryFailed, WayIn, play
from app.worker import run_worker_until_signal

tenants = typer.Typer(no_args_is_help=True, help="Make tenants.")
imports = typer.Typer(
    no_args_is_help=True, help="Import files of this machine, as a trial unless --apply is given."
)
letters = typer.Typer(no_args_is_help=True, help="Events that could not be delivered.")
app = typer.Typer(
    no_args_is_help=True, add_completion=False, help=__doc__, pretty_exceptions_show_locals=False
)
app.add_typer(tenants, name="tenant")
app.add_typer(imports, name="import")
app.add_typer(letters, name="dead-letters")
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
        missing = migrate_database(urls.owner, urls.runtime)
    out.print("The schema is up to date.")
    if missing:
        out.print("Whoever made the runtime role still has to run, so that nothing waits for ever:")
        out.print("\n".join(missing))


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
    invitation: Annotated[str | None, typer.Option(help="Or the code that `tenant create` printed.")] = None,
) -> None:
    """Play the main job over HTTP against the running service, in the demo community or in a tenant you name."""
    settings = Settings()
    if tenant is not None and (invitation is not None or (username is not None and password is not None)):
        way_in = WayIn(tenant, username or "", password or "", invitation)
    elif tenant is None and (logins := DemoLogins.read(settings.kithwork_home)) is not None:
        admin = logins.of("district_admin")
        way_in = WayIn(logins.tenant_slug, admin.username, admin.password)
    else:
        err.print(
            "Name --tenant, and --invitation or --username and --password of its district administrator."
        )
        raise typer.Exit(2)
    try:
        play(settings.base_url, settings.kithwork_home, way_in, out.print)
    except StoryFailed as error:
        err.print(f"\n[red]The story stops here:[/red] {error}")
        raise typer.Exit(1) from error


@tenants.command("create")
def create_tenant(
    slug: Annotated[str, typer.Argument(help="Short name: lower-case letters, digits, hyphens.")],
    name: Annotated[str, typer.Argument(help="Name that people read.")],
    admin: Annotated[tuple[str, str], typer.Option(help="Given and family name of its administrator.")],
    locale: Annotated[str, typer.Option(help="en or es.")] = "en",
    zone: Annotated[str, typer.Option(help="IANA time zone.")] = "America/New_York",
) -> None:
    """Make a tenant and print the invitation codes of its first administrator and its operator."""
    settings = Settings()

    async def make(urls: Urls) -> None:
        async with operating.workshop(settings, urls.runtime) as work:
            logins = await operating.create_tenant(work.database, slug, name, locale, zone, admin)
        out.print(
            f"Tenant {slug} is there. Each code works once; open it in a browser or POST to /v1/invitations:"
        )
        for login in logins:
            out.print(f"  {login.role:<15} {login.login:<30} {settings.base_url}/invitation/{login.code}")

    _work(settings, make)


@app.command("reset-password")
def reset_password(login: Annotated[str, typer.Argument(help="E-mail address or name@tenant.")]) -> None:
    """Print a link that sets a new password, for somebody whom nobody else can help: an administrator, say."""
    settings = Settings()

    async def make(urls: Urls) -> None:
        async with operating.workshop(settings, urls.runtime) as work:
            code = await operating.reset_code(work.database, login)
        out.print(f"For one hour, and once: {settings.base_url}/reset/{code}")

    _work(settings, make)


def _import(kind: ImportKind, path: Path, tenant: str, *, apply: bool, publish: bool = False) -> None:
    settings = Settings()

    async def run_import(urls: Urls) -> None:
        columns = (BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
        async with operating.workshop(settings, urls.runtime) as work:
            with Progress(*columns, console=err, transient=True) as bar:
                task = bar.add_task(path.name, total=None)
                entry = await operating.import_into(
                    work,
                    tenant,
                    kind,
                    path,
                    apply=apply,
                    publish=publish,
                    on_progress=lambda done, total: bar.update(task, completed=done, total=total),
                )
        _report(entry)

    _work(settings, run_import)


def _report(entry: Import) -> None:
    out.print(f"Import {entry.id}: {entry.status.value}")
    if entry.fault is not None:
        out.print(f"  {entry.fault}")
    for part in ("files", "effects"):
        for name, counts in sorted(entry.counts.get(part, {}).items()):
            told = ", ".join(f"{count} {what}" for what, count in sorted(counts.items()) if count)
            out.print(f"  {name}: {told or 'nothing'}")
    if entry.status not in {ImportStatus.TRIED, ImportStatus.APPLIED}:
        raise typer.Exit(1)


@imports.command()
def roster(
    path: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="OneRoster 1.2 ZIP.")],
    tenant: Annotated[str, typer.Option(help="Slug of the tenant.")],
    apply: Annotated[bool, typer.Option("--apply", help="Store it; otherwise only try it.")] = False,
) -> None:
    """Import a roster, bulk or delta."""
    _import(ImportKind.ROSTER, path, tenant, apply=apply)


@imports.command()
def opportunities(
    path: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV of programmes.")],
    tenant: Annotated[str, typer.Option(help="Slug of the tenant.")],
    apply: Annotated[bool, typer.Option("--apply", help="Store it; otherwise only try it.")] = False,
    publish: Annotated[
        bool, typer.Option("--publish", help="Vet the employers and publish at once.")
    ] = False,
) -> None:
    """Import a file of programmes."""
    _import(ImportKind.OPPORTUNITIES, path, tenant, apply=apply, publish=publish)


@letters.command("list")
def list_dead_letters(tenant: Annotated[str, typer.Option(help="Slug of the tenant.")]) -> None:
    """Show what could not be delivered, and since when."""
    settings = Settings()

    async def show(urls: Urls) -> None:
        async with operating.workshop(settings, urls.runtime) as work:
            for dead in await operating.dead_letters(work.database, tenant):
                out.print(f"{dead.id}  event {dead.delivered_seq + 1}  {dead.fault}  since {dead.dead_at}")

    _work(settings, show)


@letters.command("replay")
def replay_dead_letter(
    subject_id: UUID, tenant: Annotated[str, typer.Option(help="Slug of the tenant.")]
) -> None:
    """Try one again."""
    settings = Settings()

    async def replay(urls: Urls) -> None:
        async with operating.workshop(settings, urls.runtime) as work:
            await operating.replay(work.database, tenant, subject_id)

    _work(settings, replay)


@letters.command("skip")
def skip_dead_letter(
    subject_id: UUID, tenant: Annotated[str, typer.Option(help="Slug of the tenant.")]
) -> None:
    """Leave one undelivered and go on with the subject's next event."""
    settings = Settings()

    async def skip(urls: Urls) -> None:
        async with operating.workshop(settings, urls.runtime) as work:
            await operating.skip(work.database, tenant, subject_id)

    _work(settings, skip)


def _work(settings: Settings, command: Callable[[Urls], Coroutine[None, None, None]]) -> None:
    configure_logs(settings)
    try:
        with database_urls(settings) as urls:
            asyncio.run(command(urls))
    except (
        AppError,
        operating.UnknownTenantError,
        operating.UnknownAccountError,
        EmbeddedError,
        UnsafeRoleError,
    ) as error:
        err.print(f"[red]{error}[/red]")
        raise typer.Exit(1) from error
