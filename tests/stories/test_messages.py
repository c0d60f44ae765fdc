"""Every message: its title, whom it reaches, its buttons and what they do, and the one that is live."""

from datetime import date, time, timedelta

import pytest

from tests.bench import utc
from tests.cast import (
    ASSISTANT_DIRECTOR,
    CHILD,
    IRO,
    IRO_MANAGER,
    OTHER_CHILD,
    OUTSIDER,
    SERVICE_MANAGER,
    SOCIAL_WORKER,
    TEAM_MANAGER,
)
from tests.screens import Seen, first_line, labels, plain_text_of
from tests.slack_standin import NotOnScreen
from tests.stories.conftest import Begin, slowly_at_teams
from tests.stories.telling import News, closing, fill, log, press_in, reply, type_and_fill, words_of
from tests.world import AnyWorld

pytestmark = slowly_at_teams

ASKED = ["Reply", "Open", "This needs my manager"]
VERDICT = ["Read the reply", "Not satisfied: move up", "Ask again", "Satisfied: close"]


def title_of(seen: Seen) -> str:
    """The title of the form that opened."""
    assert seen.view is not None, seen.text
    return seen.view.title


def at_stage_1(begin: Begin) -> AnyWorld:
    """A concern put to the team manager on Monday 7 December 2026 at 9:30: due Monday 21 December, limit 7 January."""
    world = begin(utc("2026-12-07"))
    log(world, {"Start at": "Stage 1"})
    return world


# asked to reply


def test_whoever_is_asked_may_reply_pass_it_up_or_open_it(begin_briefly: Begin) -> None:
    world = at_stage_1(begin_briefly)
    assert first_line(world.last(TEAM_MANAGER)) == "Please reply to C-1"
    assert labels(world.last(TEAM_MANAGER)) == ASKED
    assert plain_text_of(world.last(TEAM_MANAGER)).splitlines() == [
        "Please reply to C-1 by Mon 21 Dec",
        "Ann Lee (IRO) has raised a concern. Child in care AB-1042, stage 1.",
        "Reply by 5 pm, Mon 21 Dec 2026: 10 working days.",
        "If it is not settled, all stages end on Thu 7 Jan 2027.",
        "[Reply] [Open] [This needs my manager]",
    ]
    assert title_of(world.press(TEAM_MANAGER, "Open")) == "Concern C-1"
    assert title_of(world.press(TEAM_MANAGER, "Reply")) == "Reply to C-1"


def test_copied_people_get_it_for_information_and_can_open_it(begin_briefly: Begin) -> None:
    world = at_stage_1(begin_briefly)
    assert first_line(world.last(SOCIAL_WORKER)) == "For information: C-1 (nothing to do)"
    assert "Tess Hill has been asked. Their reply is due by 5 pm, Mon 21 Dec 2026." in words_of(world, SOCIAL_WORKER)
    assert labels(world.last(SOCIAL_WORKER)) == ["Open"]
    opened = world.press(SOCIAL_WORKER, "Open")
    assert "The plan was never written up." in opened.text
    assert "Reply" not in opened.buttons


def test_this_needs_my_manager_asks_the_next_in_line_by_the_same_time(begin_briefly: Begin) -> None:
    world = at_stage_1(begin_briefly)
    news = News(world)
    said = fill(world, TEAM_MANAGER, "This needs my manager", {"Why does it need your manager?": "It needs money."})
    assert "Sunil Rao has been asked to reply to C-1 instead. The deadline stays." in said.text
    assert news.since() == {
        SERVICE_MANAGER: ["C-1 is now yours: reply"],
        IRO: ["C-1 is now with Sunil Rao"],
    }
    assert "Tess Hill passed it to you." in words_of(world, SERVICE_MANAGER)
    assert labels(world.last(SERVICE_MANAGER)) == ASKED
    assert labels(world.inbox(TEAM_MANAGER)[0]) == []  # nothing more to press for whoever passed it on


@pytest.mark.slow
def test_at_a_stage_a_worker_adds_and_the_manager_stays_asked(begin_briefly: Begin) -> None:
    world = at_stage_1(begin_briefly)
    news = News(world)
    form = press_in(world, TEAM_MANAGER, world.press(TEAM_MANAGER, "Open"), "Ask a worker to add")
    assert world.people[TEAM_MANAGER].suggest(form, "Which of your workers?", "will") == []
    world.submit(TEAM_MANAGER, form, {"Which of your workers?": "Sam Okoro"})
    assert news.since() == {SOCIAL_WORKER: ["Please add to C-1 by Mon 21 Dec"]}
    fill(world, SOCIAL_WORKER, "Add", {"What do you want to add?": "The plan is in the file."})
    assert news.since() == {TEAM_MANAGER: ["Sam Okoro has added to C-1"]}
    answering = world.press(TEAM_MANAGER, "Reply")
    assert "The plan is in the file." in answering.text
    world.submit(TEAM_MANAGER, answering, {"Answer": "Agreed and done", "What will happen": "It is done."})
    assert news.since() == {IRO: ["Tess Hill has replied to C-1"]}


