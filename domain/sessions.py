"""How long a sign-in lasts, and what is remembered of the browser it came from.

The limits (ASVS 7.1.1): a session ends two hours after its last request and twelve hours after it was opened, so a
working day needs one sign-in after a long pause, and a forgotten browser is closed before the next morning.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

IDLE = timedelta(hours=2)
ABSOLUTE = timedelta(hours=12)
# The last use is written down at most this often, so that reading stays reading.
SEEN_EVERY = timedelta(minutes=1)
# A password given this recently need not be given again for a sensitive step.
FRESH = timedelta(minutes=10)
# The lives of the links that are mailed.
CONFIRM_LINK = timedelta(hours=24)
RESET_LINK = timedelta(minutes=30)

LONGEST_NETWORK, LONGEST_BROWSER = 45, 60
# The first that is found counts: Edge and Opera also call themselves Chrome, and Chrome calls itself Safari.
_BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip
_UNPRINTABLE = re.compile(r"[^\x20-\x7e]+")


def is_alive(created_at: datetime, last_seen_at: datetime, now: datetime) -> bool:
    """Is a session of these times still open at `now`?"""
    return now - created_at < ABSOLUTE and now - last_seen_at < IDLE


def is_fresh(authenticated_at: datetime, now: datetime) -> bool:
    """Was the password given recently enough for a sensitive step?"""
    return now - authenticated_at < FRESH


def browser_family(user_agent: str) -> str:
    """`Firefox, Linux`: enough for a person to know their own browser, too little to know anybody by. `` if unknown."""
    found = (_first(_BROWSERS, user_agent), _first(_SYSTEMS, user_agent))
    return ", ".join(filter(None, found))[:LONGEST_BROWSER]


def network_of(address: str) -> str:
    """The network an address belongs to, /24 or /48: `192.0.2.0/24`. `` for what is no address."""
    try:
        ip = ip_address(address.strip().split("%")[0])
    except ValueError:
        return ""
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return str(ip_network(f"{ip}/{24 if ip.version == 4 else 48}", strict=False))


def _first(table: tuple[tuple[str, str], ...], user_agent: str) -> str:
    printable = _UNPRINTABLE.sub("", user_agent[:512])
    return next((name for mark, name in table if mark in printable), "")
