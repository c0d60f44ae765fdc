"""How late messages are: from the moment that made them due to the platform's answer that they stand."""

from datetime import timedelta

from prometheus_client import CollectorRegistry, Histogram

NAME = "iro_bot_lateness_seconds"
SAYS = (
    "Seconds from when a message was due until it was sent: since its reminder first fell due, or somebody did "
    "something; of what waits for working hours, since they began."
)
BUCKETS = (0.5, 1, 2, 5, 10, 30, 60, 120, 300, 900, 3600, 14400, 86400)


class Lateness:
    """One for the process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry(auto_describe=False)
        self._seconds = Histogram(NAME, SAYS, buckets=BUCKETS, registry=self.registry)

    def note(self, late: timedelta) -> None:
        """One message arrived, so late."""
        self._seconds.observe(max(late.total_seconds(), 0.0))
