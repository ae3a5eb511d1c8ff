"""The verifier that stands alone: it agrees with the libraries, and finds whatever is tampered with."""

import ast
import hashlib
import json
import math
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from stories import checkpoints, events, keys, verify_events
from stories.checkpoints import BadCheckpoint, Checkpoint
from stories.verify_events import Refused, canonical, is_signed, parsed, read_checkpoint, verified
from tests.conftest import Database
from tests.stories.histories import KINDS, a_full_history, exported_lines
from tests.stories.mutations import OTHER_HASH, Forger, changed_bytes

SCRIPT = Path(verify_events.__file__)
ROUNDS = 560
"""How often each way to tamper with events is tried."""

ON_CHECKPOINTS = 480
"""How many changed checkpoints are tried: a signature takes some milliseconds to verify in plain Python."""

VECTORS = {
    "1": (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555"
            "fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    "2": (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da0"
            "85ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    "3": (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac1"
            "8ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
    "SHA(abc)": (
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        hashlib.sha512(b"abc").hexdigest(),
        (
            "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b5890"
            "9351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704"
        ),
    ),
}
"""Public key, message and signature of RFC 8032, section 7.1."""

Exported = tuple[list[bytes], list[Checkpoint]]


@pytest.fixture(scope="module")
def exported(sqlite_database: Database) -> Iterator[Exported]:
    """A full history as it is exported, and its checkpoints."""
    sqlite_database.empty()
    with sqlite_database.app.app_context():
        kept = a_full_history()
        yield exported_lines(), kept


def told(kept: Checkpoint) -> bytes:
    return kept.to_json().encode()


def read(kept: list[Checkpoint]) -> list[dict[str, Any]]:
    return [read_checkpoint(told(each), "kept.json", key=each.fingerprint) for each in kept]


def named(refused: Refused) -> int:
    return int(str(refused).split()[1])


# ---- it agrees with the libraries ------------------------------------------------------------------------------


@pytest.mark.parametrize(("key", "message", "signature"), VECTORS.values(), ids=VECTORS)
def test_the_signatures_of_the_standard_are_signatures(key: str, message: str, signature: str) -> None:
    assert is_signed(bytes.fromhex(message), bytes.fromhex(signature), by=bytes.fromhex(key))
    assert not is_signed(bytes.fromhex(message) + b"\0", bytes.fromhex(signature), by=bytes.fromhex(key))


def is_signed_by_the_library(message: bytes, signature: bytes, key: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except InvalidSignature:
        return False
    return True


@settings(deadline=None, max_examples=40)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200), st.integers(0, 96 * 8 - 1))
def test_a_signature_is_one_exactly_when_the_library_says_so(seed: bytes, message: bytes, flipped: int) -> None:
    signer = Ed25519PrivateKey.from_private_bytes(seed)
    signature, key = signer.sign(message), signer.public_key().public_bytes_raw()
    both = bytearray(signature + key)
    both[flipped // 8] ^= 1 << flipped % 8
    bad_signature, bad_key = bytes(both[:64]), bytes(both[64:])
    assert is_signed(message, signature, by=key)
    assert is_signed(message, bad_signature, by=bad_key) == is_signed_by_the_library(
        message, bad_signature, bad_key
    )
    assert not is_signed(message + b".", signature, by=key)


def test_a_signature_cannot_be_written_in_a_second_way() -> None:
    signer = Ed25519PrivateKey.from_private_bytes(b"7" * 32)
    signature, key = signer.sign(b"words"), signer.public_key().public_bytes_raw()
    beyond = int.from_bytes(signature[32:], "little") + verify_events.ORDER
    assert not is_signed(b"words", signature[:32] + beyond.to_bytes(32, "little"), by=key)
    neutral, base = verify_events.PRIME + 1, verify_events.BASE_Y.to_bytes(32, "little")
    assert not is_signed(b"words", base + b"\1".ljust(32, b"\0"), by=neutral.to_bytes(32, "little"))
    assert not is_signed(b"words", signature + b"\0", by=key)
    assert not is_signed(b"words", signature[:63], by=key)
    assert not is_signed(b"words", signature, by=key[:31])


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), JSON, max_size=5))
@example({"\ufb33": 1, "\U0001f600": 2, "\r": 3, "\x7f": "\x7f\x1f\u2028"})
def test_what_an_event_may_hold_has_the_one_form_of_the_library(value: dict[str, Any]) -> None:
    try:
        expected = rfc8785.dumps(value)
    except ValueError:
        expected = None
    if expected is None:
        with pytest.raises(ValueError, match="surrogates"):
            canonical(value).encode()
        return
    assert canonical(value).encode() == expected
    assert hashlib.sha256(canonical(parsed(json.dumps(value).encode())).encode()).hexdigest() == keys.digest(value)


