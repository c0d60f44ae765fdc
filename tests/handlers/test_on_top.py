"""The first line of a form: how it stands, by when, and for whom one acts; of what is asked, never what it says."""

import re
from datetime import date

import pytest

from handlers.cards import Answer, Button, Card, Form, Notice
from handlers.dispatch import DEEDS, answer
from handlers.office import Desk
from handlers.requests import Request
from tests.bench import Bench, button, buttons, utc
from tests.cast import (
    ASSISTANT_DIRECTOR,
    CHILD,
    IRO,
    IRO_MANAGER,
    OTHER_IRO,
    OTHER_MANAGER,
    SERVICE_MANAGER,
    SOCIAL_WORKER,
    SUPPORT,
    TEAM_MANAGER,
    away,
    leave,
)
from tests.handlers.reviews.decided import decide, held_review, send, sent
from tests.handlers.reviews.steps import in_care
from tests.handlers.steps import PLAN, brought_in, close, form, logged, reply

LATER = "2027-01-05"


def everything(bench: Bench) -> None:
    """A concern in each state, a draft, one from a file, and a child with a review held and another to come."""
    logged(bench)
    reply(bench, TEAM_MANAGER, logged(bench))
    reply(bench, TEAM_MANAGER, logged(bench), PLAN, plan_by=LATER)
    close(bench, logged(bench))
    draft = form(bench.command(IRO, f"/concern {CHILD}"))
    bench.press(IRO, buttons(draft)[0], {"child": str(bench.cast.children[CHILD]), "worries": "Worry."})
    brought_in(bench, f"X-1,{CHILD},2026-11-02,ann.lee@anyshire.example,,2026-11-02,,,")
    held_review(bench)
    decide(bench)
    send(bench)


CONCERNS = ("C-1", "C-2", "C-3", "C-4", "C-5", "C-6")
ABOUT_NONE_YET = ("concern.sibling",)
"""Opened from one concern, and about another that is still to be logged."""


def opened(bench: Bench, who: str, deed: str, subject: str, run: int | None = None) -> Answer:
    """What is asked, as it would be answered: nothing is kept of it."""
    return answer(bench.office, bench.request(who, deed, subject=subject, run=run), opens_forms=False)


def asked_of(who: str) -> list[tuple[str, str]]:
    """Everything that opens a form for the IRO; of the others what they open themselves, and the buttons there."""
    if who != IRO:
        return [*(("concern.open", one) for one in CONCERNS), ("review.open", CHILD), ("review.decisions.open", CHILD)]
    known = [one for one in DEEDS if one not in (*ABOUT_NONE_YET, "concern.new") and not one.endswith(".send")]
    concerns = [one for one in known if one.startswith("concern.")] + ["iro.people"]
    reviews = [(one, CHILD) for one in known if one.startswith("review.")]
    return [(one, about) for about in CONCERNS for one in concerns] + reviews


def forms_of(bench: Bench, who: str) -> list[tuple[str, Form]]:
    """The forms about a concern or a review that this person opens, with what each was asked about."""
    given = [(deed, about, opened(bench, who, deed, about)) for deed, about in asked_of(who)]
    seen = {(deed, about) for deed, about, shown in given if isinstance(shown, Form)}
    inside = {(one.deed, one.subject, one.run) for _, _, shown in given for one in pressable(shown)}
    pressed = [one for one in inside if one[:2] not in seen]
    given += [(deed, about, opened(bench, who, deed, about, run)) for deed, about, run in pressed]
    return [(re.split("[ @]", about)[0], shown) for _, about, shown in given if isinstance(shown, Form)]


def pressable(shown: Answer) -> list[Button]:
    found = buttons(shown) if isinstance(shown, Card | Form | Notice) else []
    return [one for one in found if one.subject.startswith(("C-", CHILD)) and one.deed not in ABOUT_NONE_YET]


@pytest.mark.slow
def test_every_form_about_a_concern_or_a_review_has_it(bench: Bench) -> None:
    everything(bench)
    drawn: set[str] = set()
    for who in (IRO, TEAM_MANAGER, SUPPORT):
        for about, shown in forms_of(bench, who):
            assert shown.on_top.startswith(about), (who, shown.deed, shown.title, about)
            assert "\n" not in shown.on_top
            drawn.add(shown.deed or shown.title)
    assert len(drawn) > 35, sorted(drawn)


