"""How words are meant: whether the ones beside them deny, suppose, ask or report what they say."""

import re

BESIDE_CHARS = 60
_SENTENCE_CHARS = 160

_GAP = (
    r"(?:[ ](?!(?:and|but|so|then|because|until|before|after|when|only|just|was|were|am|is|are|ended|went|landed"
    r"|woke|i|he|she|they|we)[ ])[\w']{1,20}){0,5}[ ]$"
)
"""Words between a denial and what it denies; a new beginning among them breaks the bond."""
_DENIED = re.compile(
    r"(?:^|[^\w'])(?:no|not|never|nobody|without|nor|neither|cannot|didn'?t|don'?t|doesn'?t|wasn'?t|isn'?t|aren'?t|weren'?t"
    rf"|haven'?t|hasn'?t|hadn'?t|ruled out|instead of|rather than){_GAP}",
    re.IGNORECASE,
)
_NOT_NEEDED = re.compile(
    r"(?:[ ][a-z]{2,12}){0,2}[ ](?:(?:was|were|is|are)(?:[ ]not|n'?t)|not|never)[ ](?:\w{2,12}ly[ ])?"
    r"(?:needed|necessary|required|involved|an option)(?!\w)",
    re.IGNORECASE,
)
_SUPPOSED = re.compile(
    r"(?:^|[^\w'])(?:if|unless|in case of|risks? of|warned (?:of|about)|warns of|warning (?:of|about)|leaflet says"
    rf"|scared of|afraid of|fear of){_GAP}",
    re.IGNORECASE,
)
_REPORTED = re.compile(
    r"(?<![\w'])(?:told|tells?|telling|said|says?|saying|advised?|advises|advising|advice (?:is|was|from)"
    r"|instruct\w*|recommend(?:ed|s|ation)|suggest(?:ed|s)|prescri\w+|warned|warns|wrote|writes|insisted|reads|claimed|claims"
    r"|claiming|heard|promised|according to|leaflet|label|instructions|packet|guidelines?|supposed to|meant to"
    r"|asked(?: me)?|wanted me|explained|thought|think|believed?|hoped|worried|wondered|feared)(?!\w)",
    re.IGNORECASE,
)
_END = re.compile(r"[.!?\n](?!\w)")


def is_denied(words: str, start: int, end: int) -> bool:
    """Whether the words from `start` to `end` are said not to be so, or not to have been needed."""
    return bool(
        _DENIED.search(words[max(0, start - BESIDE_CHARS) : start])
        or _NOT_NEEDED.match(words[end : end + BESIDE_CHARS])
    )


def is_supposed(words: str, start: int) -> bool:
    """Whether the words from `start` are a condition, a risk or a fear."""
    return bool(_SUPPOSED.search(words[max(0, start - BESIDE_CHARS) : start]))


def is_reported(words: str, start: int) -> bool:
    """Whether the words from `start` are, in their sentence, what somebody said, wrote or thought."""
    return bool(_REPORTED.search(sentence_before(words, start)))


def is_asked(words: str, end: int) -> bool:
    """Whether the sentence goes on after `end` to a question mark."""
    stop = _END.search(words, end, end + _SENTENCE_CHARS)
    return stop is not None and stop.group() == "?"


def is_told_as_true(words: str, start: int, end: int) -> bool:
    """Whether the words are neither denied, supposed, reported nor asked."""
    return not (
        is_denied(words, start, end)
        or is_supposed(words, start)
        or is_reported(words, start)
        or is_asked(words, end)
    )


def sentence_before(words: str, start: int) -> str:
    """The sentence in which `start` lies, up to it; of a long one the last 160 characters."""
    before = words[max(0, start - _SENTENCE_CHARS) : start]
    ends = [stop.end() for stop in _END.finditer(before)]
    return before[ends[-1] :] if ends else before


def sentence_after(words: str, end: int) -> str:
    """The rest of the sentence in which `end` lies; of a long one the next 160 characters."""
    after = words[end : end + _SENTENCE_CHARS]
    stop = _END.search(after)
    return after[: stop.start()] if stop else after
