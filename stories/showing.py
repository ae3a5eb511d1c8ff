"""What readers get of a revision: answers that a story's page shows, and words with redactions in place."""

from collections.abc import Iterator

from sqlalchemy import select

from extensions import db
from stories.cleaning import Clean
from stories.content import Content, Redaction
from stories.models import Decision, DecisionKind, Revision, Story
from stories.passages import excerpt, shown_line, shown_paragraphs
from stories.reading.publish import PublicContent

FORM = 1
"""Which form of JSON a publication's digest is of."""

SHOWN_ANSWERS = (
    "condition",
    "agent",
    "combined",
    "outcome",
    "time_to_improvement",
    "duration",
    "reactions",
    "serious",
    "stopped_because",
    "recurrence",
    "choose_again",
    "treated_when",
    "language",
)
"""Coded answers on a story's page. Age band, body site and writer are not: they could point to a person."""

SHOWN_LINES = ("title", "display_name", "condition_other", "agent_other", "combined_other", "schedule", "ties")


def public_content(story: Story, revision: Revision) -> PublicContent:
    """Exactly what readers see of `revision` once it is approved."""
    assert story.public_id is not None
    assert story.first_published_at is not None
    content = revision.content
    shown: dict[str, object] = {
        "form": FORM,
        "public_id": story.public_id,
        "told_in": story.submitted_at.strftime("%Y-%m"),
    }
    for name in SHOWN_ANSWERS:
        value = getattr(content, name)
        shown[name] = list(value) if isinstance(value, tuple) else value
    if filed := sorted(_file(story, content, shown)):
        shown["filed"] = filed
    if notes := _content_notes(revision):
        shown["content_notes"] = notes
    cleaned: dict[str, Clean] = {}
    for name in SHOWN_LINES:
        shown[name] = None
        if name in revision.cleaned:
            line = shown_line(revision.cleaned[name], _in_field(content, name))
            shown[name], cleaned[name] = line.words, line.html
    narrative = revision.cleaned["narrative"], _in_field(content, "narrative")
    told = shown_paragraphs(*narrative)
    shown["narrative"] = [paragraph.words for paragraph in told]
    cleaned["narrative"] = Clean("".join(f"<p>{paragraph.html}</p>" for paragraph in told))
    cleaned["excerpt"] = excerpt(*narrative).html
    return PublicContent(
        public_id=story.public_id,
        first_published_at=story.first_published_at,
        shown=shown,
        cleaned=cleaned,
    )


def _file(story: Story, content: Content, shown: dict[str, object]) -> Iterator[str]:
    """Put the entries that moderators chose where the patient named none; which ones they are."""
    for name, chosen in (("condition", story.filed_condition), ("agent", story.filed_agent)):
        if chosen is not None and getattr(content, name) is None:
            shown[name] = chosen
            yield name


def _content_notes(revision: Revision) -> list[str]:
    """What readers are told before the words, as it was approved with them."""
    approved = select(Decision.notes).where(
        Decision.revision_digest == revision.digest,
        Decision.kind == DecisionKind.APPROVE,
        Decision.undone_at.is_(None),
    )
    return list(db.session.scalar(approved) or ())


def _in_field(content: Content, name: str) -> list[Redaction]:
    return [span for span in content.redactions if span.field == name]
