"""The forms of accounts."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, PasswordField, SelectChoice, SelectMultipleField, StringField
from wtforms.validators import DataRequired, EqualTo, Length, Optional, ValidationError

from moderation.accounts import passwords, services
from moderation.models import NAME_MAX_CHARS, PASSKEY_NAME_MAX_CHARS, RoleName
from stories.cleaning import normalise

CODE_MAX_CHARS = 40
"""A recovery code with room for spaces."""

CREDENTIAL_MAX_CHARS = 20_000
ROLES = (
    (RoleName.MODERATOR, "Moderator", "Reads stories, takes out what identifies, decides."),
    (RoleName.LEAD, "Lead", "Decides on the hard ones, puts stories back, hears appeals."),
    (RoleName.ADMIN, "Admin", "Looks after accounts. Does not decide on stories."),
)


def _in_one_line(typed: str | None) -> str:
    return " ".join(normalise(typed or "").split())


def _an_address(_form: FlaskForm, field: EmailField) -> None:
    try:
        services.normal_email(field.data or "")
    except services.BadEmail as bad:
        raise ValidationError(str(bad)) from bad


class AccountForm(FlaskForm):  # type: ignore[misc]
    """A form whose token, when it does not fit, is explained in words that help."""

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Whether everything fits; problems are at their fields."""
        fits = bool(super().validate(extra_validators))
        if "csrf_token" in self.errors:
            self["csrf_token"].errors = ["This page was too old to be sent. It is fresh now: send it once more."]
        return fits


class PressForm(AccountForm):
    """A button."""


class OwnPasswordForm(AccountForm):
    """The password that somebody has."""

    password = PasswordField(
        "Password",
        [
            DataRequired("Write your password."),
            Length(max=passwords.MAX_CHARS, message=f"A password has at most {passwords.MAX_CHARS} characters."),
        ],
    )


class SignInForm(OwnPasswordForm):
    """Who somebody is, and their password; a program may send the code along."""

    email = EmailField("E-mail address", [DataRequired("Write your e-mail address.")])
    code = StringField("Code", [Optional()])


class CodeForm(AccountForm):
    """A code of an app, or a recovery code."""

    code = StringField(
        "Code",
        [
            DataRequired("Write the code that your app shows."),
            Length(max=CODE_MAX_CHARS, message="A code is shorter. Write only the code."),
        ],
    )


class PasskeyForm(AccountForm):
    """What the browser made of a passkey, as JSON; a script fills it in."""

    credential = HiddenField(
        validators=[DataRequired("Your browser did not send a passkey."), Length(max=CREDENTIAL_MAX_CHARS)]
    )


class NewPasskeyForm(PasskeyForm):
    """A new passkey, and what its owner calls it."""

    passkey_name = StringField(
        "Name of the passkey",
        [
            DataRequired("Write a name, such as the device it is on."),
            Length(max=PASSKEY_NAME_MAX_CHARS, message=f"Use {PASSKEY_NAME_MAX_CHARS} characters or fewer."),
        ],
        filters=[_in_one_line],
    )


class NameForm(AccountForm):
    """How colleagues see somebody."""

    name = StringField(
        "Your name",
        [
            DataRequired("Write your name, as colleagues should see it."),
            Length(max=NAME_MAX_CHARS, message=f"Use {NAME_MAX_CHARS} characters or fewer."),
        ],
        filters=[_in_one_line],
    )


class NewPasswordForm(AccountForm):
    """A password to choose, for the account with this address."""

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


class InvitedForm(NewPasswordForm, NameForm):
    """What an invited person chooses."""


class FirstAccountForm(InvitedForm):
    """What the first person chooses; the address too."""

    email = EmailField("E-mail address", [DataRequired("Write your e-mail address."), _an_address])

    @property
    def address(self) -> str:
        try:
            return services.normal_email(self.email.data or "")
        except services.BadEmail:
            return ""


class RolesForm(AccountForm):
    """What somebody of the team may do."""

    roles = SelectMultipleField(
        "Roles",
        [DataRequired("Choose at least one role.")],
        choices=[SelectChoice(role.value, label, render_kw={"hint": hint}) for role, label, hint in ROLES],
    )

    def chosen(self) -> frozenset[RoleName]:
        """The roles that were ticked."""
        return frozenset(RoleName(role) for role in self.roles.data or ())


class InviteForm(RolesForm):
    """Whom to invite, and what they may do."""

    email = EmailField("E-mail address", [DataRequired("Write an e-mail address."), _an_address])
