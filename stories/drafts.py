"""Drafts: what a patient has typed and not sent, readable only with the secret that the patient's browser holds."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, Result, delete, select, update

from extensions import db, settings, upsert, utcnow
from stories import intake, keys
from stories.content import Submission
from stories.models import Draft, Story

Answers = Mapping[str, Sequence[str]]
"""What was typed: the values of each field of the contract, as sent."""


@dataclass(frozen=True)
class Sent:
    """A story that a draft became: its number, and its key while that is still sealed."""

    number: int
    key: str | None
    is_new: bool


class SentOtherwise(Exception):
    """The draft was sent already, with other words: these need a draft of their own."""


def opened(secret: str) -> dict[str, list[str]] | None:
    """The answers of the unsent draft that `secret` opens, or None."""
    draft = _draft(secret)
    if draft is None or draft.sealed_answers is None:
        return None
    answers: dict[str, list[str]] = json.loads(keys.unseal(secret, draft.sealed_answers))
    return answers


def is_sent(secret: str) -> bool:
    """Whether the draft of `secret` became a story."""
    draft = _draft(secret)
    return draft is not None and draft.sent_hash is not None


def save(secret: str, answers: Answers) -> None:
    """Keep `answers` as the draft of `secret`, in place of what was kept before. A sent draft stays as it is."""
    erase_old(utcnow())
    draft = _locked(secret)
    if draft.sent_hash is None:
        draft.sealed_answers = keys.seal(
            secret, json.dumps({name: list(values) for name, values in answers.items()})
        )
        draft.saved_at = utcnow()
        db.session.flush()


def send(secret: str, answers: Answers, submission: Submission) -> Sent:
    """The story that the draft of `secret` becomes; sent again with the same answers, the same story and key.

    The key is sealed under the secret until it is put away or its time is over; the answers are erased.
    Raises BadSubmission, and SentOtherwise when the draft was sent with other answers.
    """
    erase_old(utcnow())
    draft = _locked(secret)
    told = _hash_of(secret, answers)
    if draft.sent_hash is not None:
        if draft.sent_hash != told:
            raise SentOtherwise
        return _sent(secret, draft)
    key = keys.new_key()
    story = intake.submit(submission, key=key, draft_id=draft.id)
    draft.sent_hash, draft.sealed_answers = told, None
    draft.sealed_key = keys.seal(secret, key)
    draft.sealed_until = utcnow() + timedelta(hours=settings().sealed_key_hours)
    db.session.flush()
    return Sent(story.id, key, is_new=True)


def secret_for_other(secret: str, answers: Answers) -> str:
    """The secret of a draft for other answers than those that were sent: each time the same."""
    return keys.keyed_hash(secret, "other answers", _hash_of(secret, answers))


def sent(secret: str) -> Sent | None:
    """The story that the draft of `secret` became, or None."""
    draft = _draft(secret)
    return _sent(secret, draft) if draft is not None and draft.sent_hash is not None else None


def put_key_away(secret: str) -> None:
    """Erase the sealed key: the patient has written it down."""
    db.session.execute(
        update(Draft).where(Draft.secret_hash == _secret_hash(secret)).values(sealed_key=None, sealed_until=None)
    )


def forget(secret: str) -> None:
    """Erase the unsent draft of `secret`."""
    db.session.execute(delete(Draft).where(Draft.secret_hash == _secret_hash(secret), Draft.sent_hash.is_(None)))


def erase_old(now: datetime) -> tuple[int, int]:
    """Erase drafts not saved for `draft_days`, and keys sealed for longer than their time; how many of each."""
    over = now - timedelta(days=settings().draft_days)
    unsealed = db.session.execute(
        update(Draft).where(Draft.sealed_until <= now).values(sealed_key=None, sealed_until=None)
    )
    erased = db.session.execute(delete(Draft).where(Draft.saved_at <= over))
    return _rows(erased), _rows(unsealed)


def _draft(secret: str) -> Draft | None:
    return db.session.scalars(select(Draft).where(Draft.secret_hash == _secret_hash(secret))).one_or_none()


def _locked(secret: str) -> Draft:
    """The draft of `secret`, made if there was none, its row locked until the transaction ends."""
    now, key = utcnow(), {"secret_hash": _secret_hash(secret)}
    db.session.execute(upsert(Draft, key, {"saved_at": now}, new={"created_at": now}))
    return db.session.scalars(
        select(Draft).filter_by(**key).with_for_update().execution_options(populate_existing=True)
    ).one()


def _sent(secret: str, draft: Draft) -> Sent:
    number = db.session.scalars(select(Story.id).where(Story.draft_id == draft.id)).one()
    is_open = draft.sealed_until is not None and draft.sealed_until > utcnow()
    key = keys.unseal(secret, draft.sealed_key) if draft.sealed_key is not None and is_open else None
    return Sent(number, key, is_new=False)


def _secret_hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _hash_of(secret: str, answers: Answers) -> str:
    told = json.dumps({name: list(values) for name, values in sorted(answers.items()) if any(values)})
    return keys.keyed_hash(secret, "sent", told)


def _rows(result: Result[Any]) -> int:
    assert isinstance(result, CursorResult)
    return result.rowcount
