"""On every platform: what is asked once before Log keeps all that was typed, and is taken when it is sent again."""

from tests.cast import CHILD, IRO
from tests.stories.conftest import Begin
from tests.stories.telling import WORRY, News
from tests.stories.test_commands import MONDAY


def test_a_high_start_and_a_second_concern_for_the_same_reason_are_asked_about_once(begin_briefly: Begin) -> None:
    world = begin_briefly(MONDAY)
    news = News(world)
    for number, asked in ((1, "You start at stage 3 and skip stage 1 and stage 2."), (2, "C-1 is open on this child")):
        form = world.command(IRO, f"/concern {CHILD}")
        reason = world.people[IRO].choices(form, "Main reason")[0]
        typed = {"What are we worried about?": WORRY, "Main reason": reason, "Start at": "Stage 3"}
        again = world.submit(IRO, form, typed)
        assert asked in again.text
        assert "press log again" in again.text.casefold()
        assert news.since() == {}
        assert f"C-{number} is logged at stage 3." in world.submit(IRO, again, {}).text
        assert WORRY in world.command(IRO, f"/concern C-{number}").text
        news.since()
