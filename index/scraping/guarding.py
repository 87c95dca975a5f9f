"""Which addresses of the network may be connected to, checked where connections are made.

A host name is resolved once for every connection, and what comes of it is checked and connected
to: between the check and the use nothing can be put in its place, and every notation of an
address, every redirect and every robots.txt passes here.
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING, Any, Self, cast
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError, IgnoreRequest
from twisted.internet.interfaces import IHostnameResolver, IResolutionReceiver
from zope.interface import implementer

if TYPE_CHECKING:
    from twisted.internet.base import ReactorBase


class Refused(IgnoreRequest):
    """A request that is not sent. Attributes: word, of index.scraping.outcomes, and reason."""

    def __init__(self, word: str, reason: str) -> None:
        super().__init__(reason)
        self.word = word
        self.reason = reason


ALLOW_PRIVATE = "DATELINE_ALLOW_PRIVATE"
"""Scrapy's name for `ScrapeOptions.allow_private`."""

_GLOBAL_UNICAST = IPv6Network("2000::/3")
_TRANSLATED = IPv6Network("64:ff9b::/96")


def why_refused(address: str) -> str:
    """Why an IP address is not one of the public internet; "" when it is.

    Only global unicast addresses are. Of IPv6 addresses that hold an IPv4 address, those of a
    NAT64 gateway (RFC 6052) count as that address; all others are refused.
    """
    number = ip_address(address.partition("%")[0])
    if isinstance(number, IPv6Address) and number in _TRANSLATED:
        number = IPv4Address(int(number) & 0xFFFFFFFF)
    if _is_public(number):
        return ""
    return f"{address} is no address of the public internet"


def _is_public(number: IPv4Address | IPv6Address) -> bool:
    if not number.is_global or number.is_multicast or number.is_reserved:
        return False
    if isinstance(number, IPv4Address):
        return True
    holds_another = number.ipv4_mapped or number.sixtofour or number.teredo
    return number in _GLOBAL_UNICAST and not holds_another


@implementer(IHostnameResolver)
class GuardedResolver:
    """Twisted's resolver without the addresses that are refused. For TWISTED_DNS_RESOLVER."""

    def __init__(self, reactor: ReactorBase, *, allow_private: bool) -> None:
        self.allow_private = allow_private
        self.refused: dict[str, str] = {}
        """Why hosts were refused, by name."""
        self._reactor = reactor
        self._resolver: Any = reactor.nameResolver

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        """As Scrapy makes one."""
        return cls(reactor, allow_private=crawler.settings.getbool(ALLOW_PRIVATE))

    def install_on_reactor(self) -> None:
        """Resolve the names of all connections from now on."""
        self._reactor.installNameResolver(cast("Any", self))

    def resolveHostName(  # noqa: N802 - Twisted's interface
        self,
        resolutionReceiver: Any,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[Any]] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> Any:
        """See Twisted's IHostnameResolver."""
        return self._resolver.resolveHostName(
            _GuardedReceiver(resolutionReceiver, hostName, self),
            hostName,
            portNumber,
            addressTypes,
            transportSemantics,
        )


@implementer(IResolutionReceiver)
class _GuardedReceiver:
    """Hands on the addresses of a host that are not refused."""

    def __init__(self, receiver: Any, host: str, resolver: GuardedResolver) -> None:
        self._receiver = receiver
        self._host = host
        self._resolver = resolver
        self._refused = ""
        self._passed = 0

    def resolutionBegan(self, resolutionInProgress: Any) -> None:  # noqa: N802, N803
        self._receiver.resolutionBegan(resolutionInProgress)

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        reason = "" if self._resolver.allow_private else why_refused(address.host)
        if reason:
            self._refused = reason
        else:
            self._passed += 1
            self._receiver.addressResolved(address)

    def resolutionComplete(self) -> None:  # noqa: N802
        if self._refused and not self._passed:
            self._resolver.refused[self._host] = self._refused
        self._receiver.resolutionComplete()


class Guard:
    """Downloader middleware: says that a host was refused, where Twisted says it has no address."""

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Raises Refused."""
        from twisted.internet import reactor  # noqa: PLC0415 - importing it installs one

        resolver = reactor.nameResolver
        if isinstance(exception, CannotResolveHostError) and isinstance(resolver, GuardedResolver):
            reason = resolver.refused.get(urlsplit(request.url).hostname or "")
            if reason:
                raise Refused("refused", reason) from exception
