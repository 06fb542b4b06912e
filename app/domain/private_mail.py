"""Which mail addresses are private: those at the well-known providers where people have a mailbox of their own.

Suggested people are asked at work. A private address is taken only from a contributor who states that they know
the person privately. The list is our own and short on purpose: a provider that is missing costs one question less,
never a refusal of somebody's workplace.
"""

from app.domain.contact import normal_address

_WORLDWIDE = {
    "aol.com",
    "fastmail.com",
    "gmail.com",
    "googlemail.com",
    "hey.com",
    "hotmail.com",
    "icloud.com",
    "live.com",
    "mac.com",
    "mail.com",
    "me.com",
    "msn.com",
    "outlook.com",
    "pm.me",
    "proton.me",
    "protonmail.com",
    "rocketmail.com",
    "tuta.com",
    "tutanota.com",
    "yahoo.com",
    "ymail.com",
    "zohomail.com",
}
# Mailboxes that come with a telephone or cable line in the United States.
_LINES = {
    "att.net",
    "bellsouth.net",
    "centurylink.net",
    "charter.net",
    "comcast.net",
    "cox.net",
    "earthlink.net",
    "frontier.com",
    "juno.com",
    "optonline.net",
    "rr.com",
    "sbcglobal.net",
    "spectrum.net",
    "verizon.net",
    "windstream.net",
}
# The providers that families from elsewhere brought along.
_ELSEWHERE = {
    "126.com",
    "163.com",
    "gmx.com",
    "gmx.net",
    "hotmail.es",
    "live.com.mx",
    "mail.ru",
    "naver.com",
    "outlook.es",
    "prodigy.net.mx",
    "qq.com",
    "web.de",
    "yahoo.ca",
    "yahoo.co.in",
    "yahoo.co.uk",
    "yahoo.com.ar",
    "yahoo.com.br",
    "yahoo.com.mx",
    "yahoo.com.ph",
    "yahoo.es",
    "yandex.ru",
}

PRIVATE_MAIL: frozenset[str] = frozenset(_WORLDWIDE | _LINES | _ELSEWHERE)


def is_private(email: str) -> bool:
    """Say whether an address is at one of the well-known providers, or at a domain below theirs."""
    labels = normal_address(email).rpartition("@")[2].rstrip(".").split(".")
    return any(".".join(labels[start:]) in PRIVATE_MAIL for start in range(len(labels) - 1))
