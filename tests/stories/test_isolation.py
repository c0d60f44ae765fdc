"""Two authorities in one database: nobody sees, is told, or can act on what belongs to the other."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest

from bot.authority import establish
from bot.settings import Settings
from bot.slack.installed import connect
from storage import authorities, children
from storage.children import Capacity, Child
from storage.database import transaction
from storage.people import Person, PersonRole
from tests.bench import utc
from tests.cast import BEGINNING, CHILD, IRO, STAFF, TEAM_MANAGER, WORKSPACE, known_as, slack_id
from tests.slack_standin import Seen, SlackPerson
from tests.slack_standin.delivery import Delivery
from tests.slack_standin.jsontypes import Json
from tests.slack_standin.payloads import app_uninstalled
from tests.stories.conftest import BeginAtSlack
from tests.stories.repeats import LOGGED, WORRY, effects, log_at_stage_1
from tests.world import SIGNING_SECRET, World

MORNING = utc("2026-11-30")
ELSEWHERE = "elsewhere"
FAR_WORKSPACE = "T0ELSEWHERE"
FAR_TOKEN = "xoxb-elsewhere"
FAR_WORRY = "The placement abroad was agreed by nobody."
FAR_IRO = "U0FARIRO"
# The user id that Ann Lee has in Anyshire: a Slack id means nothing outside its workspace.
FAR_MANAGER = slack_id(IRO)
FAR_WORKER = "U0FARWORKER"
FAR_STAFF = (
    (FAR_MANAGER, "Mia Stone", "team_manager", None),
    (FAR_WORKER, "Wyn Price", "social_worker", FAR_MANAGER),
    (FAR_IRO, "Ira Bell", "iro", None),
)


@dataclass
class TwoAuthorities:
    """Anyshire as in every story, and another authority with its own workspace beside it."""

    world: World
    far: dict[str, SlackPerson]

    def far_log(self) -> Seen:
        """The other authority's IRO logs a concern about their own child of the same reference."""
        ira = self.far[FAR_IRO]
        seen = ira.submit(ira.command(f"/concern {CHILD}"), {**LOGGED, "What are we worried about?": FAR_WORRY})
        self.world.beat()
        return seen

    def told(self, user: str, team: str) -> list[str]:
        """What somebody of one workspace was told there, as first posted."""
        return [str(one.versions[0]["text"]) for one in self.world.standin.messages_to(user, team)]


@pytest.fixture
def two(begin: BeginAtSlack) -> TwoAuthorities:
    """On SQLite and on PostgreSQL."""
    return beside(begin(MORNING))


@pytest.fixture
def two_briefly(begin_briefly: BeginAtSlack) -> TwoAuthorities:
    """On SQLite alone."""
    return beside(begin_briefly(MORNING))


def beside(world: World) -> TwoAuthorities:
    """Settle the other authority in the same database."""
    establish(world.engine, Settings(authority=ELSEWHERE), world.now)
    connect(world.engine, ELSEWHERE, FAR_WORKSPACE, FAR_TOKEN, world.now)
    with transaction(world.engine, ELSEWHERE) as session:
        ids: dict[str, int] = {}
        for user, name, role, manager in FAR_STAFF:
            email = f"{name.lower().replace(' ', '.')}@elsewhere.example"
            person = Person(email=email, name=name, manager_id=ids[manager] if manager else None, welcomed_on=BEGINNING)
            session.add(person)
            session.flush()
            assert person.id is not None
            ids[user] = person.id
            known_as(session, person.id, FAR_WORKSPACE, slack=user)
            session.add(PersonRole(person_id=person.id, role=role, from_on=BEGINNING))
        child = Child(reference=CHILD)
        session.add(child)
        session.flush()
        children.allocate(session, child, Capacity.IRO, ids[FAR_IRO], BEGINNING)
        children.allocate(session, child, Capacity.HOLDER, ids[FAR_WORKER], BEGINNING)
    world.standin.add_workspace(FAR_WORKSPACE, FAR_TOKEN, name="Elsewhere")
    for user, name, *_ in FAR_STAFF:
        world.standin.add_user(user, name, team=FAR_WORKSPACE)
    address = world.people[IRO].bot_url
    far = {user: SlackPerson(world.standin, address, SIGNING_SECRET, FAR_WORKSPACE, user) for user, *_ in FAR_STAFF}
    return TwoAuthorities(world=world, far=far)


