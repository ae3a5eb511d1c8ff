"""What a demonstration is made of: an invented story, and what becomes of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stories.content import Content, RedactionKind, Submission

LISTS = ("combined", "reactions", "serious")
IMPORTED_FROM = "demo"
APPROVE = "approve"


@dataclass(frozen=True)
class Invented:
    """A story that nobody lived through: what is sent, and the moves that follow in their order.

    `take_out` are words of the narrative with the kind of their redaction, for the move *redact*; `later` is
    the submission of the move *amend*; `reason` and `message` go with a decision. `days_ago` says when it was
    sent, today when it is None.
    """

    submission: Submission
    moves: tuple[str, ...] = ()
    take_out: tuple[tuple[str, RedactionKind], ...] = ()
    later: Submission | None = None
    reason: str | None = None
    message: str | None = None
    days_ago: int | None = None

    @property
    def is_imported(self) -> bool:
        """Whether it comes from an import file, so that nobody has a key to it."""
        return self.submission.source is not None


def invented_of(row: Mapping[str, Any], *moves: str) -> Invented:
    """The story of one row of a file, followed by `moves` unless the row has its own.

    A row has the fields of the contract by name, `narrative` and `later` as lists of paragraphs.
    """
    sent = submission_of(row)
    return Invented(
        submission=sent,
        moves=tuple(row.get("moves", moves)),
        take_out=tuple((words, RedactionKind(kind)) for words, kind in row.get("take_out", ())),
        later=submission_of({**row, "narrative": [*row["narrative"], *row["later"]]}) if "later" in row else None,
        reason=row.get("reason"),
        message=row.get("message"),
    )


def submission_of(row: Mapping[str, Any]) -> Submission:
    """What is sent for a row: as by a patient who agrees to publication, unless the row says otherwise."""
    answers: dict[str, Any] = {name: row[name] for name in Content.__dataclass_fields__ if name in row}
    answers |= {name: tuple(row.get(name, ())) for name in LISTS}
    return Submission(
        content=Content(**{**answers, "narrative": "\n\n".join(row["narrative"])}),
        email=row.get("email"),
        consent_publish=row.get("consent_publish", True),
        consent_contact=row.get("consent_contact", False),
        source=IMPORTED_FROM if row.get("import") else None,
        source_id=row.get("source_id"),
    )
