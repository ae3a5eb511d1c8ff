"""The forms of the moderators' door."""

import re

from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from forms import PageForm
from moderation.desk import Step, Verdict
from moderation.reasons import REASONS
from stories import wording
from stories.checks.finding import MarkKind
from stories.content import Redaction, RedactionKind
from stories.life import Seen
from stories.models import ContentNote, Judgement

MESSAGE_MAX_CHARS = 4_000
REASON_MAX_CHARS = 200
_SPAN = re.compile(r"(\d{1,6})-(\d{1,6})", re.ASCII)

DECISIONS = (
    (Step.APPROVE, "Approve", "Readers see it at once, exactly as it stands here"),
    (Step.ASK_FOR_CHANGES, "Ask for changes", "It goes back to the patient; nothing new is published"),
    (Step.DECLINE, "Decline", "It is not published; the patient reads why"),
    (Step.ESCALATE, "Hand on to a lead", "It goes on waiting, for a lead who is somebody else than you"),
)
MARKS = {
    MarkKind.SAFEGUARDING: "Safeguarding",
    MarkKind.SERIOUS_REACTION: "Serious reaction",
    MarkKind.IDENTIFIABLE: "Identifiable",
    MarkKind.MINOR: "About a minor",
    MarkKind.LEGAL: "Legal",
}
"""The marks that a person may open, in words."""

ERASE_REASONS = {
    "not_the_author": "Somebody else proved to be the author",
    "named_person": "A person named in it asked for it",
    "law": "The law asks for it",
    "retention": "Its time is over",
}
NO_REASON = SelectChoice("", "Choose a reason")


class SeenForm(PageForm):
    """A form that says which version and which words were on the screen."""

    version = IntegerField(widget=HiddenInput())
    digest = HiddenField()

    def seen(self) -> Seen:
        """What was on the moderator's screen."""
        return Seen(version=self.version.data or 0, digest=self.digest.data or "")


class DecisionForm(SeenForm):
    """One decision about one revision."""

    claim = HiddenField()
    decision = RadioField(
        "What should happen?",
        choices=[SelectChoice(kind.value, label, render_kw={"hint": hint}) for kind, label, hint in DECISIONS],
        validate_choice=False,
    )
    reason = SelectField(
        "Reason",
        choices=[NO_REASON, *(SelectChoice(reason.id, reason.label) for reason in REASONS)],
        validate_choice=False,
    )
    message = TextAreaField("In your own words")
    notes = SelectMultipleField(
        "Tell readers before the story that it mentions",
        choices=[SelectChoice(note.value, wording.CONTENT_NOTES[note]) for note in ContentNote],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        validate_choice=False,
    )
    knows_unchecked = BooleanField("The checks have not read these words. I have read them with that in mind")

    def validate(self, extra_validators: object = None) -> bool:
        is_valid = super().validate(extra_validators)  # type: ignore[arg-type]
        kind = self.decision.data
        if kind not in set(Step):
            self.decision.errors = ["Choose what should happen"]
        elif kind == Step.DECLINE and not (self.reason.data or self._own_words()):
            self.reason.errors = ["Choose a reason: the patient will read it"]
        elif len(self.reason.data or "") > REASON_MAX_CHARS:
            self.reason.errors = ["Choose a reason from the list, and write the rest in your own words"]
        elif kind == Step.ASK_FOR_CHANGES and not self._own_words():
            self.message.errors = ["Write what you would like the patient to change"]
        over = len(self.message.data or "") - MESSAGE_MAX_CHARS
        if over > 0:
            self.message.errors = [f"Make this {over} characters shorter"]
        return is_valid and not self.errors

    def verdict(self) -> Verdict:
        """The decision as it was chosen."""
        chosen = set(self.notes.data or ())
        return Verdict(
            Step(self.decision.data),
            self.reason.data or None,
            self.message.data or None,
            bool(self.knows_unchecked.data),
            tuple(note for note in ContentNote if note.value in chosen),
        )

    def _own_words(self) -> str:
        return (self.message.data or "").strip()


