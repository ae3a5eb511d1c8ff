"""A check that raises, hangs, dies or answers nonsense is named, and stops nobody else."""

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from stories.checks import CHECKS
from stories.checks.finding import FindingKind, Known, PhraseGroup, SafetyLists
from stories.checks.runner import CheckResult, Runner
from stories.content import Content, Redaction, RedactionKind
from tests.stories.checks import faulty

FAULTY = "tests.stories.checks.faulty"
PATIENCE_SECONDS = 30.0
"""For checks that answer: so long that a busy machine does not fail a test."""
LIMIT_SECONDS = 0.5
ROOT = Path(__file__).parents[3]
CALM = Content(narrative="It itched for nine weeks and then it healed.")

Start = Callable[..., Runner]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts runners, and ends them after the test."""
    started: list[Runner] = []

    def start(checks: str, seconds: float = PATIENCE_SECONDS, workers: int = 2) -> Runner:
        started.append(Runner(f"{FAULTY}:{checks}", seconds, workers))
        return started[-1]

    yield start
    for runner in started:
        runner.close()


def rules(result: CheckResult) -> list[tuple[str, int]]:
    return [(finding.rule, finding.end) for finding in result.findings]


def test_the_real_checks_run_in_a_child_and_find_what_they_find_here() -> None:
    known = Known(
        safety=SafetyLists(
            crisis=(PhraseGroup("suicide", is_held=True, phrases=("want to die",)),),
            false_friends=("dead skin",),
            reactions=(PhraseGroup("emergency", is_held=True, phrases=("can't breathe",)),),
            serious_labels=(("hospital", "Hospital stay"),),
        ),
        repeats=(7,),
    )
    content = Content(
        narrative="Some days I want to die. 😔 Ring 07700 900123 or write to jo@example.org.",
        serious=("hospital",),
        redactions=(Redaction("narrative", 0, 4, RedactionKind.DETAIL),),
    )
    runner = Runner(seconds=PATIENCE_SECONDS)
    try:
        result = runner.run(content, known)
    finally:
        runner.close()
    assert result.failed == ()
    assert list(result.findings) == [finding for check in CHECKS for finding in check(content, known)]
    assert {finding.kind for finding in result.findings} == {
        FindingKind.CRISIS,
        FindingKind.SERIOUS_REACTION,
        FindingKind.EMAIL,
        FindingKind.PHONE,
        FindingKind.REPEAT,
    }


@pytest.mark.parametrize(
    "narrative",
    ["é" * 20_000, "😔" * 20_000, "\u2028\x85\0\n" * 5_000, "\ud800 left over", '"}\n{"check": "sound"}', ""],
    ids=["accents", "faces", "line ends", "half a character", "JSON", "nothing"],
)
def test_a_text_of_any_characters_reaches_the_checks_whole(start: Start, narrative: str) -> None:
    result = start("SOUND_ONLY").run(Content(narrative=narrative), Known())
    sound = [("sound", 1)] if narrative else []
    assert rules(result) == [*sound, ("sound", len(narrative))]
    assert result.failed == (() if narrative else ("sound",))


def test_a_check_that_raises_is_named_and_the_others_count(start: Start) -> None:
    result = start("RAISING").run(CALM, Known())
    assert rules(result) == [("sound", 1), ("sound", len(CALM.narrative))]
    assert result.failed == ("raises",)


def test_the_log_names_what_was_raised_and_never_the_patients_words(
    start: Start, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG):
        for checks in ("RAISING", "DYING", "GARBAGE", "PRINTING"):
            start(checks).run(Content(narrative="marigold die hang"), Known())
    assert "check=raises error=Mishap" in caplog.text
    printed = capfd.readouterr()
    assert "marigold" not in caplog.text + printed.out + printed.err


def test_a_check_that_hangs_loses_its_turn_and_what_came_before_counts(start: Start) -> None:
    runner = start("HANGING", seconds=LIMIT_SECONDS)
    result = runner.run(Content(narrative="please hang"), Known())
    assert rules(result) == [("sound", 1)]
    assert result.failed == ("hangs", "last")


def test_after_a_hanging_story_the_next_one_is_served(start: Start) -> None:
    runner = start("HANGING", seconds=3.0, workers=1)
    assert runner.run(Content(narrative="please hang"), Known()).failed == ("hangs", "last")
    assert runner.run(CALM, Known()).failed == ()


def test_another_story_is_served_while_one_hangs(start: Start) -> None:
    runner = start("HANGING", seconds=6.0)
    stuck: list[CheckResult] = []
    hanging = threading.Thread(target=lambda: stuck.append(runner.run(Content(narrative="please hang"), Known())))
    hanging.start()
    served = runner.run(CALM, Known())
    is_still_hanging = hanging.is_alive()
    hanging.join()
    assert served.failed == ()
    assert is_still_hanging
    assert stuck[0].failed == ("hangs", "last")


def test_when_no_child_is_free_in_time_every_check_failed(start: Start) -> None:
    runner = start("HANGING", seconds=LIMIT_SECONDS, workers=1)
    results: list[CheckResult] = []
    stories = [
        threading.Thread(target=lambda: results.append(runner.run(Content(narrative="hang"), Known())))
        for _ in range(4)
    ]
    for story in stories:
        story.start()
    for story in stories:
        story.join()
    assert len(results) == 4
    assert all(result.failed for result in results)
    assert any(not result.findings for result in results)


def test_many_threads_each_get_their_own_storys_findings(start: Start) -> None:
    runner = start("SOUND_ONLY")
    lengths = range(1, 41)
    found: dict[int, CheckResult] = {}

    def tell(length: int) -> None:
        found[length] = runner.run(Content(narrative="x" * length), Known())

    stories = [threading.Thread(target=tell, args=(length,)) for length in lengths]
    for story in stories:
        story.start()
    for story in stories:
        story.join()
    assert {length: rules(result)[-1] for length, result in found.items()} == {
        length: ("sound", length) for length in lengths
    }


@pytest.mark.parametrize("checks", ["DYING", "LEAVING", "GARBAGE", "NESTED", "HUGE_LINE"])
def test_a_check_that_ends_its_process_or_garbles_the_line_fails_with_those_after_it(
    start: Start, checks: str
) -> None:
    runner = start(checks)
    result = runner.run(Content(narrative="it will die"), Known())
    assert rules(result) == [("sound", 1)]
    assert result.failed == (getattr(faulty, checks)[1].__name__, "last")
    again = runner.run(CALM, Known())
    assert rules(again)[0] == ("sound", 1)


@pytest.mark.parametrize("checks", ["HUNGRY", "SILENT"])
def test_a_check_that_eats_memory_or_answers_nothing_fails_alone(start: Start, checks: str) -> None:
    result = start(checks).run(CALM, Known())
    assert result.failed == (getattr(faulty, checks)[1].__name__,)
    assert rules(result)[-1] == ("sound", len(CALM.narrative))


def test_what_a_check_prints_is_lost_and_harms_nothing(start: Start) -> None:
    result = start("PRINTING").run(CALM, Known())
    assert result.failed == ()


def test_every_odd_answer_is_refused(start: Start) -> None:
    result = start("ODD").run(CALM, Known())
    assert result.findings == ()
    assert result.failed == tuple(check.__name__ for check in faulty.ODD)


@pytest.mark.parametrize("checks", ["faulty_start:CHECKS", "faulty:MISSING", "faulty:EMPTY", "absent:CHECKS"])
def test_when_no_child_gets_ready_the_tuple_of_checks_failed(checks: str) -> None:
    named = f"tests.stories.checks.{checks}"
    runner = Runner(named, PATIENCE_SECONDS)
    try:
        assert runner.run(CALM, Known()) == CheckResult((), (named,))
    finally:
        runner.close()


def test_a_closed_runner_leaves_no_child_behind(start: Start) -> None:
    runner = start("SOUND_ONLY")
    runner.run(CALM, Known())
    (child,) = [child for child in runner._slots.queue if child is not None]
    assert child.is_alive
    runner.close()
    assert not child.is_alive


def test_a_child_that_was_killed_between_stories_is_replaced(start: Start) -> None:
    runner = start("SOUND_ONLY", workers=1)
    runner.run(CALM, Known())
    child = runner._slots.queue[0]
    assert child is not None
    child._process.kill()
    child._process.wait()
    assert runner.run(CALM, Known()).failed == ()


def test_a_child_gets_none_of_the_settings() -> None:
    told = _python(
        "import os; from stories.checks.runner import Runner, _Child\n"
        "child = _Child('stories.checks:CHECKS', 9.0)\n"
        "print(open(f'/proc/{child._process.pid}/environ').read())\n"
        "child.stop()",
        FIRSTHAND_DATA_KEY="marigold",
    )
    assert "marigold" not in told


def test_a_forked_process_starts_children_of_its_own() -> None:
    told = _python(
        "import os; from stories.checks.runner import Runner; from stories.checks.finding import Known\n"
        "from stories.content import Content\n"
        "runner = Runner(seconds=30.0); story = Content(narrative='Call 07700 900123.')\n"
        "first = runner.run(story, Known())\n"
        "if (forked := os.fork()) == 0:\n"
        "    alike = runner.run(story, Known()) == first\n"
        "    runner.close(); os._exit(0 if alike else 1)\n"
        "_, status = os.waitpid(forked, 0)\n"
        "print(status, runner.run(story, Known()) == first, len(first.findings))\n"
    )
    assert told.split() == ["0", "True", "1"]


def test_a_child_ends_with_the_process_that_started_it() -> None:
    told = _python(
        "import os; from stories.checks.runner import _Child\n"
        "child = _Child('stories.checks:CHECKS', 9.0)\n"
        "print(child._process.pid, flush=True)\n"
        "os._exit(0)"
    )
    while _runs(int(told)):
        os.sched_yield()


def _runs(process: int) -> bool:
    """Whether a process is there and has not ended; one that waits to be collected has ended."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def _python(program: str, **environment: str) -> str:
    """What a process of its own prints when it runs `program`."""
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return done.stdout
