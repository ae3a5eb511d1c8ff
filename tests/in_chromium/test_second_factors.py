"""Second factors in a browser: an app without any script, recovery codes, passkeys of a key and of the device."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from tests.conftest import Database
from tests.in_chromium.actors import follow, let_go, press
from tests.in_chromium.conftest import PATIENCE_MS, Visit
from tests.in_chromium.guard import Guard
from tests.in_chromium.looking import wrong
from tests.in_chromium.served import served
from tests.moderation.people import EMAIL, PASSWORD, an_account, code_now

pytestmark = [
    pytest.mark.xdist_group("chromium"),
    pytest.mark.parametrize("database", ["sqlite"], indirect=True),
]

Device = Callable[..., CDPSession]


@pytest.fixture
def page(browser: Browser, database: Database) -> Iterator[Page]:
    """A browser at a site that has a name: passkeys are for names, not for numbers."""
    app = database.app
    settings = app.extensions["firsthand_settings"]
    with served(app) as site:
        address = site.address.replace("127.0.0.1", "localhost")
        app.extensions["firsthand_settings"] = replace(settings, base_url=address)
        context, guard = browser.new_context(base_url=address, reduced_motion="reduce"), Guard(address)
        context.set_default_timeout(PATIENCE_MS)
        guard.watch(context)
        yield context.new_page()
        guard.look_around(context)
        context.close()
        app.extensions["firsthand_settings"] = settings
    assert not guard.unruly, "\n".join(guard.unruly)


@pytest.fixture
def device(page: Page) -> Device:
    """Puts a device for passkeys into the browser."""

    def put(transport: str, *, is_verified: bool = True) -> CDPSession:
        session = page.context.new_cdp_session(page)
        session.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": transport,
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": is_verified,
            "automaticPresenceSimulation": True,
        }
        session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        return session

    return put


def give_password(page: Page) -> None:
    page.goto("/account/sign-in")
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Sign in")


def add_passkey(page: Page, name: str = "My laptop") -> None:
    page.get_by_label("Name of the passkey").fill(name)
    press(page, "Add a passkey")


def is_looked_at(page: Page) -> None:
    assert list(wrong(page)) == []


@pytest.mark.parametrize("transport", ["usb", "internal"])
def test_a_passkey_is_set_up_and_signs_in_alone(page: Page, device: Device, transport: str) -> None:
    an_account(EMAIL)
    let_go()
    device(transport)
    give_password(page)
    is_looked_at(page)
    add_passkey(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    follow(page, "I have kept them")
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")
    press(page, "Sign out")
    page.goto("/account/sign-in")
    is_looked_at(page)
    press(page, "Use a passkey instead")
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")
    page.goto("/account/")
    expect(page.locator("main")).to_contain_text("Passkey “My laptop”")


def test_a_passkey_that_does_not_verify_its_owner_is_not_used_and_the_page_says_so(
    page: Page, device: Device
) -> None:
    an_account(EMAIL)
    let_go()
    device("usb", is_verified=False)
    give_password(page)
    page.get_by_label("Name of the passkey").fill("My key")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("status")).to_contain_text("The passkey was not used")
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up a second factor")


def test_an_app_is_set_up_and_used_without_any_script(visit: Visit) -> None:
    page = visit(java_script_enabled=False)
    an_account(EMAIL)
    let_go()
    give_password(page)
    expect(page.get_by_role("button", name="Add a passkey")).to_be_hidden()
    picture = page.get_by_role("img", name="A picture of the key")
    assert picture.evaluate("one => one.naturalWidth") > 200
    key = page.locator("#app-key").inner_text().replace(" ", "")
    page.get_by_label("Code", exact=True).fill(code_now(key))
    press(page, "Set the app up")
    codes = page.locator("#recovery-codes strong").all_inner_texts()
    assert len(codes) == 10
    follow(page, "I have kept them")
    press(page, "Sign out")
    give_password(page)
    page.get_by_label("Code").fill(codes[0])
    press(page, "Go on")
    expect(page.get_by_role("status")).to_contain_text("recovery code")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account")
    follow(page, "Make new recovery codes")
    press(page, "Make new codes")
    assert page.locator("#recovery-codes strong").count() == 10
