"""A page as a person before it has it: what its form would send, and what it says is wrong."""

from typing import Any

import html5lib
from werkzeug.test import TestResponse

from tests.client import PageClient
from tests.pages import words

UNTYPED = ("csrf_token", "draft")
UNSENT_TYPES = frozenset({"submit", "button", "reset", "image"})

NARRATIVE = (
    '\r\nIn March I wrote "this is <b>not</b> working" & nearly stopped.\r\n\r\n'
    "Then, in week five, the crusts came off <!3 days early> and what was under them was pink, 'new' and smooth. "
    "&amp; so it stayed.\r\n"
)
"""Words that a careless page loses or changes: a first line feed, quotes, angle brackets, an entity."""

EVERYTHING: dict[str, str | list[str]] = {
    "condition": "actinic-keratosis",
    "condition_other": 'What my doctor calls "field change" <scalp>',
    "body_site": "Scalp & left temple",
    "writer": "carer",
    "age_band": "75_over",
    "agent": "imiquimod-5",
    "agent_other": "A 'named' cream > 5%",
    "combined": ["nb-uvb", "occlusion", "sun-protection"],
    "combined.nb-uvb": "before",
    "combined.sun-protection": "after",
    "combined_other": "Cold tea <on the worst days>",
    "schedule": 'Three evenings a week, "not" at weekends',
    "duration": "4_8w",
    "treated_when": "1_2y",
    "outcome": "much_better",
    "time_to_improvement": "2_4w",
    "reactions": ["redness", "itching", "fever"],
    "reactions.redness": "severe",
    "reactions.fever": "mild",
    "serious": ["hospital", "important_medical"],
    "stopped_because": "finished_course",
    "recurrence": "no",
    "choose_again": "unsure",
    "title": 'Four weeks of "looking" worse & <then> not',
    "narrative": NARRATIVE,
    "display_name": "Wren <& co>",
    "language": "de",
    "ties": "I once packed boxes for a maker of creams",
    "consent_publish": "yes",
    "consent_research": "yes",
    "consent_contact": "yes",
    "email": "wren@example.org",
}
"""An answer to every question, as a browser sends it."""

NEEDED: dict[str, str | list[str]] = {
    name: EVERYTHING[name] for name in ("condition", "agent", "outcome", "narrative", "consent_publish")
}
"""The answers that cannot be skipped."""

Sent = dict[str, list[str]]


def without(answers: dict[str, Any], *names: str) -> dict[str, Any]:
    """`answers` but for those of `names`, with the answers nested in them."""
    return {name: value for name, value in answers.items() if name.partition(".")[0] not in names}


def as_sent(answers: dict[str, Any]) -> Sent:
    """`answers` as lists, without those that say nothing."""
    listed = {name: value if isinstance(value, list) else [value] for name, value in answers.items()}
    return {name: values for name, values in listed.items() if any(values)}


def form_on(page: TestResponse, action: str) -> Sent:
    """All that the form to `action` would send if its button were pressed now, as HTML says."""
    for form in html5lib.parse(page.text, namespaceHTMLElements=False).iter("form"):
        if form.get("action") == action:
            return _controls(form)
    raise AssertionError(f"{page.request.path}: no form to {action}")


def typed_on(page: TestResponse, action: str) -> Sent:
    """What a person would find filled in, in the form to `action`."""
    return as_sent({name: values for name, values in form_on(page, action).items() if name not in UNTYPED})


def press(client: PageClient, page: TestResponse, action: str, **changes: Any) -> TestResponse:
    """The answer to pressing the button of the form to `action`, after typing `changes`."""
    return client.post(action, data={**form_on(page, action), **changes})


def share(client: PageClient, answers: dict[str, Any]) -> TestResponse:
    """The answer to sending `answers` with the one-page form."""
    page = client.get("/share?all=1")
    return client.post("/share", data={**kept_by(page, "/share"), **answers})


def kept_by(page: TestResponse, action: str) -> Sent:
    """The token and the draft's secret in the form to `action`."""
    return {name: values for name, values in form_on(page, action).items() if name in UNTYPED}


def story_key(page: TestResponse) -> str | None:
    """The story key that the page shows, or None."""
    for element in html5lib.parse(page.text, namespaceHTMLElements=False).iter():
        if element.get("id") == "story-key":
            return words(element)
    return None


def summary(page: TestResponse) -> dict[str, str]:
    """The error summary: what is said, by the id of the field it is linked to; empty without a summary."""
    for element in html5lib.parse(page.text, namespaceHTMLElements=False).iter("div"):
        if "govuk-error-summary" in element.get("class", "").split():
            return {link.get("href", "").removeprefix("#"): words(link) for link in element.iter("a")}
    return {}


def beside_fields(page: TestResponse) -> dict[str, str]:
    """What is said beside each field that is not right, by the field's id."""
    said = {}
    for element in html5lib.parse(page.text, namespaceHTMLElements=False).iter("p"):
        if "govuk-error-message" in element.get("class", "").split():
            said[element.get("id", "").removesuffix("-error")] = words(element).removeprefix("Error: ")
    return said


def all_words(page: TestResponse) -> str:
    """Everything that a person can read on the page."""
    main = html5lib.parse(page.text, namespaceHTMLElements=False).find("body")
    assert main is not None
    return words(main)


def twin(client: PageClient) -> PageClient:
    """Another client with the cookies that `client` has now."""
    other = client.application.test_client()
    assert isinstance(other, PageClient)
    for name, path in (("session", "/"), ("draft", "/share")):
        cookie = client.get_cookie(name, path=path)
        if cookie is not None:
            other.set_cookie(name, cookie.value, path=path)
    return other


def _controls(form: Any) -> Sent:
    sent: Sent = {}
    for control in form.iter():
        name = control.get("name")
        if name and "disabled" not in control.attrib:
            sent.setdefault(name, []).extend(_values(control))
    return {name: values for name, values in sent.items() if values}


def _values(control: Any) -> list[str]:
    if control.tag == "textarea":
        # A browser reads line ends as LF and sends them as CRLF.
        return ["".join(control.itertext()).replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")]
    if control.tag == "select":
        options = list(control.iter("option"))
        chosen = [option for option in options if "selected" in option.attrib] or options[:1]
        return [option.get("value", words(option)) for option in chosen]
    kind = control.get("type", "text")
    if control.tag != "input" or kind in UNSENT_TYPES:
        return []
    if kind in ("checkbox", "radio"):
        return [control.get("value", "on")] if "checked" in control.attrib else []
    return [control.get("value", "")]
