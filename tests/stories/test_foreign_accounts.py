"""An id of one workspace is nobody's in another, and no foreign workspace's word makes anybody one of our people."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine
from sqlmodel import select

from bot.connecting import connect_by_link
from bot.delivery.lanes import Lane
from bot.settings import Settings
from bot.teams.rates import Rates
from bot.teams.running import connect_tenant
from handlers.imports import ImportRefused, import_staff
from scheduling.procedures import parse_procedures, shipped_text
from storage import addresses, connections
from storage.connections import Connection
from storage.database import transaction
from storage.history import History
from storage.invitations import Invitation, digest_of
from storage.people import Absence
from storage.scope import every_authority
from tests.bench import utc
from tests.cast import (
    AUTHORITY,
    BOT_TOKEN,
    CHILD,
    IRO,
    IRO_MANAGER,
    OTHER_WORKER,
    SOCIAL_WORKER,
    STAFF,
    TEAM_MANAGER,
    WORKSPACE,
    forget_account,
    known_as,
    settle,
    slack_id,
)
from tests.databases import sqlite_engine
from tests.screens import plain_text_of
from tests.slack_standin import SlackPerson, SlackStandIn
from tests.slack_standin.delivery import Delivery
from tests.slack_standin.jsontypes import Json
from tests.stories.conftest import BeginAtSlack
from tests.stories.repeats import effects, log_at_stage_1
from tests.teams_standin import TENANT, TeamsPerson, TeamsStandIn
from tests.teams_standin.delivery import NoAnswer
from tests.teams_standin.state import aad_id
from tests.teams_world import UNPACED, TeamsWorld, teams_settings
from tests.world import SIGNING_SECRET, World

MORNING = utc("2026-12-07")
PARTNER = "T0PARTNER"
SECOND_TENANT = "cccccccc-bbbb-4ccc-8ddd-eeeeeeeeeeee"
UNKNOWN = "I do not know you in this service yet."
HEADER = "email,name,roles,manager_email"


@dataclass(kw_only=True)
class Partnered(World):
    """A second workspace is connected to the same authority by a link; it has whomever it likes under any id."""

    email_domains: str = ""

    def start(self, stack: ExitStack) -> None:
        """With the domains of the story."""
        settings = Settings(
            authority=AUTHORITY,
            slack_signing_secret=SecretStr(SIGNING_SECRET),
            slack_bot_token=SecretStr(BOT_TOKEN),
            slack_api_base_url=self.standin.base_url,
            public_url="https://concerns.anyshire.example",
            email_domains=self.email_domains,
        )
        address = self.serve(stack, settings)
        for login, *_ in STAFF:
            self.people[login] = SlackPerson(self.standin, address, SIGNING_SECRET, WORKSPACE, slack_id(login))

    def join(self, *domains: str) -> None:
        """The partner's workspace comes by a link for these domains."""
        with transaction(self.engine, AUTHORITY) as session:
            session.add(
                Invitation(
                    digest=digest_of("link"),
                    platform="slack",
                    domains=" ".join(domains),
                    made_at=self.now,
                    expires_at=self.now.replace(year=2030),
                )
            )
        lane = Lane(authority=AUTHORITY, platform="slack", workspace=PARTNER)
        connect_by_link(self.engine, lane, self.now, "xoxb-partner", "link")
        self.standin.add_workspace(PARTNER, "xoxb-partner", name="Partner")

    def here(self, user: str, name: str, email: str, *, vouched_for: bool = True) -> SlackPerson:
        """Another account in the authority's own workspace."""
        self.standin.add_user(user, name, email, team=WORKSPACE, vouched_for=vouched_for)
        return SlackPerson(self.standin, self.people[IRO].bot_url, SIGNING_SECRET, WORKSPACE, user)

    def gone(self, login: str) -> None:
        """The account of one of our people there is closed."""
        email = f"{login}@anyshire.example"
        self.standin.add_user(slack_id(login), login, email, team=WORKSPACE, deactivated=True)

    def there(self, user: str, name: str, email: str) -> SlackPerson:
        """Somebody in the partner's workspace, with the address its administrators gave them."""
        self.standin.add_user(user, name, email, team=PARTNER)
        return SlackPerson(self.standin, self.people[IRO].bot_url, SIGNING_SECRET, PARTNER, user)


