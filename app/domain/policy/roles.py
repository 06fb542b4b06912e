"""Who somebody is to an organisation, and which rows that can open."""

from enum import StrEnum


class Role(StrEnum):
    """What a person is to an organisation; product.md §2."""

    STUDENT = "student"
    GUARDIAN = "guardian"
    SUPERVISOR = "supervisor"
    ADVISOR = "advisor"
    COORDINATOR = "coordinator"
    DISTRICT_ADMIN = "district_admin"
    INTEGRATION = "integration"
    OPERATOR = "operator"


class Scope(StrEnum):
    """Which rows a cell of the table opens; `access.py` says what each means for each table."""

    OWN = "own"  # about me, or addressed to me
    CHILD = "child"  # about a student whose guardian I am, while my link says I may see
    CONTRIBUTED = "contributed"  # what I brought into the network
    HOSTED = "hosted"  # at the employer I supervise for
    ADVISEES = "advisees"  # about a student I advise
    SCHOOL = "school"  # of a school where I hold this role
    CATALOGUE = "catalogue"  # published, and shared with a school of mine
    PARTNERS = "partners"  # people at the employers, who belong to no school
    SHARED = "shared"  # of a student who shows me their network map, while they do
    POOLED = "pooled"  # of the whole tenant, belonging to no single school
    TENANT = "tenant"  # everything in the tenant
    GRANTED = "granted"  # everything in the tenant, for a machine client with the OAuth scope
    NONE = "-"
