"""`/my-story`: with the story key, see what became of a story, change it, take it back."""

from functools import partial

import sqlalchemy as sa
from flask import Blueprint, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

import web
from extensions import db, transact
from forms import STALE_PAGE
from stories import catalogue, erasing, intake, life, rules
from stories.models import Story
from stories.telling import queries
from stories.telling.forms import (
    CONTENT_FIELDS,
    Answers,
    KeyForm,
    PlainForm,
    WithdrawForm,
    answers_from,
    answers_of,
    share_form,
    submission_of,
)

bp = Blueprint("my_story", __name__, url_prefix="/my-story")

NO_SUCH_KEY = "No story opens with these words. Look at each word, and try again"
STALE_KEY = (
    "Your story was closed in the meantime. Open it again with your key in another tab, then press the button"
)
KEY_TRIES = "20 per 10 minutes"


@bp.get("")
def enter() -> ResponseReturnValue:
    """The place for the story key; whoever has opened a story already sees it."""
    if _number() is not None:
        return redirect(url_for(".status"), 303)
    return render_template("stories/telling/key.html", form=KeyForm(formdata=None))


@bp.post("")
@web.limiter.limit(KEY_TRIES, deduct_when=web.is_refused)
def open_story() -> ResponseReturnValue:
    """Open the story of a key. An unknown key and a wrong one get the same answer, after the same time."""
    form = KeyForm()
    is_valid = form.validate_on_submit()
    number = intake.story_of_key(form.key.data or "") if is_valid else None
    if number is None:
        if is_valid:
            form.key.errors = [NO_SUCH_KEY]
        return make_response(render_template("stories/telling/key.html", form=form), 422)
    session.clear()
    session["story"] = number
    return redirect(url_for(".status"), 303)


@bp.get("/status")
def status() -> ResponseReturnValue:
    """What became of the story, in plain words."""
    number = _number()
    story = queries.own_story(number) if number is not None else None
    if story is None:
        return redirect(url_for(".enter"), 303)
    return render_template("stories/telling/status.html", story=story, form=PlainForm(formdata=None))


@bp.get("/amend")
def amend() -> ResponseReturnValue:
    """The story as it stands, to be changed."""
    number = _number()
    content = queries.latest_content(number) if number is not None else None
    if content is None:
        return redirect(url_for(".enter"), 303)
    return _amend_page(answers_from(content, catalogue.current(db.session)))


@bp.post("/amend")
def send_amendment() -> ResponseReturnValue:
    """Let the changed story wait; what is public stays until the change is approved."""
    number = _number()
    answers = answers_of(request.form, CONTENT_FIELDS)
    if number is None:
        return make_response(_amend_page(answers, is_lost=True), 422)
    if not PlainForm().validate():
        return make_response(_amend_page(answers, stale=True), 422)
    try:
        transact(partial(intake.amend, number, submission_of(answers)))
    except intake.BadSubmission as refused:
        return make_response(_amend_page(answers, refused.problems), 422)
    intake.check(number)
    return redirect(url_for(".status"), 303)


@bp.get("/withdraw")
def confirm_withdrawal() -> ResponseReturnValue:
    """The question before the story is taken back."""
    if _number() is None:
        return redirect(url_for(".enter"), 303)
    return render_template("stories/telling/withdraw.html", form=WithdrawForm(formdata=None))


@bp.post("/withdraw")
def withdraw() -> ResponseReturnValue:
    """Take the story back: gone for the next request, erased."""
    number = _number()
    form = WithdrawForm()
    if number is None:
        return redirect(url_for(".enter"), 303)
    if not form.validate() or not form.confirm.data:
        if not form.errors:
            form.form_errors.append("Press “Yes, erase my story” to take it back")
        return make_response(render_template("stories/telling/withdraw.html", form=form), 422)
    transact(lambda: life.withdraw(life.locked(number)))
    erasing.sweep_erased()
    return redirect(url_for(".status"), 303)


@bp.post("/close")
def close() -> ResponseReturnValue:
    """Forget on this device which story was open."""
    if not PlainForm().validate():
        return redirect(url_for(".status"), 303)
    session.clear()
    return redirect(url_for(".enter"), 303)


def _number() -> int | None:
    """The number of the story that this session opened with its key."""
    number = session.get("story")
    return db.session.scalar(sa.select(Story.id).where(Story.id == number)) if number is not None else None


def _amend_page(
    answers: Answers, problems: list[rules.Problem] | None = None, *, stale: bool = False, is_lost: bool = False
) -> str:
    known = catalogue.current(db.session)
    form = share_form(answers, known)
    form.show(problems or [])
    if stale or is_lost:
        form.form_errors.append(STALE_KEY if is_lost else STALE_PAGE)
    return render_template(
        "stories/telling/amend.html",
        form=form,
        known=known,
        condition_names=queries.names_of_conditions(known),
        agent_names=queries.names_of_agents(known),
        is_lost=is_lost,
    )
