"""Messages whose publishers put marks such as [NAME] for what identifies, with invented details in their place."""

import calendar
import csv
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, TextIO

from stories.checks.labelled import LabelledText, Span, Split, TextKind
from stories.cleaning import normalise
from stories.refusal import Refusal

PLACEHOLDER = re.compile(
    r"\[(?P<square>[^\[\]\n]{2,40})\]|<(?P<angle>[^<>\n]{2,40})>|\{\{(?P<curly>[^{}\n]{2,40})\}\}"
    r"|__+(?P<line>[A-Za-z][A-Za-z ]{1,38})__+"
)
"""The common forms: [NAME], [name redacted], [redacted: place], <NAME>, {{name}}, ___NAME___."""

_NOISE = frozenset(
    {
        *("redacted", "removed", "deleted", "withheld", "hidden", "anonymised", "anonymized", "omitted"),
        *("first", "last", "full", "given", "family", "time", "patient", "doctor", "dr", "nurse", "staff"),
        *("member", "of", "the", "and", "a", "an", "their", "my", "number", "s"),
    }
)
"""Words that may stand in a mark beside the one that says what was there."""

_NAMES = (
    *("Maureen", "Declan", "Priya Raman", "Oluwaseun", "Gwen Pritchard", "Hallworth", "Anand", "Katarzyna"),
    *("Tomasz Zielak", "Mehmet", "Siobhan Keaney", "Ji-woo", "Luis Arbelo", "Beth", "Ogunleye", "Stan", "Ruth"),
    *("Brandtner", "Fatima Zahrani", "Whitcombe", "Joan", "Kwame", "Anneliese Vogt", "Craig", "Nora Quill"),
    *("Wanda Lee Hobart", "Tyler", "Ravi Chandra", "Mbali", "Consuelo", "Geoff Tranter", "Hwang", "Eileen"),
    *("Marisol Pena", "Dwayne", "Ludmila", "Cheung", "Patty", "Iqbal", "Rosemary Ashe", "Torsten", "Eze"),
    *("Shanice Whitfield", "Gerry", "Nakamura", "Bronwen", "Carlos", "Trudy Malone", "Abdi", "Sandeep Gill"),
    *("Delgado", "Yusuf", "Boyd", "Florence", "Faith"),
)
_PLACES = (
    *("Wolverhampton", "Akron", "Sligo", "Kettering", "Hyderabad", "Kassel", "Tulsa", "14 Harebell Lane, Stroud"),
    *("Duluth", "Cork", "Gateshead", "Leeds", "Pune", "Fresno", "Bielefeld", "Ballymena", "St Oswin's Hospital"),
    *("Boise", "Truro", "Linz", "Dundee", "22 Mill Row", "Spokane", "Halifax"),
)
_JOBS = ("teacher", "driver", "carpenter", "nurse", "clerk", "cook")
_MONTHS = tuple(calendar.month_name)[1:]


class CannotFill(Refusal):
    """A file whose messages cannot be read."""


@dataclass(frozen=True)
class Filled:
    """Labelled texts made of messages; `filled` counts the marks that were filled, `left` those not known."""

    texts: tuple[LabelledText, ...]
    filled: int
    left: int


@dataclass(frozen=True)
class _Filler:
    """What takes the place of a mark; without a class it identifies nobody and is not labelled."""

    of_class: str | None
    value: Callable[[Random], str]


def _one(values: tuple[str, ...]) -> Callable[[Random], str]:
    return lambda random: random.choice(values)


def _phone(random: Random) -> str:
    """A number kept for drama by Ofcom or the North American Numbering Plan."""
    if random.random() < 0.5:
        return f"07700 900{random.randrange(1000):03}"
    return f"({random.choice((212, 312, 415))}) 555-01{random.randrange(100):02}"


def _email(random: Random) -> str:
    name = re.sub("[^a-z]+", ".", random.choice(_NAMES).casefold())
    return f"{name}{random.randrange(100)}@example.{random.choice(('org', 'com', 'net'))}"


def _date(random: Random) -> str:
    day, month, year = random.randrange(1, 29), random.randrange(len(_MONTHS)), random.randrange(1950, 2026)
    forms = (f"{day}/{month + 1:02}/{year}", f"{day} {_MONTHS[month]} {year}", f"{_MONTHS[month]} {day}, {year}")
    return random.choice(forms)


