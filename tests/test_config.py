"""Settings: read once, refused with a name when they make no sense, keys made where they may be."""

import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from app import create_app
from config import MIN_KEY_CHARS, BadSetting, Settings

KEY = "x" * MIN_KEY_CHARS
PREFIX = "FIRSTHAND_"


class Recorded(Mapping[str, str]):
    """An environment that notes what is asked of it."""

    def __init__(self, **values: str) -> None:
        self.values_, self.asked = {f"{PREFIX}{name}": value for name, value in values.items()}, set[str]()

    def __getitem__(self, name: str) -> str:
        self.asked.add(name)
        return self.values_[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.values_)

    def __len__(self) -> int:
        return len(self.values_)


def settings_of(instance: Path, **values: str) -> Settings:
    return Settings.from_environment(Recorded(INSTANCE=str(instance), **values))


def settings_asked_for(instance: Path) -> set[str]:
    """The name of every variable that is read."""
    environment = Recorded(INSTANCE=str(instance))
    Settings.from_environment(environment)
    return environment.asked


NONSENSE = {
    "BIND": (
        "nonsense",
        ":8000",
        "127.0.0.1:",
        "127.0.0.1:http",
        "127.0.0.1:0",
        "127.0.0.1:65536",
        "host:-1",
        "h:²",
    ),
    "BASE_URL": (
        *(
            "example.org",
            "ftp://example.org",
            "https://",
            "https://example.org/stories",
            "//example.org",
            "https:example",
        ),
        *("https://example.org?x=1", "https://example.org#top", "https://wren:secret@example.org", "https://[::1"),
        *(
            "https://example.org:port",
            "https://example.org:99999",
            "https://exam ple.org",
            "https://example.org\\x",
        ),
    ),
    "TIMEZONE": ("Mars/Olympus", "../../etc/passwd", "Europe", "/etc/localtime", "utc+1"),
    "PROXIES": ("-1", "11", "one", "1.5", "1e1", "nan"),
    "CLAIM_MINUTES": ("0", "121", "soon"),
    "UNDO_MINUTES": ("-1", "61", "never"),
    "SECOND_READING_PERCENT": ("-1", "100.1", "nan", "all"),
    "SMALL_TEAM": ("yes", "1", "maybe"),
    "CHECK_SECONDS": ("0", "0.01", "31", "nan", "inf", "-2", "soon"),
    "CHECK_WORKERS": ("0", "17", "2.0", "two"),
    "DRAFT_DAYS": ("0", "366", "-30", "thirty"),
    "SEALED_KEY_HOURS": ("0", "169", "1.5", "a day"),
    "DATABASE_URL": (
        *("nonsense", "mysql://localhost/x", "sqlite", "postgresql", "sqlite:", "sqlite://", "sqlite:///"),
        *("sqlite:///:memory:", "postgresql://", "postgresql://localhost:port/x", "postgresql://localhost"),
        *("postgresql+psycopg2://localhost/x", "sqlite+aiosqlite:///x.db", "file:///x.db"),
    ),
    "SECRET_KEY": ("short", f"{KEY},short", f"{KEY},", ","),
    "DATA_KEY": ("short", "x" * (MIN_KEY_CHARS - 1)),
    "CHECKPOINT_KEY": ("short", "x" * (MIN_KEY_CHARS - 1)),
    "INSTANCE": ("/dev/null/instance", "/proc/instance"),
}
TEXT = {"SITE_NAME"}
"""Settings that may be any text."""


def test_every_setting_is_tried_with_nonsense_below(tmp_path: Path) -> None:
    assert settings_asked_for(tmp_path) == {f"{PREFIX}{name}" for name in NONSENSE.keys() | TEXT}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in NONSENSE.items() for value in values]
)
def test_nonsense_is_refused_by_the_name_of_its_variable(tmp_path: Path, name: str, value: str) -> None:
    environment = Recorded(**{"INSTANCE": str(tmp_path), name: value})
    with pytest.raises(BadSetting, match=rf"^{PREFIX}{name}: ") as refused:
        Settings.from_environment(environment)
    assert refused.value.args[0].endswith(".")


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATA_KEY", "CHECKPOINT_KEY", "DATABASE_URL", "BASE_URL"])
def test_a_refusal_does_not_tell_a_secret(tmp_path: Path, name: str) -> None:
    secret = "quiet-heron"
    urls = {"DATABASE_URL": f"mysql://wren:{secret}@localhost/x", "BASE_URL": f"https://wren:{secret}@example.org"}
    with pytest.raises(BadSetting) as refused:
        settings_of(tmp_path, **{name: urls.get(name, secret)})
    assert secret not in str(refused.value)


@pytest.mark.parametrize("value", ["", "   "])
def test_an_empty_setting_is_as_good_as_none(tmp_path: Path, value: str) -> None:
    names = (*NONSENSE.keys() - {"INSTANCE"}, *TEXT)
    assert settings_of(tmp_path, **dict.fromkeys(names, value)) == settings_of(tmp_path)


