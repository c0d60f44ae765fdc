"""Reviews over real HTTP: the life of one, what its decisions set going, and who hears of it, to the word."""

import logging
from datetime import date, time, timedelta

import pytest

from scheduling.procedures import shipped_text
from storage import children, reviews
from storage.database import transaction
from storage.reviews import Review
from tests.bench import utc
from tests.cast import (
    ADMIN,
    AUTHORITY,
    CHILD,
    IRO,
    IRO_MANAGER,
    OTHER_CHILD,
    OTHER_IRO,
    OTHER_MANAGER,
    OTHER_WORKER,
    OUTSIDER,
    SERVICE_MANAGER,
    SOCIAL_WORKER,
    SUPPORT,
    TEAM_MANAGER,
    away,
    join_team,
)
from tests.screens import Filled, labels, plain_text_of
from tests.stories.canaries import CANARY, Canaries, outside_of_forms
from tests.stories.conftest import Begin, slowly_at_teams
from tests.stories.reviewing import HELD, decide, decide_and_send, hold, in_care
from tests.stories.telling import News, fill, press_in, reply, type_and_fill, words_of
from tests.world import AnyWorld

pytestmark = slowly_at_teams

MORNING = utc("2026-12-07")
SINCE = date(2026, 11, 30)  # the first review is due by Wed 30 Dec 2026
DECISIONS = f"{CHILD}: 1 decision to agree"
NEWS = f"{CHILD} has something new"
CHANGE: dict[str, Filled] = {"What changed?": "Missing from care", "Tell the IRO something changed": "A new home."}


def held_on_17_december(world: AnyWorld) -> News:
    """The child's first review is held in time; from then on is listened."""
    in_care(world, SINCE)
    world.go_to_day(date(2026, 12, 17))
    hold(world, date(2026, 12, 17))
    return News(world)


def all_reviews(world: AnyWorld) -> list[Review]:
    with transaction(world.engine, AUTHORITY, writes=False) as session:
        child = children.by_reference(session, CHILD)
        assert child is not None
        assert child.id is not None
        return reviews.of_child(session, child.id)


# ---------------------------------------------------------------- a life


