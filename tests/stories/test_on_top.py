"""On every platform a form begins with how it stands, by when, and for whom one acts, as it is on that day."""

from datetime import date, time

from tests.bench import utc
from tests.cast import IRO, OTHER_MANAGER, SERVICE_MANAGER, TEAM_MANAGER
from tests.screens import plain_text_of
from tests.stories.conftest import Begin, slowly_at_teams
from tests.stories.telling import log, type_and_fill
from tests.world import AnyWorld


def under_the_title(world: AnyWorld, who: str, line: str) -> str:
    """The first line below a form's title."""
    view = world.command(who, line).view
    assert view is not None
    return plain_text_of(view).splitlines()[1]


@slowly_at_teams
def test_a_reply_is_given_by_a_cover_who_reads_for_whom(begin_briefly: Begin, platform: str) -> None:
    world = begin_briefly(utc("2026-12-07"))
    log(world, {"Start at": "Stage 1"})
    reply = "C-1 (AB-1042): stage 1, reply by 5 pm, Mon 21 Dec"
    ends = "All stages end Thu 7 Jan 2027."
    assert under_the_title(world, TEAM_MANAGER, "/concern C-1 reply") == f"{reply} (10 working days left). {ends}"
    days = {"First day away": date(2026, 12, 8), "Last day away": date(2026, 12, 18)}
    type_and_fill(world, TEAM_MANAGER, "/iro away", {"Who covers?": "Mona Ruiz", **days})
    world.go_to_day(date(2026, 12, 8), time(10))
    said = f"{reply} (9 working days left). {ends} You act for Tess Hill."
    assert under_the_title(world, OTHER_MANAGER, "/concern C-1 reply") == said
    answer = {"Answer": "Agreed and done", "What will happen": "It is done."}
    type_and_fill(world, OTHER_MANAGER, "/concern C-1 reply", answer)
    decided = "C-1 (AB-1042): stage 1, replied Tue 8 Dec; {} by Tue 15 Dec. " + ends
    assert under_the_title(world, IRO, "/concern C-1 close") == decided.format("you decide")
    assert under_the_title(world, SERVICE_MANAGER, "/concern C-1") == decided.format("Ann Lee decides")