class JudgeForm(SeenForm):
    """What somebody found who looked at a mark."""

    mark = HiddenField()
    judgement = HiddenField()

    def judged(self) -> tuple[MarkKind, Judgement] | None:
        """The mark and the judgement, or None when there is no such mark or judgement."""
        if self.mark.data in set(MarkKind) and self.judgement.data in set(Judgement):
            return MarkKind(self.mark.data), Judgement(self.judgement.data)
        return None


class JudgeFindingForm(SeenForm):
    """Whether a finding was right."""

    finding = IntegerField(widget=HiddenInput())
    judgement = HiddenField()

    def judged(self) -> tuple[int, Judgement] | None:
        """The finding's id and the judgement, or None when either is missing."""
        if self.finding.data is not None and self.judgement.data in set(Judgement):
            return self.finding.data, Judgement(self.judgement.data)
        return None


class MarkForm(SeenForm):
    """A mark that a person opens."""

    mark = SelectField(
        "Mark this story as",
        choices=[
            SelectChoice("", "Choose a mark"),
            *(SelectChoice(kind.value, words) for kind, words in MARKS.items()),
        ],
        validate_choice=False,
    )

    def kind(self) -> MarkKind | None:
        """The chosen mark."""
        return MarkKind(self.mark.data) if self.mark.data in set(MARKS) else None


class FileForm(PageForm):
    """Where in the catalogue a story belongs whose patient named no entry."""

    condition = StringField("Condition")
    agent = StringField("Treatment")


class EraseForm(PageForm):
    """Why a story is erased for good."""

    reason = SelectField(
        "Why is it erased?",
        id="erase-reason",
        choices=[NO_REASON, *(SelectChoice(slug, words) for slug, words in ERASE_REASONS.items())],
        validate_choice=False,
    )
    confirm = BooleanField("Erase the story for good. Nobody can bring it back")

    def validate(self, extra_validators: object = None) -> bool:
        is_valid = super().validate(extra_validators)  # type: ignore[arg-type]
        if self.reason.data not in ERASE_REASONS:
            self.reason.errors = ["Choose why the story is erased"]
        if not self.confirm.data:
            self.confirm.errors = ["Tick this to erase the story for good"]
        return is_valid and not self.errors


class RedactForm(SeenForm):
    """Words to take out: one span by `start` and `end`, or chosen words as `start-end`, repeated."""

    field = HiddenField()
    start = IntegerField(widget=HiddenInput())
    end = IntegerField(widget=HiddenInput())
    kind = SelectField(
        "Readers will see",
        choices=[SelectChoice(kind.value, f"[{kind.value}]") for kind in RedactionKind],
        validate_choice=False,
    )

    def spans(self, words: list[str], text: str) -> list[Redaction]:
        """What to take out; chosen words that stand side by side make one span. Empty when nothing is chosen."""
        kind = self.kind.data
        if kind not in set(RedactionKind):
            return []
        chosen = sorted(filter(None, (_span(word) for word in words)))
        if self.start.data is not None and self.end.data is not None:
            chosen.append((self.start.data, self.end.data))
        joined: list[tuple[int, int]] = []
        for start, end in chosen:
            if joined and joined[-1][1] <= start and not text[joined[-1][1] : start].strip():
                joined[-1] = (joined[-1][0], end)
            else:
                joined.append((start, end))
        return [Redaction(self.field.data or "", start, end, RedactionKind(kind)) for start, end in joined]


class TakeDownForm(PageForm):
    """Why a published story is taken from readers."""

    reason = SelectField(
        "Why is it taken down?",
        id="take-down-reason",
        choices=[NO_REASON, *(SelectChoice(reason.id, reason.label) for reason in REASONS)],
        validate_choice=False,
    )


def _span(word: str) -> tuple[int, int] | None:
    spelt = _SPAN.fullmatch(word)
    return (int(spelt[1]), int(spelt[2])) if spelt else None
