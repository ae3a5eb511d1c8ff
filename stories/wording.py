"""Answers in words: one place that says what a coded answer is called, for patient, moderator and reader."""

from collections.abc import Sequence

from stories import rules
from stories.catalogue import Catalogue

QUESTIONS = {
    "condition": "Condition",
    "body_site": "Where on the body",
    "writer": "Who is writing",
    "age_band": "Age at the time",
    "agent": "Treatment",
    "combined": "Also used",
    "schedule": "How often",
    "duration": "How long",
    "treated_when": "When",
    "outcome": "How it is now",
    "time_to_improvement": "First better after",
    "reactions": "Reactions",
    "serious": "Serious event",
    "stopped_because": "Why it ended",
    "recurrence": "Came back?",
    "choose_again": "Would choose it again",
    "ties": "Ties to a company",
    "language": "Language",
}
"""Short names of the answers, in the order in which pages show them."""

LANGUAGES = {
    "en": "English",
    "ar": "العربية",
    "bn": "বাংলা",
    "de": "Deutsch",
    "es": "Español",
    "fr": "Français",
    "hi": "हिन्दी",
    "it": "Italiano",
    "nl": "Nederlands",
    "pl": "Polski",
    "pt": "Português",
    "tr": "Türkçe",
    "uk": "Українська",
    "ur": "اردو",
    "zh": "中文",
}
RIGHT_TO_LEFT = frozenset({"ar", "ur"})

OWN_LABELS = {
    "yes": "Yes",
    "no": "No",
    "unsure": "Not sure",
    "this_year": "This year",
    "1_2y": "1 to 2 years ago",
    "3_5y": "3 to 5 years ago",
    "over_5y": "More than 5 years ago",
    "under_12": "Under 12",
    "12_17": "12 to 17",
    "18_29": "18 to 29",
    "30_44": "30 to 44",
    "45_59": "45 to 59",
    "60_74": "60 to 74",
    "75_over": "75 or over",
    "patient": "I am the patient",
    "parent": "I am a parent of the patient",
    "carer": "I care for the patient",
}
TIME_LABELS = {"before": "Before the treatment", "together": "Together with it", "after": "After it"}


def in_words(field: str, value: str | Sequence[str] | None, known: Catalogue) -> list[str]:
    """What the coded answer to `field` is called, one phrase for each of its values; empty when left out."""
    values = [value] if isinstance(value, str) else list(value or ())
    return [_phrase(field, one, known) for one in values]


CONTENT_NOTES = {
    "self_harm": "self-harm or suicide",
    "serious_reaction": "a serious reaction",
    "child": "a child’s illness",
    "cancer": "cancer",
    "pregnancy": "pregnancy or its loss",
    "wounds": "open wounds",
}
"""What readers are told that a story mentions, before they read it."""


def _phrase(field: str, value: str, known: Catalogue) -> str:
    if field == "combined":
        return _combined(value, known)
    if field == "reactions":
        return _reaction(value, known)
    if field == "serious":
        return known.label("serious_criteria", value)
    if field in ("condition", "agent"):
        entry = known.condition(value) if field == "condition" else known.agent(value)
        return entry.name if entry else value
    if field in rules.SCALES:
        return known.label(rules.SCALES[field], value)
    if field in rules.OWN_CHOICES:
        return OWN_LABELS.get(value, value)
    return LANGUAGES.get(value, value) if field == "language" else value


def _combined(choice: str, known: Catalogue) -> str:
    slug, _colon, time = choice.partition(":")
    entry = known.therapy(slug)
    name = entry.name if entry else slug
    return f"{name} ({TIME_LABELS[time].lower()})" if time in TIME_LABELS else name


def _reaction(choice: str, known: Catalogue) -> str:
    if choice == rules.NONE:
        return "None"
    reaction, colon, severity = choice.partition(":")
    name = known.label("reactions", reaction)
    return f"{name}: {known.label('severities', severity).lower()}" if colon else name
