"""Who decides that a student may be seen on video: a guardian, until the student is of age."""

from datetime import date

from app.domain.pursuit import age_on

OF_AGE = 18


def may_consent_alone(born_on: date | None, today: date) -> bool:
    """Say whether a student decides alone; one whose birth date nobody knows does not."""
    return born_on is not None and age_on(born_on, today) >= OF_AGE
