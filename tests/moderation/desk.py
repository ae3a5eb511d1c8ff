"""A moderator or lead at the desk, for tests of what they do there."""

from functools import cache

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from extensions import transaction
from moderation.accounts import passwords, services
from moderation.models import RoleName
from tests.client import PageClient, field_value
from tests.moderation.people import PASSWORD, sign_in


@cache
def hashed() -> str:
    """One hash for every account, since making it takes long on purpose."""
    return passwords.hashed(PASSWORD)


def at_the_desk(client: FlaskClient, name: str = "Priya", *roles: RoleName) -> int:
    """Let somebody of the team sign in; their number."""
    email = f"{name.casefold()}@clinic.example"
    with transaction():
        moderator = services.add(email, roles or (RoleName.MODERATOR,))
        services.accept(moderator, name, hashed())
        number = moderator.id
    assert sign_in(client, email).status_code == 303
    return number


def form_of(client: PageClient, number: int) -> dict[str, str]:
    """What the review page of a story puts into its form."""
    page = client.get(f"/moderation/stories/{number}").text
    names = [name for name in ("csrf_token", "version", "digest", "claim") if f'name="{name}"' in page]
    return {name: field_value(page, name) for name in names}


def step(client: PageClient, number: int, name: str, **fields: str) -> TestResponse:
    """Take another step on a story, on what the page shows now."""
    return client.post(f"/moderation/stories/{number}/{name}", data={**form_of(client, number), **fields})


def decide(
    client: PageClient, number: int, decision: str, shown: dict[str, str] | None = None, **fields: str
) -> TestResponse:
    """Send a decision, on what was shown or on what the page shows now."""
    data = {**(shown or form_of(client, number)), "decision": decision, **fields}
    return client.post(f"/moderation/stories/{number}/decision", data=data)
