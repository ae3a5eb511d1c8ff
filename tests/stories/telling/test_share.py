"""Telling a story at once: what is sent is kept whole, what is not right comes back whole."""

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from extensions import db, settings
from stories import catalogue, keys, rules
from stories.content import Content
from stories.intake import CONSENT_VERSION, key_hash
from stories.models import Consent, Contact, Purpose, State, Story
from stories.telling.forms import CONTENT_FIELDS, answers_of, share_form, submission_of
from tests.client import PageClient
from tests.stories.telling.filling import (
    EVERYTHING,
    NARRATIVE,
    NEEDED,
    all_words,
    as_sent,
    beside_fields,
    form_on,
    press,
    share,
    story_key,
    summary,
    typed_on,
    without,
)
from tests.stories.telling.kept import is_kept_in_clear

pytestmark = pytest.mark.usefixtures("database")

WHOLE = Content(
    condition="actinic-keratosis",
    condition_other='What my doctor calls "field change" <scalp>',
    agent="imiquimod-5",
    agent_other="A 'named' cream > 5%",
    combined=("nb-uvb:before", "occlusion:together", "sun-protection:after"),
    combined_other="Cold tea <on the worst days>",
    outcome="much_better",
    time_to_improvement="2_4w",
    duration="4_8w",
    schedule='Three evenings a week, "not" at weekends',
    reactions=("redness:severe", "itching", "fever:mild"),
    serious=("hospital", "important_medical"),
    stopped_because="finished_course",
    recurrence="no",
    choose_again="unsure",
    body_site="Scalp & left temple",
    treated_when="1_2y",
    age_band="75_over",
    writer="carer",
    ties="I once packed boxes for a maker of creams",
    title='Four weeks of "looking" worse & <then> not',
    narrative=NARRATIVE.replace("\r\n", "\n"),
    display_name="Wren <& co>",
    language="de",
)
"""What EVERYTHING says, as it is kept."""

NOT_SAID = {
    "condition": ("condition", "condition_other"),
    "agent": ("agent", "agent_other"),
    "outcome": ("outcome",),
    "narrative": ("narrative",),
    "consent_publish": ("consent_publish",),
}
"""Each thing that is needed, and the fields in which it can be said."""


def the_stories() -> list[Story]:
    db.session.rollback()
    return list(db.session.scalars(select(Story).order_by(Story.id).execution_options(populate_existing=True)))


def the_one_story() -> Story:
    (story,) = the_stories()
    return story


def the_words() -> Content:
    revision = the_one_story().waiting_revision
    assert revision is not None
    return revision.content


def test_every_field_at_once_makes_the_story_that_was_told(client: PageClient) -> None:
    assert set(without(EVERYTHING, "consent_publish", "consent_research", "consent_contact", "email")) - {
        name for name in EVERYTHING if "." in name
    } == set(CONTENT_FIELDS)
    answer = share(client, EVERYTHING)
    assert (answer.status_code, answer.location) == (303, "/share/sent")
    key = story_key(client.get("/share/sent"))
    assert key is not None
    assert len(key.split()) == 6
    assert set(key.split()) <= set(keys.words())
    story = the_one_story()
    assert (story.state, story.key_hash) == (State.WAITING, key_hash(key))
    assert the_words() == WHOLE
    consents = db.session.execute(select(Consent.purpose, Consent.version)).tuples().all()
    assert set(consents) == {(purpose, CONSENT_VERSION) for purpose in Purpose}


def test_a_program_may_write_the_time_and_the_strength_into_the_answer_itself(client: PageClient) -> None:
    combined = ["nb-uvb:before", "occlusion", "sun-protection:after"]
    reactions = ["redness:severe", "itching", "fever:mild"]
    told = without(EVERYTHING, "combined", "reactions") | {"combined": combined, "reactions": reactions}
    token = client.token("/share")
    assert client.post("/share", data={"csrf_token": token, **told}).location == "/share/sent"
    assert the_words() == WHOLE


