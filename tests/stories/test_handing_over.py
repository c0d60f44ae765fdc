"""One IRO hands all children to another: told once to each, with the reason in the list alone."""

from tests.bench import utc
from tests.cast import CHILD, IRO, IRO_MANAGER, OTHER_CHILD, OTHER_IRO, OTHER_WORKER, SOCIAL_WORKER
from tests.screens import Filled, labels
from tests.stories.conftest import Begin, slowly_at_teams
from tests.stories.telling import News, log, type_and_fill, words_of

REASON = "Ann goes to another service."


@slowly_at_teams
def test_all_children_of_an_iro_go_to_another_in_one_act(begin_briefly: Begin) -> None:
    world = begin_briefly(utc("2026-12-07"))
    log(world, {"Start at": "Stage 1"})
    news = News(world)
    given: dict[str, Filled] = {
        "IRO": "Olu Ade",
        "Hand over with it": ["All 2 children of Ann Lee (IRO)"],
        "Why the IRO changes": REASON,
    }
    done = type_and_fill(world, IRO_MANAGER, f"/iro allocate {CHILD}", given)
    assert "1 other child went with it." in done.text
    assert news.since() == {
        OTHER_IRO: ["2 children are now yours: 1 has open concerns"],
        IRO: ["2 children have a new IRO"],
        SOCIAL_WORKER: [f"{CHILD} has a new IRO"],
        OTHER_WORKER: [f"{OTHER_CHILD} has a new IRO"],
    }
    assert "reply by Mon 21 Dec 2026" in words_of(world, OTHER_IRO)
    for who in (OTHER_IRO, IRO):
        assert labels(world.last(who)) == ["List"]
        assert REASON not in words_of(world, who)
        assert REASON in world.press(who, "List").text
    assert REASON not in world.press(SOCIAL_WORKER, "Open").text
    assert "C-1" in world.command(OTHER_IRO, "/concern list").text
