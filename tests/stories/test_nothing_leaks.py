"""Canaries in every field people write in: they reach the forms of those entitled, and nothing else, ever."""

import logging
import re
from datetime import date, time

import pytest

from tests.bench import utc
from tests.cast import CHILD, IRO, IRO_MANAGER, OUTSIDER, SERVICE_MANAGER, SOCIAL_WORKER
from tests.screens import Filled
from tests.stories.canaries import CANARY, Canaries, outside_of_forms
from tests.stories.conftest import Begin, slowly_at_teams
from tests.stories.telling import News, closing, fill, press_in, type_and_fill
from tests.world import AnyWorld

pytestmark = slowly_at_teams

CATEGORY = "Plan not progressed"
OTHER_CATEGORY = "Documents not provided to the IRO"
DUTY = "Failed to implement a review decision"
KNOWN_TO_NOBODY_ELSE = (CATEGORY, OTHER_CATEGORY, DUTY, "plan_not_progressed", "documents_not_provided")
HARM = re.compile(r"harm", re.IGNORECASE)


@pytest.mark.slow
def test_not_a_word_of_a_concern_is_in_a_message_a_log_a_button_or_an_address(
    begin_briefly: Begin, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    for package in ("bot", "handlers", "scheduling", "storage"):
        caplog.set_level(logging.DEBUG, package)
    world = begin_briefly(utc("2026-12-07"), "nottinghamshire")
    say = Canaries()
    _tell_a_whole_case(world, say)
    news = News(world)
    _be_refused(world, say)
    assert news.since() == {}

    for where, text in outside_of_forms(world):
        assert not CANARY.search(text), f"{where} tells {CANARY.findall(text)} of {say.of}"
        assert not HARM.search(text), f"{where}: {text}"
        for words in KNOWN_TO_NOBODY_ELSE:
            assert words.casefold() not in text.casefold(), f"{where} tells the category: {text}"
    assert not CANARY.search(caplog.text)
    assert CATEGORY not in caplog.text
    assert "plan_not_progressed" not in caplog.text
    assert CHILD not in caplog.text

    # What the entitled read is whole: the search above could have found it.
    read = world.command(IRO, "/concern C-1").text
    unread = [where for where, canary in say.of.items() if canary not in read and not where.startswith("~")]
    assert unread == []
    assert CATEGORY in read


@pytest.mark.slow
def test_forms_of_those_not_entitled_hold_no_word_of_it(begin_briefly: Begin) -> None:
    world = begin_briefly(utc("2026-12-07"), "nottinghamshire")
    say = Canaries()
    _log(world, say, {"Start at": "Stage 1"})
    for who in (SERVICE_MANAGER, OUTSIDER, "mona.ruiz", "bea.shaw", "adam.poole", "olu.ade"):
        for line in ("/concern C-1", "/concern C-1 history", "/concern C-1 file", "/iro people C-1", "/concern list"):
            shown = world.command(who, line).text
            assert not CANARY.search(shown), f"{who}: {line}"
            assert CATEGORY not in shown
    assert (
        "What it says opens to you once you are asked or copied." in world.command(SERVICE_MANAGER, "/concern C-1").text
    )


def _log(world: AnyWorld, say: Canaries, more: dict[str, Filled]) -> None:
    form = world.command(IRO, f"/concern {CHILD}")
    typed: dict[str, Filled] = {
        "What are we worried about?": say("worries"),
        "What is working well?": say("working well"),
        "Impact on the child": say("impact"),
        "What needs to happen, and by when?": say("needs"),
        "By when": date(2026, 12, 18),
        "Main reason": CATEGORY,
        "Other reasons": [OTHER_CATEGORY],
        "Duty at issue": DUTY,
        "Spoken to": say("spoken to"),
        "Reason for starting here": say("reason for starting"),
        "Another agency": "Health",
        "Contact at the agency": say("contact"),
        "The child": ["The child was told"],
    }
    draft = press_in(world, IRO, form, "Save draft", typed)
    assert "Saved as draft C-" in draft.text
    kept = world.command(IRO, f"/concern {re.findall(r'C-[0-9]+', draft.text)[0]}")
    world.submit(IRO, kept, more)


def _tell_a_whole_case(world: AnyWorld, say: Canaries) -> None:
    _log(world, say, {"Start at": "Stage 1"})
    more = press_in(world, SOCIAL_WORKER, world.press(SOCIAL_WORKER, "Open"), "Ask for more time")
    world.submit(SOCIAL_WORKER, more, {"Until": date(2026, 12, 23), "Why?": say("~why more time")})
    fill(world, IRO, "Agree an extension", {"Reason": say("~reason of extension")})
    fill(
        world,
        SOCIAL_WORKER,
        "Reply",
        {"Answer": "Agreed, with a plan by date", "What will happen": say("reply"), "By": date(2026, 12, 9)},
    )
    type_and_fill(world, SOCIAL_WORKER, "/concern C-1 reply", {"What do you want to add?": say("addition")})
    world.go_to_day(date(2026, 12, 9), time(17, 5))
    fill(world, IRO, "New date", {"New date": date(2026, 12, 11), "Reason": say("~new date")})
    type_and_fill(world, IRO, "/concern C-1 again", {"What is still needed?": say("asked again")})
    type_and_fill(world, IRO, "/concern C-1 stage 2", {"Reason": say("moved")})
    type_and_fill(
        world,
        IRO,
        "/concern C-1 record",
        {"Who replied?": "Tess Hill", "Answer": "Not agreed", "What will happen": say("recorded reply")},
    )
    type_and_fill(world, IRO, "/concern C-1 cafcass", {"Note": say("cafcass note")})
    type_and_fill(world, IRO, "/concern C-1 legal", {"Note": say("legal note")})
    type_and_fill(world, IRO, "/concern C-1 close", closing(say("~changed, then again")))
    type_and_fill(world, IRO, "/concern C-1 reopen", {"Start at": "Stage 3", "Reason": say("reopened")})
    world.go_to_day(date(2026, 12, 11), time(9, 5))
    world.command(IRO, "/concern C-1 history")
    world.command(IRO, "/concern C-1 file")
    type_and_fill(world, IRO, "/concern C-1 close", closing(say("changed")))
    harmed = world.command(IRO, f"/concern {CHILD}")
    typed: dict[str, Filled] = {
        "What are we worried about?": say("~worries of the second"),
        "Main reason": CATEGORY,
        "Risk of significant harm": ["Yes: use the immediate route"],
    }
    world.submit(IRO, world.submit(IRO, harmed, typed), {})
    world.go_to_day(date(2026, 12, 11), time(11))
    world.command(IRO, "/concern list")
    world.command(IRO_MANAGER, "/concern list team")


def _be_refused(world: AnyWorld, say: Canaries) -> None:
    """Narrative where it is not taken, and detail that never is."""
    for line in (
        f"/concern {CHILD} {say('~after a reference')}",
        f"/concern C-1 {say('~after a concern')}",
        f"/concern C-1 reply {say('~after reply')}",
        f"/concern {say('~after the command')}",
        f"/iro {say('~after iro')}",
        f"/iro people {say('~after people')}",
        f"/iro child {say('~after child')}",
        f"/iro allocate {say('~after allocate')}",
        f"/iro back {say('~after back')}",
    ):
        world.command(IRO, line)
    form = world.command(IRO, f"/concern {CHILD}")
    number = f"NHS number 943 476 5919, {say('~beside a number')}"
    world.submit(IRO, form, {"What are we worried about?": number, "Main reason": CATEGORY})


def test_the_scan_itself_would_find_a_leak(begin_briefly: Begin) -> None:
    world = begin_briefly(utc("2026-12-07"))
    message = world.command(IRO, "/iro help").message
    assert message is not None
    assert not any(CANARY.search(text) for _, text in outside_of_forms(world))
    message.versions.append({"type": "message", "text": "It says quetzal1 here."})
    assert any(CANARY.search(text) for _, text in outside_of_forms(world))