def test_it_stands_over_a_form_of_a_deed_that_nobody_has_heard_of(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing about it is asked of a form: what was opened for it says it."""
    logged(bench)
    opens = DEEDS["concern.open"]

    def new_deed(desk: Desk, request: Request) -> Answer:
        opens(desk, request)
        return Form(deed="concern.new_deed.send", title="New", subject="C-1", fields=(), submit="Send")

    monkeypatch.setitem(DEEDS, "concern.new_deed", new_deed)
    assert form(opened(bench, IRO, "concern.new_deed", "C-1")).on_top.startswith("C-1 (AB-1042): stage 1, reply by")


def top(bench: Bench, who: str, line: str) -> str:
    """The first line of the form a command opens."""
    return form(bench.command(who, line)).on_top


@pytest.mark.slow
def test_it_says_the_stage_the_deadline_and_what_is_left(bench: Bench) -> None:
    logged(bench)
    assert top(bench, TEAM_MANAGER, "/concern C-1 reply") == (
        "C-1 (AB-1042): stage 1, reply by 5 pm, Mon 21 Dec (10 working days left). All stages end Thu 7 Jan 2027."
    )
    bench.go_to(utc("2026-12-21", "10:00"))
    assert "stage 1, reply by 5 pm today. All" in top(bench, TEAM_MANAGER, "/concern C-1 reply")
    bench.go_to(utc("2026-12-22", "10:00"))
    assert top(bench, TEAM_MANAGER, "/concern C-1 reply") == (
        "C-1 (AB-1042): stage 1, the reply was due by 5 pm, Mon 21 Dec (1 working day overdue). "
        "All stages end Thu 7 Jan 2027."
    )
    assert "stage 1, no reply by 5 pm, Mon 21 Dec; you decide by Wed 30 Dec." in top(bench, IRO, "/concern C-1 extend")
    assert "5 pm, Mon 21 Dec; Ann Lee decides by Wed 30 Dec." in top(bench, SERVICE_MANAGER, "/concern C-1")


def test_it_says_what_an_informal_one_a_reply_a_plan_and_an_end_wait_for(bench: Bench) -> None:
    logged(bench, stage=0)
    assert top(bench, SOCIAL_WORKER, "/concern C-1 reply") == "C-1 (AB-1042): informal, asked Mon 7 Dec, no set time."
    reply(bench, TEAM_MANAGER, logged(bench))
    assert "stage 1, replied Mon 7 Dec; you decide by Mon 14 Dec. All" in top(bench, IRO, "/concern C-2 close")
    assert "stage 1, replied Mon 7 Dec; Ann Lee decides by Mon 14 Dec." in top(bench, TEAM_MANAGER, "/concern C-2")
    reply(bench, TEAM_MANAGER, logged(bench), PLAN, plan_by=LATER)
    assert "stage 1, agreed, with a plan by Tue 5 Jan 2027. All" in top(bench, IRO, "/concern C-3 close")
    close(bench, "C-3")
    assert top(bench, IRO, "/concern C-3 reopen") == "C-3 (AB-1042): closed Mon 7 Dec."


@pytest.mark.slow
def test_a_draft_and_one_from_a_file_have_no_clock(bench: Bench) -> None:
    everything(bench)
    assert top(bench, IRO, "/concern C-5") == "C-5 (AB-1042): draft Mon 7 Dec, logged with nobody yet."
    assert top(bench, IRO, "/concern C-6") == (
        "C-6 (AB-1042): stage 1 as its file has it, not carried on yet; no clock runs."
    )


def test_it_says_for_whom_one_acts(bench: Bench) -> None:
    logged(bench)
    away(bench.engine, bench.cast, IRO, date(2026, 12, 7), date(2026, 12, 11), OTHER_IRO)
    away(bench.engine, bench.cast, TEAM_MANAGER, date(2026, 12, 8), date(2026, 12, 11), OTHER_MANAGER)
    assert top(bench, OTHER_IRO, "/concern C-1 extend").endswith(" You act for Ann Lee.")
    assert top(bench, IRO_MANAGER, "/concern C-1 extend").endswith(" You act in the place of Ann Lee.")
    assert "You act" not in top(bench, TEAM_MANAGER, "/concern C-1 reply")
    bench.go_to(utc("2026-12-08"))
    assert top(bench, OTHER_MANAGER, "/concern C-1 reply").endswith(" You act for Tess Hill.")
    assert "You act" not in top(bench, SOCIAL_WORKER, "/concern C-1")


def test_nobody_who_is_gone_decides(bench: Bench) -> None:
    reply(bench, TEAM_MANAGER, logged(bench))
    leave(bench.engine, bench.cast, IRO, date(2026, 12, 7))
    bench.go_to(utc("2026-12-08"))
    assert "the IRO decides by Mon 14 Dec" in top(bench, IRO_MANAGER, "/concern C-1")


def test_who_is_not_asked_reads_stage_and_dates_and_who_files_it_reads_its_end(bench: Bench) -> None:
    logged(bench)
    assert top(bench, ASSISTANT_DIRECTOR, "/concern C-1") == top(bench, TEAM_MANAGER, "/concern C-1")
    close(bench, "C-1")
    filed = form(opened(bench, SUPPORT, "concern.on_record", "C-1"))
    assert filed.on_top == "C-1 (AB-1042): closed Mon 7 Dec."
    reply(bench, TEAM_MANAGER, logged(bench))
    assert form(opened(bench, SUPPORT, "concern.on_record", "C-2")).on_top == "C-2 (AB-1042)."


@pytest.mark.slow
def test_a_review_says_when_it_is_due_and_how_it_is_booked(bench: Bench) -> None:
    in_care(bench, "2026-11-16")
    assert top(bench, SOCIAL_WORKER, f"/review {CHILD} book") == (
        "AB-1042: review due by Mon 14 Dec (5 working days left), not booked."
    )
    bench.submit(SUPPORT, form(bench.command(SUPPORT, f"/review {CHILD} book")), {"booked_for": "2026-12-10"})
    assert top(bench, IRO, f"/review {CHILD} hold").startswith(
        "AB-1042: review booked for Thu 10 Dec; due by Mon 14 Dec"
    )
    away(bench.engine, bench.cast, IRO, date(2026, 12, 7), date(2026, 12, 31), OTHER_IRO)
    assert top(bench, OTHER_IRO, f"/review {CHILD} hold").endswith(" You act for Ann Lee.")
    bench.go_to(utc("2026-12-16"))
    assert "; was due by Mon 14 Dec (2 working days late)." in top(bench, SUPPORT, f"/review {CHILD} book")


def test_a_review_that_was_held_says_by_when_its_decisions_are_to_be_answered(bench: Bench) -> None:
    held_review(bench)
    decide(bench)
    send(bench)
    dispute = form(bench.press(TEAM_MANAGER, button(sent(bench, TEAM_MANAGER), "Dispute")))
    assert dispute.on_top == (
        "AB-1042: review held on Mon 7 Dec 2026, in time. Its decisions are to be answered by 5 pm, Mon 14 Dec 2026."
    )
    away(bench.engine, bench.cast, SOCIAL_WORKER, date(2026, 12, 7), date(2026, 12, 11), TEAM_MANAGER)
    assert form(opened(bench, TEAM_MANAGER, "review.decisions.done", CHILD)).on_top.startswith("AB-1042: review due by")


def test_what_cannot_be_drawn_is_said_and_the_form_opens(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    logged(bench)
    monkeypatch.setattr("handlers.on_top.line_of_concern", lambda _: date.fromisoformat("no day"))
    shown = form(bench.command(IRO, "/concern C-1"))
    assert shown.on_top.startswith("C-1 cannot be shown here: something kept about it does not make sense.")
    assert "Ask again" in [one.label for one in buttons(shown)]


def test_a_form_about_nothing_that_was_opened_has_none(bench: Bench) -> None:
    assert form(bench.command(IRO, "/concern")).on_top == ""
    assert form(bench.command(IRO, f"/concern {CHILD}")).on_top == ""
