"""The documentation page."""

import base64
import hashlib
import re
from html.parser import HTMLParser
from typing import Any

import httpx
from fastapi import FastAPI

from app.features.docs.service import prose


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs


async def test_the_page_shows_every_operation_and_schema(client: httpx.AsyncClient, app: FastAPI) -> None:
    document: dict[str, Any] = app.openapi()

    answer = await client.get("/docs")

    page = _Page()
    page.feed(answer.text)
    ids = {value for name, value in page.attributes if name == "id"}
    operations = {one["operationId"] for path in document["paths"].values() for one in path.values()}
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/html")
    assert operations <= ids
    assert {f"schema-{name}" for name in document["components"]["schemas"]} <= ids
    assert "/oauth/token" in answer.text


async def test_the_page_runs_and_loads_nothing(client: httpx.AsyncClient) -> None:
    answer = await client.get("/docs")

    page = _Page()
    page.feed(answer.text)
    style = re.search("<style>(.*?)</style>", answer.text, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    policy = answer.headers["Content-Security-Policy"]
    assert {"script", "img", "link", "iframe", "form"}.isdisjoint(page.tags)
    assert not any(name.startswith("on") or name in {"src", "style"} for name, _ in page.attributes)
    assert all((value or "").startswith(("#", "/")) for name, value in page.attributes if name == "href")
    assert policy.startswith("default-src 'none'")
    assert f"'sha256-{digest}'" in policy


def test_prose_is_escaped_and_keeps_its_code() -> None:
    shown = prose("Send `If-Match`.\n\n<b>Now</b>")

    assert shown == "<p>Send <code>If-Match</code>.</p><p>&lt;b&gt;Now&lt;/b&gt;</p>"
