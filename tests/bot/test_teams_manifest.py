"""The package names the bot it is made for, holds what Teams asks for, and offers commands that there are."""

import json
import struct
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest

from bot.reception import lines
from bot.settings import Settings, WrongSetting
from bot.teams import packaging, parsing
from handlers.command_words import COMMANDS
from tests.teams_standin.composing import compose_commands
from tests.teams_standin.state import APP_ID

SIDES = {"color.png": 192, "outline.png": 32}


def settings(**more: str) -> Settings:
    given = {"teams_app_id": APP_ID, "public_url": "https://iro.anyshire.example", **more}
    return Settings.model_validate(given)


def manifest() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(packaging.manifest(APP_ID, "https://iro.anyshire.example"))
    return read


def test_the_package_holds_the_manifest_of_this_bot_and_its_icons(tmp_path: Path) -> None:
    packaging.write(settings(), tmp_path / "out" / "app.zip")
    with zipfile.ZipFile(tmp_path / "out" / "app.zip") as package:
        assert sorted(package.namelist()) == ["color.png", "manifest.json", "outline.png"]
        told = json.loads(package.read("manifest.json"))
        for icon, side in SIDES.items():
            assert struct.unpack(">II", package.read(icon)[16:24]) == (side, side)
    assert (told["id"], told["bots"][0]["botId"]) == (APP_ID, APP_ID)
    assert "YOUR-" not in json.dumps(told)


def test_the_same_settings_make_the_same_file(tmp_path: Path) -> None:
    for name in ("one.zip", "two.zip"):
        packaging.write(settings(), tmp_path / name)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


@pytest.mark.parametrize("missing", ["teams_app_id", "public_url"])
def test_without_an_id_or_an_address_it_is_refused(tmp_path: Path, missing: str) -> None:
    with pytest.raises(WrongSetting, match=f"{missing.upper()} is missing"):
        packaging.write(settings(**{missing: ""}), tmp_path / "app.zip")


def test_the_package_has_the_version_of_the_project() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
    assert manifest()["version"] == project["project"]["version"]


def test_the_texts_are_within_the_lengths_that_teams_shows() -> None:
    told = manifest()
    assert len(told["name"]["short"]) <= 30
    assert len(told["name"]["full"]) <= 100
    assert len(told["description"]["short"]) <= 80
    assert len(told["description"]["full"]) <= 4000
    assert len(told["developer"]["name"]) <= 32


def test_it_asks_for_no_permission_and_listens_to_nothing_but_what_is_said_to_it() -> None:
    told = manifest()
    assert told["permissions"] == []
    assert "authorization" not in told
    assert "webApplicationInfo" not in told


def test_files_can_be_given_in_the_chat() -> None:
    (bot,) = manifest()["bots"]
    assert bot["supportsFiles"] is True


def test_every_command_in_the_menu_is_one_that_is_answered() -> None:
    (bot,) = manifest()["bots"]
    for commands in bot["commandLists"]:
        assert len(commands["commands"]) <= 12
        for one in commands["commands"]:
            assert lines.line(one["title"])["command"] in COMMANDS
            assert len(one["title"]) <= 32
            assert len(one["description"]) <= 128
    assert {scope for commands in bot["commandLists"] for scope in commands["scopes"]} == set(bot["scopes"])


def test_every_action_under_the_box_for_messages_is_one_that_is_answered() -> None:
    commands = compose_commands()
    assert [one["id"] for one in commands] == [*parsing.COMPOSE_COMMANDS]
    assert {*parsing.COMPOSE_COMMANDS.values()} <= {*COMMANDS}
    assert [one["title"] for one in commands] == ["Log a concern"]