@contextmanager
def partnered(engine: Engine, *, email_domains: str = "", now: datetime = MORNING) -> Iterator[Partnered]:
    """The product at work in the authority's own workspace."""
    cast = settle(engine)
    with ExitStack() as stack:
        standin = stack.enter_context(SlackStandIn())
        for login, name, *_ in STAFF:
            standin.add_user(slack_id(login), name, f"{login}@anyshire.example")
        world = Partnered(engine=engine, standin=standin, now=now, cast=cast, email_domains=email_domains)
        world.start(stack)
        world.beat()
        yield world
        assert standin.violations == []


@pytest.fixture
def world(engine: Engine) -> Iterator[Partnered]:
    """On SQLite and on PostgreSQL."""
    with partnered(engine) as made:
        yield made


@pytest.mark.slow
@pytest.mark.slowly_on_postgres
def test_an_id_of_ours_in_another_workspace_is_a_stranger_there_and_hears_and_sees_nothing(world: Partnered) -> None:
    log_at_stage_1(world)
    world.join("partner.example")
    same_ids = [
        world.there(slack_id(login), "Somebody Else", f"{login}@partner.example") for login in (IRO, TEAM_MANAGER)
    ]
    before = effects(world)
    for one in same_ids:
        for line in ("/concern C-1", "/concern", f"/concern {CHILD}", "/iro day", "/iro help"):
            assert one.command(line).text.startswith(UNKNOWN)
    carried_over = replace(world.last(TEAM_MANAGER), team=PARTNER)
    assert UNKNOWN in same_ids[1].press(carried_over, "Reply").text
    assert effects(world) == before
    assert (
        "is with the IRO"
        in world.submit(
            TEAM_MANAGER, world.press(TEAM_MANAGER, "Reply"), {"Answer": "Agreed and done", "What will happen": "Done."}
        ).text
    )
    assert [one.team for one in world.standin.messages if one.team == PARTNER] == []


@pytest.mark.slowly_on_postgres
def test_a_colleague_mentioned_by_an_id_is_the_one_of_that_workspace(world: Partnered) -> None:
    world.join()
    away = world.there("U0THERE", "Ann Lee", "ann.lee@anyshire.example")
    with transaction(world.engine, AUTHORITY) as session:
        known_as(session, world.cast.people[SOCIAL_WORKER], PARTNER, slack="U0THERE")
        known_as(session, world.cast.people[TEAM_MANAGER], PARTNER, slack=slack_id(OTHER_WORKER))
    away.command(f"/iro away 14 Dec to 18 Dec cover <@{slack_id(OTHER_WORKER)}>")
    world.command(SOCIAL_WORKER, f"/iro away 21 Dec to 23 Dec cover <@{slack_id(TEAM_MANAGER)}>")
    with transaction(world.engine, AUTHORITY, writes=False) as session:
        # To mypy a column is its value.
        covers = session.exec(select(Absence.cover_id).order_by(Absence.from_on)).all()  # type: ignore[arg-type]
    assert covers == [world.cast.people[TEAM_MANAGER]] * 2


@pytest.mark.slowly_on_postgres
def test_a_foreign_workspace_says_of_nobody_that_they_are_ours_and_is_not_asked_about_them(world: Partnered) -> None:
    forget_account(world.engine, world.cast, TEAM_MANAGER)
    world.join("partner.example")
    impostor = world.there("U0FALSE", "Tess Hill", f"{TEAM_MANAGER}@anyshire.example")
    assert impostor.command("/iro help").text.startswith(UNKNOWN)
    del world.standin.workspace(WORKSPACE).users[slack_id(TEAM_MANAGER)]
    log_at_stage_1(world)
    assert [call.team for call in world.standin.calls_of("users.lookupByEmail")] == [WORKSPACE]
    assert [one for one in world.standin.messages if one.team == PARTNER] == []


