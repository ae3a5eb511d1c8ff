"""What is wrong with a page as it is seen: for people who use it by eye, by ear, enlarged, or on a small screen."""

from collections.abc import Iterator
from typing import Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

NARROW, PHONE, DESK = 320, 375, 1280
HEIGHT = 900
VIOLATIONS = {"resultTypes": ["violations"]}
SCHEMES: dict[Literal["dark", "light"], dict[str, list[str]]] = {
    "dark": {**VIOLATIONS, "runOnly": ["color-contrast", "link-in-text-block"]},
    "light": VIOLATIONS,
}
"""The rules of axe in each scheme: dark can only break those about colours."""

CUT_OFF = """() => [...document.body.querySelectorAll("*:not(input, textarea, select, svg *)")].filter((one) => {
  const hides = ["hidden", "clip"], style = getComputedStyle(one)
  const isMeant = one.closest(".govuk-visually-hidden, .govuk-skip-link, svg")
  return !isMeant && one.clientWidth > 1 && one.innerText?.trim() && (
    hides.includes(style.overflowX) && one.scrollWidth > one.clientWidth + 1 ||
    hides.includes(style.overflowY) && one.scrollHeight > one.clientHeight + 1)
}).map((one) => `${one.tagName}.${one.className}`)"""

AXE = Axe().axe_script
TOO_WIDE = """() => {
  const root = document.documentElement
  if (root.scrollWidth <= root.clientWidth) return []
  const over = [...document.body.querySelectorAll("*")].filter(
    (one) => one.getBoundingClientRect().right > root.clientWidth
      || one.scrollWidth > (one.clientWidth || Infinity))
  return [`${root.scrollWidth}`, ...over.map((one) => `${one.tagName}.${one.className}`)]
}"""


def too_wide(page: Page) -> list[str]:
    """How wide `page` is and what is too wide in it, where it has to be scrolled sideways; else nothing."""
    found: list[str] = page.evaluate(TOO_WIDE)
    return found


def cut_off(page: Page) -> list[str]:
    """The elements whose words do not all fit in, so that some are hidden."""
    found: list[str] = page.evaluate(CUT_OFF)
    return found


def wrong(page: Page) -> Iterator[str]:
    """Everything that is wrong with `page`: in light and dark, on a phone and at a desk."""
    page.evaluate(AXE)
    for width in (PHONE, DESK):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        for scheme, options in SCHEMES.items():
            page.emulate_media(color_scheme=scheme)
            for violation in page.evaluate("(options) => axe.run(options)", options)["violations"]:
                places = [f"{node['target']} {node['failureSummary']}" for node in violation["nodes"]]
                yield f"{page.url} at {width} {scheme}: {violation['id']}: {places}"
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": NARROW, "height": HEIGHT})
    if found := too_wide(page):
        yield f"{page.url} is too wide at {NARROW}: {found}"
