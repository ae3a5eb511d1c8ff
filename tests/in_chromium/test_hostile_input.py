"""Hostile words, by the form and by files, before the eyes of patient, moderator and reader."""

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Page, ViewportSize, expect
from sqlalchemy import select

from extensions import db, transaction
from stories import life
from stories.importing import import_file
from stories.models import Story
from tests import hostile
from tests.factories import LEAD, seen, the_story
from tests.hostile import CORPUS, LINES, SURROGATES, Texts, visible
from tests.in_chromium.actors import follow, let_go, open_story, press, sign_in
from tests.in_chromium.conftest import Visit
from tests.in_chromium.looking import HEIGHT, NARROW, too_wide

pytestmark = [
    pytest.mark.xdist_group("chromium"),
    pytest.mark.parametrize("database", ["sqlite"], indirect=True),
]

SMALL = ViewportSize(width=NARROW, height=HEIGHT)
Told = Mapping[str, Texts]
BUT_THE_BODY_SITE = tuple(field for field in (*LINES, "narrative") if field != "body_site")
NOT_THE_PATIENTS_WORDS = ".fh-finding a, .fh-pick"
"""On the review page these stand between the words of a text."""


def test_hostile_words_from_a_form_are_only_words(visit: Visit) -> None:
    # Without the policy, whatever was not made harmless would run.
    patient, moderator, reader = visit(bypass_csp=True), sign_in(visit(viewport=SMALL)), visit(viewport=SMALL)
    for told in hostile.stories_of(at_once=20):
        key = tell(patient, told)
        open_story(patient, key)
        all_is_seen(patient, told, ("title",))
        follow(patient, "Change your story")
        all_is_kept(patient, told)
        follow(patient, "Back to my story")
        press(patient, "Close this page")
        number = newest()
        is_reviewed(moderator, number, told)
        publish(number)
        is_read(reader, number, told)


