"""Runs the checks in child processes, so that one that hangs, dies or answers nonsense stops nobody else."""

import json
import logging
import os
import queue
import socket
import subprocess
import sys
import time
import weakref
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stories.checks.finding import ANSWER_FIELDS, MAX_FINDINGS, Finding, Known, finding_from_json
from stories.content import TEXT_FIELDS, Content

START_SECONDS = 15.0
MAX_LINE_BYTES = 1 << 20
MAX_RULE_CHARS = 80
MAX_WHY_CHARS = 300
MAX_VERSION = 1_000_000

_ROOT = Path(__file__).parents[2]
_INHERITED = ("PATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL")
"""What a child gets of the environment: no setting, so no key."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class CheckResult:
    """What the checks found in one revision, and the names of those that gave no sound answer."""

    findings: tuple[Finding, ...]
    failed: tuple[str, ...]


class NonsenseError(ValueError):
    """An answer of a check, or of its process, that cannot be used. Says nothing of what was in it."""


class Runner:
    """Up to `workers` children that run the checks at `checks` (module:name), `seconds` for one story.

    Children start when first needed and end with this process. May be used from many threads; a process that
    was forked from this one starts its own children.
    """

    def __init__(self, checks: str = "stories.checks:CHECKS", seconds: float = 2.0, workers: int = 2) -> None:
        self._checks, self._seconds, self._workers = checks, seconds, workers
        self._names: tuple[str, ...] = (checks,)
        self._is_closed = False
        self._open()
        forked = weakref.WeakMethod(self._leave_to_parent)
        os.register_at_fork(after_in_child=lambda: (leave := forked()) and leave())

    def run(self, content: Content, known: Known) -> CheckResult:
        """What the checks find in `content`, in the order of the checks. Never raises for what a check does.

        When a story takes longer than the limit, the checks that answered in time count and the others failed.
        When no child is free in that time, or none can start, all of them failed; before the first child was
        ready their names are unknown, and the one failed name is that of the tuple of checks.
        """
        try:
            child = self._slots.get(timeout=self._seconds)
        except queue.Empty:
            _log.warning("checks.busy")
            return CheckResult((), self._names)
        try:
            if child is not None and not child.is_alive:
                child.stop()
                child = None
            if child is None:
                child = _Child(self._checks, self._seconds)
            self._names = child.names
            result, is_sound = child.check(content, known)
            if not is_sound:
                child.stop()
                child = None
            return result
        except (OSError, NonsenseError) as error:
            _log.warning("checks.not_started error=%s", type(error).__name__)
            return CheckResult((), self._names)
        finally:
            self._slots.put(child)
            if self._is_closed:
                _stop_all(self._slots)

    def close(self) -> None:
        """End the children; one that is at work ends after its story. Later runs start none that stay."""
        self._is_closed = True
        _stop_all(self._slots)

    def _open(self) -> None:
        self._slots: queue.LifoQueue[_Child | None] = queue.LifoQueue()
        for _ in range(self._workers):
            self._slots.put(None)
        self._end = weakref.finalize(self, _stop_all, self._slots)

    def _leave_to_parent(self) -> None:
        """In a forked process: the children belong to the parent, and the queue's lock may never be let go."""
        self._end.detach()
        for child in self._slots.queue:
            if child is not None:
                child.leave()
        self._open()


def _stop_all(slots: "queue.LifoQueue[_Child | None]") -> None:
    """End every child that waits for a story, and leave its place to a new one."""
    free = []
    with suppress(queue.Empty):
        while True:
            free.append(slots.get_nowait())
    for child in free:
        if child is not None:
            child.stop()
        slots.put(None)


