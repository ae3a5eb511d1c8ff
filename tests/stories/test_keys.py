"""Story keys, seals and digests."""

import hashlib
import math
import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stories import keys


def test_the_word_list_is_the_long_one_of_the_eff() -> None:
    assert len(keys.words()) == len(set(keys.words())) == 7_776
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)?", word) for word in keys.words())
    assert (keys.words()[0], keys.words()[-1]) == ("abacus", "zoom")


def test_a_story_key_is_six_words_of_the_list() -> None:
    for _ in range(200):
        words = keys.new_key().split(" ")
        assert len(words) == keys.KEY_WORDS == 6
        assert set(words) <= set(keys.words())


def test_every_word_is_as_likely_as_any_other_at_every_place() -> None:
    draws = [keys.new_key().split() for _ in range(12_000)]
    assert len({tuple(draw) for draw in draws}) == len(draws)
    index = {word: place for place, word in enumerate(keys.words())}
    for place in range(keys.KEY_WORDS):
        buckets = Counter(index[draw[place]] * 16 // len(index) for draw in draws)
        expected = len(draws) / 16
        deviation = sum((buckets[bucket] - expected) ** 2 / expected for bucket in range(16))
        assert deviation < 60, "chi-squared with 15 degrees of freedom: one in two million sound lists goes beyond"
    assert keys.KEY_WORDS * math.log2(len(keys.words())) > 77.5 - 0.1


@pytest.mark.parametrize(
    "typed",
    [
        "abacus abdomen yo-yo ability able abnormal",
        "  Abacus   ABDOMEN\tyo-yo\nability able  abnormal. ",
        "abacus, abdomen, yo-yo, ability, able, abnormal",
        "1. abacus 2. abdomen 3. yo-yo 4. ability 5. able 6. abnormal",
        "“abacus abdomen yo-yo ability able abnormal”",
        "abacus\u00a0abdomen\u2003yo-yo\r\nability able abnormal",
    ],
)
def test_a_key_is_read_as_it_was_meant(typed: str) -> None:
    assert keys.as_typed(typed) == "abacus abdomen yo-yo ability able abnormal"


def test_a_key_of_other_words_or_in_another_order_is_another_key() -> None:
    assert keys.as_typed("abdomen abacus") != keys.as_typed("abacus abdomen")
    assert keys.as_typed("abacusabdomen") != keys.as_typed("abacus abdomen")
    assert keys.as_typed("") == keys.as_typed(" 123 …") == ""


def test_a_keyed_hash_belongs_to_its_key_and_its_purpose() -> None:
    first = keys.keyed_hash("data key", "story key", "words")
    assert re.fullmatch("[0-9a-f]{64}", first)
    assert first == keys.keyed_hash("data key", "story key", "words")
    others = {
        keys.keyed_hash("another", "story key", "words"),
        keys.keyed_hash("data key", "import", "words"),
        keys.keyed_hash("data key", "story key", "word", "s"),
        keys.keyed_hash("data key", "story key", "words", ""),
        hashlib.sha256(b"words").hexdigest(),
    }
    assert len(others) == 5
    assert first not in others


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_seal_gives_back_what_it_was_given(words: str) -> None:
    secret = keys.new_secret()
    sealed = keys.seal(secret, words)
    assert keys.unseal(secret, sealed) == words
    assert len(words) < 8 or words.encode() not in sealed
    assert keys.seal(secret, words) != sealed, "the same words sealed twice look alike"


def test_another_secret_opens_nothing_and_a_changed_seal_is_no_seal() -> None:
    sealed = keys.seal("one secret", "six words")
    broken = sealed[:-5] + bytes([sealed[-5] ^ 1]) + sealed[-4:]
    for secret, box in (("another secret", sealed), ("one secret", broken), ("one secret", b""), ("", sealed)):
        with pytest.raises(keys.WrongSecret):
            keys.unseal(secret, box)


def test_secrets_and_public_ids_are_long_enough_and_fit_an_address() -> None:
    secrets = {keys.new_secret() for _ in range(1_000)}
    ids = {keys.new_public_id() for _ in range(1_000)}
    salts = {keys.new_salt() for _ in range(1_000)}
    assert len(secrets) == len(ids) == len(salts) == 1_000
    assert {len(secret) for secret in secrets} == {keys.SECRET_CHARS}
    assert all(re.fullmatch(r"[0-9a-hjkmnp-tv-z]{10}", public_id) for public_id in ids)
    assert all(re.fullmatch(r"[0-9a-f]{32}", salt) for salt in salts)
    assert set("".join(ids)) == set("0123456789abcdefghjkmnpqrstvwxyz")


@pytest.mark.parametrize(
    ("value", "canonical"),
    [
        ({}, "{}"),
        ({"b": 1, "a": None}, '{"a":null,"b":1}'),
        ({"a": [True, False, "x"]}, '{"a":[true,false,"x"]}'),
        ({"n": -0.0, "f": 1e21, "g": 0.1}, '{"f":1e+21,"g":0.1,"n":0}'),
        ({"n": 4.50, "e": 2e-3}, '{"e":0.002,"n":4.5}'),
        ({"é": "é", "e\u0301": "<&>/"}, '{"e\u0301":"<&>/","é":"é"}'),
        (
            {"t": 'quote " back \\ \b\f\n\r\t\u000f\u007f'},
            '{"t":"quote \\" back \\\\ \\b\\f\\n\\r\\t\\u000f\u007f"}',
        ),
        ({"\U0001f600": 1, "\ufb33": 2}, '{"\U0001f600":1,"\ufb33":2}'),
        ({"10": 1, "9": 2, "": 3}, '{"":3,"10":1,"9":2}'),
    ],
    ids=["empty", "sorted", "list", "numbers", "decimals", "unicode", "escapes", "utf16-order", "names"],
)
def test_a_digest_is_of_the_canonical_form(value: dict[str, object], canonical: str) -> None:
    assert keys.digest(value) == hashlib.sha256(canonical.encode()).hexdigest()
