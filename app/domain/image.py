"""Pictures of listings and workplaces: how many, and for how long an address of one works."""

from datetime import UTC, datetime, time, timedelta

from app.domain.errors import Refused

# Of one opportunity, or one employer. More than a student looks through is an album.
MOST_IMAGES = 8
LONGEST_ALT = 300


def check_room(images: int) -> None:
    """Refuse one more picture where there are many; raises Refused."""
    if images >= MOST_IMAGES:
        raise Refused(
            "images_full",
            f"{MOST_IMAGES} pictures are enough; remove one first",
            f"{MOST_IMAGES} imágenes bastan; quite antes alguna",
        )


def works_until(now: datetime) -> datetime:
    """Return when an address given out now stops working: the end of tomorrow, the same for the whole day.

    So a client that asks again on the same day gets the same address, and has the picture already.
    """
    day = now.astimezone(UTC).date() + timedelta(days=2)
    return datetime.combine(day, time(), UTC)
