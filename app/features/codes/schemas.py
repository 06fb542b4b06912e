"""Codes and their names, in JSON."""

from typing import Annotated

from pydantic import Field

from app.core.schemas import Out
from app.domain.clusters import Cluster
from app.domain.occupations import OccupationCode
from app.domain.opportunity_types import OpportunityTypeCode, Stage
from app.domain.skills import SkillKind


class CodeNames(Out):
    """A name in both languages."""

    en: str
    es: str


class CodeOut(Out):
    """A code: send and store `code`, show `name`."""

    code: str
    name: Annotated[str, Field(description="In the language of Accept-Language.")]
    names: CodeNames


class Enumeration(Out):
    """One enumeration, in its own order."""

    enumeration: Annotated[str, Field(description="Such as pursuit_status.")]
    codes: list[CodeOut]


class OpportunityTypeOut(CodeOut):
    """A kind that every community begins with, its stage, and its option of CEDS element 001499.

    What a community made of them, and its own kinds, are at GET /v1/opportunity_types.
    """

    code: OpportunityTypeCode
    stage: Stage
    ceds_option: Annotated[str | None, Field(description="null where CEDS has no such kind.")]


class ClusterOut(CodeOut):
    """A career cluster (2024), with the names of the older 16 that lead to it."""

    code: Cluster
    older_names: list[str]


class OccupationOut(CodeOut):
    """An occupation a student can ask for; with the clusters, these are the fields of work."""

    code: OccupationCode
    cluster: Cluster
    soc: Annotated[str, Field(description="The closest detailed occupation of SOC 2018.")]


class SkillOut(CodeOut):
    """A skill that students name and listings ask for or teach."""

    kind: SkillKind


class CodesOut(Out):
    """Every enumeration of the service."""

    enumerations: list[Enumeration]
    opportunity_types: list[OpportunityTypeOut]
    clusters: list[ClusterOut]
    occupations: list[OccupationOut]
    skills: list[SkillOut]
    oauth_scopes: Annotated[list[CodeOut], Field(description="What a machine client can be granted.")]
