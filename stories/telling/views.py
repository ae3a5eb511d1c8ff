"""`/share`: the patient tells a story, in five steps or on one page."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import validate_csrf
from wtforms import ValidationError

import web
from extensions import db, settings, transact
from forms import STALE_PAGE
from stories import catalogue, drafts, intake, keys, rules
from stories.telling import queries
from stories.telling.forms import (
    STEPS,
    Answers,
    PlainForm,
    answers_of,
    share_form,
    submission_of,
)

bp = Blueprint("telling", __name__)

COOKIE_PATH = "/share"
STEP_TITLES = {
    "skin": "Your skin",
    "treatment": "The treatment",
    "result": "How it turned out",
    "story": "Your story",
    "check": "Check and send",
}


@bp.get("/share")
def share() -> ResponseReturnValue:
    """The first step, or everything on one page with `?all=1`."""
    secret = _fresh_secret()
    answers = drafts.opened(secret) or {}
    if request.args.get("all"):
        return _page("all", answers, secret)
    return _page("skin", answers, secret)


@bp.post("/share")
def send_all() -> ResponseReturnValue:
    """Take everything at once."""
    return _send("all", answers_of(request.form), _secret())


@bp.get("/share/<step>")
def step(step: str) -> ResponseReturnValue:
    """One step of the form, with what was typed before."""
    _known_step(step)
    secret = _fresh_secret()
    return _page(step, drafts.opened(secret) or {}, secret)


@bp.post("/share/<step>")
def save_step(step: str) -> ResponseReturnValue:
    """Keep one step and go on to the next; the last one sends."""
    _known_step(step)
    secret = _secret()
    if done := drafts.sent(secret):
        return _show_key(done, secret)
    answers: Answers = {**(drafts.opened(secret) or {}), **answers_of(request.form, STEPS[step])}
    if step == "check":
        return _send(step, answers, secret)
    _keep(secret, answers)
    found = [problem for problem in _problems(answers) if problem.field in STEPS[step]]
    if found or not _is_ours():
        return _with_cookie(_page(step, answers, secret, found, stale=not _is_ours()), secret, 422)
    if not request.cookies:
        # A browser that keeps no cookie finds its draft by the secret in the next page's form.
        return _page(_after(step), answers, secret)
    return _with_cookie(redirect(url_for(".step", step=_after(step)), 303), secret)


@bp.get("/share/sent")
def sent() -> str:
    """The story key, for as long as it is sealed under the secret in the patient's cookie."""
    secret = _secret_of_cookie()
    return _sent_page(drafts.sent(secret) if secret else None, secret)


@bp.post("/share/written-down")
def written_down() -> ResponseReturnValue:
    """Erase the sealed key: from now on only its hash is left."""
    secret = _secret()
    if not _is_ours():
        return make_response(_sent_page(drafts.sent(secret), secret, stale=True), 422)
    transact(partial(drafts.put_key_away, secret))
    answer = redirect(url_for("my_story.enter"), 303)
    answer.delete_cookie(cookie_name(), **web.cookie_options(COOKIE_PATH))
    return answer


@bp.post("/share/forget")
def forget() -> ResponseReturnValue:
    """Erase an unsent draft, for instance on a shared computer."""
    secret = _secret()
    if not _is_ours():
        return make_response(_page("skin", drafts.opened(secret) or {}, secret, stale=True), 422)
    transact(partial(drafts.forget, secret))
    answer = redirect(url_for(".share"), 303)
    answer.delete_cookie(cookie_name(), **web.cookie_options(COOKIE_PATH))
    return answer


def cookie_name() -> str:
    """The cookie that holds the draft's secret."""
    return "__Secure-draft" if settings().is_https else "draft"


def _send(page: str, answers: Answers, secret: str) -> ResponseReturnValue:
    found = _problems(answers)
    if found or not _is_ours():
        _keep(secret, answers)
        return _with_cookie(_page(page, answers, secret, found, stale=not _is_ours()), secret, 422)
    submission = submission_of(answers)
    try:
        done = transact(partial(drafts.send, secret, answers, submission))
    except drafts.SentOtherwise:
        secret = drafts.secret_for_other(secret, answers)
        done = transact(partial(drafts.send, secret, answers, submission))
    if done.is_new:
        intake.check(done.number)
    return _show_key(done, secret)


