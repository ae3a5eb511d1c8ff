"""Stories in every state that the product can reach, made by its own moves."""

from dataclasses import replace
from typing import Any

from sqlalchemy import select

from extensions import db, transaction
from stories import intake, life
from stories.checks.finding import MarkKind
from stories.content import Content, Submission
from stories.life import Seen
from stories.models import Actor, ActorKind, Judgement, Story
from stories.reading.models import Publication

MODERATOR = Actor(ActorKind.MODERATOR, 1)
LEAD = Actor(ActorKind.LEAD, 2)

TOLD = (
    "I put the cream on three evenings a week. In the second week the skin turned red and felt tight, in the "
    "fourth it crusted. When the crusts came off it was smooth."
)
CONTENT = Content(
    condition="actinic-keratosis",
    agent="imiquimod-5",
    combined=("sun-protection:together",),
    outcome="much_better",
    duration="4_8w",
    reactions=("redness:moderate",),
    title="Four weeks of looking worse",
    narrative=TOLD,
    display_name="Wren",
)
KEY = "abacus abdomen abdominal abide abiding ability"


def a_submission(**answers: Any) -> Submission:
    """A submission with consent to publish; answers may be given by field name."""
    names = set(Submission.__dataclass_fields__) - {"content"}
    apart = {name: answers.pop(name) for name in list(answers) if name in names}
    return Submission(content=replace(CONTENT, **answers), **{"consent_publish": True, **apart})


def a_waiting_story(*, key: str | None = None, is_checked: bool = True, **answers: Any) -> int:
    """The number of a story that waits; checked, unless told otherwise, by no checks that find nothing."""
    with transaction():
        story = intake.submit(a_submission(**answers), key=key)
        if is_checked:
            revision = story.waiting_revision
            assert revision is not None
            life.note_checks(story, revision, (), ())
        return story.id


def a_published_story(*, by: Actor = MODERATOR, **answers: Any) -> int:
    """The number of a story that is public."""
    number = a_waiting_story(**answers)
    approve(number, by=by)
    return number


def an_amended_story(**answers: Any) -> int:
    """The number of a published story whose patient has changed the words, which now wait."""
    number = a_published_story()
    amend(number, **answers or {"narrative": f"{TOLD} It came back after a year."})
    return number


def seen(number: int) -> Seen:
    """What is on the screen of somebody who opens the story now."""
    story = the_story(number)
    revision = story.waiting_revision or story.published_revision
    assert revision is not None
    return Seen(story.version, revision.digest)


def the_story(number: int) -> Story:
    story = db.session.get(Story, number, populate_existing=True)
    assert story is not None
    return story


def approve(number: int, on_screen: Seen | None = None, *, by: Actor = MODERATOR) -> None:
    on_screen = on_screen or seen(number)
    with transaction():
        life.approve(life.locked(number), on_screen, by=by)


def decline(number: int, on_screen: Seen | None = None, *, by: Actor = MODERATOR) -> None:
    on_screen = on_screen or seen(number)
    with transaction():
        life.decline(life.locked(number), on_screen, by=by, reason="repeat", words="It was sent before.")


def ask_for_changes(number: int, on_screen: Seen | None = None, *, by: Actor = MODERATOR) -> None:
    on_screen = on_screen or seen(number)
    with transaction():
        life.ask_for_changes(life.locked(number), on_screen, by=by, reason=None, words="Please say when it was.")


def escalate(number: int, on_screen: Seen | None = None, *, by: Actor = MODERATOR) -> None:
    on_screen = on_screen or seen(number)
    with transaction():
        life.escalate(life.locked(number), on_screen, by=by)


def judge(number: int, kind: MarkKind, judgement: Judgement = Judgement.STANDS, *, by: Actor = MODERATOR) -> None:
    on_screen = seen(number)
    with transaction():
        life.judge(life.locked(number), on_screen, kind, judgement, by=by)


def undo(number: int, *, by: Actor = MODERATOR) -> None:
    with transaction():
        life.undo(life.locked(number), by=by)


def amend(number: int, **answers: Any) -> None:
    with transaction():
        intake.amend(number, a_submission(**answers))
        story = the_story(number)
        revision = story.waiting_revision
        assert revision is not None
        life.note_checks(story, revision, (), ())


def withdraw(number: int) -> None:
    with transaction():
        life.withdraw(life.locked(number))


def take_down(number: int, *, by: Actor = MODERATOR) -> None:
    with transaction():
        life.take_down(life.locked(number), by=by, reason="identifies_someone", words="It names a street.")


def put_back(number: int, *, by: Actor = LEAD) -> None:
    with transaction():
        life.put_back(life.locked(number), by=by)


def published_digests() -> set[str]:
    return set(db.session.scalars(select(Publication.digest)))
