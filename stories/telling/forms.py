"""The forms of the patient's door: widgets and words. What is right and wrong is said in `stories.rules`."""

from collections.abc import Iterable, Sequence

from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    EmailField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)

from forms import PageForm
from stories import rules
from stories.catalogue import Catalogue, Reaction
from stories.cleaning import normalise
from stories.content import Content, Submission
from stories.intake import CONSENT_VERSION
from stories.wording import LANGUAGES, OWN_LABELS

STEPS: dict[str, tuple[str, ...]] = {
    "skin": ("condition", "condition_other", "body_site", "writer", "age_band"),
    "treatment": (
        "agent",
        "agent_other",
        "combined",
        "combined_other",
        "schedule",
        "duration",
        "treated_when",
    ),
    "result": (
        "outcome",
        "time_to_improvement",
        "reactions",
        "serious",
        "stopped_because",
        "recurrence",
        "choose_again",
    ),
    "story": ("title", "narrative", "display_name", "language", "ties"),
    "check": ("consent_publish", "consent_research", "consent_contact", "email"),
}
"""The steps of `/share` in order, each with the fields it asks for."""

FIELDS = tuple(name for fields in STEPS.values() for name in fields)
NESTED = ("combined", "reactions")
"""Fields in which each ticked choice may carry an answer of its own, as `combined.<slug>`."""

CONTENT_FIELDS = tuple(name for name in FIELDS if name in Content.__dataclass_fields__)
LISTS = ("combined", "reactions", "serious")
CONSENTS = ("consent_publish", "consent_research", "consent_contact")

OUTCOME_HINTS = {
    "cleared": "Fully gone where you treated it",
    "much_better": "A big improvement, but not fully gone",
    "too_early": "Treatment is still going on, or has just ended",
}

Answers = dict[str, list[str]]


class ShareForm(PageForm):
    """Everything a patient may tell: one field for each name in the contract."""

    condition = StringField("Which skin condition was treated?")
    condition_other = StringField("Not in the list? Say it in your own words")
    body_site = StringField("Where on the body was it?")
    writer = RadioField("Who is writing?", validate_choice=False)
    age_band = SelectField("How old was the patient at the time?", validate_choice=False)
    agent = StringField("Which treatment is this story about?")
    agent_other = StringField("Not in the list? Say it in your own words")
    combined = SelectMultipleField("What else was used?", validate_choice=False)
    combined_other = StringField("Anything else that was used")
    schedule = StringField("How often did you use it?")
    duration = SelectField("How long did you use it in total?", validate_choice=False)
    treated_when = SelectField("When was that?", validate_choice=False)
    outcome = RadioField(
        "Compared with before you started this treatment, how is the skin problem now?", validate_choice=False
    )
    time_to_improvement = SelectField("When did you first notice any change for the better?", validate_choice=False)
    reactions = SelectMultipleField("What did your skin or body do?", validate_choice=False)
    serious = SelectMultipleField("Did any of these happen?", validate_choice=False)
    stopped_because = SelectField("Why did the treatment end?", validate_choice=False)
    recurrence = SelectField("Did it come back after it had gone?", validate_choice=False)
    choose_again = RadioField("Would you choose this treatment again?", validate_choice=False)
    title = StringField("A title for your story")
    narrative = TextAreaField("What happened?")
    display_name = StringField("A name to sign with")
    language = SelectField("Which language is your story in?", validate_choice=False)
    ties = StringField("Ties to a company or product")
    consent_publish = BooleanField("Publish my story here, once a person has read it")
    consent_research = BooleanField("Let researchers use my answers, without my name or e-mail")
    consent_contact = BooleanField("Write to me if there is a question about my story")
    email = EmailField("E-mail address")

    chosen: dict[str, dict[str, str]]
    """Of each nested field, the answer that each ticked choice carries."""

    def offer(self, known: Catalogue) -> None:
        """Fill the choices from the catalogue; reactions known of the treatment come first."""
        for field, scale in rules.SCALES.items():
            self[field].choices = [
                SelectChoice(choice.id, choice.label, render_kw={"hint": OUTCOME_HINTS.get(choice.id)})
                for choice in getattr(known, scale)
                if choice.id != rules.STOPPED_SIDE_EFFECTS
            ]
        for field, values in rules.OWN_CHOICES.items():
            self[field].choices = [SelectChoice(value, OWN_LABELS[value]) for value in values]
        for field in (
            "duration",
            "time_to_improvement",
            "stopped_because",
            "recurrence",
            "age_band",
            "treated_when",
        ):
            self[field].choices.insert(0, SelectChoice("", "Skip this question"))
        self.combined.choices = [SelectChoice(entry.slug, entry.name) for entry in known.therapies]
        self.reactions.choices = [
            *(SelectChoice(reaction.id, reaction.label) for reaction in self._reactions(known)),
            SelectChoice(rules.NONE, "None of these"),
        ]
        self.serious.choices = [SelectChoice(item.id, item.label) for item in known.serious_criteria]
        self.language.choices = [SelectChoice(code, name) for code, name in LANGUAGES.items()]
        if self.language.data and self.language.data not in LANGUAGES:
            self.language.choices.append(SelectChoice(self.language.data, self.language.data))

    def _reactions(self, known: Catalogue) -> list[Reaction]:
        found = known.find_agent(self.agent.data or "")
        likely = found[0].reactions if len(found) == 1 else ()
        return sorted(known.reactions, key=lambda reaction: reaction.id not in likely)

    def show(self, problems: Iterable[rules.Problem]) -> None:
        """Put each problem beside its field."""
        for problem in problems:
            field = self[problem.field]
            field.errors = [*field.errors, problem.message]