@pytest.mark.slowly_on_postgres
def test_who_comes_by_the_domain_of_the_link_is_recognised_there_once(world: Partnered) -> None:
    world.join("anyshire.example")
    forget_account(world.engine, world.cast, TEAM_MANAGER)
    tess = world.there("U0TESS", "Tess Hill", f"{TEAM_MANAGER}@anyshire.example")
    assert not tess.command("/iro help").text.startswith(UNKNOWN)
    twin = world.there("U0TWIN", "Tess Hill", f"{TEAM_MANAGER}@anyshire.example")
    assert twin.command("/iro help").text.startswith(UNKNOWN), "she is linked there to another account"
    below = world.there("U0BELOW", "Ann Lee", f"{IRO}@mail.anyshire.example")
    assert below.command("/iro help").text.startswith(UNKNOWN), "a domain below it is another"
    log_at_stage_1(world)
    assert [(one.team, one.user) for one in world.standin.messages if "Please reply to" in one.text] == [
        (PARTNER, "U0TESS")
    ]
    with transaction(world.engine, AUTHORITY, writes=False) as session:
        theirs = addresses.of_people(session, [world.cast.people[TEAM_MANAGER]])
        (entry,) = session.exec(select(History).where(History.what == "linked to Slack"))
    assert theirs == {world.cast.people[TEAM_MANAGER]: {("slack", PARTNER): "U0TESS"}}
    assert PARTNER in entry.details


@pytest.mark.slow
def test_the_own_workspace_is_believed_about_the_domains_of_the_settings_alone(tmp_path: Path) -> None:
    for engine in sqlite_engine(tmp_path):
        with partnered(engine, email_domains="elsewhere.example") as world:
            forget_account(engine, world.cast, TEAM_MANAGER)
            log_at_stage_1(world)
            assert world.titles(TEAM_MANAGER) == []
            assert world.standin.calls_of("users.lookupByEmail") == []
            assert "addresses at anyshire.example are not recognised there" in plain_text_of(world.last(IRO_MANAGER))
            forget_account(engine, world.cast, SOCIAL_WORKER)
            assert world.command(SOCIAL_WORKER, "/iro help").text.startswith(UNKNOWN)


@pytest.mark.slowly_on_postgres
def test_what_the_settings_no_longer_bind_is_no_longer_believed(world: Partnered) -> None:
    def bound() -> list[tuple[str, str | None]]:
        with transaction(world.engine, None, writes=False) as session, every_authority(session):
            return [(one.workspace, one.set_domains) for one in connections.in_use(session)]

    assert bound() == [(WORKSPACE, "*")]
    with ExitStack() as stack:
        world.email_domains = f"anyshire.example,{PARTNER}:partner.example"
        world.join()
        world.start(stack)
        assert bound() == [(WORKSPACE, "anyshire.example"), (PARTNER, "partner.example")]
    with ExitStack() as stack:
        world.email_domains = ""
        world.start(stack)
        assert bound() == [(WORKSPACE, "*"), (PARTNER, "")]


@dataclass
class OfAnother:
    """What is done in our workspace names another team, as Slack Connect may have it, and none of the person's own."""

    delivery: Delivery

    def command(self, form: dict[str, str]) -> Json:
        """Slash commands are not offered to them."""
        raise NotImplementedError

    def interaction(self, payload: Json) -> Json:
        """A press or a form sent, by somebody whose own team is not said."""
        user = {name: value for name, value in payload["user"].items() if name != "team_id"}
        ours = {"app_installed_team_id": WORKSPACE}
        view = {"view": payload["view"] | ours} if payload.get("view") else {}
        return self.delivery.interaction(payload | view | {"user": user, "team": {"id": PARTNER}})

    def event(self, payload: Json, retry: int = 0) -> Json:
        """Unchanged."""
        return self.delivery.event(payload, retry)


def test_a_form_sent_under_an_id_of_ours_from_another_team_does_nothing(begin_briefly: BeginAtSlack) -> None:
    world = begin_briefly(MORNING)
    log_at_stage_1(world)
    form = world.press(TEAM_MANAGER, "Reply")
    before, person = effects(world), world.people[TEAM_MANAGER]
    person._delivery = OfAnother(person._delivery)
    assert form.view is not None
    said = person.submit(form.view, {"Answer": "Agreed and done", "What will happen": "It is done."})
    assert UNKNOWN in said.text
    assert effects(world) == before


# ------------------------------------------------------------------ an account made anew


def linked_anew(engine: Engine, called: str) -> list[str]:
    """What history holds of accounts that took the place of others."""
    with transaction(engine, AUTHORITY, writes=False) as session:
        return [one.details for one in session.exec(select(History).where(History.what == f"linked anew to {called}"))]


