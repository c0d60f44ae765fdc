"""A one-time link gives the record or the report, once, to the person it was made for, and says so in the history."""

import io
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from docx import Document
from sqlmodel import Session, select

from bot.documents.made import File
from bot.files import file_behind
from bot.one_time import link_waits
from handlers.cards import Form
from handlers.export.links import LINK_LIVES
from handlers.figures.asked_report import AskedReport, named_report
from handlers.figures.report_shape import ReportShape
from handlers.office import Desk, Office, rules_in_force
from handlers.refusals import Refused
from handlers.report.asked import report_link
from storage import history, people
from storage.concerns import Concern
from storage.database import transaction
from storage.people import PersonRole
from storage.referrals import Referral, ReferralKind
from tests.bench import Bench, utc
from tests.bot.reading_documents import read_page
from tests.cast import AUTHORITY, IRO, IRO_MANAGER, SERVICE_MANAGER, SUPPORT, TEAM_MANAGER, leave
from tests.databases import sqlite_engine
from tests.handlers.steps import entries, form, logged, reply

WORRY = "The plan says nothing about contact."
ADDRESS = "https://concerns.anyshire.example"


class PublicBench(Bench):
    """A bench with a public address."""

    @property
    def office(self) -> Office:
        return Office(engine=self.engine, clock=lambda: self.now, public_url=ADDRESS)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    for engine in sqlite_engine(tmp_path):
        yield PublicBench(engine, utc("2026-12-07"))


def desk_of(bench: Bench, session: Session, who: str) -> Desk:
    actor = people.get(session, bench.cast.people[who])
    assert actor is not None
    return Desk(
        session=session,
        now=bench.now,
        authority=AUTHORITY,
        rules=rules_in_force(session, AUTHORITY),
        actor=actor,
        platform="bench",
        public_url=ADDRESS,
    )


def links(shown: Form) -> list[str]:
    text = "\n".join(one.text for one in shown.fields)
    return re.findall(rf"{re.escape(ADDRESS)}/file/(\S+)", text)


def asked(bench: Bench, who: str, name: str) -> str:
    with transaction(bench.engine, AUTHORITY) as session:
        return report_link(desk_of(bench, session, who), named_report(name))


def opened(bench: Bench, secret: str) -> File:
    found = file_behind(bench.office, secret)
    assert found is not None
    return found


def test_the_record_comes_as_text_and_as_a_document_each_once(bench: Bench) -> None:
    ref = logged(bench, 1, worries=WORRY)
    reply(bench, TEAM_MANAGER, ref)
    markdown, docx = links(form(bench.command(IRO, f"/concern {ref} file")))

    assert opened(bench, markdown).name == f"concern-{ref}.md"
    document = opened(bench, docx)
    assert document.name == f"concern-{ref}.docx"
    assert WORRY in [one.text for one in Document(io.BytesIO(document.content)).paragraphs]
    assert file_behind(bench.office, markdown) is None
    assert file_behind(bench.office, docx) is None
    assert [one.what for one in entries(bench, ref)][-2:] == ["opened the file by link"] * 2


def test_the_text_to_copy_tells_all_that_the_record_needs(bench: Bench) -> None:
    ref = logged(bench, 1, worries=WORRY)
    with transaction(bench.engine, AUTHORITY) as session:
        concern_id = session.exec(select(Concern.id)).one()
        assert concern_id is not None
        session.add(
            Referral(
                concern_id=concern_id,
                kind=ReferralKind.LEGAL_ADVICE,
                happened_on=date(2026, 12, 8),
                words="Counsel says wait.",
                recorded_at=datetime(2026, 12, 8, tzinfo=UTC),
            )
        )
    reply(bench, TEAM_MANAGER, ref)
    shown = form(bench.command(IRO, f"/concern {ref} file"))
    text = "".join(str(one.initial) for one in shown.fields)

    for words in (WORRY, "Tess Hill (Team manager)", "in time", "10 working days", "All formal stages together",
                  "The history stands as it was written", "Ann Lee; what: logged (stage 1)"):  # fmt: skip
        assert words in text
    for words in ("Counsel", "legal advice", "drafted", "read", "made a link"):
        assert words not in text.replace("already", "")


