"""Nothing happens twice: not when Slack repeats itself, not when people click twice or decide side by side."""

import time
from collections.abc import Callable
from datetime import date, timedelta

import httpx2
import pytest

from storage.concerns import Concern, ConcernState
from storage.history import History
from storage.replies import Reply
from storage.stage_runs import StageRun
from tests.bench import utc
from tests.cast import CHILD, IRO, OTHER_IRO, SOCIAL_WORKER, TEAM_MANAGER, away, forget_account
from tests.slack_standin import NoAnswer, Seen, signed_headers
from tests.slack_standin.delivery import HttpDelivery
from tests.stories.conftest import BeginAtSlack
from tests.stories.repeats import LOGGED, REPLY, at_once, effects, log_at_stage_1, repeating, rows, told_another_date
from tests.stories.telling import closing
from tests.world import SIGNING_SECRET, World

MORNING = utc("2026-11-30")
CLOSED = closing("A plan that everyone works to.")


def test_a_command_that_slack_repeats_gets_the_same_answer_and_has_no_second_effect(
    begin_briefly: BeginAtSlack,
) -> None:
    world = begin_briefly(MORNING)
    log_at_stage_1(world)
    with repeating(world, IRO) as slack:
        said = world.command(IRO, "/iro away 21 Dec to 4 Jan cover olu.ade")
        before = effects(world)
        assert slack.again() == slack.answers[0]
    assert said.text
    assert effects(world) == before


def test_a_form_that_slack_sends_again_gets_the_same_answer_and_has_no_second_effect(begin: BeginAtSlack) -> None:
    world = begin(MORNING)
    form = world.command(IRO, f"/concern {CHILD}")
    with repeating(world, IRO) as slack:
        assert "C-1 is logged at stage 1" in world.submit(IRO, form, LOGGED).text
        before = effects(world)
        world.wait(timedelta(hours=3))
        assert slack.again() == slack.answers[0]
    world.beat()
    assert effects(world) == before
    assert world.titles(TEAM_MANAGER) == ["Please reply to C-1"]


@pytest.mark.slow
def test_a_press_that_slack_repeats_has_no_second_effect(begin_briefly: BeginAtSlack) -> None:
    world = begin_briefly(MORNING)
    told_another_date(world)
    with repeating(world, TEAM_MANAGER) as slack:
        world.press(TEAM_MANAGER, "Done")
        before = effects(world)
        slack.again()
    world.beat()
    assert effects(world) == before


def test_an_event_that_slack_repeats_is_answered_once(begin_briefly: BeginAtSlack) -> None:
    world = begin_briefly(MORNING)
    person = world.people[IRO]
    said = {"type": "message", "channel_type": "im", "user": person.user.id, "text": "hello", "ts": "1.0"}
    name = person.event(said)
    world.standin.wait_until(lambda: len(world.inbox(IRO)) == 1)
    person.event(said, name, retry=1)
    person.event({**said, "ts": "2.0"})
    world.standin.wait_until(lambda: len(world.inbox(IRO)) == 2)
    assert [message.text for message in world.inbox(IRO)] == [world.inbox(IRO)[0].text] * 2


def opened_log(world: World) -> tuple[str, Seen, dict[str, str]]:
    return IRO, world.command(IRO, f"/concern {CHILD}"), LOGGED


def opened_reply(world: World) -> tuple[str, Seen, dict[str, str]]:
    log_at_stage_1(world)
    world.wait(timedelta(minutes=5))
    return TEAM_MANAGER, world.press(TEAM_MANAGER, "Reply"), REPLY


def opened_move(world: World) -> tuple[str, Seen, dict[str, str]]:
    log_at_stage_1(world)
    world.wait(timedelta(minutes=5))
    return IRO, world.command(IRO, "/concern C-1 stage 2"), {"Reason": "It cannot wait."}