# "Your day"


@pytest.mark.slow
def test_your_day_names_a_reply_two_days_before_on_the_day_and_each_day_after(begin_briefly: Begin) -> None:
    world = at_stage_1(begin_briefly)
    news = News(world)
    world.go_to_day(date(2026, 12, 16), time(23))
    assert news.since() == {}
    world.go_to_day(date(2026, 12, 17), time(8, 59))
    assert news.since() == {}
    world.go_to_day(date(2026, 12, 17), time(9))
    assert news.since() == {TEAM_MANAGER: ["Your day, Thu 17 Dec"]}
    assert "C-1 (AB-1042): reply to Ann Lee by Mon 21 Dec, stage 1." in words_of(world, TEAM_MANAGER)
    assert labels(world.last(TEAM_MANAGER)) == ["Reply", "Open"]
    world.go_to_day(date(2026, 12, 20), time(23))
    assert news.since() == {}  # nothing on Friday, Saturday and Sunday
    world.go_to_day(date(2026, 12, 21), time(9))
    assert news.since() == {TEAM_MANAGER: ["Your day, Mon 21 Dec"]}
    assert "C-1 (AB-1042): reply to Ann Lee by 5 pm today, stage 1." in words_of(world, TEAM_MANAGER)
    world.go_to_day(date(2026, 12, 22), time(9))
    assert news.mornings() == {TEAM_MANAGER: ["Your day, Tue 22 Dec"], IRO: ["Your day, Tue 22 Dec"]}
    late = "C-1 (AB-1042): your reply is 1 working day late (Mon 21 Dec), stage 1; you can still answer."
    assert late in words_of(world, TEAM_MANAGER)
    assert "C-1 (AB-1042): no reply from Tess Hill by Mon 21 Dec, stage 1. What next?" in words_of(world, IRO)
    assert title_of(world.press(IRO, "Decide")) == "Concern C-1"
    reply(world, TEAM_MANAGER)
    news.since()
    world.go_to_day(date(2026, 12, 23), time(9))
    assert news.since() == {IRO: ["Your day, Wed 23 Dec"]}
    assert "C-1 (AB-1042): Tess Hill replied on Tue 22 Dec, stage 1. Are you satisfied?" in words_of(world, IRO)


@pytest.mark.slow
def test_your_day_names_a_draft_left_for_five_working_days(begin_briefly: Begin) -> None:
    world = begin_briefly(utc("2026-12-07"))
    form = world.command(IRO, f"/concern {CHILD}")
    press_in(world, IRO, form, "Save draft", {"What are we worried about?": "Something."})
    news = News(world)
    world.go_to_day(date(2026, 12, 14), time(9))
    assert news.since() == {IRO: ["Your day, Mon 14 Dec"]}
    assert "Draft C-1 of Mon 7 Dec is not logged yet: log it or discard it." in words_of(world, IRO)
    assert title_of(world.press(IRO, "Open")) == "Log a concern"


@pytest.mark.slow
def test_the_line_manager_is_reminded_weekly_and_the_next_senior_after_two_weeks(begin_briefly: Begin) -> None:
    world = at_stage_1(begin_briefly)
    world.go_to_day(date(2026, 12, 21), time(17, 5))
    news = News(world)
    world.go_to_day(date(2026, 12, 30), time(8, 59))
    assert SERVICE_MANAGER not in news.since()
    world.go_to_day(date(2026, 12, 30), time(9))
    assert news.mornings()[SERVICE_MANAGER] == ["Your day, Wed 30 Dec"]
    assert "C-1 (AB-1042): the reply of Tess Hill is late since Mon 21 Dec." in words_of(world, SERVICE_MANAGER)
    assert labels(world.last(SERVICE_MANAGER)) == ["Open"]
    world.go_to_day(date(2027, 1, 7), time(9))
    assert first_line(world.inbox(ASSISTANT_DIRECTOR)[0]) == "A reply to C-1 is late"


# the deadline


