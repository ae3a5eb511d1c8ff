"""Whether the words are in the language that the patient named."""

import re
from collections import Counter
from collections.abc import Iterator

from stories.checks.finding import Finding, FindingKind, Known, Severity
from stories.checks.noticing import Notice
from stories.content import Content

_FEWEST_WORDS = 15
_READ_CHARS = 4_000
_LEAST_SHARE = 0.18
"""A text in its own language has about a third of its words among these; one in another almost none."""
_MARGIN = 2.0

_COMMON = {
    "en": "the and was to of it in my that for on with is had have but they not this at were from i me",
    "de": "der die das und ich nicht ist war mit ein eine es zu auf hat mich den dem von aber auch",
    "fr": "le la les et je pas est des une un que pour dans il elle mais avec sur plus ai du au qui",
    "es": "el la los las que de y en un una no me con por para es se mi pero muy fue más lo como",
    "it": "il la che di e un una non per con mi è sono ho ma più della del le gli questo anche",
    "pt": "o a que de e não um uma com para me os as do da em mas por foi muito minha meu mais",
    "nl": "de het een en ik van niet is was dat met op mijn voor te in maar er heb na ook naar",
    "sv": "och att det jag är som en på inte med för av den var har men ett mig min efter om",
    "da": "og at det jeg er som en på ikke med for af den var har men et mig min efter om til",
    "no": "og at det jeg er som en på ikke med for av den var har men et meg min etter om til",
    "fi": "ja on ei oli se että en olen mutta kun niin minun ihon sitten vain jo nyt myös ollut",
    "pl": "i w nie na się z że to do jest mam po ale jak było przez mi za bardzo od co był dla tak już o",
    "cs": "a na se je že to v jsem do ale po s si mi jako byl bylo za už mě jen který tak pro od také",
    "hu": "a az és hogy nem egy volt is már csak meg de mint nagyon után ez van el ki még minden után lett",
    "ro": "și în de la a am nu o că pe cu mi se un din pentru care mai dar fost după este foarte era",
    "tr": "ve bir bu için çok ben ama da de ile sonra daha gibi olarak vardı oldu kadar her benim ne var sonra",
}
_SCRIPTS = {
    "ar fa ur": "\u0600-\u06ff",
    "ru uk bg sr be mk": "\u0400-\u04ff",
    "el": "\u0370-\u03ff",
    "he yi": "\u0590-\u05ff",
    "hi mr ne": "\u0900-\u097f",
    "th": "\u0e00-\u0e7f",
    "ko": "\uac00-\ud7af",
    "ja": "\u3040-\u30ff",
    "zh": "\u4e00-\u9fff",
}
"""Scripts, with the languages that are written in them; the first gives the script its name."""
_NAMES = {
    "en": "English",
    "de": "German",
    "fr": "French",
    "es": "Spanish",
    "it": "Italian",
    "pt": "Portuguese",
    "nl": "Dutch",
    "sv": "Swedish",
    "da": "Danish",
    "no": "Norwegian",
    "fi": "Finnish",
    "pl": "Polish",
    "cs": "Czech",
    "hu": "Hungarian",
    "ro": "Romanian",
    "tr": "Turkish",
    "ar": "Arabic",
    "ru": "Russian",
    "el": "Greek",
    "he": "Hebrew",
    "hi": "Hindi",
    "th": "Thai",
    "ko": "Korean",
    "ja": "Japanese",
    "zh": "Chinese",
}
_SAME = {"nb": "no", "nn": "no"}
_LANGUAGES_OF = {
    word: tuple(language for language, common in _COMMON.items() if word in common.split())
    for word in {word for common in _COMMON.values() for word in common.split()}
}
_SCRIPT_OF = {language: names.split()[0] for names in _SCRIPTS for language in names.split()}
_IN_SCRIPT = {names.split()[0]: re.compile(f"[{span}]") for names, span in _SCRIPTS.items()}
_WORD = re.compile(r"[^\W\d_]+")


def language(content: Content, _known: Known) -> Iterator[Finding]:
    """A weak finding when the narrative is clearly in another language than the answer says.

    Sixteen languages are told apart by their commonest words, nine scripts by their letters. What neither knows,
    and a text of fewer than fifteen words, is taken as the patient said.
    """
    declared = content.language.casefold().replace("_", "-").partition("-")[0]
    declared = _SAME.get(declared, declared)
    found = language_of(content.narrative[:_READ_CHARS], declared)
    if found is not None:
        why = f"These words look like {_NAMES[found]}, not {_NAMES.get(declared, 'the language that was chosen')}."
        yield Notice(FindingKind.LANGUAGE, "language", why, Severity.WEAK).at("language")


def language_of(text: str, declared: str) -> str | None:
    """The language that `text` is in when it is clearly not the `declared` one, else None."""
    letters = sum(map(len, _WORD.findall(text)))
    for script, of_script in _IN_SCRIPT.items():
        if len(of_script.findall(text)) > letters / 2:
            return None if _SCRIPT_OF.get(declared) == script else script
    words = _WORD.findall(text.casefold())
    if len(words) < _FEWEST_WORDS or declared not in _NAMES:
        return None
    counts = Counter(of for word in words for of in _LANGUAGES_OF.get(word, ()))
    best, most = max(counts.items(), key=lambda count: count[1], default=(declared, 0))
    is_clear = most >= _LEAST_SHARE * len(words) and most >= _MARGIN * counts[declared]
    return best if is_clear and best != declared else None
