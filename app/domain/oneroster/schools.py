"""Which school an organisation of the roster stands for."""

from collections import defaultdict
from collections.abc import Mapping

from app.domain.oneroster.rows import Org

# No school system is this deep; a file that is would otherwise cost the square of its rows.
MAX_DEPTH = 32


class SchoolFinder:
    """Says which one school an organisation stands for: itself, the school it lies in, or the only school it holds.

    An organisation over several schools stands for none: to let its staff into all of them is not an import's to decide.
    """

    def __init__(self, orgs: tuple[Org, ...], stored: Mapping[str, str]) -> None:
        self._found: dict[str, str | None] = dict(stored)
        parents = {org.sourced_id: org.parent for org in orgs}
        schools = {org.sourced_id for org in orgs if org.kind == "school"}
        beneath: dict[str, set[str]] = defaultdict(set)
        for school in schools:
            for above in _line(parents, school):
                beneath[above].add(school)
        for org in parents:
            inside = next((each for each in (org, *_line(parents, org)) if each in schools), None)
            only = next(iter(beneath[org])) if len(beneath[org]) == 1 else None
            self._found[org] = inside or only or stored.get(org)

    def of(self, org: str) -> str | None:
        """Return the school's sourcedId, or None."""
        return self._found.get(org)


def _line(parents: Mapping[str, str], org: str) -> list[str]:
    """List the organisations above one, nearest first."""
    line: list[str] = []
    while (org := parents.get(org, "")) != "" and len(line) < MAX_DEPTH:
        line.append(org)
    return line
