"""Codes over HTTP."""

import httpx

from app.domain.names import NAMES
from app.domain.opportunity_types import OpportunityTypeCode


async def test_codes_need_no_sign_in_and_are_never_cached(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/codes")

    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert len(answer.json()["enumerations"]) == len(NAMES)


async def test_codes_are_named_in_the_callers_language(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/codes", headers={"Accept-Language": "es"})

    enumerations = {found["enumeration"]: found["codes"] for found in answer.json()["enumerations"]}
    assert enumerations["pursuit_status"][0] == {
        "code": "requested",
        "name": "Solicitada",
        "names": {"en": "Requested", "es": "Solicitada"},
    }
    assert {"role", "connection_domain", "offer", "pay", "opportunity_type"} <= enumerations.keys()


async def test_types_name_their_stage_and_option_and_clusters_their_older_names(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get("/v1/codes")

    kinds = {kind["code"]: kind for kind in answer.json()["opportunity_types"]}
    clusters = {cluster["code"]: cluster for cluster in answer.json()["clusters"]}
    assert set(kinds) == set(OpportunityTypeCode)
    assert (kinds["job_shadow"]["stage"], kinds["job_shadow"]["ceds_option"]) == (
        "about_work",
        "JobShadowing",
    )
    assert len(clusters) == 14
    assert clusters["healthcare_human_services"]["older_names"] == ["Health Science", "Human Services"]
    assert "roster.write" in {scope["code"] for scope in answer.json()["oauth_scopes"]}


async def test_occupations_name_their_cluster_and_soc_code(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/codes", headers={"Accept-Language": "es"})

    occupations = {occupation["code"]: occupation for occupation in answer.json()["occupations"]}
    assert len(occupations) >= 60
    assert occupations["veterinarian"] == {
        "code": "veterinarian",
        "name": "Veterinaria o veterinario",
        "names": {"en": "Veterinarian", "es": "Veterinaria o veterinario"},
        "cluster": "healthcare_human_services",
        "soc": "29-1131",
    }
