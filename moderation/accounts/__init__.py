"""Moderators' accounts: signing in, second factors, the team. `init_app` binds them to an application."""

from flask import Flask
from flask_security import Security, SQLAlchemyUserDatastore

from extensions import db
from moderation import access
from moderation.accounts import passwords
from moderation.accounts.links import first_account_link
from moderation.accounts.views import bp, team_bp
from moderation.models import Moderator, Role

__all__ = ["bp", "first_account_link", "init_app", "team_bp"]


def init_app(app: Flask) -> None:
    """Bind Flask-Security's sessions and hashes to `app`, after `web.init_app`; none of its pages or commands."""
    app.config.update(passwords.hashing(app.extensions["firsthand_settings"].data_key))
    app.config.update(
        SECURITY_CLI_USERS_NAME=None,
        SECURITY_CLI_ROLES_NAME=None,
        # Flask-Login would mark the session of every patient as stale and keep a hash of addresses in ours.
        SESSION_PROTECTION=None,
    )
    security = Security()
    security.init_app(app, SQLAlchemyUserDatastore(db, Moderator, Role), register_blueprint=False)
    security.login_manager.user_loader(access.moderator_of)
    security.login_manager.request_loader(_nobody)


def _nobody(_request: object) -> None:
    """Whom a token in an address or a header stands for: Flask-Security would look, and we give none out."""
