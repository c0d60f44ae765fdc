"""A person's whole day by their role, of no line, one, thirty and two hundred: order, counts, "More", and rights."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TypeVar

import pytest
from sqlmodel import Session, SQLModel, select

from handlers.cards import Button, Card, Form
from handlers.day.day import day_card, morning_card
from handlers.day.for_you import for_you
from handlers.rights import May, child_standing, may, standing
from handlers.terms import in_words
from scheduling.procedures import shipped_text
from storage import children, concerns, people
from storage.children import Allocation, Capacity, Child
from storage.concerns import Concern
from storage.database import transaction
from storage.review_tasks import ReviewTask
from storage.reviews import Review
from storage.stage_runs import Addressee, StageRun
from tests.bench import Bench, button, buttons, utc, words
from tests.cast import (
    AUTHORITY,
    CHILD,
    IRO,
    IRO_MANAGER,
    OTHER_CHILD,
    OTHER_IRO,
    OTHER_MANAGER,
    OUTSIDER,
    SERVICE_MANAGER,
    SOCIAL_WORKER,
    STAFF,
    SUPPORT,
    TEAM_MANAGER,
    away,
)
from tests.databases import sqlite_engine
from tests.handlers.reviews.decided import decide, held_review, hold, send
from tests.handlers.reviews.steps import in_care, scene_of
from tests.handlers.steps import PLAN, desk_of, form, logged, move, reply, said

ROLES = (IRO, SOCIAL_WORKER, TEAM_MANAGER, IRO_MANAGER, SUPPORT)
DAY, CANARY = date(2026, 12, 30), "The canary sings."
_Row = TypeVar("_Row", bound=SQLModel)


def late_and_near(bench: Bench) -> None:
    """A concern that is late and near its end, and a review for which nothing was done, on Wednesday 30 December."""
    in_care(bench, "2026-12-07")
    logged(bench, 1, worries=CANARY)
    bench.wake_on_day(DAY)


def as_many(bench: Bench, number: int) -> None:
    """The same about other children, until there are so many."""
    with transaction(bench.engine, AUTHORITY) as session:
        child = children.by_reference(session, CHILD)
        assert child is not None
        here = len(session.exec(select(Concern)).all())
        for more in range(here, number):
            one = _added(session, _like(child, reference=f"AB-{5000 + more}"))
            for held in session.exec(select(Allocation).where(Allocation.child_id == child.id)).all():
                _added(session, _like(held, child_id=one.id))
            _again(session, child, one, more + 1)


def _again(session: Session, child: Child, other: Child, number: int) -> None:
    """What is about one child about another too."""
    review = session.exec(select(Review).where(Review.child_id == child.id)).one()
    theirs = _added(session, _like(review, child_id=other.id))
    for task in session.exec(select(ReviewTask).where(ReviewTask.review_id == review.id)).all():
        _added(session, _like(task, child_id=other.id, review_id=theirs.id))
    concern = concerns.by_number(session, 1)
    assert concern is not None
    about = _added(session, _like(concern, number=number, child_id=other.id, run_id=None))
    run = session.get(StageRun, concern.run_id)
    assert run is not None
    stand = _added(session, _like(run, concern_id=about.id))
    about.run_id = stand.id
    for part in session.exec(select(Addressee).where(Addressee.run_id == run.id)).all():
        _added(session, _like(part, concern_id=about.id, run_id=stand.id))


def _like(row: _Row, **changes: object) -> _Row:
    return type(row)(**{**row.model_dump(exclude={"id"}), **changes})


def _added(session: Session, row: _Row) -> _Row:
    session.add(row)
    session.flush()
    return row


def whole(bench: Bench, who: str) -> Card:
    """The whole day of somebody."""
    shown = bench.command(who, "/iro day")
    assert isinstance(shown, Card)
    return shown


def parts_of(card: Card) -> dict[str, list[str]]:
    """The lines of each part by its heading; the first has none. Last stands what is below them all."""
    found: dict[str, list[str]] = {"": []}
    for line in card.lines:
        if line.heads:
            found[line.text] = []
        elif line.text:
            found[[*found][-1]].append(line.text)
    return found


def more_of(bench: Bench, who: str, card: Card, shown: int = 0) -> Iterator[str]:
    """What "More" of the first part shows, page after page to the end; from later on, where so many were shown."""
    pressed = next((one for one in buttons(card) if one.subject.startswith("for-you:")), None)
    if pressed is not None and shown:
        pressed = Button(label="More", deed=pressed.deed, subject=f"for-you:{shown}")
    while pressed is not None:
        page = bench.press(who, pressed)
        assert isinstance(page, Card)
        yield from (line.text for line in page.lines)
        pressed = next((one for one in page.buttons if one.label.startswith("More")), None)


@pytest.mark.slow
@pytest.mark.parametrize("number", [1, 30, pytest.param(200, marks=pytest.mark.slow)])
def test_the_day_of_each_role(bench: Bench, number: int) -> None:
    late_and_near(bench)
    as_many(bench, number)
    for who in ROLES:
        card = whole(bench, who)
        with transaction(bench.engine, AUTHORITY, writes=False) as session:
            people.know_day(session, DAY)
            scene = scene_of(bench, session)
            entries = for_you(scene, bench.cast.people[who])
            texts = [in_words(one.line.text, scene.rules) for one in entries]
        assert len(texts) >= number, who
        assert [(one.on, one.kind) for one in entries] == sorted((one.on, one.kind) for one in entries)
        late = sum(one.is_late(bench.now) for one in entries)
        counted = f"Your day, Wed 30 Dec: {len(texts)} for you{f', {late} late' if late else ''}"
        assert re.fullmatch(rf"{counted}(; \d+ late in your team)?", card.title), card.title
        parts = parts_of(card)
        assert parts[""][:5] == texts[:5]
        begun = 5 if len(texts) < 40 else len(texts) - 9
        assert [*more_of(bench, who, card, begun)] == texts[begun:]
        assert all(parts.values() if parts[""] else []), "no heading without lines"
        said_there = [text for heading, lines in parts.items() if heading.startswith("Your team") for text in lines]
        assert not {*said_there} & {*texts}
        assert CANARY not in words(card)
        assert not re.search(r"(Ann Lee|Olu Ade)[^.:;]*\d+ (open )?concern", words(card))


def test_the_morning_is_the_first_part_and_the_team_alone(bench: Bench) -> None:
    late_and_near(bench)
    for who in (*ROLES, SERVICE_MANAGER):
        full = whole(bench, who)
        with transaction(bench.engine, AUTHORITY, writes=False) as session:
            scene = scene_of(bench, session)
            morning = in_words(morning_card(scene, bench.cast.people[who], DAY), scene.rules)
        assert morning is not None
        assert morning.title == full.title
        assert morning.lines == full.lines[: len(morning.lines)]
        assert [line.text for line in morning.lines if line.heads] == [
            heading for heading in parts_of(full) if heading.startswith("Your team")
        ]


def test_a_manager_reads_what_is_theirs_once_and_the_teams_by_whose_it_is(bench: Bench) -> None:
    late_and_near(bench)
    theirs, above = parts_of(whole(bench, TEAM_MANAGER)), parts_of(whole(bench, SERVICE_MANAGER))
    assert theirs[""][0].startswith("C-1 (AB-1042): your reply is 5 working days late (Mon 21 Dec)")
    assert "reply to C-1" not in "\n".join(theirs["Your team, late or due by Mon 4 Jan 2027"])
    assert above[""] == ["C-1 (AB-1042): the reply of Tess Hill is late since Mon 21 Dec."]
    (team,) = [lines for heading, lines in above.items() if heading.startswith("Your team")]
    assert "Tess Hill" not in "\n".join(one for one in team if "nothing late" not in one), "named above already"
    assert team[-1] == "Mona, Tess and Will: nothing late."


def test_when_nothing_waits_it_says_so_and_what_comes_next(bench: Bench) -> None:
    assert words(whole(bench, OUTSIDER)).splitlines()[:2] == ["Your day, Mon 7 Dec", "Nothing waits for you."]
    logged(bench, 1)
    (first, *_) = parts_of(whole(bench, TEAM_MANAGER))[""]
    assert first == "Nothing is due today. Next: C-1 (AB-1042), reply to Ann Lee by Mon 21 Dec, stage 1."
    in_care(bench, "2026-12-01")
    for who in (IRO, SOCIAL_WORKER, SUPPORT, IRO_MANAGER, SERVICE_MANAGER):
        (first, *_) = parts_of(whole(bench, who))[""]
        assert first == "Nothing waits for you. Next: AB-1042, review due Thu 31 Dec, not booked.", who
    assert parts_of(whole(bench, OTHER_IRO))[""][0] == "Nothing waits for you."
    assert words(whole(bench, SOCIAL_WORKER)).endswith("AB-1042: review due Thu 31 Dec, not booked.")


def test_decisions_to_agree_stand_there_before_any_reminder_of_them(bench: Bench) -> None:
    held_review(bench)
    decide(bench)
    send(bench)
    comes = f"{CHILD}: 1 decision from Ann Lee. Agree or dispute by 5 pm, Mon 14 Dec, or they count as agreed."
    shown = whole(bench, TEAM_MANAGER)
    assert parts_of(shown)["Coming"][0] == comes
    assert [one.label for one in buttons(shown)][-4:] == ["Read", "Agree", "Dispute", "One worker's page"]
    assert "Agree or dispute" not in words(whole(bench, SERVICE_MANAGER))
    bench.go_to_day(date(2026, 12, 10))
    parts = parts_of(whole(bench, TEAM_MANAGER))
    assert (parts[""], "Coming" in parts) == ([comes], False), "once"


def test_nothing_due_is_said_of_no_child_of_whom_something_is(bench: Bench) -> None:
    def said_below() -> str:
        return next((one for one in words(whole(bench, SOCIAL_WORKER)).splitlines() if "nothing due" in one), "")

    assert said_below() == "Your 1 child: nothing due by Mon 4 Jan 2027."
    with transaction(bench.engine, AUTHORITY) as session:
        child = children.by_reference(session, OTHER_CHILD)
        assert child is not None
        children.allocate(session, child, Capacity.HOLDER, bench.cast.people[SOCIAL_WORKER], date(2026, 12, 1))
    assert said_below() == "Your 2 children: nothing due by Mon 4 Jan 2027."
    logged(bench, 0, about=OTHER_CHILD)
    assert said_below() == "Your other child: nothing due by Mon 4 Jan 2027."
    reply(bench, SOCIAL_WORKER, "C-1")
    reply(bench, OTHER_MANAGER, "C-1")
    assert said_below() == "Your 2 children: nothing due by Mon 4 Jan 2027."
    held_review(bench)
    decide(bench, owner_role="social_worker", due_on="2026-12-21")
    assert said_below().startswith("Your 2 children"), "who has not read of it yet is not told that something is due"
    send(bench)
    assert said_below() == "Your other child: nothing due by Mon 4 Jan 2027."


def test_the_whole_day_says_what_the_person_waits_for(bench: Bench) -> None:
    logged(bench, 1)
    logged(bench, 1, about=OTHER_CHILD)
    reply(bench, TEAM_MANAGER, "C-1", "not agreed")
    assert parts_of(whole(bench, IRO))["Waiting for others"] == [
        "C-2 (AB-2077): Mona Ruiz, stage 1, by Mon 21 Dec. All stages end Thu 7 Jan 2027. First raised Mon 7 Dec.",
        "2 children (range 50 to 70), 2 open concerns.",
    ]
    assert parts_of(whole(bench, TEAM_MANAGER))["With somebody else"] == [
        "C-1 (AB-1042) is with Ann Lee since Mon 7 Dec. Nothing for you."
    ]
    move(bench, "C-1", 2)
    away(bench.engine, bench.cast, TEAM_MANAGER, date(2026, 12, 7), date(2026, 12, 9), OTHER_MANAGER)
    above = parts_of(whole(bench, SERVICE_MANAGER))
    assert above["Away"] == ["Tess Hill to Wed 9 Dec, Mona Ruiz covers."]
    (line,) = above["Open in your line"]
    assert line.startswith("2; longest C-1 (AB-1042), first raised Mon 7 Dec (0 working days), stage 2, with Sunil Rao")


def test_what_is_owed_stands_in_it_long_before_anybody_is_reminded(bench: Bench) -> None:
    logged(bench, 1)
    passing = form(bench.press(TEAM_MANAGER, Button(label="", deed="concern.pass", subject="C-1")))
    bench.submit(TEAM_MANAGER, passing, {"person": str(bench.cast.people[SOCIAL_WORKER])})
    day = whole(bench, SOCIAL_WORKER)
    line = "C-1: Tess Hill asks you to add to their reply by Mon 21 Dec, stage 1."
    assert line in [one.text for one in day.lines]
    assert parts_of(day)[""] == [f"Nothing is due today. Next: {line.replace(': ', ', ', 1)}"]
    assert isinstance(bench.press(SOCIAL_WORKER, button(day, "Add")), Form)
    logged(bench, 1, about=OTHER_CHILD)
    reply(bench, OTHER_MANAGER, "C-2", PLAN, plan_by="2027-01-15")
    assert "C-2: what you promised is due Fri 15 Jan 2027." in words(whole(bench, OTHER_MANAGER))


def test_a_series_that_has_begun_is_not_booked(bench: Bench) -> None:
    in_care(bench, "2026-11-23")
    hold(bench, date(2026, 12, 7), series=("yes",))
    day = whole(bench, SOCIAL_WORKER)
    assert "AB-1042: review due Mon 21 Dec, begun as a series of meetings." in words(day)
    assert "Book" not in [one.label for one in buttons(day)]


@pytest.mark.slow
def test_nobody_reads_in_it_what_they_may_not_know(bench: Bench) -> None:
    late_and_near(bench)
    logged(bench, 2, about=OTHER_CHILD, worries=CANARY)
    with transaction(bench.engine, AUTHORITY, writes=False) as session:
        for login, *_ in STAFF:
            desk = desk_of(bench, session, login)
            text = words(day_card(desk, desk.actor_id))
            assert CANARY not in text
            for number in {*re.findall(r"C-(\d+)", text)}:
                concern = concerns.by_number(session, int(number))
                assert concern is not None
                assert may(standing(desk, concern), May.SEE_IT_EXISTS), (login, number)
            for reference in {*re.findall(r"AB-\d+", text)}:
                child = children.by_reference(session, reference)
                assert child is not None
                assert may(child_standing(desk, child), May.SEE_REVIEWS) or "C-" in text, (login, reference)
    nothing = words(whole(bench, OUTSIDER))
    assert "AB-" not in nothing
    assert "C-" not in nothing


@pytest.mark.slow
def test_where_a_setting_hides_the_child_no_day_names_one(tmp_path: Path) -> None:
    hiding = shipped_text("handbook").replace("show = true", "show = false")
    for engine in sqlite_engine(tmp_path):
        bench = Bench(engine, utc("2026-12-07"), hiding)
        late_and_near(bench)
        for login, *_ in STAFF:
            assert "AB-" not in words(whole(bench, login)), login


@pytest.mark.parametrize(
    "subject", ["", "for-you", "for-you:", "for-you:-1", "for-you:²", "for-you:9999999", "x:0", "5"]
)
def test_more_of_what_is_not_there_is_one_sentence(bench: Bench, subject: str) -> None:
    for who in (IRO, OUTSIDER):
        pressed = Button(label="More", deed="iro.day.more", subject=subject)
        assert said(bench.press(who, pressed)) == "There is nothing more in this part of your day."


def test_more_of_anothers_shows_ones_own_day_alone(bench: Bench) -> None:
    late_and_near(bench)
    as_many(bench, 7)
    more = next(one for one in buttons(whole(bench, IRO)) if one.subject == "for-you:5")
    assert said(bench.press(OUTSIDER, more)) == "There is nothing more in this part of your day."