@pytest.mark.slow
def test_at_the_deadline_the_iro_is_asked_and_the_addressee_and_their_manager_are_told(begin_briefly: Begin) -> None:
    world = at_stage_1(begin_briefly)
    world.go_to_day(date(2026, 12, 21), time(16, 59))
    news = News(world)
    world.go_to_day(date(2026, 12, 21), time(17))
    assert news.since() == {
        IRO: ["No reply to C-1 by Mon 21 Dec. What next?"],
        TEAM_MANAGER: ["A reply to C-1 is late"],
        SERVICE_MANAGER: ["A reply to C-1 is late"],
    }
    assert labels(world.last(IRO)) == ["Move to stage 2", "Agree an extension", "Record a reply", "Open"]
    asked = "Tess Hill was asked on Mon 7 Dec 2026, stage 1, and has not opened it."
    assert f"{asked}\nIt stays where it is until you decide." in words_of(world, IRO)
    assert labels(world.last(TEAM_MANAGER)) == ["Reply", "Open"]
    assert words_of(world, TEAM_MANAGER).startswith("Your reply to C-1 is late (Mon 21 Dec)\nYou can still reply.")
    assert labels(world.last(SERVICE_MANAGER)) == ["Open"]
    assert words_of(world, SERVICE_MANAGER).startswith("Tess Hill's reply to C-1 is late (Mon 21 Dec)\n")
    opened = world.press(SERVICE_MANAGER, "Open")
    assert "The plan was never written up." in opened.text  # whoever is alerted may read it
    assert title_of(world.press(IRO, "Move to stage 2")) == "Move to stage 2"
    assert title_of(world.press(IRO, "Agree an extension")) == "Agree an extension"
    assert title_of(world.press(IRO, "Record a reply")) == "Record a reply"


@pytest.mark.slow
def test_a_late_reply_is_taken_and_said_to_be_late(begin_briefly: Begin) -> None:
    world = at_stage_1(begin_briefly)
    world.go_to_day(date(2026, 12, 22), time(9, 30))
    reply(world, TEAM_MANAGER)
    assert first_line(world.last(IRO)) == "Tess Hill has replied to C-1"
    assert "It came after the deadline." in words_of(world, IRO)
    assert labels(world.last(IRO)) == VERDICT


# moved, replied, closed


def test_moving_asks_the_new_people_and_tells_the_earlier_ones(begin_briefly: Begin) -> None:
    world = at_stage_1(begin_briefly)
    news = News(world)
    type_and_fill(world, IRO, "/concern C-1 stage 2", {"Reason": "It cannot wait."})
    assert news.since() == {
        SERVICE_MANAGER: ["C-1 is now with you: reply"],
        TEAM_MANAGER: ["For information: C-1 is at stage 2 (nothing to do)"],
        SOCIAL_WORKER: ["For information: C-1 is at stage 2 (nothing to do)"],
    }
    assert labels(world.last(SERVICE_MANAGER)) == ASKED
    assert labels(world.last(TEAM_MANAGER)) == ["Open"]


def test_a_reply_comes_to_the_iro_who_closes_moves_up_or_asks_again(begin_briefly: Begin) -> None:
    world = at_stage_1(begin_briefly)
    news = News(world)
    said = reply(world, TEAM_MANAGER)
    assert "Your reply to C-1 is with the IRO." in said.text
    assert news.since() == {IRO: ["Tess Hill has replied to C-1"]}
    assert labels(world.last(IRO)) == VERDICT
    assert "It is done." not in words_of(world, IRO)
    assert "It is done." in world.press(IRO, "Read the reply").text
    assert title_of(world.press(IRO, "Ask again")) == "Ask again"
    assert title_of(world.press(IRO, "Not satisfied: move up")) == "Move to stage 2"
    assert title_of(world.press(IRO, "Satisfied: close")) == "Close C-1"


def test_what_is_added_to_a_reply_comes_to_the_iro(begin_briefly: Begin) -> None:
    world = at_stage_1(begin_briefly)
    reply(world, TEAM_MANAGER, "Agreed, with a plan by date", "A plan.", By=date(2026, 12, 18))
    news = News(world)
    form = type_and_fill(world, TEAM_MANAGER, "/concern C-1 reply", {"What do you want to add?": "All done."})
    assert "Added to your reply to C-1; the IRO is told." in form.text
    assert news.since() == {IRO: ["Tess Hill has added to their reply to C-1"]}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("word", "title"), [("close", "C-1 is closed"), ("withdraw", "C-1 has been withdrawn")], ids=["closed", "withdrawn"]
)
def test_the_end_is_told_to_who_was_asked_and_a_copy_says_so_and_all_hear_of_a_new_beginning(
    begin_briefly: Begin, word: str, title: str
) -> None:
    world = at_stage_1(begin_briefly)
    reply(world, TEAM_MANAGER)
    news = News(world)
    ends = closing() if word == "close" else {"What changed for the child": "Much."}
    type_and_fill(world, IRO, f"/concern C-1 {word}", ends)
    assert news.since() == {TEAM_MANAGER: [title]}
    assert words_of(world, SOCIAL_WORKER) == "C-1 is closed\n[Open]"
    assert labels(world.last(TEAM_MANAGER)) == ["Open"]
    assert title_of(world.press(TEAM_MANAGER, "Open")) == "Concern C-1"
    type_and_fill(world, IRO, "/concern C-1 reopen", {"Reason": "It came back."})
    assert news.since() == {
        TEAM_MANAGER: ["C-1 is reopened: please reply"],
        SOCIAL_WORKER: ["C-1 has been reopened"],
    }


