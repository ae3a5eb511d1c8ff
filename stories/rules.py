"""The rules of a submission, stated once for form and import file: how it is read, and what is wrong with it."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from email_validator import EmailNotValidError, validate_email

from stories.catalogue import Catalogue
from stories.cleaning import normalise
from stories.content import EMAIL_MAX_CHARS, MAX_CHARS, NARRATIVE_MIN_CHARS, Content, Submission

NULLS = frozenset({"", "unknown", "not_stated"})
"""All of these are read as an answer left out."""

NONE = "none"
TIMES_OF_COMBINED = ("before", "together", "after")
OWN_CHOICES = {
    "choose_again": ("yes", "no", "unsure"),
    "treated_when": ("this_year", "1_2y", "3_5y", "over_5y"),
    "age_band": ("under_12", "12_17", "18_29", "30_44", "45_59", "60_74", "75_over"),
    "writer": ("patient", "parent", "carer"),
}
"""Coded answers whose choices are the contract's own, not the catalogue's."""

SCALES = {
    "outcome": "outcomes",
    "time_to_improvement": "times_to_improvement",
    "duration": "durations",
    "stopped_because": "stop_reasons",
    "recurrence": "recurrences",
}
"""Coded answers whose choices are a scale of the catalogue, by the scale's name there."""

STOPPED_SIDE_EFFECTS = "stopped_side_effects"
"""An outcome in files only: how it ended and why it was stopped are two answers."""