@pytest.mark.slow
def test_a_review_is_booked_moved_prepared_held_decided_agreed_and_the_next_one_planned(begin: Begin) -> None:
    world = begin(MORNING)
    in_care(world, SINCE)
    news = News(world)
    due = "First review due by Wed 30 Dec 2026 (20 working days; 25 Dec and 28 Dec not counted)."

    listed = world.command(IRO, "/review")
    assert f"Coming · {CHILD} · {due} Now not booked." in listed.text
    shown = world.command(SUPPORT, f"/review {CHILD}")
    assert due in shown.text
    assert "- Book the review: by Mon 7 Dec (business support)" in shown.text

    booking = press_in(world, SUPPORT, shown, "Book")
    booked = world.submit(
        SUPPORT, booking, {"Day": date(2026, 12, 15), "Time": "10:00", "Kind of place": "Where the child lives"}
    )
    assert f"The review of {CHILD} is booked for Tue 15 Dec 2026, 10 am." in booked.text
    without_reason = type_and_fill(world, SOCIAL_WORKER, f"/review {CHILD} move", {"Day": date(2026, 12, 17)})
    assert without_reason.errors == {"Why it is moved": "Say why the review is moved."}
    moved = world.submit(SOCIAL_WORKER, without_reason, {"Why it is moved": "Request of carers or parents"})
    assert "moved from Tue 15 Dec 2026 to Thu 17 Dec 2026, 10 am. It stays within time." in moved.text
    papers = type_and_fill(world, SOCIAL_WORKER, f"/review {CHILD} papers")
    assert f"the papers for the review of {CHILD} are in since Mon 7 Dec 2026." in papers.text
    assert "moved from Tue 15 Dec" in world.command(IRO, f"/review {CHILD}").text

    world.go_to_day(date(2026, 12, 17))
    held = hold(world, date(2026, 12, 17))
    assert f"The review of {CHILD} is recorded as held on Thu 17 Dec 2026, in time." in held.text
    assert "Second review due by Wed 17 Mar 2027 (3 months from Thu 17 Dec 2026)." in held.text
    assert held.buttons == ["Add decisions", "Book the next"]
    moved_close = ["Your day, Tue 8 Dec"]
    assert news.since() == {IRO: moved_close, SUPPORT: moved_close}, "all was done in time: nothing else is said"

    sent = decide_and_send(world, "Life story work begins.", date(2027, 2, 1))
    assert "The decisions are on their way to Tess Hill, to agree or dispute." in sent.text
    assert news.since() == {TEAM_MANAGER: [DECISIONS]}
    assert labels(world.last(TEAM_MANAGER)) == ["Read", "Agree", "Dispute"]
    asked = words_of(world, TEAM_MANAGER)
    assert asked.splitlines() == [
        f"{CHILD}: 1 decision to agree by Thu 24 Dec",
        "From Ann Lee, review of Thu 17 Dec 2026.",
        "If you do not answer by 5 pm, Thu 24 Dec 2026, they count as agreed.",
        "[Read] [Agree] [Dispute]",
    ]
    assert "Life story" not in asked
    message = world.last(TEAM_MANAGER)
    assert "Life story work begins." in world.press(TEAM_MANAGER, "Read").text

    agreed = world.press(TEAM_MANAGER, "Agree", message)
    assert f"The decisions of this review of {CHILD} are agreed. Thank you." in agreed.text
    assert plain_text_of(message) == f"Agreed: {DECISIONS} by Thu 24 Dec"
    stale = world.people[TEAM_MANAGER].press(message, "Dispute", version=0)
    assert "The decisions were agreed by Tess Hill at 9:30 am, Thu 17 Dec 2026." in stale.text
    assert news.since() == {}

    first, second = all_reviews(world)
    assert (first.in_time, first.participation, first.chaired) == (True, "PN1", "co-chaired")
    assert (first.took_part, first.offered, first.decisions_answer) == ("mother,carers", "advocate", "agreed")
    assert (second.due_on, second.state) == (date(2027, 3, 17), "due")


@pytest.mark.slow
def test_a_form_of_a_held_review_says_beside_the_field_what_is_missing(begin_briefly: Begin) -> None:
    world = begin_briefly(utc("2027-01-04"))
    in_care(world, SINCE)
    form = world.command(IRO, f"/review {CHILD} hold")
    wrong = world.submit(IRO, form, {"Held on": date(2027, 1, 4)})
    assert wrong.errors == {
        "How it was held": "Say how it was held.",
        "How the child took part": "Say how the child took part.",
        "If it was late: why": "It was not in time: say why.",
    }
    late = world.submit(IRO, form, {**HELD, "If it was late: why": "Lack of documents"})
    assert "held on Mon 4 Jan 2027, late (Lack of documents)" in late.text
    assert "3 months from Mon 4 Jan 2027" in late.text


def test_a_series_is_one_review_whose_meetings_are_added_and_completed(begin_briefly: Begin) -> None:
    world = begin_briefly(utc("2026-12-17"))
    in_care(world, SINCE)
    news = News(world)
    series = ["More meetings are to follow: record this as the first of a series"]
    typed: dict[str, Filled] = {"Held on": date(2026, 12, 17), "Series": series}
    begun = type_and_fill(world, IRO, f"/review {CHILD} hold", typed)
    assert "is a series of meetings, begun on Thu 17 Dec 2026." in begun.text
    assert "Whether it is in time is counted by its completion." in begun.text
    assert "add the next meeting instead" in world.command(IRO, f"/review {CHILD} adjourn").text

    world.now = utc("2026-12-21")
    meeting = type_and_fill(world, IRO, f"/review {CHILD} meeting")
    assert "The meeting of Mon 21 Dec 2026 is kept." in meeting.text
    world.now = utc("2027-01-04")
    late = "If it was late: why"
    form = world.command(IRO, f"/review {CHILD} complete")
    assert world.submit(IRO, form, HELD).errors == {late: "It was not in time: say why."}
    completed = world.submit(IRO, form, {late: "Social worker sickness"})
    assert "recorded as held on Thu 17 Dec 2026, late (Social worker sickness)." in completed.text
    assert "Second review due by Wed 17 Mar 2027 (3 months from Thu 17 Dec 2026)." in completed.text
    assert news.events() == {}


