"""Takes the pictures of the README and the guides: `python -m tests.browser.pictures FOLDER` (`make pictures`)."""

import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.browser.room import Tab, chromium, program, tab


def start(room: Tab) -> None:
    """The first screen."""
    room.open("")


def two_seats(room: Tab) -> None:
    """A reply is late: the IRO and the manager side by side."""
    room.begin("A reply is late")
    room.sit("ann-lee", "tess-hill")


def logging_a_concern(room: Tab) -> None:
    """The form in which a concern is logged."""
    room.sit("ann-lee")
    room.type("ann-lee", "/concern AB-1042")
    room.titled("Log a concern")


def replying(room: Tab) -> None:
    """The form in which a manager replies."""
    room.sit("tess-hill")
    room.press("tess-hill", "Reply, C-")
    room.page.locator("#dialog[open]").wait_for()


def urgent(room: Tab) -> None:
    """Urgent at night, on a telephone."""
    room.begin("Urgent, at 9:40 pm")
    room.sit("ida-moss")


def situations(room: Tab) -> None:
    """What to begin from."""
    room.open("situations")


WIDE, PHONE = (1280, 860), (390, 780)
PICTURES: tuple[tuple[str, Callable[[Tab], None], tuple[int, int], bool], ...] = (
    ("start", start, WIDE, False),
    ("situations", situations, WIDE, False),
    ("two-seats", two_seats, WIDE, False),
    ("log-a-concern", logging_a_concern, WIDE, False),
    ("reply", replying, PHONE, False),
    ("urgent-at-night", urgent, PHONE, True),
)


def main(folder: Path) -> None:
    """Take them all, each of a council that was just made."""
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as place, program(Path(place)) as running, chromium() as browser:
        for name, show, (width, height), dark in PICTURES:
            with tab(browser, running.address, width=width, height=height, dark=dark) as room:
                show(room)
                room.page.wait_for_timeout(400)
                room.page.screenshot(path=folder / f"{name}.png")
            sys.stderr.write(f"{folder / name}.png\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
