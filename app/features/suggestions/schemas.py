"""Suggestions in JSON."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from app.core.schemas import Out
from app.domain.suggestion import SuggestionKind


class SuggestionFilters(BaseModel):
    """What was typed so far."""

    model_config = ConfigDict(extra="forbid")

    q: Annotated[
        str,
        Field(
            description="What was typed so far, of any kind; the first 80 characters count.",
            examples=["veter"],
        ),
    ] = ""
    kind: Annotated[SuggestionKind | None, Field(description="Only suggestions of this kind.")] = None
    limit: Annotated[int, Field(ge=1, le=20, description="Suggestions at most.")] = 8


class SuggestionOut(Out):
    """One suggestion: what to show, and what to filter the catalogue by when it is chosen."""

    kind: SuggestionKind
    text: Annotated[
        str, Field(description="In the caller's language where it has one; else as it was written.")
    ]
    value: Annotated[
        str,
        Field(
            description="What to send to `GET /v1/opportunities`: a title or a tag as `q`, an employer as "
            "`employer_id`, a career cluster or a skill as the filter of that name."
        ),
    ]
    marks: Annotated[
        list[tuple[int, int]],
        Field(
            description="Where the typed words are in the text: pairs of where one begins and how long it is, in "
            "Unicode code points."
        ),
    ]


class SuggestionsOut(Out):
    """What may have been meant, the likeliest first."""

    items: list[SuggestionOut]
    mended: Annotated[
        str | None,
        Field(description="What was typed with its spelling mended, where it had to be; else null."),
    ]
