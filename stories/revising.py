"""How a revision is written: its words cleaned once, its digest over content and salt."""

from extensions import db, settings, utcnow
from stories import keys
from stories.checks import fingerprint_text
from stories.cleaning import Clean
from stories.content import Content
from stories.models import Actor, Revision, SketchBand, Story
from stories.sketching import sketch

FORM = 1
"""Which form of JSON a revision's digest is of."""


def revision_digest(content: Content, salt: str) -> str:
    """SHA-256 of the RFC 8785 JSON of `content` with `salt`, absent answers as null."""
    return keys.digest({"form": FORM, "salt": salt, **content.as_json()})


def fingerprint(content: Content) -> str | None:
    """A keyed hash of the narrative's words, the same for a repeat of them; None when there are too few."""
    words = fingerprint_text(content)
    return keys.keyed_hash(settings().data_key, "repeat", words) if words else None


def write_revision(story: Story, content: Content, *, number: int, by: Actor) -> Revision:
    """The `number`th revision of `story`, with the cleaned form of every text and the sketch beside it."""
    salt = keys.new_salt()
    answers = content.as_json()
    for name in ("combined", "reactions", "serious", "redactions"):
        answers[name] = list(answers[name])
    revision = Revision(
        story=story,
        number=number,
        by_kind=by.kind,
        by_id=by.id,
        created_at=utcnow(),
        salt=salt,
        digest=revision_digest(content, salt),
        fingerprint=fingerprint(content),
        sketch=[SketchBand(band=band) for band in sketch(content.narrative)],
        cleaned={name: Clean.of(words) for name, words in content.texts()},
        **answers,
    )
    db.session.add(revision)
    return revision
