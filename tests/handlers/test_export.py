"""A concern's file goes to those entitled, with a reason that is recorded, without drafts and legal notes."""

import json
from datetime import UTC, date, datetime

import pytest

from handlers.export.as_json import as_json
from handlers.export.as_markdown import as_markdown, plain
from handlers.export.as_text import as_text
from handlers.export.concern_file import ConcernFile, export_concern
from handlers.export.concern_paper import concern_paper
from handlers.history_import import import_history
from handlers.office import Desk, Scene, rules_in_force
from handlers.refusals import NotFound, Refused
from storage import people
from storage.concerns import ConcernState
from storage.database import transaction
from storage.referrals import Referral, ReferralKind
from tests.bench import Bench
from tests.cast import AUTHORITY, IRO, IRO_MANAGER, OUTSIDER, SERVICE_MANAGER, SOCIAL_WORKER, TEAM_MANAGER
from tests.handlers.steps import act, close, concern, entries, happened, logged, move, reply
from tests.terms_left import as_read

WORRY = "The plan says *nothing* about contact."


def exported(bench: Bench, who: str, ref: str, reason: str = "Asked for by the court") -> ConcernFile:
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
        return as_read(export_concern(desk, ref, reason))


def beside(bench: Bench, ref: str, kind: ReferralKind, words: str) -> None:
    with transaction(bench.engine, AUTHORITY) as session:
        session.add(
            Referral(
                concern_id=concern(bench, ref).id or 0,
                kind=kind,
                happened_on=date(2026, 12, 8),
                words=words,
                recorded_at=bench.now,
            )
        )


def test_the_file_holds_the_words_the_stages_the_people_and_the_replies(bench: Bench) -> None:
    ref = logged(bench, 1, worries=WORRY)
    reply(bench, TEAM_MANAGER, ref)
    close(bench, ref)

    file = exported(bench, IRO, ref)
    assert ("What are we worried about?", WORRY) in [(one.heading, one.text) for one in file.narrative]
    assert [(one.name, one.role) for one in file.stages[0].people if one.part == "asked to reply"] == [
        ("Tess Hill", "Team manager")
    ]
    assert [one.text for one in file.replies] == ["Words."]
    assert (file.state, file.outcome) == ("closed", "resolved")


def test_an_export_is_recorded_under_the_name_with_the_reason(bench: Bench) -> None:
    ref = logged(bench, 1)
    exported(bench, SOCIAL_WORKER, ref)

    last = entries(bench, ref)[-1]
    assert (last.what, last.actor_id, last.words) == (
        "exported",
        bench.cast.people[SOCIAL_WORKER],
        "Asked for by the court",
    )


@pytest.mark.parametrize("who", [IRO, IRO_MANAGER, TEAM_MANAGER, SOCIAL_WORKER])
def test_those_entitled_to_read_may_take_the_file_out(bench: Bench, who: str) -> None:
    assert exported(bench, who, logged(bench, 1)).exported_by


def test_an_outsider_hears_what_they_would_hear_if_it_did_not_exist(bench: Bench) -> None:
    ref = logged(bench, 1)

    with pytest.raises(NotFound) as existing:
        exported(bench, OUTSIDER, ref)
    with pytest.raises(NotFound) as missing:
        exported(bench, OUTSIDER, "C-99")
    assert str(existing.value) == str(missing.value).replace("C-99", ref)


def test_a_manager_in_the_line_who_was_not_asked_is_refused_and_nothing_is_recorded(bench: Bench) -> None:
    ref = logged(bench, 1)

    with pytest.raises(Refused, match="its file opens to you once you are asked or copied"):
        exported(bench, SERVICE_MANAGER, ref)
    assert "exported" not in happened(bench, ref)


def test_a_draft_is_never_exported(bench: Bench) -> None:
    ref = logged(bench, 1)
    with transaction(bench.engine, AUTHORITY) as session:
        draft = concern(bench, ref)
        draft.state = ConcernState.DRAFT
        session.add(draft)

    with pytest.raises(Refused, match="drafts are never exported"):
        exported(bench, IRO, ref)


def test_an_export_needs_a_reason(bench: Bench) -> None:
    with pytest.raises(Refused, match="needs a reason"):
        exported(bench, IRO, logged(bench, 1), "  ")


def test_legal_notes_are_never_in_it_and_cafcass_only_by_its_date(bench: Bench) -> None:
    ref = logged(bench, 1)
    beside(bench, ref, ReferralKind.LEGAL_ADVICE, "Counsel says wait.")
    beside(bench, ref, ReferralKind.CAFCASS_REFERRAL, "The duty officer agreed.")

    for who, dates in ((IRO, 1), (TEAM_MANAGER, 0)):
        file = exported(bench, who, ref)
        for text in (as_json(file), as_read(as_markdown(file))):
            assert "Counsel" not in text
            assert "legal advice" not in text
            assert "duty officer" not in text
            assert text.count("referred to Cafcass") == dates


