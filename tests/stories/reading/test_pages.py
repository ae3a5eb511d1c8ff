"""What readers find: topics, filters, pages by key, one story, the feed."""

import re
from datetime import timedelta
from html import unescape

import html5lib
import pytest
from lxml import etree
from sqlalchemy import text

from extensions import db, transaction
from stories import keys
from stories.content import Redaction, RedactionKind
from stories.models import Story
from stories.reading import queries
from stories.reading.models import ANY, Listing, Publication
from tests.client import PageClient
from tests.conftest import Database
from tests.factories import TOLD, a_published_story, a_waiting_story, amend, approve, the_story, withdraw
from tests.pages import words
from tests.stories.test_life import note, redact

pytestmark = pytest.mark.usefixtures("database")

ATOM = "{http://www.w3.org/2005/Atom}"


def cards_on(page: str) -> list[str]:
    return re.findall(r'data-story="([^"]+)"', page)


def public_id(number: int) -> str:
    found = the_story(number).public_id
    assert found is not None
    return found


def test_a_story_stands_on_the_topics_of_its_condition_and_agent_and_on_no_other(client: PageClient) -> None:
    story = public_id(a_published_story(condition="common-warts", agent="imiquimod-5"))
    for topic in ("warts", "common-warts", "imiquimod-5", "topical-immunotherapy"):
        assert cards_on(client.get(f"/topics/{topic}").text) == [story], topic
    for topic in ("psoriasis", "plantar-warts", "actinic-keratosis", "fluorouracil"):
        assert cards_on(client.get(f"/topics/{topic}").text) == [], topic


def test_stories_are_newest_first_and_the_page_says_so(client: PageClient) -> None:
    older, newer = (public_id(a_published_story()) for _ in range(2))
    page = client.get("/topics/actinic-keratosis").text
    assert cards_on(page) == [newer, older]
    assert "Newest first" in page


def test_stories_are_filtered_by_agent_combined_therapy_and_outcome(client: PageClient) -> None:
    cream = public_id(a_published_story(agent="fluorouracil", outcome="worse", combined=()))
    light = public_id(a_published_story(agent="imiquimod-5", outcome="cleared", combined=("nb-uvb:before",)))
    asked = {
        "agent=fluorouracil": [cream],
        "combined=nb-uvb": [light],
        "outcome=worse": [cream],
        "agent=imiquimod-5&combined=nb-uvb&outcome=cleared": [light],
        "agent=imiquimod-5&outcome=worse": [],
        "agent=there-is-none": [],
        "language=en": [light, cream],
        "language=de": [],
    }
    for query, expected in asked.items():
        assert cards_on(client.get(f"/topics/actinic-keratosis?{query}").text) == expected, query


def test_every_filter_that_is_offered_leads_to_as_many_stories_as_it_says(client: PageClient) -> None:
    for agent, outcome, combined in (
        ("fluorouracil", "worse", ()),
        ("imiquimod-5", "cleared", ("nb-uvb:before", "emollients:after")),
        ("imiquimod-5", "worse", ("emollients:together",)),
    ):
        a_published_story(agent=agent, outcome=outcome, combined=combined)
    page = client.get("/topics/actinic-keratosis").text
    offered = re.findall(r'<a href="(/topics/actinic-keratosis\?[^"]+)".*?</a>', page, re.DOTALL)
    assert len(offered) >= 6
    for match in re.finditer(r'<li><a href="(/topics/[^"]+\?[^"]+)"[^>]*>(.*?)</a>', page, re.DOTALL):
        said = re.search(r'fh-num">(\d+)<', match.group(2))
        assert said
        assert len(cards_on(client.get(unescape(match.group(1))).text)) == int(said.group(1))


def test_pages_by_key_repeat_and_miss_nothing_while_stories_come_and_go(client: PageClient) -> None:
    made = [a_published_story() for _ in range(queries.PAGE + 5)]
    stories = [public_id(number) for number in reversed(made)]
    page = client.get("/topics/actinic-keratosis").text
    first = cards_on(page)
    a_published_story()
    withdraw(made[-1])
    link = re.search(r'href="(/topics/actinic-keratosis\?after=[^"#]+)', page)
    assert link
    assert first + cards_on(client.get(link.group(1)).text) == stories


