"""HTTP of codes: public, because they are part of the contract."""

from typing import Any

from fastapi import APIRouter

from app.core.contract import refusals
from app.core.languages import Speaks
from app.core.routing import UnitRoute
from app.features.codes import service
from app.features.codes.schemas import CodesOut

router = APIRouter(prefix="/v1/codes", tags=["codes"], route_class=UnitRoute)


@router.get("", response_model=CodesOut, status_code=200, responses=refusals())
async def list_codes(speaks: Speaks) -> Any:
    """List every enumeration with its names in English and Spanish, so that no client invents its own.

    `name` follows Accept-Language. No sign-in is needed.
    """
    return service.view(speaks)
