"""The page itself, over real HTTP: who may drive it, what two tabs see, and how its clock is moved."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from lxml import html
from sqlmodel import select

from bot.workspace import home
from bot.workspace.chats import MOST
from bot.workspace.declaration import PAGE
from bot.workspace.guard import TOKEN
from handlers.cards import Card
from handlers.day.day import day_card
from handlers.dispatch import DEEDS
from handlers.office import Scene
from storage.authorities import Authority
from storage.database import Misconfigured, transaction
from storage.outbox import Outbox
from storage.page_messages import PageMessage, next_version
from tests.at_work import page_of
from tests.bench import utc
from tests.cast import AUTHORITY, IRO, OTHER_WORKER, SOCIAL_WORKER, TEAM_MANAGER
from tests.databases import sqlite_engine
from tests.page import PagePerson, reading
from tests.page.reading import parsed
from tests.page_world import PageWorld, page_world
from tests.stories.telling import log

MORNING = utc("2026-12-07")
FORM_TYPE = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[PageWorld]:
    for engine in sqlite_engine(tmp_path):
        with page_world(engine, MORNING) as made:
            yield made


@pytest.fixture
def browser(world: PageWorld) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=str(world.people[IRO].bot_url)) as client:
        yield client


def token_of(browser: httpx.Client) -> str:
    page = browser.get("/workspace/seats/ann-lee")
    return str(json.loads(html.fromstring(page.text).find("body").get("hx-headers"))[TOKEN])


def drawn_with(page: httpx.Response) -> dict[str, str]:
    """What a page sends back to hear what is new."""
    kept = parsed(page.text) if page.text.startswith("<div") else html.fromstring(page.text)
    return {one.get("name"): one.get("value") for one in kept.xpath("//*[@id='version']/input")}


def origin_of(browser: httpx.Client) -> str:
    return str(browser.base_url).rstrip("/")


def test_the_first_address_leads_to_the_page(browser: httpx.Client) -> None:
    answer = browser.get("/")
    assert (answer.status_code, answer.headers["location"]) == (307, "/workspace/")
    start = browser.get("/workspace/")
    assert start.status_code == 200
    for words in ("Be one of four people", "needs JavaScript", "made up", "no government service"):
        assert words in start.text


@pytest.mark.slow
def test_nothing_foreign_comes_into_the_page_and_nothing_is_kept(browser: httpx.Client) -> None:
    headers = browser.get("/workspace/").headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["cache-control"] == "no-store"
    page = html.fromstring(browser.get("/workspace/seats/ann-lee").text)
    assert page.xpath("//script[not(@src)] | //style | //*[@style] | //*[@onclick]") == []
    assert all(str(one).startswith("/workspace/") for one in page.xpath("//script/@src | //link/@href"))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"origin": "https://elsewhere.example"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"host": "iro-bot.elsewhere.example"}, 421),
        ({TOKEN: "made up"}, 403),
        ({TOKEN: ""}, 403),
    ],
)
def test_only_the_page_itself_drives_it(
    world: PageWorld, browser: httpx.Client, headers: dict[str, str], status: int
) -> None:
    right = {TOKEN: token_of(browser), "origin": origin_of(browser), **FORM_TYPE}
    asked = browser.post("/workspace/clock", content="by=week", headers=right | headers)
    assert asked.status_code == status
    moved = world.service.day() - world.now
    assert (moved > timedelta(0)) == (status == 200)


@pytest.mark.slow
def test_a_foreign_name_for_this_machine_leads_nowhere(browser: httpx.Client) -> None:
    assert browser.get("/workspace/", headers={"host": "rebound.example:3000"}).status_code == 421
    assert browser.get("/", headers={"host": "rebound.example"}).status_code == 421
    assert browser.get("/workspace/", headers={"host": "localhost:3000"}).status_code == 200


@pytest.mark.slow
@pytest.mark.parametrize("host", ["[::1", "[zz]", "", "localhost.elsewhere.example"])
def test_a_host_that_is_no_name_of_this_machine_is_refused(browser: httpx.Client, host: str) -> None:
    assert browser.get("/workspace/", headers={"host": host}).status_code == 421


def test_an_origin_that_is_no_address_is_refused(browser: httpx.Client) -> None:
    given = {TOKEN: token_of(browser), "origin": "http://[::1"}
    assert browser.post("/workspace/clock", headers=given, data={"by": "hour"}).status_code == 403


@pytest.mark.parametrize("number", ["1", "99999999999999999999999"])
def test_a_file_that_is_not_there_is_said_not_to_be(browser: httpx.Client, number: str) -> None:
    answer = browser.get(f"/workspace/files/{number}")
    assert (answer.status_code, answer.text) == (404, "There is no such file.\n")


def test_where_there_is_no_passphrase_nobody_is_asked_for_one(browser: httpx.Client) -> None:
    for asked in (browser.get("/workspace/enter"), browser.post("/workspace/enter", data={"passphrase": ""})):
        assert (asked.status_code, asked.headers["location"]) == (303, "/workspace/")
        assert "set-cookie" not in asked.headers


@pytest.mark.slow
def test_what_no_form_of_the_page_sends_is_refused_in_a_sentence(browser: httpx.Client) -> None:
    right = {TOKEN: token_of(browser), "origin": origin_of(browser), **FORM_TYPE}
    for path, body in (
        ("/workspace/seats/ann-lee/submit", "one.worries=x"),
        ("/workspace/seats/ann-lee/submit", "form=%7B%7D"),
        ("/workspace/clock", "by=century"),
    ):
        answer = browser.post(path, content=body, headers=right)
        assert answer.status_code == 400, path
        assert answer.text.endswith("load the page again.\n")
    assert browser.post("/workspace/seats/nobody/command", content="line=help", headers=right).status_code == 404
    assert browser.get("/workspace/news?since=x").status_code == 400


@pytest.mark.slow
def test_two_tabs_of_one_seat_stay_the_same(world: PageWorld, browser: httpx.Client) -> None:
    tabs = [browser.get("/workspace/seats/sam-okoro") for _ in range(2)]
    drawn = drawn_with(tabs[0])
    log(world)
    news = [browser.get("/workspace/news", params={"shown": "sam-okoro"} | drawn) for _ in tabs]
    assert news[0].text == news[1].text
    assert "Please reply to C-1" in news[0].text
    again = html.fromstring(browser.get("/workspace/seats/sam-okoro").text)
    came = parsed(news[0].text)
    shown = [one.get("id") for one in again.xpath("//*[@id='chat-sam-okoro']//article")]
    assert [one.get("id") for one in came.xpath("//article")] == shown


def home_in(text: str, seat: str) -> str:
    """What the Home of a seat says; nothing where it is not drawn."""
    found = parsed(f"<main>{text}</main>").xpath(f"//*[@id='home-title-{seat}'] | //*[@id='home-{seat}']")
    return " ".join(reading.words(one) for one in found)


@pytest.mark.slow
def test_who_sits_down_sees_their_day_which_stays_true_and_is_no_message(
    world: PageWorld, browser: httpx.Client
) -> None:
    page = browser.get("/workspace/seats/tess-hill,sam-okoro")
    before = drawn_with(page)
    for seat in ("tess-hill", "sam-okoro"):
        assert "Your day, Mon 7 Dec" in home_in(page.text, seat)
        assert "Nothing waits for you." in home_in(page.text, seat)
    assert world.people[TEAM_MANAGER].messages == []
    log(world)
    news = browser.get("/workspace/news", params={"shown": "tess-hill"} | before)
    assert "C-1 (AB-1042), reply to Ann Lee" in home_in(news.text, "tess-hill")
    assert reading.buttons(parsed(news.text).xpath("//*[@id='home-tess-hill']")[0]), "it can be dealt with from there"
    again = browser.get("/workspace/news", params={"shown": "tess-hill"} | drawn_with(news))
    assert home_in(again.text, "tess-hill") == "", "what shows the same is not drawn again"
    assert len(world.people[TEAM_MANAGER].messages) == 1, "the event alone"
    world.wait(timedelta(days=1))
    tomorrow = browser.get("/workspace/news", params={"shown": "tess-hill"} | drawn_with(again))
    assert "Your day, Tue 8 Dec" in home_in(tomorrow.text, "tess-hill")


@pytest.mark.slow
def test_a_day_is_worked_out_anew_only_where_it_may_read_otherwise(
    world: PageWorld, browser: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every tab of a training asks at every change."""
    worked_out: list[int] = []

    def counted(scene: Scene, person_id: int) -> Card:
        worked_out.append(person_id)
        return day_card(scene, person_id)

    monkeypatch.setattr(home, "day_card", counted)
    seats = {"shown": "tess-hill,will-dean"}
    manager, other = (world.cast.people[one] for one in (TEAM_MANAGER, OTHER_WORKER))
    for _ in range(3):
        browser.get("/workspace/seats/tess-hill,will-dean")
        browser.get("/workspace/news", params=seats)
    assert worked_out == [manager, other]
    log(world)
    for _ in range(3):
        browser.get("/workspace/news", params=seats)
    assert [one for one in worked_out if one in (manager, other)] == [manager, other, manager]


