"""A rule that notices one kind of passage, and the finding that it makes of it."""

from dataclasses import dataclass, replace

from stories.checks.finding import Finding, FindingKind, MarkKind, Severity
from stories.checks.spotting import Plain


@dataclass(frozen=True)
class Notice:
    """What a passage is noticed as: `mark` is what it opens when it is strong."""

    kind: FindingKind
    rule: str
    why: str
    severity: Severity = Severity.STRONG
    mark: MarkKind | None = None

    @property
    def weakly(self) -> "Notice":
        """The same, noticed weakly, so that it opens no mark."""
        return replace(self, severity=Severity.WEAK, mark=None)

    def of(self, field: str, plain: Plain, start: int, end: int) -> Finding:
        """The finding of the words from `start` to `end` of a text made plain."""
        return self.at(field, *plain.original(start, end))

    def at(self, field: str, start: int = 0, end: int = 0) -> Finding:
        """The finding of code points `start` to `end` of a field; of an answer both are 0."""
        return Finding(
            kind=self.kind,
            severity=self.severity,
            rule=self.rule,
            rule_version=1,
            field=field,
            start=start,
            end=end,
            why=self.why,
            mark=self.mark,
        )