def test_stories_published_in_the_same_moment_are_paged_without_repeats() -> None:
    numbers = [a_published_story() for _ in range(5)]
    at = the_story(numbers[0]).first_published_at
    with transaction():
        for model in (Listing, Publication, Story):
            db.session.query(model).update({"first_published_at": at})
    seen: list[str] = []
    key = None
    for _ in range(5):
        page = queries.stories_page(db.session(), ANY, queries.Filter(), key, limit=1)
        seen += [story.public_id for story in page.stories]
        key = page.after
    assert key is None
    assert len(set(seen)) == 5


def test_a_page_key_survives_its_own_printing() -> None:
    at = the_story(a_published_story()).first_published_at
    assert at is not None
    for moment in (at, at + timedelta(microseconds=1), at.replace(microsecond=0)):
        key = queries.PageKey(moment, "0123456789")
        assert queries.PageKey.read(str(key)) == key
    for nonsense in ("", "x", "1-", "1.5-a", "99999999999999.000000-a", "-1.000000-a"):
        found = queries.PageKey.read(nonsense)
        assert found is None or found.public_id == "", nonsense


def test_below_five_stories_nothing_is_counted_by_outcome(client: PageClient) -> None:
    for _ in range(queries.FEW - 1):
        a_published_story()
    assert "Too few to say" in client.get("/topics/actinic-keratosis").text
    a_published_story(outcome="worse")
    page = client.get("/topics/actinic-keratosis").text
    assert "Too few to say" not in page
    assert re.search(r"Much better</span></span>\s*</th>\s*<td>4</td>", page)
    assert re.search(r"Worse</span></span>\s*</th>\s*<td>1</td>", page)


def test_an_empty_topic_invites(client: PageClient) -> None:
    page = client.get("/topics/lentigo-maligna").text
    assert "Nobody has told theirs here yet." in page


def test_an_introduction_shows_only_what_may_be_shown_each_fact_with_its_citation(client: PageClient) -> None:
    page = client.get("/topics/actinic-keratosis").text
    assert "not yet been reviewed by a clinician" in page
    numbers = [int(number) for number in re.findall(r'class="fh-cite" href="#source-(\d+)"', page)]
    sources = re.findall(r'id="source-(\d+)"', page)
    assert numbers
    assert {str(number) for number in numbers} == set(sources)


def test_the_page_of_a_story_shows_exactly_what_was_approved_and_its_digest_can_be_made_again(
    client: PageClient,
) -> None:
    told = f"{TOLD} <3 & so on.\nA second line with  two spaces.\n\n\nA last paragraph in Hamburg, at last."
    number = a_waiting_story(
        narrative=told,
        combined=("nb-uvb:before", "sun-protection:together"),
        reactions=("redness:moderate", "itching"),
        schedule="three evenings a week",
        ties="none",
        combined_other="a hat",
        choose_again="yes",
        body_site="left temple",
        age_band="60_74",
        writer="patient",
    )
    start = told.index("Hamburg")
    redact(number, Redaction("narrative", start, start + len("Hamburg"), RedactionKind.PLACE))
    approve(number)
    page = client.get(f"/stories/{public_id(number)}").text
    assert "Hamburg" not in page
    for hidden in ("left temple", "60 to 74"):
        assert hidden not in page
    publication = db.session.get(Publication, public_id(number))
    assert publication is not None
    assert shown_on(page) == publication.shown
    assert keys.digest(shown_on(page)) == publication.digest


def shown_on(page: str) -> dict[str, object]:
    """What a reader sees on a story's page, read from the page alone."""
    root = html5lib.parse(page, namespaceHTMLElements=False)
    article = next(element for element in root.iter("article") if element.get("data-digest"))
    texts = {el.get("data-shown"): el for el in article.iter() if el.get("data-shown")}
    answers = {el.get("data-answer"): el.get("data-value") for el in article.iter() if el.get("data-answer")}
    lists = ("combined", "reactions", "serious")
    shown: dict[str, object] = {
        "form": 1,
        "public_id": article.get("data-story"),
        "told_in": article.get("data-told-in"),
        "narrative": [text_of(paragraph) for paragraph in texts["narrative"].iter("p")],
    }
    for name in ("content_notes", "filed"):
        if told := article.get(f"data-{name.replace('_', '-')}"):
            shown[name] = told.split()
    for name in (*ONE_ANSWER, *lists):
        value = answers.get(name)
        shown[name] = (value.split() if value else []) if name in lists else value
    for name in LINES:
        shown[name] = text_of(texts[name]) if name in texts else None
    return shown


ONE_ANSWER = (
    "condition",
    "agent",
    "outcome",
    "time_to_improvement",
    "duration",
    "stopped_because",
    "recurrence",
    "choose_again",
    "treated_when",
    "language",
)
LINES = ("title", "display_name", "condition_other", "agent_other", "combined_other", "schedule", "ties")


