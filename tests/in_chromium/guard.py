"""What no page of ours may make a browser do, whoever wrote the words on it."""

from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, Page, Request, Response, WebError

ANSWER_OF_AN_ERROR_PAGE = "Failed to load resource: the server responded with a status of "
"""Chromium's console repeats every answer from 400 on; the answers themselves are looked at."""

FREE = ("about:", "blob:", "data:")


class Guard:
    """Watches browsers, and keeps a line about everything that went wrong in one of them."""

    def __init__(self, address: str) -> None:
        self._address = address
        self.unruly: list[str] = []

    def watch(self, context: BrowserContext) -> None:
        """Keep an eye on everything that happens in `context`."""
        context.on("request", self._requested)
        context.on("response", self._answered)
        context.on("console", self._said)
        context.on("dialog", self._asked)
        context.on("weberror", self._broke)

    def look_around(self, context: BrowserContext) -> None:
        """Note whether a script of somebody else ever ran on a page that is still open."""
        for page in context.pages:
            if page.evaluate("'__pwned' in window"):
                self.unruly.append(f"a script ran on {page.url}")

    def _requested(self, request: Request) -> None:
        if not request.url.startswith((f"{self._address}/", *FREE)):
            self.unruly.append(f"{request.frame.url} asked for {request.url}")

    def _answered(self, response: Response) -> None:
        is_page = response.request.resource_type == "document"
        if response.status >= 500 or (response.status >= 400 and not is_page):
            self.unruly.append(f"{urlsplit(response.url).path} answered {response.status}")

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(ANSWER_OF_AN_ERROR_PAGE):
            self.unruly.append(f"{_url(message.page)} said: {message.text}")

    def _asked(self, dialog: Dialog) -> None:
        self.unruly.append(f"{_url(dialog.page)} opened a dialog: {dialog.message}")
        dialog.dismiss()

    def _broke(self, error: WebError) -> None:
        self.unruly.append(f"{_url(error.page)} broke: {error.error}")


def _url(page: Page | None) -> str:
    return page.url if page else "a page that is gone"