def test_a_review_is_adjourned_once_and_its_end_is_the_laws(begin_briefly: Begin) -> None:
    world = begin_briefly(utc("2026-12-29"))
    in_care(world, SINCE)
    adjourned = type_and_fill(world, IRO, f"/review {CHILD} adjourn", {"Why": "Lack of documents"})
    end = "Adjourned on Tue 29 Dec 2026: to be completed by Wed 27 Jan 2027."
    assert end in adjourned.text
    assert "can be adjourned once only" in world.command(IRO, f"/review {CHILD} adjourn").text
    too_late = type_and_fill(world, SUPPORT, f"/review {CHILD} book", {"Day": date(2027, 1, 28)})
    assert too_late.errors == {"Day": "An adjourned review has to be completed by Wed 27 Jan 2027."}
    type_and_fill(world, SUPPORT, f"/review {CHILD} book", {"Day": date(2027, 1, 27)})
    world.now = utc("2027-01-27")
    held = type_and_fill(world, IRO, f"/review {CHILD} complete", HELD)
    assert "recorded as held on Tue 29 Dec 2026, in time." in held.text


@pytest.mark.slow
def test_a_child_who_leaves_care_has_no_further_review_and_nobody_is_reminded_of_one(begin_briefly: Begin) -> None:
    world = begin_briefly(MORNING)
    in_care(world, SINCE)
    type_and_fill(world, SUPPORT, f"/review {CHILD} book", {"Day": date(2026, 12, 17)})
    left: dict[str, Filled] = {"Reviews": "No longer looked after", "From": date(2026, 12, 7)}
    ended = type_and_fill(world, SUPPORT, f"/review {CHILD} track", left)
    assert f"{CHILD} left care on Mon 7 Dec 2026: no further review is due." in ended.text
    news = News(world)
    world.go_to_day(date(2026, 12, 18))
    assert news.since() == {}
    shown = world.command(SOCIAL_WORKER, f"/review {CHILD}").text
    assert "No further review is due: not looked after since Mon 7 Dec 2026." in shown
    assert "To do" not in shown


# ---------------------------------------------------------------- the manager's answer


@pytest.mark.slow
def test_a_dispute_is_told_to_the_iro_who_changes_the_decisions_and_sends_them_again(begin_briefly: Begin) -> None:
    world = begin_briefly(MORNING)
    news = held_on_17_december(world)
    decide_and_send(world, "A new school by January.", date(2027, 1, 8))
    disputing = world.press(TEAM_MANAGER, "Dispute")
    disputed = world.submit(TEAM_MANAGER, disputing, {"Which decision do you dispute, and why?": "Too early."})
    assert f"Your dispute of the decisions for {CHILD} is with the IRO." in disputed.text
    assert news.since() == {TEAM_MANAGER: [DECISIONS], IRO: [f"{CHILD}: Tess Hill disputes the decisions"]}
    assert labels(world.last(IRO)) == ["Open"]
    assert "Too early" not in words_of(world, IRO)
    assert "Too early." in world.press(IRO, "Open").text

    world.wait(timedelta(minutes=5))
    decide_and_send(world, "A new school by Easter.", date(2027, 3, 26))
    assert news.since() == {TEAM_MANAGER: [f"{CHILD}: 2 decisions to agree"]}
    assert "Sent again after your dispute: 1 is new." in words_of(world, TEAM_MANAGER)
    world.press(TEAM_MANAGER, "Agree")
    assert all_reviews(world)[0].decisions_answer == "agreed"


