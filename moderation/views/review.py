"""`/moderation/stories/<number>`: one story with everything to decide on it, held for who has it open."""

from collections.abc import Callable

from flask import Response, abort, g, make_response, render_template, request
from flask.typing import ResponseReturnValue

from extensions import db, transact, utcnow
from moderation import claims, queries
from moderation.forms import (
    DecisionForm,
    EraseForm,
    FileForm,
    MarkForm,
    RedactForm,
    TakeDownForm,
)
from moderation.views.room import bp
from stories import catalogue
from stories.passages import Word, paragraphs, words_of
from stories.refusal import ClaimLost, MoveRefused, NoSuchStory, Refusal, StaleRevision, StoryMoved


@bp.get("/stories/<int:number>")
def review(number: int) -> ResponseReturnValue:
    """One story with everything needed to decide on it, held from now on if it waits and nobody has it open."""
    return review_page(number, DecisionForm(formdata=None))


def tried(work: Callable[[], object]) -> Refusal | None:
    """Why `work` was refused, or None when it was done in a transaction of its own."""
    try:
        transact(work)
    except MoveRefused as refused:
        return refused
    return None


def refused_page(number: int, form: DecisionForm, refused: Refusal) -> Response:
    """The story as it is now beside what was typed; 409 when someone was first, 422 when a rule says no."""
    is_late = isinstance(refused, (StoryMoved, StaleRevision, ClaimLost)) or type(refused) is MoveRefused
    return review_page(number, form, refused=refused, status=409 if is_late else 422)


def problem_page(number: int, problem: str) -> Response:
    """The story, and above it what is not right yet."""
    form = DecisionForm(formdata=None)
    form.form_errors.append(problem)
    return review_page(number, form, status=422)


def review_page(
    number: int,
    form: DecisionForm,
    *,
    refused: Refusal | None = None,
    status: int = 200,
    file_form: FileForm | None = None,
    erase_form: EraseForm | None = None,
) -> Response:
    """The review of a story with `form` as it was filled in."""
    held = _held(number)
    found = queries.review(number, by=g.moderator.actor)
    if found is None:
        abort(404)
    form.version.raw_data = form.digest.raw_data = form.claim.raw_data = None
    form.version.data = found.version
    form.digest.data = found.revision.digest if found.revision else ""
    form.claim.data = held.token if held else ""
    known = catalogue.current(db.session)
    return make_response(
        render_template(
            "moderation/review.html",
            review=found,
            form=form,
            held=held,
            holder=queries.name_of(held.holder_id) if held else None,
            redact_form=RedactForm(formdata=None),
            take_down_form=TakeDownForm(formdata=None),
            mark_form=MarkForm(formdata=None),
            file_form=file_form or FileForm(formdata=None),
            erase_form=erase_form or EraseForm(formdata=None),
            condition_names=[entry.plain_name.partition(":")[0] for entry in known.conditions],
            agent_names=[entry.name for entry in known.agents],
            choosing=_chosen_paragraph(found),
            refused=refused,
            first=queries.who_decided(number) if refused else None,
            now=utcnow(),
        ),
        status,
    )


def _held(number: int) -> claims.Held | None:
    try:
        return transact(lambda: claims.open_story(number, by=g.moderator.actor))
    except NoSuchStory:
        abort(404)


def _chosen_paragraph(found: queries.Review) -> tuple[str, int, list[Word]] | None:
    """The paragraph whose words are offered one by one: its field, its number, and its words."""
    field, _dot, index = request.args.get("words", "").partition(".")
    text = next((text for text in found.texts if text.field == field), None)
    spans = paragraphs(text.words) if text else []
    if text is None or found.revision is None or not index.isdecimal() or int(index) >= len(spans):
        return None
    return field, int(index), words_of(found.revision.cleaned[field], spans[int(index)])
