"""What JSON comes in and goes out as: strict scalars, clean text, unknown fields refused."""

import re
from datetime import date
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AllowInfNan,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Strict,
    StringConstraints,
)
from starlette.responses import Response

_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def _clean(text: str) -> str:
    if "\x00" in text:
        raise ValueError("remove the NUL character")
    if any(0xD800 <= ord(char) <= 0xDFFF for char in text):  # noqa: PLR2004 - the surrogate range
        raise ValueError("remove the half of a surrogate pair; send valid Unicode")
    if _BIDI & set(text):
        raise ValueError("remove the bidirectional control characters")
    return text


Clean = AfterValidator(_clean)
# Names and titles: one line; notes: many.
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), Clean]
OptionalLine = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), Clean]
Note = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000), Clean]
LongText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20_000), Clean]

# What strangers will read is words alone: no tag, no address that runs a program, no character that changes what is seen.
_MARKUP = re.compile(
    r"<[/!?]?[a-z][^<>]*>|<!--|</?(?:script|style|iframe|object|embed|svg|img|link|meta|form|input)\b"
    # A tag that nobody closed is one all the same, once it has an attribute.
    r"|<[a-z][\w:-]*[\s/]+[\w:-]+\s*="
    # Somebody may teach "JavaScript: the basics"; an address that runs has no blank there, or a call behind it.
    r"|(?:javascript|vbscript)\s*:(?=\S|\s*[\w.$]+[(=\[`])|data\s*:\s*text/html",
    re.IGNORECASE,
)
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def _words_alone(text: str) -> str:
    if _UNSEEN.search(text):
        raise ValueError("remove the control characters")
    if _MARKUP.search(text):
        raise ValueError("write plain text, without markup or scripts")
    return text


WordsAlone = AfterValidator(_words_alone)
PlainLine = Annotated[Line, WordsAlone]
PlainOptionalLine = Annotated[OptionalLine, WordsAlone]
PlainNote = Annotated[Note, WordsAlone]
PlainText = Annotated[LongText, WordsAlone]


_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII | re.IGNORECASE)


def _text_only(value: Any) -> Any:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("write the date as text: YYYY-MM-DD")
    return value


def _instant_only(value: Any) -> Any:
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        raise ValueError("write the instant as RFC 3339 has it: 2026-09-14T06:00:00Z")
    return value


# JSON scalars are taken as they are: "yes" is not true, "5" is not 5, 1700000000 is not a day.
Bool = Annotated[bool, Strict()]
Int = Annotated[int, Strict()]
# Numbers and versions as the database counts them; JSON knows no bound.
MOST_COUNTED = 2**31 - 1
Float = Annotated[float, Strict(), AllowInfNan(allow_inf_nan=False)]
Day = Annotated[date, BeforeValidator(_text_only)]
Instant = Annotated[AwareDatetime, BeforeValidator(_instant_only)]


class In(BaseModel):
    """A request body; unknown fields are an error."""

    model_config = ConfigDict(extra="forbid", str_max_length=100_000)


class Out(BaseModel):
    """A response body: no defaults, so that every field is always there in a generated client."""

    model_config = ConfigDict(from_attributes=True)


def etag(response: Response, version: int) -> None:
    """Set the ETag that a change to this thing must send back in If-Match."""
    response.headers["ETag"] = f'"{version}"'
