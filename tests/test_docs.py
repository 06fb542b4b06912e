"""The guides name only what exists."""

import re
from pathlib import Path

import pytest
from fastapi import FastAPI

ROOT = Path(__file__).parents[1]
GUIDES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])

# A path of the API as the guides write it: /v1/pursuits/$PURSUIT/approve, /v1/dead_letters/{subject_id}/replay.
_API_PATH = re.compile(r"(?<![\w.])/(?:v1|oauth)/[\w/${}]+")
_VARIABLE = re.compile(r"\$[A-Z]+|\{[^}]+\}")


def _named_paths(text: str) -> list[str]:
    return [path.rstrip("/") for path in _API_PATH.findall(text) if not path.endswith("/")]


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(
        "".join(
            "[^/]+" if part.startswith("{") else re.escape(part)
            for part in re.split(r"(\{[^}]+\})", template)
        )
    )


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_every_api_path_in_a_guide_is_in_the_contract(guide: Path, app: FastAPI) -> None:
    offered = [_pattern(template) for template in app.openapi()["paths"]]

    unknown = {
        path
        for path in _named_paths(guide.read_text())
        if not any(pattern.fullmatch(_VARIABLE.sub("x", path)) for pattern in offered)
    }

    assert unknown == set()


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_every_link_in_a_guide_leads_to_a_file(guide: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", guide.read_text())

    missing = [link for link in links if not (guide.parent / link).exists()]

    assert missing == []
