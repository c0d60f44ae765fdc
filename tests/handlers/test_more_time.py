"""More time: asked for, agreed or refused with a word, and whoever was told a date is told the new one."""

import json
from datetime import date, timedelta

import pytest

from handlers.cards import Button, Form
from handlers.dispatch import answer
from handlers.messages.asking import extended, time_refused
from handlers.messages.informing import extended_information
from storage.outbox import Outbox
from storage.replies import ExtensionRequest
from tests.bench import Bench, button, buttons, words
from tests.cast import ASSISTANT_DIRECTOR, IRO, IRO_MANAGER, OTHER_MANAGER, SOCIAL_WORKER, TEAM_MANAGER, away
from tests.handlers.steps import act, concern, entries, field, form, happened, logged, move, rows, run, said

UNTIL = "2027-01-08"


def wish(bench: Bench, ref: str, who: str = TEAM_MANAGER) -> str:
    """Ask for more time with the typed command."""
    return said(act(bench, who, f"/concern {ref} extend", until=UNTIL, reason="The panel meets late."))


def refusing(bench: Bench, ref: str, who: str = IRO) -> Form:
    """The form to refuse, opened from the concern itself."""
    return form(bench.press(who, button(form(bench.command(who, f"/concern {ref}")), "Refuse more time")))


def refuse(bench: Bench, ref: str, who: str = IRO, **typed: str) -> str:
    """Refuse; the message that follows is left to be written."""
    opened = refusing(bench, ref, who)
    kept = {one.key: one.initial for one in opened.fields if one.initial}
    asked = bench.request(
        who, opened.deed, subject=opened.subject, run=opened.run, context=opened.context, values={**kept, **typed}
    )
    return said(answer(bench.office, asked))


def told_of(bench: Bench, kind: str) -> list[tuple[str, dict[str, object]]]:
    """Who is owed a message of a kind, and what goes with it."""
    return [(bench.logins[row.person_id], json.loads(row.details)) for row in rows(bench, Outbox) if row.kind == kind]


# ------------------------------------------------------------------ asking by the typed command


def test_the_typed_command_asks_for_whoever_is_asked_and_agrees_for_the_iro(bench: Bench) -> None:
    ref = logged(bench)
    opened = form(bench.command(TEAM_MANAGER, f"/concern {ref} extend"))
    assert (opened.title, opened.submit) == ("Ask for more time", "Ask the IRO")
    assert "Until they agree, the deadline stands." in wish(bench, ref)
    assert bench.titles(IRO)[-1] == f"Tess Hill asks for more time for {ref}"
    assert form(bench.command(IRO, f"/concern {ref} extend")).title == "Agree an extension"


def test_the_typed_command_is_refused_to_whoever_is_neither(bench: Bench) -> None:
    ref = logged(bench)
    assert "Only the child's IRO" in said(bench.command(SOCIAL_WORKER, f"/concern {ref} extend"))
    assert "There is no" in said(bench.command(OTHER_MANAGER, f"/concern {ref} extend"))


# ------------------------------------------------------------------ refusing


def test_more_time_is_refused_with_a_word_and_the_deadline_stays(bench: Bench) -> None:
    ref = logged(bench)
    wish(bench, ref)
    before = run(bench, ref).due_at
    opened = refusing(bench, ref)
    assert "Tess Hill, until Fri 8 Jan 2027: The panel meets late." in words(opened)
    notice = refuse(bench, ref, refusal="The child cannot wait for the panel.")
    assert notice.startswith(f"Tess Hill is told that the date for {ref} stays. Reply by 5 pm, Mon 21 Dec 2026")
    assert run(bench, ref).due_at == before
    assert (run(bench, ref).extensions, concern(bench, ref).state) == (0, "waiting")
    assert happened(bench, ref)[-1] == "refused more time"
    assert "panel" not in entries(bench, ref)[-1].details
    assert told_of(bench, time_refused.name) == [(TEAM_MANAGER, {"until": UNTIL})]


def test_whoever_asked_reads_the_word_in_the_concern(bench: Bench) -> None:
    ref = logged(bench)
    wish(bench, ref)
    refuse(bench, ref, refusal="The child cannot wait for the panel.")
    shown = words(bench_shows(bench, TEAM_MANAGER, ref))
    assert "More time for Tess Hill, until Fri 8 Jan 2027: refused, " in shown
    assert "The child cannot wait for the panel." in shown


def bench_shows(bench: Bench, who: str, ref: str) -> Form:
    """The concern as somebody sees it, the messages owed left as they are."""
    return form(answer(bench.office, bench.request(who, "concern.open", subject=ref)))


