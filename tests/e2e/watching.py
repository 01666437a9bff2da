"""What every page is watched for: complaints of the browser, accessibility, room, steadiness."""

from functools import cache
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, Response

WIDE, NARROW = (1280, 900), (390, 844)
# What was typed is answered with sentences, and kept.
REFUSED = 422
SERIOUS = {"serious", "critical"}
# What a change of colours alone can break.
OF_COLOUR = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
RULES = {"resultTypes": ["violations"]}
VIOLATIONS = "rules => axe.run(document, rules).then(found => found.violations)"
# A line that finds its place is not yet a jump; 0.1 is what the web calls good.
JUMP = 0.005
JUMPS = """least => new Promise(done => {
  const found = [];
  new PerformanceObserver(list => {
    for (const entry of list.getEntries()) {
      if (entry.hadRecentInput || entry.value < least) continue;
      const nodes = entry.sources.map(one => one.node?.outerHTML?.slice(0, 80) ?? "text");
      found.push(`${entry.value.toFixed(4)}: ${nodes.join(" | ")}`);
    }
  }).observe({ type: "layout-shift", buffered: true });
  requestAnimationFrame(() => setTimeout(() => done(found), 50));
})"""
# Elements that reach over the right edge and do not scroll by themselves.
TOO_WIDE = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  return [...document.body.querySelectorAll("*")]
    .filter(one => one.getBoundingClientRect().right > room + 1)
    .map(one => one.outerHTML.slice(0, 120)).slice(0, 5);
}"""


def watch(page: Page, complaints: list[str]) -> None:
    """Gather errors of scripts, of the content policy, and of what a page loads beside itself."""
    page.on("console", lambda message: complaints.extend(_said(message)))
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.on("response", lambda response: complaints.extend(_failed(response)))


def _said(message: ConsoleMessage) -> list[str]:
    # Answers are judged below; a refused form is an error to nobody but the console.
    if message.type != "error" or message.text.startswith("Failed to load resource"):
        return []
    return [f"{message.location.get('url')}: {message.text}"]


def _failed(response: Response) -> list[str]:
    refused = response.status == REFUSED or response.request.is_navigation_request()
    if response.status < 400 or (refused and response.status < 500):
        return []
    return [f"{response.status} {response.url}"]


@cache
def _axe() -> Axe:
    return Axe()


def barriers(page: Page, rules: dict[str, Any] | None = None) -> list[str]:
    """What axe-core finds that is serious or critical, each with its place."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_axe().axe_script)
    # The list of what is in order would be the longer one.
    found = page.evaluate(VIOLATIONS, RULES | (rules or {}))
    return [
        f"{fault['id']} ({fault['impact']}): {node['target']} {node['html'][:160]}"
        for fault in found
        if fault["impact"] in SERIOUS
        for node in fault["nodes"]
    ]


def too_wide(page: Page) -> list[str]:
    """What makes the page scroll sideways."""
    found: list[str] = page.evaluate(TOO_WIDE)
    return found


def jumps(page: Page) -> list[str]:
    """What moved by itself since the page was opened, and how far."""
    found: list[str] = page.evaluate(JUMPS, JUMP)
    return found


class Weight:
    """What a page fetches from our server, as it comes over the wire, while this looks on."""

    def __init__(self, page: Page) -> None:
        self.arrived: dict[str, float] = {}
        self._addresses: dict[str, str] = {}
        protocol = page.context.new_cdp_session(page)
        protocol.send("Network.enable")
        protocol.on("Network.responseReceived", self._answered)
        protocol.on("Network.loadingFinished", self._finished)

    def without_fonts(self) -> dict[str, float]:
        """What the page needs before anybody can read it: it does not wait for its font."""
        return {one: size for one, size in self.arrived.items() if not one.endswith(".woff2")}

    def _answered(self, event: dict[str, Any]) -> None:
        address = event["response"]["url"]
        if address.startswith("http"):
            self._addresses[event["requestId"]] = address

    def _finished(self, event: dict[str, Any]) -> None:
        if address := self._addresses.get(event["requestId"]):
            self.arrived[address] = event["encodedDataLength"]


def settled(page: Page) -> None:
    """Wait until the page has fetched what it opens by itself."""
    page.wait_for_function(
        "() => !document.querySelector('[data-nothing-open]') || innerWidth < 860"
        " || !document.querySelector('[data-item]')?.matches('[hx-get]')"
    )


def resize(page: Page, size: tuple[int, int]) -> None:
    """Another screen."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