_LANGUAGE = re.compile(r"(?=.{2,35}\Z)[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_LINES = tuple(name for name in MAX_CHARS if name != "narrative")
_NAMES = {
    "title": "title",
    "display_name": "name",
    "schedule": "description of how often you used it",
    "ties": "answer about ties",
    "condition_other": "condition",
    "agent_other": "treatment",
    "combined_other": "answer",
    "body_site": "answer",
}


@dataclass(frozen=True)
class Problem:
    """What is wrong with one field, in words that say what to do next."""

    field: str
    message: str


class _Named(Protocol):
    @property
    def slug(self) -> str: ...
    @property
    def name(self) -> str: ...


def prepared(sent: Submission, known: Catalogue) -> Submission:
    """`sent` as it is judged and kept: words normalised, nulls read as None, names turned into slugs.

    What cannot be understood stays as it was typed, for `problems` to name.
    """
    content = sent.content
    answers = {name: _answer(getattr(content, name)) for name in (*SCALES, *OWN_CHOICES)}
    if sent.source is not None and answers["outcome"] == STOPPED_SIDE_EFFECTS:
        answers |= {"outcome": None, "stopped_because": answers["stopped_because"] or "side_effects"}
    lines_and_answers: dict[str, Any] = {**answers, **{name: _line(getattr(content, name)) for name in _LINES}}
    return replace(
        sent,
        email=_line(sent.email),
        content=replace(
            content,
            **lines_and_answers,
            condition=_slug(content.condition, known.find_condition),
            agent=_slug(content.agent, known.find_agent),
            combined=tuple(dict.fromkeys(_combined(content.combined, known))),
            reactions=tuple(dict.fromkeys(_reactions(content.reactions))),
            serious=tuple(dict.fromkeys(_present(content.serious))),
            narrative=normalise(content.narrative or ""),
            language=_answer(content.language) or "en",
        ),
    )


def problems(sent: Submission, known: Catalogue) -> list[Problem]:
    """Everything that is wrong with a submission, in the order of the form; empty when it can be taken.

    A row of an import file (one with a `source`) may leave out the outcome and the consents: a file cannot be
    asked, and a story without consent to publish is never approved.
    """
    ready = prepared(sent, known)
    content = ready.content
    return [
        *_treated(content, known),
        *_combined_problems(content.combined, known),
        *_choices(content, known),
        *_reaction_problems(content, known),
        *_too_long(sent.content),
        *_narrative_problems(sent.content),
        *(() if sent.source is not None else _asked_of_people(ready)),
        *_email_problems(ready),
    ]


def _present(values: Iterable[str]) -> Iterator[str]:
    return (line for value in values if (line := _line(value)) is not None)


def _reactions(typed: Iterable[str]) -> Iterator[str]:
    for value in _present(typed):
        reaction, _colon, severity = value.partition(":")
        yield reaction if severity in NULLS else value


def _answer(value: str | None) -> str | None:
    value = (value or "").strip()
    return None if value in NULLS else value


def _line(value: str | None) -> str | None:
    line = normalise(value or "").replace("\n", " ").strip()
    return None if line in NULLS else line


def _slug(typed: str | None, find: Callable[[str], Sequence[_Named]]) -> str | None:
    typed = _line(typed)
    found = find(typed) if typed else ()
    return found[0].slug if len(found) == 1 else typed


def _combined(typed: Iterable[str], known: Catalogue) -> Iterator[str]:
    for value in _present(typed):
        name, colon, time = value.rpartition(":")
        if not colon or time not in TIMES_OF_COMBINED:
            name, time = value, "together"
        slug = _slug(name, known.find_therapy) or name
        yield NONE if slug == NONE else f"{slug}:{time}"


def _treated(content: Content, known: Catalogue) -> Iterator[Problem]:
    asked = (
        ("condition", content.condition, content.condition_other, known.find_condition, known.condition),
        ("agent", content.agent, content.agent_other, known.find_agent, known.agent),
    )
    for field, value, other, find, entry in asked:
        if value is None and other is None:
            what = "condition" if field == "condition" else "treatment"
            yield Problem(field, f"Tell us the {what}, from the list or in your own words")
        elif value is not None and entry(value) is None:
            found = find(value)
            if len(found) > 1:
                names = " or ".join(each.name for each in found)
                yield Problem(field, f"“{value}” can mean {names}. Write which one")
            else:
                told = f"We do not know “{value}” yet. Choose from the list, or write it under “Not in the list”"
                yield Problem(field, told)


def _combined_problems(combined: tuple[str, ...], known: Catalogue) -> Iterator[Problem]:
    if NONE in combined and len(combined) > 1:
        yield Problem("combined", "Untick “Nothing else used”, or untick the others")
    slugs = {therapy.slug for therapy in known.therapies}
    for choice in combined:
        slug = choice if choice == NONE else choice.rpartition(":")[0]
        if slug not in slugs:
            yield Problem("combined", f"We do not know “{slug}” yet. Write it under “Anything else”")
    if len({choice.rpartition(":")[0] for choice in combined}) < len(combined):
        yield Problem("combined", "Choose one time for each: before, together or after")


def _choices(content: Content, known: Catalogue) -> Iterator[Problem]:
    for field, scale in SCALES.items():
        ids = {choice.id for choice in getattr(known, scale)} - {STOPPED_SIDE_EFFECTS}
        yield from _one_of(field, getattr(content, field), ids)
    for field, choices in OWN_CHOICES.items():
        yield from _one_of(field, getattr(content, field), set(choices))
    if not _LANGUAGE.fullmatch(content.language):
        yield Problem("language", "Choose the language of your story from the list")


def _one_of(field: str, value: str | None, ids: set[str]) -> Iterator[Problem]:
    if value is not None and value not in ids:
        yield Problem(field, "Choose one of the answers in the list")


def _reaction_problems(content: Content, known: Catalogue) -> Iterator[Problem]:
    if NONE in content.reactions and len(content.reactions) > 1:
        yield Problem("reactions", "Untick “None of these”, or untick the others")
    reactions = {reaction.id for reaction in known.reactions} | {NONE}
    severities = {severity.id for severity in known.severities}
    for value in content.reactions:
        reaction, colon, severity = value.partition(":")
        if reaction not in reactions or (colon and (severity not in severities or reaction == NONE)):
            yield Problem("reactions", "Choose from the reactions in the list")
            break
    if len({value.partition(":")[0] for value in content.reactions}) < len(content.reactions):
        yield Problem("reactions", "Choose one strength for each: mild, moderate or severe")
    if not set(content.serious) <= {criterion.id for criterion in known.serious_criteria}:
        yield Problem("serious", "Choose from the answers in the list")


def _too_long(typed: Content) -> Iterator[Problem]:
    for field in _LINES:
        length = _typed_chars(getattr(typed, field))
        if length > MAX_CHARS[field]:
            over = length - MAX_CHARS[field]
            yield Problem(field, f"Make your {_NAMES[field]} {over} {_characters(over)} shorter")


def _narrative_problems(typed: Content) -> Iterator[Problem]:
    length = _typed_chars(typed.narrative)
    told = len(normalise(typed.narrative or "").strip()) if length <= MAX_CHARS["narrative"] else length
    if not told:
        yield Problem("narrative", "Tell your story in your own words")
    elif told < NARRATIVE_MIN_CHARS:
        left = NARRATIVE_MIN_CHARS - told
        yield Problem("narrative", f"Tell a little more: {left} more {_characters(left)} are enough")
    elif length > MAX_CHARS["narrative"]:
        over = length - MAX_CHARS["narrative"]
        yield Problem("narrative", f"Make your story {over} {_characters(over)} shorter, so that it can be kept")


def _typed_chars(value: str | None) -> int:
    """Length as typed, a line end as one."""
    value = value or ""
    return len(value) - value.count("\r\n")


def _characters(count: int) -> str:
    return "character" if count == 1 else "characters"


def _asked_of_people(ready: Submission) -> Iterator[Problem]:
    if ready.content.outcome is None:
        yield Problem("outcome", "Choose how the skin problem is now")
    if not ready.consent_publish:
        yield Problem("consent_publish", "Tick this if we may publish your story. Without it we cannot take it")
    if ready.consent_contact and ready.email is None:
        yield Problem("email", "Write an e-mail address, or untick “Write to me”")


def _email_problems(ready: Submission) -> Iterator[Problem]:
    if ready.email is None:
        return
    try:
        validate_email(ready.email, check_deliverability=False)
    except EmailNotValidError:
        yield Problem("email", "Write the e-mail address like name@example.org, or leave it empty")
        return
    if len(ready.email) > EMAIL_MAX_CHARS:
        yield Problem("email", f"Write an e-mail address of at most {EMAIL_MAX_CHARS} characters")
