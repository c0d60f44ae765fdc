"""`make demo`: the whole case in the terminal, and the picture of it in the README."""

import html
import re
from pathlib import Path

import pytest

from bot.demo import main

PICTURE = Path(__file__).parents[2] / "docs" / "demo.svg"


@pytest.mark.slow
def test_the_case_is_told_to_its_end_and_reads_as_its_picture_shows(capsys: pytest.CaptureFixture[str]) -> None:
    main()
    told = capsys.readouterr().out
    for who, did in (
        ("Ann Lee (IRO)", "types /concern RO-1042"),
        ("Sunil Rao (Service Manager)", 'sends "Reply to C-1"'),
        ("Ada Frost (Assistant Director)", "presses [Reply]"),
        ("Ann Lee (IRO)", 'sends "Did it last? C-1" (Did it last? Yes, it lasted)'),
    ):
        assert f"{who} {did}" in told
    assert "to Tess Hill, Team Manager" in told
    assert "concerns_by_highest_stage" in told.split("The year's figures")[1]
    drawn = re.findall(r"<text[^>]*>(.*?)</text>", PICTURE.read_text("utf-8"), re.DOTALL)
    lines = [html.unescape(re.sub("<[^>]+>", "", one)).replace("\xa0", " ").strip() for one in drawn]
    assert len(lines) > 30
    assert [line for line in lines if line not in told] == []