@pytest.mark.slow
def test_five_working_days_of_silence_agree_decisions_that_arrived(begin_briefly: Begin) -> None:
    world = begin_briefly(MORNING)
    news = held_on_17_december(world)
    decide_and_send(world, "Life story work begins.", date(2027, 2, 1))
    message = world.last(TEAM_MANAGER)
    world.go_to_day(date(2026, 12, 24), time(16, 55))
    assert all_reviews(world)[0].decisions_answer is None
    world.go_to_day(date(2026, 12, 24), time(17, 5))
    assert all_reviews(world)[0].decisions_answer == "silence"
    assert news.since() == {TEAM_MANAGER: [DECISIONS, "Your day, Tue 22 Dec", "Your day, Thu 24 Dec"]}
    assert plain_text_of(message) == f"Agreed by silence: {DECISIONS} by Thu 24 Dec"
    late = world.people[TEAM_MANAGER].press(message, "Dispute", version=0)
    assert "nobody answered in time, which counts as agreed." in late.text
    assert f"To change something now, tell the IRO: /tell {CHILD}." in late.text
    assert news.since() == {}


@pytest.mark.slow
def test_silence_agrees_nothing_that_never_arrived(begin_briefly: Begin) -> None:
    world = begin_briefly(MORNING)
    news = held_on_17_december(world)
    world.close_account(TEAM_MANAGER)
    decide_and_send(world, "Life story work begins.", date(2027, 2, 1))
    told = [f"Tess Hill could not be told about the review of {CHILD}"]
    assert news.since() == {IRO: told, IRO_MANAGER: told}
    assert labels(world.last(IRO_MANAGER)) == ["Open"]

    world.go_to_day(date(2026, 12, 24), time(17, 5))
    arrived_not = f"{CHILD}: the decisions have not arrived"
    assert news.events() == {IRO: [arrived_not], IRO_MANAGER: [arrived_not]}
    assert labels(world.last(IRO)) == ["Open"]
    world.go_to_day(date(2027, 1, 7))
    assert all_reviews(world)[0].decisions_answer is None

    world.open_account(TEAM_MANAGER)
    news.since()
    press_in(world, IRO, world.command(IRO, f"/review {CHILD} decisions"), "Send to the manager")
    assert news.since() == {TEAM_MANAGER: [DECISIONS]}
    assert "If you do not answer by 5 pm, Thu 14 Jan 2027, they count as agreed." in words_of(world, TEAM_MANAGER)
    world.go_to_day(date(2027, 1, 14), time(17, 5))
    assert all_reviews(world)[0].decisions_answer == "silence"


# ---------------------------------------------------------------- something changed


@pytest.mark.slow
def test_news_reaches_the_iro_alone_who_notes_it_or_brings_the_review_forward(begin_briefly: Begin) -> None:
    world = begin_briefly(MORNING)
    news = held_on_17_december(world)

    told = type_and_fill(world, SOCIAL_WORKER, f"/tell {CHILD}", CHANGE)
    assert f"Ann Lee will be told that {CHILD} has news." in told.text
    assert news.since() == {IRO: [NEWS]}
    assert labels(world.last(IRO)) == ["Bring the review forward", "Noted", "Open"]
    said = words_of(world, IRO)
    assert "Told by Sam Okoro at 9:30 am, Thu 17 Dec 2026." in said
    assert "The next review is due by Wed 17 Mar 2027." in said
    assert "A new home." not in said
    message = world.last(IRO)
    opened = world.press(IRO, "Open", message)
    assert "A new home." in opened.text
    assert opened.buttons == ["Bring the review forward", "Noted"]
    noted = world.press(IRO, "Noted", message)
    assert f"Noted. The next review of {CHILD} stays where it is." in noted.text
    assert plain_text_of(message) == f"Answered: {NEWS}"
    again = world.people[IRO].press(message, "Bring the review forward", version=0)
    assert "Ann Lee answered this at 9:30 am, Thu 17 Dec 2026: noted." in again.text
    assert all_reviews(world)[1].due_on == date(2027, 3, 17)

    type_and_fill(world, TEAM_MANAGER, f"/tell {CHILD}", CHANGE)
    assert news.since() == {IRO: [NEWS]}
    forward = world.press(IRO, "Bring the review forward")
    assert (
        "To be held by: This is not earlier"
        in world.submit(IRO, forward, {"Why": "The IRO requests it", "To be held by": date(2027, 3, 17)}).text
    )
    brought = world.submit(IRO, forward, {"To be held by": date(2027, 1, 25)})
    assert "due by Mon 25 Jan 2027, brought forward from Wed 17 Mar 2027 (The IRO requests it)." in brought.text
    assert news.since() == {}


