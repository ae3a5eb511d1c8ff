"""Makes `texts.jsonl` of the templates: `python -m tests.stories.checks.labelled.inventing`.

A template begins with a line `== id | kind | language`, which may go on `| kinds | manners`; then comes its text:
- `(one|another)` is a choice;
- `{names:first}` is a value of a list, labelled with its class; `{names:first#a}` is the same wherever `#a` stands;
- `{geography=the Fens}` are these words, labelled; `{:cream}` is a value without a label.
The class `other-` is `other` that leads to nobody by itself. Values are parted between the splits like templates.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from stories.checks.finding import FindingKind
from stories.checks.labelled import LabelledText, Span, Split, TextKind
from stories.cleaning import normalise
from tests.stories.checks.labelled.values import LISTS, MAKERS

HERE = Path(__file__).parent
FILE = HERE / "texts.jsonl"
TEXTS_OF_EACH = 3
SEED = 20261123

_CHOICE = re.compile(r"\(([^()]*\|[^()]*)\)")
_SLOT = re.compile(r"\{(?P<label>[a-z]*-?)(?P<how>[:=])(?P<what>[^{}#]+)(?:#(?P<again>\w+))?\}")
_OTHER_INDIRECT = "other-"
Piece = tuple[str, str]
"""Words, and the class they are labelled with, or nothing."""


@dataclass(frozen=True)
class Template:
    """A text with places for values, and the manners in which it is written."""

    id: str
    split: Split
    kind: TextKind
    language: str
    kinds: tuple[FindingKind, ...]
    manners: tuple[str, ...]
    text: str


def templates() -> Iterator[Template]:
    """Every template, those for tuning first."""
    for split in Split:
        for block in re.split(r"^== ", (HERE / f"{split}.txt").read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
            head, text = block.split("\n", 1)
            name, kind, language, kinds, manners, *_rest = [part.strip() for part in f"{head}| | | ".split("|")]
            yield Template(
                id=name,
                split=split,
                kind=TextKind(kind),
                language=language,
                kinds=tuple(FindingKind(kind) for kind in kinds.split()),
                manners=tuple(manners.split()) or ("plainly", "in_haste", "plainly"),
                text=text.strip(),
            )


def invented() -> Iterator[LabelledText]:
    """Every text of the set, each once: a template with little to fill in makes fewer."""
    made: set[str] = set()
    for template in templates():
        for number in range(TEXTS_OF_EACH):
            random = Random(f"{SEED} {template.id} {number}")
            manner = MANNERS[template.manners[number % len(template.manners)]]
            pieces = [(manner(words, label, random), label) for words, label in _pieces(template, random)]
            text = _labelled(template, number, pieces)
            if text.text not in made:
                made.add(text.text)
                yield text


def _pieces(template: Template, random: Random) -> Iterator[Piece]:
    text = template.text
    while _CHOICE.search(text):
        text = _CHOICE.sub(lambda choice: random.choice(choice[1].split("|")), text)
    kept: dict[str, str] = {}
    end_before = 0
    for slot in _SLOT.finditer(text):
        yield text[end_before : slot.start()], ""
        value = slot["what"] if slot["how"] == "=" else _value(slot["what"], template.split, random)
        yield kept.setdefault(slot["again"] or slot[0] + str(slot.start()), value), slot["label"]
        end_before = slot.end()
    yield text[end_before:], ""


def _value(name: str, split: Split, random: Random) -> str:
    if name == "full":
        return f"{_value('first', split, random)} {_value('last', split, random)}"
    if name in MAKERS:
        return MAKERS[name](random)
    return random.choice(LISTS[name][split is Split.HELD_OUT :: 2])


def _labelled(template: Template, number: int, pieces: list[Piece]) -> LabelledText:
    text, spans = "", []
    for words, label in pieces:
        if label:
            of_class, is_direct = label.removesuffix("-"), label != _OTHER_INDIRECT
            spans.append(Span.of(len(text), len(text) + len(words), of_class, is_direct=is_direct))
        text += words
    return LabelledText(
        id=f"{template.id}-{number + 1}",
        text=text,
        language=template.language,
        template=template.id,
        split=template.split,
        kind=template.kind,
        spans=tuple(spans),
        kinds=template.kinds,
    )


def _plainly(words: str, _label: str, _random: Random) -> str:
    return normalise(words)


def _lower(words: str, _label: str, _random: Random) -> str:
    return normalise(words).lower()


def _capitals(words: str, _label: str, _random: Random) -> str:
    return normalise(words).upper()


def _unpointed(words: str, label: str, _random: Random) -> str:
    """Without capitals and, outside labelled details, without punctuation."""
    lower = normalise(words).lower()
    return lower if label else re.sub(r"(?<![\d])[.,;:!?'’]|[.,;:!?'’](?!\d)", "", lower)


def _in_haste(words: str, label: str, random: Random) -> str:
    """With some letters of longer words left out or swapped, but in labelled details."""
    kept = normalise(words)
    return kept if label else re.sub(r"(?<!\w)[a-z]{5,}(?!\w)", lambda word: _slip(word[0], random), kept)


def _slip(word: str, random: Random) -> str:
    if random.random() > 0.12:
        return word
    place = random.randrange(1, len(word) - 1)
    if random.random() < 0.5:
        return word[:place] + word[place + 1 :]
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


MANNERS: dict[str, Callable[[str, str, Random], str]] = {
    "plainly": _plainly,
    "lower": _lower,
    "capitals": _capitals,
    "unpointed": _unpointed,
    "in_haste": _in_haste,
}
"""How patients write."""


if __name__ == "__main__":
    FILE.write_text("".join(f"{text.as_line()}\n" for text in invented()), encoding="utf-8")
