"""The service about itself, in JSON."""

from app.core.schemas import Out


class HealthOut(Out):
    """That it is well."""

    status: str


class ServiceOut(Out):
    """What this is, and where to read on."""

    name: str
    version: str
    docs: str
    openapi: str
