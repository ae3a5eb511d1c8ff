"""What the checks noticed in a story's words, and what people made of it."""

from collections.abc import Sequence

from extensions import db, utcnow
from stories import events
from stories.checks.finding import Finding as Noticed
from stories.lanes import enter_lane, lane_of
from stories.life import moves
from stories.life.moves import Seen
from stories.models import SYSTEM, Actor, CheckRun, Finding, Judgement, Mark, Revision, Story
from stories.refusal import MoveRefused
from stories.seconding import judged_marks, open_marks


def note_checks(story: Story, revision: Revision, noticed: Sequence[Noticed], failed: Sequence[str]) -> None:
    """Keep what the checks found in `revision`, open the marks they set, and put the story into its lane.

    Called again for the same revision it replaces what was noted before; marks stay open, and what somebody
    judged about the same words stays judged.
    """
    judged = _judged(story)
    db.session.query(Finding).filter_by(revision_id=revision.id).delete()
    db.session.query(CheckRun).filter_by(revision_id=revision.id).delete()
    db.session.add(CheckRun(revision_id=revision.id, ran_at=utcnow(), failed=sorted(failed)))
    for found in noticed:
        db.session.add(
            Finding(
                revision_id=revision.id,
                kind=found.kind,
                severity=found.severity,
                rule=found.rule,
                rule_version=found.rule_version,
                field=found.field,
                start=found.start,
                end=found.end,
                why=found.why,
                redact_as=found.redact_as,
                judgement=judged.get(_place(found, getattr(revision, found.field, None))),
            )
        )
    wanted = {found.mark for found in noticed if found.mark is not None}
    opened = wanted - open_marks(story) - judged_marks(story, revision)
    for kind in sorted(opened):
        db.session.add(Mark(story_id=story.id, kind=kind, opened_at=utcnow()))
    db.session.flush()
    if revision.number == story.waiting_number:
        enter_lane(story, lane_of(story), came_at=revision.created_at)
    story.moved_at = utcnow()
    moves.flush("check")
    db.session.expire(revision, ["check_run", "findings"])
    events.append(
        "check",
        by=SYSTEM,
        story_id=story.id,
        about=revision.digest,
        findings=len(noticed),
        failed=sorted(failed),
        marks=sorted(kind.value for kind in opened),
    )


def judge_finding(story: Story, seen: Seen, finding_id: int, judgement: Judgement, *, by: Actor) -> None:
    """Say whether a finding was right: what a rule is worth is measured by it. The words stay as they are.

    Raises MoveRefused: as StoryMoved or StaleRevision when something else is on the screen than in the
    database, plainly when the finding is not of the words that were seen.
    """
    revision = moves.seen_revision(story, "judge_finding", seen, story.waiting_revision or story.published_revision)
    finding = db.session.get(Finding, finding_id)
    if finding is None or finding.revision_id != revision.id:
        raise MoveRefused("This finding is not there any more.")
    finding.judgement = judgement
    moves.step(story, "judge_finding")
    moves.flush("judge_finding")
    events.append(
        "judge_finding",
        by=by,
        story_id=story.id,
        about=revision.digest,
        rule=finding.rule,
        rule_version=finding.rule_version,
        judgement=judgement.value,
    )


Place = tuple[str, str, int, int, object]


def _judged(story: Story) -> dict[Place, Judgement]:
    """What was judged in any revision of the story, by rule, place and words."""
    found = {}
    rows = (
        db.session.query(Finding, Revision)
        .join(Revision, Revision.id == Finding.revision_id)
        .filter(Revision.story_id == story.id, Finding.judgement.is_not(None))
        .order_by(Finding.id)
    )
    for finding, revision in rows:
        if finding.judgement is not None:
            found[_place(finding, getattr(revision, finding.field, None))] = finding.judgement
    return found


def _place(found: Finding | Noticed, words: object) -> Place:
    text = words[found.start : found.end] if isinstance(words, str) else None
    return found.rule, found.field, found.start, found.end, text