@pytest.mark.slow
def test_news_nobody_answered_stands_in_the_iros_next_morning(begin_briefly: Begin) -> None:
    world = begin_briefly(MORNING)
    news = held_on_17_december(world)
    type_and_fill(world, SUPPORT, f"/tell {CHILD}", CHANGE)
    news.since()
    world.go_to_day(date(2026, 12, 18))
    assert news.since() == {IRO: ["Your day, Fri 18 Dec"]}
    assert f"{CHILD} has something new since Thu 17 Dec; it waits for your word." in words_of(world, IRO)


def test_while_the_iro_is_away_the_cover_hears_the_news_and_records_the_review(begin_briefly: Begin) -> None:
    world = begin_briefly(MORNING)
    in_care(world, SINCE)
    away(world.engine, world.cast, IRO, date(2026, 12, 7), date(2026, 12, 18), OTHER_IRO)
    news = News(world)
    type_and_fill(world, SOCIAL_WORKER, f"/tell {CHILD}", CHANGE)
    assert news.since() == {OTHER_IRO: [NEWS]}
    typed = {"Held on": date(2026, 12, 7), **HELD}
    held = type_and_fill(world, OTHER_IRO, f"/review {CHILD} hold", typed)
    assert "recorded as held on Mon 7 Dec 2026, in time" in held.text


# ---------------------------------------------------------------- decisions not done


@pytest.mark.slow
def test_a_decision_not_done_by_the_next_review_readies_a_concern_and_says_when_it_is_the_second_time(
    begin_briefly: Begin,
) -> None:
    world = begin_briefly(MORNING)
    in_care(world, SINCE)
    world.go_to_day(date(2026, 12, 17))
    hold(world, date(2026, 12, 17))
    decide(world, "The passport is applied for.", date(2026, 12, 18))
    decide(world, "Contact with the brother is set up.", date(2026, 12, 18))
    marking = press_in(world, IRO, world.command(IRO, f"/review {CHILD} decisions"), "Mark as done")
    marked = world.submit(IRO, marking, {"Done": ["Contact with the brother is set up."]})
    assert f"Saved: 1 decision about {CHILD} marked." in marked.text

    world.go_to_day(date(2026, 12, 21))
    news = News(world)
    held = hold(world, date(2026, 12, 21))
    assert "What earlier reviews decided was not all done: C-1 is ready as a draft." in held.text
    assert "Open C-1" in held.buttons
    draft = world.command(IRO, "/concern C-1")
    assert '- "The passport is applied for.", decided on Thu 17 Dec 2026' in draft.text
    assert "brother" not in draft.text
    assert "Main reason: Non completion of review decisions" in draft.text
    assert "twice" not in draft.text
    assert news.since() == {}, "a draft is the IRO's alone"
    assert "C-1" not in world.command(TEAM_MANAGER, "/concern list team").text

    again: dict[str, Filled] = {
        "Not done since the last review: decide again": ["The passport is applied for."],
        "By when?": date(2026, 12, 22),
    }
    type_and_fill(world, IRO, f"/review {CHILD} decisions", again)
    world.go_to_day(date(2026, 12, 23))
    hold(world, date(2026, 12, 23))
    assert "It has now been found not done twice." in world.command(IRO, "/concern C-2").text

    news.since()
    asked = type_and_fill(world, IRO, "/concern C-2")
    assert "C-1 is a draft on this child with this reason." in asked.text
    assert news.since() == {}
    logged = world.submit(IRO, asked, {})
    assert "C-2 is logged informally" in logged.text
    needs = "Please reply to C-2"
    assert news.since() == {SOCIAL_WORKER: [needs], TEAM_MANAGER: [needs]}
    assert "is with the IRO" in reply(world, SOCIAL_WORKER).text


