"""Small pages for people who were sent a link: one form, no script, nothing from elsewhere."""

import base64
import hashlib
from collections.abc import Callable, Coroutine
from functools import cache
from pathlib import Path
from typing import Any

from fastapi.exceptions import RequestValidationError
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from app.core.languages import Language, negotiate
from app.core.problems import AppError
from app.core.routing import UnitRoute
from app.domain.errors import Refused

_HERE = Path(__file__).parent
_STYLE = (_HERE / "style.css").read_text(encoding="utf-8")
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()

# The one style sheet is in the page and named by its hash; nothing else may load, run, frame it or take its form.
POLICY = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


@cache
def _environment(folder: Path | None) -> Environment:
    folders = [_HERE] if folder is None else [folder, _HERE]
    environment = Environment(
        loader=FileSystemLoader(folders),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    # The style sheet is a file of ours: escaping its quotes would change its hash.
    environment.globals["style"] = Markup(_STYLE)  # noqa: S704 - not a value from anywhere else
    return environment


def render_page(
    template_name: str, language: Language, status: int = 200, *, folder: Path | None = None, **values: Any
) -> HTMLResponse:
    """Build a page from `<template_name>` in the feature's `folder`, or from the pages of this one.

    A template begins with `{% extends "layout.html" %}` and fills the blocks `title` and `content`; it sees
    `language` ("en" or "es") and exactly the `values` handed over: a missing one raises UndefinedError. Every
    value is escaped.
    """
    text = _environment(folder).get_template(template_name).render(language=language, **values)
    return HTMLResponse(
        text,
        status,
        headers={
            "Content-Security-Policy": POLICY,
            "Content-Language": language,
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
        },
    )


class PageRoute(UnitRoute):
    """A unit of work for a person with a browser: what is refused is told on a page, in their language."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the unit of work; it has been undone by the time its refusal gets here."""
        handle = super().get_route_handler()

        async def handle_for_people(request: Request) -> Response:
            language = negotiate(request.headers.get("accept-language"))
            spanish = language == "es"
            try:
                return await handle(request)
            except AppError as error:
                sentence = error.spanish if spanish and error.spanish else error.detail
                page = render_page("refusal.html", language, error.status, sentence=sentence)
                page.headers.update(error.headers)
                return page
            except Refused as error:
                sentence = error.spanish if spanish else error.sentence
                return render_page("refusal.html", language, 409, sentence=sentence)
            except (RequestValidationError, HTTPException):
                sentence = (
                    "esto no se puede leer; vuelva a abrir el enlace de su mensaje"
                    if spanish
                    else "this cannot be read; open the link in your message again"
                )
                return render_page("refusal.html", language, 422, sentence=sentence)

        return handle_for_people
