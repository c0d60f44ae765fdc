"""`python -m bot.sample FILE.db` says what stands in its way, and how a command is pointed at what it made."""

from datetime import date, datetime
from pathlib import Path

import pytest

from bot.sample import __main__ as command
from tests.conftest import KEY


def test_it_says_how_it_is_used_and_overwrites_nothing(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"usage: python -m bot\.sample FILE\.db"):
        command.main([])
    there = tmp_path / "there.db"
    there.write_bytes(b"mine")
    with pytest.raises(SystemExit, match="is there already"):
        command.main([str(there)])
    assert there.read_bytes() == b"mine"


def test_without_keys_nothing_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ENCRYPTION_KEYS", raising=False)
    with pytest.raises(SystemExit, match="ENCRYPTION_KEYS is not set"):
        command.main(["new.db"])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_the_line_it_prints_leads_a_command_to_the_sample(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ENCRYPTION_KEYS", KEY)
    command.main(["new.db"])
    for setting in capsys.readouterr().out.split():
        name, _, value = setting.partition("=")
        monkeypatch.setenv(name, value)
    from bot.commands.auditing import verify  # noqa: PLC0415 - it reads the settings
    from bot.commands.figures import show_figures  # noqa: PLC0415 - the same

    verify("")
    year = datetime.now().year  # noqa: DTZ005 - the sample is as of today
    show_figures(date(year - 1, 4, 1), date(year, 3, 31), as_json=False, authority="")
    said = capsys.readouterr().out
    assert "The history stands as it was written." in said
    assert "Ann Lee" in said