def answers_of(given: MultiDict[str, str], fields: Sequence[str] = FIELDS) -> Answers:
    """What was sent for `fields`, in the contract's form: `combined.x=before` as `combined=x:before`."""
    answers = {name: given.getlist(name) for name in fields}
    for name in NESTED:
        if name in answers:
            answers[name] = [_with_own_answer(given, name, value) for value in answers[name]]
    return answers


def share_form(answers: Answers, known: Catalogue) -> ShareForm:
    """The form with `answers` filled in. Its token is checked by the view, which knows about cookies."""
    filled: MultiDict[str, str] = MultiDict()
    for name, values in answers.items():
        for value in values:
            choice, own = _shown(name, value, known)
            if name not in CONSENTS or _is_ticked(answers, name):
                filled.add(name, choice)
            if own:
                filled.add(f"{name}.{choice}", own)
    form = ShareForm(formdata=filled, meta={"csrf": False})
    form.offer(known)
    form.chosen = {name: _own_answers(filled, name) for name in NESTED}
    return form


def submission_of(answers: Answers) -> Submission:
    """The submission that `answers` make."""
    values: dict[str, object] = {}
    for name in CONTENT_FIELDS:
        given = answers.get(name, [])
        values[name] = tuple(given) if name in LISTS else (given[0] if given else None)
    values["narrative"] = values["narrative"] or ""
    values["language"] = values["language"] or "en"
    return Submission(
        content=Content(**values),  # type: ignore[arg-type]
        email=_first(answers, "email"),
        consent_publish=_is_ticked(answers, "consent_publish"),
        consent_research=_is_ticked(answers, "consent_research"),
        consent_contact=_is_ticked(answers, "consent_contact"),
        consent_version=CONSENT_VERSION,
    )


def answers_from(content: Content, known: Catalogue) -> Answers:
    """The answers that a revision was made from, for the form in which it is amended: names, not slugs."""
    answers: Answers = {}
    for name in CONTENT_FIELDS:
        value = getattr(content, name)
        answers[name] = list(value) if name in LISTS else ([value] if value else [])
    for name, entry in (("condition", known.condition(content.condition)), ("agent", known.agent(content.agent))):
        if entry is not None and not entry.is_retired:
            answers[name] = [entry.name]
    return answers


class KeyForm(PageForm):
    """Six words that open a story."""

    key = StringField("Your story key")


class PlainForm(PageForm):
    """A button and its token."""


class WithdrawForm(PageForm):
    """The second click of taking a story back."""

    confirm = BooleanField("Yes, erase my story", false_values=(False, "", "0", "false", "no", "off"))


def _shown(name: str, value: str, known: Catalogue) -> tuple[str, str]:
    """A value as the form shows it, and the answer it carries: as it would be kept, a therapy by its slug."""
    value = normalise(value)
    if name not in NESTED:
        return value, ""
    choice, _colon, own = value.partition(":")
    found = known.find_therapy(choice) if name == "combined" else ()
    return (found[0].slug if len(found) == 1 else choice), own


def _own_answers(filled: MultiDict[str, str], name: str) -> dict[str, str]:
    return {key.partition(".")[2]: filled[key] for key in filled if key.startswith(f"{name}.")}


def _with_own_answer(given: MultiDict[str, str], name: str, value: str) -> str:
    own = given.get(f"{name}.{value}", "")
    return f"{value}:{own}" if own and ":" not in value else value


def _first(answers: Answers, name: str) -> str | None:
    values = answers.get(name) or [None]  # type: ignore[list-item]
    return values[0]


def _is_ticked(answers: Answers, name: str) -> bool:
    return (_first(answers, name) or "").strip().casefold() in ("y", "yes", "on", "true", "1")