# the limit of all stages


@pytest.mark.slow
def test_the_limit_of_all_stages_is_told_to_the_iro_and_the_iro_manager_alone(begin_briefly: Begin) -> None:
    world = at_stage_1(begin_briefly)
    type_and_fill(world, IRO, "/concern C-1 extend", {"New date": date(2027, 1, 29), "Reason": "Agreed."})
    news = News(world)
    world.go_to_day(date(2026, 12, 29), time(23))
    assert news.since() == {}
    world.go_to_day(date(2026, 12, 30), time(9))
    near = ["Your day, Wed 30 Dec"]
    assert news.since() == {IRO: near, IRO_MANAGER: near}
    for who, whose in ((IRO, ""), (IRO_MANAGER, " IRO Ann Lee.")):
        line = f"C-1 (AB-1042): all stages end Thu 7 Jan 2027; stage 1, with Tess Hill.{whose}"
        assert words_of(world, who) == f"Your day, Wed 30 Dec: 1 for you\n{line}\n[Open]"
    world.go_to_day(date(2027, 1, 7), time(16, 59))
    assert news.events() == {}  # the mornings of managers name the quarter that ended
    world.go_to_day(date(2027, 1, 7), time(17))
    passed = ["All stages of C-1 ended"]
    assert news.since() == {IRO: passed, IRO_MANAGER: passed}
    assert labels(world.last(IRO)) == ["Open"]
    assert "It stays open until you close it." in words_of(world, IRO)
    world.go_to_day(date(2027, 1, 15), time(17))
    assert news.since() == {}


# one live message each


@pytest.mark.slow
def test_a_new_event_shrinks_the_earlier_message_to_a_line_without_buttons(begin_briefly: Begin) -> None:
    world = at_stage_1(begin_briefly)
    world.go_to_day(date(2026, 12, 21), time(17))
    mine = [one for one in world.inbox(TEAM_MANAGER) if "Your day" not in first_line(one)]
    assert [plain_text_of(one) for one in mine[:-1]] == ["Earlier: Please reply to C-1 by Mon 21 Dec"]
    assert [labels(one) for one in mine] == [[], ["Reply", "Open"]]


@pytest.mark.slow
def test_one_concern_never_shrinks_the_message_of_another(begin_briefly: Begin) -> None:
    world = at_stage_1(begin_briefly)
    log(world, {"Start at": "Stage 1"})
    log(world, {"Start at": "Stage 2"}, child=OTHER_CHILD)
    assert [labels(one) for one in world.inbox(TEAM_MANAGER)] == [ASKED, ASKED]
    type_and_fill(world, IRO, "/concern C-2 stage 2", {"Reason": "Now."})
    assert [labels(one) for one in world.inbox(TEAM_MANAGER)] == [ASKED, [], ["Open"]]


def test_stale_buttons_say_what_happened_since_and_what_can_be_done_now(begin_briefly: Begin) -> None:
    world = at_stage_1(begin_briefly)
    first = world.last(TEAM_MANAGER)
    type_and_fill(world, IRO, "/concern C-1 stage 2", {"Reason": "It cannot wait."})
    assert plain_text_of(first) == "Earlier: Please reply to C-1 by Mon 21 Dec"
    with pytest.raises(NotOnScreen):
        world.press(TEAM_MANAGER, "Reply", first)
    for label in ("Reply", "This needs my manager"):
        seen = world.people[TEAM_MANAGER].press(first, label, version=0)
        assert seen.view is None
        assert "C-1 has moved on since: it was taken to stage 2 by Ann Lee at 9:30 am, Mon 7 Dec 2026." in seen.text
        assert "Open it to see what can be done now." in seen.text
        assert seen.buttons == ["Open"]
    assert title_of(world.people[TEAM_MANAGER].press(first, "Open", version=0)) == "Concern C-1"


