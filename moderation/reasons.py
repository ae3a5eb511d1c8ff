"""Why a story is not published or goes back: what the moderator chooses, and what the patient reads."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Reason:
    """A reason by its id: its name on the desk, and the sentences that the patient reads."""

    id: str
    label: str
    words: str


REASONS = (
    Reason(
        "identifies_someone",
        "Someone could be recognised",
        "Parts of your story could tell a stranger who you are, or who somebody else is. Names, places, exact "
        "dates and numbers together can do that.",
    ),
    Reason(
        "tells_others_what_to_do",
        "Tells other people what to do",
        "Your story tells readers what they should do or how much to use. Their skin is not yours. What you "
        "did yourself, and how it went, is welcome.",
    ),
    Reason(
        "sells_something",
        "Sells or advertises something",
        "Your story offers, sells or advertises something. We publish what people lived through, and nothing that "
        "is for sale.",
    ),
    Reason(
        "not_about_treatment",
        "Not about a treatment of the skin",
        "Your story is not about a treatment of the skin, so readers would not find it here.",
    ),
    Reason(
        "not_first_hand",
        "Not told first hand",
        "Stories here are told by the person who had the treatment, or by a parent or carer of that person.",
    ),
    Reason(
        "hurts_someone",
        "Insults or accuses someone",
        "Your story accuses or insults a person. We cannot check what happened between people.",
    ),
    Reason(
        "repeat", "The same story was sent before", "This story was sent before, so we go on with the first one."
    ),
    Reason("unreadable", "Cannot be read", "We could not make out what your story says."),
)
BY_ID = {reason.id: reason for reason in REASONS}
IN_OWN_WORDS = "in_own_words"


def statement(chosen: str | None, message: str | None) -> tuple[str | None, str]:
    """The reason's id and all that the patient reads: the words of the reason, then the moderator's own.

    A reason that is none of the list is one in the moderator's own words.
    """
    chosen, message = (chosen or "").strip(), (message or "").strip()
    known = BY_ID.get(chosen)
    told = [known.words if known else chosen, message]
    words = "\n\n".join(part for part in told if part)
    return (known.id if known else IN_OWN_WORDS if chosen else None), words
