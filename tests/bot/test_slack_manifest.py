"""The manifests ask for what the bot uses and nothing more, and the install page explains each part."""

import json
from pathlib import Path
from typing import Any

from bot.slack import parsing
from tests.slack_standin import SCOPES

ROOT = Path(__file__).parents[2]
SLACK = ROOT / "bot" / "slack"
ADDRESS = "https://YOUR-ADDRESS/slack/events"


def manifest(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((SLACK / name).read_text())
    return read


def without_addresses(thing: object) -> object:
    if isinstance(thing, dict):
        left_out = {"url", "request_url", "message_menu_options_url", "redirect_urls", "socket_mode_enabled"}
        return {name: without_addresses(held) for name, held in thing.items() if name not in left_out}
    return [without_addresses(held) for held in thing] if isinstance(thing, list) else thing


def test_every_scope_is_explained_on_the_install_page() -> None:
    page = (ROOT / "docs" / "install-slack.md").read_text()
    scopes = manifest("manifest.json")["oauth_config"]["scopes"]
    assert set(scopes) == {"bot"}
    told = {line.split("`")[1] for line in page.splitlines() if line.startswith("| `") and " | to " in line}
    told |= {"commands"} if "| `commands` |" in page else set()
    assert told == set(scopes["bot"])


def test_the_stand_in_lets_the_bot_do_what_the_manifest_asks_for() -> None:
    assert set(manifest("manifest.json")["oauth_config"]["scopes"]["bot"]) == SCOPES


def test_every_address_is_the_one_the_bot_serves() -> None:
    told = manifest("manifest.json")
    settings = told["settings"]
    addresses = {command["url"] for command in told["features"]["slash_commands"]}
    addresses |= {settings["event_subscriptions"]["request_url"], settings["interactivity"]["request_url"]}
    assert addresses | {settings["interactivity"]["message_menu_options_url"]} == {ADDRESS}


def test_the_shortcut_is_the_one_listened_for() -> None:
    (shortcut,) = manifest("manifest.json")["features"]["shortcuts"]
    assert (shortcut["callback_id"], shortcut["type"]) == (parsing.SHORTCUT, "global")


def test_the_two_manifests_differ_in_addresses_alone() -> None:
    http, socket = manifest("manifest.json"), manifest("manifest-socket-mode.json")
    assert without_addresses(http) == without_addresses(socket)
    assert (http["settings"]["socket_mode_enabled"], socket["settings"]["socket_mode_enabled"]) == (False, True)
    assert "YOUR-ADDRESS" not in json.dumps(socket)


def test_slacks_limits_are_kept() -> None:
    told = manifest("manifest.json")
    shown = told["display_information"]
    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert 174 <= len(shown["long_description"]) <= 4000
    assert "assistant_view" not in told["features"]
