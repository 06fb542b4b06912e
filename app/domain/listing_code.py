"""The code by which an employer without an account opens its listings: how long it works, and how often it is tried.

Anybody can ask for a code for any address and guess at it, so nothing an outsider spends is taken from the host. Tries
are counted by code and network: an outsider who uses up five of them leaves the host five on the same code, and a fresh
code has all of its own. Letters are counted by mailbox and network too, below a limit for the mailbox as a whole; a
letter an outsider had sent carries a code that works for the host like any other.

Guessing stays hopeless. A code is one of 10^8 and lives for half an hour. From one network: 8 codes a day with 5 tries
each, 40 / 10^8, once in 2.5 million days. From as many networks as one likes: 24 codes a day with 100 tries each,
2,400 / 10^8, once in 41,666 days of 24 unasked letters each. To close one code to its host takes 20 networks, which know
the id of the door only if they asked for it themselves.
"""

import hashlib
import hmac
from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network

DIGITS = 8
CODE_LIFE = timedelta(minutes=30)
OPEN_FOR = timedelta(minutes=30)
# At one code: from one network, and from all together.
MOST_TRIES = 5
MOST_TRIES_IN_ALL = 100
# So many letters with a code leave for one mailbox in so long, those asked for from one network and all together: anybody
# can type its address. Who asks more often hears the same and gets none. The doors are kept for longer than the longest
# of these.
MOST_LETTERS = ((timedelta(hours=1), 3, 6), (timedelta(days=1), 8, 24))
# Whoever has an IPv6 address has at least a /64 of them.
_IPV6_PREFIX = 64


def network_of(address: str) -> str:
    """Return the network that an address is counted by: itself, or the /64 of an IPv6 address."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return str(found)
    mapped = found.ipv4_mapped
    return str(mapped or ip_network((found.packed, _IPV6_PREFIX), strict=False))


def code_of(key: bytes, door_id: bytes, salt: bytes) -> str:
    """Return the eight digits of a code: a keyed hash, so that no table holds it and a letter sent twice has one code."""
    digest = hmac.digest(key, b"listing code" + door_id + salt, hashlib.sha256)
    return f"{int.from_bytes(digest, 'big') % 10**DIGITS:0{DIGITS}d}"


def is_code(key: bytes, door_id: bytes, salt: bytes, typed: str) -> bool:
    """Say whether what was typed is the code, in a time that tells nothing about it."""
    return hmac.compare_digest(code_of(key, door_id, salt).encode(), typed.encode())
