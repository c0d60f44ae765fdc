"""What delivery has done since the program began, for /metrics."""

from dataclasses import dataclass


@dataclass(kw_only=True)
class Counters:
    """Messages by what became of them. Touched on the event loop alone."""

    sent: int = 0
    repeated: int = 0  # sent once more and marked so, nobody knowing whether the first arrived
    failed: int = 0  # given up, and the IRO manager told
    dropped: int = 0  # no longer needed when their turn came
    ambiguous: int = 0  # attempts without an answer
    found: int = 0  # of those, the ones that turned out to have arrived
    postponed: int = 0
    shrunk: int = 0
    broken: int = 0  # workspaces whose turn ended in an error of ours, and handlers that failed
