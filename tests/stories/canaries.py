"""Words that no product ever says, and all that leaves the product but the words inside forms, to look for them in."""

import json
import re
from collections.abc import Iterator

from tests.bot.reading_documents import everything_in
from tests.page_world import PageWorld
from tests.slack_standin.fields import fields
from tests.slack_standin.jsontypes import Json
from tests.teams_standin.cards import actions, inputs
from tests.teams_world import TeamsWorld
from tests.world import AnyWorld, World

DIALOGS = ("task/fetch", "task/submit", "composeExtension/fetchTask", "composeExtension/submitAction")
CANARY = re.compile(r"quetzal\d+")


class Canaries:
    """Words that no product ever says, a new one for every field."""

    def __init__(self) -> None:
        self.number = 0
        self.of: dict[str, str] = {}

    def __call__(self, where: str) -> str:
        self.number += 1
        self.of[where] = f"quetzal{self.number}"
        return f"It says {self.of[where]} here."


def outside_of_forms(world: AnyWorld) -> Iterator[tuple[str, str]]:
    """All that the platform was given but the words inside forms: (where, text)."""
    if isinstance(world, TeamsWorld):
        yield from outside_of_dialogs(world)
    if isinstance(world, PageWorld):
        yield from outside_of_the_page_s_forms(world)
    if isinstance(world, World):
        yield from outside_of_modals(world)


def outside_of_modals(world: World) -> Iterator[tuple[str, str]]:
    """The same at Slack."""
    for message in [*world.standin.messages, *world.standin.ephemerals]:
        for version in message.versions or [{"text": message.text, "blocks": message.blocks}]:
            yield f"a message to {message.user}", json.dumps(version, ensure_ascii=False)
    for held in world.standin.files:
        yield f"the file {held.name}", everything_in(held.content or b"")
    for post in world.standin.response_urls:
        yield "an answer to a response address", json.dumps(post.payload, ensure_ascii=False)
        yield "a response address", post.address
    for call in world.standin.calls:
        if not call.method.startswith("views."):
            yield f"a call of {call.method}", json.dumps(call.args, ensure_ascii=False, default=str)
    for view in world.standin.views:
        for drawn in view.versions:
            yield f"the frame of a form of {view.user}", json.dumps(_frame(drawn), ensure_ascii=False)


def outside_of_the_page_s_forms(world: PageWorld) -> Iterator[tuple[str, str]]:
    """The same at the built-in page: what stands in chats, and what a form carries beside its fields."""
    for login, person in world.people.items():
        for message in [*person.messages, *person.answers]:
            for version in message.versions:
                yield f"a message to {login}", json.dumps(version, ensure_ascii=False, default=str)
        for frame in person.frames:
            yield f"the frame of a form of {login}", frame


def outside_of_dialogs(world: TeamsWorld) -> Iterator[tuple[str, str]]:
    """The same at Teams."""
    for message in world.standin.messages:
        for version in message.versions:
            yield f"a message to {message.user}", json.dumps(version, ensure_ascii=False)
    for call in world.standin.calls:
        yield f"a call to {call.operation}", json.dumps([call.path, call.body], ensure_ascii=False)
    for exchange in world.standin.exchanges:
        if exchange.sent["name"] not in DIALOGS:
            yield f"the answer to {exchange.sent['name']}", json.dumps(exchange.answer, ensure_ascii=False)
    for dialog in world.standin.dialogs:
        for drawn in dialog.versions:
            yield f"the frame of a dialog of {dialog.user}", json.dumps(_carried(drawn), ensure_ascii=False)


def _carried(drawn: Json) -> list[str]:
    """What of a dialog is not words to read: its title, the ids of its inputs and what its buttons carry."""
    ids = [str(one["id"]) for one in inputs(drawn["card"]) if one["id"] != "significant_harm"]
    return [str(drawn["title"]), *ids, *(json.dumps(one.get("data")) for one in actions(drawn["card"]))]


def _frame(view: Json) -> list[str]:
    """What of a form is not words to read: its title and ids, what it carries unseen, what its buttons carry.

    The values of choices are the keys of the choices on the screen, which only the form's reader gets.
    """
    held = [str(view.get(key)) for key in ("callback_id", "private_metadata", "external_id", "title")]
    held += [str(block.get("block_id")) for block in view["blocks"] if "significant_harm" not in str(block)]
    for block in view["blocks"]:
        for element in block.get("elements", []):
            held += [str(element.get("action_id")), str(element.get("value"))]
    held += [one.action_id for one in fields(view["blocks"]) if one.action_id != "significant_harm"]
    return held
