"""Letters whose words and links are made by the feature that they come from: one row a letter.

Low level, without routes: the sending of mails asks here, and each feature answers for its own letters.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.jobs import Workshop
from app.core.languages import Language
from app.features.host_again import service as host_again
from app.features.listing_changes import service as listing_changes
from app.features.listing_codes import service as listing_codes
from app.features.phase_feedback import service as phase_feedback
from app.features.reconfirmations import service as reconfirmations
from app.features.search_digests import service as search_digests
from app.features.session_letters import service as session_letters
from app.models import Mail


class Letter(NamedTuple):
    """How a letter gets its link, and its other values; None from either: there is nothing to say any more.

    `path` is the path of its link, committed before the letter leaves; `values` are all values of its row in LETTERS
    but `link` and `choices_link`.
    """

    path: Callable[[AsyncSession, Mail], Awaitable[str | None]]
    values: Callable[[Workshop, AsyncSession, Mail, Language], Awaitable[dict[str, Any] | None]]


_RECONFIRMATION = Letter(reconfirmations.link_for, reconfirmations.letter)
_HOST_AGAIN = Letter(host_again.link_for, host_again.letter)
_FEEDBACK = Letter(phase_feedback.link_for, phase_feedback.letter)
_CHANGE = Letter(listing_changes.link_for, listing_changes.letter)
_CODE = Letter(listing_codes.link_for, listing_codes.letter)

_TO_HOST = Letter(session_letters.link_for, session_letters.letter)

OWN: Mapping[str, Letter] = {
    "session_called_off": _TO_HOST,
    "session_moved": _TO_HOST,
    "session_needs_host": Letter(session_letters.path_without_host, session_letters.without_host),
    search_digests.LETTER: Letter(search_digests.link_for, search_digests.letter),
    "host_again": _HOST_AGAIN,
    "host_again_to_contact": _HOST_AGAIN,
    "phase_feedback": _FEEDBACK,
    "phase_feedback_to_contact": _FEEDBACK,
    "listing_change_accepted": _CHANGE,
    "listing_change_accepted_to_contact": _CHANGE,
    "listing_change_declined": _CHANGE,
    "listing_change_declined_to_contact": _CHANGE,
    "listing_code": _CODE,
    "listing_code_to_contact": _CODE,
    "reconfirmation": _RECONFIRMATION,
    "reconfirmation_to_contact": _RECONFIRMATION,
}

# Letters that ask something of a contact: they do not leave for who said "never" in any community.
ASKING: frozenset[str] = frozenset(
    {
        "host_again_to_contact",
        "phase_feedback_to_contact",
        "listing_code_to_contact",
        "reconfirmation_to_contact",
    }
)
