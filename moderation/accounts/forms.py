"""The forms of accounts."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField, StringField
from wtforms.validators import DataRequired, EqualTo, Length, ValidationError

from moderation.accounts import passwords, services
from moderation.models import NAME_MAX_CHARS
from stories.cleaning import normalise


def _in_one_line(typed: str | None) -> str:
    return " ".join(normalise(typed or "").split())


class AccountForm(FlaskForm):  # type: ignore[misc]
    """A form whose token, when it does not fit, is explained in words that help."""

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Whether everything fits; problems are at their fields."""
        fits = bool(super().validate(extra_validators))
        if "csrf_token" in self.errors:
            self["csrf_token"].errors = ["This page was too old to be sent. It is fresh now: send it once more."]
        return fits


class SignInForm(AccountForm):
    """Who somebody is, and their password."""

    email = EmailField("E-mail address", [DataRequired("Write your e-mail address.")])
    password = PasswordField(
        "Password",
        [
            DataRequired("Write your password."),
            Length(max=passwords.MAX_CHARS, message=f"A password has at most {passwords.MAX_CHARS} characters."),
        ],
    )


class SignOutForm(AccountForm):
    """A button."""


class InvitedForm(AccountForm):
    """What an invited person chooses, for the account with this address."""

    name = StringField(
        "Your name",
        [
            DataRequired("Write your name, as colleagues should see it."),
            Length(max=NAME_MAX_CHARS, message=f"Use {NAME_MAX_CHARS} characters or fewer."),
        ],
        filters=[_in_one_line],
    )
    password = PasswordField("Password", [DataRequired("Choose a password.")])
    password_again = PasswordField(
        "The same password again",
        [EqualTo("password", "The two passwords are not the same. Write the same one twice.")],
    )

    def __init__(self, address: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._address = address

    @property
    def address(self) -> str:
        """The normal address of the account; empty while what was typed is none."""
        return self._address

    def validate_password(self, field: PasswordField) -> None:
        """Raises ValidationError with what to do about the password."""
        message = passwords.problem(field.data or "", self.address)
        if message:
            raise ValidationError(message)


class FirstAccountForm(InvitedForm):
    """What the first person chooses; the address too."""

    email = EmailField("E-mail address", [DataRequired("Write your e-mail address.")])

    @property
    def address(self) -> str:
        try:
            return services.normal_email(self.email.data or "")
        except services.BadEmail:
            return ""

    def validate_email(self, field: EmailField) -> None:
        """Raises ValidationError if it is no address."""
        try:
            services.normal_email(field.data or "")
        except services.BadEmail as bad:
            raise ValidationError(str(bad)) from bad