_PHONE, _EMAIL, _PLACE = _Filler("phone", _phone), _Filler("email", _email), _Filler("geography", _one(_PLACES))
_WEB = _Filler("url", lambda random: f"www.example.org/{random.choice(_NAMES).split()[0].casefold()}")
_FILLERS: dict[str, tuple[_Filler, ...]] = {
    **dict.fromkeys(("name", "names", "surname", "nickname"), (_Filler("names", _one(_NAMES)),)),
    **dict.fromkeys(("location", "place", "city", "town", "county", "address", "street", "hospital"), (_PLACE,)),
    **dict.fromkeys(("date", "dob", "birthday"), (_Filler("dates", _date),)),
    "age": (_Filler("dates", lambda random: str(random.randrange(90, 100))),),
    "contact": (_PHONE, _EMAIL),
    **dict.fromkeys(("phone", "telephone", "mobile"), (_PHONE,)),
    **dict.fromkeys(("email", "mail"), (_EMAIL,)),
    **dict.fromkeys(("url", "website", "link"), (_WEB,)),
    **dict.fromkeys(("id", "mrn"), (_Filler("mrn", lambda random: f"H{random.randrange(10**6, 10**7)}"),)),
    **dict.fromkeys(("profession", "occupation", "job"), (_Filler(None, _one(_JOBS)),)),
}
"""What a mark may stand for. An age is filled with one over 89: no other is of a class (45 CFR 164.514(b)(2))."""


def filled(path: Path, *, column: str, seed: int) -> Filled:
    """The messages in `column` of a file (CSV, or JSON Lines) with every known mark filled; the same for a seed.

    All are held out: nothing was tuned on what was put in. Raises CannotFill.
    """
    random = Random(seed)  # noqa: S311
    texts, marks, left = [], 0, 0
    for line, message in _messages(path, column):
        text, unknown = _filled(f"{path.stem}-{line}", normalise(message), random)
        texts.append(text)
        left += unknown
        marks += len(PLACEHOLDER.findall(normalise(message))) - unknown
    return Filled(tuple(texts), filled=marks, left=left)


def _messages(path: Path, column: str) -> Iterator[tuple[int, str]]:
    """Each message that has words, with the line where its row ends."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        try:
            for line, row in _csv_rows(file) if path.suffix.casefold() == ".csv" else _json_rows(file):
                message = row.get(column)
                if message is None:
                    raise CannotFill(f"Line {line}: there is no {column}. Name another with --column.")
                if str(message).strip():
                    yield line, str(message)
        except UnicodeDecodeError as error:
            raise CannotFill("The file is not UTF-8.") from error


def _csv_rows(file: TextIO) -> Iterator[tuple[int, dict[str, Any]]]:
    reader = csv.DictReader(file)
    for row in reader:
        yield reader.line_num, row


def _json_rows(file: TextIO) -> Iterator[tuple[int, dict[str, Any]]]:
    for line, text in enumerate(file, start=1):
        if text.strip():
            try:
                row = json.loads(text)
            except (ValueError, RecursionError) as error:
                raise CannotFill(f"Line {line}: this is not JSON.") from error
            if not isinstance(row, dict):
                raise CannotFill(f"Line {line}: this is not a JSON object.")
            yield line, row


def _filled(name: str, message: str, random: Random) -> tuple[LabelledText, int]:
    """The labelled text of a message, and how many marks in it were not known."""
    as_written = _manner(PLACEHOLDER.sub("", message))
    text, spans, end_before, unknown = "", [], 0, 0
    for mark in PLACEHOLDER.finditer(message):
        fillers = _fillers(mark[str(mark.lastgroup)])
        if not fillers:
            unknown += 1
            continue
        filler = random.choice(fillers)
        text += message[end_before : mark.start()]
        value = as_written(filler.value(random))
        if filler.of_class:
            spans.append(Span.of(len(text), len(text) + len(value), filler.of_class))
        text += value
        end_before = mark.end()
    return (
        LabelledText(
            id=name,
            text=text + message[end_before:],
            language="en",
            template=name,
            split=Split.HELD_OUT,
            kind=TextKind.IDENTIFYING if spans else TextKind.PLAIN,
            spans=tuple(spans),
        ),
        unknown,
    )


def _fillers(mark: str) -> tuple[_Filler, ...]:
    """What may be put in the place of a mark with these words; nothing when one of them says something else."""
    words = [word for word in re.findall("[a-z]+", mark.casefold()) if word not in _NOISE]
    if not words or not all(word in _FILLERS for word in words):
        return ()
    return _FILLERS[words[0]]


def _manner(words: str) -> Callable[[str], str]:
    """How the writer of `words` writes: without capitals, in capitals alone, or as usual."""
    if words.islower():
        return str.lower
    return str.upper if words.isupper() else str
