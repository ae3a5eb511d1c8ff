"""The whole job by three people in three browsers, with scripts and without."""

import pytest
from playwright.sync_api import Page, expect

from tests.in_chromium.actors import follow, leave_by, let_go, press
from tests.in_chromium.conftest import Visit
from tests.moderation import people

pytestmark = pytest.mark.xdist_group("chromium")

PHONE = "020 7946 0321"
TITLE = "Four weeks of looking worse"
BEFORE = "I put the cream on three evenings a week, as the nurse at Marlow House had said. If it burned I was to"
AFTER = "In the fourth week it crusted. When the crusts came off, the skin below was smooth."
TOLD = f"{BEFORE} ring {PHONE} at any hour.\n\n{AFTER}"
SHOWN = TOLD.replace(PHONE, "[contact]").replace("Marlow House", "[place]")
LATER = "A year later one spot came back."


@pytest.mark.parametrize(
    ("database", "has_scripts"),
    [("sqlite", True), ("sqlite", False), ("postgresql", True)],
    indirect=["database"],
)
def test_a_story_is_told_moderated_read_changed_and_taken_back(visit: Visit, has_scripts: bool) -> None:
    patient, moderator, reader = (visit(java_script_enabled=has_scripts) for _person in range(3))
    make_the_first_account(moderator)

    key = tell(patient)
    approve_without_what_identifies(moderator)
    story = find(reader)
    expect(reader.locator("[data-shown=narrative]")).to_contain_text(SHOWN.partition("\n")[0])
    expect(reader.locator("[data-shown=narrative]")).to_contain_text(AFTER)
    expect(reader.get_by_text(PHONE)).to_have_count(0)

    amend(patient, key)
    nothing_is_different_for(reader, story)
    decline_the_amendment(moderator)
    nothing_is_different_for(reader, story)
    follow(patient, "My story")
    expect(patient.get_by_role("heading", level=1)).to_have_text("Your story is published")
    expect(patient.locator(".fh-statement")).to_contain_text("It names a clinic again")

    take_back(patient)
    assert the_story_is_gone_for(reader, story)


def make_the_first_account(moderator: Page) -> None:
    link = people.first_link()
    let_go()
    moderator.goto(link)
    moderator.get_by_label("E-mail").fill(people.EMAIL)
    moderator.get_by_label("Name").fill("Ana")
    moderator.get_by_label("Password", exact=True).fill(people.PASSWORD)
    moderator.get_by_label("again").fill(people.PASSWORD)
    press(moderator, "Save and go on")
    key = moderator.locator("#app-key").inner_text().replace(" ", "")
    moderator.get_by_label("Code").fill(people.code_now(key))
    press(moderator, "Set the app up")
    follow(moderator, "I have kept them")
    expect(moderator.get_by_role("heading", level=1)).to_have_text("Overview")
    press(moderator, "Sign out")
    follow(moderator, "Sign in again")
    moderator.get_by_label("E-mail").fill(people.EMAIL)
    moderator.get_by_label("Password").fill(people.PASSWORD)
    press(moderator, "Sign in")
    moderator.get_by_label("Code").fill(people.unused_code(people.account_of(people.EMAIL).id))
    let_go()
    press(moderator, "Go on")
    expect(moderator.get_by_text("Nothing waits.")).to_be_visible()


def tell(patient: Page) -> str:
    """The story key, after five steps with a mistake in two of them."""
    patient.goto("/")
    follow(patient, "Tell your story")
    patient.get_by_label("Which skin condition was treated?").press_sequentially("sun spotz")
    patient.get_by_label("I am the patient").check()
    go_on(patient)
    is_asked_again(patient, "We do not know “sun spotz” yet")
    expect(patient.get_by_label("I am the patient")).to_be_checked()
    patient.get_by_role("link", name="We do not know “sun spotz” yet").click()
    expect(patient.get_by_label("Which skin condition was treated?")).to_be_focused()
    patient.get_by_label("Which skin condition was treated?").fill("sun spots")
    go_on(patient)
    patient.get_by_label("Which treatment is this story about?").press_sequentially("Aldara")
    patient.get_by_label("Sun protection").check()
    patient.get_by_label("After it").and_(patient.locator(":visible")).check()
    patient.get_by_label("How long did you use it in total?").select_option("4_8w")
    go_on(patient)
    patient.get_by_label("Much better").check()
    go_on(patient)
    patient.get_by_label("What happened?").fill("It burned.")
    patient.get_by_label("A title for your story").press_sequentially(TITLE)
    go_on(patient)
    is_asked_again(patient, "Tell a little more")
    expect(patient.get_by_label("What happened?")).to_have_value("It burned.")
    expect(patient.get_by_label("A title for your story")).to_have_value(TITLE)
    patient.get_by_label("What happened?").fill(TOLD)
    patient.get_by_label("A name to sign with").press_sequentially("Wren")
    go_on(patient)
    return send(patient)


