"""How often one address may ask for something that is open to everybody, counted for all processes in the cache."""

import ipaddress

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest

from .clock import machine_now

_WINDOW_SECONDS = 60
# An IPv6 network is one house: whoever has one address there has them all.
_IPV6_PREFIX = 64


def asks_too_often(request: HttpRequest, *, action: str, per_minute: int) -> bool:
    """Count this request for its address and minute; whether it is one too many.

    Two requests at the same instant may be counted as one: this holds back a machine that tries, it is no ledger.
    """
    window = int(machine_now().timestamp()) // _WINDOW_SECONDS
    key = f"rate:{action}:{_address(request)}:{window}"
    cache.add(key, 0, timeout=2 * _WINDOW_SECONDS)
    try:
        return cache.incr(key) > per_minute
    except ValueError:  # cleared between the two
        return False


def _address(request: HttpRequest) -> str:
    """Whom to count: the proxies that are believed are said in the settings."""
    text = str(get_adapter().get_client_ip(request))
    address = ipaddress.ip_address(text)
    if address.version == 4:
        return text
    return str(ipaddress.ip_network((address, _IPV6_PREFIX), strict=False).network_address)
