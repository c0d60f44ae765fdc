"""Each way a place can stand, and what follows from it alike for reminders, alerts, rights and buttons."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest

from handlers.rights import May, child_standing, may, standing
from storage import children, concerns
from storage.database import transaction
from tests.bench import Bench, words
from tests.cast import (
    AUTHORITY,
    CHILD,
    IRO,
    OTHER_MANAGER,
    SERVICE_MANAGER,
    SOCIAL_WORKER,
    STAFF,
    TEAM_MANAGER,
    away,
    end_role,
    leave,
)
from tests.first_lines import undated
from tests.handlers.steps import desk_of, logged

EVE, WED, THU, LATER = date(2026, 12, 8), date(2026, 12, 9), date(2026, 12, 10), date(2027, 1, 8)
EVERYBODY = [login for login, *_ in STAFF]


@dataclass(frozen=True, kw_only=True)
class Way:
    """What happens to the one asked, before or after the concern is logged, and who fills the place on Thursday."""

    happens: Callable[[Bench], None]
    fills: str
    before: bool = False


def _away(bench: Bench, last: date | None, cover: str | None = None) -> None:
    away(bench.engine, bench.cast, TEAM_MANAGER, date(2026, 12, 7), last, cover)


def _from_wednesday(bench: Bench, cover: str | None = None) -> None:
    away(bench.engine, bench.cast, TEAM_MANAGER, WED, LATER, cover)


def _covers_cover_is_away(bench: Bench) -> None:
    _from_wednesday(bench, OTHER_MANAGER)
    away(bench.engine, bench.cast, OTHER_MANAGER, THU, LATER)


def _cover_leaves(bench: Bench) -> None:
    _away(bench, LATER, OTHER_MANAGER)
    leave(bench.engine, bench.cast, OTHER_MANAGER, EVE)


WAYS = {
    "present": Way(happens=lambda bench: None, fills=TEAM_MANAGER),
    "away with cover": Way(happens=lambda bench: _from_wednesday(bench, OTHER_MANAGER), fills=OTHER_MANAGER),
    "away with cover when asked": Way(
        happens=lambda bench: _away(bench, LATER, OTHER_MANAGER), fills=OTHER_MANAGER, before=True
    ),
    "away without cover": Way(happens=_from_wednesday, fills=SERVICE_MANAGER),
    "away without cover when asked": Way(happens=lambda bench: _away(bench, LATER), fills=SERVICE_MANAGER, before=True),
    "cover away": Way(happens=_covers_cover_is_away, fills=SERVICE_MANAGER),
    "cover has left": Way(happens=_cover_leaves, fills=SERVICE_MANAGER, before=True),
    "left": Way(happens=lambda bench: leave(bench.engine, bench.cast, TEAM_MANAGER, EVE), fills=SERVICE_MANAGER),
    "role ended": Way(
        happens=lambda bench: end_role(bench.engine, bench.cast, TEAM_MANAGER, "team_manager", EVE),
        fills=SERVICE_MANAGER,
    ),
    "vacancy": Way(
        happens=lambda bench: leave(bench.engine, bench.cast, TEAM_MANAGER, date(2026, 12, 4)),
        fills=SERVICE_MANAGER,
        before=True,
    ),
    "returned to from cover": Way(
        happens=lambda bench: _away(bench, EVE, OTHER_MANAGER), fills=TEAM_MANAGER, before=True
    ),
    "returned to": Way(happens=lambda bench: _away(bench, EVE), fills=TEAM_MANAGER, before=True),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", WAYS)
def test_who_fills_the_place_alone_is_reminded_alerted_and_may_answer(name: str, bench: Bench) -> None:
    way = WAYS[name]
    if way.before:
        way.happens(bench)
    logged(bench, 1, worries="The canary sings.")
    if not way.before:
        way.happens(bench)
    bench.go_to_day(THU)
    owner = {TEAM_MANAGER} if name == "away with cover" else set()  # who acts through another keeps their own
    assert _those_who(bench, May.ANSWER) - owner == {way.fills}
    others = {TEAM_MANAGER, OTHER_MANAGER, SERVICE_MANAGER} - {way.fills}
    assert _those_who(bench, May.READ) & others <= owner

    bench.forget()
    bench.go_to_day(date(2026, 12, 17))
    mornings = {one.to for one in bench.told if "Your day" in one.title and ": reply to Ann Lee by" in words(one.card)}
    assert mornings == {way.fills}
    bench.forget()
    bench.go_to_day(date(2026, 12, 22))
    late = {one.to: one.card for one in bench.told if undated(one.title) == "A reply to C-1 is late"}
    own = {one.to: one.card for one in bench.told if one.title.startswith("Your reply to C-1 is late")}
    answers = {who for who, card in (late | own).items() if any(each.label == "Reply" for each in card.buttons)}
    assert answers == {way.fills}
    assert (late | own).keys() & others <= {SERVICE_MANAGER}, "but for the manager above, who is alerted"
    assert IRO in {one.to for one in bench.told if undated(one.title).startswith("No reply to C-1")}


def _those_who(bench: Bench, what: May) -> set[str]:
    """Who may do this now: of those present, since a leaver gets no answer at all."""
    found = set()
    with transaction(bench.engine, AUTHORITY, writes=False) as session:
        concern = concerns.by_number(session, 1)
        assert concern is not None
        for login in EVERYBODY:
            desk = desk_of(bench, session, login)
            if not desk.actor.has_left(desk.today) and may(standing(desk, concern), what):
                found.add(login)
    return found


WORKERS = {
    "present": lambda bench: None,
    "away without cover": lambda bench: away(bench.engine, bench.cast, SOCIAL_WORKER, WED, LATER),
    "left": lambda bench: leave(bench.engine, bench.cast, SOCIAL_WORKER, EVE),
    "returned": lambda bench: away(bench.engine, bench.cast, SOCIAL_WORKER, EVE, EVE),
}


@pytest.mark.parametrize("name", WORKERS)
def test_reviews_give_the_workers_place_to_whom_concerns_give_it(name: str, bench: Bench) -> None:
    logged(bench, 0)
    WORKERS[name](bench)
    bench.go_to_day(THU)
    of_concern = _those_who(bench, May.ANSWER)
    with transaction(bench.engine, AUTHORITY, writes=False) as session:
        child = children.by_reference(session, CHILD)
        assert child is not None
        here = [SOCIAL_WORKER, TEAM_MANAGER, SERVICE_MANAGER]
        desks = {login: desk_of(bench, session, login) for login in here}
        of_review = {
            login
            for login, desk in desks.items()
            if not desk.actor.has_left(desk.today) and may(child_standing(desk, child), May.PAPERS)
        }
    gone = name in ("away without cover", "left")
    assert (TEAM_MANAGER in of_review) is gone, "on reviews they stand in, beside what is theirs"
    assert of_concern == ({TEAM_MANAGER} if gone else {SOCIAL_WORKER, TEAM_MANAGER})
