"""What /metrics shows: each figure is declared once, with what it means. Its name begins with "iro_bot_"."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from platform import python_version

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.delivery.counters import Counters
from bot.running import Measured
from bot.version import version
from bot.watch.lateness import Lateness
from bot.watch.reading import Seen
from bot.watch.trouble import Kind, Trouble
from scheduling.stamps import Stamp
from storage.outbox import OutboxState

PREFIX = "iro_bot_"

Value = tuple[tuple[str, ...], float]
"""What stands in the labels, and the number."""


@dataclass(frozen=True, kw_only=True)
class Figures:
    """All that is shown, of one moment. `messages` and `odd` are None where the database does not answer.

    `offsets`: how many seconds each platform's clock is ahead of ours; `errors`: by platform and kind; `measured`: what
    the platforms say of themselves.
    """

    seen: Seen
    troubles: Sequence[Trouble]
    messages: Mapping[OutboxState, int] | None
    odd: int | None
    counters: Counters
    stamps: Sequence[Stamp]
    statements: int
    planned_again: int
    duties_failed: int
    database: str
    offsets: Mapping[str, float] = field(default_factory=dict)
    errors: Mapping[tuple[str, str], int] = field(default_factory=dict)
    measured: Sequence[Measured] = ()


class Type(StrEnum):
    """Whether it may fall."""

    GAUGE = "gauge"
    COUNTER = "counter"  # its name ends in "_total"


@dataclass(frozen=True, kw_only=True)
class Declared:
    """One figure: its name without the prefix, what it means, its labels, and how it is read."""

    name: str
    says: str
    read: Callable[[Figures], Iterable[Value]]
    labels: tuple[str, ...] = ()
    type: Type = Type.GAUGE

    def family(self, figures: Figures) -> Metric:
        """As Prometheus is given it."""
        kind = CounterMetricFamily if self.type is Type.COUNTER else GaugeMetricFamily
        family = kind(PREFIX + self.name, self.says, labels=self.labels)
        for labels, value in self.read(figures):
            family.add_metric(labels, value)
        return family


def _one(read: Callable[[Figures], float | None]) -> Callable[[Figures], Iterable[Value]]:
    """A figure without labels; nothing where it is not known."""

    def values(figures: Figures) -> Iterator[Value]:
        value = read(figures)
        if value is not None:
            yield (), float(value)

    return values


def _of_loops(read: Callable[[Stamp], float]) -> Callable[[Figures], Iterable[Value]]:
    return lambda figures: [((stamp.loop,), float(read(stamp))) for stamp in figures.stamps]


def _messages(state: OutboxState) -> Callable[[Figures], Iterable[Value]]:
    return _one(lambda figures: figures.messages[state] if figures.messages is not None else None)


def _known(read: Callable[[Seen], float]) -> Callable[[Figures], Iterable[Value]]:
    """Nothing where the database does not answer: 0 would say that all is well."""
    return _one(lambda figures: None if figures.seen.lost else read(figures.seen))


def _troubles(figures: Figures) -> Iterator[Value]:
    for kind in Kind:
        yield (kind.value,), float(sum(one.kind is kind for one in figures.troubles))


def _offsets(figures: Figures) -> Iterator[Value]:
    if figures.database == "postgresql" and not figures.seen.lost:
        yield (figures.database,), figures.seen.skew.total_seconds()
    for platform, seconds in figures.offsets.items():
        yield (platform,), seconds


def _build(figures: Figures) -> Iterator[Value]:
    yield (version(), python_version(), figures.database), 1.0


METRICS: tuple[Declared, ...] = (
    Declared(
        name="ready",
        says="1 while nothing keeps the bot from being ready, as /readyz says; else 0.",
        read=_one(lambda figures: float(not any(one.keeps for one in figures.troubles))),
    ),
    Declared(
        name="troubles",
        says="What is wrong now, by kind; /readyz has a line for each.",
        labels=("kind",),
        read=_troubles,
    ),
    Declared(
        name="database_up",
        says="1 while the database answers.",
        read=_one(lambda figures: float(not figures.seen.lost)),
    ),
    Declared(
        name="nudges_overdue_seconds",
        says="How long the oldest reminder has been due; one that fails counts from when it first fell due.",
        read=_known(lambda seen: seen.overdue_for.total_seconds()),
    ),
    Declared(
        name="nudges_failing",
        says="Reminders that have failed and are tried again.",
        read=_known(lambda seen: seen.failing),
    ),
    Declared(
        name="nudges_planned_again",
        says="Since the start: reminders that were missing and were planned again; the log names each.",
        type=Type.COUNTER,
        read=_one(lambda figures: figures.planned_again),
    ),
    Declared(
        name="duties_failed",
        says="Since the start: daily duties of an authority that were left undone; the log names each.",
        type=Type.COUNTER,
        read=_one(lambda figures: figures.duties_failed),
    ),
    Declared(
        name="oldest_undelivered_seconds",
        says="How long the oldest message has waited that could go, tried or not.",
        read=_known(lambda seen: seen.unsent_for.total_seconds()),
    ),
    Declared(
        name="outbox_owed",
        says="Messages that wait to be sent, those held for working hours too.",
        read=_messages(OutboxState.OWED),
    ),
    Declared(
        name="outbox_attempted",
        says="Messages handed to a platform that has not answered yet.",
        read=_messages(OutboxState.ATTEMPTED),
    ),
    Declared(name="outbox_sent", says="Messages that arrived.", read=_messages(OutboxState.SENT)),
    Declared(
        name="outbox_dropped",
        says="Messages no longer needed when their turn came.",
        read=_messages(OutboxState.DROPPED),
    ),
    Declared(
        name="outbox_failed",
        says="Messages that a platform refused for good; the IRO manager is told.",
        read=_messages(OutboxState.FAILED),
    ),
    Declared(
        name="odd_rows",
        says="Concerns and others that cannot be shown whole, or wait for a day much too far ahead.",
        read=_one(lambda figures: figures.odd),
    ),
    Declared(name="sent", says="Messages sent since the start.", read=_one(lambda figures: figures.counters.sent)),
    Declared(
        name="repeated",
        says="Since the start: messages sent once more, nobody knowing whether the first arrived.",
        read=_one(lambda figures: figures.counters.repeated),
    ),
    Declared(
        name="failed",
        says="Messages given up since the start.",
        read=_one(lambda figures: figures.counters.failed),
    ),
    Declared(
        name="dropped",
        says="Since the start: messages no longer needed when their turn came.",
        read=_one(lambda figures: figures.counters.dropped),
    ),
    Declared(
        name="ambiguous",
        says="Attempts without an answer since the start.",
        read=_one(lambda figures: figures.counters.ambiguous),
    ),
    Declared(
        name="found",
        says="Of the attempts without an answer, those that turned out to have arrived.",
        read=_one(lambda figures: figures.counters.found),
    ),
    Declared(
        name="postponed",
        says="Attempts put off since the start.",
        read=_one(lambda figures: figures.counters.postponed),
    ),
    Declared(
        name="shrunk",
        says="Earlier messages made one line since the start.",
        read=_one(lambda figures: figures.counters.shrunk),
    ),
    Declared(
        name="broken",
        says="Since the start: turns of a workspace, and deeds over one message, that ended in an error of ours.",
        read=_one(lambda figures: figures.counters.broken),
    ),
    Declared(
        name="platform_errors",
        says="Answers of a platform, since the start, by which nothing was posted, or nobody knows.",
        labels=("platform", "kind"),
        type=Type.COUNTER,
        read=lambda figures: [(key, float(number)) for key, number in figures.errors.items()],
    ),
    Declared(
        name="clock_offset_seconds",
        says="How far the clock of a platform, or of PostgreSQL, is ahead of this machine's.",
        labels=("of",),
        read=_offsets,
    ),
    Declared(
        name="loop_silent_seconds",
        says="Seconds since a loop last gave a sign.",
        labels=("loop",),
        read=_of_loops(lambda stamp: stamp.silent_for()),
    ),
    Declared(
        name="loop_turns",
        says="Turns of a loop since the start.",
        labels=("loop",),
        type=Type.COUNTER,
        read=_of_loops(lambda stamp: stamp.turns),
    ),
    Declared(
        name="loop_failures",
        says="Turns of a loop that failed, since the start.",
        labels=("loop",),
        type=Type.COUNTER,
        read=_of_loops(lambda stamp: stamp.failures),
    ),
    Declared(
        name="statements",
        says="Statements given to the database since the start.",
        type=Type.COUNTER,
        read=_one(lambda figures: figures.statements),
    ),
    Declared(
        name="build_info",
        says="1, beside what runs here.",
        labels=("version", "python", "database"),
        read=_build,
    ),
)


class _Fixed(Collector):
    """Families that are made already."""

    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = list(families)

    def collect(self) -> Iterable[Metric]:
        return self._families


def written(figures: Figures, lateness: Lateness) -> bytes:
    """The page, in Prometheus' text form."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Fixed([*(one.family(figures) for one in METRICS), *_of_platforms(figures)]))
    return generate_latest(registry) + generate_latest(lateness.registry)


def _of_platforms(figures: Figures) -> Iterator[Metric]:
    for one in figures.measured:
        yield GaugeMetricFamily(PREFIX + one.name, one.says, value=one.value)
