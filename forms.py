"""What every form of the site has: a token whose failure loses nothing and says what to do."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_wtf import FlaskForm

STALE_PAGE = "This page was open for a long time. Nothing you wrote is lost: press the button again"


class PageForm(FlaskForm):  # type: ignore[misc]
    """A form that gives everything back when its token is bad, with a fresh token and a kind sentence."""

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        is_valid: bool = super().validate(extra_validators)
        token = self._fields.get("csrf_token")
        if token is not None and token.errors:
            token.errors = [STALE_PAGE]
        return is_valid