def text_of(element: etree._Element) -> str:
    """The text of an element as a reader would copy it, a line break as one."""
    parts = [element.text or ""]
    for child in element:
        parts += ["\n" if child.tag == "br" else text_of(child), child.tail or ""]
    return "".join(parts)


def test_a_story_that_never_was_public_is_not_found_and_one_that_is_not_any_more_is_gone(
    client: PageClient,
) -> None:
    waiting, published = a_waiting_story(), a_published_story()
    assert client.get(f"/stories/{waiting}").status_code == 404
    assert client.get("/stories/0000000000").status_code == 404
    address = f"/stories/{public_id(published)}"
    assert client.get(address).status_code == 200
    withdraw(published)
    gone = client.get(address)
    assert gone.status_code == 410
    assert TOLD[:30] not in gone.text
    assert "no longer here" in gone.text


def test_what_a_reader_has_is_fresh_until_something_changes(client: PageClient) -> None:
    number = a_published_story()
    pages = ("/", "/topics/", "/topics/actinic-keratosis", f"/stories/{public_id(number)}", "/feed.atom")
    tags = {}
    for page in pages:
        answer = client.get(page)
        assert answer.headers["Cache-Control"] == "public, no-cache"
        tags[page] = answer.headers["ETag"]
        assert client.get(page, headers={"If-None-Match": tags[page]}).status_code == 304
    amend(number, narrative=f"{TOLD} Later it came back.")
    for page in pages:
        assert client.get(page, headers={"If-None-Match": tags[page]}).status_code == 304, "an amendment only waits"
    note(number)
    approve(number)
    for page in pages:
        answer = client.get(page, headers={"If-None-Match": tags[page]})
        assert answer.status_code == 200, page


def test_a_topic_stays_fresh_when_another_changes(client: PageClient) -> None:
    tag = client.get("/topics/psoriasis").headers["ETag"]
    a_published_story()
    assert client.get("/topics/psoriasis", headers={"If-None-Match": tag}).status_code == 304


def test_the_home_page_shows_the_newest_three_and_counts_by_condition(client: PageClient) -> None:
    stories = [public_id(a_published_story(title=f"Number {count}")) for count in range(4)]
    page = client.get("/").text
    assert cards_on(page) == stories[:0:-1]
    assert "4 stories, each read by a person" in page


def test_the_feed_is_atom_with_titles_and_links_and_no_narrative(client: PageClient) -> None:
    newest = [a_published_story(title="First & <b>best</b>"), a_published_story(title=None)]
    answer = client.get("/feed.atom")
    assert answer.mimetype == "application/atom+xml"
    feed = etree.fromstring(answer.data)
    for required in ("id", "title", "updated"):
        assert feed.find(f"{ATOM}{required}") is not None
    entries = feed.findall(f"{ATOM}entry")
    links = [entry.find(f"{ATOM}link").get("href") for entry in entries]
    assert links == [f"http://localhost/stories/{public_id(number)}" for number in reversed(newest)]
    assert entries[1].find(f"{ATOM}title").text == "First & <b>best</b>"
    assert TOLD[:20] not in answer.text


def test_pages_of_stories_come_from_an_index_on_both_databases(database: Database) -> None:
    for _ in range(3):
        a_published_story()
    for narrowed in ("", " AND outcome = 'worse'"):
        query = (
            "SELECT public_id FROM listings WHERE topic = 'warts' AND agent = '' AND combined = ''"
            f"{narrowed} ORDER BY first_published_at DESC, public_id DESC LIMIT 21"
        )
        if database.kind == "sqlite":
            plan = db.session.execute(text(f"EXPLAIN QUERY PLAN {query}"))
        else:
            db.session.execute(text("SET LOCAL enable_seqscan = off"))
            plan = db.session.execute(text(f"EXPLAIN {query}"))
        told = " ".join(str(row) for row in plan)
        db.session.rollback()
        assert "ix_listings_outcome" in told if narrowed else "ix_listings_newest" in told
        assert "TEMP B-TREE" not in told
        assert "Sort" not in told


def test_help_names_lines_to_ring_and_none_that_is_not_confirmed(client: PageClient) -> None:
    page = client.get("/about/help").text
    assert "Samaritans" in page
    assert "116 123" in page
    root = html5lib.parse(page, namespaceHTMLElements=False)
    assert "call your local emergency number" in words(root)
