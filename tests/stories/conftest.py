"""Stories are told over real HTTP, on SQLite and on PostgreSQL; the smaller ones on SQLite alone.

Those marked `on_both_platforms` are told at Slack and again at Teams, there on SQLite alone; those marked
`slowly_at_teams` are told there with THOROUGH=1, as in CI. So are those marked `slowly_on_postgres` on PostgreSQL: they
tell of a service's own process, which asks nothing of the database that the others do not.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.databases import sqlite_engine
from tests.page_world import page_world
from tests.teams_world import TeamsWorld, teams_world
from tests.world import AnyWorld, World, world

Begin = Callable[..., AnyWorld]
BeginAtSlack = Callable[..., World]
BeginAtTeams = Callable[..., TeamsWorld]
WORLDS: dict[str, Callable[..., AbstractContextManager[AnyWorld]]] = {
    "slack": world,
    "teams": teams_world,
    "page": page_world,
}

on_both_platforms = pytest.mark.parametrize("platform", ["slack", "teams", "page"])
at_teams = pytest.mark.parametrize("platform", ["teams"])
slowly_at_teams = pytest.mark.parametrize(
    "platform", ["slack", pytest.param("teams", marks=pytest.mark.slow), pytest.param("page", marks=pytest.mark.slow)]
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """At Teams a story meets the same database code as at Slack: one database is enough there."""
    items[:] = [item for item in items if not _is_told_often_enough(item)]


def _is_told_often_enough(item: pytest.Item) -> bool:
    given = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
    return (given.get("platform"), given.get("engine")) in (("teams", "postgresql"), ("page", "postgresql"))


def _beginning(engine: Engine, platform: str) -> Iterator[Callable[..., AnyWorld]]:
    with ExitStack() as stack:

        def started(now: datetime, procedures: str = "handbook", **more: float) -> AnyWorld:
            return stack.enter_context(WORLDS[platform](engine, now, procedures, **more))

        yield started


@pytest.fixture
def platform() -> str:
    """Where the people of a story are, unless it is told on both platforms."""
    return "slack"


@pytest.fixture
def begin(engine: Engine, platform: str) -> Iterator[Begin]:
    """Begin a story at a moment, under the procedures named."""
    yield from _beginning(engine, platform)


@pytest.fixture
def begin_briefly(tmp_path: Path, platform: str) -> Iterator[Begin]:
    """Begin a small story, on SQLite alone."""
    for engine in sqlite_engine(tmp_path):
        yield from _beginning(engine, platform)
