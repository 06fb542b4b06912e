"""Pages for people with a link."""

from pathlib import Path

import pytest
from jinja2 import UndefinedError

from app.core.pages import POLICY, render_page


def test_a_page_is_made_of_the_features_template_in_our_layout(tmp_path: Path) -> None:
    (tmp_path / "hello.html").write_text(
        '{% extends "layout.html" %}{% block title %}Hello{% endblock %}'
        "{% block content %}<p>{{ name }}</p>{% endblock %}"
    )

    page = render_page("hello.html", "es", 202, folder=tmp_path, name="<b>Vera</b>")

    text = bytes(page.body).decode()
    assert page.status_code == 202
    assert '<html lang="es"' in text
    assert "<title>Hello</title>" in text
    assert "<p>&lt;b&gt;Vera&lt;/b&gt;</p>" in text
    assert page.headers["Content-Security-Policy"] == POLICY
    assert page.headers["Content-Language"] == "es"


def test_a_missing_value_is_an_error_and_not_an_empty_place(tmp_path: Path) -> None:
    (tmp_path / "hello.html").write_text(
        '{% extends "layout.html" %}{% block title %}{{ name }}{% endblock %}'
    )

    with pytest.raises(UndefinedError):
        render_page("hello.html", "en", folder=tmp_path)


def test_a_refusal_is_a_sentence() -> None:
    page = render_page("refusal.html", "en", 410, sentence="this link has expired; ask for a new one")

    assert "<p>This link has expired; ask for a new one.</p>" in bytes(page.body).decode()