def send(patient: Page) -> str:
    """The story key, from the last step on."""
    expect(patient.locator(".fh-sheet")).to_contain_text(AFTER)
    expect(patient.get_by_text("after it)")).to_be_visible()
    press(patient, "Send my story")
    is_asked_again(patient, "Tick this if we may publish your story")
    patient.get_by_label("Publish my story here").check()
    press(patient, "Send my story")
    key = patient.locator("#story-key").inner_text()
    assert len(key.split()) == 6
    patient.reload()
    expect(patient.locator("#story-key")).to_have_text(key)
    press(patient, "I have written it down")
    patient.goto("/share/sent")
    expect(patient.get_by_text(key)).to_have_count(0)
    return key


def go_on(patient: Page) -> None:
    press(patient, "Continue")


def is_asked_again(patient: Page, message: str) -> None:
    summary = patient.locator(".govuk-error-summary")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text(message)
    expect(summary).to_contain_text("Everything you filled in is still here")


def approve_without_what_identifies(moderator: Page) -> None:
    leave_by(moderator.get_by_role("link", name="Queue", exact=True))
    follow(moderator.locator("[data-story-number]"), TITLE)
    finding = moderator.locator(".fh-findings li", has_text="phone")
    expect(finding).to_have_count(1)
    press(finding, "Take out as [contact]")
    expect(moderator.locator("del")).to_have_text(PHONE)
    follow(moderator, "Choose words in the story, paragraph 1")
    moderator.get_by_label("Marlow", exact=True).check()
    moderator.get_by_label("House", exact=True).check()
    moderator.get_by_label("Readers will see").select_option("[place]")
    press(moderator, "Take these words out")
    expect(moderator.locator("del")).to_have_text(["Marlow House", PHONE])
    moderator.get_by_label("Approve").check()
    press(moderator, "Decide")
    expect(moderator.get_by_role("status")).to_contain_text("approve")
    expect(moderator.locator("[data-story-number]")).to_have_count(0)


def find(reader: Page) -> str:
    """The address of the story, found by clicking from the first page on."""
    reader.goto("/")
    leave_by(reader.get_by_role("link", name="Find stories").first)
    follow(reader.locator(".fh-index"), "actinic keratosis")
    reader.locator("summary", has_text="Treatment").click()
    follow(reader.locator("details[open]"), "Imiquimod")
    expect(reader.get_by_text("1 story", exact=True).and_(reader.locator("strong"))).to_be_visible()
    follow(reader.locator("[data-story]"), TITLE)
    expect(reader.get_by_role("heading", level=1)).to_have_text(TITLE)
    assert reader.request.get("/feed.atom").text().count(TITLE) == 1
    return reader.url


def amend(patient: Page, key: str) -> None:
    patient.goto("/my-story")
    patient.get_by_label("Your story key").fill(f"  {key.upper()} ")
    press(patient, "Open my story")
    expect(patient.get_by_role("heading", level=1)).to_have_text("Your story is published")
    follow(patient, "Change your story")
    words = patient.get_by_label("What happened?")
    expect(words).to_have_value(TOLD)
    words.fill(f"{TOLD}\n\n{LATER}")
    press(patient, "Send the changed story")
    expect(patient.get_by_text("What you changed waits to be read")).to_be_visible()


def nothing_is_different_for(reader: Page, story: str) -> None:
    reader.goto(story)
    expect(reader.locator("[data-shown=narrative]")).to_contain_text(AFTER)
    expect(reader.get_by_text(LATER)).to_have_count(0)


def decline_the_amendment(moderator: Page) -> None:
    moderator.reload()
    row = moderator.locator("[data-story-number]")
    expect(row).to_contain_text("Amends what is published")
    leave_by(row.get_by_role("link"))
    expect(moderator.get_by_text(LATER)).to_be_visible()
    expect(moderator.locator("del")).to_have_text(["Marlow House", PHONE])
    moderator.get_by_label("Decline").check()
    press(moderator, "Decide")
    expect(moderator.locator(".govuk-error-summary")).to_be_focused()
    moderator.get_by_label("In your own words").fill("It names a clinic again.")
    press(moderator, "Decide")
    expect(moderator.get_by_text("Nothing waits here.")).to_be_visible()


def take_back(patient: Page) -> None:
    """Two clicks."""
    follow(patient, "Take your story back")
    press(patient, "Yes, erase my story")
    expect(patient.get_by_role("heading", level=1)).to_have_text("Your story is taken back")


def the_story_is_gone_for(reader: Page, story: str) -> bool:
    answer = reader.goto(story)
    expect(reader.get_by_role("heading", level=1)).to_have_text("This story is no longer here")
    expect(reader.get_by_text(TITLE)).to_have_count(0)
    reader.goto("/topics/actinic-keratosis")
    expect(reader.get_by_text("Nobody has told theirs here yet.")).to_be_visible()
    is_in_feed = TITLE in reader.request.get("/feed.atom").text()
    return answer is not None and answer.status == 410 and not is_in_feed
