"""What stops the start, in one sentence that says what to set."""

from __future__ import annotations

import pytest

from integration.settings import Settings, SettingsError

GOOD = {"SECRET_KEY": "s" * 32, "CARD_KEY": "c" * 32, "BASE_URL": "https://delaktig.example/"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", None),
        ("SECRET_KEY", "hunter2"),
        ("CARD_KEY", None),
        ("CARD_KEY", ""),
        ("BASE_URL", None),
        ("BASE_URL", "delaktig.example"),
        ("BASE_URL", "ftp://delaktig.example"),
        ("BASE_URL", "https://"),
    ],
)
def test_a_missing_or_weak_setting_stops_the_start(name: str, value: str | None) -> None:
    environ = {key: each for key, each in {**GOOD, name: value}.items() if each is not None}
    with pytest.raises(SettingsError, match=name) as refused:
        Settings.from_environment(environ)
    assert str(refused.value).count(".") <= 2
    assert "\n" not in str(refused.value)
    if value:
        assert value not in str(refused.value) or name == "BASE_URL"


def test_what_is_set_is_what_runs() -> None:
    settings = Settings.from_environment({**GOOD, "DATABASE_URL": "postgres://user@host/name"})
    assert settings.base_url == "https://delaktig.example"
    assert settings.database_url == "postgresql+psycopg://user@host/name"
    assert not settings.demo
    config: dict[str, object] = {}
    settings.apply_to(config)
    assert config["SESSION_COOKIE_SECURE"] is True
    assert config["SESSION_COOKIE_HTTPONLY"] is True
