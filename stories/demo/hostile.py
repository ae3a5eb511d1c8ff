"""Stories sent to break something: markup, code, text that hides, turns, grows or overflows."""

from typing import Any

from stories.content import MAX_CHARS, NARRATIVE_MIN_CHARS
from stories.demo.nouns import APPROVE, Invented, invented_of

_WART = {"condition": "common-warts", "agent": "cryotherapy", "outcome": "no_change"}
_SPOTS = {"condition": "actinic-keratosis", "agent": "imiquimod-5", "outcome": "much_better"}
_ABOVE = tuple(chr(0x0300 + mark) for mark in range(0x30))
"""Combining marks that pile up above a letter."""

_DIARY = (
    "pink, nothing else",
    "a bit tight when I smile",
    "forgot it, fell asleep in the chair",
    "itchy after the shower, better by lunch",
    "a crust came off on the towel",
    "worse than yesterday, better than Monday",
    "rain, so no hat needed, small mercies",
    "nobody stared today, or I have stopped looking",
    "raw at the edge, left it alone",
    "my wife says smaller, I say the same",
    "slept through",
)


def hostile() -> list[Invented]:
    """Those that wait, each ugly in its own way."""
    return [
        _sent(
            _WART,
            "<script>alert('first')</script>",
            "<script>document.title = 'mine'</script> {{ 7*7 }} ${7*7} #{7*7} <%= 7*7 %> {% raw %} It was frozen "
            "twice and is still there. </p></article></main><h1>Now I am the heading</h1><!-- a comment",
            display_name="{{ config }}",
        ),
        _sent(
            _WART,
            '"><img src=x onerror=alert(2)>',
            '<img src="https://example.org/pixel.gif" onerror="alert(2)"> <a href="javascript:alert(3)">before and '
            'after</a> <svg/onload=alert(4)> <iframe srcdoc="&lt;p&gt;hello"> It blistered, the blister burst, the '
            "wart stayed. &lt;b&gt;not bold&lt;/b&gt; &amp;amp; &#60;",
            display_name="<b onclick=x>Bold</b>",
        ),
        _sent(
            _WART,
            "'; DROP TABLE stories; --",
            "' OR '1'='1' UNION SELECT key_hash FROM stories; -- %s %(narrative)s \\'; 0x27 My name is a joke "
            "that my parents thought of before databases. The wart has been frozen three times and is the same.",
            display_name="Robert'); DROP TABLE",
        ),
        _sent(
            _SPOTS,
            "A" * 60 + "rgh",
            f"It itched so much that all I could write was {'a' * 2_500}rgh. Then this: "
            f"https://example.org/{'very-' * 120}long. In the fifth week it was over, and the skin under the "
            "crusts was new.",
            display_name="Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            schedule="every" * 40,
        ),
        _sent(_SPOTS, "Every single day of it", _diary(MAX_CHARS["narrative"])),
        _sent(
            _SPOTS,
            "\u202esdrawkcab daer\u202c and forwards",
            "This begins \u202eretfa dna\u202c forwards again, \u2066isolated\u2069, with a \u200bzero width "
            "space, a \u00adsoft hy\u00adphen, a \ufeffmark and a bell\x07. مرحبا \u202dhello\u202c שלום. The "
            "cream made crusts in the fourth week, and in the seventh they came off.",
            display_name="\u202eyadrutaS",
        ),
        _sent(
            _WART,
            _piled("It hurts"),
            f"{_piled('The cold went in and it would not come out again')}. "
            "🥶🥶🥶🥶🥶 👩🏽‍⚕️ froze it 3️⃣ times, 🇺🇳 ✌🏿 👨‍👩‍👧‍👦 everyone came to look 😭😭😭, still there. "
            "𝓝𝓸𝓽 𝓰𝓸𝓷𝓮. Ｎｏｔ　ｇｏｎｅ． It is flat on top now and that is all the good I can say about it.",
            display_name="🥶",
        ),
        _sent(
            _SPOTS,
            "P o e m",
            "\n\n\n\n".join(" ".join(f"{line}\n" for line in verse.split(" / ")) for verse in _VERSES) + "\n" * 200,
        ),
        _sent(
            _SPOTS,
            "Pain <!3 days> gone, mostly",
            "Pain <!3 days> gone. Redness <5 weeks, >2 weeks. If x<y and y>z then I was sore & tired. Answers to "
            "<john@example.org> please, or to <mailto:john@example.org?subject=hello>. <3 <3 to the nurse.",
        ),
        _sent(
            _SPOTS,
            "W" * MAX_CHARS["title"],
            "W" * NARRATIVE_MIN_CHARS,
            display_name="W" * MAX_CHARS["display_name"],
        ),
    ]


def ugly() -> list[Invented]:
    """Those that say nothing wrong, and are to be approved however they look."""
    return [
        _sent(
            _SPOTS,
            "Sore <!3 days>, then fine & smooth",
            "Pain <!3 days> gone. Itching >5 but <8 out of 10 for two weeks, then <1. My notes say: redness -> "
            'crust -> "new skin" (week 7). I wrote {sore} so often that my wife calls me that. <3 to the nurse.',
            APPROVE,
            display_name="O'Nobody & Sons",
        ),
        _sent(
            _WART,
            "W" * MAX_CHARS["title"],
            f"The title is the sound I made. It went on about as long as this: W{'o' * 400}w. Three visits, three "
            "weeks apart, each time a blister, each time the same wart under it. Some are like that, I hear.",
            APPROVE,
            display_name="W" * MAX_CHARS["display_name"],
        ),
        _sent(
            _WART,
            "🥶🥶🥶",
            "❄️ froze it\n❄️ blister\n❄️ plaster\n🔁 3 weeks\n\n\n\n\n\n❄️ froze it\n❄️ blister\n😐 still there\n\nNo, "
            "really, that is the story. I work with small children, and this is how I write by now 👩🏽‍🏫.",
            APPROVE,
        ),
    ]


_VERSES = (
    "Red / in the second / week / and then / redder",
    "Crust / upon / crust / my pillow / knows",
    "In week / six / it all / let go / and under it / a person",
)


def _sent(answers: dict[str, Any], title: str, narrative: str, *moves: str, **others: Any) -> Invented:
    return invented_of({**answers, **others, "title": title, "narrative": [narrative]}, *moves)


def _diary(chars: int) -> str:
    """Exactly `chars` characters, a line a day."""
    lines = (f"Day {day}. {_DIARY[day * 7 % len(_DIARY)].capitalize()}.\n" for day in range(1, chars))
    text = ""
    while len(text) < chars:
        text += next(lines)
    return f"{text[: chars - 2]}.."


def _piled(words: str) -> str:
    """`words` with twelve marks above each letter."""
    return "".join(
        letter + "".join(_ABOVE[(place + mark) % len(_ABOVE)] for mark in range(12)) if letter.isalpha() else letter
        for place, letter in enumerate(words)
    )
