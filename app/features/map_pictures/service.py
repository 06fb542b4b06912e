"""Showing a network map to people: as a picture, and as a page with a table that says the same."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from fastapi import Response
from fastapi.responses import HTMLResponse

from app.core.languages import Language
from app.core.pages import render_page
from app.domain.ego_svg import Drawn, ego_network
from app.domain.fields import FIELDS, field_name
from app.domain.names import NAMES
from app.domain.network_map import HelpKind, MapTie

SVG = "image/svg+xml"
_PAGES = Path(__file__).parent / "pages"
# The picture needs nothing and may do nothing, also where a browser opens it as a page of its own.
_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"


def drawn(shown: dict[str, Any], language: Language, *, own: bool = True) -> Response:
    """Answer with the picture of a map that the service shows."""
    people = [
        Drawn(row["label"], row["domain"], row["closeness"], row["frequency"]) for row in shown["entries"]
    ]
    return Response(
        ego_network(people, language, own=own),
        media_type=f"{SVG}; charset=utf-8",
        headers={
            "Content-Security-Policy": _POLICY,
            "Content-Language": language,
            "Content-Disposition": 'inline; filename="network_map.svg"',
            "Cache-Control": "no-store",
        },
    )


def tabled(
    shown: dict[str, Any], goal_titles: Mapping[UUID, str], language: Language, *, own: bool = True
) -> HTMLResponse:
    """Answer with the table of a map that the service shows, with the student's goals in their own words."""

    def named(code: Any) -> str:
        return NAMES[type(code)][code].in_language(language)

    rows = [
        {
            **row,
            "domain": named(row["domain"]),
            "tie": named(row["tie"]),
            "help": [named(HelpKind(kind)) for kind in row["help"]],
            "goals": [goal_titles[goal_id] for goal_id in row["goal_ids"] if goal_id in goal_titles],
            "fields": [field_name(field).in_language(language) for field in row["fields"] if field in FIELDS],
        }
        for row in shown["entries"]
    ]
    ties = [{"name": named(tie), "people": shown["summary"]["ties"][tie.value]} for tie in MapTie]
    return render_page(
        "table.html", language, folder=_PAGES, rows=rows, summary=shown["summary"], ties=ties, own=own
    )