def test_json_and_markdown_hold_the_same_words(bench: Bench) -> None:
    ref = logged(bench, 1, worries=WORRY)
    act(bench, IRO, f"/concern {ref} extend", until="2027-01-08", reason="Leave.")
    move(bench, ref, 2)
    reply(bench, SERVICE_MANAGER, ref)

    file = exported(bench, IRO, ref)
    told = json.loads(as_json(file))
    text = as_read(as_markdown(file))
    assert told["reference"] == ref
    assert told["raised_at"] == datetime(2026, 12, 7, 9, 30, tzinfo=UTC).isoformat()
    for pair in [*told["narrative"], *told["replies"]]:
        assert f"### {plain(pair['heading'])}" in text
        assert f"> {plain(pair['text'])}" in text
    assert [stage["title"] for stage in told["stages"]] == ["Stage 1", "Stage 2"]
    assert "**Stage 2**" in text


def test_what_people_wrote_cannot_become_markup(bench: Bench) -> None:
    ref = logged(bench, 1, worries="# Not a heading\n<script>\n*plain*")

    text = as_read(as_markdown(exported(bench, IRO, ref)))
    assert "> \\# Not a heading\n> \\<script\\>\n> \\*plain\\*" in text


def test_the_file_holds_both_clocks_the_history_and_its_check(bench: Bench) -> None:
    ref = logged(bench, 1)
    act(bench, IRO, f"/concern {ref} extend", until="2027-01-08", reason="Leave.")
    reply(bench, TEAM_MANAGER, ref)
    exported(bench, SOCIAL_WORKER, ref)

    file = exported(bench, IRO, ref)
    assert file.stages[0].allowed == "10 working days, extended"
    assert (file.limit, file.limit_from) == ("20 working days", bench.now)
    assert [one.what for one in file.history] == [
        "logged (stage 1)",
        "agreed an extension (until Fri 8 Jan 2027)",
        "seen",
        "replied (agreed and done, Tess Hill)",
    ]
    assert file.proof[0].startswith("The history stands as it was written: 7 entries")
    text = as_read(as_markdown(file))
    assert "All formal stages together (20 working days): from 9:30 am, Mon 7 Dec 2026 to 5 pm, Thu 7 Jan 2027." in text
    assert "Tess Hill, replied" in text


def test_the_file_of_an_imported_concern_says_that_it_was_imported(bench: Bench) -> None:
    past = "reference,child,raised_on,raised_by,main_reason,stage_1_on,closed_on,outcome\n"
    past += "OLD/7,AB-1042,2026-05-04,ann.lee@anyshire.example,,2026-05-04,2026-05-20,resolved\n"
    with transaction(bench.engine, AUTHORITY) as session:
        rules = rules_in_force(session, AUTHORITY)
        import_history(Scene(session=session, now=bench.now, authority=AUTHORITY, rules=rules), past)

    imported = (
        "The concern was imported as OLD/7: what came before is not in the history here, only the days were known, "
        "and 12 noon stands for the time."
    )
    assert exported(bench, IRO, "C-1").proof == (imported,)
    said, check = exported(bench, IRO, "C-1").proof
    assert said == imported
    assert check.startswith("The history stands as it was written: 1 entry, ")


def test_an_altered_history_is_said_in_the_file(bench: Bench) -> None:
    ref = logged(bench, 1)
    with bench.engine.execution_options(writes=True).begin() as connection:
        names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars()
        for name in list(names):
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.exec_driver_sql("UPDATE history SET what = 'nothing' WHERE chain LIKE 'concern:%' AND position = 1")

    file = exported(bench, IRO, ref)
    assert file.proof[0] == "The history was altered after it was written:"
    assert "entry 1: it was altered." in file.proof[1]


def test_the_paper_for_the_record_says_what_the_file_holds(bench: Bench) -> None:
    ref = logged(bench, 1, worries=WORRY)
    reply(bench, TEAM_MANAGER, ref)
    close(bench, ref)

    file = exported(bench, IRO, ref)
    paper = as_read(concern_paper(file))
    text = as_text(paper)
    assert [chapter.title for chapter in paper.chapters] == [
        "What the concern says",
        "Stages and who was asked",
        "Both clocks",
        "Replies and reasons",
        "How it ended",
        "History",
        "Check of the history",
    ]
    for words in (WORRY, "who: Tess Hill (Team manager)", "in time", "Closed at 9:30 am, Mon 7 Dec 2026: resolved."):
        assert words in text
    for pair in (*file.narrative, *file.replies):
        assert f"{pair.heading}\n{pair.text}" in text