# ---------------------------------------------------------------- one morning message


@pytest.mark.slow
def test_a_worker_with_five_children_gets_one_morning_message_and_may_let_a_task_rest(begin_briefly: Begin) -> None:
    world = begin_briefly(MORNING)
    five = [f"AB-30{number}0" for number in range(1, 6)]
    in_care(world, SINCE, *five)
    for child in five:
        type_and_fill(world, SUPPORT, f"/review {child} book", {"Day": date(2026, 12, 17)})
    news = News(world)

    world.go_to_day(date(2026, 12, 10))
    assert news.since() == {SOCIAL_WORKER: ["Your day, Thu 10 Dec"]}
    day = world.last(SOCIAL_WORKER)
    assert labels(day) == ["Do", "Open", "Not today"] * 5
    for child in five:
        assert f"{child}: papers to Ann Lee by Mon 14 Dec (review Thu 17 Dec)." in plain_text_of(day)

    doing = world.people[SOCIAL_WORKER].press(day, "Do", near=five[0])
    assert f"the papers for the review of {five[0]} are in" in world.submit(SOCIAL_WORKER, doing, {}).text
    opened = world.people[SOCIAL_WORKER].press(day, "Open", near=five[1])
    assert f"Review: {five[1]}" in opened.text

    world.go_to_day(date(2026, 12, 14), time(8))
    assert news.since() == {}, "named two working days before, and on the day"
    world.go_to_day(date(2026, 12, 14))
    assert news.since()[SOCIAL_WORKER] == ["Your day, Mon 14 Dec"]
    day = world.last(SOCIAL_WORKER)
    assert labels(day) == ["Do", "Open", "Not today"] * 4
    rested = world.people[SOCIAL_WORKER].press(day, "Not today", near=five[2])
    assert "Not today, then" in rested.text
    assert "It stays due today." in rested.text
    assert "Papers to the IRO: by Mon 14 Dec" in world.command(SOCIAL_WORKER, f"/review {five[2]}").text
    world.go_to_day(date(2026, 12, 15))
    assert f"{five[2]}: papers to Ann Lee late since Mon 14 Dec" in words_of(world, SOCIAL_WORKER)
    assert f"{five[2]}: the review due Wed 30 Dec, booked for Thu 17 Dec, is at risk: papers not in." in words_of(
        world, IRO
    )


def test_while_a_worker_is_away_their_tasks_stand_in_the_covers_morning(begin_briefly: Begin) -> None:
    world = begin_briefly(MORNING)
    in_care(world, SINCE)
    type_and_fill(world, SUPPORT, f"/review {CHILD} book", {"Day": date(2026, 12, 17)})
    join_team(world.engine, world.cast, OTHER_WORKER, "North team")
    away(world.engine, world.cast, SOCIAL_WORKER, date(2026, 12, 9), date(2026, 12, 18), OTHER_WORKER)
    news = News(world)
    world.go_to_day(date(2026, 12, 10))
    assert news.since() == {OTHER_WORKER: ["Your day, Thu 10 Dec"]}
    line = f"{CHILD}: papers to Ann Lee by Mon 14 Dec (review Thu 17 Dec) (for Sam Okoro)."
    assert line in words_of(world, OTHER_WORKER)
    noted = world.submit(OTHER_WORKER, world.press(OTHER_WORKER, "Do"), {})
    assert "are in since Thu 10 Dec 2026." in noted.text