def test_a_wish_refused_waits_for_nobody_and_may_be_put_again(bench: Bench) -> None:
    ref = logged(bench)
    wish(bench, ref)
    refuse(bench, ref)
    assert "Refuse more time" not in [one.label for one in buttons(bench_shows(bench, IRO, ref))]
    live = [one for one in bench.lives() if one.person_id == bench.cast.people[IRO] and one.overtaken_at is None]
    assert live == []
    agreeing = form(answer(bench.office, bench.request(IRO, "concern.extend", subject=ref)))
    assert field(agreeing, "until").initial == ""
    again = answer(bench.office, bench.request(IRO, "concern.refuse_time", subject=ref))
    assert said(again) == f"Nobody asks for more time for {ref} now."
    [kept] = rows(bench, ExtensionRequest)
    assert (kept.refused_at, kept.refusal) == (bench.now, None)


def test_where_the_iro_has_to_decide_as_well_the_buttons_for_that_stay(bench: Bench) -> None:
    ref = logged(bench)
    bench.wake_on_day(date(2026, 12, 22))
    wish(bench, ref)
    refuse(bench, ref)
    assert concern(bench, ref).state == "asked"
    assert [one for one in bench.lives() if one.person_id == bench.cast.people[IRO] and one.overtaken_at is None] != []


def test_of_two_wishes_one_is_refused_and_the_other_still_waits(bench: Bench) -> None:
    ref = logged(bench)
    wish(bench, ref)
    bench.wait(timedelta(minutes=15))
    wish(bench, ref)
    refuse(bench, ref)
    assert "Refuse more time" in [one.label for one in buttons(bench_shows(bench, IRO, ref))]


def test_detail_in_the_word_is_asked_about_and_whoever_is_not_the_iro_cannot_refuse(bench: Bench) -> None:
    ref = logged(bench)
    wish(bench, ref)
    opened = refusing(bench, ref)
    assert "keep_about" in {
        one.key for one in form(bench.submit(IRO, opened, {"refusal": "Ring 07700 900123."})).fields
    }
    for who in (TEAM_MANAGER, IRO_MANAGER, ASSISTANT_DIRECTOR):
        given = bench.press(who, Button(label="", deed="concern.refuse_time", subject=ref))
        assert not isinstance(given, Form)
    assert rows(bench, ExtensionRequest)[0].refused_at is None


# ------------------------------------------------------------------ agreeing


def test_the_notice_names_everybody_who_was_told_the_old_date(bench: Bench) -> None:
    ref = logged(bench)
    bench.wake_on_day(date(2026, 12, 22))
    notice = said(act(bench, IRO, f"/concern {ref} extend", until=UNTIL, reason="Agreed by telephone."))
    assert notice.endswith("Told: Tess Hill, Sam Okoro, Sunil Rao.")
    assert [who for who, _ in told_of(bench, extended.name)] == [TEAM_MANAGER]
    assert [who for who, _ in told_of(bench, extended_information.name)] == [SOCIAL_WORKER, "sunil.rao"]


def test_a_cover_is_told_and_named_in_place_of_whoever_is_away(bench: Bench) -> None:
    ref = logged(bench)
    away(bench.engine, bench.cast, TEAM_MANAGER, bench.now.date(), date(2026, 12, 11), OTHER_MANAGER)
    notice = said(act(bench, IRO, f"/concern {ref} extend", until=UNTIL, reason="Agreed by telephone."))
    assert notice.endswith("Told: Mona Ruiz, Sam Okoro.")


@pytest.mark.parametrize(
    ("until", "says"),
    [
        ("2026-12-26", "That is not a working day."),
        ("2027-01-15", "That is after the limit of all stages, Thu 7 Jan 2027, which does not move."),
        ("2026-12-22", ""),
    ],
)
def test_an_odd_date_is_taken_and_said(bench: Bench, until: str, says: str) -> None:
    ref = logged(bench)
    notice = said(act(bench, IRO, f"/concern {ref} extend", until=until, reason="Agreed."))
    assert says in notice
    assert ("That is" in notice) is bool(says)


def test_who_was_asked_at_an_earlier_stage_and_told_the_date_reads_the_new_one(bench: Bench) -> None:
    ref = logged(bench)
    move(bench, ref, 2)
    assert "Their reply is due by" in words(bench.last(TEAM_MANAGER))
    bench.forget()
    act(bench, IRO, f"/concern {ref} extend", until="2026-12-21", reason="Ill.")
    assert bench.titles(TEAM_MANAGER) == [f"For information: more time for {ref} (nothing to do)"]
    assert "Their reply is due by 5 pm, Mon 21 Dec 2026." in words(bench.last(TEAM_MANAGER))
