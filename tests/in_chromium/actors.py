"""What people do in a browser, where a test is about something else."""

from playwright.sync_api import Locator, Page, expect

from extensions import db
from moderation.models import RoleName
from tests.moderation.people import EMAIL, PASSWORD, an_account, give_app, unused_code

LEAD = frozenset({RoleName.MODERATOR, RoleName.LEAD})


def press(within: Page | Locator, button: str) -> None:
    """Press `button`, and be on the page it leads to."""
    leave_by(within.get_by_role("button", name=button))


def follow(within: Page | Locator, link: str) -> None:
    """Follow `link`, and be on its page."""
    leave_by(within.get_by_role("link", name=link))


def leave_by(control: Locator) -> None:
    """Click `control`, and be on the page it leads to."""
    # A click is over before the next page is there: what is looked at must not be the page that is going.
    with control.page.expect_navigation():
        control.click()


def sign_in(page: Page, email: str = EMAIL, roles: frozenset[RoleName] = LEAD) -> Page:
    """`page` with somebody signed in who may decide on everything."""
    number = an_account(email, roles=roles)
    give_app(number)
    let_go()
    page.goto("/account/sign-in")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Sign in")
    page.get_by_label("Code").fill(unused_code(number))
    let_go()
    press(page, "Go on")
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")
    return page


def open_story(page: Page, key: str) -> Page:
    """`page` with the story of `key` open."""
    page.goto("/my-story")
    page.get_by_label("Your story key").fill(key)
    press(page, "Open my story")
    page.wait_for_url("**/my-story/status")
    return page


def let_go() -> None:
    """End what the test itself reads: a withdrawal waits for older readers before it sweeps up."""
    db.session.rollback()
