"""A child's file is a timeline as the person may read it, recorded, without drafts and legal notes."""

import json
from datetime import UTC, date, datetime

import pytest

from handlers.export.as_json import as_json
from handlers.export.as_text import as_text
from handlers.export.child_as_markdown import child_as_markdown
from handlers.export.child_file import ChildFile, export_child
from handlers.export.child_paper import child_paper
from handlers.office import Desk, rules_in_force
from handlers.refusals import NotFound, Refused
from storage import history, people
from storage.concerns import ConcernState
from storage.contacts import Contact, ContactKind
from storage.database import transaction
from storage.decisions import Decision, DecisionState
from storage.referrals import Referral, ReferralKind
from storage.review_tasks import ReviewTask
from storage.reviews import Chaired, Order, Participation, Review, ReviewMove, ReviewState
from tests.bench import Bench
from tests.cast import (
    AUTHORITY,
    CHILD,
    IRO,
    IRO_MANAGER,
    OTHER_CHILD,
    OUTSIDER,
    SERVICE_MANAGER,
    SOCIAL_WORKER,
    SUPPORT,
    TEAM_MANAGER,
)
from tests.handlers.steps import concern, entries, logged
from tests.terms_left import as_read

WORRY = "The plan says *nothing* about contact."
DECIDED = "Find a school that fits."
NOTED = "Settled, and glad of the visit."


@pytest.fixture
def bench(bench: Bench) -> Bench:
    """A child with one review held late, a decision, a task, a contact and a move behind it."""
    with transaction(bench.engine, AUTHORITY) as session:
        review = Review(
            child_id=bench.cast.children[CHILD],
            state=ReviewState.HELD,
            track="looked_after",
            order=Order.FIRST,
            rule="first_review",
            due_on=date(2026, 9, 1),
            booked_for=date(2026, 9, 3),
            booked_at=datetime(2026, 8, 10, 9, tzinfo=UTC),
            booked_by_id=bench.cast.people[SUPPORT],
            held_on=date(2026, 9, 3),
            completed_on=date(2026, 9, 3),
            in_time=False,
            late_reason="IRO turnover",
            participation=Participation.PN1,
            chaired=Chaired.CO_CHAIRED,
            took_part="mother,carers",
            created_at=bench.now,
        )
        session.add(review)
        session.flush()
        assert review.id is not None
        child_id, review_id = review.child_id, review.id
        session.add_all(
            [
                ReviewMove(
                    review_id=review_id,
                    from_on=date(2026, 8, 31),
                    to_on=date(2026, 9, 3),
                    reason="Lack of documents",
                    moved_at=datetime(2026, 8, 28, 9, tzinfo=UTC),
                ),
                ReviewTask(
                    child_id=child_id,
                    review_id=review_id,
                    task="record_sent",
                    owner_role="support",
                    due_on=date(2026, 10, 1),
                ),
                Decision(
                    child_id=child_id,
                    review_id=review_id,
                    words=DECIDED,
                    owner_role="social_worker",
                    due_on=date(2026, 10, 5),
                    state=DecisionState.OPEN,
                    made_at=bench.now,
                    sent_at=bench.now,
                ),
                Contact(
                    child_id=child_id,
                    review_id=review_id,
                    kind=ContactKind.SEEN,
                    happened_on=date(2026, 10, 20),
                    words=NOTED,
                    by_id=bench.cast.people[IRO],
                    recorded_at=bench.now,
                ),
            ]
        )
    return bench


def exported(bench: Bench, who: str, reference: str = CHILD, reason: str = "Asked for by the court") -> ChildFile:
    with transaction(bench.engine, AUTHORITY) as session:
        actor = people.get(session, bench.cast.people[who])
        assert actor is not None
        desk = Desk(
            session=session,
            now=bench.now,
            authority=AUTHORITY,
            rules=rules_in_force(session, AUTHORITY),
            actor=actor,
            platform="command line",
        )
        return as_read(export_child(desk, reference, reason))


def texts(file: ChildFile) -> tuple[str, str]:
    return as_json(file), as_read(child_as_markdown(file))


def test_the_timeline_tells_review_move_task_decision_and_contact_in_order(bench: Bench) -> None:
    file = exported(bench, IRO)

    assert [(str(event.on), event.kind) for event in file.timeline] == [
        ("2026-08-10", "review"),
        ("2026-08-28", "review"),
        ("2026-09-01", "review"),
        ("2026-09-03", "review"),
        ("2026-09-03", "decision"),
        ("2026-10-01", "task"),
        ("2026-10-20", "contact"),
    ]
    held = file.timeline[3].what
    assert "late (IRO turnover)" in held
    assert "PN1" in held
    assert "co-chaired by the child" in held
    assert "took part: Mother, Carers" in held
    assert file.timeline[5].what == "Full record sent out (Business support): to be done"