def test_a_link_whose_file_could_not_be_drawn_works_again(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    ref = logged(bench, 1, worries=WORRY)
    secret = links(form(bench.command(IRO, f"/concern {ref} file")))[0]
    with monkeypatch.context() as broken:
        broken.setattr("bot.documents.record.drawn_record", out_of_disk)
        with pytest.raises(OSError, match="disk"):
            file_behind(bench.office, secret)
    assert link_waits(bench.office, secret)
    assert file_behind(bench.office, secret) is not None
    assert file_behind(bench.office, secret) is None


def out_of_disk(*_: object) -> File:
    raise OSError("no room left on the disk")


def test_a_link_is_over_after_ten_minutes(bench: Bench) -> None:
    markdown, _ = links(form(bench.command(IRO, f"/concern {logged(bench, 1)} file")))
    bench.now += LINK_LIVES

    assert file_behind(bench.office, markdown) is None


def test_someone_who_lost_the_right_meanwhile_gets_nothing(bench: Bench) -> None:
    secret = asked(bench, SERVICE_MANAGER, "2026-27 internal html")
    with transaction(bench.engine, AUTHORITY) as session:
        held = select(PersonRole).where(PersonRole.person_id == bench.cast.people[SERVICE_MANAGER])
        for one in session.exec(held).all():
            session.delete(one)

    assert file_behind(bench.office, secret) is None


def test_the_links_of_someone_who_has_left_since_are_like_unknown_ones(bench: Bench) -> None:
    markdown, docx = links(form(bench.command(IRO, f"/concern {logged(bench, 1)} file")))
    secrets = (markdown, docx, asked(bench, IRO, "2026-27 internal html"))
    leave(bench.engine, bench.cast, IRO, date(2026, 12, 6))

    for secret in secrets:
        assert not link_waits(bench.office, secret)
        assert file_behind(bench.office, secret) is None
    with transaction(bench.engine, AUTHORITY, writes=False) as session:
        assert history.entries(session, f"person:{bench.cast.people[IRO]}") == []


def test_on_their_last_day_somebody_still_opens_what_they_asked_for(bench: Bench) -> None:
    markdown, _ = links(form(bench.command(IRO, f"/concern {logged(bench, 1)} file")))
    leave(bench.engine, bench.cast, IRO, date(2026, 12, 7))

    assert link_waits(bench.office, markdown)
    assert opened(bench, markdown).name == "concern-C-1.md"


@pytest.mark.parametrize("shape", list(ReportShape))
def test_the_report_comes_in_every_shape_by_link_and_it_is_recorded(bench: Bench, shape: ReportShape) -> None:
    logged(bench, 1)
    made = opened(bench, asked(bench, IRO_MANAGER, f"2026-27 internal {shape}"))

    assert made.name == f"iro-annual-report-2026-27.{shape}"
    assert made.content.startswith(b"<!doctype html>" if shape is ReportShape.HTML else b"PK")
    with transaction(bench.engine, AUTHORITY, writes=False) as session:
        last = history.entries(session, f"person:{bench.cast.people[IRO_MANAGER]}")[-1]
    assert (last.what, last.details) == ("took a report", f'{{"report":"2026-27 internal {shape}"}}')


@pytest.mark.slow
def test_each_sees_their_own_part_in_it(bench: Bench) -> None:
    logged(bench, 1)

    def raised(who: str) -> str:
        page = read_page(opened(bench, asked(bench, who, "2026-27 internal html")).content)
        rows = page.tables.get("Concerns and children")
        return rows[1][0] if rows else "0"

    assert [raised(who) for who in (IRO, IRO_MANAGER, TEAM_MANAGER)] == ["1", "1", "1"]
    assert raised("mona.ruiz") == "0"


def test_the_public_edition_is_for_those_who_see_the_whole_service(bench: Bench) -> None:
    assert opened(bench, asked(bench, IRO_MANAGER, "2025-26 public html")).name.endswith("-public.html")
    assert file_behind(bench.office, asked(bench, TEAM_MANAGER, "2025-26 public html")) is None


def test_a_year_is_published_when_it_is_over(bench: Bench) -> None:
    assert file_behind(bench.office, asked(bench, IRO_MANAGER, "2026-27 public html")) is None


def test_no_link_is_made_for_those_without_figures_nor_for_a_wrong_year(bench: Bench) -> None:
    with pytest.raises(Refused, match="Figures are for IROs"):
        asked(bench, SUPPORT, "2026-27 internal html")
    with pytest.raises(Refused, match="has not begun"):
        asked(bench, IRO_MANAGER, "2030-31 internal html")


@pytest.mark.parametrize("name", ["", "2026-27", "2026-27 secret html", "2026-27 internal exe", "a b c d"])
def test_what_names_no_report_is_refused(name: str) -> None:
    with pytest.raises(Refused, match="There is no such report"):
        named_report(name)


def test_a_report_s_name_reads_back() -> None:
    one = AskedReport(year="2025-26", public=True, shape=ReportShape.DOCX)

    assert one.name == "2025-26 public docx"
    assert named_report(one.name) == one
