"""The review of one story: what it shows, decisions, redactions, and two people at once."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask

from extensions import db
from moderation.models import RoleName
from stories import intake
from stories.models import Decision, State
from tests.client import PageClient, field_value
from tests.conftest import Database, with_settings
from tests.factories import (
    TOLD,
    a_published_story,
    a_waiting_story,
    amend,
    published_digests,
    the_story,
    withdraw,
)
from tests.moderation.desk import at_the_desk, decide, form_of, step
from tests.stories.test_life import CRISIS, note

PHONE = "07700 900123"
WITH_PHONE = f"{TOLD} If anyone wants to talk, ring me on {PHONE} in the evenings."


def a_story_with_a_phone_number() -> int:
    number = a_waiting_story(narrative=WITH_PHONE, is_checked=False)
    intake.check(number)
    return number


def test_the_review_shows_the_passage_and_why(client: PageClient) -> None:
    number = a_story_with_a_phone_number()
    at_the_desk(client)
    page = client.get(f"/moderation/stories/{number}").text
    assert re.search(rf"<mark[^>]*>{PHONE}", page)
    assert "phone number" in page
    assert "Unchecked" not in page


def test_the_page_says_when_the_checks_did_not_finish(client: PageClient) -> None:
    number = a_waiting_story()
    note(number, failed=("identity",))
    at_the_desk(client)
    page = client.get(f"/moderation/stories/{number}").text
    assert "These checks did not finish: identity" in page


def test_approving_publishes_what_was_on_the_screen(client: PageClient) -> None:
    number = a_waiting_story()
    at_the_desk(client)
    answer = decide(client, number, "approve")
    assert (answer.status_code, answer.location) == (303, "/moderation/queue")
    public_id = the_story(number).public_id
    assert TOLD[:40] in client.get(f"/stories/{public_id}").text


def test_declining_needs_a_reason_and_the_patient_reads_it(client: PageClient) -> None:
    number = a_waiting_story()
    at_the_desk(client)
    refused = decide(client, number, "decline", message="A word of my own")
    assert refused.status_code == 303
    another = a_waiting_story()
    refused = decide(client, another, "decline")
    assert refused.status_code == 422
    assert "Choose a reason" in refused.text
    assert the_story(another).state is State.WAITING


def test_asking_for_changes_needs_a_message_and_keeps_what_was_chosen(client: PageClient) -> None:
    number = a_waiting_story()
    at_the_desk(client)
    refused = decide(client, number, "ask_for_changes", reason="sells_something")
    assert refused.status_code == 422
    assert re.search(r'value="ask_for_changes"[^>]*checked', refused.text)
    assert re.search(r'value="sells_something"[^>]*selected', refused.text)
    assert decide(client, number, "ask_for_changes", message="Please say when.").status_code == 303
    assert the_story(number).state is State.WITH_PATIENT


@pytest.mark.parametrize("decision", ["", "undo", "publish it"])
def test_a_decision_that_there_is_not_changes_nothing(client: PageClient, decision: str) -> None:
    number = a_waiting_story()
    at_the_desk(client)
    assert decide(client, number, decision).status_code == 422
    assert the_story(number).state is State.WAITING


def test_a_stale_page_comes_back_with_what_is_new_and_what_was_typed(client: PageClient) -> None:
    number = a_waiting_story()
    at_the_desk(client)
    shown = form_of(client, number)
    amend(number, narrative=f"{TOLD} It healed after nine weeks.")
    answer = decide(client, number, "ask_for_changes", shown, message="Please say when it was.")
    assert answer.status_code == 409
    assert "It healed after nine weeks." in answer.text
    assert "Please say when it was." in answer.text
    assert published_digests() == set()


def test_who_comes_second_is_told_who_was_first_and_what_they_decided(database: Database) -> None:
    number = a_waiting_story()
    first, second = (database.app.test_client() for _ in range(2))
    assert isinstance(first, PageClient)
    assert isinstance(second, PageClient)
    at_the_desk(first, "Samir")
    at_the_desk(second, "Priya")
    held = form_of(first, number)
    shown = form_of(second, number)
    assert decide(first, number, "approve", held).status_code == 303
    answer = decide(second, number, "decline", shown, reason="repeat", message="It came before.")
    assert answer.status_code == 409
    assert re.search(r"<strong>approve</strong>,\s*by\s*Samir", answer.text)
    assert "It came before." in answer.text


def test_of_many_who_press_at_once_one_decides_and_nobody_gets_an_error(database: Database) -> None:
    people = 4
    clients = [database.app.test_client() for _ in range(people)]
    for index, browser in enumerate(clients):
        at_the_desk(browser, f"Person{index}")
    for _round in range(3):
        number = a_waiting_story()
        db.session.remove()
        shown = [form_of(browser, number) for browser in clients if isinstance(browser, PageClient)]
        together = Barrier(people)

        def press(
            index: int, number: int = number, shown: list[dict[str, str]] = shown, at: Barrier = together
        ) -> int:
            decision = "approve" if index % 2 else "decline"
            data = {**shown[index], "decision": decision, "reason": "repeat"}
            at.wait()
            return clients[index].post(f"/moderation/stories/{number}/decision", data=data).status_code

        with ThreadPoolExecutor(people) as pool:
            answers = sorted(pool.map(press, range(people)))
        assert answers == [303] + [409] * (people - 1)
        assert db.session.query(Decision).filter_by(story_id=number).count() == 1
        db.session.remove()


def test_a_marked_story_is_judged_by_one_person_and_approved_by_another(
    database: Database, client: PageClient
) -> None:
    number = a_waiting_story()
    note(number, CRISIS)
    at_the_desk(client)
    answer = decide(client, number, "approve")
    assert answer.status_code == 422
    assert "Judge every open mark" in answer.text
    mark = {"mark": "safeguarding", "judgement": "stands"}
    assert step(client, number, "judge", **mark).status_code == 303
    answer = decide(client, number, "approve", message="Thank you for this.")
    assert answer.status_code == 422
    assert "another person has to decide" in answer.text
    assert "Thank you for this." in answer.text
    step(client, number, "release")
    other = database.app.test_client()
    assert isinstance(other, PageClient)
    at_the_desk(other, "Samir")
    assert decide(other, number, "approve").status_code == 303


def test_a_story_is_handed_on_to_a_lead(database: Database, client: PageClient) -> None:
    number = a_waiting_story()
    at_the_desk(client)
    assert decide(client, number, "escalate").status_code == 303
    assert "handed on to a lead" in client.get("/moderation/queue").text
    assert decide(client, number, "approve").status_code == 422
    step(client, number, "release")
    lead = database.app.test_client()
    assert isinstance(lead, PageClient)
    at_the_desk(lead, "Lena", RoleName.LEAD)
    assert decide(lead, number, "approve").status_code == 303


def test_a_decision_is_undone_from_the_story(
    client: PageClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_settings(app, monkeypatch, undo_minutes=10)
    number = a_waiting_story()
    at_the_desk(client)
    decide(client, number, "approve")
    assert "undo" in client.get("/moderation/queue").text
    assert step(client, number, "undo").status_code == 303
    assert the_story(number).state is State.WAITING
    assert step(client, number, "undo").status_code == 409


def test_a_mark_is_set_and_a_finding_judged_on_the_page(client: PageClient) -> None:
    number = a_waiting_story()
    note(number, CRISIS)
    at_the_desk(client)
    assert step(client, number, "mark", mark="").status_code == 422
    assert step(client, number, "mark", mark="legal").status_code == 303
    assert step(client, number, "judge", mark="legal", judgement="").status_code == 422
    finding = field_value(client.get(f"/moderation/stories/{number}").text, "finding")
    assert step(client, number, "finding", finding=finding, judgement="dismissed").status_code == 303
    page = client.get(f"/moderation/stories/{number}").text
    assert "Not so." in page
    assert "Legal" in page


def test_a_story_is_filed_by_any_name_of_the_catalogue(client: PageClient) -> None:
    number = a_waiting_story(condition=None, condition_other="a scaly patch")
    at_the_desk(client)
    refused = step(client, number, "file", condition="no such thing")
    assert refused.status_code == 422
    assert "no such thing" in refused.text
    assert step(client, number, "file", condition="sun spots").status_code == 303
    assert the_story(number).filed_condition == "actinic-keratosis"
    assert "Filed by us" in client.get(f"/moderation/stories/{number}").text


def test_only_a_lead_erases_and_only_with_a_reason(client: PageClient) -> None:
    number = a_waiting_story()
    at_the_desk(client, "Lena", RoleName.LEAD)
    assert step(client, number, "erase", confirm="yes").status_code == 422
    assert step(client, number, "erase", confirm="yes", reason="law").status_code == 303
    assert the_story(number).state is State.WITHDRAWN


def test_readers_are_told_what_a_story_mentions(client: PageClient) -> None:
    number = a_waiting_story()
    at_the_desk(client)
    decide(client, number, "approve", notes="cancer")
    page = client.get(f"/stories/{the_story(number).public_id}").text
    assert "mentions cancer" in page


def test_a_story_that_is_passed_on_is_not_offered_next(client: PageClient) -> None:
    first, second = a_waiting_story(), a_waiting_story()
    at_the_desk(client)
    answer = client.post(f"/moderation/stories/{first}/pass", data=form_of(client, first))
    assert answer.headers["Location"].endswith("/moderation/next")
    assert client.get("/moderation/next").headers["Location"].endswith(f"/moderation/stories/{second}")


def test_a_story_without_consent_is_approved_by_nobody(client: PageClient) -> None:
    number = a_waiting_story(consent_publish=False, source="a file")
    at_the_desk(client, "Lena", RoleName.LEAD)
    answer = decide(client, number, "approve")
    assert answer.status_code == 422
    assert "has not agreed to publication" in answer.text


def test_an_unchecked_story_asks_for_a_second_confirmation(client: PageClient) -> None:
    number = a_waiting_story(is_checked=False)
    at_the_desk(client)
    assert decide(client, number, "approve").status_code == 422
    assert decide(client, number, "approve", knows_unchecked="yes").status_code == 303


def test_a_finding_is_taken_out_by_its_button(client: PageClient) -> None:
    number = a_story_with_a_phone_number()
    at_the_desk(client)
    start = WITH_PHONE.index(PHONE)
    span = {"field": "narrative", "start": str(start), "end": str(start + len(PHONE)), "kind": "number"}
    answer = client.post(f"/moderation/stories/{number}/redact", data={**form_of(client, number), **span})
    assert answer.status_code == 303
    decide(client, number, "approve")
    page = client.get(f"/stories/{the_story(number).public_id}").text
    assert PHONE not in page
    assert '<span class="fh-redaction">[number]</span>' in page


def test_words_are_chosen_one_by_one_and_those_side_by_side_become_one(client: PageClient) -> None:
    number = a_waiting_story()
    at_the_desk(client)
    page = client.get(f"/moderation/stories/{number}?words=narrative.0").text
    words = re.findall(r'name="word"\s+value="(\d+-\d+)"', page)
    assert len(words) == len(TOLD.split())
    chosen = {"field": "narrative", "kind": "date", "word": [words[4], words[5], words[8]]}
    answer = client.post(f"/moderation/stories/{number}/redact", data={**form_of(client, number), **chosen})
    assert answer.status_code == 303
    revision = the_story(number).waiting_revision
    assert revision is not None
    taken_out = [TOLD[span.start : span.end] for span in revision.content.redactions]
    assert taken_out == [" ".join(TOLD.split()[4:6]), TOLD.split()[8].rstrip(".")]


def test_the_findings_of_a_paragraph_can_be_found_while_its_words_are_chosen(client: PageClient) -> None:
    number = a_story_with_a_phone_number()
    at_the_desk(client)
    page = client.get(f"/moderation/stories/{number}?words=narrative.0").text
    assert re.search(r'href="#at-1"', page)
    assert re.search(r'id="at-1"', page)


def test_taking_out_nothing_or_on_a_stale_page_changes_nothing(client: PageClient) -> None:
    number = a_waiting_story()
    at_the_desk(client)
    shown = form_of(client, number)
    address = f"/moderation/stories/{number}/redact"
    assert client.post(address, data={**shown, "field": "narrative", "kind": "name"}).status_code == 422
    amend(number, narrative=f"{TOLD} More.")
    span = {"field": "narrative", "start": "0", "end": "5", "kind": "name"}
    assert client.post(address, data={**shown, **span}).status_code == 409


def test_a_published_story_is_taken_down_and_only_a_lead_puts_it_back(
    database: Database, client: PageClient
) -> None:
    number = a_published_story()
    public_id = the_story(number).public_id
    at_the_desk(client)
    token = form_of_published(client, number)
    address = f"/moderation/stories/{number}/"
    assert client.post(address + "take-down", data=token).status_code == 422
    assert client.post(address + "take-down", data={**token, "reason": "identifies_someone"}).status_code == 303
    assert client.get(f"/stories/{public_id}").status_code == 410
    assert client.post(address + "put-back", data=token).status_code == 422
    lead = database.app.test_client()
    assert isinstance(lead, PageClient)
    at_the_desk(lead, "Lena", RoleName.LEAD)
    assert lead.post(address + "put-back", data=form_of_published(lead, number)).status_code == 303
    assert client.get(f"/stories/{public_id}").status_code == 200


def test_the_history_names_every_step_and_who_took_it(client: PageClient) -> None:
    number = a_waiting_story()
    at_the_desk(client, "Samir")
    decide(client, number, "decline", reason="repeat")
    page = client.get(f"/moderation/stories/{number}").text
    assert re.search(r"<b>submit</b> by patient", page)
    assert re.search(r"<b>decline</b> by Samir", page)


def test_a_withdrawn_story_shows_its_history_and_nothing_else(client: PageClient) -> None:
    number = a_waiting_story()
    withdraw(number)
    at_the_desk(client)
    page = client.get(f"/moderation/stories/{number}").text
    assert "Nothing of this story is left" in page
    assert TOLD[:30] not in page


def test_an_unknown_story_is_not_found(client: PageClient) -> None:
    at_the_desk(client)
    assert client.get("/moderation/stories/4711").status_code == 404
    answer = client.post("/moderation/stories/4711/decision", data={"csrf_token": client.token("/account/sign-in")})
    assert answer.status_code == 404


def form_of_published(client: PageClient, number: int) -> dict[str, str]:
    return {"csrf_token": client.token(f"/moderation/stories/{number}")}
