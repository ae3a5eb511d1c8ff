"""Every step that is taken on a story: guard, form, one verb, one answer."""

from collections.abc import Callable

from flask import abort, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from extensions import db, transact
from forms import PageForm
from moderation import claims, desk, queries
from moderation.desk import Step
from moderation.forms import (
    DecisionForm,
    EraseForm,
    FileForm,
    JudgeFindingForm,
    JudgeForm,
    MarkForm,
    RedactForm,
    TakeDownForm,
)
from moderation.views.queue import remember_passed
from moderation.views.review import problem_page, refused_page, review_page, tried
from moderation.views.room import bp
from stories import catalogue, erasing, intake

DONE = {
    Step.APPROVE: "Story {}: approved. Readers see it now.",
    Step.ASK_FOR_CHANGES: "Story {}: sent back to the patient with your words.",
    Step.DECLINE: "Story {}: declined.",
    Step.ESCALATE: "Story {}: handed on to a lead.",
}


@bp.post("/stories/<int:number>/decision")
def decide(number: int) -> ResponseReturnValue:
    """Decide on the revision the moderator was shown."""
    form = DecisionForm()
    if not form.validate():
        return review_page(number, form, status=422)
    verdict, seen, claim, by = form.verdict(), form.seen(), form.claim.data or "", g.moderator.actor
    is_over: list[bool] = []
    refused = tried(lambda: is_over.append(desk.decide(number, verdict, seen, claim, by=by)))
    if refused is not None:
        return refused_page(number, form, refused)
    if is_over[-1] or verdict.step is Step.ESCALATE:
        flash(DONE[verdict.step].format(number), str(number) if is_over[-1] else "message")
    else:
        flash(f"Story {number}: your verdict is noted. Another person reads it too before anything happens.")
    return redirect(url_for(".queue"), 303)


@bp.post("/stories/<int:number>/undo")
def undo(number: int) -> ResponseReturnValue:
    """Bring everything back to what it was before the last decision."""
    return _step(number, PageForm(), lambda: desk.undo(number, by=g.moderator.actor), "the decision is undone")


@bp.post("/stories/<int:number>/redact")
def redact(number: int) -> ResponseReturnValue:
    """Take words out of the revision the moderator was shown, as a new revision."""
    form, found = RedactForm(), queries.review(number, by=g.moderator.actor)
    if found is None or found.content is None:
        abort(404)
    text = getattr(found.content, form.field.data or "", None) or ""
    spans, seen = form.spans(request.form.getlist("word"), text), form.seen()
    if not form.validate():
        return problem_page(number, _problem(form))
    refused = tried(lambda: desk.redact(number, spans, seen, by=g.moderator.actor))
    if refused is not None:
        return refused_page(number, DecisionForm(formdata=None), refused)
    intake.check(number)
    return redirect(url_for(".review", number=number), 303)


@bp.post("/stories/<int:number>/mark")
def mark(number: int) -> ResponseReturnValue:
    """Open a mark on the story."""
    form = MarkForm()
    kind, seen = form.kind(), form.seen()
    if kind is None:
        return problem_page(number, "Choose what the story should be marked as")
    return _step(number, form, lambda: desk.mark(number, kind, seen, by=g.moderator.actor))


@bp.post("/stories/<int:number>/judge")
def judge(number: int) -> ResponseReturnValue:
    """Say whether a mark stands."""
    form = JudgeForm()
    judged, seen = form.judged(), form.seen()
    if judged is None:
        return problem_page(number, "Say whether the mark stands")
    return _step(number, form, lambda: desk.judge(number, *judged, seen, by=g.moderator.actor))


@bp.post("/stories/<int:number>/finding")
def judge_finding(number: int) -> ResponseReturnValue:
    """Say whether a finding was right."""
    form = JudgeFindingForm()
    judged, seen = form.judged(), form.seen()
    if judged is None:
        return problem_page(number, "Say whether the finding is right")
    return _step(number, form, lambda: desk.judge_finding(number, *judged, seen, by=g.moderator.actor))


