"""An application on a port of its own, for as long as a browser needs it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread
from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from extensions import db

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

POLL_SECONDS = 0.02


@dataclass(frozen=True)
class Site:
    """An application that is served, and where."""

    app: Flask
    address: str


class _Quiet(WSGIRequestHandler):
    """Serves without an access log, as the site does."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing."""


def _read_to_the_end(app: "WSGIApplication") -> "WSGIApplication":
    """`app` with answers that are read and closed before they are sent.

    Werkzeug's server leaves an answer open when the browser hangs up meanwhile (3.1.9).
    """

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> list[bytes]:
        parts = app(environ, start_response)
        try:
            return [b"".join(parts)]
        finally:
            close: Callable[[], None] | None = getattr(parts, "close", None)
            if close is not None:
                close()

    return answer


@contextmanager
def served(app: Flask) -> Iterator[Site]:
    """`app` on a free port of this machine, many requests at once; its connections are closed at the end."""
    server = make_server("127.0.0.1", 0, _read_to_the_end(app), threaded=True, request_handler=_Quiet)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": POLL_SECONDS})
    thread.start()
    try:
        yield Site(app, f"http://127.0.0.1:{server.server_port}")
    finally:
        server.shutdown()
        thread.join()
        db.session.remove()
        db.engine.dispose()
        app.extensions["firsthand_reader"].dispose()
