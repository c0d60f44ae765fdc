"""The actions that Teams shows under the box for messages, as the app's manifest names them."""

import json

from bot.teams import packaging
from tests.slack_standin.controls import NotOnScreen
from tests.slack_standin.jsontypes import Json
from tests.teams_standin.state import APP_ID

PLACES = {"compose", "commandBox", "message"}
TITLE_LENGTH = 32
DESCRIPTION_LENGTH = 128


def compose_command(title: str) -> str:
    """The id of the action with that title under the box for messages. Only one that fetches its dialog has one."""
    for one in compose_commands():
        if one["title"] == title and "compose" in one["context"] and one.get("fetchTask") is True:
            return str(one["id"])
    raise NotOnScreen(f"There is no action {title!r} under the box for messages.")


def compose_commands() -> list[Json]:
    """Every action of the manifest, which Teams would refuse to upload were one of them wrong."""
    told: Json = json.loads(packaging.manifest(APP_ID, "https://iro.anyshire.example"))
    (extension,) = told["composeExtensions"]
    assert extension["botId"] == told["bots"][0]["botId"]
    commands: list[Json] = extension["commands"]
    for one in commands:
        assert one["type"] == "action"
        assert 0 < len(one["title"]) <= TITLE_LENGTH
        assert len(one["description"]) <= DESCRIPTION_LENGTH
        assert set(one["context"]) <= PLACES
        assert len(one["id"]) <= 64
    return commands
