"""Nothing loses a word: whatever comes of a form that was sent, it stands there again with what was typed, and why."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from threading import Event
from time import sleep

import pytest
from sqlmodel import select

from bot.slack.installed import connect
from bot.slack.replies import Replies as AtSlack
from bot.teams.replies import Replies as AtTeams
from bot.threads import ANSWER_WITHIN_SECONDS
from storage import people
from storage.addresses import Address
from storage.concerns import Concern
from storage.database import transaction
from storage.encrypted import Keyring, use_keyring
from storage.history import History
from storage.replies import Reply
from tests.at_work import slack_of, teams_of
from tests.bench import utc
from tests.cast import AUTHORITY, BOT_TOKEN, CHILD, IRO, TEAM_MANAGER, WORKSPACE, slack_id
from tests.conftest import KEY
from tests.screens import Filled, Seen, Shown, plain_text_of
from tests.slack_standin import OpenView
from tests.slack_standin.fields import fields
from tests.slack_standin.payloads import app_uninstalled
from tests.stories.conftest import Begin, BeginAtSlack, BeginAtTeams, at_teams, on_both_platforms, slowly_at_teams
from tests.stories.repeats import LOGGED, REPLY, WORRY, log_at_stage_1, rows
from tests.stories.test_slow import WAITING, held_up
from tests.teams_world import TeamsWorld
from tests.world import AnyWorld, World

MORNING = utc("2026-11-30")
SORRY = "something went wrong on our side"
BUSY = "The service is very busy just now and nothing was done."
TOO_OLD = "This form is too old to be sent as it is, and nothing was done."
IMPATIENT = 0.3
"""Seconds until "still working", where a story waits for it."""


@contextmanager
def no_keys() -> Iterator[None]:
    """A fault on our side: what people write can be neither kept nor read."""
    use_keyring(None)
    try:
        yield
    finally:
        use_keyring(Keyring(KEY))


@contextmanager
def no_database(world: AnyWorld) -> Iterator[None]:
    """Nothing can be asked of the database, not even whose workspace or tenant it is."""
    with world.engine.execution_options(writes=True).begin() as connection:
        connection.exec_driver_sql("ALTER TABLE connections RENAME TO elsewhere")
    try:
        yield
    finally:
        with world.engine.execution_options(writes=True).begin() as connection:
            connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO connections")


@contextmanager
def impatient(world: AnyWorld, seconds: float = IMPATIENT) -> Iterator[None]:
    """Whoever acts now is told soon that the answer follows; everybody else is waited for, however busy the machine."""
    waiting: list[AtSlack | AtTeams] = [slack_of(world.service).app.replies]
    waiting += [teams_of(world.service).edge._replies] if "teams" in world.service.running else []
    for one in waiting:
        one.patience = seconds
    try:
        yield
    finally:
        for one in waiting:
            one.patience = world.patience


@contextmanager
def busy(world: AnyWorld) -> Iterator[None]:
    """As much to do as can be taken on, and nothing of it ends."""
    threads, loop, gate = world.service.threads, world.service.loop, Event()
    assert loop is not None

    async def crowd() -> None:
        for _ in range(206):
            threads.keep(threads.run(partial(gate.wait, 20)), what="a crowd")
        await asyncio.sleep(0)

    asyncio.run_coroutine_threadsafe(crowd(), loop).result(10)
    try:
        yield
    finally:
        gate.set()
        while threads.busy:
            sleep(0.01)


def log_form(world: AnyWorld) -> Seen:
    return world.command(IRO, f"/concern {CHILD}")


def sent(world: AnyWorld, form: Seen) -> Seen:
    """The form is sent, filled in; the clock stands still."""
    assert form.view is not None
    return world.people[IRO].submit(form.view, LOGGED)


def stands_again(world: AnyWorld, seen: Seen, sentence: str) -> None:
    """The form is there with the sentence and the words; sent again as it is, it is taken, once."""
    assert seen.view is not None, seen.text
    taken_again(world, seen.view, seen.text, sentence)


def taken_again(world: AnyWorld, view: Shown, text: str, sentence: str) -> None:
    assert sentence in text
    assert WORRY in text
    assert rows(world, Concern) == []
    assert "C-1 is logged at stage 1" in world.people[IRO].submit(view, {}).text
    world.beat()
    (logged,) = rows(world, Concern)
    assert logged.worries == WORRY
    assert world.titles(TEAM_MANAGER) == ["Please reply to C-1"]


@pytest.mark.slow
@on_both_platforms
def test_a_database_that_does_not_answer_gives_the_form_back(begin_briefly: Begin) -> None:
    world = begin_briefly(MORNING)
    form = log_form(world)
    with no_database(world):
        seen = sent(world, form)
    stands_again(world, seen, SORRY)


@on_both_platforms
def test_a_fault_gives_the_form_back(begin_briefly: Begin) -> None:
    world = begin_briefly(MORNING)
    form = log_form(world)
    with no_keys():
        seen = sent(world, form)
    stands_again(world, seen, SORRY)


@slowly_at_teams
def test_too_much_to_do_gives_the_form_back(begin_briefly: Begin) -> None:
    world = begin_briefly(MORNING)
    form = log_form(world)
    with busy(world):
        seen = sent(world, form)
    stands_again(world, seen, BUSY)


@pytest.mark.slow
@on_both_platforms
def test_a_button_inside_a_form_loses_nothing_either(begin_briefly: Begin) -> None:
    world = begin_briefly(MORNING)
    form = log_form(world)
    assert form.view is not None
    with no_keys():
        seen = world.people[IRO].press_in_view(form.view, "Save draft", LOGGED)
    stands_again(world, seen, SORRY)


@pytest.mark.slow
@on_both_platforms
def test_whoever_has_left_since_opening_the_form_reads_so_over_their_words(begin_briefly: Begin) -> None:
    world = begin_briefly(MORNING)
    form = log_form(world)
    leaving(world, date(2026, 11, 27))
    seen = sent(world, form)
    assert rows(world, Concern) == []
    leaving(world, None)
    stands_again(world, seen, "You are listed as having left this service.")


def leaving(world: AnyWorld, day: date | None) -> None:
    with transaction(world.engine, AUTHORITY) as session:
        person = people.get(session, world.cast.people[IRO])
        assert person is not None
        person.left_on = day
        session.add(person)


@pytest.mark.slow
@on_both_platforms
def test_what_happened_in_between_is_said_over_the_words(begin_briefly: Begin) -> None:
    world = begin_briefly(MORNING)
    log_at_stage_1(world)
    form = world.press(TEAM_MANAGER, "Reply")
    world.submit(IRO, world.command(IRO, "/concern C-1 stage 2"), {"Reason": "No time to lose."})
    seen = world.submit(TEAM_MANAGER, form, REPLY)
    assert REPLY["What will happen"] in seen.text
    looked = world.people[TEAM_MANAGER].press_in_view(seen.view, "Open")
    assert REPLY["What will happen"] not in looked.text
    back = world.people[TEAM_MANAGER].press_in_view(looked.view, "Back to what you typed")
    assert REPLY["What will happen"] in back.text
    assert REPLY["What will happen"] in world.submit(TEAM_MANAGER, back, {}).text
    assert rows(world, Reply) == []


@pytest.mark.slow
@on_both_platforms
def test_sharing_a_draft_keeps_what_is_typed_in_it_since(begin_briefly: Begin) -> None:
    world = begin_briefly(MORNING)
    world.people[IRO].press_in_view(log_form(world).view, "Save draft")
    draft = world.command(IRO, "/concern C-1")
    shared = world.people[IRO].press_in_view(draft.view, "Share with IRO manager", {"Impact on the child": WORRY})
    assert "The IRO manager can now open C-1" in shared.text
    assert WORRY in shared.text


@pytest.mark.slow
def test_a_stranger_to_whom_the_form_no_longer_belongs_keeps_the_words(begin_briefly: BeginAtSlack) -> None:
    world = begin_briefly(MORNING)
    form = log_form(world)
    world.people[IRO].event(app_uninstalled())
    seen = sent(world, form)
    assert "This workspace is not connected to the service yet." in seen.text
    connect(world.engine, AUTHORITY, WORKSPACE, BOT_TOKEN, world.now)
    stands_again(world, seen, "Ask your administrator to connect it")


# late


def waited_for(world: World, sentence: str) -> OpenView:
    """The form before the person, once it says so."""
    view = world.people[IRO].view
    assert view is not None
    world.standin.wait_until(lambda: sentence in world.people[IRO].read(view), 12)
    return view


@pytest.mark.slowly_on_postgres
def test_on_slack_what_fails_late_stands_there_again(begin: BeginAtSlack) -> None:
    world = begin(MORNING)
    form = log_form(world)
    with held_up(world.engine, 0.8), impatient(world):
        waiting = sent(world, form)
        with no_keys():
            view = waited_for(world, SORRY)
    assert WAITING in waiting.text
    assert WORRY in waiting.text
    assert not view.versions[-2].get("submit")  # what is being done cannot be sent changed meanwhile
    taken_again(world, view, world.people[IRO].read(view), SORRY)


def test_on_slack_nothing_can_be_typed_into_a_form_that_an_answer_is_about_to_replace(
    begin_briefly: BeginAtSlack,
) -> None:
    world = begin_briefly(MORNING)
    form = world.people[IRO].command(f"/concern {CHILD}")
    with held_up(world.engine, 0.8), impatient(world):
        waiting = world.people[IRO].press_in_view(form, "Save draft", LOGGED)
    assert WAITING in waiting.text
    assert WORRY in waiting.text
    assert waiting.view is not None
    before = waiting.view.versions[-1]
    waited_for(world, "Saved as draft C-1.")
    assert not before.get("submit"), "sent as well, it would be there twice"
    assert fields(before["blocks"]) == [], "the answer takes what were typed now away"


@at_teams
def test_on_teams_a_form_whose_answer_follows_cannot_be_sent_a_second_time(begin_briefly: BeginAtTeams) -> None:
    world = begin_briefly(MORNING)
    form, user = log_form(world), world.people[IRO].user
    known = len(world.standin.chat_of(user))
    with held_up(world.engine, 0.8), impatient(world):
        waiting = sent(world, form)
    world.standin.wait_until(lambda: len(world.standin.chat_of(user)) > known, 12)
    assert WAITING in waiting.text
    assert WORRY in waiting.text
    assert waiting.buttons == []
    assert "C-1 is logged at stage 1" in plain_text_of(world.standin.chat_of(user)[-1])
    assert len(rows(world, Concern)) == 1


@pytest.mark.slow
def test_while_something_holds_the_database_for_six_seconds_no_word_is_lost(begin: BeginAtSlack) -> None:
    world = begin(MORNING, patience=ANSWER_WITHIN_SECONDS)
    form = log_form(world)
    with held_up(world.engine, 6):
        assert WAITING in sent(world, form).text
        view = waited_for(world, "C-1 is logged" if world.engine.dialect.name == "postgresql" else SORRY)
    if rows(world, Concern) == []:
        taken_again(world, view, world.people[IRO].read(view), SORRY)
    assert len(rows(world, Concern)) == 1


def test_on_slack_a_form_closed_meanwhile_is_opened_again_from_the_message(begin_briefly: BeginAtSlack) -> None:
    world = begin_briefly(MORNING)
    form = log_form(world)
    with held_up(world.engine, 0.8), impatient(world):
        sent(world, form)
        closed(world, IRO)
        with no_keys():
            world.standin.wait_until(lambda: len(world.inbox(IRO)) == 1, 12)
    told = world.last(IRO)
    assert SORRY in plain_text_of(told)
    assert "What you typed is kept for a day: “Open the form” shows it." in plain_text_of(told)
    assert WORRY not in plain_text_of(told)
    assert WORRY in world.press(IRO, "Open the form", told).text
    stands_again(world, world.press(IRO, "Open the form", told), WORRY)  # as often as it is wanted


def closed(world: World, who: str) -> None:
    view = world.people[who].view
    assert view is not None
    world.people[who].close(view)


@pytest.mark.slow
def test_on_slack_words_kept_are_their_persons_alone_and_outlive_a_restart_for_a_day(
    begin_briefly: BeginAtSlack,
) -> None:
    world = begin_briefly(MORNING)
    log_at_stage_1(world)
    form = world.press(TEAM_MANAGER, "Reply")
    world.submit(IRO, world.command(IRO, "/concern C-1 stage 2"), {"Reason": "No time to lose."})
    known = len(world.inbox(TEAM_MANAGER))
    with held_up(world.engine, 0.6), impatient(world):
        world.people[TEAM_MANAGER].submit(form, REPLY)
        closed(world, TEAM_MANAGER)
    world.standin.wait_until(lambda: len(world.inbox(TEAM_MANAGER)) > known, 12)
    told = world.last(TEAM_MANAGER)
    with ExitStack() as stack:
        world.start(stack)
        world.beat()
        stood = world.press(TEAM_MANAGER, "Open the form", told)
        assert REPLY["What will happen"] in stood.text
        assert REPLY["What will happen"] in world.submit(TEAM_MANAGER, stood, {}).text
        assert rows(world, Reply) == []
        somebody_elses = replace(told, user=slack_id(IRO))
        assert "kept for a day, which is over" in world.press(IRO, "Open the form", somebody_elses).text
        world.now += timedelta(hours=25)
        assert "kept for a day, which is over" in world.press(TEAM_MANAGER, "Open the form", told).text


@pytest.mark.slow
def test_on_slack_a_form_that_follows_late_is_never_sent_by_opening_it(begin_briefly: BeginAtSlack) -> None:
    world = begin_briefly(utc("2026-12-25", "03:00"), "nottinghamshire")
    form = world.command(IRO, f"/concern {CHILD}")
    filled: dict[str, Filled] = {
        "What are we worried about?": WORRY,
        "Main reason": world.people[IRO].choices(form, "Main reason")[0],
        "Risk of significant harm": ["Yes: use the immediate route"],
    }
    with held_up(world.engine, 0.6), impatient(world):
        world.people[IRO].submit(form, filled)
        closed(world, IRO)
    world.standin.wait_until(lambda: len(world.inbox(IRO)) == 1, 12)
    asked = world.press(IRO, "Open")
    assert "Until you send it, it stays a draft." in asked.text
    assert world.inbox("sunil.rao") == []


@pytest.mark.parametrize("platform", ["slack", pytest.param("teams", marks=pytest.mark.slow)])  # the page waits
def test_what_is_ready_too_late_opens_at_the_next_press_however_slow_the_rest_is(begin_briefly: Begin) -> None:
    world = begin_briefly(MORNING)
    log_at_stage_1(world)
    message = world.last(TEAM_MANAGER)
    with held_up(world.engine, 0.6), impatient(world):
        assert WAITING in world.people[TEAM_MANAGER].press(message, "Reply").text
    offered = offer_to(world, TEAM_MANAGER)
    history = len(rows(world, History))
    with held_up(world.engine, 1.5), impatient(world, 1.2):
        opened = world.people[TEAM_MANAGER].press(offered, "Open")
        assert "Reply to C-1" in opened.text
    assert len(rows(world, History)) == history
    assert "is with the IRO" in world.submit(TEAM_MANAGER, opened, REPLY).text
    with held_up(world.engine, 0.6), impatient(world):  # and once it was opened, it is made anew
        assert WAITING in world.people[TEAM_MANAGER].press(offered, "Open").text


def offer_to(world: AnyWorld, who: str) -> Shown:
    """The message that says that the form is ready."""
    if isinstance(world, World):
        world.standin.wait_until(lambda: "is ready" in world.standin.ephemerals[-1].text, 12)
        return world.standin.ephemerals[-1]
    assert isinstance(world, TeamsWorld)
    user, standin = world.people[who].user, world.standin
    standin.wait_until(lambda: "is ready" in standin.chat_of(user)[-1].text, 12)
    return standin.chat_of(user)[-1]


# what only Teams does


@pytest.mark.slow
@at_teams
def test_a_form_of_yesterday_comes_back_with_its_words_and_is_then_taken(begin: BeginAtTeams) -> None:
    world = begin(MORNING)
    form = log_form(world)
    world.wait(timedelta(hours=25))
    stands_again(world, sent(world, form), TOO_OLD)


@pytest.mark.slow
@at_teams
def test_an_old_form_still_minds_what_happened_in_between(begin_briefly: BeginAtTeams) -> None:
    world = begin_briefly(MORNING)
    log_at_stage_1(world)
    form = world.press(TEAM_MANAGER, "Reply")
    world.submit(IRO, world.command(IRO, "/concern C-1 stage 2"), {"Reason": "No time to lose."})
    world.wait(timedelta(hours=25))
    old = world.submit(TEAM_MANAGER, form, REPLY)
    assert TOO_OLD in old.text
    refused = world.submit(TEAM_MANAGER, old, {})
    assert TOO_OLD not in refused.text
    assert REPLY["What will happen"] in refused.text
    assert rows(world, Reply) == []


@pytest.mark.slow
@at_teams
@pytest.mark.parametrize("press", ["Save draft", "Find"])
def test_a_button_inside_an_old_form_loses_nothing_either(begin_briefly: BeginAtTeams, press: str) -> None:
    world = begin_briefly(MORNING)
    form = world.command(IRO, f"/concern {CHILD}")
    world.wait(timedelta(days=29))
    stands_again(world, world.people[IRO].press_in_view(form, press, LOGGED), TOO_OLD)


@pytest.mark.slow
@at_teams
def test_on_teams_what_fails_late_waits_in_the_form_and_in_the_chat(begin_briefly: BeginAtTeams) -> None:
    world = begin_briefly(MORNING)
    form, user = world.command(IRO, f"/concern {CHILD}"), world.people[IRO].user
    known = len(world.standin.chat_of(user))
    with held_up(world.engine, 0.8), impatient(world):
        waiting = world.people[IRO].submit(form, LOGGED)
        world.people[IRO].close(waiting)
        with no_keys():
            world.standin.wait_until(lambda: len(world.standin.chat_of(user)) > known, 12)
    assert WAITING in waiting.text
    assert WORRY in waiting.text
    told = world.standin.chat_of(user)[-1]
    assert SORRY in plain_text_of(told)
    assert WORRY not in plain_text_of(told)
    stands_again(world, world.press(IRO, "Open the form", told), WORRY)


@at_teams
def test_after_a_restart_and_without_the_keys_the_words_still_come_back(begin_briefly: BeginAtTeams) -> None:
    world = begin_briefly(MORNING)
    form = world.command(IRO, f"/concern {CHILD}")
    teams_of(world.service).edge._drawings._forms.clear()
    with no_keys():
        seen = world.people[IRO].submit(form, LOGGED)
        again = world.people[IRO].submit(seen, {})
    stands_again(world, again, SORRY)


@pytest.mark.slow
@at_teams
def test_somebody_whose_account_was_taken_away_keeps_the_words(begin_briefly: BeginAtTeams) -> None:
    world = begin_briefly(MORNING)
    form = log_form(world)
    account = known_under(world, "another")
    world.standin.fail_next("member", status=404)  # nor does Teams vouch for their address any more
    seen = sent(world, form)
    assert "I do not know you in this service yet." in seen.text
    assert "Teams object id" in seen.text
    known_under(world, account)
    stands_again(world, seen, "Ask your administrator to add you")


@at_teams
def test_on_teams_a_stranger_who_is_told_so_late_keeps_the_words(begin_briefly: BeginAtTeams) -> None:
    world = begin_briefly(MORNING)
    form, user = log_form(world), world.people[IRO].user
    known, account = len(world.standin.chat_of(user)), known_under(world, "another")
    world.standin.fail_next("member", delay=0.8, status=404)
    with impatient(world):
        waiting = sent(world, form)
    world.standin.wait_until(lambda: len(world.standin.chat_of(user)) > known, 12)
    assert WAITING in waiting.text
    assert "I do not know you in this service yet." in plain_text_of(world.standin.chat_of(user)[-1])
    known_under(world, account)
    stands_again(world, world.press(IRO, "Open the form", world.standin.chat_of(user)[-1]), WORRY)


def known_under(world: AnyWorld, account: str) -> str:
    """The IRO is known under another account; gives the one before."""
    with transaction(world.engine, AUTHORITY) as session:
        held = session.exec(select(Address).where(Address.person_id == world.cast.people[IRO])).one()
        before, held.account = held.account, account
        session.add(held)
    return before


# what nobody can read


@pytest.mark.slow
@on_both_platforms
def test_half_an_emoji_and_the_like_are_left_out_of_what_is_typed(begin: Begin) -> None:
    world = begin(MORNING)
    strange = "\ud83d\x00\x1b\u202e\u2066\ue000\uf0b7"
    form = world.command(IRO, f"/concern {CHILD}{strange[1:]}\ufffd\u200b")
    assert form.view is not None, form.text
    worry = WORRY.replace(" ", f"{strange} ") + "\ud83d\ude00"
    assert "C-1 is logged" in world.submit(IRO, form, {**LOGGED, "What are we worried about?": worry}).text
    assert [one.worries for one in rows(world, Concern)] == [f"{WORRY}\U0001f600"]
    search = world.command(IRO, "/concern")
    assert search.view is not None
    assert world.people[IRO].suggest(search.view, "Child reference", f"AB-10{strange}42")[0].startswith(CHILD)
