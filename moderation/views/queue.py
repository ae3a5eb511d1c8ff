"""`/moderation/` and `/moderation/queue`: what waits, and what is next."""

from datetime import UTC, datetime
from urllib.parse import urlencode

from flask import g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from extensions import db, utcnow
from moderation import queries
from moderation.queries import Filters, QueueKey
from moderation.views.room import bp
from stories import catalogue

PASSED_MAX = 50
"""So many stories that somebody passed on are remembered, in the session and nowhere else."""


@bp.get("/")
def overview() -> ResponseReturnValue:
    """What waits, and what is next."""
    return render_template(
        "moderation/overview.html",
        counts=queries.waiting_counts(),
        counted_to=queries.COUNTED_TO,
        next_row=queries.next_story(_passed(), by=g.moderator.id),
        now=utcnow(),
    )


@bp.get("/queue")
def queue() -> ResponseReturnValue:
    """The stories that wait, soonest due first; those that the filters let through."""
    filters = _filters()
    page = queries.queue_page(_key(request.args.get("after")), filters=filters)
    return render_template(
        "moderation/queue.html",
        page=page,
        next_address=_address(filters, page.after) if page.after else None,
        is_first=not request.args.get("after"),
        count=queries.waiting_count(filters),
        counted_to=queries.COUNTED_TO,
        filters=filters,
        choices=_choices(),
        now=utcnow(),
    )


@bp.get("/next")
def next_story() -> ResponseReturnValue:
    """The story that is due soonest and that nobody else has open."""
    row = queries.next_story(_passed(), by=g.moderator.id)
    return redirect(url_for(".review", number=row.number) if row else url_for(".queue"), 303)


def remember_passed(number: int) -> None:
    """Not offer the story to this person next, for as long as they are signed in."""
    session["passed"] = [*_passed(), number][-PASSED_MAX:]


def _passed() -> list[int]:
    return list(session.get("passed", ()))


def _filters() -> Filters:
    told = {name: request.args.get(name, "").strip() or None for name in Filters.names()}
    return Filters(**{**told, "by": g.moderator.id})


def _choices() -> dict[str, list[tuple[str, str]]]:
    known = catalogue.current(db.session)
    return {
        "condition": [(entry.slug, entry.plain_name.partition(":")[0]) for entry in known.conditions],
        "agent": [(entry.slug, entry.name) for entry in known.agents],
    }


def _address(filters: Filters, after: QueueKey) -> str:
    told = {**filters.told(), "after": f"{int(after[0].timestamp() * 1_000_000)}-{after[1]}"}
    return f"{url_for('.queue')}?{urlencode(told)}"


def _key(text: str | None) -> QueueKey | None:
    moment, _dash, number = (text or "").partition("-")
    if not (moment.isdecimal() and number.isdecimal() and len(moment) < 18 and len(number) < 10):
        return None
    seconds, micros = divmod(int(moment), 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=micros), int(number)
