"""Reviews when something goes wrong or somebody is not there: Slack fails, the IRO is away with nobody to cover."""

from datetime import date, time, timedelta

import pytest

from handlers.figures.participation_tables import participation
from handlers.figures.period import Period
from handlers.office import Scene, rules_in_force
from storage import reviews
from storage.database import transaction
from storage.outbox import Outbox, OutboxState
from storage.reviews import Review
from tests.bench import utc
from tests.cast import AUTHORITY, CHILD, IRO, IRO_MANAGER, SOCIAL_WORKER, SUPPORT, TEAM_MANAGER, away
from tests.screens import Filled, labels, plain_text_of
from tests.stories.conftest import Begin, BeginAtSlack
from tests.stories.repeats import rows
from tests.stories.reviewing import HELD, decide_and_send, hold, in_care
from tests.stories.telling import News, fill, type_and_fill, words_of
from tests.world import AnyWorld, World

MORNING = utc("2026-12-07")
SINCE = date(2026, 11, 30)  # the first review is due by Wed 30 Dec 2026
DECISIONS = f"{CHILD}: 1 decision to agree"
NEWS = f"{CHILD} has something new"
CHANGE: dict[str, Filled] = {"What changed?": "Missing from care", "Tell the IRO something changed": "A new home."}


def last_review(world: AnyWorld, child: str = CHILD) -> Review:
    with transaction(world.engine, AUTHORITY, writes=False) as session:
        found = reviews.last_held(session, world.cast.children[child])
    assert found is not None
    return found


@pytest.fixture
def decided(begin_briefly: BeginAtSlack) -> World:
    """A review held on Mon 7 Dec 2026; nothing has been sent yet."""
    world = begin_briefly(MORNING)
    in_care(world, SINCE)
    hold(world, date(2026, 12, 7))
    return world


# ---------------------------------------------------------------- Slack fails


def test_decisions_that_slack_put_off_arrive_once_and_the_five_days_count_from_then(decided: World) -> None:
    decided.standin.fail_next("chat.postMessage", retry_after=86_400)
    decide_and_send(decided, "Life story work begins.", date(2027, 2, 1))
    decided.go_to_day(date(2026, 12, 8), time(9, 29))
    assert decided.inbox(TEAM_MANAGER) == []
    decided.wait(timedelta(minutes=2))
    assert decided.titles(TEAM_MANAGER) == [DECISIONS]
    review = last_review(decided)
    assert review.decisions_delivered_at == utc("2026-12-08", "09:31")
    assert review.decisions_answer_due_at == utc("2026-12-15", "17:00")


def test_decisions_whose_receipt_was_lost_are_found_again_and_count_as_delivered(decided: World) -> None:
    decided.standin.fail_next("chat.postMessage", drop_reply=True)
    decide_and_send(decided, "Life story work begins.", date(2027, 2, 1))
    for _ in range(3):
        decided.wait(timedelta(minutes=5))
    assert decided.titles(TEAM_MANAGER) == [DECISIONS]
    assert {row.state for row in rows(decided, Outbox)} == {OutboxState.SENT}
    assert last_review(decided).decisions_delivered_at is not None
    decided.press(TEAM_MANAGER, "Agree")
    assert decided.titles(TEAM_MANAGER) == [f"Agreed: {DECISIONS}"]


def test_news_lost_on_its_way_is_sent_again_and_answered_once(decided: World) -> None:
    decided.standin.fail_next("chat.postMessage", drop_request=True)
    type_and_fill(decided, SOCIAL_WORKER, f"/tell {CHILD}", CHANGE)
    assert decided.inbox(IRO) == []
    decided.wait(timedelta(minutes=1))
    assert decided.titles(IRO) == [NEWS]
    assert "Noted." in decided.press(IRO, "Noted").text
    assert decided.titles(IRO) == [f"Answered: {NEWS}"]


def test_a_message_slack_will_not_change_keeps_its_buttons_which_then_explain_themselves(decided: World) -> None:
    decide_and_send(decided, "Life story work begins.", date(2027, 2, 1))
    decided.standin.fail_next("chat.update", error="cant_update_message")
    decided.press(TEAM_MANAGER, "Agree")
    assert decided.titles(TEAM_MANAGER) == [DECISIONS]
    stale = decided.press(TEAM_MANAGER, "Dispute")
    assert "The decisions were agreed by Tess Hill at 9:30 am, Mon 7 Dec 2026." in stale.text
    assert "To change something now, tell the IRO" in stale.text


# ---------------------------------------------------------------- nobody covers the IRO


