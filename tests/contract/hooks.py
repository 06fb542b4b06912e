"""What the contract probe adds to schemathesis: a fresh key for each change, a tenant wall, and a tally.

Loaded by schemathesis in its own process, which the probe starts with KITHWORK_PROBE_HOME naming the folder it prepared.
"""

import atexit
import json
import os
import re
import threading
from collections import Counter
from pathlib import Path
from typing import Any
from uuid import uuid4

import schemathesis
from hypothesis import strategies
from schemathesis import Case, CheckContext, HookContext, Response

from tests.core.photographs import picture
from tests.domain.roster_packages import bulk_package, delta_package

HOME = Path(os.environ["KITHWORK_PROBE_HOME"])
PEERS = ("lakeside", "riverton")

# Everything the service makes has a version 7 id, which nobody can guess and no two rows share.
ROW_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")

_owners: dict[str, str] = json.loads((HOME / "owners.json").read_text())
_keepers: frozenset[str] = frozenset(json.loads((HOME / "keepers.json").read_text()))
_answers: dict[str, Counter[int]] = {}
_lock = threading.Lock()

# Packages are whole, torn and none at all.
_PACKAGES = (bulk_package(), bulk_package(roles=None), delta_package(), bulk_package()[:400], b"PK", b"")
schemathesis.openapi.media_type(
    "application/zip",
    strategies.sampled_from(_PACKAGES) | strategies.binary(max_size=200),
    aliases=["application/x-zip-compressed"],
)


# Pictures are whole, torn and none at all.
_PICTURES = (picture(), picture("PNG"), picture("WEBP"), picture()[:200], b"GIF89a", b"")
schemathesis.openapi.media_type(
    "image/jpeg",
    strategies.sampled_from(_PICTURES) | strategies.binary(max_size=200),
    aliases=["image/png", "image/webp"],
)


@schemathesis.hook
def filter_path_parameters(_context: HookContext, path_parameters: dict[str, Any] | None) -> bool:
    """Spare the memberships that the two people act by."""
    return (path_parameters or {}).get("membership_id") not in _keepers


@schemathesis.hook
def before_call(_context: HookContext, case: Case[Any], **_: Any) -> None:
    """Give the request a key of its own where the generated one is only a stand-in."""
    if case.headers.get("Idempotency-Key") == "fresh":
        case.headers["Idempotency-Key"] = str(uuid4())


@schemathesis.hook
def after_call(_context: HookContext, case: Case[Any], response: Response) -> None:
    """Count the answer."""
    with _lock:
        _answers.setdefault(case.operation.label, Counter())[response.status_code] += 1


@schemathesis.check
def nothing_of_the_other_tenant(_context: CheckContext, response: Response, case: Case[Any]) -> None:
    """Fail when an answer names a row of the other tenant that the request did not name, or acts on one that it did."""
    caller = case.auth_identity
    if caller not in PEERS:
        return
    asked = set(ROW_ID.findall(_what_was_sent(response)))
    answered = set(ROW_ID.findall(response.text))
    with _lock:
        if response.status_code < 300:
            for row in answered - asked:
                _owners.setdefault(row, caller)
        leaked = {row for row in answered - asked if _owners.get(row, caller) != caller}
        touched = {
            row for row in ROW_ID.findall(str(case.path_parameters)) if _owners.get(row, caller) != caller
        }
    assert not leaked, f"{caller} was shown {sorted(leaked)}, which belong to another tenant"
    assert not (touched and response.status_code < 300), (
        f"{caller} acted on {sorted(touched)} of another tenant"
    )


def _what_was_sent(response: Response) -> str:
    body = response.request.body or b""
    text = body.decode(errors="replace") if isinstance(body, bytes) else str(body)
    return f"{response.request.url} {text} {response.request.headers}".lower()


@atexit.register
def _write_tally() -> None:
    tally = {label: dict(counts) for label, counts in _answers.items()}
    (HOME / "answers.json").write_text(json.dumps(tally))
