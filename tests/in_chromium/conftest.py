"""A served site, and a browser for each of the people who use it."""

from collections.abc import Iterator
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, expect, sync_playwright

from tests.browser import ARGUMENTS, chromium
from tests.conftest import Database
from tests.in_chromium.guard import Guard
from tests.in_chromium.served import Site, served

PATIENCE_MS = 20_000
NOWHERE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"
"""No name leads anywhere: a page that asks another machine is seen asking, and reaches none."""


class Visit(Protocol):
    """Opens a browser of its own for one person, with the options of a Playwright context."""

    def __call__(self, **options: Any) -> Page: ...


@pytest.fixture(scope="session")
def chromium_path() -> str:
    path = chromium()
    assert path, "These tests need Chromium: python -m tests.browser says how to get it"
    return path


@pytest.fixture(scope="session")
def browser(chromium_path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE_MS)
        opened = launch(playwright.chromium, chromium_path)
        yield opened
        opened.close()


def launch(kind: BrowserType, path: str, *arguments: str) -> Browser:
    """A Chromium that reaches this machine only."""
    return kind.launch(executable_path=path, args=[*ARGUMENTS, NOWHERE, *arguments])


@pytest.fixture
def site(database: Database) -> Iterator[Site]:
    with served(database.app) as found:
        yield found


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Visit]:
    """Browsers in which nothing may happen that no page of ours may make happen."""
    guard, contexts = Guard(site.address), list[BrowserContext]()

    def opened(**options: Any) -> Page:
        context = browser.new_context(base_url=site.address, reduced_motion="reduce", **options)
        context.set_default_timeout(PATIENCE_MS)
        guard.watch(context)
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        guard.look_around(context)
        context.close()
    assert not guard.unruly, "\n".join(guard.unruly)