def test_the_email_is_kept_sealed_and_nowhere_in_clear(client: PageClient) -> None:
    share(client, EVERYTHING)
    sealed = db.session.scalars(select(Contact.sealed_email)).one()
    assert keys.unseal(settings().data_key, sealed) == "wren@example.org"
    assert is_kept_in_clear("packed boxes")
    assert not is_kept_in_clear("wren@example.org")
    assert not is_kept_in_clear("@example.org")


def test_no_key_is_kept_in_clear(client: PageClient) -> None:
    share(client, EVERYTHING)
    key = story_key(client.get("/share/sent"))
    assert key is not None
    assert not is_kept_in_clear(key)
    assert not is_kept_in_clear(" ".join(key.split()[:2]))


def test_all_but_five_answers_can_be_skipped(client: PageClient) -> None:
    assert share(client, NEEDED).status_code == 303
    assert the_words() == Content(
        condition="actinic-keratosis",
        agent="imiquimod-5",
        outcome="much_better",
        narrative=NARRATIVE.replace("\r\n", "\n"),
    )
    assert db.session.scalars(select(Consent.purpose)).all() == [Purpose.PUBLISH]
    assert db.session.scalars(select(Contact)).all() == []


@pytest.mark.parametrize("missing", NOT_SAID)
def test_what_is_missing_is_said_at_the_top_and_at_the_field_and_the_rest_is_still_there(
    client: PageClient, missing: str
) -> None:
    told = without(EVERYTHING, *NOT_SAID[missing])
    page = share(client, told)
    assert page.status_code == 422
    assert list(summary(page)) == [missing]
    assert beside_fields(page) == summary(page)
    assert typed_on(page, "/share") == as_sent(told)
    assert the_stories() == []


def test_a_page_that_came_back_can_be_put_right_and_sent(client: PageClient) -> None:
    page = share(client, without(EVERYTHING, "outcome"))
    assert press(client, page, "/share", outcome="much_better").status_code == 303
    assert the_words() == WHOLE


def test_a_patient_who_sends_nothing_is_told_all_five_at_once(client: PageClient) -> None:
    page = share(client, {})
    assert page.status_code == 422
    assert set(summary(page)) == set(NEEDED)


@pytest.mark.parametrize("named", ["condition", "agent"])
def test_what_is_not_in_the_list_may_be_said_in_own_words(client: PageClient, named: str) -> None:
    told = without(NEEDED, named) | {f"{named}_other": "A <rare> thing"}
    assert share(client, told).status_code == 303
    content = the_words()
    assert (getattr(content, named), getattr(content, f"{named}_other")) == (None, "A <rare> thing")


def test_lay_words_find_the_entry(client: PageClient) -> None:
    told = {**NEEDED, "condition": " Verruca ", "agent": "ALDARA", "combined": ["light therapy:before"]}
    assert share(client, told).status_code == 303
    content = the_words()
    assert (content.condition, content.agent) == ("plantar-warts", "imiquimod-5")
    assert content.combined == ("nb-uvb:before",)


def test_lay_words_for_another_therapy_are_still_there_when_something_else_is_missing(client: PageClient) -> None:
    page = share(client, without(NEEDED, "outcome") | {"combined": ["light therapy:before", "SPF"]})
    typed = typed_on(page, "/share")
    assert typed["combined"] == ["nb-uvb", "sun-protection"]
    assert typed["combined.nb-uvb"] == ["before"]


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("condition", "verucca", "“verucca” can mean Common warts or"),
        ("condition", "<i>glowing</i> skin", "We do not know “<i>glowing</i> skin” yet"),
        ("agent", "unicorn balm", "We do not know “unicorn balm” yet"),
        ("combined", "moon light", "We do not know “moon light” yet"),
    ],
)
def test_a_name_that_is_not_understood_is_named_kindly(
    client: PageClient, field: str, typed: str, told: str
) -> None:
    page = share(client, {**NEEDED, field: typed})
    assert page.status_code == 422
    assert summary(page)[field].startswith(told)
    assert beside_fields(page) == summary(page)