def opened_close(world: World) -> tuple[str, Seen, dict[str, str]]:
    log_at_stage_1(world)
    world.wait(timedelta(minutes=5))
    return IRO, world.command(IRO, "/concern C-1 close"), CLOSED


@pytest.mark.slow
@pytest.mark.parametrize(
    ("opened", "told"),
    [
        (opened_log, {TEAM_MANAGER: "Please reply to C-1"}),
        (opened_reply, {IRO: "Tess Hill has replied to C-1"}),
        (opened_move, {TEAM_MANAGER: "For information: C-1 is at stage 2 (nothing to do)"}),
        (opened_close, {TEAM_MANAGER: "C-1 is closed"}),
    ],
)
def test_a_form_sent_twice_at_once_is_done_once_and_both_get_the_same_answer(
    begin: BeginAtSlack,
    opened: Callable[[World], tuple[str, Seen, dict[str, str]]],
    told: dict[str, str],
) -> None:
    world = begin(MORNING)
    who, form, values = opened(world)
    with repeating(world, who, times=3) as slack:
        world.submit(who, form, values)
        assert slack.answers == [slack.answers[0]] * 3
    assert len(rows(world, Concern)) == 1
    assert len(rows(world, StageRun)) == (2 if opened is opened_move else 1)
    assert len(rows(world, Reply)) == (1 if opened is opened_reply else 0)
    for reader, title in told.items():
        assert world.titles(reader).count(title) == 1


def test_a_button_pressed_twice_opens_two_forms_but_only_one_reply_is_taken(begin_briefly: BeginAtSlack) -> None:
    world = begin_briefly(MORNING)
    log_at_stage_1(world)
    asked, person = world.last(TEAM_MANAGER), world.people[TEAM_MANAGER]
    first, second = world.press(TEAM_MANAGER, "Reply", asked), world.press(TEAM_MANAGER, "Reply", asked)
    assert second.view is not None
    world.submit(TEAM_MANAGER, second, REPLY)
    assert first.view is not None
    first.view.open, second.view.open = True, False
    refused = person.submit(first.view, {**REPLY, "What will happen": "Something else."})
    assert "You have already replied to C-1" in refused.text
    world.beat()
    assert len(rows(world, Reply)) == 1
    assert world.titles(IRO).count("Tess Hill has replied to C-1") == 1


@pytest.mark.slow
def test_of_the_iro_and_their_cover_who_move_at_once_one_moves_and_the_other_is_told_so(begin: BeginAtSlack) -> None:
    world = begin(MORNING)
    log_at_stage_1(world)
    away(world.engine, world.cast, IRO, date(2026, 11, 30), date(2026, 12, 4), OTHER_IRO)
    world.wait(timedelta(minutes=5))
    forms = {who: world.command(who, "/concern C-1 stage 2") for who in (IRO, OTHER_IRO)}

    seen = both_submit(world, forms, {"Reason": "It cannot wait."})

    assert sorted("is now at stage 2" in text for text in seen) == [False, True]
    assert sorted("has moved on since: it was taken to stage 2" in text for text in seen) == [False, True]
    assert len(rows(world, StageRun)) == 2


@pytest.mark.slow
def test_of_the_iro_and_their_cover_who_close_at_once_one_closes_and_the_other_is_told_so(begin: BeginAtSlack) -> None:
    world = begin(MORNING)
    log_at_stage_1(world)
    away(world.engine, world.cast, IRO, date(2026, 11, 30), date(2026, 12, 4), OTHER_IRO)
    world.wait(timedelta(minutes=5))
    forms = {who: world.command(who, "/concern C-1 close") for who in (IRO, OTHER_IRO)}

    seen = both_submit(world, forms, CLOSED)

    assert sorted("C-1 is closed." in text for text in seen) == [False, True]
    assert sorted("C-1 was closed at" in text for text in seen) == [False, True]
    assert world.titles(TEAM_MANAGER).count("C-1 is closed") == 1


