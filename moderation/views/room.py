"""The room's one blueprint, closed to strangers before any view of it runs."""

from flask import Blueprint

from moderation import access

bp = Blueprint("moderation", __name__, url_prefix="/moderation")
bp.before_request(access.require_moderator)
