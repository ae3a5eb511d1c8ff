"""Every page, empty and full, looked at in light and dark, on a phone and at a desk."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from extensions import transaction
from moderation.models import RoleName
from stories import intake, keys, life
from stories.content import Redaction, RedactionKind
from tests import factories
from tests.factories import TOLD, a_published_story, a_waiting_story, the_story
from tests.in_chromium.actors import follow, let_go, open_story, press, sign_in
from tests.in_chromium.conftest import Visit
from tests.in_chromium.looking import wrong
from tests.moderation import people

pytestmark = [
    pytest.mark.xdist_group("chromium"),
    pytest.mark.parametrize("database", ["sqlite"], indirect=True),
]

Look = Callable[..., None]
OUTCOMES = ("cleared", "much_better", "better", "no_change", "worse", "too_early", None)
STORIES_OF_A_FULL_TOPIC = 22
IDENTIFYING = (
    f"{TOLD} Ring me on 020 7946 0321 or write to wren@example.org about it. In the worst week I wanted to kill "
    "myself, and was taken to hospital with my face swollen. My record number is MRN 4432199."
)


@pytest.fixture
def look() -> Iterator[Look]:
    """Opens a page, if told which, and looks at it; what is wrong with any of them is said at the end."""
    found: list[str] = []

    def at(page: Page, path: str | None = None, *, status: int = 200) -> None:
        answer = page.goto(path) if path else None
        assert answer is None or answer.status == status, f"{path} answers {answer.status}"
        found.extend(wrong(page))

    yield at
    assert not found, "\n".join(found)


def test_readers_pages_before_there_are_stories(visit: Visit, look: Look) -> None:
    page = visit()
    for path in ("/", "/topics/", "/topics/psoriasis", "/topics/diphencyprone", "/topics/topical-immunotherapy"):
        look(page, path)
    look(page, "/topics/compare-imiquimod-5fu-cryo-pdt-surgery")
    for path in ("/about", "/about/moderation", "/about/privacy", "/about/help"):
        look(page, path)
    look(page, "/no-such-page", status=404)


def test_readers_pages_with_stories(visit: Visit, look: Look) -> None:
    few = a_published_story(condition="psoriasis", title=None, display_name=None)
    a_full_topic()
    full, gone = a_story_with_every_answer(), a_published_story(condition="vitiligo")
    factories.take_down(gone)
    addresses = [f"/stories/{the_story(number).public_id}" for number in (few, full)]
    page, address_of_the_gone = visit(), f"/stories/{the_story(gone).public_id}"
    let_go()
    for path in ("/", "/topics/", "/topics/psoriasis", *addresses):
        look(page, path)
    look(page, address_of_the_gone, status=410)
    look(page, "/topics/actinic-keratosis")
    page.locator("summary", has_text="Treatment").click()
    look(page)
    follow(page, "More stories")
    look(page)
    look(page, "/topics/actinic-keratosis?outcome=worse")
    look(page, "/topics/actinic-keratosis?agent=cryotherapy")


def test_the_steps_of_telling(visit: Visit, look: Look) -> None:
    page = visit()
    look(page, "/share")
    wrongly(look, page, "Continue")
    page.get_by_label("Which skin condition was treated?").fill("sun spots")
    go_on(page)
    look(page)
    wrongly(look, page, "Continue")
    page.get_by_label("Which treatment is this story about?").fill("Aldara")
    page.get_by_label("Sun protection").check()
    look(page)
    go_on(page)
    page.get_by_label("Redness", exact=True).check()
    look(page)
    wrongly(look, page, "Continue")
    page.get_by_label("Much better").check()
    go_on(page)
    look(page)
    page.get_by_label("A title for your story").fill("T" * 130)
    wrongly(look, page, "Continue")
    page.get_by_label("A title for your story").fill("Four weeks of looking worse")
    page.get_by_label("What happened?").fill(TOLD)
    go_on(page)
    look(page)
    wrongly(look, page, "Send my story")
    page.get_by_label("Publish my story here").check()
    press(page, "Send my story")
    page.wait_for_url("**/share/sent")
    look(page)
    look(page, "/share")


def test_telling_on_one_page(visit: Visit, look: Look) -> None:
    page = visit()
    look(page, "/share/sent")
    look(page, "/share/check")
    look(page, "/share?all=1")
    page.get_by_label("Which treatment is this story about?").fill("something unheard of")
    page.get_by_label("E-mail address").fill("no address")
    wrongly(look, page, "Send my story")


def test_my_story_in_every_state(visit: Visit, look: Look) -> None:
    page = visit()
    look(page, "/my-story")
    page.get_by_label("Your story key").fill("one two three")
    wrongly(look, page, "Open my story")
    look(my_story(page))
    look(my_story(page, factories.decline))
    look(my_story(page, factories.ask_for_changes))
    look(my_story(page, factories.approve, factories.take_down))
    look(my_story(page, factories.approve, factories.amend, factories.decline))
    look(my_story(page, factories.approve))
    look(page, "/my-story/amend")
    page.get_by_label("What happened?").fill("It")
    wrongly(look, page, "Send the changed story")
    look(page, "/my-story/withdraw")
    press(page, "Yes, erase my story")
    page.wait_for_url("**/status")
    look(page)


def test_pages_of_accounts(visit: Visit, look: Look) -> None:
    page, first = visit(), people.first_link()
    invited = people.link_for(people.an_account("bo@clinic.example", password=None))
    let_go()
    look(page, first)
    wrongly(look, page, "Save and go on")
    look(page, invited)
    wrongly(look, page, "Save and go on")
    look(page, f"{invited}x", status=404)
    look(page, "/account/sign-in")
    wrongly(look, page, "Sign in")
    sign_in(page)
    press(page, "Sign out")
    look(page)


def test_the_second_step_of_signing_in(visit: Visit, look: Look) -> None:
    page, number = visit(), people.an_account("bo@clinic.example")
    let_go()
    give_password(page, "bo@clinic.example")
    look(page)
    wrongly(look, page, "Set the app up")
    people.give_app(number)
    let_go()
    give_password(page, "bo@clinic.example")
    look(page)
    wrongly(look, page, "Go on")


def give_password(page: Page, email: str) -> None:
    page.goto("/account/sign-in")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(people.PASSWORD)
    press(page, "Sign in")


def test_pages_of_ones_own_account(visit: Visit, look: Look) -> None:
    page = sign_in(visit())
    look(page, "/account/")
    page.get_by_label("Your name").fill("")
    wrongly(look, page, "Save the name")
    look(page, "/account/password")
    wrongly(look, page, "Change the password")
    look(page, "/account/second-factor")
    look(page, "/account/recovery-codes")
    press(page, "Make new codes")
    look(page)
    look(page, "/account/again")
    wrongly(look, page, "Go on with the password")
    wrongly(look, page, "Go on with the code")


def test_pages_of_the_team(visit: Visit, look: Look) -> None:
    page = sign_in(visit(), roles=frozenset({RoleName.ADMIN}))
    look(page, "/moderation/team")
    look(page, "/moderation/invitations")
    wrongly(look, page, "Make the link")
    page.get_by_label("E-mail").fill("bo@clinic.example")
    page.get_by_label("Lead").check()
    press(page, "Make the link")
    look(page)
    press(page, "Close the account")
    look(page)
    look(page, "/moderation/team")
    follow(page, "Ana")
    wrongly(look, page, "Close the account")


def test_moderators_pages_before_there_are_stories(visit: Visit, look: Look) -> None:
    page = sign_in(visit())
    look(page)
    look(page, "/moderation/queue")
    look(page, "/moderation/stories/1", status=404)


def test_moderators_pages_with_stories(visit: Visit, look: Look) -> None:
    page = sign_in(visit())
    a_full_queue()
    number = an_identifying_story()
    let_go()
    look(page, "/moderation/")
    look(page, "/moderation/queue")
    follow(page, "Next stories")
    look(page)
    look(page, f"/moderation/stories/{number}")
    wrongly(look, page, "Decide")
    follow(page, "Choose words in the story")
    look(page)
    page.get_by_label("crusted").first.check()
    press(page, "Take these words out")
    expect(page.locator("del")).to_have_count(1)
    look(page)


def test_a_story_that_moved_meanwhile(visit: Visit, look: Look) -> None:
    page, number = sign_in(visit()), a_waiting_story()
    page.goto(f"/moderation/stories/{number}")
    page.get_by_label("Approve").check()
    factories.decline(number)
    wrongly(look, page, "Decide")
    expect(page.locator(".govuk-error-summary")).to_contain_text("You had chosen: approve")


def test_stories_that_are_decided(visit: Visit, look: Look) -> None:
    page = sign_in(visit())
    amended, gone, withdrawn = factories.an_amended_story(), a_published_story(), a_waiting_story()
    factories.take_down(gone)
    factories.withdraw(withdrawn)
    without_consent = a_waiting_story(consent_publish=False, source="a file", is_checked=False)
    let_go()
    for number in (amended, gone, withdrawn, without_consent):
        look(page, f"/moderation/stories/{number}")


def go_on(page: Page) -> None:
    press(page, "Continue")


def wrongly(look: Look, page: Page, button: str) -> None:
    """Press a button that must be answered with what is not right yet, and look at that."""
    press(page, button)
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    look(page)


def a_full_topic() -> None:
    for nth in range(STORIES_OF_A_FULL_TOPIC):
        # A row of a file may leave the outcome out.
        a_published_story(outcome=OUTCOMES[nth % len(OUTCOMES)], title=f"Story {nth}", source="a file")


def a_story_with_every_answer() -> int:
    """The number of a published story with all answers, and words taken out."""
    number = a_waiting_story(
        condition_other="a scaly patch",
        agent_other="a cream from abroad",
        combined=("sun-protection:before", "emollients:after"),
        combined_other="cold tea",
        time_to_improvement="2_4w",
        schedule="three evenings a week",
        reactions=("redness:severe", "itching"),
        stopped_because="finished_course",
        recurrence="no",
        choose_again="yes",
        body_site="left hand",
        treated_when="1_2y",
        age_band="45_59",
        writer="parent",
        ties="I know someone who works there",
        narrative=f"{TOLD}\n\nThen we went home to Marlow House.\nIt was a long way.",
    )
    redact(number, "Marlow House")
    factories.approve(number)
    return number


def redact(number: int, words: str) -> None:
    on_screen, start = factories.seen(number), the_words(number).index(words)
    place = Redaction("narrative", start, start + len(words), RedactionKind.PLACE)
    with transaction():
        revision = life.redact(life.locked(number), on_screen, [place], by=factories.MODERATOR)
        life.note_checks(revision.story, revision, (), ())


def the_words(number: int) -> str:
    revision = the_story(number).waiting_revision
    assert revision is not None
    return revision.narrative


def a_full_queue() -> None:
    for nth in range(26):
        a_waiting_story(title=f"Story {nth}" if nth else None, is_checked=nth % 5 > 0)


def an_identifying_story() -> int:
    """The number of a story in which every kind of check notices something."""
    number = a_waiting_story(narrative=IDENTIFYING, is_checked=False)
    intake.check(number)
    return number


def my_story(page: Page, *moves: Callable[[int], None]) -> Page:
    """`page` with a story of one's own open that `moves` were made with."""
    key = keys.new_key()
    number = a_waiting_story(key=key)
    for move in moves:
        move(number)
    let_go()
    page.context.clear_cookies()
    return open_story(page, key)
