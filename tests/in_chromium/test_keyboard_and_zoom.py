"""The site by keyboard alone, and with text twice as large."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.factories import TOLD, a_published_story, a_waiting_story, the_story
from tests.in_chromium.actors import sign_in
from tests.in_chromium.conftest import Visit, launch
from tests.in_chromium.looking import DESK, HEIGHT, NARROW, cut_off, too_wide
from tests.in_chromium.served import Site

pytestmark = [
    pytest.mark.xdist_group("chromium"),
    pytest.mark.parametrize("database", ["sqlite"], indirect=True),
]

READERS_PAGES = (
    "/",
    "/topics/",
    "/topics/actinic-keratosis",
    "/about",
    "/share",
    "/share/result",
    "/share/check",
    "/my-story",
)
MOST_STOPS = 150
FOCUSED = """() => {
  const one = document.activeElement
  const shape = getComputedStyle(one), label = one.labels?.[0]
  const drawn = [shape, ...(label ? [getComputedStyle(label), getComputedStyle(label, "::before")] : [])]
  return {
    name: [one.innerText, one.value, label?.innerText, one.name].join(" ").replaceAll(/\\s+/g, " "),
    is_page: one == document.body,
    is_marked: drawn.some((style) => style.outlineStyle != "none" && parseFloat(style.outlineWidth) >= 2),
    is_inside: one.getBoundingClientRect().height > 0,
  }
}"""


class Keyboard:
    """The keys of somebody who has no pointer."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def go_to(self, name: str) -> None:
        """Press Tab until what is called `name` has the focus; every stop on the way must be visible."""
        stops = []
        for _stop in range(MOST_STOPS):
            self._page.keyboard.press("Tab")
            stop = self._page.evaluate(FOCUSED)
            if stop["is_page"]:
                break
            assert stop["is_marked"], f"{self._page.url}: the focus on {stop['name']!r} is not to be seen"
            assert stop["is_inside"], f"{self._page.url}: the focus is on something hidden, {stop['name']!r}"
            stops.append(stop["name"])
            if name in stop["name"]:
                return
        raise AssertionError(f"{self._page.url}: no {name!r} among {stops}")

    def press(self, *keys: str) -> None:
        for key in keys:
            self._page.keyboard.press(key)

    def write(self, name: str, text: str) -> None:
        self.go_to(name)
        self._page.keyboard.insert_text(text)

    def activate(self, name: str) -> None:
        self.go_to(name)
        with self._page.expect_navigation():
            self.press("Enter")


def test_a_story_is_told_by_keyboard_alone(visit: Visit) -> None:
    page = visit()
    keys = Keyboard(page)
    page.goto("/")
    keys.press("Tab")
    expect(page.get_by_role("link", name="Skip to the main part")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to the main part")).to_be_in_viewport()
    keys.press("Enter")
    expect(page.locator("main")).to_be_focused()
    keys.activate("Tell yours")
    keys.write("condition", "sun spots")
    keys.activate("Continue")
    keys.write("agent", "Aldara")
    keys.go_to("Sun protection")
    keys.press("Space")
    keys.go_to("Before the treatment")
    keys.press("ArrowDown")
    expect(page.get_by_label("Together with it").and_(page.locator(":visible"))).to_be_checked()
    keys.activate("Continue")
    keys.go_to("outcome")
    keys.press("Space", "ArrowDown")
    expect(page.get_by_label("Much better")).to_be_checked()
    keys.activate("Continue")
    keys.write("narrative", TOLD)
    keys.activate("Continue")
    keys.activate("Send my story")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    keys.go_to("Tick this if we may publish")
    keys.press("Enter")
    expect(page.get_by_label("Publish my story here")).to_be_focused()
    keys.press("Space")
    keys.activate("Send my story")
    expect(page.locator("#story-key")).to_be_visible()
    keys.activate("I have written it down")


def test_a_decision_is_made_by_keyboard_alone(visit: Visit) -> None:
    number = a_waiting_story(title="Four weeks")
    page = sign_in(visit())
    keys = Keyboard(page)
    page.goto("/moderation/queue")
    keys.activate("Four weeks")
    keys.activate("Choose words in the story")
    keys.go_to("crusted")
    keys.press("Space")
    keys.activate("Take these words out")
    expect(page.locator("del")).to_have_text("crusted")
    keys.go_to("decision")
    keys.press("Space")
    keys.activate("Decide")
    expect(page.get_by_role("status")).to_contain_text(f"Story {number}: approve")


@pytest.fixture(scope="module")
def large_text(browser: Browser, chromium_path: str) -> Iterator[Browser]:
    """A browser whose reader has set text to twice its size."""
    opened = launch(browser.browser_type, chromium_path, "--blink-settings=defaultFontSize=32")
    yield opened
    opened.close()


def test_nothing_is_lost_when_text_is_twice_as_large(visit: Visit, large_text: Browser, site: Site) -> None:
    published, waiting = a_published_story(), a_waiting_story()
    addresses = [*READERS_PAGES, f"/stories/{the_story(published).public_id}"]
    desk = [f"/moderation/stories/{waiting}", "/moderation/queue"]
    page, moderator = visit(), sign_in(visit())
    for person, paths in ((page, addresses), (moderator, desk)):
        with_large_text = large_text.new_context(
            base_url=site.address, storage_state=person.context.storage_state()
        ).new_page()
        for path in paths:
            is_whole(person, with_large_text, path)
        with_large_text.context.close()


def is_whole(page: Page, with_large_text: Page, path: str) -> None:
    """What is shown at the normal size is shown at twice the size, on wide and narrow screens, nothing cut off."""
    page.goto(path)
    with_large_text.goto(path)
    assert with_large_text.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
    assert words(with_large_text) == words(page)
    # 640 wide with text of 200 % is what zooming to 200 % makes of it: 320 CSS pixels.
    for width in (2 * NARROW, DESK):
        with_large_text.set_viewport_size({"width": width, "height": HEIGHT})
        assert not too_wide(with_large_text), f"{path} at {width}"
        assert not cut_off(with_large_text), f"{path} at {width}"


def words(page: Page) -> list[str]:
    return sorted(page.locator("body").inner_text().split())
