"""Addresses of articles: which one works, and which ones are of the same article.

A page is linked to under many addresses. `working_address` takes off what is there only to watch
readers or to hand a page on; whatever it gives can be opened. `canonical_address` goes further:
what renditions of one article (mobile, AMP, http or https, with or without www and a last slash)
have in common. It is for comparing, and may lead nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, unquote_plus, urlsplit, urlunsplit

from w3lib.url import canonicalize_url

from index.articles import article_id

if TYPE_CHECKING:
    from tldextract import TLDExtract

LONGEST_ADDRESS = 4_000
"""Characters. Browsers and servers refuse much longer ones; what is longer is data."""

_SCHEMES = ("http", "https")
_DEFAULT_PORTS = {"http": 80, "https": 443}

_TRACKING_BEGINNINGS = tuple(
    "utm_ mtm_ pk_ piwik_ matomo_ hsa_ ns_ at_ itm_ vero_ oly_ mkt_ mc_ fb_ ga_ _hs wt.mc_ "
    "aspsession".split()
)
_TRACKING_NAMES = frozenset(
    "fbclid gclid gclsrc dclid gbraid wbraid msclkid twclid yclid ysclid ttclid li_fat_id igshid "
    "igsh _ga _gl s_cid xtor cmpid icmpid intcmp ncid ocid smid smtyp sr_share ref_src ref_url "
    "refsrc referrer referer share shared sharetoken comments showcomments replytocom "
    "phpsessid jsessionid sessionid session_id cfid cftoken".split()
)
"""Parameters that are about the reader and the way here, never about the article. The lists of
ClearURLs, AdGuard and courlan go further: courlan's takes `eid`, `uid`, `cid` and whatever begins
with "ref" or "source", by which some sites tell their articles apart."""

_TRACKING_UNLESS_NUMBER = re.compile(
    r"[a-z]?ref|source|src|via|from|cmp|campaign|campaign_?id|medium|partner|origin|sid"
)
"""Parameters that are the same where they have a word as value ("ref=home"); with a number they
may be what selects the article."""

_SELECTS = re.compile(r"\d+")

_AMP_PARAMETERS = frozenset({"amp", "_amp", "isamp", "amp_js_v", "usqp", "amp_gsa"})
_RENDITIONS = frozenset(
    {("output", "amp"), ("outputtype", "amp"), ("view", "amp"), ("m", "1"), ("m", "0")}
    | {("mobile", "1"), ("mobile", "true"), ("output", "print"), ("print", "1"), ("print", "true")}
)
"""Parameters with their values that ask for another rendition of the same page."""

_RENDITION_LABELS = frozenset({"m", "mobile", "amp", "wap", "touch"})
_WWW = re.compile(r"www\d?")
_USUAL_PORT = re.compile(r":(?:80|443)$")
_SESSION_IN_PATH = re.compile(
    r";(?:jsessionid|phpsessid|sid)=[^/;]*|/\(S\(\w+\)\)(?=/|$)", re.IGNORECASE | re.ASCII
)
_INDEX_PAGE = re.compile(r"/(?:index|default)\.(?:html?|php\d?|aspx?|jsp)$", re.IGNORECASE)
_AMP_ENDING = re.compile(r"(?:[._-]amp)+(?=\.html?$|$)")
_LIKE_AN_ARTICLE = re.compile(r"\d|-[^/]*-[^/]*$|\.\w+$")
"""In the path of an article: a number, a title, a file. "/topics/amp" is about what is called AMP."""

_AMP_VIEWER = re.compile(r"/amp/(?:(?P<secure>s)/)?(?P<address>.+)")
_AMP_CACHE = re.compile(r"/(?:[a-z]/)?(?:(?P<secure>s)/)?(?P<address>[^/]+\.[^/]+/.*)")
_AMP_CACHE_HOSTS = (".cdn.ampproject.org", ".bing-amp.com")
_GOOGLE = re.compile(r"(?:www\.)?google(?:\.com?)?\.[a-z]{2,3}")


def working_address(text: str) -> str | None:
    """The address of a page as it may be shown and opened; None when it is none of the web.

    Without what is about the reader (tracking parameters, session ids, user names), default
    port and fragment; out of an AMP cache, the address at its publisher.
    """
    parts = _split(text)
    while parts is not None and (outside := _outside_cache(parts)):
        parts = _split(outside)
    if parts is None:
        return None
    path = _SESSION_IN_PATH.sub("", parts.path) or "/"
    query = _without(parts.query, _is_tracking)
    page = parts.fragment if parts.fragment.startswith("!") else ""
    return urlunsplit((parts.scheme, parts.netloc, path, query, page))


@lru_cache(maxsize=4_096)
def canonical_address(address: str) -> str:
    """What the addresses of all renditions of one article have in common; `address` if it is none.

    An address itself, in ASCII, with the query in order and the scheme https.
    """
    working = working_address(address)
    if working is None:
        return address
    try:
        uniform = canonicalize_url(working, keep_fragments=True)
    except ValueError:  # a host name too strange to be encoded
        uniform = working
    parts = urlsplit(uniform)
    host, path = _plain_host(parts.netloc), _plain_path(parts.path)
    query = _without(parts.query, _is_rendition)
    return urlunsplit(("https", host, path, query, parts.fragment))


def address_id(address: str) -> str:
    """The id of the article at an address, the same for all its renditions."""
    return article_id(canonical_address(address))


def preferred_address(known: str, other: str) -> str:
    """Which of two addresses of one article to show.

    Rather an ordinary page than a mobile or AMP rendition, then rather https than http, then the
    one that was known before.
    """
    return max(
        known, other, key=lambda address: (not _is_of_a_rendition(address), _secure(address))
    )


def same_site(one: str, other: str) -> bool:
    """Whether two addresses have the same registrable domain, or host where there is none.

    Blogs of different people on one platform are different sites.
    """
    first, second = site_of(one), site_of(other)
    return first == second != ""


def site_of(address: str) -> str:
    """The registrable domain of an address, else its host; "" when it is no address of the web."""
    parts = _split(address)
    return "" if parts is None else _site(parts)


def is_front_page(address: str) -> bool:
    """Whether an address has no path and no query: that of a whole site, not of an article."""
    parts = urlsplit(canonical_address(address))
    return parts.path in ("", "/") and not parts.query and not parts.fragment


def _split(text: str) -> SplitResult | None:
    """The parts of an http address; host in lower case, without user, last dot and default port."""
    text = text.strip()
    if len(text) > LONGEST_ADDRESS:
        return None
    try:
        text.encode()  # lone surrogates cannot be sent to anybody
        parts = urlsplit(text)
        port, host = parts.port, (parts.hostname or "").rstrip(".")
    except ValueError:
        return None
    if parts.scheme not in _SCHEMES or not host or re.search(r"\s", host):
        return None
    if ":" in host:
        host = f"[{host}]"
    if port and port != _DEFAULT_PORTS[parts.scheme]:
        host = f"{host}:{port}"
    return parts._replace(netloc=host)


def _outside_cache(parts: SplitResult) -> str:
    """The publisher's address of a page that an AMP cache or viewer shows, or ""."""
    if parts.netloc.endswith(_AMP_CACHE_HOSTS):
        found = _AMP_CACHE.fullmatch(parts.path)
    elif _GOOGLE.fullmatch(parts.netloc):
        found = _AMP_VIEWER.fullmatch(parts.path)
    else:
        return ""
    if found is None:
        return ""
    address = f"http{found['secure'] or ''}://{found['address']}"
    return address + (f"?{parts.query}" if parts.query else "")