@given(st.floats(allow_nan=False, allow_infinity=False))
@example(1e21)
@example(1e-7)
@example(5e-324)
@example(-0.0)
@example(123456789012345680000.0)
@example(0.000001)
def test_a_number_is_written_as_the_library_writes_it(number: float) -> None:
    assert canonical(number).encode() == rfc8785.dumps(number)
    assert float(canonical(number)) == number


@pytest.mark.parametrize("value", [2**53, -(2**53), math.inf, -math.inf, math.nan, "\ud800", {"\ud800": 1}])
def test_what_has_no_such_form_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match=r".+"):
        canonical(value).encode()
    with pytest.raises(ValueError, match=r".+"):
        rfc8785.dumps(value)


# ---- what is whole -----------------------------------------------------------------------------------------------


def test_the_history_has_every_kind_of_event_and_checkpoints_on_the_way(exported: Exported) -> None:
    lines, kept = exported
    assert {json.loads(line)["kind"] for line in lines} == KINDS
    assert 1 < kept[0].position < kept[1].position < kept[2].position == len(lines)


def test_an_export_is_whole_and_fits_its_checkpoints(exported: Exported) -> None:
    lines, kept = exported
    assert verified(lines, read(kept)) == (kept[-1].position, kept[-1].hash)
    assert verified(lines, []) == (kept[-1].position, kept[-1].hash)
    assert verified([], []) == (0, events.GENESIS)


def test_what_is_only_written_otherwise_is_as_whole(exported: Exported) -> None:
    lines, kept = exported
    otherwise = [
        json.dumps(dict(reversed(json.loads(line).items())), indent=1).replace("\n", " ").encode() + b"\r\n"
        for line in lines
    ]
    assert verified(otherwise, read(kept)) == verified(lines, [])


def test_what_comes_after_the_last_checkpoint_is_taken_for_growth(exported: Exported) -> None:
    lines, kept = exported
    assert verified(lines, read(kept[:2])) == verified(lines, [])


# ---- whatever is tampered with is found --------------------------------------------------------------------------


def test_ten_thousand_mutations_are_all_found_and_the_first_bad_event_is_named(exported: Exported) -> None:
    lines, kept = exported
    heads = read(kept)
    forger = Forger(lines, [each.position for each in kept], seed=1)
    tried: Counter[str] = Counter()
    for _ in range(ROUNDS):
        for way in forger.ways():
            mutation = way()
            with pytest.raises(Refused, match=r"^Event -?\d+ .+\.$") as found:
                verified(mutation.lines, heads)
            assert named(found.value) in mutation.named, f"{way.__name__}: {found.value}"
            tried[way.__name__] += 1
    chance, whole = Random(1), told(kept[-1])
    for _ in range(ON_CHECKPOINTS):
        with pytest.raises(Refused, match=r"^kept\.json "):
            read_checkpoint(changed_bytes(whole, chance), "kept.json", key=kept[-1].fingerprint)
        tried["a checkpoint"] += 1
    assert len(tried) == 18
    assert tried.total() == ROUNDS * 17 + ON_CHECKPOINTS == 10_000


@pytest.mark.parametrize("field", list(Checkpoint.__dataclass_fields__))
def test_a_checkpoint_with_another_answer_is_refused(exported: Exported, field: str) -> None:
    _lines, kept = exported
    others: tuple[Any, ...] = ("", None, 1, [], OTHER_HASH, kept[0].signature)
    for other in others:
        if other != getattr(kept[-1], field):
            changed = json.dumps({**asdict(kept[-1]), field: other}).encode()
            with pytest.raises(Refused, match=r"^kept\.json (was changed after it was signed|is not a checkpoint)"):
                read_checkpoint(changed, "kept.json")


def signed_by_another(kept: Checkpoint, **said: Any) -> Checkpoint:
    """A checkpoint that says something else, with a sound signature of somebody's key."""
    forger = Ed25519PrivateKey.from_private_bytes(b"7" * 32)
    unsigned = replace(kept, **said, public_key=forger.public_key().public_bytes_raw().hex())
    return replace(unsigned, signature=forger.sign(unsigned.signed).hex())


@pytest.mark.parametrize(
    "said", [{"form": "a receipt"}, {"position": 0}, {"position": True}, {"position": "7"}, {"position": 7.5}]
)
def test_not_everything_that_is_signed_is_a_checkpoint(exported: Exported, said: dict[str, Any]) -> None:
    signed = signed_by_another(exported[1][-1], **said)
    with pytest.raises(Refused, match=r"^kept\.json is not a checkpoint\.$"):
        read_checkpoint(told(signed), "kept.json")
    with pytest.raises(BadCheckpoint, match="is not a checkpoint"):
        checkpoints.read(told(signed), fingerprint=signed.fingerprint)


