"""The application: routers, error handlers, and what lives as long as the process."""

import contextlib
import re
from collections.abc import AsyncIterator
from typing import Any

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from app.access.public import PUBLIC
from app.core.contract import install_contract
from app.core.db import Database
from app.core.errors import install_error_handlers
from app.core.files import open_files
from app.core.limits import (
    DatabaseBackoff,
    DatabaseRateLimiter,
    MemoryBackoff,
    MemoryRateLimiter,
)
from app.core.middleware import Edge
from app.core.passwords import PasswordHasher
from app.core.pictures import Pictures
from app.core.secrets import load_secrets
from app.core.tokens import TokenReader
from app.features.accounts import routes as accounts
from app.features.advisor_links import routes as advisor_links
from app.features.bulk_edits import routes as bulk_edits
from app.features.catalogue import routes as catalogue
from app.features.codes import routes as codes
from app.features.connections import routes as connections
from app.features.consents import routes as consents
from app.features.contacts import routes as contacts
from app.features.contributions import routes as contributions
from app.features.dead_letters import routes as dead_letters
from app.features.docs import routes as docs
from app.features.duplicates import routes as duplicates
from app.features.employer_asks import routes as employer_asks
from app.features.employers import routes as employers
from app.features.events import routes as events
from app.features.favorites import routes as favorites
from app.features.freshness import routes as freshness
from app.features.goals import routes as goals
from app.features.guardian_links import routes as guardian_links
from app.features.host_again import routes as host_again
from app.features.host_listings import routes as host_listings
from app.features.households import routes as households
from app.features.images import routes as images
from app.features.imports import routes as imports
from app.features.introduction_asks import routes as introduction_asks
from app.features.introductions import routes as introductions
from app.features.invitations import routes as invitations
from app.features.listing_changes import routes as listing_changes
from app.features.listing_codes import routes as listing_codes
from app.features.listing_copies import routes as listing_copies
from app.features.listing_exports import routes as listing_exports
from app.features.listing_reports import routes as listing_reports
from app.features.machine_clients import routes as machine_clients
from app.features.map_clusters import routes as map_clusters
from app.features.map_pictures import routes as map_pictures
from app.features.map_shares import routes as map_shares
from app.features.me import routes as me
from app.features.memberships import routes as memberships
from app.features.merges import routes as merges
from app.features.network_map import routes as network_map
from app.features.notifications import routes as notifications
from app.features.oauth import routes as oauth
from app.features.opportunities import routes as opportunities
from app.features.opportunity_types import routes as opportunity_types
from app.features.outreach import routes as outreach
from app.features.people import routes as people
from app.features.phase_feedback import routes as phase_feedback
from app.features.placements import routes as placements
from app.features.pool import routes as pool
from app.features.project_phases import routes as project_phases
from app.features.pursuits import routes as pursuits
from app.features.questionnaires import routes as questionnaires
from app.features.reconfirmations import routes as reconfirmations
from app.features.relationship_rounds import routes as relationship_rounds
from app.features.reliability import routes as reliability
from app.features.reserves import routes as reserves
from app.features.round_students import routes as round_students
from app.features.saved_searches import routes as saved_searches
from app.features.schools import routes as schools
from app.features.session_enrollments import routes as session_enrollments
from app.features.sessions import routes as sessions
from app.features.speed_rounds import routes as speed_rounds
from app.features.student_groups import routes as student_groups
from app.features.student_profiles import routes as student_profiles
from app.features.suggestions import routes as suggestions
from app.features.system import routes as system
from app.features.tenant_settings import routes as tenant_settings
from app.features.ties import routes as ties
from app.features.video_consents import routes as video_consents
from app.features.waiting_entries import routes as waiting_entries
from app.features.weekly_patterns import routes as weekly_patterns
from app.settings import Settings

VERSION = "0.1.0"

# Where files are sent; everything else is JSON or a form.
_UPLOADS = frozenset({"/v1/imports/connections", "/v1/imports/opportunities", "/v1/imports/roster"})