@pytest.mark.slow
def test_siblings_reviewed_on_one_day_have_each_their_review_and_their_decisions(begin_briefly: Begin) -> None:
    world = begin_briefly(MORNING)
    siblings = ["AB-4001", "AB-4002"]
    in_care(world, SINCE, *siblings)
    world.now = utc("2026-12-17")
    news = News(world)
    for child in siblings:
        hold(world, date(2026, 12, 17), child=child)
        decide_and_send(world, "They stay together.", date(2027, 2, 1), child=child)
    assert news.events() == {TEAM_MANAGER: [f"{child}: 1 decision to agree" for child in siblings]}
    first, second = world.inbox(TEAM_MANAGER)
    assert labels(first) == labels(second) == ["Read", "Agree", "Dispute"]
    assert "review of AB-4001 are agreed" in world.press(TEAM_MANAGER, "Agree", first).text
    assert "[Agree]" in world.press(TEAM_MANAGER, "Read", second).text, "the other's wait for their own answer"


# ---------------------------------------------------------------- what leaks, and to whom


@pytest.mark.slow
def test_not_a_word_about_a_review_is_in_a_message_a_log_a_button_or_an_address(
    begin_briefly: Begin, caplog: pytest.LogCaptureFixture
) -> None:
    for package in ("bot", "handlers", "scheduling", "storage"):
        caplog.set_level(logging.DEBUG, package)
    world = begin_briefly(MORNING, feedback_switched_on())
    say = Canaries()
    tell_a_whole_life(world, say)
    news = News(world)
    for line in (
        f"/review {CHILD} {say('after a reference')}",
        f"/review {CHILD} hold {say('after hold')}",
        f"/review {say('after review')}",
        f"/tell {CHILD} {say('after a child')}",
        f"/tell {say('after tell')}",
    ):
        world.command(SOCIAL_WORKER, line)
    assert news.since() == {}

    for where, text in outside_of_forms(world):
        assert not CANARY.search(text), f"{where} tells {CANARY.findall(text)} of {say.of}"
        assert "Missing from care" not in text, where
        assert "Non completion" not in text, where
    assert not CANARY.search(caplog.text)
    assert CHILD not in caplog.text

    read = world.command(IRO, f"/review {CHILD}").text
    read += press_in(world, IRO, world.command(IRO, f"/review {CHILD}"), "Decisions").text
    read += world.command(IRO, "/concern C-1").text
    for where in ("decision", "undone decision"):
        assert say.of[where] in read, "the search above could have found it"


def feedback_switched_on() -> str:
    text = shipped_text("handbook")
    task = text.index('key = "feedback_to_team_manager"')
    return text[:task] + text[task:].replace("on = false", "on = true", 1)


def tell_a_whole_life(world: AnyWorld, say: Canaries) -> None:
    in_care(world, SINCE)
    book: dict[str, Filled] = {"Day": date(2026, 12, 15), "How the child wants it": say("wish")}
    type_and_fill(world, SOCIAL_WORKER, f"/review {CHILD} book", book)
    type_and_fill(
        world, IRO, f"/review {CHILD} seen", {"What happened": ["The child was seen"], "What was found": say("seen")}
    )
    type_and_fill(world, IRO, f"/review {CHILD} contact", {"What was found": say("contact")})
    world.go_to_day(date(2026, 12, 17))
    hold(world, date(2026, 12, 17))
    decide_and_send(world, say("undone decision"), date(2026, 12, 18))
    disputed = {"Which decision do you dispute, and why?": say("dispute")}
    fill(world, TEAM_MANAGER, "Dispute", disputed)
    world.press(IRO, "Open")
    world.wait(timedelta(minutes=5))
    decide_and_send(world, say("second decision"), date(2026, 12, 18))
    feedback = world.command(IRO, f"/review {CHILD} feedback")
    grade = world.people[IRO].choices(feedback, "Grade of the plan")[0]
    typed = {"What was good?": say("good"), "What was missing?": say("missing"), "Grade of the plan": grade}
    world.submit(IRO, feedback, typed)
    assert world.titles(TEAM_MANAGER)[-1] == f"Feedback on the review of {CHILD}"
    world.press(TEAM_MANAGER, "Open")
    change = {"What changed?": "Missing from care", "Tell the IRO something changed": say("news")}
    type_and_fill(world, SOCIAL_WORKER, f"/tell {CHILD}", change)
    world.press(IRO, "Open")
    world.go_to_day(date(2026, 12, 21))
    type_and_fill(world, IRO, f"/review {CHILD} midway", {"What was found": say("midway")})
    hold(world, date(2026, 12, 21))
    decide_and_send(world, say("decision"), date(2027, 3, 1))
    world.press(TEAM_MANAGER, "Read")
    world.go_to_day(date(2026, 12, 24))
    world.command(IRO, "/review")


