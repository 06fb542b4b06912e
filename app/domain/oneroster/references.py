"""Follow every reference of a package: to rows it holds, to rows stored before, and back from rows that were not taken."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from app.domain.oneroster.binding import FILES, Mode
from app.domain.oneroster.drafts import Draft
from app.domain.oneroster.faults import Fault, shown

Known = Mapping[str, AbstractSet[str]]
"""What is stored already: the manifest's name of a file ("users") to the sourcedIds that came by it."""

PARENTED = ("orgs", "academicSessions")


@dataclass(frozen=True, slots=True)
class References:
    """All drafts of a package by file name, how each file was announced, and what is stored already.

    `unread` names files that could not be read: what points at them is not blamed for it.
    """

    drafts: Mapping[str, list[Draft]]
    modes: Mapping[str, Mode]
    known: Known
    unread: AbstractSet[str]

    def check(self) -> list[Fault]:
        """Blame every row that refers to nothing, to a row not taken or to a row that ends; then whoever refers to it.

        Return notices: a reference from a taken file into one Kithwork leaves aside costs no row.
        """
        first = {name: _by_id(drafts) for name, drafts in self.drafts.items()}
        for name in PARENTED:
            _find_loops(first.get(name, {}))
        notices = []
        for name, drafts in self.drafts.items():
            binding = FILES[name]
            for draft in drafts:
                if draft.ended:
                    continue
                for column, target, value in draft.references:
                    code = self._trouble(name, target, value, first.get(target, {}))
                    if not code:
                        continue
                    if binding.used and not FILES[target].used:
                        fault = Fault(
                            draft.file, draft.record.line, column, code, shown(value), FILES[target].file
                        )
                        notices.append(fault)
                    else:
                        draft.blame(column, code, value, FILES[target].file)
        self._cascade(first)
        return notices

    def _trouble(self, name: str, target: str, value: str, held: Mapping[str, Draft]) -> str:
        """Say what is wrong with a reference, leaving aside whether its target will be taken."""
        found = held.get(value)
        if found is not None:
            return "reference_ended" if found.ended else ""
        if target in self.unread:
            return ""
        if not FILES[target].used:
            # Nothing of these files is stored, so a delta's references into them cannot be followed.
            return "reference_missing" if self.modes[name] is Mode.BULK else ""
        stored = self.modes.get(target) is not Mode.BULK and value in self.known.get(target, ())
        return "" if stored else "reference_missing"

    def _cascade(self, first: Mapping[str, Mapping[str, Draft]]) -> None:
        """Reject what refers to a rejected row, and so on. Files left aside neither suffer nor cause it."""
        used = {name: drafts for name, drafts in self.drafts.items() if FILES[name].used}
        rejected = [(name, draft) for name, drafts in used.items() for draft in drafts if draft.faults]
        if not rejected:
            return
        dependents: dict[tuple[str, str], list[tuple[str, Draft, str]]] = defaultdict(list)
        for name, drafts in used.items():
            for draft in drafts:
                for column, target, value in draft.references:
                    dependents[target, value].append((name, draft, column))
        while rejected:
            name, cause = rejected.pop()
            if first[name].get(cause.sourced_id) is not cause:
                continue
            for dependent_name, dependent, column in dependents[name, cause.sourced_id]:
                if dependent is cause:
                    continue
                if not dependent.faults:
                    rejected.append((dependent_name, dependent))
                dependent.blame(column, "reference_rejected", cause.sourced_id, cause.file)


def _by_id(drafts: Iterable[Draft]) -> dict[str, Draft]:
    """Find the draft that holds each sourcedId: the first one."""
    return {draft.sourced_id: draft for draft in drafts if draft.sourced_id and not draft.repeated}


def _find_loops(held: Mapping[str, Draft]) -> None:
    """Blame every row whose line of parents comes back to it (each row is walked once)."""
    parent = {
        own: value
        for own, draft in held.items()
        for column, _, value in draft.references
        if column == "parentSourcedId"
    }
    settled: set[str] = set()
    for start in parent:
        path: dict[str, None] = {}
        at = start
        while at in parent and at not in settled and at not in path:
            path[at] = None
            at = parent[at]
        if at in path:
            loop = list(path)
            for each in loop[loop.index(at) :]:
                held[each].blame("parentSourcedId", "parent_loop", parent[each])
        settled.update(path)
