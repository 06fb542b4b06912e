"""Showing every enumeration with its names."""

import re
from typing import Any

from app.domain.clusters import CLUSTERS, OLDER_NAMES
from app.domain.codes import Names
from app.domain.names import NAMES, OAUTH_SCOPE_NAMES
from app.domain.occupations import OCCUPATIONS
from app.domain.opportunity_types import OPPORTUNITY_TYPES
from app.domain.skills import SKILLS

# CamelCase of Python to the snake_case of the contract.
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


def view(language: str) -> dict[str, Any]:
    """Return all codes; `name` is in the language asked for, `names` holds both."""
    return {
        "enumerations": [
            {
                "enumeration": _HUMP.sub("_", enum.__name__).lower().removesuffix("_code"),
                "codes": [_code(member.value, NAMES[enum][member], language) for member in enum],
            }
            for enum in sorted(NAMES, key=lambda enum: enum.__name__)
        ],
        "opportunity_types": [
            {**_code(code.value, kind.names, language), "stage": kind.stage, "ceds_option": kind.ceds}
            for code, kind in OPPORTUNITY_TYPES.items()
        ],
        "clusters": [
            {
                **_code(code.value, names, language),
                "older_names": sorted(older for older, now in OLDER_NAMES.items() if now is code),
            }
            for code, names in CLUSTERS.items()
        ],
        "occupations": [
            {**_code(code, row.names, language), "cluster": row.cluster, "soc": row.soc}
            for code, row in OCCUPATIONS.items()
        ],
        "skills": [
            {**_code(code, skill.names, language), "kind": skill.kind} for code, skill in SKILLS.items()
        ],
        "oauth_scopes": [_code(code, names, language) for code, names in OAUTH_SCOPE_NAMES.items()],
    }


def _code(code: str, names: Names, language: str) -> dict[str, Any]:
    return {"code": code, "name": names.in_language(language), "names": {"en": names.en, "es": names.es}}
