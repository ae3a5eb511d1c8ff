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
    """Only a lead may take this step."""


class NeedsAnotherPerson(MoveRefused):
    """Whoever did the first part of a story cannot do the second."""


class OpenMarks(MoveRefused):
    """Marks are open that have to be judged first."""


class ClaimLost(MoveRefused):
    """Another person holds the story now."""


class UncheckedRevision(MoveRefused):
    """The checks have not read this revision, and nobody confirmed knowing that."""


class BadRedaction(MoveRefused):
    """A span that does not lie in the text."""


class NoSuchStory(Refusal):
    """No story has this number."""
