"""The manifest by Microsoft's published schema of its version."""

import json

import pytest
from jsonschema.validators import validator_for

from bot.teams.packaging import manifest
from tests.e2e.preparing import MANIFESTS, package
from tests.slack_standin.jsontypes import Json
from tests.teams_standin import APP_ID


def problems(told: Json) -> list[str]:
    """What the schema of the manifest's own version has against it."""
    folder = package(MANIFESTS[0]) / "build" / "json-schemas" / "teams" / f"v{told['manifestVersion']}"
    schema = json.loads((folder / "MicrosoftTeams.schema.json").read_text(encoding="utf-8-sig"))
    return [f"{error.json_path}: {error.message}" for error in validator_for(schema)(schema).iter_errors(told)]


def ours() -> Json:
    told: Json = json.loads(manifest(APP_ID, "https://concerns.anyshire.example"))
    return told


def test_the_manifest_is_valid_by_its_schema() -> None:
    assert problems(ours()) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "no id"},
        {"name": {"short": "a" * 31, "full": "b"}},
        {"bots": [{"botId": APP_ID, "scopes": ["everywhere"]}]},
        {"somethingElse": True},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_the_schema_would_say_what_is_wrong(wrong: Json) -> None:
    assert problems(ours() | wrong) != []
