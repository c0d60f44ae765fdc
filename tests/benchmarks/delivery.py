"""How soon many messages arrive where Slack's limits are kept: one a second to a person, 300 a minute in all.

The product's sender at work in real time, against the stand-in that answers 429 to whatever is too much. A burst is
owed in one workspace, a few in another, and an urgent one in the midst of the burst. Target (T6): at most 1.1 times
the least that an even five a second allows, no 429 ignored, no workspace held up by the other, nothing urgent held up
by the burst. A burst of less than 300 may be sooner than that: the limit counts whole minutes.
"""

import asyncio
import sys
import threading
import time
from argparse import Namespace
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Engine

from bot.clock import real_clock
from bot.compose import counting_pauses
from bot.delivery.sender import Sender
from bot.delivery.works import Works
from bot.slack.clients import SlackClients
from bot.slack.platform import SlackPlatform
from handlers.cards import Card
from storage import addresses, outbox
from storage.connections import ANY_DOMAIN, Connection
from storage.database import transaction
from storage.outbox import Outbox, OutboxState
from storage.people import Person
from tests.benchmarks.durable import durable
from tests.benchmarks.method import Sheet, arguments, say, sheet
from tests.slack_standin import SlackStandIn
from tests.slack_standin.rates import POSTS_PER_WORKSPACE, WINDOW_SECONDS

BURST, OTHER = ("anyshire", "T0ANYSHIRE", "xoxb-standin"), ("otherton", "T0OTHER", "xoxb-other")
FEW = 20
POST = "chat.postMessage"
SHOWS_NOT = (
    "Slack's own limit for a workspace, to which it puts no number: 300 a minute is assumed.",
    "what a network adds to each post.",
)


