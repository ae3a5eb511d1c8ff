"""Figures that say nothing about who wrote them: doses, prices, times a day, numbers of packs and papers."""

import re
from collections.abc import Callable, Iterator

from stories.checks.spotting import Span

_APART = r"(?<![\w.,+/-])(?<!\d[ .-])(?<!\d\)[ ])"
_UNIT = (
    r"(?:[ ]?(?:%|°|€|£|\$)|[ ]?-?(?:mg|mcg|µg|μg|ug|ng|kg|g|grams?|ml|cl|l|cm|mm|m|km|iu|i\.u|units?|u|kcal|cal"
    r"|calories|mmol|ppm|percent|per[ ]cent|platelets?|cells?|copies|steps?|people|patients?|persons?|pounds?"
    r"|dollars?|euros?|usd|eur|gbp|times|x|years?|yrs?|months?|weeks?|wks?|days?|nights?|hours?|hrs?|minutes?"
    r"|mins?|bpm"
    r"|miles?|men|women|words?|doses?|tablets?|pills?|puffs?|drops?|sachets?)(?!\w))"
)
_QUANTITY = r"(?!0\d|\d{7})\d[\d.,]{0,12}(?:[ ]\d{3}(?!\d)){0,3}"
_AMOUNT = re.compile(rf"{_APART}{_QUANTITY}(?:[ ]?(?:-|/|to|or|x)[ ]?{_QUANTITY}){{0,2}}{_UNIT}", re.IGNORECASE)
_PRICE = re.compile(r"[£$€][ ]?\d[\d.,]{0,12}(?:[ ]\d{3}(?!\d)){0,3}")

_YEAR = r"(?:19|20)\d\d"
_TIME = re.compile(r"(?<![\w.:])\d{1,2}:\d\d(?::\d\d)?(?!\d|:\d)")
_YEARS = re.compile(rf"(?<![\d.+/-])(?<!\d[ ]){_YEAR}(?:[ ]?[-/ ][ ]?{_YEAR}){{1,9}}(?!\w|[./-]\d)")
_BATCH = re.compile(
    r"(?<!\w)(?:lot|batch|ndc|din|pzn|ean|barcode|doi|pmid|isbn|nct)(?:[ ]?(?:number|no|num|nr|code))?[ .:#]{0,3}"
    r"(?:is[ ])?[a-z]{0,4}[ -]?\d[\d./-]{2,24}",
    re.IGNORECASE,
)
_THOUSANDS = re.compile(r"(?<![\w.,+/-])(?<!\d[ ])[1-9]\d{0,2}([ .,])000(?:\1000){0,3}(?!\w|[-.,/ ]?\d)")
_ROUND_RANGE = re.compile(r"(?<![\w.,+/-])(?<!\d[ ])[1-9]\d{0,5}0[ ]?-[ ]?[1-9]\d{0,5}0(?!\w|[-.,/ ]?\d)")
_ROUND_LIST = re.compile(r"(?<![\w.,+/-])(?<!\d[ ])[1-9]?\d?[05](?:[ ][1-9]?\d?[05]){2,11}(?!\w|[-.,/ ]?\d)")

Harmless = Callable[[str], Iterator[Span]]


def _spans(pattern: re.Pattern[str]) -> Harmless:
    return lambda words: (match.span() for match in pattern.finditer(words))


WITH_CUE: tuple[Harmless, ...] = tuple(_spans(pattern) for pattern in (_TIME, _YEARS, _AMOUNT, _PRICE, _BATCH))
"""Figures that their form or the word beside them explains, whatever stands around."""

BY_SHAPE: tuple[Harmless, ...] = tuple(_spans(pattern) for pattern in (_THOUSANDS, _ROUND_RANGE, _ROUND_LIST))
"""Figures that are harmless unless a word before them says that they are a telephone or record number."""
