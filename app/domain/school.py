"""What an organisation inside a tenant is."""

from enum import StrEnum


class SchoolKind(StrEnum):
    """The kind of organisation."""

    SCHOOL = "school"
    DISTRICT = "district"
    OTHER = "other"
