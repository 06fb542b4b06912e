"""What a tenant decides for itself: how long things last, and what needs a second look.

A tenant that changed nothing has the defaults. A number outside its bounds is refused where it is set, so whoever
reads a setting need not look again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class TenantSettings:
    """One tenant's settings; the defaults are product.md's timers."""

    waitlist_hours: int = 24  # how long a returned seat is offered to the next in line
    pursuit_days: int = 14  # how long an approval lasts when the coordinator names no day
    stale_after_days: int = 183  # how long a listing holds without anybody confirming it
    stale_silence_days: int = 14  # how long a stale listing waits for an answer before it pauses
    trusted_after: int = 3  # so many listings gone well, and an employer's next one needs no review
    # NAICS prefixes: what a listing there needs is a human, however well the employer is known. Bars and night clubs,
    # gambling, weapons, hospitals' closed wards, residential care, security guards, private homes.
    sensitive_industries: tuple[str, ...] = ("5616", "622", "623", "7132", "7224", "814", "332992", "332994")
    session_cancel_hours: int = 24  # a session short of its minimum is cancelled this long before it starts
    host_again_months: int = 12  # how often an employer is asked whether it hosts again


DEFAULTS = TenantSettings()

# Field -> the least and the most it may be.
BOUNDS: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "waitlist_hours": (1, 336),
        "pursuit_days": (1, 120),
        "stale_after_days": (7, 730),
        "stale_silence_days": (1, 90),
        "trusted_after": (1, 100),
        "session_cancel_hours": (1, 336),
        "host_again_months": (1, 36),
    }
)


def is_sensitive(naics: str | None, settings: TenantSettings) -> bool:
    """Say whether an employer's industry always needs a human; one that is unknown does too."""
    return naics is None or any(naics.startswith(prefix) for prefix in settings.sensitive_industries)
