from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mlgui.errors import UserError
from mlgui.session.settings import (
    FOLDER_VARIABLE,
    RECENT_LIMIT,
    RecentFile,
    Settings,
    load_settings,
    save_settings,
    settings_folder,
    with_pinned,
    with_recent,
    without_recent,
)

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_settings_come_back(tmp_path: Path) -> None:
    settings = with_recent(Settings(theme="dark", text_size=120, digits=3, auto_fit=False), tmp_path / "a.csv", "12 rows", NOW)
    save_settings(settings, tmp_path / "new" / "folder")
    assert load_settings(tmp_path / "new" / "folder") == settings
    assert settings.recent == (
        RecentFile(path=str(tmp_path / "a.csv"), name="a.csv", when="2026-01-02T03:04:05+00:00", summary="12 rows"),
    )


def test_the_folder_can_be_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    assert settings_folder() == tmp_path
    save_settings(Settings(digits=4))
    assert load_settings().digits == 4 and (tmp_path / "settings.json").exists()
    monkeypatch.delenv(FOLDER_VARIABLE)
    assert settings_folder().name == "mlgui"


def test_the_folder_is_made_only_on_saving(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "x") == Settings()
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"\xff\xfe\x00", b"[" * 100_000, b'{"recent": {"a": 1}}'])
def test_damage_gives_the_defaults(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "settings.json").write_bytes(content)
    assert load_settings(tmp_path) == Settings()


def test_what_is_valid_is_kept_beside_what_is_not(tmp_path: Path) -> None:
    recent = [{"path": "/a", "name": "a", "when": "w", "summary": "s"}, {"path": 3}, "x", None]
    stored = {"theme": "pink", "text_size": 1000, "digits": True, "wording": "hlm", "auto_fit": "no", "new": 1, "recent": recent}
    (tmp_path / "settings.json").write_text(json.dumps(stored))
    assert load_settings(tmp_path) == Settings(wording="hlm", recent=(RecentFile(path="/a", name="a", when="w", summary="s"),))


def test_recent_files_are_few_newest_first_and_each_once(tmp_path: Path) -> None:
    settings = Settings()
    for n in range(RECENT_LIMIT + 5):
        settings = with_recent(settings, tmp_path / f"{n}.csv", "", NOW + timedelta(minutes=n))
    settings = with_recent(settings, tmp_path / "10.csv", "again", NOW)
    names = [recent.name for recent in settings.recent]
    assert len(names) == RECENT_LIMIT and names[:2] == ["10.csv", "16.csv"] and names.count("10.csv") == 1
    assert "10.csv" not in [recent.name for recent in without_recent(settings, str(tmp_path / "10.csv")).recent]


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises((UserError, OSError)):
        save_settings(Settings(), tmp_path / "file")


def test_a_folder_that_cannot_be_made_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(UserError, match="could not be written"):
        save_settings(Settings(), tmp_path / "file" / "mlgui")


def test_pinned_files_come_first_and_are_kept(tmp_path: Path) -> None:
    settings = with_recent(Settings(), tmp_path / "kept.csv", "", NOW)
    settings = with_pinned(settings, str(tmp_path / "kept.csv"), True)
    for n in range(RECENT_LIMIT + 5):
        settings = with_recent(settings, tmp_path / f"{n}.csv", "", NOW + timedelta(minutes=n))
    assert [recent.name for recent in settings.recent[:2]] == ["kept.csv", "16.csv"]
    assert with_recent(settings, tmp_path / "kept.csv", "again", NOW).recent[0].pinned
    save_settings(settings, tmp_path)
    assert load_settings(tmp_path) == settings
    assert "kept.csv" not in [r.name for r in with_pinned(settings, str(tmp_path / "kept.csv"), False).recent[:5]]
