"""When a known employer's next listing needs no review: a rule with its facts, so that everybody can check it."""

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

# What went wrong longer ago than this no longer counts against an employer.
REMEMBERED = timedelta(days=730)


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """What an employer did so far: listings that students saw, and what went wrong lately."""

    listings_shown: int
    reports_upheld: int
    listings_hidden: int
    suspensions: int
    open_cases: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rule says of the next listing, and by which facts; its reason is written into the record."""

    approved: bool
    reason: str
    facts: dict[str, Any]


def judge(
    record: TrackRecord, *, threshold: int, is_vetted: bool, is_sensitive: bool, can_open: bool
) -> Verdict:
    """Say whether the next listing of an employer is published without review.

    Only of a vetted employer whose industry is known and not one of those that always need a person, after at least
    `threshold` listings that students saw, and with nothing upheld, hidden or suspended in two years.
    """
    facts = {"rule": "trusted_employer", "threshold": threshold, **asdict(record)}
    faults = record.reports_upheld + record.listings_hidden + record.suspensions + record.open_cases
    if not is_vetted or not can_open:
        return Verdict(approved=False, reason="a person has to look: it cannot be shown yet", facts=facts)
    if is_sensitive:
        return Verdict(
            approved=False, reason="a person has to look: the industry is sensitive or unknown", facts=facts
        )
    if faults:
        return Verdict(
            approved=False, reason="a person has to look: something went wrong lately", facts=facts
        )
    if record.listings_shown < threshold:
        return Verdict(
            approved=False, reason="a person has to look: the employer is not known well enough", facts=facts
        )
    return Verdict(
        approved=True,
        reason=f"by the rule for known employers: {record.listings_shown} listings went well, {threshold} are enough",
        facts=facts,
    )