def test_an_export_is_recorded_under_the_name_with_the_reason(bench: Bench) -> None:
    ref = logged(bench, 1)
    exported(bench, SOCIAL_WORKER)

    with transaction(bench.engine, AUTHORITY, writes=False) as session:
        last = history.entries(session, f"child:{bench.cast.children[CHILD]}")[-1]
    assert (last.what, last.actor_id, last.words) == (
        "exported",
        bench.cast.people[SOCIAL_WORKER],
        "Asked for by the court",
    )
    assert entries(bench, ref)[-1].what == "exported"


@pytest.mark.parametrize(
    ("who", "reads_contact", "reads_concern"),
    [(IRO, True, True), (IRO_MANAGER, True, True), (SOCIAL_WORKER, False, True), (SERVICE_MANAGER, False, False)],
)
def test_each_reads_what_they_may_read(bench: Bench, who: str, reads_contact: bool, reads_concern: bool) -> None:
    ref = logged(bench, 1, worries=WORRY)

    file = exported(bench, who)
    assert DECIDED in [event.words for event in file.timeline]
    assert (NOTED in [event.words for event in file.timeline]) is reads_contact
    assert f"{ref} raised; the highest stage so far: stage 1" in [event.what for event in file.timeline]
    assert ([one.reference for one in file.concerns] == [ref]) is reads_concern
    for text in texts(file):
        assert ("nothing" in text) is reads_concern
        assert (NOTED in text) is reads_contact


def test_an_outsider_hears_what_they_would_hear_if_the_child_did_not_exist(bench: Bench) -> None:
    with pytest.raises(NotFound) as existing:
        exported(bench, OUTSIDER)
    with pytest.raises(NotFound) as missing:
        exported(bench, OUTSIDER, "AB-9999")
    assert str(existing.value) == str(missing.value).replace("AB-9999", CHILD)


def test_business_support_sees_dates_and_takes_out_no_file(bench: Bench) -> None:
    with pytest.raises(Refused, match="what was said and decided is not opened to you"):
        exported(bench, SUPPORT)
    with transaction(bench.engine, AUTHORITY, writes=False) as session:
        assert not history.entries(session, f"child:{bench.cast.children[CHILD]}")


def test_drafts_and_another_child_s_concerns_are_not_in_it(bench: Bench) -> None:
    ref = logged(bench, 1, worries=WORRY)
    with transaction(bench.engine, AUTHORITY) as session:
        draft = concern(bench, ref)
        draft.state = ConcernState.DRAFT
        session.add(draft)

    for reference in (CHILD, OTHER_CHILD):
        for text in texts(exported(bench, IRO, reference)):
            assert ref not in text
            assert "nothing* about" not in text


def test_legal_notes_are_never_in_it(bench: Bench) -> None:
    ref = logged(bench, 1)
    with transaction(bench.engine, AUTHORITY) as session:
        for kind, words in (
            (ReferralKind.LEGAL_ADVICE, "Counsel says wait."),
            (ReferralKind.CAFCASS_REFERRAL, "Rang."),
        ):
            session.add(
                Referral(
                    concern_id=concern(bench, ref).id or 0,
                    kind=kind,
                    happened_on=date(2026, 12, 7),
                    words=words,
                    recorded_at=bench.now,
                )
            )

    for text in texts(exported(bench, IRO)):
        assert "Counsel" not in text
        assert "Rang" not in text
        assert "legal advice" not in text
        assert "referred to Cafcass" in text
    for text in texts(exported(bench, TEAM_MANAGER)):
        assert "Cafcass" not in text


def test_an_export_needs_a_reason(bench: Bench) -> None:
    with pytest.raises(Refused, match="needs a reason"):
        exported(bench, IRO, reason="  ")


def test_json_holds_every_event_and_markdown_says_it(bench: Bench) -> None:
    file = exported(bench, IRO)

    told = json.loads(as_json(file))
    assert told["reference"] == CHILD
    assert [event["on"] for event in told["timeline"]] == [event.on.isoformat() for event in file.timeline]
    assert f"  > {DECIDED}" in child_as_markdown(file)


def test_the_paper_has_every_event_and_each_concern_in_full(bench: Bench) -> None:
    ref = logged(bench, 1, worries=WORRY)
    file = exported(bench, IRO)
    paper = as_read(child_paper(file))
    text = as_text(paper)

    assert paper.chapters[0].title == "Timeline"
    assert f"{ref}: What the concern says" in [chapter.title for chapter in paper.chapters]
    for event in file.timeline:
        assert event.what in text
        assert event.words in text
    assert WORRY in text
