"""Two authorities with a tenant each behind one bot: nobody sees, is told, or can act on what belongs to the other."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from bot.authority import establish
from bot.settings import Settings
from storage import children
from storage.children import Capacity, Child
from storage.connections import Connection
from storage.database import transaction
from storage.people import Person, PersonRole
from tests.bench import utc
from tests.cast import BEGINNING, CHILD, IRO, TEAM_MANAGER, known_as
from tests.databases import sqlite_engine
from tests.first_lines import undated
from tests.slack_standin.jsontypes import Json
from tests.stories.repeats import LOGGED, WORRY, effects, log_at_stage_1
from tests.teams_standin import Seen, TeamsPerson, activities
from tests.teams_standin.cards import actions
from tests.teams_standin.records import card_of
from tests.teams_world import TeamsWorld, teams_world

MORNING = utc("2026-11-30")
ELSEWHERE = "elsewhere"
FAR_TENANT = "bbbbbbbb-bbbb-4ccc-8ddd-eeeeeeeeeeee"
FAR_WORRY = "The placement abroad was agreed by nobody."
FAR_MANAGER, FAR_WORKER, FAR_IRO = "mia.stone", "wyn.price", "ira.bell"
FAR_STAFF = (
    (FAR_MANAGER, "Mia Stone", "team_manager", None),
    (FAR_WORKER, "Wyn Price", "social_worker", FAR_MANAGER),
    (FAR_IRO, "Ira Bell", "iro", None),
)
NEEDS_REPLY = "Please reply to C-1"


@dataclass
class TwoTenants:
    """Anyshire as in every story, and another authority with its own tenant beside it."""

    world: TeamsWorld
    far: dict[str, TeamsPerson]

    def far_log(self) -> Seen:
        """The other authority's IRO logs a concern about their own child of the same reference."""
        ira = self.far[FAR_IRO]
        seen = ira.submit(ira.command(f"/concern {CHILD}"), {**LOGGED, "What are we worried about?": FAR_WORRY})
        self.world.beat()
        return seen

    def far_titles(self, who: str) -> list[str]:
        """What somebody of the other tenant was told."""
        return [undated(message.text) for message in self.far[who].messages]


@pytest.fixture
def two(tmp_path: Path) -> Iterator[TwoTenants]:
    """Both at work, on SQLite."""
    for engine in sqlite_engine(tmp_path):
        with teams_world(engine, MORNING) as world:
            yield TwoTenants(world=world, far=beside(world))


def beside(world: TeamsWorld) -> dict[str, TeamsPerson]:
    """Settle the other authority in the same database, and seat its people."""
    establish(world.engine, Settings(authority=ELSEWHERE), world.now)
    far = {}
    with transaction(world.engine, ELSEWHERE) as session:
        session.add(Connection(platform="teams", workspace=FAR_TENANT, installed_at=world.now))
        ids: dict[str, int] = {}
        for login, name, role, manager in FAR_STAFF:
            user = world.standin.add_user(login, name, f"{login}@elsewhere.example", tenant=FAR_TENANT)
            far[login] = TeamsPerson(world.standin, world.people[IRO].bot_url, user)
            boss = ids[manager] if manager else None
            person = Person(email=user.email, name=name, manager_id=boss, welcomed_on=BEGINNING)
            session.add(person)
            session.flush()
            assert person.id is not None
            ids[login] = person.id
            known_as(session, person.id, FAR_TENANT, teams=user.aad_object_id)
            session.add(PersonRole(person_id=person.id, role=role, from_on=BEGINNING))
        child = Child(reference=CHILD)
        session.add(child)
        session.flush()
        children.allocate(session, child, Capacity.IRO, ids[FAR_IRO], BEGINNING)
        children.allocate(session, child, Capacity.HOLDER, ids[FAR_WORKER], BEGINNING)
    for one in far.values():
        one.install()
    return far


@pytest.mark.slow
def test_the_same_reference_means_each_authoritys_own_concern_and_only_its_own_people_are_told(two: TwoTenants) -> None:
    world = two.world
    log_at_stage_1(world)
    assert "C-1 is logged at stage 1" in two.far_log().text
    assert world.titles(TEAM_MANAGER) == two.far_titles(FAR_MANAGER) == [NEEDS_REPLY]
    ours, theirs = world.command(IRO, "/concern C-1").text, two.far[FAR_IRO].command("/concern C-1").text
    assert (WORRY in ours, FAR_WORRY in ours) == (True, False)
    assert (WORRY in theirs, FAR_WORRY in theirs) == (False, True)

    world.go_to_day(date(2026, 12, 15))
    assert any(title.startswith("No reply to C-1") for title in world.titles(IRO))
    assert any(title.startswith("No reply to C-1") for title in two.far_titles(FAR_IRO))
    tenants = {user.aad_object_id: user.tenant for user in world.standin.users.values()}
    assert all(tenants[message.user] == message.tenant for message in world.standin.messages)


@pytest.mark.slow
def test_a_button_or_form_of_one_authority_sent_from_the_other_reaches_nothing_of_the_first(two: TwoTenants) -> None:
    world, far = two.world, two.far[FAR_MANAGER]
    log_at_stage_1(world)
    card = card_of(world.last(TEAM_MANAGER).activity)
    form = world.press(TEAM_MANAGER, "Reply")
    assert card is not None
    assert form.view is not None
    before = effects(world)
    values = {"answer": "agreed_done", "words": "It is done."}
    stolen: list[tuple[str, Json]] = [("task/fetch", one["data"]) for one in actions(card)]
    stolen += [("task/submit", {**one["data"], **values}) for one in actions(form.view.card)]
    for name, data in stolen:
        told = far.invoke(activities.invoke(far.activity("invoke"), name, activities.fetched(data)))
        assert WORRY not in json.dumps(told)
        assert "Sunil Rao" not in json.dumps(told)
    world.beat()
    assert effects(world) == before


def test_an_account_means_nothing_outside_its_tenant(two: TwoTenants) -> None:
    world, ann = two.world, two.world.people[IRO]
    log_at_stage_1(world)
    before = effects(world)
    moved = activities.typed(ann.activity("message"), "concern C-1")
    moved["conversation"]["tenantId"] = moved["channelData"]["tenant"]["id"] = FAR_TENANT
    moved["from"]["id"] = "29:somebody"
    ann.delivery.send(moved)
    told = json.dumps(world.standin.chat_of(ann.user)[-1].activity)
    assert "I do not know you in this service yet." in told
    assert "C-1" not in told
    assert effects(world) == before