@pytest.mark.slow
def test_stale_buttons_of_the_iro_decide_nothing_twice(begin_briefly: Begin) -> None:
    world = at_stage_1(begin_briefly)
    reply(world, TEAM_MANAGER)
    verdict = world.last(IRO)
    type_and_fill(world, IRO, "/concern C-1 stage 2", {"Reason": "On second thoughts."})
    news = News(world)
    for label in ("Satisfied: close", "Not satisfied: move up", "Ask again"):
        assert "C-1 has moved on since" in world.people[IRO].press(verdict, label, version=0).text
    type_and_fill(world, IRO, "/concern C-1 close", closing())
    news.since()
    seen = world.people[IRO].press(verdict, "Satisfied: close", version=0)
    assert "C-1 was closed at 9:30 am, Mon 7 Dec 2026. The IRO can reopen it." in seen.text
    assert news.since() == {}


def test_a_form_left_open_while_something_happened_says_so_and_does_nothing(begin_briefly: Begin) -> None:
    world = at_stage_1(begin_briefly)
    opened = world.command(IRO, "/concern C-1 close")
    world.wait(timedelta(minutes=5))
    reply(world, TEAM_MANAGER, "Not agreed", "No.")
    news = News(world)
    seen = world.submit(IRO, opened, closing("Nothing."))
    assert "Something happened to C-1 while this was open: a reply came at 9:35 am, Mon 7 Dec 2026." in seen.text
    assert "Nothing was done; open it, look, and decide again." in seen.text
    assert news.since() == {}


def test_a_reply_written_while_the_concern_moved_on_is_not_taken_and_not_lost(begin_briefly: Begin) -> None:
    world = at_stage_1(begin_briefly)
    replying = world.press(TEAM_MANAGER, "Reply")
    type_and_fill(world, IRO, "/concern C-1 stage 2", {"Reason": "It cannot wait."})
    news = News(world)
    typed = "We saw the family on Monday and agreed three visits a week."
    seen = world.submit(TEAM_MANAGER, replying, {"Answer": "Agreed and done", "What will happen": typed})
    assert "C-1 has moved on since: it was taken to stage 2 by Ann Lee" in seen.text
    assert typed in seen.text
    assert "Asked to reply:\nSunil Rao" in press_in(world, TEAM_MANAGER, seen, "Open").text
    assert news.since() == {}


def test_a_reply_given_is_added_to_by_the_same_button(begin_briefly: Begin) -> None:
    world = at_stage_1(begin_briefly)
    first = world.last(TEAM_MANAGER)
    reply(world, TEAM_MANAGER)
    again = world.people[TEAM_MANAGER].press(first, "Reply", version=0)
    assert title_of(again) == "Add to my reply"
    passed = world.people[TEAM_MANAGER].press(first, "This needs my manager", version=0)
    assert "You have already replied to C-1." in passed.text


# urgent


def test_urgent_is_said_at_any_hour_with_seen_reply_and_open(begin_briefly: Begin) -> None:
    world = begin_briefly(utc("2026-12-25", "03:00"), "nottinghamshire")
    world.submit(IRO, log(world, {"Risk of significant harm": ["Yes: use the immediate route"]}), {})
    for who in (SERVICE_MANAGER, IRO_MANAGER):
        assert first_line(world.last(who)) == "Urgent C-1: press Seen"
        assert labels(world.last(who)) == ["Seen", "Reply", "Open"]
    news = News(world)
    assert "It still needs your reply." in world.press(SERVICE_MANAGER, "Seen").text
    assert "was marked as seen at 3 am" in world.press(SERVICE_MANAGER, "Seen").text
    assert title_of(world.press(SERVICE_MANAGER, "Reply")) == "Reply to C-1"
    assert title_of(world.press(IRO_MANAGER, "Open")) == "Concern C-1"  # opening it counts as seen
    world.wait(timedelta(hours=2))
    assert news.since() == {}


@pytest.mark.slow
def test_nobody_else_is_told_and_nobody_else_can_open_it(begin_briefly: Begin) -> None:
    world = at_stage_1(begin_briefly)
    world.go_to_day(date(2026, 12, 21), time(17))
    told = {IRO, TEAM_MANAGER, SOCIAL_WORKER, SERVICE_MANAGER}
    assert {who for who in world.people if world.inbox(who)} == told
    seen = world.command(OUTSIDER, "/concern C-1").text
    assert seen.replace("C-1", "C-9") == world.command(OUTSIDER, "/concern C-9").text