class _Child:
    """One process that runs checks, and the socket to it.

    Raises OSError or NonsenseError when it does not get ready in START_SECONDS.
    """

    def __init__(self, checks: str, seconds: float) -> None:
        self._seconds = seconds
        self._unread = bytearray()
        self._socket, theirs = socket.socketpair()
        with theirs:
            try:
                self._process = subprocess.Popen(  # noqa: S603 (our own module; the arguments are settings)
                    [sys.executable, "-m", "stories.checks.child", checks, str(seconds)],
                    stdin=theirs.fileno(),
                    stdout=theirs.fileno(),
                    stderr=subprocess.DEVNULL,  # a traceback may hold words of a story
                    cwd=_ROOT,
                    env={name: os.environ[name] for name in _INHERITED if name in os.environ},
                    start_new_session=True,  # an interrupt from the terminal is for the parent
                )
            except OSError:
                self._socket.close()
                raise
        try:
            self.names = _names(self._line(time.monotonic() + START_SECONDS))
        except (OSError, NonsenseError):
            self.stop()
            raise

    @property
    def is_alive(self) -> bool:
        """Whether the process has not ended."""
        return self._process.poll() is None

    def check(self, content: Content, known: Known) -> tuple[CheckResult, bool]:
        """What the checks find, and whether this child may be used again."""
        deadline = time.monotonic() + self._seconds
        findings: list[Finding] = []
        failed: list[str] = []
        story = json.dumps({"content": content.as_json(), "known": known.as_json()}).encode("ascii")
        answered = 0
        try:
            self._send(story + b"\n", deadline)
            for name in self.names:
                answer = _answer(self._line(deadline), name)
                answered += 1
                try:
                    findings += _findings(answer, content)
                except NonsenseError as nonsense:
                    _log.warning("check.failed check=%s error=%s", name, nonsense)
                    failed.append(name)
        except (OSError, NonsenseError) as error:
            left = self.names[answered:]
            _log.warning("checks.stopped check=%s error=%s", left[0], type(error).__name__)
            return CheckResult(tuple(findings), (*failed, *left)), False
        return CheckResult(tuple(findings), tuple(failed)), True

    def stop(self) -> None:
        """End the process now, whatever it does."""
        self._socket.close()
        self._process.kill()
        self._process.wait()

    def leave(self) -> None:
        """Forget the process without ending it."""
        self._socket.close()
        self._process.returncode = 0  # else Popen would warn of, and wait for, another's child

    def _send(self, line: bytes, deadline: float) -> None:
        self._socket.settimeout(_left(deadline))
        self._socket.sendall(line)

    def _line(self, deadline: float) -> bytes:
        """The next line. Raises TimeoutError, or NonsenseError for one that is too long or cut off."""
        while (end := self._unread.find(b"\n")) < 0:
            if len(self._unread) > MAX_LINE_BYTES:
                raise NonsenseError("LineTooLong")
            self._socket.settimeout(_left(deadline))
            piece = self._socket.recv(1 << 16)
            if not piece:
                raise ConnectionResetError
            self._unread += piece
        line = bytes(self._unread[:end])
        del self._unread[: end + 1]
        return line


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _json(line: bytes) -> dict[str, Any]:
    try:
        body = json.loads(line)
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise NonsenseError("NoObject")
    return body


def _names(line: bytes) -> tuple[str, ...]:
    names = _json(line).get("ready")
    if not isinstance(names, list) or not names or not all(map(_is_name, names)):
        raise NonsenseError("NotReady")
    return tuple(names)


def _is_name(value: object) -> bool:
    return isinstance(value, str) and value.isascii() and value.isidentifier() and len(value) <= MAX_RULE_CHARS


def _answer(line: bytes, name: str) -> dict[str, Any]:
    """The answer of the check `name`. Raises NonsenseError when the line is anything else."""
    answer = _json(line)
    if answer.get("check") != name:
        raise NonsenseError("AnotherCheck")
    return answer


def _findings(answer: dict[str, Any], content: Content) -> list[Finding]:
    """The findings of one answer. Raises NonsenseError, named after what the check raised or what is wrong."""
    raised, bodies = answer.get("raised"), answer.get("findings")
    if raised is not None:
        raise NonsenseError(raised if _is_name(raised) else "Exception")
    if not isinstance(bodies, list) or len(bodies) > MAX_FINDINGS:
        raise NonsenseError("TooManyFindings")
    try:
        findings = [finding_from_json(body) for body in bodies]
    except (KeyError, TypeError, ValueError, AttributeError):
        raise NonsenseError("NotAFinding") from None
    if not all(_is_sound(finding, content) for finding in findings):
        raise NonsenseError("UnsoundFinding")
    return findings


def _is_sound(finding: Finding, content: Content) -> bool:
    """Whether a finding says what may be kept and shown, about words that are there."""
    texts = _is_text(finding.rule, MAX_RULE_CHARS) and _is_text(finding.why, MAX_WHY_CHARS)
    return texts and _is_whole(finding.rule_version, 1, MAX_VERSION) and _is_within(finding, content)


def _is_within(finding: Finding, content: Content) -> bool:
    if finding.field in TEXT_FIELDS:
        chars = len(getattr(content, finding.field) or "")
    elif finding.field in ANSWER_FIELDS:
        chars = 0
    else:
        return False
    return _is_whole(finding.end, 0, chars) and _is_whole(finding.start, 0, finding.end)


def _is_text(value: object, most_chars: int) -> bool:
    return isinstance(value, str) and bool(value.strip()) and value.isprintable() and len(value) <= most_chars


def _is_whole(value: object, low: int, high: int) -> bool:
    return type(value) is int and low <= value <= high