@pytest.mark.slow
def test_a_message_that_came_and_changed_while_a_page_was_away_is_in_its_chat(
    world: PageWorld, browser: httpx.Client
) -> None:
    drawn = drawn_with(browser.get("/workspace/seats/sam-okoro"))
    log(world)
    message = world.people[SOCIAL_WORKER].messages[-1]
    with transaction(world.engine, AUTHORITY) as session:
        row = session.get_one(PageMessage, int(message.number))
        row.shrunk, row.version = True, next_version(session)
        session.add(row)
    came = browser.get("/workspace/news", params={"shown": "sam-okoro"} | drawn)
    box = parsed(came.text).xpath("//*[@hx-swap-oob='beforeend:#chat-sam-okoro']")
    assert [one.get("id") for one in box[0].xpath(".//article")] == [f"message-sam-okoro-{message.number}"]
    again = browser.get("/workspace/news", params={"shown": "sam-okoro"} | drawn_with(came))
    assert "article" not in again.text


@pytest.mark.slow
def test_a_page_of_a_council_that_was_replaced_is_drawn_anew_whatever_it_missed(
    world: PageWorld, browser: httpx.Client
) -> None:
    drawn = drawn_with(browser.get("/workspace/seats/sam-okoro"))
    page_of(world.service).hub.started_over += 1
    missed = browser.get("/workspace/news", params={"shown": "sam-okoro"} | drawn)
    assert missed.headers["hx-refresh"] == "true"
    after_a_restart = browser.get("/workspace/news", params={"shown": "sam-okoro"} | drawn | {"begun": "0a0a0a0a.7"})
    assert "hx-refresh" not in after_a_restart.headers


