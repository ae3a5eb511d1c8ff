"""The Atom feed: titles, catalogue words and links; no narrative leaves the site."""

from collections.abc import Sequence

from feedgen.feed import FeedGenerator

from config import Settings
from stories.catalogue import Catalogue
from stories.cleaning import Clean
from stories.reading import queries
from stories.wording import in_words


def atom_feed(stories: Sequence[queries.Story], known: Catalogue, settings: Settings) -> bytes:
    """The stories as an Atom feed (RFC 4287), newest first."""
    feed = FeedGenerator()
    feed.id(f"{settings.base_url}/feed.atom")
    feed.title(f"{settings.site_name}: new stories")
    feed.link(href=f"{settings.base_url}/feed.atom", rel="self")
    feed.link(href=f"{settings.base_url}/", rel="alternate")
    feed.language("en")
    if stories:
        feed.updated(stories[0].first_published_at)
    for story in stories:
        about = _about(story, known)
        title = story.cleaned.get("title", Clean()).words
        entry = feed.add_entry(order="append")
        entry.id(f"{settings.base_url}/stories/{story.public_id}")
        entry.link(href=f"{settings.base_url}/stories/{story.public_id}")
        entry.title(title or about)
        entry.author(name=settings.site_name)
        entry.summary(about)
        entry.published(story.first_published_at)
        entry.updated(story.first_published_at)
    return bytes(feed.atom_str(pretty=True))


def _about(story: queries.Story, known: Catalogue) -> str:
    shown = story.shown
    words = [word for field in ("condition", "agent", "outcome") for word in in_words(field, shown[field], known)]
    return ", ".join(words) or "A story"
