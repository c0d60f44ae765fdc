"""`report annual`: the year's report and its tables, written to a folder."""

from pathlib import Path

import typer

from bot.commands.opening import opened
from bot.commands.progress import progress_bar
from bot.documents.annual_report import all_files
from bot.documents.folder import make_folder, write_whole
from handlers.figures.named_year import period_of, year_named
from handlers.report.gathering import gathered


def annual(year: str, out: Path, *, public: bool, authority: str) -> None:
    """Write every file of the report and print where; nothing is written when the year is wrong."""
    with opened(authority) as data, data.scene(writes=False) as scene:
        asked = year_named(year, scene.today)
        make_folder(out)
        with progress_bar(f"Counting {asked.name}"):
            report = gathered(scene, asked, period_of(asked), public=public)
    with progress_bar("Drawing") as show:
        for made in all_files(report, show):
            write_whole(out / made.name, made.content)
            typer.echo(out / made.name)