def test_every_answer_that_the_page_offers_is_taken(client: PageClient) -> None:
    known = catalogue.current(db.session)
    form = share_form({}, known)
    offered = {
        name: [choice.value for choice in form[name].choices]
        for name in (*rules.SCALES, *rules.OWN_CHOICES, "combined", "reactions", "serious", "language")
    }
    assert all(len(values) > 2 for values in offered.values())
    for name, values in offered.items():
        for value in values:
            told = MultiDict({**NEEDED, name: value})
            refused = rules.problems(submission_of(answers_of(told)), known)
            assert refused == [] or (name, value) == ("outcome", ""), f"{name}={value}: {refused}"


@pytest.mark.parametrize("untruth", ["no", "0", "off", "false", "n"])
def test_a_consent_that_was_refused_is_not_given_and_does_not_come_back_ticked(
    client: PageClient, untruth: str
) -> None:
    page = share(client, {**NEEDED, "consent_publish": untruth, "consent_research": untruth})
    assert page.status_code == 422
    assert list(summary(page)) == ["consent_publish"]
    assert {"consent_publish", "consent_research"}.isdisjoint(typed_on(page, "/share"))


def test_to_be_written_to_an_address_is_needed(client: PageClient) -> None:
    page = share(client, {**NEEDED, "consent_contact": "yes"})
    assert list(summary(page)) == ["email"]
    assert typed_on(page, "/share")["consent_contact"] == ["yes"]


def test_an_address_that_is_none_comes_back_as_typed(client: PageClient) -> None:
    page = share(client, {**NEEDED, "email": 'wren at "home" <x>'})
    assert list(summary(page)) == ["email"]
    assert typed_on(page, "/share")["email"] == ['wren at "home" <x>']


def test_a_language_that_the_list_does_not_have_is_not_changed_on_the_way_back(client: PageClient) -> None:
    page = share(client, without(NEEDED, "outcome") | {"language": "sv"})
    press(client, page, "/share", outcome="worse")
    assert the_words().language == "sv"


@pytest.mark.parametrize("odd", ["\x0b", "\x0c", "\x00", "\x01", "\x7f", "\ufeff", "\ufdd0", "\u202e"])
def test_characters_that_nobody_sees_do_not_stop_a_story(client: PageClient, odd: str) -> None:
    told = {**NEEDED, "narrative": f"{NARRATIVE}It{odd} hurt.", "title": f"We{odd}ek five", "body_site": odd}
    page = share(client, without(told, "outcome"))
    assert page.status_code == 422
    assert press(client, page, "/share", outcome="better").status_code == 303
    content = the_words()
    assert content.narrative.endswith("It hurt.")
    assert (content.title, content.body_site) == ("Week five", None)


def test_odd_values_in_every_field_are_answered_kindly(client: PageClient) -> None:
    for odd in ("\x00", "'; DROP TABLE stories; --", ":", "none:mild", "{{ 7 * 7 }}", "💥" * 50, "\x01:before"):
        page = share(client, {name: odd for name in EVERYTHING if "." not in name})
        assert page.status_code == 422, odd
        assert summary(page)
    assert the_stories() == []


def test_a_request_over_500_kilobytes_is_refused_kindly(client: PageClient) -> None:
    page = share(client, {**NEEDED, "narrative": "x" * 500_000})
    assert page.status_code == 413
    assert "too much to send at once" in all_words(page)
    assert the_stories() == []


def test_a_narrative_far_too_long_comes_back_whole(client: PageClient) -> None:
    long = "It itched. " * 20_000
    page = share(client, {**NEEDED, "narrative": long})
    assert page.status_code == 422
    assert "200,000" in summary(page)["narrative"] or "200000" in summary(page)["narrative"]
    assert form_on(page, "/share")["narrative"] == [long]


def test_a_story_without_javascript_in_any_script_is_kept_to_the_letter(client: PageClient, app: Flask) -> None:
    told = "نمت ثلاثة أسابيع \u200fثم شُفيت. " * 6 + "क्\u200dष 👩🏽\u200d⚕️ " + "ẞ" * 60
    assert share(client, {**NEEDED, "narrative": told, "language": "ar"}).status_code == 303
    assert the_words().narrative == told
