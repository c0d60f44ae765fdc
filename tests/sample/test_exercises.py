"""Each exercise is not done when it begins, is done by doing it, and says so where it went another way."""

from collections.abc import Callable, Iterator

import pytest

from bot.sample.exercises import EXERCISES, Result, Task, exercise, exercises_for
from bot.sample.people import HALF_TIME_IRO, IRO, IRO_MANAGER, SOCIAL_WORKER, TEAM_MANAGER
from bot.sample.seats import FIRST
from bot.sample.seed import SAMPLE
from bot.sample.shelf import Shelf
from bot.sample.situations import SITUATIONS, situation
from bot.sample.stage import Stage
from handlers.cards import Button, Form, Notice
from storage.children import Child
from storage.database import transaction
from tests.sample.conftest import Copies

Play = Callable[[Stage, Task], None]


def test_each_of_the_four_first_seats_has_four_exercises_in_situations_there_are() -> None:
    assert [len(exercises_for(seat)) for seat in FIRST] == [4, 4, 4, 4]
    assert len({one.key for one in EXERCISES}) == len(EXERCISES) == 16
    assert {one.situation for one in EXERCISES} <= {one.key for one in SITUATIONS}


class Practice:
    """One exercise, begun."""

    def __init__(self, key: str, stage: Stage) -> None:
        self._exercise = exercise(key)
        self.stage = stage
        with transaction(stage.engine, SAMPLE, writes=False) as session:
            self.task = self._exercise.sets(session, stage.now)

    def stands(self) -> Result:
        """What the check says now."""
        with transaction(self.stage.engine, SAMPLE, writes=False) as session:
            return self._exercise.check(session, self.task)


@pytest.fixture
def begin(shelf: Shelf, copied: Copies) -> Iterator[Callable[[str], Practice]]:
    """Begins an exercise in its situation."""
    stages: list[Stage] = []

    def begun(key: str) -> Practice:
        at = situation(exercise(key).situation)
        stages.append(Stage(copied.of(shelf.in_situation(at)), SAMPLE, at.at))
        return Practice(key, stages[-1])

    yield begun
    for stage in stages:
        stage.__exit__(None, None, None)


def ref(task: Task) -> str:
    return task.facts["ref"]


def move(who: str, **more: str) -> Play:
    return lambda stage, task: _send(stage, who, f"/concern {ref(task)} move", reason="No reply.", **more)


def close(who: str) -> Play:
    return lambda stage, task: _send(
        stage,
        who,
        f"/concern {ref(task)} close",
        outcome="resolved",
        what_changed="It was put right.",
        child_told="yes",
    )


def again(stage: Stage, task: Task) -> None:
    _send(stage, IRO, f"/concern {ref(task)} again", reason="A date is missing.")


def extend(stage: Stage, task: Task) -> None:
    _send(stage, IRO, f"/concern {ref(task)} extend", until="2026-12-04", reason="The panel meets then.")


def reply(who: str) -> Play:
    return lambda stage, task: _send(
        stage, who, f"/concern {ref(task)} reply", answer="agreed and done", words="It is done."
    )


def late_reply(who: str) -> Play:
    def play(stage: Stage, task: Task) -> None:
        for _ in range(4):
            stage.until(stage.now.replace(hour=20) if stage.now.hour < 20 else stage.now)
        reply(who)(stage, task)

    return play


def book(who: str, on: str) -> Play:
    return lambda stage, task: _send(stage, who, f"/review {ref(task)} book", booked_for=on, time="10:00")


def log(about: str, *, draft: bool = False) -> Play:
    def play(stage: Stage, _task: Task) -> None:
        form = stage.command(IRO, f"/concern {about}")
        assert isinstance(form, Form)
        reason = next(field.choices[0].value for field in form.fields if field.key == "main_reason")
        values = {"worries": "A worry.", "main_reason": reason}
        if draft:
            stage.press(IRO, "Save draft", on=form, values=values)
        else:
            stage.send(IRO, form, **values)

    return play


def away(first: str, last: str, cover: str = "") -> Play:
    def play(stage: Stage, _task: Task) -> None:
        ident = str(stage.person_id(cover)) if cover else ""
        stage.fill(IRO, "/iro away", **{"from": first, "to": last, "cover": ident})

    return play


def tell(kind: str) -> Play:
    def play(stage: Stage, task: Task) -> None:
        with transaction(stage.engine, SAMPLE, writes=False) as session:
            child = session.get(Child, int(task.facts["child"]))
        assert child is not None
        stage.fill(SOCIAL_WORKER, f"/tell {child.reference}", kind=kind, words="A new school from today.")

    return play


def papers(stage: Stage, task: Task) -> None:
    stage.fill(SOCIAL_WORKER, f"/review {ref(task)} papers")


def decide(label: str) -> Play:
    def play(stage: Stage, task: Task) -> None:
        form = stage.command(TEAM_MANAGER, f"/review {ref(task)} decisions")
        given = stage.press(TEAM_MANAGER, label, on=form)
        if isinstance(given, Form) and given.submit:
            stage.send(TEAM_MANAGER, given, reason="The date is too soon.")

    return play


