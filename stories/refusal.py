"""What a verb raises when it will not do what was asked. `app.py` holds the one table from refusal to answer."""


class Refusal(Exception):
    """A named refusal; its message says what to do, in words for the person who asked."""


class MoveRefused(Refusal):
    """The story's state has no such move."""


class StoryMoved(MoveRefused):
    """Another actor was first."""


class StaleRevision(MoveRefused):
    """The words decided on are not the latest."""


class NoConsent(MoveRefused):
    """The patient has not agreed to publication."""


class NeedsLead(MoveRefused):
    """A mark is open; only a lead may approve."""


class UncheckedRevision(MoveRefused):
    """The checks have not read this revision, and nobody confirmed knowing that."""


class BadRedaction(MoveRefused):
    """A span that does not lie in the text."""


class NoSuchStory(Refusal):
    """No story has this number."""