@pytest.mark.parametrize(
    ("suffix", "bypass_csp"),
    [(".csv", False), (".jsonl", True)],
    ids=["CSV under the policy", "JSON Lines without it"],
)
def test_hostile_words_from_a_file_are_only_words(
    visit: Visit, tmp_path: Path, suffix: str, bypass_csp: bool
) -> None:
    corpus = CORPUS if suffix == ".csv" else (*CORPUS, *SURROGATES)
    stories = list(hostile.stories_of(corpus, first=len(corpus) // (2 if suffix == ".csv" else 3)))
    report = import_file(written(tmp_path / f"stories{suffix}", [row(told) for told in stories]))
    assert (report.taken, report.refused) == (len(stories), [])
    numbers = list(db.session.scalars(select(Story.id).order_by(Story.id)))
    moderator, reader = (visit(bypass_csp=bypass_csp, viewport=SMALL) for _person in range(2))
    sign_in(moderator)
    moderator.goto("/moderation/queue")
    for told in stories:
        all_is_seen(moderator, told, ("title",))
    for number, told in zip(numbers, stories, strict=True):
        is_reviewed(moderator, number, told)
        publish(number)
        is_read(reader, number, told)
    are_listed(reader, stories)


def test_hostile_words_of_a_moderator_are_only_words_to_the_patient(visit: Visit) -> None:
    patient, moderator = visit(bypass_csp=True), sign_in(visit(bypass_csp=True))
    told = next(hostile.stories_of())
    key = tell(patient, told)
    message = tuple(one for one in CORPUS if len(one.text) < 120)[:60]
    moderator.goto(f"/moderation/stories/{newest()}")
    moderator.get_by_label("Ask for changes").check()
    moderator.get_by_label("In your own words").fill(hostile.sent(message)[:4000])
    press(moderator, "Decide")
    expect(moderator.get_by_role("status")).to_be_visible()
    open_story(patient, key)
    assert visible(hostile.sent(message)[:1000]) in visible(patient.locator(".fh-statement").inner_text())


def tell(patient: Page, told: Told) -> str:
    """The key of a story that was typed in at once, came back whole with a problem, was checked and sent."""
    patient.goto("/share?all=1")
    patient.get_by_label("Which skin condition was treated?").fill("actinic-keratosis")
    patient.get_by_label("Much better").check()
    for field, texts in told.items():
        patient.locator(f"[name={field}]").fill(hostile.sent(texts))
    patient.locator("[name=email]").fill(told["title"][0].text)
    press(patient, "Send my story")
    expect(patient.locator(".govuk-error-summary")).to_contain_text("Tick this if we may publish your story")
    all_is_kept(patient, {**told, "email": told["title"]})
    patient.goto("/share/check")
    all_is_seen(patient, told, (*LINES, "narrative"))
    patient.locator("[name=email]").fill("")
    patient.get_by_label("Publish my story here").check()
    press(patient, "Send my story")
    key = patient.locator("#story-key").inner_text()
    press(patient, "I have written it down")
    return key


def row(told: Told) -> dict[str, Any]:
    """A row of an import file."""
    about = {"condition": "actinic-keratosis", "outcome": "better", "consent_publish": "yes"}
    return about | {field: hostile.sent(texts) for field, texts in told.items()}


def written(path: Path, rows: list[dict[str, Any]]) -> Path:
    """The import file with `rows`."""
    with path.open("w", encoding="utf-8", newline="") as file:
        if path.suffix == ".csv":
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        else:
            file.writelines(f"{json.dumps(one)}\n" for one in rows)
    return path


def all_is_seen(page: Page, told: Told, fields: tuple[str, ...], where: str = "main") -> None:
    on_page = visible(page.locator(where).inner_text())
    missing = {field: hostile.seen(told[field]) for field in fields if hostile.seen(told[field]) not in on_page}
    assert not missing, f"{page.url} does not show {missing}"


def all_is_kept(page: Page, told: Told) -> None:
    """Every control holds what was typed into it."""
    for field, texts in told.items():
        kept = visible(page.locator(f"[name={field}]").input_value())
        assert hostile.seen(texts) in (kept, without_controls(kept)), f"{page.url}: {field} holds {kept!r}"


def without_controls(text: str) -> str:
    return visible("".join(point for point in text if point.isprintable() or point.isspace()))


def is_reviewed(moderator: Page, number: int, told: Told) -> None:
    moderator.goto(f"/moderation/stories/{number}?words=narrative.0#choosing")
    all_is_seen(moderator, {"narrative": told["narrative"][:1]}, ("narrative",), ".fh-words__text")
    moderator.goto(f"/moderation/stories/{number}")
    moderator.evaluate(f"for (const one of document.querySelectorAll('{NOT_THE_PATIENTS_WORDS}')) one.remove()")
    all_is_seen(moderator, told, (*LINES, "narrative"))
    assert not too_wide(moderator)


def is_read(reader: Page, number: int, told: Told) -> None:
    story = the_story(number).public_id
    let_go()
    reader.goto(f"/stories/{story}")
    all_is_seen(reader, told, BUT_THE_BODY_SITE)
    assert not too_wide(reader)


def are_listed(reader: Page, stories: Sequence[Told]) -> None:
    reader.goto("/topics/actinic-keratosis")
    for told in stories:
        all_is_seen(reader, told, ("title", "display_name"))
    assert not too_wide(reader)
    reader.goto("/")
    all_is_seen(reader, stories[-1], ("title",))
    feed = ElementTree.fromstring(reader.request.get("/feed.atom").body())
    titles = {visible(title.text or "") for title in feed.iter("{http://www.w3.org/2005/Atom}title")}
    assert titles >= {hostile.seen(told["title"]) for told in stories}


def newest() -> int:
    number = db.session.scalars(select(Story.id).order_by(Story.id.desc()).limit(1)).one()
    let_go()
    return number


def publish(number: int) -> None:
    on_screen = seen(number)
    with transaction():
        life.approve(life.locked(number), on_screen, by=LEAD, knows_unchecked=True)