def wait_for_silence(stage: Stage, _task: Task) -> None:
    stage.until(stage.now.replace(day=25, hour=18))


def allocate(to: str) -> Play:
    return lambda stage, task: _send(stage, TEAM_MANAGER, f"/iro allocate {ref(task)}", holder=str(stage.person_id(to)))


def press_seen(stage: Stage, task: Task) -> None:
    """By the button of the message, which an earlier stage delivered."""
    seen = Button(label="Seen", deed="concern.seen", subject=ref(task), run=int(task.facts["run"]))
    stage.press(IRO_MANAGER, "Seen", on=Notice(text="Urgent", buttons=(seen,)))


def leave_to_manager(stage: Stage, task: Task) -> None:
    shown = stage.command(TEAM_MANAGER, f"/concern {ref(task)}")
    stage.send(TEAM_MANAGER, stage.press(TEAM_MANAGER, "This needs my manager", on=shown), why="It needs money.")


def _send(stage: Stage, who: str, line: str, **values: str) -> None:
    stage.fill(who, line, **values)


DONE: dict[str, Play] = {
    "iro-move-up": move(IRO),
    "iro-judge": close(IRO),
    "iro-log": log("AB-1063"),
    "iro-away": away("2026-12-24", "2027-01-01", HALF_TIME_IRO),
    "worker-reply": reply(SOCIAL_WORKER),
    "worker-papers": papers,
    "worker-tell": tell("school"),
    "worker-book": book(SOCIAL_WORKER, "2026-11-30"),
    "manager-answer": reply(TEAM_MANAGER),
    "manager-late": reply(TEAM_MANAGER),
    "manager-decisions": decide("Agree"),
    "manager-allocate": allocate(SOCIAL_WORKER),
    "iro-manager-seen": press_seen,
    "iro-manager-urgent": reply(IRO_MANAGER),
    "iro-manager-decide": move(IRO_MANAGER, manager_reason="He is away."),
    "iro-manager-book": book(IRO_MANAGER, "2026-11-30"),
}
OTHERWISE: list[tuple[str, Play, str, bool]] = [
    ("iro-move-up", close(IRO), "is closed: nobody more senior has been asked", False),
    ("iro-move-up", again, "has been asked again and stays where it was", False),
    ("iro-move-up", extend, "There is more time", False),
    ("iro-move-up", reply(TEAM_MANAGER), "came first: now it is to be judged", False),
    ("iro-judge", move(IRO), "", True),
    ("iro-judge", again, "you were not satisfied", True),
    ("iro-log", log("AB-1063", draft=True), "kept as a draft: nobody has been asked", False),
    ("iro-log", log("AB-1042"), "not about AB-1063", False),
    ("iro-away", away("2026-12-24", "2027-01-01"), "nobody covers", False),
    ("iro-away", away("2026-12-28", "2027-01-01", HALF_TIME_IRO), "not on those days", False),
    ("iro-away", away("2026-12-24", "2027-01-01", IRO_MANAGER), "Cat is not the one who covers", False),
    ("worker-tell", tell("other"), "not that it is about school", True),
    ("worker-book", book(SOCIAL_WORKER, "2026-12-09"), "after Tue 1 Dec 2026", False),
    ("manager-answer", leave_to_manager, "You passed", False),
    ("manager-answer", late_reply(TEAM_MANAGER), "after its time", True),
    ("manager-late", move(IRO), "has taken C-", False),
    ("manager-late", close(IRO), "was closed without your answer", False),
    ("manager-decisions", decide("Dispute"), "", True),
    ("manager-decisions", wait_for_silence, "counts as agreed", False),
    ("manager-allocate", allocate("Will Dean"), "is with Will Dean now, who is not in your team", False),
]


@pytest.mark.slow
@pytest.mark.parametrize("key", [one.key for one in EXERCISES])
def test_it_is_done_by_doing_it(begin: Callable[[str], Practice], key: str) -> None:
    practice = begin(key)
    assert practice.stands() == Result(done=False)
    DONE[key](practice.stage, practice.task)
    assert practice.stands() == Result(done=True), practice.task.text


@pytest.mark.slow
@pytest.mark.parametrize(("key", "play", "said", "done"), OTHERWISE)
def test_another_way_is_said_in_a_sentence(
    begin: Callable[[str], Practice], key: str, play: Play, said: str, done: bool
) -> None:
    practice = begin(key)
    play(practice.stage, practice.task)
    result = practice.stands()
    assert result.done is done, result
    assert said in result.sentence
    assert bool(result.sentence) is bool(said)


@pytest.mark.slow
def test_the_words_name_what_is_there(begin: Callable[[str], Practice]) -> None:
    texts = {key: begin(key).task.text for key in ("manager-answer", "worker-reply", "iro-away", "manager-late")}
    assert texts["manager-answer"].startswith("You are Tess. Answer C-")
    assert texts["manager-answer"].endswith(" before 5 pm today.")
    assert texts["worker-reply"].endswith(" by 5 pm, Wed 25 Nov.")
    assert "Thu 24 Dec to Fri 1 Jan 2027" in texts["iro-away"]
    assert "over since 5 pm, Mon 23 Nov;" in texts["manager-late"]
