"""Counts requests that prove nothing, by the address they come from."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network

from bot.door.limits import ADDRESSES, UNPROVED_A_SECOND, UNPROVED_AT_ONCE

WHOLE_ADDRESS = 64
"""Letters of what a proxy calls an address, where it is none."""


@dataclass
class _Allowance:
    left: float
    since: float


class Strangers:
    """Each address may come so often without a proof. `seconds` is a clock that only goes forward."""

    def __init__(
        self, seconds: Callable[[], float], *, at_once: float | None = None, a_second: float | None = None
    ) -> None:
        self._seconds = seconds
        self._at_once = UNPROVED_AT_ONCE if at_once is None else at_once
        self._a_second = UNPROVED_A_SECOND if a_second is None else a_second
        self._allowances: OrderedDict[str, _Allowance] = OrderedDict()

    def allows(self, address: str) -> bool:
        """Count one more request of that address; whether it may be answered."""
        allowance = self._of(known_as(address))
        if allowance.left < 1:
            return False
        allowance.left -= 1
        return True

    def _of(self, name: str) -> _Allowance:
        now = self._seconds()
        allowance = self._allowances.setdefault(name, _Allowance(self._at_once, now))
        self._allowances.move_to_end(name)
        gained = (now - allowance.since) * self._a_second
        allowance.left, allowance.since = min(self._at_once, allowance.left + gained), now
        while len(self._allowances) > ADDRESSES:
            self._allowances.popitem(last=False)
        return allowance


def known_as(address: str) -> str:
    """One name for all who share the address: of IPv6 a customer usually has a whole /64."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address[:WHOLE_ADDRESS]
    if not isinstance(found, IPv6Address):
        return str(found)
    return str(found.ipv4_mapped or ip_network((found, 64), strict=False))