@pytest.mark.slow
def test_two_people_asked_who_reply_at_once_are_both_kept_and_the_iro_hears_of_each_once(begin: BeginAtSlack) -> None:
    world = begin(MORNING)
    world.submit(IRO, world.command(IRO, f"/concern {CHILD}"), {**LOGGED, "Start at": "Informal"})
    forms = {who: world.press(who, "Reply") for who in (SOCIAL_WORKER, TEAM_MANAGER)}

    seen = both_submit(world, forms, REPLY)

    assert all("Your reply to C-1 is with the IRO" in text for text in seen)
    told = sorted(str(message.versions[0]["text"]) for message in world.inbox(IRO))
    assert told == ["Sam Okoro has replied to C-1", "Tess Hill has replied to C-1"]
    (concern,) = rows(world, Concern)
    assert concern.state is ConcernState.REPLIED


def test_of_a_reply_and_a_closing_sent_at_once_one_is_taken_and_the_other_told_what_happened(
    begin: BeginAtSlack,
) -> None:
    world = begin(MORNING)
    log_at_stage_1(world)
    world.wait(timedelta(minutes=5))
    reply, closing = world.press(TEAM_MANAGER, "Reply"), world.command(IRO, "/concern C-1 close")
    assert reply.view is not None
    assert closing.view is not None
    world.wait(timedelta(minutes=5))

    replied, closed = at_once(
        lambda: world.people[TEAM_MANAGER].submit(reply, REPLY).text,
        lambda: world.people[IRO].submit(closing, CLOSED).text,
    )

    (concern,) = rows(world, Concern)
    if concern.state is ConcernState.CLOSED:
        assert "C-1 is closed." in closed
        assert "C-1 was closed at" in replied
        assert rows(world, Reply) == []
    else:
        assert "Your reply to C-1 is with the IRO" in replied
        assert "Something happened to C-1 while this was open: a reply came" in closed
        assert len(rows(world, Reply)) == 1


def both_submit(world: World, forms: dict[str, Seen], values: dict[str, str]) -> list[str]:
    """What each of two people reads who send their forms at the same moment."""
    (one, first), (other, second) = forms.items()
    seen = at_once(
        lambda: world.people[one].submit(first, values).text,
        lambda: world.people[other].submit(second, values).text,
    )
    world.beat()
    return seen


def test_somebody_known_by_e_mail_alone_who_types_twice_at_once_is_recognised_both_times(begin: BeginAtSlack) -> None:
    world = begin(MORNING)
    forget_account(world.engine, world.cast, IRO)
    with repeating(world, IRO, times=3) as slack:
        world.command(IRO, "/iro help")
        assert all("I do not know you" not in str(answer) for answer in slack.answers)
    assert len([entry for entry in rows(world, History) if entry.what == "linked to Slack"]) == 1


def test_what_slack_has_not_signed_is_refused_and_does_nothing(begin_briefly: BeginAtSlack) -> None:
    world = begin_briefly(MORNING)
    before, person = effects(world), world.people[IRO]
    assert person.bot_url is not None
    person._delivery = HttpDelivery(person.bot_url, "another secret")
    with pytest.raises(NoAnswer, match="401"):
        person.command(f"/concern {CHILD}")
    address, body = f"{person.bot_url}/slack/events", "command=%2Fconcern&team_id=T0ANYSHIRE"
    for headers in (
        {},
        signed_headers(SIGNING_SECRET, body, int(time.time()) - 400),
        signed_headers(SIGNING_SECRET, body, int(time.time()) + 400),
        signed_headers(SIGNING_SECRET, body + "&user_id=U0ANNLEE"),
        {**signed_headers(SIGNING_SECRET, body), "X-Slack-Request-Timestamp": "soon"},
    ):
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        refused = httpx2.post(address, content=body, headers=form | headers, trust_env=False)
        assert refused.status_code == 401, headers
    assert effects(world) == before
    assert person.view is None
