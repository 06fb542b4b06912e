"""Every SQL statement of suggestions: ranges of the index, and what the caller may see of it."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, Select, Text, Uuid, bindparam, case, cast, select

from app.access import allowed, binds
from app.core.db import Unit
from app.core.hotread import HotSelect
from app.domain.opportunity import SHOWN_TO_STUDENTS
from app.domain.policy import Actor, Scope, scopes
from app.domain.suggestion import SuggestionKind, beyond
from app.models import Employer, Opportunity, SuggestionTerm

# Of a range of the index, so much is looked at: what was typed so far is then too little to tell them apart anyway.
_MOST_READ = 1_500
_FEW_WORDS = 12
_A_WORDS_TERMS = 8
_OF_ONE_WORD = 300
_SPELLINGS = 3_000


class Found(NamedTuple):
    """A term that may be suggested, if the caller may see a listing that says it."""

    id: UUID
    kind: str
    value: str
    text_en: str
    text_es: str
    weight: int


_WHOSE = "(t.school_id IS NULL OR t.school_id = ANY(%(schools)s) OR %(everywhere)s)"
_KIND = "(%(kind)s::text IS NULL OR t.kind = %(kind)s::text)"

# What is typed goes on as a text does, from one of its words.
_GOES_ON = f"""
SELECT t.id, t.kind, t.value, t.text_en, t.text_es, k.weight
FROM (
  SELECT term_id, weight FROM suggestion_keys
  WHERE tenant_id = %(tenant)s AND key >= %(begin)s AND key < %(end)s
  LIMIT {_MOST_READ}
) k
JOIN suggestion_terms t ON t.tenant_id = %(tenant)s AND t.id = k.term_id
WHERE {_WHOSE} AND {_KIND}
ORDER BY k.weight DESC, length(t.text_en), t.id
LIMIT %(limit)s
"""  # noqa: S608 - constants of this file
# A word that is not finished: the most used words it may become, and of each what is most used.
_BEGUN = f"""
WITH begun AS (
  SELECT word FROM suggestion_words
  WHERE tenant_id = %(tenant)s AND word >= %(begin)s AND word < %(end)s
  ORDER BY uses DESC, word LIMIT {_FEW_WORDS}
)
SELECT found.* FROM begun CROSS JOIN LATERAL (
  SELECT t.id, t.kind, t.value, t.text_en, t.text_es, k.weight
  FROM (
    SELECT term_id, weight FROM suggestion_keys
    WHERE tenant_id = %(tenant)s AND word = begun.word
    ORDER BY weight DESC, id DESC LIMIT {_OF_ONE_WORD}
  ) k
  JOIN suggestion_terms t ON t.tenant_id = %(tenant)s AND t.id = k.term_id
  WHERE {_WHOSE} AND {_KIND}
  ORDER BY k.weight DESC LIMIT {_A_WORDS_TERMS}
) found
ORDER BY weight DESC, length(text_en), id
LIMIT %(limit)s
"""  # noqa: S608 - constants of this file
# Words in another order than the text has them: all terms of one of them.
_OF_A_WORD = f"""
SELECT t.id, t.kind, t.value, t.text_en, t.text_es, k.weight
FROM (
  SELECT term_id, weight FROM suggestion_keys
  WHERE tenant_id = %(tenant)s AND word = %(word)s
  ORDER BY weight DESC, id DESC LIMIT {_OF_ONE_WORD}
) k
JOIN suggestion_terms t ON t.tenant_id = %(tenant)s AND t.id = k.term_id
WHERE {_WHOSE} AND {_KIND}
ORDER BY k.weight DESC, length(t.text_en), t.id
"""  # noqa: S608 - constants of this file
_KNOWN = """
SELECT word, uses FROM suggestion_words
WHERE tenant_id = %(tenant)s AND word = ANY(%(words)s)
UNION ALL
(SELECT word, uses FROM suggestion_words
 WHERE tenant_id = %(tenant)s AND word >= %(begin)s AND word < %(end)s ORDER BY word LIMIT 1)
