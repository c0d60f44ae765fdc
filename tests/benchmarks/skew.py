"""Clocks that differ: the machine two minutes and two hours ahead of and behind Slack, and one answer in five lost.

Concerns are logged by hand, through the whole product, its clock moved on; a message that got no answer is looked for
after 45 seconds. Beside it stands a sender that looks only at messages that are newer, by its own clock, than its
attempt, and one that sends again what was not answered. Target: nothing lost and nothing twice.
"""

import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta

from slack_sdk import WebClient
from sqlalchemy import Engine
from sqlmodel import select

from storage.database import transaction
from storage.outbox import Outbox, OutboxState
from tests.bench import utc
from tests.benchmarks.durable import durable
from tests.benchmarks.method import arguments, say, sheet
from tests.cast import AUTHORITY, BOT_TOKEN, STAFF, TEAM_MANAGER, settle, slack_id
from tests.slack_standin import SlackStandIn
from tests.slack_standin.faults import Fault
from tests.stories.repeats import log_at_stage_1
from tests.world import World

MORNING = utc("2026-11-30")
AHEAD = (timedelta(), timedelta(minutes=2), timedelta(minutes=-2), timedelta(hours=2), timedelta(hours=-2))
EVERY = 5
"""So many answers, and one is lost."""
POST = "chat.postMessage"
LOOKED_FOR = timedelta(minutes=1)
TOGETHER = timedelta(hours=1)
"""Messages of a kind to one person wait that long for each other."""
SHOWS_NOT = (
    "a clock that changes while a message is on its way: see the leaping clock among the stories.",
    "Slack's own history, which is not always complete at once.",
)


@dataclass(frozen=True, kw_only=True)
class Came:
    """What came of so many messages of which some were not answered."""

    messages: int
    unanswered: int
    lost: int
    doubled: int


def main(asked: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = arguments(__doc__ or "", rounds=1)
    parser.add_argument("--concerns", type=int, default=10, help="logged for each clock, with two messages each")
    given = parser.parse_args(asked)
    with sheet("skew", given, shows_not=SHOWS_NOT) as found:
        for kind in given.on:
            for ahead in AHEAD:
                with durable(kind) as engine:
                    ours = lived(engine, ahead, given.concerns)
                found.counted(f"{kind}: the product, {words(ahead)}", **vars(ours))
        for ahead in AHEAD:
            for name, looks in (("looks for what is newer by its own clock", True), ("sends again", False)):
                theirs = naive(ahead, 2 * given.concerns, looks=looks)
                found.counted(f"a sender that {name}, {words(ahead)}", **vars(theirs))
        say("")


def words(ahead: timedelta) -> str:
    """How far the machine is ahead of Slack."""
    if not ahead:
        return "the same clock"
    return f"{abs(ahead)} {'ahead of' if ahead > timedelta() else 'behind'} Slack"


def lived(engine: Engine, ahead: timedelta, concerns: int) -> Came:
    """Log concerns, and wait after each until what was not answered has been looked for."""
    cast, now = settle(engine), [MORNING]

    def at_slack() -> float:
        return (now[0] - ahead).timestamp()

    with ExitStack() as stack:
        standin = stack.enter_context(SlackStandIn(clock=at_slack, hurry=False))
        for login, name, *_ in STAFF:
            standin.add_user(slack_id(login), name, f"{login}@anyshire.example")
        world = World(engine=engine, standin=standin, now=MORNING, cast=cast)
        world.start(stack)
        world.beat()
        lose_answers(standin, 2 * concerns)
        for _ in range(concerns):
            now[0] = world.now
            log_at_stage_1(world)
            for span in (*[LOOKED_FOR] * 3, TOGETHER):
                world.wait(span)
                now[0] = world.now
        with transaction(engine, AUTHORITY, writes=False) as session:
            rows = session.exec(select(Outbox)).all()
        posted = [one for one in standin.messages if one.metadata]
        keys = Counter(str(one.metadata["event_payload"]["key"]) for one in posted if one.metadata)
        assert world.inbox(TEAM_MANAGER), "nobody was told"
    return Came(
        messages=len(rows),
        unanswered=min(len(standin.calls_of(POST)), 2 * concerns) // EVERY,
        lost=sum(row.state is not OutboxState.SENT for row in rows if row.bundle_id is None and not held(row, now[0])),
        doubled=sum(keys.values()) - len(keys),
    )


def held(row: Outbox, now: datetime) -> bool:
    """Whether it waits for working hours: the last of them come in the evening."""
    return row.held_until is not None and row.held_until > now


def lose_answers(standin: SlackStandIn, messages: int) -> None:
    """Of every five posts the last is accepted and not answered."""
    for number in range(messages):
        standin.faults.add(POST, 1, Fault(drop_reply=number % EVERY == EVERY - 1))


def naive(ahead: timedelta, messages: int, *, looks: bool) -> Came:
    """A sender of its own: what was not answered is looked for since its attempt, or sent again at once."""
    now, unanswered = MORNING, 0
    with SlackStandIn(clock=(now - ahead).timestamp) as standin:
        standin.add_user("U0ONE", "One")
        lose_answers(standin, messages)
        client = WebClient(token=BOT_TOKEN, base_url=standin.base_url, retry_handlers=[])
        channel = client.conversations_open(users="U0ONE")["channel"]["id"]
        for number in range(messages):
            try:
                client.chat_postMessage(channel=channel, text=f"m{number}")
            except OSError:
                unanswered += 1
                since = str(now.timestamp())
                found = client.conversations_history(channel=channel, oldest=since, inclusive=True) if looks else None
                if found is None or f"m{number}" not in {one["text"] for one in found["messages"]}:
                    client.chat_postMessage(channel=channel, text=f"m{number}")
        posted = Counter(one.text for one in standin.messages)
    doubled = sum(posted.values()) - len(posted)
    return Came(messages=messages, unanswered=unanswered, lost=messages - len(posted), doubled=doubled)


if __name__ == "__main__":
    main(sys.argv[1:])