@pytest.mark.slowly_on_postgres
def test_whose_account_was_made_anew_is_the_same_person_on_record(world: Partnered) -> None:
    log_at_stage_1(world)
    email = f"{TEAM_MANAGER}@anyshire.example"
    twin = world.here("U0TWIN", "Tess Hill", email)
    assert twin.command("/iro help").text.startswith(UNKNOWN), "the account she has is still in use"
    world.join("partner.example")
    foreign = world.there("U0FALSE", "Tess Hill", email)
    world.gone(TEAM_MANAGER)
    unsure = world.here("U0UNSURE", "Tess Hill", email, vouched_for=False)
    assert foreign.command("/iro help").text.startswith(UNKNOWN)
    assert unsure.command("/iro help").text.startswith(UNKNOWN)
    assert linked_anew(world.engine, "Slack") == []
    opened = twin.command("/concern C-1 reply").view
    assert opened is not None, "what was asked of her is still hers"
    (entry,) = linked_anew(world.engine, "Slack")
    assert all(word in entry for word in ("U0TWIN", slack_id(TEAM_MANAGER), WORKSPACE))
    assert world.people[TEAM_MANAGER].command("/iro help").text.startswith(UNKNOWN), "the old account is nobody's"
    other = world.here("U0OTHER", "Sam Okoro", email)
    assert other.command("/iro help").text.startswith(UNKNOWN)


@pytest.mark.slowly_on_postgres
def test_a_married_name_with_a_new_address_and_a_new_account_keeps_what_was_asked(world: Partnered) -> None:
    log_at_stage_1(world)
    married = "tess.ryder@anyshire.example"
    with transaction(world.engine, AUTHORITY) as session:
        rules = parse_procedures(shipped_text("handbook"), "procedures.toml")
        row = f"{married},Tess Ryder,team_manager,,North team,{TEAM_MANAGER}@anyshire.example"
        import_staff(session, rules, f"{HEADER},team,previous_email\n{row}", MORNING.date(), MORNING)
    assert not world.command(TEAM_MANAGER, "/iro help").text.startswith(UNKNOWN), "her account knows her still"
    world.gone(TEAM_MANAGER)
    tess = world.here("U0RYDER", "Tess Ryder", married)
    opened = tess.command("/concern C-1 reply").view
    assert opened is not None
    sent = tess.submit(opened, {"Answer": "Agreed and done", "What will happen": "It is done."})
    assert "is with the IRO" in sent.text


def test_an_account_of_a_colleague_is_never_made_another_persons(world: Partnered) -> None:
    world.gone(TEAM_MANAGER)
    world.here(slack_id(SOCIAL_WORKER), "Sam Okoro", f"{TEAM_MANAGER}@anyshire.example")
    world.command(SOCIAL_WORKER, "/iro help")
    assert linked_anew(world.engine, "Slack") == []


# ------------------------------------------------------------------ ids from the staff file


def staff_file(engine: Engine, *rows: str) -> None:
    """Import a staff file with a column of ids."""
    rules = parse_procedures(shipped_text("handbook"), "procedures.toml")
    with transaction(engine, AUTHORITY) as session:
        import_staff(session, rules, "\n".join([f"{HEADER},slack_id", *rows]), MORNING.date(), MORNING)


def test_ids_told_before_a_workspace_is_connected_are_of_the_first_one(engine: Engine) -> None:
    cast = settle(engine)
    for login in (IRO, TEAM_MANAGER):
        forget_account(engine, cast, login)
    with transaction(engine, AUTHORITY) as session:
        session.delete(session.exec(select(Connection)).one())
    staff_file(
        engine, f"{IRO}@anyshire.example,Ann Lee,iro,,U0ANNFILE", f"{SOCIAL_WORKER}@anyshire.example,Sam,,,U0NEW"
    )
    with ExitStack() as stack:
        standin = stack.enter_context(SlackStandIn())
        for login, name, *_ in STAFF:
            standin.add_user(slack_id(login), name)
        standin.add_user("U0ANNFILE", "Ann Lee", "no.such@elsewhere.example")
        world = Partnered(engine=engine, standin=standin, now=MORNING, cast=cast)
        world.start(stack)
        ann = SlackPerson(standin, world.people[IRO].bot_url, SIGNING_SECRET, WORKSPACE, "U0ANNFILE")
        assert not ann.command("/iro help").text.startswith(UNKNOWN)
        assert world.people[SOCIAL_WORKER].command("/iro help").text.startswith(UNKNOWN) is False
    with transaction(engine, AUTHORITY, writes=False) as session:
        account = addresses.account_of(session, cast.people[SOCIAL_WORKER], "slack", WORKSPACE)
    assert account == slack_id(SOCIAL_WORKER), "what was known in the workspace already goes before the file"