"""
_SPELT_LIKE = f"""
SELECT word, uses FROM suggestion_words
WHERE tenant_id = %(tenant)s AND word >= %(begin)s AND word < %(end)s AND length(word) BETWEEN %(shortest)s AND %(longest)s
ORDER BY uses DESC, word LIMIT {_SPELLINGS}
"""  # noqa: S608 - constants of this file


def _whose(actor: Actor, kind: SuggestionKind | None) -> dict[str, Any]:
    found = scopes(actor, "opportunity.read")
    return {
        "tenant": actor.tenant_id,
        "schools": actor.schools(),
        "everywhere": bool(found.keys() & {Scope.TENANT, Scope.GRANTED}),
        "kind": None if kind is None else kind.value,
    }


def _range(begun: str) -> dict[str, str]:
    return {"begin": begun, "end": beyond(begun)}


async def going_on(
    unit: Unit, actor: Actor, begun: str, kind: SuggestionKind | None, limit: int
) -> list[Found]:
    """Return terms in which the words typed so far follow each other, the most used first."""
    rows = await unit.rows(_GOES_ON, {**_whose(actor, kind), **_range(begun), "limit": limit})
    return [Found(*row) for row in rows]


async def beginning(
    unit: Unit, actor: Actor, begun: str, kind: SuggestionKind | None, limit: int
) -> list[Found]:
    """Return terms with a word that begins as one word typed so far does, the most used first."""
    rows = await unit.rows(_BEGUN, {**_whose(actor, kind), **_range(begun), "limit": limit})
    return [Found(*row) for row in rows]


async def with_word(unit: Unit, actor: Actor, word: str, kind: SuggestionKind | None) -> list[Found]:
    """Return terms with a word, the most used first."""
    rows = await unit.rows(_OF_A_WORD, {**_whose(actor, kind), "word": word})
    return [Found(*row) for row in rows]


async def known(unit: Unit, tenant_id: UUID, whole: Sequence[str], begun: str) -> dict[str, int]:
    """Return those of the whole words that the tenant's listings use, and one word that goes on as `begun` does."""
    rows = await unit.rows(_KNOWN, {"tenant": tenant_id, "words": list(whole), **_range(begun)})
    return dict(rows)


async def spelt_like(
    unit: Unit, tenant_id: UUID, initial: str, shortest: int, longest: int
) -> list[tuple[str, int]]:
    """Return the words with an initial, within these lengths, and how often each is used."""
    values = {"tenant": tenant_id, "shortest": shortest, "longest": longest, **_range(initial)}
    return [(word, uses) for word, uses in await unit.rows(_SPELT_LIKE, values)]


_SHOWN = sorted(status.value for status in SHOWN_TO_STUDENTS)
_seen = HotSelect()


async def visible(unit: Unit, actor: Actor, term_ids: Sequence[UUID]) -> set[UUID]:
    """Return those terms that a listing says which the caller may see, now: a text that nobody says is not suggested."""

    def build() -> Select[Any]:
        says = case(
            (SuggestionTerm.kind == SuggestionKind.TITLE, Opportunity.title == SuggestionTerm.value),
            (
                SuggestionTerm.kind == SuggestionKind.EMPLOYER,
                (cast(Opportunity.employer_id, Text) == SuggestionTerm.value)
                & (Employer.name == SuggestionTerm.text_en),
            ),
            (
                SuggestionTerm.kind == SuggestionKind.CLUSTER,
                SuggestionTerm.value == Opportunity.clusters.any_(),
            ),
            (SuggestionTerm.kind == SuggestionKind.SKILL, SuggestionTerm.value == Opportunity.skills.any_()),
            else_=SuggestionTerm.value == Opportunity.tags.any_(),
        )
        said = (
            select(Opportunity.id)
            .join(
                Employer,
                (Employer.tenant_id == Opportunity.tenant_id) & (Employer.id == Opportunity.employer_id),
            )
            .where(
                Opportunity.id == SuggestionTerm.samples.any_(),
                Opportunity.status == bindparam("shown", _SHOWN, type_=ARRAY(Text)).any_(),
                allowed(actor, "opportunity.read", Opportunity),
                says,
            )
            .correlate(SuggestionTerm)
            .exists()
        )
        return select(SuggestionTerm.id).where(
            SuggestionTerm.tenant_id == bindparam("tenant", type_=Uuid, unique=False),
            SuggestionTerm.id == bindparam("terms", type_=ARRAY(Uuid)).any_(),
            said,
        )

    values = {**binds(actor, "opportunity.read"), "terms": list(term_ids)}
    rows = await _seen.rows(unit, (actor.roles, actor.oauth_scopes), build, values)
    return {row["id"] for row in rows}
