"""How long delivery waits for what; in seconds. Where the numbers come from stands beside each."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, kw_only=True)
class Timing:
    """The waits of a sender. A benchmark may shorten them; the proportions have to stay.

    No message came twice while lease > client timeout + late acceptance + pause (decision 3): a post is begun
    only with half the lease left, and lasts 15 s at most.
    """

    lease: float = 120.0
    # From the start of an attempt to its look-up: the client's 15 s, and 30 s in which a platform may still accept.
    settle: float = 45.0
    # The same for a message with a file, which a platform may work off for a while after it has answered.
    settle_file: float = 120.0
    # Slack allows about one message a second in one conversation (docs.slack.dev, rate limits). 0: nobody is spared,
    # nor the workspace, whose pace its platform declares.
    pace: float = 1.0
    # From reading a set of messages to beginning the last post of it: none goes out from a state that is older, and
    # nothing urgent waits longer for the others.
    together: float = 1.0
    first_retry: float = 30.0
    longest_retry: float = 3600.0
    # 30 s doubling up to an hour: the thirtieth attempt is about a day after the first.
    most_attempts: int = 30
    # A file that could not be made or handed over so often (in about 8 minutes) is given up for a message without it.
    most_files: int = 4
    # A workspace that refuses its token is asked again this often.
    workspace_retry: float = 300.0
    # So many failures in a row say more about the workspace than about the messages: it rests.
    failures_in_a_row: int = 3
    rest: float = 30.0

    def retry_in(self, attempts: int, chance: float) -> timedelta:
        """How long a message waits after so many attempts; `chance` in 0..1 spreads it by a quarter each way."""
        doubled = min(self.first_retry * 2.0 ** min(max(attempts, 1) - 1, 30), self.longest_retry)
        return timedelta(seconds=doubled * (0.75 + 0.5 * chance))
