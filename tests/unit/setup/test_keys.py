"""The secrets that ./run makes: once, for its owner alone, and never over what is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.setup import keys


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(keys, "INSTANCE", tmp_path / "instance")
    return tmp_path / "instance" / "secrets.env"


def test_they_are_made_once_and_kept(file: Path) -> None:
    made = keys.ensure_keys({}, file)
    assert keys.ensure_keys({}, file) == made
    assert made["SECRET_KEY"] != made["CARD_KEY"]
    assert min(map(len, made.values())) >= 32


def test_only_the_owner_may_read_them(file: Path) -> None:
    keys.ensure_keys({}, file)
    assert file.stat().st_mode & 0o777 == 0o600


def test_the_environment_wins_and_is_not_written_down(file: Path) -> None:
    given = {"SECRET_KEY": "s" * 40, "CARD_KEY": "c" * 40}
    assert keys.ensure_keys(given, file) == given
    assert not file.exists()


def test_a_kept_card_key_outlives_a_lost_secret_key(file: Path) -> None:
    made = keys.ensure_keys({}, file)
    file.write_text(f"CARD_KEY={made['CARD_KEY']}\n")
    assert keys.ensure_keys({}, file)["CARD_KEY"] == made["CARD_KEY"]