@pytest.mark.slowly_on_postgres
def test_with_several_workspaces_an_id_in_a_file_is_refused_once_and_an_empty_column_changes_nothing(
    world: Partnered,
) -> None:
    world.join()
    with pytest.raises(ImportRefused) as refused:
        staff_file(world.engine, "a@anyshire.example,A,,,U1", "b@anyshire.example,B,,,U2")
    assert [str(problem) for problem in refused.value.problems] == [
        "line 2, slack_id: an id means one workspace, and several are connected: leave the column out, people are "
        "recognised by their e-mail"
    ]
    staff_file(world.engine, f"{IRO}@anyshire.example,Ann Lee,iro,,")
    with transaction(world.engine, AUTHORITY, writes=False) as session:
        assert addresses.account_of(session, world.cast.people[IRO], "slack", WORKSPACE) == slack_id(IRO)


# ------------------------------------------------------------------ Teams


@contextmanager
def at_teams(engine: Engine, folder: Path, **more: str) -> Iterator[tuple[TeamsWorld, TeamsPerson]]:
    """The product in its own tenant, and somebody of a second tenant under an account and an address of ours."""
    cast = settle(engine, platform="teams")
    with TeamsStandIn() as standin, ExitStack() as stack:
        made = TeamsWorld(engine=engine, standin=standin, now=MORNING, cast=cast)
        given = teams_settings(standin, folder / "token").model_dump() | more
        made.start(stack, Settings.model_validate(given), Rates(UNPACED, UNPACED))
        made.installed()
        user = standin.add_user(IRO, "Ann Lee", f"{IRO}@anyshire.example", tenant=SECOND_TENANT)
        user.aad_object_id = aad_id(IRO)
        yield made, TeamsPerson(standin, made.people[IRO].bot_url, user)


def test_a_tenant_that_the_settings_do_not_name_or_no_longer_name_is_not_served(tmp_path: Path) -> None:
    for engine in sqlite_engine(tmp_path):
        with at_teams(engine, tmp_path) as (_, foreign):
            with pytest.raises(NoAnswer, match="403"):
                foreign.command("iro help")
            connect_tenant(engine, AUTHORITY, SECOND_TENANT, MORNING)  # as a start did whose settings named it
            with pytest.raises(NoAnswer, match="403"):
                foreign.command("iro help")


@pytest.mark.parametrize(
    ("email_domains", "recognised"),
    [("", False), ("anyshire.example", True)],
)
def test_a_further_tenant_is_served_and_believed_about_the_domains_of_the_settings(
    tmp_path: Path, email_domains: str, recognised: bool
) -> None:
    for engine in sqlite_engine(tmp_path):
        given = {"teams_allowed_tenants": SECOND_TENANT.upper(), "email_domains": email_domains}
        with at_teams(engine, tmp_path, **given) as (world, there):
            before = effects(world)
            assert there.command("concern").text.startswith(UNKNOWN) is not recognised
            if not recognised:
                assert effects(world) == before
            assert not world.people[IRO].command("iro help").text.startswith(UNKNOWN), "at home she is known by her id"
            with transaction(engine, AUTHORITY, writes=False) as session:
                theirs = addresses.of_people(session, [world.cast.people[IRO]])[world.cast.people[IRO]]
            assert set(theirs) == {("teams", TENANT)} | ({("teams", SECOND_TENANT)} if recognised else set())


def test_an_account_made_anew_under_the_same_sign_in_name_is_the_same_person_at_teams(tmp_path: Path) -> None:
    for engine in sqlite_engine(tmp_path):
        with at_teams(engine, tmp_path) as (world, _):
            world.standin.users[aad_id(IRO)].gone = True
            user = world.standin.add_user("ann.anew", "Ann Lee", f"{IRO}@anyshire.example")
            anew = TeamsPerson(world.standin, world.people[IRO].bot_url, user)
            assert not anew.command("iro help").text.startswith(UNKNOWN)
            (entry,) = linked_anew(engine, "Teams")
            assert aad_id("ann.anew") in entry
            with transaction(engine, AUTHORITY, writes=False) as session:
                assert addresses.account_of(session, world.cast.people[IRO], "teams", TENANT) == aad_id("ann.anew")