@bp.post("/stories/<int:number>/file")
def file(number: int) -> ResponseReturnValue:
    """Put a story under entries of the catalogue where the patient named none."""
    form, known = FileForm(), catalogue.current(db.session)
    slugs: dict[str, str | None] = {}
    for field, find in ((form.condition, known.find_condition), (form.agent, known.find_agent)):
        found = find(field.data or "")
        slugs[field.name] = found[0].slug if len(found) == 1 else None
        if (field.data or "").strip() and len(found) != 1:
            field.errors = ["Choose a name from the list"]
    if form.errors:
        return review_page(number, DecisionForm(formdata=None), file_form=form, status=422)
    return _step(number, form, lambda: desk.file(number, **slugs, by=g.moderator.actor), "filed")


@bp.post("/stories/<int:number>/take-over")
def take_over(number: int) -> ResponseReturnValue:
    """Hold a story that somebody else has open, by a lead."""
    return _step(number, PageForm(), lambda: claims.take_over(number, by=g.moderator.actor))


@bp.post("/stories/<int:number>/claim")
def renew(number: int) -> ResponseReturnValue:
    """Hold the story on while its page is open."""
    if not PageForm().validate():
        abort(422)
    held = transact(lambda: claims.open_story(number, by=g.moderator.actor))
    return ("", 204) if held is not None and held.token is not None else ("", 409)


@bp.post("/stories/<int:number>/pass")
def pass_on(number: int) -> ResponseReturnValue:
    """Leave the story to others, for whatever reason, and go to the next one."""
    return _leave(number, ".next_story", is_passed=True)


@bp.post("/stories/<int:number>/release")
def release(number: int) -> ResponseReturnValue:
    """Let others have the story, on leaving its page."""
    return _leave(number, ".queue")


@bp.post("/stories/<int:number>/take-down")
def take_down(number: int) -> ResponseReturnValue:
    """Take a published story from readers, for the very next request."""
    form = TakeDownForm()
    reason = form.reason.data
    if not reason:
        return problem_page(number, "Choose why the story is taken down")
    return _step(number, form, lambda: desk.take_down(number, reason, by=g.moderator.actor), "taken down")


@bp.post("/stories/<int:number>/put-back")
def put_back(number: int) -> ResponseReturnValue:
    """Publish a taken-down story again, by a lead."""
    return _step(number, PageForm(), lambda: desk.put_back(number, by=g.moderator.actor), "published again")


@bp.post("/stories/<int:number>/erase")
def erase(number: int) -> ResponseReturnValue:
    """Erase a story for good, by a lead."""
    form = EraseForm()
    if not form.validate():
        return review_page(number, DecisionForm(formdata=None), erase_form=form, status=422)
    answer = _step(number, form, lambda: desk.erase(number, form.reason.data, by=g.moderator.actor), "erased")
    erasing.sweep_erased()
    return answer


def _leave(number: int, where: str, *, is_passed: bool = False) -> ResponseReturnValue:
    """Give the story back and go elsewhere."""
    form, token = PageForm(), request.form.get("claim", "")
    if not form.validate():
        return problem_page(number, _problem(form))
    transact(lambda: claims.give_back(number, token, by=g.moderator.actor))
    if is_passed:
        remember_passed(number)
    return redirect(url_for(where), 303)


def _step(number: int, form: PageForm, work: Callable[[], object], done: str = "") -> ResponseReturnValue:
    """Do `work` and go back to the story, or show there why it was not done."""
    if not form.validate():
        return problem_page(number, _problem(form))
    refused = tried(work)
    if refused is not None:
        return refused_page(number, DecisionForm(formdata=None), refused)
    if done:
        flash(f"Story {number}: {done}.")
    return redirect(url_for(".review", number=number), 303)


def _problem(form: PageForm) -> str:
    return " ".join(message for messages in form.errors.values() for message in messages)
