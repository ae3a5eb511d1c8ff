"""Every setting of Firsthand, read from the environment once and checked at start."""

import ipaddress
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

MIN_KEY_CHARS = 32
DRIVERS = ("sqlite", "postgresql", "postgresql+psycopg")
_BASE_URL = re.compile(r"https?://(?P<name>[\w.-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?", re.ASCII)


class BadSetting(ValueError):
    """A setting that Firsthand refuses to start with; the message names it and says what to write."""


@dataclass(frozen=True)
class Settings:
    """The settings of one running Firsthand. Built by `from_environment`, or directly by tests.

    Times are UTC everywhere; `timezone` is for display. Lengths carry their unit.
    """

    instance: Path
    secret_keys: tuple[str, ...]
    data_key: str
    database_url: str
    bind: str = "127.0.0.1:8000"
    base_url: str = "http://127.0.0.1:8000"
    site_name: str = "Firsthand"
    timezone: str = "UTC"
    proxies: int = 0
    check_seconds: float = 2.0
    check_workers: int = 2
    draft_days: int = 30
    sealed_key_hours: int = 24
    claim_minutes: int = 10
    undo_minutes: int = 10
    second_reading_percent: float = 5.0
    small_team: bool = False
    checkpoint_key: str | None = None
    testing: bool = False

    @property
    def is_https(self) -> bool:
        """Whether the site is served over https; cookies are `Secure` and HSTS is sent exactly then."""
        return self.base_url.startswith("https://")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """The settings that `FIRSTHAND_…` variables describe.

        Makes the instance folder, and both keys in it (mode 0600) when they are not set and the
        base URL is loopback. Raises BadSetting, naming the variable, when a value makes no sense.
        """
        read = _Reader(os.environ if environment is None else environment)
        bind = read.text("BIND", "127.0.0.1:8000")
        host, port = _host_and_port(bind)
        base_url = read.text("BASE_URL", f"http://{host}:{port}").rstrip("/")
        is_local = _is_loopback(_base_host(base_url))
        instance = Path(read.text("INSTANCE", "instance")).resolve()
        try:
            instance.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BadSetting(f"FIRSTHAND_INSTANCE: cannot make the folder ({error.strerror}).") from error
        return cls(
            instance=instance,
            secret_keys=tuple(_key("SECRET_KEY", read, instance, is_local=is_local).split(",")),
            data_key=_key("DATA_KEY", read, instance, is_local=is_local),
            database_url=_database_url(read, instance),
            bind=bind,
            base_url=base_url,
            site_name=read.text("SITE_NAME", "Firsthand"),
            timezone=_timezone(read.text("TIMEZONE", "UTC")),
            proxies=read.whole("PROXIES", 0, low=0, high=10),
            check_seconds=read.number("CHECK_SECONDS", 2.0, low=0.1, high=30),
            check_workers=read.whole("CHECK_WORKERS", 2, low=1, high=16),
            draft_days=read.whole("DRAFT_DAYS", 30, low=1, high=365),
            sealed_key_hours=read.whole("SEALED_KEY_HOURS", 24, low=1, high=24 * 7),
            claim_minutes=read.whole("CLAIM_MINUTES", 10, low=1, high=120),
            undo_minutes=read.whole("UNDO_MINUTES", 10, low=0, high=60),
            second_reading_percent=read.number("SECOND_READING_PERCENT", 5.0, low=0, high=100),
            small_team=read.yes_or_no("SMALL_TEAM"),
            checkpoint_key=_checkpoint_key(read),
        )


@dataclass(frozen=True)
class _Reader:
    environment: Mapping[str, str]

    def text(self, name: str, default: str) -> str:
        return self.environment.get(f"FIRSTHAND_{name}", "").strip() or default

    def whole(self, name: str, default: int, *, low: int, high: int) -> int:
        return int(self.number(name, default, low=low, high=high, kind=int))

    def number(
        self, name: str, default: float, *, low: float, high: float, kind: type[int] | type[float] = float
    ) -> float:
        given = self.text(name, str(default))
        try:
            value = kind(given)
        except ValueError:
            value = low - 1
        if not low <= value <= high:
            raise BadSetting(f"FIRSTHAND_{name}: {given!r} is not a number from {low} to {high}.")
        return value

    def yes_or_no(self, name: str) -> bool:
        given = self.text(name, "false").casefold()
        if given not in ("true", "false"):
            raise BadSetting(f"FIRSTHAND_{name}: write true or false, not {given!r}.")
        return given == "true"


def _host_and_port(bind: str) -> tuple[str, int]:
    host, colon, port = bind.rpartition(":")
    if not colon or not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise BadSetting(f"FIRSTHAND_BIND: {bind!r} is not host:port, such as 127.0.0.1:8000.")
    return host, int(port)


def _base_host(base_url: str) -> str:
    host = _BASE_URL.fullmatch(base_url)
    try:
        if host is not None and urlsplit(base_url).port != 0:
            return host["name"].strip("[]")
    except ValueError:
        pass
    # What was written may hold a password, so it is not said again.
    raise BadSetting("FIRSTHAND_BASE_URL: write scheme and host, such as https://stories.example.org.")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _database_url(read: _Reader, instance: Path) -> str:
    url = read.text("DATABASE_URL", f"sqlite:///{instance / 'firsthand.sqlite3'}")
    try:
        parts = make_url(url)
    except (ArgumentError, ValueError):
        parts = None
    if parts is None or parts.drivername not in DRIVERS or parts.database in (None, "", ":memory:"):
        raise BadSetting(
            "FIRSTHAND_DATABASE_URL: write sqlite:////path/to/file or postgresql://user:password@host/name."
        )
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


def _timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadSetting(f"FIRSTHAND_TIMEZONE: {name!r} is not a time zone, such as Europe/London.") from error
    return name


def _key(name: str, read: _Reader, instance: Path, *, is_local: bool) -> str:
    """The key from its variable, else from the instance, else a new one kept in the instance."""
    given = read.text(name, "")
    kept = instance / name.lower()
    if not given and not is_local:
        raise BadSetting(f"FIRSTHAND_{name}: must be set when FIRSTHAND_BASE_URL is not this machine.")
    if given:
        return _long_enough(name, given)
    if not kept.exists():
        make_key(kept)
    return kept_key(kept)


def _checkpoint_key(read: _Reader) -> str | None:
    given = read.text("CHECKPOINT_KEY", "")
    return _long_enough("CHECKPOINT_KEY", given) if given else None


def make_key(path: Path) -> None:
    """Write a new key of 384 bits to `path`, for the owner alone. Raises FileExistsError: none is written over."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))


def kept_key(path: Path) -> str:
    """The key that `make_key` wrote to `path`. Raises BadSetting when it was damaged."""
    return _long_enough(path.name.upper(), path.read_text(encoding="ascii", errors="ignore").strip())


def _long_enough(name: str, key: str) -> str:
    if any(len(part) < MIN_KEY_CHARS for part in key.split(",")):
        raise BadSetting(f"FIRSTHAND_{name}: must be at least {MIN_KEY_CHARS} characters of chance.")
    return key