@pytest.mark.slow
def test_messages_leave_the_reference_out_where_a_setting_hides_it(begin_briefly: Begin) -> None:
    text = shipped_text("handbook")
    assert "show = true" in text
    world = begin_briefly(MORNING, text.replace("show = true", "show = false", 1))
    news = held_on_17_december(world)
    decide_and_send(world, "Life story work begins.", date(2027, 2, 1))
    type_and_fill(world, SOCIAL_WORKER, f"/tell {CHILD}", CHANGE)
    assert news.since() == {
        TEAM_MANAGER: ["A child in care: 1 decision to agree"],
        IRO: ["A child in care has something new"],
    }
    world.go_to_day(date(2026, 12, 24))
    for who in world.people:
        for message in world.inbox(who):
            assert CHILD not in plain_text_of(message)


@pytest.mark.slow
def test_whoever_is_nothing_to_the_child_gets_the_answer_for_a_child_that_does_not_exist(begin_briefly: Begin) -> None:
    world = begin_briefly(MORNING)
    news = held_on_17_december(world)
    decide_and_send(world, "Life story work begins.", date(2027, 2, 1))
    news.since()
    deeds = ("", " book", " hold", " adjourn", " decisions", " papers", " seen", " midway", " sent", " track")
    for who in (OUTSIDER, OTHER_WORKER, OTHER_MANAGER, ADMIN):
        for line in (*(f"/review {{}}{deed}" for deed in deeds), "/tell {}"):
            theirs = world.command(who, line.format(CHILD)).text
            nobodys = world.command(who, line.format("AB-9999")).text
            assert theirs.replace(CHILD, "AB-9999") == nobodys, (who, line)
            assert "There is no AB-9999 here that you can open." in nobodys, (who, line)
        assert CHILD not in world.command(who, "/review").text
    assert OTHER_CHILD not in world.command(OUTSIDER, "/review").text
    assert news.since() == {}


def test_the_search_of_tell_offers_nobody_a_child_they_may_not_tell_about(begin_briefly: Begin) -> None:
    world = begin_briefly(MORNING)
    for who, offered in ((OUTSIDER, []), (SOCIAL_WORKER, [CHILD]), (OTHER_WORKER, [OTHER_CHILD])):
        form = world.command(who, "/tell")
        assert world.people[who].suggest(form, "Child reference", "AB-") == offered, who


@pytest.mark.slow
def test_those_who_may_see_but_not_do_are_told_who_can(begin_briefly: Begin) -> None:
    world = begin_briefly(MORNING)
    held_on_17_december(world)
    decide_and_send(world, "Life story work begins.", date(2027, 2, 1))
    only = f"Only the child's IRO, or their cover, can do this for {CHILD}."
    for who in (SOCIAL_WORKER, TEAM_MANAGER, SERVICE_MANAGER, SUPPORT):
        assert only in world.command(who, f"/review {CHILD} hold").text
    assert (
        f"{only} The IRO manager can when the IRO is away" in world.command(IRO_MANAGER, f"/review {CHILD} hold").text
    )
    assert "Life story" not in world.command(SUPPORT, f"/review {CHILD} decisions").text
    assert "record it as a contact" in world.command(IRO, f"/tell {CHILD}").text
