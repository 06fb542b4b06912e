"""What is known of a part of the upkeep."""

from datetime import date, datetime
from typing import NamedTuple


class Done(NamedTuple):
    """When a part of the upkeep was done, and for which day's batch where it is done in batches."""

    done_at: datetime
    batch_on: date | None = None