@pytest.mark.slow
def test_a_page_is_not_drawn_anew_because_much_is_said_in_other_chats(world: PageWorld, browser: httpx.Client) -> None:
    drawn = drawn_with(browser.get("/workspace/seats/sam-okoro"))
    with transaction(world.engine, AUTHORITY) as session:
        for number in range(MOST + 1):
            session.add(
                PageMessage(
                    account="tess@anyshire.example", key=str(number), card="{}", version=number + 500, posted_at=MORNING
                )
            )
    assert "hx-refresh" not in browser.get("/workspace/news", params={"shown": "sam-okoro"} | drawn).headers


@pytest.mark.slow
def test_a_badge_tells_of_a_chat_that_is_not_open_and_goes_when_it_is(world: PageWorld, browser: httpx.Client) -> None:
    log(world)
    before = html.fromstring(browser.get("/workspace/seats/ann-lee").text)
    assert before.xpath("//*[@id='to-tess-hill']//*[@class='badge']/text()") == ["1"]
    browser.get("/workspace/seats/tess-hill")
    after = html.fromstring(browser.get("/workspace/seats/ann-lee").text)
    assert after.xpath("//*[@id='to-tess-hill']//*[@class='badge']") == []


@pytest.mark.slow
def test_every_button_says_what_it_acts_on(world: PageWorld, browser: httpx.Client) -> None:
    log(world)
    page = html.fromstring(browser.get("/workspace/seats/sam-okoro").text)
    names = page.xpath("//article//button/@aria-label")
    assert names == ["Reply, C-1", "Open, C-1", "This needs my manager, C-1"]


