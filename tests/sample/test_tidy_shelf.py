"""What is kept of councils that were made before: situations stay, days that were begun from and halves go."""

from pathlib import Path

from bot.sample.shelf import Shelf
from bot.sample.situations import SITUATIONS
from scheduling.working_days import local


def test_days_begun_from_before_and_what_was_half_made_go_and_situations_stay(tmp_path: Path) -> None:
    shelf = Shelf(folder=tmp_path)
    version = shelf._version
    begun_from = f"{local(SITUATIONS[0].from_moment):%Y-%m-%dT%H%M}-{version}.db"
    latest = tmp_path / f"2026-12-02T1130-{version}.db"
    stay = {begun_from, f"late-{version}.db", latest.name}
    go = {f"2026-12-01T0910-{version}.db", f"late-{version}.db.new", f"2026-12-01T0911-{version}.db.new.part-wal"}
    for name in stay | go:
        (tmp_path / name).touch()
    shelf.tidy(latest)
    assert {path.name for path in tmp_path.iterdir()} == stay
