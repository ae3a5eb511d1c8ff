"""The life of a story: its states, the table of moves, and one function a move. Alone writes `Story.state`."""

from stories.life.checking import judge_finding, note_checks
from stories.life.deciding import approve, ask_for_changes, closes_at, decline, undo
from stories.life.marking import escalate, judge, mark
from stories.life.moves import MOVES, Seen, has_consent, locked
from stories.life.publishing import file, put_back, rebuild_publications, take_down
from stories.life.sending import Sender, amend, erase, redact, submit, withdraw

__all__ = [
    "MOVES",
    "Seen",
    "Sender",
    "amend",
    "approve",
    "ask_for_changes",
    "closes_at",
    "decline",
    "erase",
    "escalate",
    "file",
    "has_consent",
    "judge",
    "judge_finding",
    "locked",
    "mark",
    "note_checks",
    "put_back",
    "rebuild_publications",
    "redact",
    "submit",
    "take_down",
    "undo",
    "withdraw",
]