@pytest.mark.slow
def test_while_the_iro_is_away_without_cover_the_iro_manager_hears_and_does_it_all(begin_briefly: Begin) -> None:
    world = begin_briefly(MORNING)
    in_care(world, SINCE)
    away(world.engine, world.cast, IRO, date(2026, 12, 8), date(2027, 1, 8))
    news = News(world)
    world.go_to_day(date(2026, 12, 16))
    mornings = news.mornings()
    assert IRO not in mornings
    assert "Your day, Wed 16 Dec" in mornings[IRO_MANAGER]
    risk = f"{CHILD}: the review due Wed 30 Dec is not booked (for Ann Lee)."
    assert risk in words_of(world, IRO_MANAGER)

    type_and_fill(world, SOCIAL_WORKER, f"/tell {CHILD}", CHANGE)
    assert news.events() == {IRO_MANAGER: [NEWS]}
    assert "Noted." in world.press(IRO_MANAGER, "Noted").text

    typed = {"Held on": date(2026, 12, 16), **HELD}
    held = type_and_fill(world, IRO_MANAGER, f"/review {CHILD} hold", typed)
    assert "recorded as held on Wed 16 Dec 2026, in time" in held.text
    decision: dict[str, Filled] = {
        "What was decided?": "Life story work.",
        "Or a role": "Social worker",
        "By when?": date(2027, 2, 1),
    }
    form = type_and_fill(world, IRO_MANAGER, f"/review {CHILD} decisions", decision)
    sent = world.people[IRO_MANAGER].press_in_view(form, "Send to the manager", {})
    world.beat()
    assert "on their way to Tess Hill" in sent.text
    fill(world, TEAM_MANAGER, "Dispute", {"Which decision do you dispute, and why?": "Too early."})
    assert news.events() == {TEAM_MANAGER: [DECISIONS], IRO_MANAGER: [f"{CHILD}: Tess Hill disputes the decisions"]}
    assert last_review(world).iro_id == world.cast.people[IRO]


@pytest.mark.slow
def test_an_iro_who_is_back_finds_their_own_morning_again(begin_briefly: Begin) -> None:
    world = begin_briefly(MORNING)
    in_care(world, SINCE)
    away(world.engine, world.cast, IRO, date(2026, 12, 8), date(2026, 12, 16))
    news = News(world)
    world.go_to_day(date(2026, 12, 17))
    assert "Your day, Thu 17 Dec" in news.mornings()[IRO]
    assert f"{CHILD}: the review due Wed 30 Dec is not booked." in words_of(world, IRO)
    assert "Open" in labels(world.last(IRO))


# ---------------------------------------------------------------- counted by hand


@pytest.mark.slow
def test_participation_of_six_children_is_what_one_counts_by_hand(begin_briefly: Begin) -> None:
    world = begin_briefly(utc("2026-12-17"))
    codes = {
        "AB-5001": "PN0 Under four at the time of the review",
        "AB-5002": "PN1 Attends and speaks for themselves",
        "AB-5003": "PN1 Attends and speaks for themselves",
        "AB-5004": "PN4 Attends, and neither speaks nor conveys views",
        "AB-5005": "PN6 Does not attend, and conveys their feelings",
        "AB-5006": "PN7 Neither attends nor conveys views",
    }
    in_care(world, SINCE, *codes)
    for child, code in codes.items():
        more: dict[str, Filled] = {"How the child took part": code, "Led by the child": "No"}
        assert "in time" in hold(world, date(2026, 12, 17), more, child=child).text
    with transaction(world.engine, AUTHORITY, writes=False) as session:
        scene = Scene(session=session, now=world.now, authority=AUTHORITY, rules=rules_in_force(session, AUTHORITY))
        found = participation(scene, Period(first=date(2026, 10, 1), last=date(2026, 12, 31)))
    table = {str(row["code"]): (row["q3"], row["share_q3"], row["total"]) for row in found}
    assert table["PN0"] == (1, None, 1)
    assert table["PN1"] == (2, 40.0, 2)
    assert [table[code] for code in ("PN4", "PN6", "PN7")] == [(1, 20.0, 1)] * 3
    assert (table["base"][0], table["total"][0]) == (5, 6)


# ---------------------------------------------------------------- care is left in between


def test_a_review_held_just_before_care_was_left_is_recorded_and_followed_up(begin_briefly: Begin) -> None:
    world = begin_briefly(utc("2026-12-17"))
    in_care(world, SINCE)
    left: dict[str, Filled] = {"Reviews": "No longer looked after", "From": date(2026, 12, 17)}
    type_and_fill(world, SUPPORT, f"/review {CHILD} track", left)
    shown = world.command(IRO, f"/review {CHILD}")
    held = world.people[IRO].press_in_view(shown, "Record as held", {})
    done = world.submit(IRO, held, {"Held on": date(2026, 12, 16), **HELD})
    assert "recorded as held on Wed 16 Dec 2026, in time. No further review is due." in done.text
    news = News(world)
    decide_and_send(world, "The home is paid for until March.", date(2027, 2, 1))
    assert news.since() == {TEAM_MANAGER: [DECISIONS]}
    assert "Agree" in labels(world.last(TEAM_MANAGER))
    assert CHILD in plain_text_of(world.last(TEAM_MANAGER))
