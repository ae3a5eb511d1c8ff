"""The parts of pages: every one is drawn, checked as a page, and keeps what was typed."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest
from flask import Flask, g, render_template, render_template_string
from flask_wtf import FlaskForm
from flask_wtf.csrf import generate_csrf
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    EmailField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

from tests.pages import check_page, words

ROOT = __file__.rsplit("/tests/", 1)[0]
FORM_PAGE = """
{% extends "base.html" %}
{% from "parts/field.html" import button, character_hint, csrf, error_summary, field, ticked_with %}
{% set error_title = form.errors %}
{% block title %}Tell your story{% endblock %}
{% block main %}{{ error_summary(form) }}
<form method="post">{{ csrf() }}{{ field(form.secret) }}
{{ field(form.condition, hint="The one you were treated for.") }}
{{ field(form.title, optional=True, datalist=["Nine days", "A <b>year</b>"], spellcheck=True) }}
{{ field(form.narrative, hint=character_hint(20000, 120), rows=9) }}
{{ field(form.outcome, label_size="m") }}
{{ field(form.serious) }}
{{ ticked_with(form.combined, "When did you use it?", [("before", "Before"), ("together", "Together")],
               chosen={"uvb": "together"}) }}
{{ ticked_with(form.reactions, "How strong was it?", [("mild", "Mild"), ("severe", "Severe")],
               described={"itching": {"mild": "now and then"}}) }}
{{ field(form.email, autocomplete="email") }}{{ field(form.password) }}{{ field(form.consent) }}
{{ button("Send my story") }}{{ button("Erase", "warning", name="erase", value="yes") }}</form>{% endblock %}
"""


class TellingForm(FlaskForm):  # type: ignore[misc]
    """One field of every kind that the site uses."""

    class Meta:
        csrf = False

    secret = HiddenField()
    condition = SelectField(
        "Which skin problem?",
        [InputRequired("Choose the skin problem")],
        choices=[
            SelectChoice("", "Choose one"),
            SelectChoice("ak", "Sun spots", optgroup="Sun-damaged skin"),
            SelectChoice("warts", "Warts", optgroup="Other"),
        ],
    )
    title = StringField("Title")
    narrative = TextAreaField("What happened?", [Length(min=120, message="Tell a little more")])
    outcome = RadioField(
        "How is it now?",
        [InputRequired("Choose how it is now")],
        choices=[
            SelectChoice("cleared", "Cleared", render_kw={"hint": "Fully gone"}),
            SelectChoice("worse", "Worse", render_kw={"hint": "Not open now", "disabled": True}),
        ],
    )
    serious = SelectMultipleField(
        "Did any of these happen?",
        [InputRequired("Tick what happened, or none")],
        choices=[SelectChoice("hospital", "A stay in hospital"), SelectChoice("none", "None of these")],
    )
    combined = SelectMultipleField(
        "What else was used?",
        choices=[
            SelectChoice("uvb", "Light", optgroup="Light"),
            SelectChoice("tape", "Tape", optgroup="Dressing"),
        ],
    )
    reactions = SelectMultipleField(
        "What did your skin do?",
        choices=[SelectChoice("itching", "Itching"), SelectChoice("none", "None of these")],
    )
    email = EmailField("E-mail")
    password = PasswordField("Password")
    consent = BooleanField("Publish my story", [InputRequired("Tick this so that we may publish it")])


TYPED = [
    ("condition", "warts"),
    ("title", 'A "<i>year</i>" & more'),
    ("narrative", "\nIt hurt <b>a lot</b>.\n\nThen not."),
    ("combined", "uvb"),
    ("reactions", "itching"),
    ("email", "wren@example.org"),
    ("password", "correct horse"),
]


@pytest.fixture
def site() -> Iterator[Flask]:
    app = Flask("parts", static_folder=f"{ROOT}/static")
    app.config["SECRET_KEY"] = "not a secret"
    govuk = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    app.jinja_loader = ChoiceLoader([FileSystemLoader(f"{ROOT}/templates"), govuk])
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        csrf_token=generate_csrf,
        site_name="Firsthand",
        release="7",
        settings=SimpleNamespace(draft_days=30, sealed_key_hours=24),
    )
    with app.test_request_context("/share"):
        yield app


def checked(html: str) -> Element:
    check_page(html, path="/share")
    return html5lib.parse(html, namespaceHTMLElements=False)


def form_page(typed: list[tuple[str, str]] | None = None) -> tuple[Element, TellingForm]:
    form = TellingForm(formdata=None if typed is None else MultiDict(typed))
    if typed is not None:
        form.validate()
    return checked(render_template_string(FORM_PAGE, form=form)), form


def drawn(source: str, **context: Any) -> Element:
    page = f"""{{% extends "base.html" %}}{{% import "parts/story.html" as story %}}
    {{% block figures %}}{{% include "parts/figures.html" %}}{{% endblock %}}
    {{% block title %}}Sun spots{{% endblock %}}{{% block main %}}<h2>Stories</h2>{source}{{% endblock %}}"""
    return checked(render_template_string(page, **context))


def by_id(page: Element, name: str) -> Element:
    return next(element for element in page.iter() if element.get("id") == name)


def by_class(page: Element, name: str) -> list[Element]:
    return [element for element in page.iter() if name in element.get("class", "").split()]


def by_name(page: Element, name: str) -> list[Element]:
    return [element for element in page.iter() if element.get("name") == name]


def test_an_empty_form_is_a_whole_page_without_a_summary(site: Flask) -> None:
    page, _form = form_page()
    assert by_class(page, "govuk-error-summary") == []
    assert words(page.findall("head/title")[0]) == "Tell your story – Firsthand"


def test_every_problem_stands_at_its_field_and_above_in_the_same_words(site: Flask) -> None:
    page, form = form_page(TYPED[1:])
    summary = by_class(page, "govuk-error-summary")[0]
    for name, messages in form.errors.items():
        at_field = words(by_id(page, f"{name}-error"))
        above = [words(link) for link in summary.iter("a") if link.get("href") == f"#{name}"]
        assert at_field == f"Error: {messages[0]}"
        assert above == list(messages)
        assert by_id(page, str(name)).tag in ("input", "select", "textarea")
    assert words(page.findall("head/title")[0]).startswith("Error: ")


def test_the_summary_takes_the_focus_and_says_first_that_nothing_was_lost(site: Flask) -> None:
    page, form = form_page([])
    summary = by_class(page, "govuk-error-summary")[0]
    assert summary.get("tabindex") == "-1"
    assert "autofocus" in summary.attrib
    assert words(next(summary.iter("p"))) == "Everything you filled in is still here."
    assert words(next(summary.iter("h2"))) == "Five things need another look"
    assert len(form.errors) == 5


def test_what_was_typed_is_still_there_to_the_first_line_feed(site: Flask) -> None:
    page, _form = form_page(TYPED)
    kept = dict(TYPED)
    assert by_id(page, "title").get("value") == kept["title"]
    assert by_id(page, "narrative").text == kept["narrative"]
    assert by_id(page, "email").get("value") == kept["email"]
    assert [o.get("value") for o in by_id(page, "condition").iter("option") if "selected" in o.attrib] == ["warts"]
    ticked = {(i.get("name"), i.get("value")) for i in page.iter("input") if "checked" in i.attrib}
    assert ticked == {("combined", "uvb"), ("combined.uvb", "together"), ("reactions", "itching")}


def test_a_password_is_never_shown_again(site: Flask) -> None:
    page, _form = form_page(TYPED)
    assert by_id(page, "password").get("value") is None


def test_hints_and_errors_are_read_out_with_their_field(site: Flask) -> None:
    page, _form = form_page([])
    assert by_id(page, "narrative").get("aria-describedby") == "narrative-hint narrative-error"
    assert by_id(page, "consent").get("aria-describedby") == "consent-error"
    assert words(by_id(page, "narrative-hint")) == ("At least 120 characters, at most 20,000 (about 3,300 words).")
    groups = [words(fieldset.findall("legend")[0]) for fieldset in page.iter("fieldset")]
    assert "How is it now?" in groups


def test_choices_come_in_their_groups_and_say_more_about_themselves(site: Flask) -> None:
    page, _form = form_page()
    assert [group.get("label") for group in page.iter("optgroup")] == ["Sun-damaged skin", "Other"]
    assert [words(name) for name in by_class(page, "fh-choices__group")] == ["Light", "Dressing"]
    assert by_id(page, "outcome").get("aria-describedby") == "outcome-item-hint"
    assert "disabled" in by_id(page, "outcome-2").attrib


def test_a_tick_opens_one_question_of_its_own_and_none_opens_nothing(site: Flask) -> None:
    page, _form = form_page()
    assert [radio.get("value") for radio in by_name(page, "combined.tape")] == ["before", "together"]
    assert [radio.get("value") for radio in by_name(page, "reactions.itching")] == ["mild", "severe"]
    assert by_name(page, "reactions.none") == []
    question = by_class(page, "fh-ticked__question")[0]
    assert words(question) == "When did you use it? (Light)"


def test_a_story_card_names_its_outcome_beside_its_figure_and_keeps_words_as_words(site: Flask) -> None:
    card = SimpleNamespace(
        public_id="0123456789",
        href="/stories/0123456789",
        title="Nine <days>",
        outcome="stopped_side_effects",
        outcome_label="Stopped because of side effects",
        notes=["imiquimod 5% cream"],
        excerpt=[Markup("It &lt;hurt&gt;.")],
        signature="R., 45 to 59",
        language="de",
    )
    page = drawn("{{ story.letters([card]) }}", card=card)
    article = next(page.iter("article"))
    assert article.get("data-story") == "0123456789"
    assert words(article) == (
        "Stopped because of side effects imiquimod 5% cream Nine <days> It <hurt>. R., 45 to 59"
    )
    assert next(page.iter("{http://www.w3.org/2000/svg}use")).get("href") == "#f-stopped"


@pytest.mark.parametrize("outcome", [None, "not_stated", "something else"])
def test_an_outcome_that_is_not_stated_has_no_figure(site: Flask, outcome: str | None) -> None:
    page = drawn('<p>{{ story.outcome(outcome, "Not stated") }}</p>', outcome=outcome)
    assert list(page.iter("{http://www.w3.org/2000/svg}use")) == []


def test_a_hundred_people_are_drawn_and_the_table_has_the_counts(site: Flask) -> None:
    rows = [
        {"outcome": "cleared", "label": "Cleared", "stories": 7, "people": 70, "of_100": 70, "low": 40, "high": 89},
        {"outcome": "worse", "label": "Worse", "stories": 3, "people": 30, "of_100": 30, "low": 11, "high": 60},
    ]
    page = drawn('{{ story.hundred(rows, "A hundred") }}{{ story.counts_table(rows, "A hundred") }}', rows=rows)
    figures = list(page.iter("{http://www.w3.org/2000/svg}use"))
    assert len(figures) == 100 + len(rows)
    assert [words(cell) for cell in page.iter("td")] == ["7", "70 (40–89)", "3", "30 (11–60)"]


def test_below_the_bound_a_table_has_counts_and_no_share(site: Flask) -> None:
    rows = [{"outcome": "cleared", "label": "Cleared", "stories": 2}]
    page = drawn('{{ story.counts_table(rows, "Too few to say") }}', rows=rows)
    assert [words(heading) for heading in page.iter("th")] == ["How it was at the end", "Stories", "Cleared"]


def test_citations_lead_to_their_sources_and_crumbs_end_at_the_page(site: Flask) -> None:
    entries = [{"title": "A trial", "publisher": "A journal", "year": 2019, "url": "https://example.org/"}]
    page = drawn(
        """{{ story.crumbs([("Home", "/"), ("Sun spots", None)]) }}<p>It heals.{{ story.cite([1]) }}</p>
        {{ story.glance([("Reactions", ["Redness", "Pain"]), ("Ties", "None")]) }}
        <p>In {{ story.redaction("place") }}.</p>{{ story.sources(entries) }}""",
        entries=entries,
    )
    assert words(by_id(page, "source-1")) == "A trial. A journal, 2019."
    assert words(by_class(page, "fh-redaction")[0]) == "[place]"
    assert [words(answer) for answer in page.iter("dd")] == ["Redness", "Pain", "None"]
    current = [words(element) for element in page.iter("li") if element.get("aria-current") == "page"]
    assert current == ["Sun spots"]


@pytest.mark.parametrize("status", [400, 403, 404, 405, 413, 429, 500, 503])
def test_an_error_page_says_what_to_do_and_gives_an_id_to_quote(site: Flask, status: int) -> None:
    html = render_template("errors/error.html", status=status, incident="7f3c-a1e0", retry_minutes=3)
    assert "7f3c-a1e0" in words(checked(html))


def test_a_story_that_is_gone_leads_on_and_does_not_say_who_took_it(site: Flask) -> None:
    topic = SimpleNamespace(title="sun spots", href="/topics/actinic-keratosis", stories=83)
    assert "There are 83." in words(checked(render_template("errors/gone.html", topic=topic)))
    assert "we don’t say which" in words(checked(render_template("errors/gone.html")))


@pytest.mark.parametrize("name", ["about", "moderation", "privacy", "help"])
def test_a_page_about_the_site_is_whole(site: Flask, name: str) -> None:
    line = {
        "country": "GB",
        "name": "A line",
        "phone": "116 123",
        "text": "",
        "hours": "24/7",
        "web": "https://e.org/",
    }
    page = checked(render_template(f"about/{name}.html", helplines=[line], small_team=True))
    current = [words(link) for link in page.iter("a") if link.get("aria-current") == "page"]
    assert current == ["About"]


def test_help_begins_with_the_emergency_number_and_every_number_can_be_rung(site: Flask) -> None:
    line = {"country": "AU", "name": "Lifeline", "phone": "13 11 14", "text": None, "hours": "", "web": None}
    page = checked(render_template("about/help.html", helplines=[line]))
    assert words(by_class(page, "fh-lead")[0]) == "If a life is in danger now, call your local emergency number."
    assert "tel:131114" in [link.get("href") for link in page.iter("a")]


def test_the_moderators_room_names_who_is_signed_in_and_lets_them_out(site: Flask) -> None:
    g.moderator = SimpleNamespace(name="Priya")
    page = checked(
        render_template_string('{% extends "moderation/base.html" %}{% block title %}Queue{% endblock %}')
    )
    form = next(page.iter("form"))
    assert (form.get("action"), form.get("method")) == ("/account/sign-out", "post")
    assert "Priya" in words(form)
    assert by_name(page, "csrf_token")


def test_the_moderators_room_shows_nothing_of_itself_to_strangers(site: Flask) -> None:
    page = checked(
        render_template_string('{% extends "moderation/base.html" %}{% block title %}Sign in{% endblock %}')
    )
    assert list(page.iter("form")) == []
    assert "Queue" not in words(page)


GOOD = '<!DOCTYPE html><html lang="en"><head><title>T</title></head><body><main><h1>H</h1>{}</main></body></html>'


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ("<p><div></p>", "not valid HTML"),
        ("<h1>Another</h1>", "2 first headings"),
        ("<h3>Too deep</h3>", "skips from level 1 to 3"),
        ('<input name="q">', "without a label"),
        ('<label for="x">X</label>', "for leads to no 'x'"),
        ('<p id="a"></p><p id="a"></p>', "id 'a' 2 times"),
        ('<p aria-describedby="b">x</p>', "leads to no 'b'"),
        ('<a href="#c">x</a>', "leads to no '#c'"),
        ('<img alt="" src="https://e.org/x.png">', "not an address of ours"),
        ('<form action="//e.org/"></form>', "not an address of ours"),
        ('<p style="color: red">x</p>', "style="),
        ("<script></script>", "a script element"),
        ('<p onclick="x()">x</p>', "onclick="),
        ('<a href="javascript:x()">x</a>', "href is code"),
        ('<a href="/"></a>', "a without words"),
    ],
)
def test_a_page_that_is_not_whole_is_refused_by_name(body: str, named: str) -> None:
    check_page(GOOD.format(""), path="/")
    with pytest.raises(AssertionError, match="/about: ") as refused:
        check_page(GOOD.format(body), path="/about")
    assert named in str(refused.value)
