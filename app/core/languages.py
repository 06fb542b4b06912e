"""Which of the two languages of the service a caller reads."""

import re
from functools import lru_cache
from typing import Annotated, Literal

from fastapi import Depends, Request

Language = Literal["en", "es"]

DEFAULT: Language = "en"

# A browser sends about a hundred characters; the rest of a longer header cannot change the answer for anyone honest.
_LONGEST_HEADER = 256

# RFC 9110 §12.5.4 and §12.4.2: a language range, optionally weighted with at most three decimals.
_RANGE = re.compile(
    r"\s*(\*|[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)\s*(?:;\s*[qQ]=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)\s*)?"
)


def negotiate(accept_language: str | None) -> Language:
    """Return the language an `Accept-Language` header asks for; English when it asks for neither.

    Follows RFC 9110 §12.5.4: the highest weight wins, the earlier of two equal ones, a weight of 0 refuses,
    and `*` stands for any language not named. A regional form (`es-MX`) counts as its language. A member that
    cannot be read is passed over.
    """
    if not accept_language:
        return DEFAULT
    return _negotiate(accept_language[:_LONGEST_HEADER])


def of_caller(accept_language: str | None, locale: str) -> Language:
    """Return the language a caller reads: the one that is asked for, or else their own."""
    if accept_language:
        return negotiate(accept_language)
    return "es" if locale == "es" else DEFAULT


async def _spoken(request: Request) -> Language:
    return negotiate(request.headers.get("accept-language"))


# In a handler's parameters: the language that the request asks for.
Speaks = Annotated[Language, Depends(_spoken)]


@lru_cache(maxsize=256)
def _negotiate(header: str) -> Language:
    weights: dict[str, float] = {}
    for member in header.split(","):
        found = _RANGE.fullmatch(member)
        if found is not None:
            primary = found[1].partition("-")[0].lower()
            weights[primary] = max(weights.get(primary, 0.0), float(found[2] or 1))
    others = weights.get("*", 0.0)
    english, spanish = weights.get("en", others), weights.get("es", others)
    if english == spanish:
        named = [primary for primary in weights if primary in ("en", "es")]
        return "es" if spanish > 0 and named and named[0] == "es" else DEFAULT
    return "es" if spanish > english else DEFAULT
