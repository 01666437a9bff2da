"""How often one address may ask the public pages: a count a minute that all workers share.

A count is the length of a file to which every request appends one byte. The kernel appends in
order, whichever process asks, so none is lost or counted twice on this machine; the database,
where officials decide, is not touched. Several machines count each for itself.
"""

import functools
import ipaddress
import logging
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.crypto import salted_hmac
from django.utils.translation import ngettext

log = logging.getLogger(__name__)
WINDOW = 60
# What one network gives a household: an IPv6 address alone is no limit to anybody.
IPV6_NETWORK = 64

View = Callable[..., HttpResponse]


def limited(asks: Callable[[HttpRequest], bool] = lambda _request: True) -> Callable[[View], View]:
    """Answer 429 with Retry-After once an address has asked too often; `asks` says what counts."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def within_limit(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if asks(request) and (seconds := seconds_to_wait(request)):
                return _refused(request, seconds)
            return view(request, *args, **kwargs)

        return within_limit

    return decorate


def seconds_to_wait(request: HttpRequest) -> int:
    """Count one request; 0 while its address may go on, else how long until it may again."""
    now = time.time()
    if _count(address_of(request), int(now // WINDOW)) <= settings.PUBLIC_CHECKS_PER_MINUTE:
        return 0
    return max(1, round(WINDOW - now % WINDOW))


def address_of(request: HttpRequest) -> str:
    """Where a request comes from, as far as it can be believed; the network of an IPv6 address.

    X-Forwarded-For counts only for the proxies that TRUSTED_PROXIES says are ours: each of them
    adds the address that it saw at the end.
    """
    told = str(request.META.get("REMOTE_ADDR", ""))
    if hops := settings.TRUSTED_PROXIES:
        forwarded = request.headers.get("X-Forwarded-For", "").split(",")
        told = forwarded[-hops].strip() if len(forwarded) >= hops else told
    return _network(told)


def _network(told: str) -> str:
    try:
        address = ipaddress.ip_address(told)
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, IPV6_NETWORK), strict=False))
    return str(address)


def _count(address: str, window: int) -> int:
    """How many requests this address has made in this window, this one included.

    Nobody's check fails for a full disk: where nothing can be counted, nothing is refused.
    """
    folder = Path(settings.PUBLIC_CHECKS_DIR) / str(window)
    # No list of who looked at what: the name tells the address to nobody without our key.
    name = salted_hmac(__name__, address, algorithm="sha256").hexdigest()[:32]
    try:
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
            _forget_before(folder.parent, window)
        with (folder / name).open("ab", buffering=0) as count:
            count.write(b".")
            return count.tell()
    except OSError as error:
        log.warning("requests cannot be counted: %s", error)
        return 0


def _forget_before(place: Path, window: int) -> None:
    for folder in place.iterdir():
        if folder.name.isdecimal() and int(folder.name) < window - 1:
            shutil.rmtree(folder, ignore_errors=True)


def _refused(request: HttpRequest, seconds: int) -> HttpResponse:
    sentence = ngettext(
        "Too many checks came from your address within a minute. Try again in %s second.",
        "Too many checks came from your address within a minute. Try again in %s seconds.",
        seconds,
    )
    return _answer(request, sentence % seconds, {"Retry-After": str(seconds)})


def _answer(request: HttpRequest, sentence: str, headers: dict[str, str]) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"error": sentence}, status=429, headers=headers)
    response = render(request, "legal_basis/too_many.html", {"text": sentence}, status=429)
    for name, value in headers.items():
        response[name] = value
    return response


def wants_json(request: HttpRequest) -> bool:
    """Whether a program asks; a browser that opens a page prefers HTML."""
    wanted = request.get_preferred_type(["application/json", "text/html"])
    return request.path.endswith(".json") or wanted != "text/html"
