"""A browser for tests that checks every page it fetches, and the people who sit before it."""

import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.pages import check_page
from web import HEADERS, content_security_policy, has_session


class PageClient(FlaskClient):
    """A test client for which an ugly page is a failed test."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        kwargs.setdefault("buffered", True)
        with self.application.app_context():
            # A context of its own: nothing of the test's own session carries over, as in a real server.
            answer = super().open(*args, **kwargs)
        path = answer.request.path
        for name, value in {**HEADERS, "Content-Security-Policy": content_security_policy(path)}.items():
            assert answer.headers.get(name) == value, f"{path}: {name} is {answer.headers.get(name)!r}"
        if not has_session(path):
            assert "Set-Cookie" not in answer.headers, f"{path}: sets a cookie"
            assert "Cookie" not in answer.headers.get("Vary", ""), f"{path}: varies by cookie"
        if answer.mimetype == "text/html" and answer.data and answer.status_code != 303:
            check_page(answer.text, path=path)
        return answer

    def token(self, path: str) -> str:
        """The form token of the page at `path`."""
        return field_value(self.get(path).text, "csrf_token")


def field_value(html: str, name: str) -> str:
    """The value of the first input called `name`."""
    tag = re.search(rf'<input[^>]*\bname="{re.escape(name)}"[^>]*>', html)
    assert tag, f"no input called {name}"
    value = re.search(r'value="([^"]*)"', tag.group())
    return value.group(1) if value else ""