def test_without_any_setting_it_serves_this_machine_from_a_file(tmp_path: Path) -> None:
    found = settings_of(tmp_path)
    assert (found.bind, found.base_url) == ("127.0.0.1:8000", "http://127.0.0.1:8000")
    assert found.database_url == f"sqlite:///{tmp_path / 'firsthand.sqlite3'}"
    assert not found.is_https
    assert found.proxies == 0


def test_the_base_url_follows_the_address_it_is_bound_to(tmp_path: Path) -> None:
    assert settings_of(tmp_path, BIND="localhost:9000").base_url == "http://localhost:9000"
    assert settings_of(tmp_path, BIND="[::1]:9000").base_url == "http://[::1]:9000"
    assert settings_of(tmp_path, BASE_URL="http://localhost:80/").base_url == "http://localhost:80"


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgresql://wren:x@db.example/stories", "postgresql+psycopg://wren:x@db.example/stories"),
        ("postgresql+psycopg://db.example:5433/stories", "postgresql+psycopg://db.example:5433/stories"),
        ("postgresql:///stories?host=/run/postgresql", "postgresql+psycopg:///stories?host=/run/postgresql"),
        ("sqlite:////srv/stories.sqlite3", "sqlite:////srv/stories.sqlite3"),
    ],
)
def test_both_databases_are_understood(tmp_path: Path, given: str, used: str) -> None:
    assert settings_of(tmp_path, DATABASE_URL=given).database_url == used


def test_keys_are_made_once_and_for_the_owner_alone(tmp_path: Path) -> None:
    first, second = settings_of(tmp_path / "new"), settings_of(tmp_path / "new")
    assert (first.secret_keys, first.data_key) == (second.secret_keys, second.data_key)
    assert first.data_key != first.secret_keys[0]
    for name in ("secret_key", "data_key"):
        kept = tmp_path / "new" / name
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        assert len(kept.read_text()) >= MIN_KEY_CHARS


def test_another_instance_has_other_keys(tmp_path: Path) -> None:
    one, other = settings_of(tmp_path / "one"), settings_of(tmp_path / "other")
    assert {one.data_key, *one.secret_keys}.isdisjoint({other.data_key, *other.secret_keys})


def test_given_keys_are_used_and_none_is_written(tmp_path: Path) -> None:
    found = settings_of(tmp_path, SECRET_KEY=f"{KEY},{KEY}-old", DATA_KEY=f"{KEY}-data")
    assert found.secret_keys == (KEY, f"{KEY}-old")
    assert found.data_key == f"{KEY}-data"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("url", ["https://stories.example.org", "http://10.0.0.7:8000", "http://[2001:db8::1]"])
@pytest.mark.parametrize("missing", ["SECRET_KEY", "DATA_KEY"])
def test_a_site_that_others_reach_needs_its_keys_told(tmp_path: Path, url: str, missing: str) -> None:
    keys = {"SECRET_KEY": KEY, "DATA_KEY": KEY}
    assert settings_of(tmp_path, BASE_URL=url, **keys).base_url == url
    del keys[missing]
    with pytest.raises(BadSetting, match=rf"^{PREFIX}{missing}: must be set"):
        settings_of(tmp_path, BASE_URL=url, **keys)
    assert not (tmp_path / missing.lower()).exists()


def test_an_address_bound_to_every_network_is_not_this_machine(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="SECRET_KEY"):
        settings_of(tmp_path, BIND="0.0.0.0:8000")


@pytest.mark.parametrize("kept", [b"", b"short", b"\xff" * 60], ids=["empty", "short", "no text"])
def test_a_kept_key_that_was_damaged_is_refused(tmp_path: Path, kept: bytes) -> None:
    (tmp_path / "data_key").write_bytes(kept)
    with pytest.raises(BadSetting, match=f"^{PREFIX}DATA_KEY: "):
        settings_of(tmp_path)


def test_the_app_is_made_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRSTHAND_INSTANCE", str(tmp_path))
    monkeypatch.setenv("FIRSTHAND_SITE_NAME", "Stories of Aske")
    assert create_app().extensions["firsthand_settings"].site_name == "Stories of Aske"
    monkeypatch.setenv("FIRSTHAND_PROXIES", "many")
    with pytest.raises(BadSetting):
        create_app()


def test_only_an_https_site_has_secure_cookies(tmp_path: Path) -> None:
    keys = {"SECRET_KEY": KEY, "DATA_KEY": KEY}
    for url, name in (("https://stories.example.org", "__Host-session"), ("http://localhost:8000", "session")):
        app = create_app(settings_of(tmp_path, BASE_URL=url, **keys))
        assert app.config["SESSION_COOKIE_NAME"] == name
        assert app.config["SESSION_COOKIE_SECURE"] is (name != "session")
        answer = app.test_client().get("/healthz")
        assert ("Strict-Transport-Security" in answer.headers) is (name != "session")
