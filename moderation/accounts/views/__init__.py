"""The pages of accounts, under /account, and of those who look after them, under /moderation."""

from moderation.accounts.views import adding, own, signing_in, team_pages
from moderation.accounts.views.doors import bp, team_bp

__all__ = ["adding", "bp", "own", "signing_in", "team_bp", "team_pages"]
