"""Invented stories, believable and hostile, for showing every page full. No person and nothing in them is real."""

from stories.demo.choosing import invented
from stories.demo.combining import TooMany
from stories.demo.nouns import Invented

__all__ = ["Invented", "TooMany", "invented"]
