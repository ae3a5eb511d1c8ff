"""The reader's door: home, topics, stories, the feed. GET only, no session, no cookie."""

import hashlib
from typing import Any

from flask import Blueprint, Response, abort, current_app, make_response, render_template, request
from sqlalchemy.orm import Session

from extensions import read_session, settings, utcnow
from stories import catalogue
from stories.catalogue import Catalogue
from stories.reading import pages, queries
from stories.reading.feeds import atom_feed
from stories.reading.models import ANY

bp = Blueprint("reading", __name__)

LATEST = 3
IN_FEED = 20


@bp.get("/")
def home() -> Response:
    """What this is, the conditions, and the newest three stories, whatever their outcome."""
    with read_session() as session:
        known = catalogue.current(session)
        if (fresh := _fresh(session, "site", known)).status_code == 304:
            return fresh
        topics = pages.condition_topics(known)
        counts = queries.topic_counts(session, [ANY, *(topic.slug for topic in topics)])
        latest = queries.stories_page(session, ANY, queries.Filter(), limit=LATEST)
        return _page(
            fresh,
            "home.html",
            topics=topics,
            counts=counts,
            total=counts.get(ANY, 0),
            cards=pages.cards(latest.stories, known),
        )


@bp.get("/topics/")
def topics() -> Response:
    """Every topic: conditions, treatments, comparisons."""
    with read_session() as session:
        known = catalogue.current(session)
        if (fresh := _fresh(session, "site", known)).status_code == 304:
            return fresh
        counts = queries.topic_counts(session, [topic.slug for topic in known.topics])
        return _page(fresh, "topics.html", groups=pages.topic_groups(known), counts=counts)


@bp.get("/topics/<slug>")
def topic(slug: str) -> Response:
    """One topic: its checked introduction, how its stories ended, and the stories, newest first."""
    with read_session() as session:
        known = catalogue.current(session)
        found = known.topic(slug)
        if found is None:
            abort(404)
        if (fresh := _fresh(session, f"topic:{slug}", known)).status_code == 304:
            return fresh
        chosen = _chosen()
        after = request.args.get("after")
        key = queries.PageKey.read(after) if after else None
        page = queries.stories_page(session, slug, chosen, key)
        counts = queries.outcome_counts(session, slug, chosen)
        total = sum(counts.values())
        return _page(
            fresh,
            "topic.html",
            topic=found,
            intro=pages.introduction(found, known),
            outcomes=pages.outcome_table(counts, known),
            total=total,
            is_few=total < queries.FEW,
            chosen=chosen,
            filters=pages.filters(session, slug, chosen, known),
            cards=pages.cards(page.stories, known),
            matching=counts.get(chosen.outcome, 0) if chosen.outcome else total,
            next_href=pages.address(slug, chosen, page.after) if page.after else None,
            first_href=pages.address(slug, chosen) if key else None,
        )


@bp.get("/stories/<public_id>")
def story(public_id: str) -> Response:
    """One story, exactly as it was approved. 410 when it is not here any more, 404 when it never was."""
    with read_session() as session:
        known = catalogue.current(session)
        found = queries.story(session, public_id)
        if found is None:
            abort(410 if queries.is_gone(session, public_id) else 404)
        if (fresh := _fresh(session, f"story:{public_id}", known)).status_code == 304:
            return fresh
        return _page(fresh, "story.html", story=pages.story_page(found, known))


@bp.get("/feed.atom")
def feed() -> Response:
    """The newest stories as an Atom feed: titles, catalogue words and links, no narrative."""
    with read_session() as session:
        known = catalogue.current(session)
        if (fresh := _fresh(session, "site", known)).status_code == 304:
            return fresh
        latest = queries.stories_page(session, ANY, queries.Filter(), limit=IN_FEED)
        fresh.data = atom_feed(latest.stories, known, settings())
        fresh.mimetype = "application/atom+xml"
        return fresh


@bp.get("/about")
def about() -> str:
    """What this is and who runs it."""
    return render_template("about/about.html")


@bp.get("/about/moderation")
def about_moderation() -> str:
    """The rules by which stories are read."""
    chosen = settings()
    return render_template(
        "about/moderation.html",
        undo_minutes=chosen.undo_minutes,
        second_reading_percent=chosen.second_reading_percent,
        small_team=chosen.small_team,
    )


@bp.get("/about/privacy")
def about_privacy() -> str:
    """What is kept, for how long, and what never is."""
    return render_template("about/privacy.html")


@bp.get("/about/help")
def about_help() -> str:
    """Whom to talk to, in need."""
    with read_session() as session:
        helplines = catalogue.current(session).every_helpline_shown(utcnow().date())
    return render_template("about/help.html", helplines=helplines)


def _chosen() -> queries.Filter:
    values = {name: request.args.get(name) or None for name in ("agent", "combined", "outcome", "language")}
    return queries.Filter(**values)


def _fresh(session: Session, key: str, known: Catalogue) -> Response:
    """An empty answer with the ETag of what `key` shows now; a 304 when the reader has exactly that."""
    made_of = (
        current_app.config["RELEASE"],
        known.digest,
        settings().site_name,
        key,
        str(queries.generation(session, key)),
    )
    answer = make_response("")
    answer.headers["Cache-Control"] = "public, no-cache"
    answer.set_etag(hashlib.sha256("\0".join(made_of).encode()).hexdigest()[:32])
    answer.make_conditional(request)
    return answer


def _page(answer: Response, template: str, **values: Any) -> Response:
    answer.set_data(render_template(f"stories/reading/{template}", **values))
    return answer
