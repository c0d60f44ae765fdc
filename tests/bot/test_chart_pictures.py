"""Charts as pictures: what we write is what was drawn, and drawing starts no threads."""

import io
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bot.documents.charts.drawing import draw
from bot.documents.charts.png import as_png
from handlers.report.pictures import Bar, BarGroup, Bars

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(("high", "broad"), [(1, 1), (3, 5), (64, 201)])
def test_a_picture_is_read_back_dot_by_dot(high: int, broad: int) -> None:
    drawn = np.random.default_rng(high).integers(0, 256, (high, broad, 4), np.uint8)

    with Image.open(io.BytesIO(as_png(drawn, 160))) as read:
        read.load()
        assert (read.format, read.mode) == ("PNG", "RGB")
        assert np.array_equal(np.asarray(read), drawn[:, :, :3])
        assert [round(one) for one in read.info["dpi"]] == [160, 160]


@pytest.mark.parametrize("label", [r"Costs $5 \frac{ or $10^{ more", "From $5 to $10 a day", r"C:\$new"])
def test_a_label_with_the_signs_of_formulas_is_drawn_as_it_is_written(label: str) -> None:
    bars = Bars(groups=(BarGroup(title=label, bars=(Bar(label=label, value=3, said=label),)),))

    written = re.findall(r"<text[^>]*>([^<]*)</text>", draw("figure1", bars).svg)
    assert written == [label] * 3


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="only Linux lists the threads of a process")
def test_the_drawing_library_starts_no_threads_that_would_wait_by_spinning() -> None:
    script = "import os, bot.documents.charts.drawing; print(len(os.listdir('/proc/self/task')))"
    ended = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)

    assert ended.stdout == "1\n"
