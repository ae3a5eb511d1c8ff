"""What the events alone say about every story: nothing is read from the database, so both can be held together."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from stories.life import MOVES
from stories.models import Actor, DecisionKind, Event, State
from stories.refusal import Refusal


class Unreplayable(Refusal):
    """An event of a kind that nobody knows here, or that its story could not have had."""


@dataclass(frozen=True)
class Decided:
    """One decision: of what kind, about which revision, by whom."""

    kind: DecisionKind
    digest: str
    by: Actor


@dataclass(frozen=True)
class Standing:
    """Where a story stands after its events: its state, the digests of two revisions, standing decisions in order.

    `before` is where it stood before the last decision, which undoing it brings back.
    """

    state: State = State.WAITING
    waiting: str | None = None
    published: str | None = None
    decisions: tuple[Decided, ...] = ()
    before: "Standing | None" = field(default=None, compare=False, repr=False)


def replay(events: Iterable[Event]) -> dict[int, Standing]:
    """Where every story stands, by its number, after `events`, oldest first. Events about no story are passed over.

    Raises Unreplayable, naming the event, when its kind is unknown or its story has no such move then.
    """
    standings: dict[int, Standing] = {}
    for event in events:
        if event.story_id is not None:
            standings[event.story_id] = _after(standings.get(event.story_id), event)
    return standings


def _after(standing: Standing | None, event: Event) -> Standing:
    effect = EFFECTS.get(event.kind)
    if effect is None:
        raise Unreplayable(f"Event {event.position} is of the unknown kind {event.kind}.")
    if (standing is None) != (event.kind == "submit"):
        raise Unreplayable(f"Event {event.position}, {event.kind}, is not one that a story has then.")
    moved = effect(_moved(standing or Standing(), event), event)
    return replace(moved, before=standing) if event.kind in set(DecisionKind) else moved


def _moved(standing: Standing, event: Event) -> Standing:
    """The standing with the state that the table of moves gives; what is no move leaves the state."""
    states: Mapping[State, State] = MOVES.get(event.kind, {standing.state: standing.state})
    if standing.state not in states:
        raise Unreplayable(f"Event {event.position}, {event.kind}, does not fit a story that is {standing.state}.")
    return replace(standing, state=states[standing.state])


def _nothing(standing: Standing, _event: Event) -> Standing:
    return standing


def _wait(standing: Standing, event: Event) -> Standing:
    # A story that goes back to the queue has nothing any more that could be put back.
    published = None if standing.state is State.WAITING else standing.published
    return replace(standing, waiting=event.about, published=published)


def _decide(standing: Standing, event: Event) -> Standing:
    decided = Decided(DecisionKind(event.kind), event.about or "", Actor(event.by_kind, event.by_id))
    return replace(standing, waiting=None, decisions=(*standing.decisions, decided))


def _approve(standing: Standing, event: Event) -> Standing:
    return replace(_decide(standing, event), published=event.about)


def _undo(standing: Standing, event: Event) -> Standing:
    if standing.before is None:
        raise Unreplayable(f"Event {event.position}, undo, follows no decision.")
    return standing.before


def _forget(standing: Standing, _event: Event) -> Standing:
    return replace(standing, waiting=None, published=None)


EFFECTS: dict[str, Callable[[Standing, Event], Standing]] = {
    "submit": _wait,
    "amend": _wait,
    "redact": _wait,
    "check": _nothing,
    "mark": _nothing,
    "judge": _nothing,
    "judge_finding": _nothing,
    "escalate": _nothing,
    "file": _nothing,
    "take_over": _nothing,
    "read_first": _nothing,
    "read_second": _nothing,
    "read_again": _nothing,
    "approve": _approve,
    "ask_for_changes": _decide,
    "decline": _decide,
    "take_down": _nothing,
    "put_back": _nothing,
    "undo": _undo,
    "withdraw": _forget,
    "erase": _forget,
}
"""What each kind of event changes beside the state, which `life.MOVES` tells."""
