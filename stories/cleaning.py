"""The one policy for patients' words: normalise once, clean once, never eat a word. Alone imports bleach."""

import html
import re
import unicodedata
from collections.abc import Iterator
from typing import Any, Self

import bleach
import sqlalchemy as sa
from markupsafe import Markup, escape
from sqlalchemy.types import TypeDecorator

PIECE_CHARS = 1_000
"""bleach is slow on long hostile input; pieces of this length keep the cost linear."""

_LINE_END = re.compile(r"\r\n?")
_REMOVED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff\ufdd0-\ufdef"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
    + "]"
)
_POINT = re.compile(r"&(?:#\d+|#x[0-9a-fA-F]+|\w+);|.", re.DOTALL)


def normalise(text: str) -> str:
    """Plain text as it is kept: NFC, line ends as LF, tabs as spaces, without characters that hide or turn text.

    Removed are control characters, U+202A–202E, U+2066–2069, U+FEFF, lone surrogates and noncharacters;
    joiners and direction marks stay, since scripts need them. Normalising twice changes nothing.
    """
    text = _LINE_END.sub("\n", text).replace("\t", " ")
    return unicodedata.normalize("NFC", _REMOVED.sub("", text))


class Clean(Markup):
    """HTML made by `clean` from normalised text: safe to show, each code point of the text one piece of it."""

    def points(self) -> list[str]:
        """The HTML of each code point of the text it was made from."""
        return _POINT.findall(str(self))

    def cut(self, start: int, end: int) -> "Clean":
        """The HTML of code points `start` to `end` of the text it was made from."""
        return Clean("".join(self.points()[start:end]))

    @classmethod
    def of(cls, text: str) -> Self:
        """The cleaned form of normalised `text`."""
        return cls("".join(_cleaned(piece) for piece in _pieces(text)))

    @property
    def words(self) -> str:
        """The normalised text this was made from."""
        return html.unescape(str(self))


def _pieces(text: str) -> Iterator[str]:
    for start in range(0, len(text), PIECE_CHARS):
        yield text[start : start + PIECE_CHARS]


def _cleaned(piece: str) -> str:
    # bleach.clean makes a fresh Cleaner each time: one shared by two threads mixes their texts.
    # Escaping first keeps words that look like markup, which bleach alone would take out.
    return bleach.clean(str(escape(piece)), tags=frozenset(), attributes={}, strip=False, strip_comments=False)


class CleanTexts(TypeDecorator[dict[str, Clean]]):
    """A column of cleaned texts by field name. Takes nothing that did not come from `Clean.of`."""

    impl = sa.JSON
    cache_ok = True

    def process_bind_param(self, value: dict[str, Clean] | None, dialect: sa.Dialect) -> dict[str, str]:
        texts = value or {}
        if not all(isinstance(text, Clean) for text in texts.values()):
            raise TypeError("only cleaned text goes into this column")
        return {name: str(text) for name, text in texts.items()}

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> dict[str, Clean]:
        return {name: Clean(text) for name, text in (value or {}).items()}