def main(asked: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = arguments(__doc__ or "", rounds=1)
    parser.add_argument("--messages", type=int, default=360, help="in the burst")
    parser.add_argument("--people", type=int, default=90, help="among whom they are spread evenly")
    parser.add_argument("--urgent-after", type=float, default=10.0, help="seconds until the urgent one is owed")
    given = parser.parse_args(asked)
    with sheet("delivery", given, shows_not=SHOWS_NOT) as found:
        for kind in given.on:
            for _ in range(given.rounds):
                with durable(kind) as engine, SlackStandIn(enforce_rates=True) as standin:
                    burst(found, kind, engine, standin, given)


@dataclass(kw_only=True)
class Seen:
    """When the posts were accepted, in seconds from the beginning."""

    burst: list[float]
    other: list[float]
    urgent: float
    refused: int
    too_soon: int


def burst(found: Sheet, kind: str, engine: Engine, standin: SlackStandIn, given: Namespace) -> None:
    """One burst, to its end."""
    standin.add_workspace(OTHER[1], OTHER[2])
    people = [settled(engine, standin, BURST, given.people), settled(engine, standin, OTHER, FEW)]
    owe(engine, BURST[0], people[0], given.messages, "burst")
    owe(engine, OTHER[0], people[1], FEW, "other")
    urgent = threading.Timer(given.urgent_after, lambda: owe(engine, BURST[0], people[0][:1], 1, "urgent", urgent=True))
    began = time.time()
    urgent.start()
    asyncio.run(sent(engine, standin, given.messages + FEW + 1))
    urgent.join()
    seen = looked_at(standin, began, given.urgent_after)
    least = least_seconds(given.messages + 1, given.people)
    found.counted(
        f"{kind}: {given.messages:,} messages to {given.people} people",
        seconds=f"{max(seen.burst):.1f}",
        at_five_a_second=f"{least:.1f}",
        times=f"{max(seen.burst) / least:.2f}",
        answered_429=seen.refused,
        asked_again_too_soon=seen.too_soon,
        the_other_workspace_was_done_after=f"{max(seen.other):.1f}",
        the_urgent_one_took=f"{seen.urgent:.2f}",
    )
    posted = Counter(one.text for one in standin.messages)
    assert max(posted.values()) == 1, "something was said twice"
    say("")


def least_seconds(messages: int, people: int) -> float:
    """The least by the limits: 300 in any minute, and one a second to each person."""
    even = (messages - 1) * WINDOW_SECONDS / POSTS_PER_WORKSPACE
    return max(even, (-(-messages // people) - 1) * 1.0, 1.0)


def settled(engine: Engine, standin: SlackStandIn, where: tuple[str, str, str], number: int) -> list[int]:
    """An authority with its workspace and so many people in it, by id."""
    authority, workspace, token = where
    with transaction(engine, authority) as session:
        session.add(
            Connection(
                platform="slack",
                workspace=workspace,
                bot_token=token,
                installed_at=real_clock(),
                set_domains=ANY_DOMAIN,
            )
        )
        addresses.bind(session, "slack", workspace)
        people = [Person(email=f"p{one}@{authority}.example", name=f"Person {one}") for one in range(number)]
        session.add_all(people)
        session.flush()
        for one in people:
            account = f"U0{authority.upper()}{one.id}"
            standin.add_user(account, one.name, one.email, team=workspace)
            addresses.link(session, one.id or 0, "slack", workspace, account)
        return [one.id or 0 for one in people]


def owe(engine: Engine, authority: str, people: Sequence[int], number: int, name: str, *, urgent: bool = False) -> None:
    """So many, to each in turn."""
    rows = [
        Outbox(
            key=f"{name} {one}",
            kind="test",
            person_id=people[one % len(people)],
            owed_at=real_clock(),
            urgent=urgent,
        )
        for one in range(number)
    ]
    with transaction(engine, authority) as session:
        outbox.add(session, rows)


async def sent(engine: Engine, standin: SlackStandIn, number: int) -> None:
    """Deliver as the loop does, until so many have been sent."""
    clients, tokens = SlackClients(standin.base_url), {BURST[1]: BURST[2], OTHER[1]: OTHER[2]}

    async def token_of(workspace: str) -> str | None:
        return tokens[workspace]

    sender = Sender(
        Works(
            engine=engine,
            clock=real_clock,
            day=real_clock,
            monotonic=counting_pauses,
            platforms={"slack": SlackPlatform(clients, token_of)},
            render=lambda _, row, __: Card(title=row.key),
            shrunk=lambda _, live: Card(title=live.title),
            overtakes=lambda _, __, ___, ____: True,
            delivered=lambda _, __, ___: None,
            undeliverable=lambda _, __, ___, ____: None,
        )
    )
    running: set[asyncio.Task[bool]] = set()
    while await asyncio.to_thread(how_many_sent, engine) < number:
        task = asyncio.create_task(sender.deliver_due())
        running.add(task)
        task.add_done_callback(running.discard)
        await asyncio.sleep(0.25)
    await asyncio.gather(*running)
    await clients.stop()


def how_many_sent(engine: Engine) -> int:
    """Of both authorities."""
    number = 0
    for authority in (BURST[0], OTHER[0]):
        with transaction(engine, authority, writes=False) as session:
            number += outbox.how_many(session, OutboxState.SENT)
    return number


def looked_at(standin: SlackStandIn, began: float, urgent_after: float) -> Seen:
    """What the stand-in saw."""
    calls = standin.calls_of(POST)
    taken = [one for one in calls if one.answer and one.answer.get("ok")]
    refused = [one for one in calls if one.answer and one.answer.get("error") == "ratelimited"]
    at = {str(one.args["text"]): one.at - began for one in taken}
    soon = sum(any(0 < other.at - one.at < 1.0 and other.team == one.team for other in calls) for one in refused)
    return Seen(
        burst=[moment for text, moment in at.items() if text.startswith("burst")],
        other=[moment for text, moment in at.items() if text.startswith("other")],
        urgent=at["urgent 0"] - urgent_after,
        refused=len(refused),
        too_soon=soon,
    )


if __name__ == "__main__":
    main(sys.argv[1:])
