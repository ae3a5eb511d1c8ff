"""The process that checks run in: one line of JSON a story comes in, one line a check goes out.

Started by `runner` as `python -m stories.checks.child MODULE:NAME SECONDS`; ends when the runner's end closes.
"""

import json
import math
import os
import resource
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from importlib import import_module
from itertools import islice
from typing import Any, BinaryIO

from stories.checks.finding import MAX_FINDINGS, Check, Finding, Known, content_from_json
from stories.content import Content

MEMORY_BYTES = 1 << 30
CPU_SPARE_SECONDS = 2


def main(checks_at: str, seconds: float) -> None:
    """Answer stories until the other end closes."""
    _limit_memory()
    stories, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    _silence()
    module, _, name = checks_at.partition(":")
    checks: Sequence[Check] = getattr(import_module(module), name)
    _write(answers, {"ready": [check.__name__ for check in checks]})
    for line in stories:
        _limit_time(seconds)
        body = json.loads(line)
        content, known = content_from_json(body["content"]), Known.from_json(body["known"])
        for check in checks:
            _write(answers, _answer(check, content, known))


def _answer(check: Check, content: Content, known: Known) -> dict[str, Any]:
    """What one check found, or the class of what it raised: the message might hold words of the story."""
    try:
        # One more than allowed is enough for the runner to refuse them all.
        findings = [_as_json(finding) for finding in islice(check(content, known), MAX_FINDINGS + 1)]
        answer = {"check": check.__name__, "findings": findings}
        json.dumps(answer)
    except Exception as error:
        return {"check": check.__name__, "raised": type(error).__name__}
    return answer


def _as_json(finding: object) -> dict[str, Any]:
    if not isinstance(finding, Finding):
        raise TypeError("not a finding")
    return asdict(finding)


def _write(answers: BinaryIO, answer: dict[str, Any]) -> None:
    answers.write(json.dumps(answer).encode("ascii") + b"\n")
    answers.flush()


def _silence() -> None:
    """Let nothing that a check prints reach the runner."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    os.close(nowhere)


def _limit_memory() -> None:
    """At most MEMORY_BYTES, and no core file, which would hold a story. Some systems refuse one or the other."""
    for limit, most in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_AS, MEMORY_BYTES)):
        with suppress(ValueError, OSError):
            resource.setrlimit(limit, (most, resource.getrlimit(limit)[1]))


def _limit_time(seconds: float) -> None:
    """End this process by signal if a story takes far too long and the runner is no longer there to do it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = math.ceil(used.ru_utime + used.ru_stime + seconds) + CPU_SPARE_SECONDS
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


if __name__ == "__main__":
    with suppress(BrokenPipeError, ConnectionResetError):
        main(sys.argv[1], float(sys.argv[2]))