@pytest.mark.slow
def test_the_clock_walks_through_what_falls_due_and_says_who_heard(world: PageWorld, browser: httpx.Client) -> None:
    log(world, {"Start at": "Stage 1"})
    right = {TOKEN: token_of(browser), "origin": origin_of(browser), **FORM_TYPE}

    def on(by: str) -> str:
        return str(
            html.fromstring(browser.post("/workspace/clock", content=f"by={by}", headers=right).text).text_content()
        )

    assert "Still the same day. Nobody heard anything." in " ".join(on("hour").split())
    assert world.service.day() == MORNING + timedelta(hours=1)
    on("week")
    said = " ".join(on("week").split())
    assert "7 days passed, 5 of them working days. 2 messages: Tess Hill (2)." in said, said
    on("next")
    assert "A reply to C-1 is late" in world.titles(TEAM_MANAGER)
    assert any(title.startswith("No reply to C-1 by") for title in world.titles(IRO))
    assert world.service.day() == utc("2026-12-21", "17:00")


@pytest.mark.slow
def test_the_clock_says_which_days_are_not_worked(world: PageWorld, browser: httpx.Client) -> None:
    right = {TOKEN: token_of(browser), "origin": origin_of(browser), **FORM_TYPE}
    world.now = utc("2026-12-24")
    part = html.fromstring(browser.post("/workspace/clock", content="by=day", headers=right).text)
    said = " ".join(part.text_content().split())
    assert "Tue 29 Dec 2026" in said
    assert "5 days passed, 1 of them working days (Fri 25 Dec, Mon 28 Dec not worked)." in said


@pytest.mark.slow
def test_a_day_moved_on_is_kept_over_a_restart(world: PageWorld, browser: httpx.Client, tmp_path: Path) -> None:
    right = {TOKEN: token_of(browser), "origin": origin_of(browser), **FORM_TYPE}
    browser.post("/workspace/clock", content="by=week", headers=right)
    page_of(world.service).day.reread()
    assert world.service.day() == MORNING + timedelta(days=7)


def test_the_page_never_stands_beside_another_authority_s_data(tmp_path: Path) -> None:
    for engine in sqlite_engine(tmp_path):
        with page_world(engine, MORNING) as made:
            with transaction(engine, "real") as session:
                session.add(
                    Authority(key="real", name="R", procedures_name="x", procedures_digest="x", created_at=MORNING)
                )
            with pytest.raises(Misconfigured, match="holds the authority real"):
                page_of(made.service)._connect(MORNING)


@pytest.mark.slow
def test_an_error_of_ours_leaves_what_was_typed_where_it_was_typed(
    world: PageWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    person: PagePerson = world.people[IRO]
    form = world.command(IRO, "/concern AB-1042")
    assert form.view is not None
    monkeypatch.setitem(DEEDS, "concern.log", lambda *_: 1 / 0)
    seen = person.submit(
        form.view, {"What are we worried about?": "All of this", "Main reason": reason_of(person, form.view)}
    )
    assert seen.view is form.view
    assert form.view.problems != []
    assert form.view.typed["one.worries"] == ["All of this"]


def reason_of(person: PagePerson, form: object) -> str:
    return person.choices(form, "Main reason")[0]  # type: ignore[arg-type]  # what was asked is a form


@pytest.mark.slow
def test_a_message_is_told_on_the_page_alone(world: PageWorld) -> None:
    log(world)
    with transaction(world.engine, "anyshire", writes=False) as session:
        rows = session.exec(select(Outbox)).all()
    assert {row.platform for row in rows if row.sent_at} == {PAGE.name}
    assert world.titles(SOCIAL_WORKER) == ["Please reply to C-1"]