def _show_key(done: drafts.Sent, secret: str) -> ResponseReturnValue:
    if not request.cookies:
        return _sent_page(done, secret)
    return _with_cookie(redirect(url_for(".sent"), 303), secret)


def _keep(secret: str, answers: Answers) -> None:
    """Keep what was typed as the draft of `secret`, unless another site sent it."""
    if not _is_foreign():
        transact(partial(drafts.save, secret, answers))


def _problems(answers: Answers) -> list[rules.Problem]:
    return rules.problems(submission_of(answers), catalogue.current(db.session))


def _page(
    page: str, answers: Answers, secret: str, found: Sequence[rules.Problem] = (), *, stale: bool = False
) -> str:
    known = catalogue.current(db.session)
    form = share_form(answers, known)
    asked_here = STEPS.get(page, tuple(form.data))
    form.show(problem for problem in found if problem.field in asked_here)
    if stale:
        form.form_errors.append(STALE_PAGE)
    content = rules.prepared(submission_of(answers), known).content
    return render_template(
        f"stories/telling/{page}.html",
        form=form,
        secret=secret,
        page=page,
        steps=STEP_TITLES,
        known=known,
        has_answers=any(any(values) for values in answers.values()),
        has_sent=_has_sealed_key(),
        condition_names=queries.names_of_conditions(known),
        agent_names=queries.names_of_agents(known),
        rows=queries.answer_rows(content, known),
        preview=queries.preview(content) if page == "check" else (),
        open_elsewhere=_elsewhere(page, answers),
        was_sent=bool(found),
        previous=_before(page),
    )


def _elsewhere(page: str, answers: Answers) -> list[tuple[str, rules.Problem]]:
    """On the last step, what is still wrong in the earlier ones, each with its step."""
    if page != "check":
        return []
    step_of = {field: step for step, fields in STEPS.items() for field in fields}
    found = [(step_of[problem.field], problem) for problem in _problems(answers)]
    return [(step, problem) for step, problem in found if step != "check"]


def _sent_page(done: drafts.Sent | None, secret: str | None, *, stale: bool = False) -> str:
    form = PlainForm(formdata=None)
    if stale:
        form.form_errors.append(STALE_PAGE)
    return render_template("stories/telling/sent.html", sent=done, secret=secret, form=form)


def _is_ours() -> bool:
    """Whether a page of ours made this request.

    Without any cookie there is no session to protect and no token can be checked: then it is enough that
    the browser does not name another site.
    """
    if not request.cookies:
        return not web.is_foreign()
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        return False
    return True


def _is_foreign() -> bool:
    return web.is_foreign() and not _is_ours()


def _secret() -> str:
    """The secret of the draft that is being sent: of this very form, else of the cookie, else of the session.

    Another site does not choose it, since who knows it can read the draft and the key.
    """
    of_form = request.form.get("draft", "")
    if keys.is_secret(of_form) and not _is_foreign():
        return of_form
    return _secret_of_cookie() or _secret_of_session()


def _secret_of_cookie() -> str | None:
    told = request.cookies.get(cookie_name(), "")
    return told if keys.is_secret(told) else None


def _fresh_secret() -> str:
    """The secret for a page about to be filled in: the cookie's, unless its draft has been sent."""
    secret = _secret_of_cookie()
    return keys.new_secret() if not secret or drafts.is_sent(secret) else secret


def _secret_of_session() -> str:
    # A program that sends no `draft` and repeats a request whose reply was lost still makes one story.
    told = session.get("csrf_token") or keys.new_secret()
    return keys.keyed_hash(settings().secret_keys[0], "draft of session", str(told))


def _has_sealed_key() -> bool:
    secret = _secret_of_cookie()
    done = drafts.sent(secret) if secret else None
    return done is not None and done.key is not None


def _with_cookie(body: Any, secret: str, status: int | None = None) -> Response:
    answer = make_response(body) if status is None else make_response(body, status)
    if _is_foreign():
        return answer
    age = settings().draft_days * 24 * 3600
    answer.set_cookie(cookie_name(), secret, max_age=age, **web.cookie_options(COOKIE_PATH))
    return answer


def _known_step(step: str) -> None:
    if step not in STEPS:
        abort(404)


def _after(step: str) -> str:
    order = list(STEPS)
    return order[order.index(step) + 1]


def _before(page: str) -> str | None:
    order = list(STEPS)
    return order[order.index(page) - 1] if page in order and page != order[0] else None
