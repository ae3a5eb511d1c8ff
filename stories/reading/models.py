"""The read side: small, flat rows made for pages. Written by `publish` alone; made again by a rebuild."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from extensions import Model
from stories.cleaning import Clean, CleanTexts

ANY = ""
"""Stands for "any" in listings and tallies: any topic, agent or combined therapy."""

NOT_STATED = "not_stated"
"""The outcome under which a tally counts stories that state none."""


class Publication(Model):
    """The copy of an approved revision that readers see. `shown` is what its digest was made of."""

    __tablename__ = "publications"

    public_id: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    digest: Mapped[str] = mapped_column(sa.String(64))
    first_published_at: Mapped[datetime]
    shown: Mapped[dict[str, Any]]
    cleaned: Mapped[dict[str, Clean]] = mapped_column(CleanTexts)


class GonePublication(Model):
    """That something was public under this id and is not any more: its page answers 410."""

    __tablename__ = "gone_publications"

    public_id: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    gone_at: Mapped[datetime]


class Listing(Model):
    """That a publication stands on a topic, once for each way of filtering by agent and combined therapy.

    So every page of stories, however filtered, is one range of an index. `topic` ANY is the whole site.
    """

    __tablename__ = "listings"
    __table_args__ = (
        sa.Index("ix_listings_newest", "topic", "agent", "combined", "first_published_at", "public_id"),
        sa.Index("ix_listings_outcome", "topic", "agent", "combined", "outcome", "first_published_at", "public_id"),
        sa.Index("ix_listings_publication", "public_id"),
    )

    topic: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    agent: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    combined: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    public_id: Mapped[str] = mapped_column(ForeignKey("publications.public_id"), primary_key=True)
    outcome: Mapped[str] = mapped_column(sa.String(40))
    language: Mapped[str] = mapped_column(sa.String(35))
    first_published_at: Mapped[datetime]


class Tally(Model):
    """How many publications a listing has of one outcome."""

    __tablename__ = "tallies"
    __table_args__ = (sa.CheckConstraint("stories > 0", name="counts_something"),)

    topic: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    agent: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    combined: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    outcome: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    stories: Mapped[int]


class Generation(Model):
    """A number that rises whenever what a page shows changes: of a topic, of a story, of the site."""

    __tablename__ = "generations"

    key: Mapped[str] = mapped_column(sa.String(90), primary_key=True)
    number: Mapped[int]