def test_a_checkpoint_signed_by_another_key_is_refused_by_its_fingerprint(exported: Exported) -> None:
    _lines, kept = exported
    forged = signed_by_another(kept[-1], hash=OTHER_HASH)
    assert read_checkpoint(told(forged), "kept.json")["hash"] == OTHER_HASH
    with pytest.raises(Refused, match=f"signed by another key, with the fingerprint {forged.fingerprint}"):
        read_checkpoint(told(forged), "kept.json", key=kept[-1].fingerprint)


@pytest.mark.parametrize("said", [b"", b"{}", b"[]", b"null", b"\xff", b"[" * 100_000, b'{"form": 1}'])
def test_what_is_no_checkpoint_is_refused(said: bytes) -> None:
    with pytest.raises(Refused, match=r"^kept\.json is not a checkpoint\.$"):
        read_checkpoint(said, "kept.json")


@pytest.mark.parametrize("line", [b"", b"\n", b"null", b"[]", b"{}", b"\xff", b"[" * 100_000, b'{"position": 3}'])
def test_a_line_that_is_no_event_is_named_by_its_place(exported: Exported, line: bytes) -> None:
    lines, _kept = exported
    with pytest.raises(Refused, match=r"^Event 3 cannot be read\.$"):
        verified([*lines[:2], line, *lines[2:]], [])


# ---- as it is run ------------------------------------------------------------------------------------------------


def run(folder: Path, *told: str) -> subprocess.CompletedProcess[str]:
    """The file alone, in an empty folder, by a Python without any package."""
    shutil.copy(SCRIPT, folder / SCRIPT.name)
    command = [sys.executable, "-I", "-S", SCRIPT.name, *told]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def folder(exported: Exported, tmp_path: Path) -> Path:
    lines, kept = exported
    (tmp_path / "events.jsonl").write_bytes(b"\n".join(lines) + b"\n")
    for number, each in enumerate(kept):
        (tmp_path / f"kept-{number}.json").write_bytes(told(each))
    return tmp_path


def test_it_imports_nothing_but_what_comes_with_python() -> None:
    tree = ast.parse(SCRIPT.read_text(encoding="utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported
    assert {name.split(".")[0] for name in imported} <= sys.stdlib_module_names


def test_it_says_what_is_whole_and_by_whose_key(exported: Exported, folder: Path) -> None:
    lines, kept = exported
    answer = run(folder, "events.jsonl", "kept-0.json", "kept-2.json", "--key", kept[0].fingerprint.upper())
    assert (answer.returncode, answer.stderr) == (0, "")
    assert answer.stdout.splitlines() == [
        f"{len(lines)} events, whole. The last has the hash {kept[2].hash}.",
        *(
            f"Event {each.position} was signed at {each.at} by the key {each.fingerprint}."
            for each in (kept[0], kept[2])
        ),
    ]


def test_it_says_what_no_checkpoint_vouches_for(exported: Exported, folder: Path) -> None:
    _lines, kept = exported
    without, early = run(folder, "events.jsonl"), run(folder, "events.jsonl", "kept-0.json")
    assert (without.returncode, early.returncode) == (0, 0)
    assert "No checkpoint vouches for what came after event 0," in without.stdout
    assert f"No checkpoint vouches for what came after event {kept[0].position}," in early.stdout
    assert early.stdout.endswith("Is that the fingerprint you kept? --key compares it.\n")


def test_it_names_the_first_bad_event_and_fails(exported: Exported, folder: Path) -> None:
    lines, _kept = exported
    (folder / "events.jsonl").write_bytes(b"\n".join(lines[:-2]) + b"\n")
    cut_off = run(folder, "events.jsonl", "kept-2.json")
    assert (cut_off.returncode, cut_off.stdout) == (1, "")
    assert cut_off.stderr == f"Event {len(lines) - 1} is missing: a checkpoint knows it.\n"
    assert run(folder, "events.jsonl", "kept-1.json").returncode == 0


def test_it_names_a_file_that_it_cannot_use_and_fails(folder: Path) -> None:
    (folder / "kept-0.json").write_text("{}")
    answers = [run(folder, *told) for told in (("none.jsonl",), ("events.jsonl", "kept-0.json"))]
    assert [answer.returncode for answer in answers] == [1, 1]
    assert answers[0].stderr == "none.jsonl cannot be read: No such file or directory.\n"
    assert answers[1].stderr == "kept-0.json is not a checkpoint.\n"


def test_another_fingerprint_fails(folder: Path) -> None:
    answer = run(folder, "events.jsonl", "kept-1.json", "--key", OTHER_HASH)
    assert answer.returncode == 1
    assert answer.stderr.startswith("kept-1.json is signed by another key, with the fingerprint ")
