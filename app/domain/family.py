"""Who stands for a student."""

from enum import StrEnum


class Relationship(StrEnum):
    """What a guardian is to the student."""

    GUARDIAN = "guardian"
    PARENT = "parent"
    RELATIVE = "relative"
    OTHER = "other"