@pytest.mark.slow
@pytest.mark.slowly_on_postgres
def test_the_same_reference_means_each_authoritys_own_concern_and_only_its_own_people_are_told(
    two: TwoAuthorities,
) -> None:
    world = two.world
    log_at_stage_1(world)
    assert "C-1 is logged at stage 1" in two.far_log().text
    assert two.told(slack_id(TEAM_MANAGER), WORKSPACE) == ["Please reply to C-1 by Mon 14 Dec"]
    assert two.told(FAR_MANAGER, FAR_WORKSPACE) == ["Please reply to C-1 by Mon 14 Dec"]
    assert two.told(slack_id(IRO), WORKSPACE) == []

    ours, theirs = world.command(IRO, "/concern C-1").text, two.far[FAR_IRO].command("/concern C-1").text
    assert (WORRY in ours, FAR_WORRY in ours) == (True, False)
    assert (WORRY in theirs, FAR_WORRY in theirs) == (False, True)

    world.go_to_day(date(2026, 12, 14))
    world.wait(timedelta(hours=9))
    assert two.told(slack_id(IRO), WORKSPACE)[-1].startswith("No reply to C-1")
    assert two.told(FAR_IRO, FAR_WORKSPACE)[-1].startswith("No reply to C-1")
    ours_by_id = {slack_id(login) for login, *_ in STAFF}
    for message in world.standin.messages:
        assert message.user in (ours_by_id if message.team == WORKSPACE else {user for user, *_ in FAR_STAFF})


@pytest.mark.slow
def test_what_exists_only_in_the_other_authority_sounds_like_what_exists_nowhere(
    two_briefly: TwoAuthorities,
) -> None:
    world, far = two_briefly.world, two_briefly.far[FAR_MANAGER]
    log_at_stage_1(world)
    log_at_stage_1(world)
    before = effects(world)
    for words in ("", " reply", " stage 2", " close", " history"):
        there, nowhere = far.command(f"/concern C-2{words}").text, far.command(f"/concern C-77{words}").text
        assert there == nowhere.replace("C-77", "C-2")
    assert effects(world) == before


def test_a_button_and_a_form_of_one_authority_sent_from_the_other_reach_nothing_of_the_first(
    two_briefly: TwoAuthorities,
) -> None:
    world, far = two_briefly.world, two_briefly.far[FAR_MANAGER]
    log_at_stage_1(world)
    before = effects(world)
    asked = world.last(TEAM_MANAGER)
    carried_over = replace(asked, team=FAR_WORKSPACE, user=FAR_MANAGER)
    said = far.press(carried_over, "Reply")
    assert "There is no C-1 here that you can open" in said.text
    assert effects(world) == before


def test_members_of_one_authority_who_visit_the_others_workspace_are_strangers_there(
    two_briefly: TwoAuthorities,
) -> None:
    world = two_briefly.world
    log_at_stage_1(world)
    world.standin.add_user(FAR_IRO, "Ira Bell", "ira.bell@elsewhere.example", team=WORKSPACE)
    guest = SlackPerson(world.standin, world.people[IRO].bot_url, SIGNING_SECRET, WORKSPACE, FAR_IRO)
    before = effects(world)
    for line in ("/concern", "/concern C-1", f"/concern {CHILD}", "/iro help"):
        assert guest.command(line).text.startswith("I do not know you in this service yet.")
    assert effects(world) == before


def test_somebody_of_another_workspace_is_nobody_here_even_under_the_same_user_id(
    two_briefly: TwoAuthorities,
) -> None:
    world = two_briefly.world
    log_at_stage_1(world)
    person, asked = world.people[TEAM_MANAGER], world.last(TEAM_MANAGER)
    person._delivery = FromAnotherWorkspace(person._delivery)
    assert "I do not know you in this service yet." in person.press(asked, "Reply").text
    assert "I do not know you in this service yet." in person.press(asked, "Open").text


@dataclass
class FromAnotherWorkspace:
    """Slack Connect: what is done here is done by a member of another workspace."""

    delivery: Delivery

    def command(self, form: dict[str, str]) -> Json:
        """Slash commands are not offered to them."""
        raise NotImplementedError

    def interaction(self, payload: Json) -> Json:
        """A press, with the person's own workspace beside their id."""
        return self.delivery.interaction(payload | {"user": payload["user"] | {"team_id": FAR_WORKSPACE}})

    def event(self, payload: Json, retry: int = 0) -> Json:
        """Unchanged."""
        return self.delivery.event(payload, retry)


def test_what_befalls_one_workspace_leaves_the_other_alone(two: TwoAuthorities) -> None:
    world = two.world
    world.standin.workspace(FAR_WORKSPACE).token_error = "token_revoked"
    two.far[FAR_IRO].event(app_uninstalled())
    log_at_stage_1(world)
    assert two.told(slack_id(TEAM_MANAGER), WORKSPACE) == ["Please reply to C-1 by Mon 14 Dec"]
    assert two.far[FAR_IRO].command("/concern C-1").text.startswith("This workspace is not connected")


def test_an_authority_whose_procedures_are_lost_does_not_stop_the_clocks_of_the_other(
    two_briefly: TwoAuthorities, caplog: pytest.LogCaptureFixture
) -> None:
    world = two_briefly.world
    with transaction(world.engine, ELSEWHERE) as session:
        lost = authorities.find(session, ELSEWHERE)
        assert lost is not None
        lost.procedures_digest = "of a text that nobody has"
    world.go_to_day(date(2026, 12, 1))
    assert "daily duties of the authority elsewhere were left undone" in caplog.text
    log_at_stage_1(world)
    assert two_briefly.told(slack_id(TEAM_MANAGER), WORKSPACE) == ["Please reply to C-1 by Tue 15 Dec"]
