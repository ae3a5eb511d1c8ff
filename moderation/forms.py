"""The forms of the moderators' door."""

import re

from wtforms import BooleanField, HiddenField, IntegerField, RadioField, SelectChoice, SelectField, TextAreaField
from wtforms.widgets import HiddenInput

from forms import PageForm
from moderation.desk import Verdict
from moderation.reasons import REASONS
from stories.content import Redaction, RedactionKind
from stories.life import Seen
from stories.models import DecisionKind

MESSAGE_MAX_CHARS = 4_000
REASON_MAX_CHARS = 200
_SPAN = re.compile(r"(\d{1,6})-(\d{1,6})", re.ASCII)

DECISIONS = (
    (DecisionKind.APPROVE, "Approve", "Readers see it at once, exactly as it stands here"),
    (DecisionKind.ASK_FOR_CHANGES, "Ask for changes", "It goes back to the patient; nothing new is published"),
    (DecisionKind.DECLINE, "Decline", "It is not published; the patient reads why"),
)
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
    knows_unchecked = BooleanField("The checks have not read these words. I have read them with that in mind")

    def validate(self, extra_validators: object = None) -> bool:
        is_valid = super().validate(extra_validators)  # type: ignore[arg-type]
        kind = self.decision.data
        if kind not in set(DecisionKind):
            self.decision.errors = ["Choose what should happen"]
        elif kind == DecisionKind.DECLINE and not (self.reason.data or self._own_words()):
            self.reason.errors = ["Choose a reason: the patient will read it"]
        elif len(self.reason.data or "") > REASON_MAX_CHARS:
            self.reason.errors = ["Choose a reason from the list, and write the rest in your own words"]
        elif kind == DecisionKind.ASK_FOR_CHANGES and not self._own_words():
            self.message.errors = ["Write what you would like the patient to change"]
        over = len(self.message.data or "") - MESSAGE_MAX_CHARS
        if over > 0:
            self.message.errors = [f"Make this {over} characters shorter"]
        return is_valid and not self.errors

    def verdict(self) -> Verdict:
        """The decision as it was chosen."""
        return Verdict(
            DecisionKind(self.decision.data),
            self.reason.data or None,
            self.message.data or None,
            bool(self.knows_unchecked.data),
        )

    def _own_words(self) -> str:
        return (self.message.data or "").strip()


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