# Routes are tried in order: what is asked for most comes first.
ROUTERS = (
    catalogue.router,
    map_clusters.router,
    pursuits.requests,
    accounts.router,
    accounts.pages,
    advisor_links.router,
    bulk_edits.router,
    codes.router,
    connections.router,
    consents.pages,
    consents.router,
    contacts.router,
    contributions.invitations,
    contributions.pages,
    contributions.router,
    dead_letters.router,
    docs.router,
    duplicates.router,
    employer_asks.router,
    employers.router,
    employers.worksites,
    events.router,
    favorites.lists,
    favorites.router,
    freshness.router,
    goals.router,
    guardian_links.router,
    host_again.answers,
    host_again.pages,
    host_again.router,
    host_listings.pages,
    host_listings.router,
    households.router,
    images.of_covers,
    images.of_employers,
    images.of_opportunities,
    images.router,
    imports.router,
    introduction_asks.pages,
    introduction_asks.router,
    introductions.router,
    listing_copies.router,
    listing_exports.router,
    map_pictures.router,
    map_pictures.shared,
    map_shares.router,
    me.router,
    memberships.router,
    merges.router,
    network_map.router,
    network_map.shared,
    notifications.router,
    invitations.router,
    invitations.pages,
    listing_changes.router,
    listing_codes.pages,
    listing_codes.router,
    listing_reports.cases,
    listing_reports.router,
    machine_clients.router,
    oauth.router,
    opportunities.router,
    opportunity_types.router,
    outreach.questions,
    outreach.router,
    people.router,
    phase_feedback.asks,
    phase_feedback.pages,
    phase_feedback.router,
    placements.lists,
    placements.router,
    pool.router,
    project_phases.router,
    project_phases.teams,
    pursuits.lists,
    pursuits.router,
    questionnaires.router,
    reconfirmations.pages,
    reconfirmations.router,
    relationship_rounds.router,
    reserves.dates,
    reserves.router,
    reliability.router,
    round_students.router,
    saved_searches.links,
    saved_searches.pages,
    saved_searches.router,
    schools.router,
    session_enrollments.router,
    sessions.router,
    student_groups.router,
    student_profiles.router,
    system.router,
    suggestions.router,
    tenant_settings.router,
    ties.router,
    waiting_entries.router,
    weekly_patterns.router,
    speed_rounds.router,
    video_consents.router,
)

_PICTURE = re.compile(r"/v1/(?:opportunities|employers)/[^/]+/images")

DESCRIPTION = """\
A school community pools the people it knows, turns them into approved internships and job shadows, and matches every
student to opportunities drawn from the whole community's network.

Sign in at `POST /oauth/token`, then send `Authorization: Bearer`. Every POST that creates or changes something wants an
`Idempotency-Key`; every change to one thing wants its ETag in `If-Match`; every error is a problem document (RFC 9457)
whose `detail` says what to do next, in English or Spanish by `Accept-Language`.
"""


def create_app(settings: Settings, database_url: str) -> FastAPI:
    """Build the application on a database that has been migrated; `database_url` names the runtime role."""
    app = FastAPI(
        title="Kithwork",
        version=VERSION,
        description=DESCRIPTION,
        openapi_url="/openapi.json",
        docs_url=None,
        redoc_url=None,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        lifespan=_lifespan,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
    )
    secrets = load_secrets(settings)
    app.state.settings = settings
    app.state.hash_key = secrets.hash_key
    app.state.files = open_files(settings)
    app.state.token_keys = secrets.token_keys
    app.state.tokens = TokenReader(
        secrets.token_keys, issuer=settings.token_issuer, audience=settings.token_audience
    )
    app.state.database = Database(
        database_url,
        pool_size=settings.database_pool_size,
        pool_timeout=settings.database_pool_timeout,
        behind_pooler=settings.database_pooler == "pgbouncer",
    )
    _count_in(app, settings)
    install_error_handlers(app)
    for router in ROUTERS:
        app.include_router(router)
    install_contract(app, PUBLIC)
    app.add_middleware(
        Edge,
        limit_for=_limit_for(settings),
        strict_transport=settings.environment == "production",
    )
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "Idempotency-Key", "If-Match", "X-Request-ID"],
            expose_headers=[
                "ETag",
                "Link",
                "Location",
                "RateLimit",
                "RateLimit-Policy",
                "Retry-After",
                "X-Request-ID",
            ],
            max_age=600,
        )
    return app


def _count_in(app: FastAPI, settings: Settings) -> None:
    database: Database = app.state.database
    key: bytes = app.state.hash_key
    if settings.rate_limit_backend == "database":
        app.state.limiter = DatabaseRateLimiter(settings.rate_limit, database.alone, key=key)
        app.state.backoff = DatabaseBackoff(database.alone, key=key)
    else:
        app.state.limiter = MemoryRateLimiter(settings.rate_limit)
        app.state.backoff = MemoryBackoff(key=key)


def _limit_for(settings: Settings) -> Any:
    def limit_for(method: str, path: str) -> int:
        if method == "POST" and _PICTURE.fullmatch(path):
            return settings.image_limit
        is_upload = method == "POST" and path in _UPLOADS
        return settings.upload_limit if is_upload else settings.json_body_limit

    return limit_for


@contextlib.asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    database: Database = app.state.database
    await database.open()
    await database.check_role()
    app.state.passwords = PasswordHasher()
    app.state.pictures = Pictures()
    try:
        yield
    finally:
        app.state.passwords.close()
        app.state.pictures.close()
        await database.close()
