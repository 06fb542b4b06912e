"""A tenant's settings in JSON."""

from typing import Annotated

from pydantic import Field

from app.core.schemas import In, Int, Out
from app.domain.tenant_settings import BOUNDS


def _between(name: str, description: str) -> object:
    least, most = BOUNDS[name]
    return Field(ge=least, le=most, description=description)


_WAITLIST = _between("waitlist_hours", "How long a seat is offered to the next in line.")
_PURSUIT = _between("pursuit_days", "How long an approval lasts when the coordinator names no day.")
_STALE = _between("stale_after_days", "How long a listing holds without anybody confirming it.")
_SILENCE = _between("stale_silence_days", "How long a stale listing waits for an answer before it pauses.")
_TRUSTED = _between("trusted_after", "So many listings gone well, and an employer's next needs no review.")
_CANCEL = _between(
    "session_cancel_hours", "How long before its start a session short of its minimum is cancelled."
)
_HOST = _between("host_again_months", "How often an employer is asked whether it hosts again.")

Prefix = Annotated[str, Field(pattern=r"^[0-9]{2,6}$", description="The first digits of NAICS codes.")]


class TenantSettingsPatch(In):
    """What is to change; what is left out stays as it is."""

    waitlist_hours: Annotated[Int | None, _WAITLIST] = None
    pursuit_days: Annotated[Int | None, _PURSUIT] = None
    stale_after_days: Annotated[Int | None, _STALE] = None
    stale_silence_days: Annotated[Int | None, _SILENCE] = None
    trusted_after: Annotated[Int | None, _TRUSTED] = None
    sensitive_industries: Annotated[
        list[Prefix] | None,
        Field(max_length=100, description="Listings of these industries always need a human's review."),
    ] = None
    session_cancel_hours: Annotated[Int | None, _CANCEL] = None
    host_again_months: Annotated[Int | None, _HOST] = None


class TenantSettingsOut(Out):
    """What holds in this tenant; `version` is 0 while nobody changed anything."""

    waitlist_hours: Annotated[int, _WAITLIST]
    pursuit_days: Annotated[int, _PURSUIT]
    stale_after_days: Annotated[int, _STALE]
    stale_silence_days: Annotated[int, _SILENCE]
    trusted_after: Annotated[int, _TRUSTED]
    sensitive_industries: list[Prefix]
    session_cancel_hours: Annotated[int, _CANCEL]
    host_again_months: Annotated[int, _HOST]
    version: int
    allowed_actions: list[str]
