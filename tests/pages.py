"""What every page of the site must be, whoever made it: checked on each page that the tests fetch."""

from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib
from html5lib.html5parser import ParseError

SVG = "{http://www.w3.org/2000/svg}"
XLINK = "{http://www.w3.org/1999/xlink}"
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
UNLABELLED_TYPES = frozenset({"hidden", "submit", "button", "reset", "image"})
"""Types of input that show no label, or carry their name in a value of their own."""

LOADED = {
    "audio": ("src",),
    "button": ("formaction",),
    "embed": ("src",),
    "form": ("action",),
    "iframe": ("src",),
    "img": ("src", "srcset"),
    "input": ("src", "formaction"),
    "link": ("href",),
    "object": ("data",),
    "script": ("src",),
    "source": ("src", "srcset"),
    "track": ("src",),
    "video": ("src", "poster"),
    f"{SVG}image": ("href", f"{XLINK}href"),
    f"{SVG}use": ("href", f"{XLINK}href"),
}
"""Addresses that a browser fetches or sends to without a reader choosing a link."""

POINTING_RELS = frozenset({"canonical", "alternate", "next", "prev", "license", "search"})
"""Link relations that only point; a browser does not load them."""

REFERENCES = ("for", "list", "aria-describedby", "aria-labelledby", "aria-controls", "aria-owns", "headers")
"""Attributes that hold ids of other elements, separated by spaces."""


def check_page(html: str, *, path: str) -> None:
    """Accept a page that is valid, readable aloud and loads nothing from anyone else.

    Raises AssertionError that names `path` and everything that is wrong with the page.
    """
    try:
        page = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)
    except ParseError as error:
        raise AssertionError(f"{path}: not valid HTML: {error}") from error
    wrong = [problem for look in LOOKS for problem in look(page)]
    assert not wrong, f"{path}: " + "; ".join(wrong)


def _frame(page: Element) -> Iterator[str]:
    if not page.get("lang", "").strip():
        yield "no language"
    titles = [words(title) for title in page.iterfind("head/title")]
    if len(titles) != 1 or not titles[0]:
        yield "no title"
    first_headings = sum(1 for _ in page.iter("h1"))
    if first_headings != 1:
        yield f"{first_headings} first headings"
    mains = sum(1 for _ in page.iter("main"))
    if mains != 1:
        yield f"{mains} main parts"


def _ids(page: Element) -> Iterator[str]:
    counted = Counter(element.get("id", "") for element in page.iter() if "id" in element.attrib)
    for name, times in counted.items():
        if times > 1:
            yield f"id {name!r} {times} times"
        if not name or " " in name:
            yield f"id {name!r} is no id"


def _references(page: Element) -> Iterator[str]:
    present = {element.get("id") for element in page.iter()}
    for element in page.iter():
        for attribute in REFERENCES:
            for name in element.get(attribute, "").split():
                if name not in present:
                    yield f"{_tag(element)} {attribute} leads to no {name!r}"
        target = element.get("href", "")
        if target.startswith("#") and target[1:] not in present:
            yield f"{_tag(element)} href leads to no {target!r}"


def _labels(page: Element) -> Iterator[str]:
    said = [label for label in page.iter("label") if words(label)]
    labelled = {label.get("for") for label in said}
    wrapped = {field for label in said for field in label.iter()}
    for field in _fields(page):
        named = field.get("aria-label", "").strip() or field.get("aria-labelledby")
        if not (named or field in wrapped or field.get("id") in labelled):
            yield f"{_tag(field)} {field.get('name')!r} without a label"


def _words(page: Element) -> Iterator[str]:
    """Links and buttons that say nothing, pictures without a text."""
    for tag in ("a", "button"):
        for element in page.iter(tag):
            if not words(element) and not element.get("aria-label", "").strip():
                yield f"{tag} without words"
    for image in page.iter("img"):
        if "alt" not in image.attrib:
            yield f"img {image.get('src')!r} without a text"


def _fields(page: Element) -> Iterator[Element]:
    for tag in ("input", "select", "textarea"):
        for field in page.iter(tag):
            if tag != "input" or field.get("type", "text").lower() not in UNLABELLED_TYPES:
                yield field


def _headings(page: Element) -> Iterator[str]:
    # An error summary stands before the first heading, so a page may begin with its second level.
    before = 1
    for element in page.iter():
        if element.tag not in HEADINGS:
            continue
        level = int(element.tag[1])
        if level > before + 1:
            yield f"heading {words(element)!r} skips from level {before} to {level}"
        if not words(element):
            yield f"empty heading of level {level}"
        before = level


def _addresses(page: Element) -> Iterator[str]:
    for element in page.iter():
        if element.tag == "link" and set(element.get("rel", "").split()) <= POINTING_RELS:
            continue
        for attribute in LOADED.get(str(element.tag), ()):
            parts = urlsplit(element.get(attribute, "").strip())
            if parts.scheme or parts.netloc:
                yield f"{_tag(element)} {attribute} is not an address of ours"


def _code(page: Element) -> Iterator[str]:
    """What the content policy forbids: scripts and styles in the page, handlers. A script is a file of ours."""
    for element in page.iter():
        tag = _tag(element)
        is_file = tag == "script" and element.get("src", "").startswith("/static/") and not words(element)
        if tag in ("script", "style") and not is_file:
            yield f"a {tag} element"
        for attribute in element.attrib:
            if attribute == "style" or attribute.startswith("on"):
                yield f"{tag} has {attribute}="
        if element.get("href", "").strip().lower().startswith(("javascript:", "data:")):
            yield f"{tag} href is code"


def words(element: Element) -> str:
    """All text in an element, with single spaces."""
    return " ".join("".join(element.itertext()).split())


def _tag(element: Element) -> str:
    return str(element.tag).removeprefix(SVG)


LOOKS = (_frame, _ids, _references, _labels, _words, _headings, _addresses, _code)