def _without(query: str, unwanted: Callable[[str, str], bool]) -> str:
    """The query without some parameters, the others as they were encoded."""
    kept = []
    for parameter in query.split("&"):
        name, _, value = parameter.partition("=")
        if parameter and not unwanted(unquote_plus(name).lower(), unquote_plus(value).lower()):
            kept.append(parameter)
    return "&".join(kept)


def _is_tracking(name: str, value: str) -> bool:
    if name in _TRACKING_NAMES or name.startswith(_TRACKING_BEGINNINGS):
        return True
    return bool(_TRACKING_UNLESS_NUMBER.fullmatch(name)) and not _SELECTS.fullmatch(value)


def _is_rendition(name: str, value: str) -> bool:
    return name in _AMP_PARAMETERS or (name, value) in _RENDITIONS


def _plain_host(host: str) -> str:
    """The host without the labels that only name a rendition of the same pages."""
    subdomain = _domains()(host).subdomain
    rest = _USUAL_PORT.sub("", host.removeprefix(subdomain).removeprefix("."))
    labels = subdomain.split(".") if subdomain else []
    kept = [label for label in labels if label not in _RENDITION_LABELS]
    while kept and _WWW.fullmatch(kept[0]):
        kept = kept[1:]
    return ".".join([*kept, rest])


def _plain_path(path: str) -> str:
    """The path without what makes it AMP's, a folder's or its index page's."""
    plain = _plainer_path(path)
    while plain != path:
        path, plain = plain, _plainer_path(plain)
    return plain


def _plainer_path(path: str) -> str:
    segments = [segment for segment in path.split("/") if segment]
    others = [segment for segment in segments if segment != "amp"]
    if _LIKE_AN_ARTICLE.search("/".join(others)):
        segments = others
    if segments:
        segments[-1] = _AMP_ENDING.sub("", segments[-1])
    return _INDEX_PAGE.sub("", "/" + "/".join(segments)) or "/"


def _is_of_a_rendition(address: str) -> bool:
    """Whether an address has anything in it that names a mobile or AMP rendition."""
    parts = urlsplit(working_address(address) or "")
    www_and_rest = parts.netloc.removeprefix("www.")
    return (
        _plain_host(parts.netloc) != _USUAL_PORT.sub("", www_and_rest)
        or _without(parts.query, _is_rendition) != parts.query
        or any(segment == "amp" or _AMP_ENDING.search(segment) for segment in parts.path.split("/"))
    )


def _secure(address: str) -> bool:
    return address.startswith("https:")


def _site(parts: SplitResult) -> str:
    host = parts.hostname or ""
    found = _domains()(host)
    return found.top_domain_under_public_suffix or host


@cache
def _domains() -> TLDExtract:
    """Cuts hosts by the list of public suffixes that comes with the package, never a newer one."""
    # Imported here because it loads a client for HTTP, a fifth of a second few commands need.
    from tldextract import TLDExtract  # noqa: PLC0415 - it loads slowly

    return TLDExtract(cache_dir=None, suffix_list_urls=(), include_psl_private_domains=True)
