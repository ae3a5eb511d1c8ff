"""`/moderation`: the queue, the review of one story, decisions, redactions, taking down."""

from collections.abc import Callable
from datetime import UTC, datetime

from flask import Blueprint, Response, abort, flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from extensions import transact, utcnow
from moderation import access, desk, queries
from moderation.forms import DecisionForm, RedactForm, TakeDownForm
from stories import intake
from stories.passages import Word, paragraphs, words_of
from stories.refusal import MoveRefused, Refusal, StaleRevision, StoryMoved

bp = Blueprint("moderation", __name__, url_prefix="/moderation")
bp.before_request(access.require_moderator)


@bp.get("/")
def overview() -> ResponseReturnValue:
    """What waits, and what is next."""
    return render_template(
        "moderation/overview.html",
        counts=queries.waiting_counts(),
        counted_to=queries.COUNTED_TO,
        next_rows=queries.queue_page(limit=1).rows,
        now=utcnow(),
    )


@bp.get("/queue")
def queue() -> ResponseReturnValue:
    """Every story that waits, soonest due first."""
    page = queries.queue_page(_queue_key(request.args.get("after")))
    return render_template(
        "moderation/queue.html",
        page=page,
        next_key=f"{int(page.after[0].timestamp() * 1_000_000)}-{page.after[1]}" if page.after else None,
        is_first=not request.args.get("after"),
        now=utcnow(),
    )


@bp.get("/stories/<int:number>")
def review(number: int) -> ResponseReturnValue:
    """One story with everything needed to decide on it."""
    return _review_page(number, DecisionForm(formdata=None))


@bp.post("/stories/<int:number>/decision")
def decide(number: int) -> ResponseReturnValue:
    """Decide on the revision the moderator was shown."""
    form = DecisionForm()
    if not form.validate():
        return _review_page(number, form, status=422)
    verdict, seen = form.verdict(), form.seen()
    refused = _tried(lambda: desk.decide(number, verdict, seen, by=g.moderator.actor))
    if refused is not None:
        return _refused_page(number, form, refused)
    flash(f"Story {number}: {form.decision.data.replace('_', ' ')}. Done.")
    return redirect(url_for(".queue"), 303)


@bp.post("/stories/<int:number>/redact")
def redact(number: int) -> ResponseReturnValue:
    """Take words out of the revision the moderator was shown, as a new revision."""
    form, found = RedactForm(), queries.review(number)
    if found is None or found.content is None:
        abort(404)
    text = getattr(found.content, form.field.data or "", None) or ""
    spans, seen = form.spans(request.form.getlist("word"), text), form.seen()
    decision = DecisionForm(formdata=None)
    if not form.validate():
        decision.form_errors.extend(message for errors in form.errors.values() for message in errors)
        return _review_page(number, decision, status=422)
    refused = _tried(lambda: desk.redact(number, spans, seen, by=g.moderator.actor))
    if refused is not None:
        return _refused_page(number, decision, refused)
    intake.check(number)
    return redirect(url_for(".review", number=number), 303)


@bp.post("/stories/<int:number>/take-down")
def take_down(number: int) -> ResponseReturnValue:
    """Take a published story from readers, for the very next request."""
    form = TakeDownForm()
    decision = DecisionForm(formdata=None)
    if not form.validate() or not form.reason.data:
        decision.form_errors.append("Choose why the story is taken down")
        return _review_page(number, decision, status=422)
    refused = _tried(lambda: desk.take_down(number, form.reason.data, by=g.moderator.actor))
    if refused is not None:
        return _refused_page(number, decision, refused)
    flash(f"Story {number} is taken down.")
    return redirect(url_for(".review", number=number), 303)


@bp.post("/stories/<int:number>/put-back")
def put_back(number: int) -> ResponseReturnValue:
    """Publish a taken-down story again, by a lead."""
    decision = DecisionForm(formdata=None)
    if not TakeDownForm().validate():
        return _review_page(number, decision, status=422)
    refused = _tried(lambda: desk.put_back(number, by=g.moderator.actor))
    if refused is not None:
        return _refused_page(number, decision, refused)
    flash(f"Story {number} is published again.")
    return redirect(url_for(".review", number=number), 303)


def _tried(work: Callable[[], None]) -> Refusal | None:
    """Why `work` was refused, or None when it was done."""
    try:
        transact(work)
    except MoveRefused as refused:
        return refused
    return None


def _refused_page(number: int, form: DecisionForm, refused: Refusal) -> Response:
    """The story as it is now beside what was typed; 409 when someone was first, 422 when a rule says no."""
    is_late = isinstance(refused, (StoryMoved, StaleRevision)) or type(refused) is MoveRefused
    return _review_page(number, form, refused=refused, status=409 if is_late else 422)


def _review_page(number: int, form: DecisionForm, *, refused: Refusal | None = None, status: int = 200) -> Response:
    found = queries.review(number)
    if found is None:
        abort(404)
    form.version.raw_data = form.digest.raw_data = None
    form.version.data = found.version
    form.digest.data = found.revision.digest if found.revision else ""
    return make_response(
        render_template(
            "moderation/review.html",
            review=found,
            form=form,
            redact_form=RedactForm(formdata=None),
            take_down_form=TakeDownForm(formdata=None),
            choosing=_chosen_paragraph(found),
            refused=refused,
            first=queries.who_decided(number) if refused else None,
            now=utcnow(),
        ),
        status,
    )


def _chosen_paragraph(found: queries.Review) -> tuple[str, int, list[Word]] | None:
    """The paragraph whose words are offered one by one: its field, its number, and its words."""
    field, _dot, index = request.args.get("words", "").partition(".")
    text = next((text for text in found.texts if text.field == field), None)
    spans = paragraphs(text.words) if text else []
    if text is None or found.revision is None or not index.isdecimal() or int(index) >= len(spans):
        return None
    return field, int(index), words_of(found.revision.cleaned[field], spans[int(index)])


def _queue_key(text: str | None) -> queries.QueueKey | None:
    moment, _dash, number = (text or "").partition("-")
    if not (moment.isdecimal() and number.isdecimal() and len(moment) < 18 and len(number) < 10):
        return None
    seconds, micros = divmod(int(moment), 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=micros), int(number)
