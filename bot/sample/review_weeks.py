"""The last weeks of reviews, act by act: booked, prepared, held, decided, agreed, written up and sent out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from bot.sample.absences import acting
from bot.sample.arranged import ARRANGED, Stands
from bot.sample.children import Child
from bot.sample.past_reviews import chaired, held_on, participation
from bot.sample.people import SUPPORT, manager_of
from bot.sample.stage import Stage
from bot.sample.timetable import Timetable
from bot.sample.weeks import Weeks
from bot.sample.words import CONTACTS, DECISIONS
from scheduling.procedures.review_values import review_values
from scheduling.working_days import at_local, local

BOOKED_AHEAD = (17, 24)
"""Working days before a review: when it is booked."""
MOVED = 0.12
"""The share of reviews that are put off by a day."""
TIMES = ("10:00", "11:30", "13:30", "14:00", "15:30")
PLACES = ("Where the child lives", "School", "Family centre", "Council office", "Online")
FAR = 60
"""Working days ahead: what falls due later needs nothing yet."""


def plan_reviews(weeks: Weeks, children: Sequence[Child], timetable: Timetable) -> None:
    """Put the acts around every review of these weeks into the diary."""
    horizon = weeks.days.on(FAR)
    for child in children:
        due, midway = timetable.due.get(child.reference), timetable.midway.get(child.reference)
        if midway is not None and midway <= weeks.days.on(2) and _stands(child) is not Stands.MIDWAY_LATE:
            _plan_midway(weeks, child, midway)
        if due is not None and due <= horizon:
            ReviewOf(weeks=weeks, child=child, due=due).plan()


def _stands(child: Child) -> Stands | None:
    """How the child's review is to stand today, where that is arranged."""
    arranged = ARRANGED.get(child.number)
    return arranged.stands if arranged is not None else None


def _plan_midway(weeks: Weeks, child: Child, due: date) -> None:
    calendar = weeks.rules.calendar()
    on = max(calendar.add(due, -weeks.chance.randrange(0, 4)), weeks.days.first)
    words = weeks.chance.choice(CONTACTS)

    def check(stage: Stage) -> None:
        stage.fill(_iro(weeks, stage, child), f"/review {child.reference} midway", words=words)

    weeks.diary.add(weeks.some_time(on), check)


def _iro(weeks: Weeks, stage: Stage, child: Child) -> str:
    return acting(child.iro, weeks.days.offset(stage.now))


def plan_child(weeks: Weeks, child: Child, *, due: date | None, midway: date | None) -> None:
    """Put one child's next review, or midway check, into the diary as any other: nothing about it is arranged."""
    if midway is not None:
        _plan_midway(weeks, child, midway)
    if due is not None:
        ReviewOf(weeks=weeks, child=child, due=due, arranged=False).plan()


@dataclass(frozen=True, kw_only=True)
class ReviewOf:
    """One child's review. Each act puts the next into the diary. `arranged`: how it stands today may be settled."""

    weeks: Weeks
    child: Child
    due: date
    arranged: bool = True

    @property
    def stands(self) -> Stands | None:
        """How it is to stand today, where that is arranged."""
        return _stands(self.child) if self.arranged else None

    @property
    def ref(self) -> str:
        return self.child.reference

    def iro(self, stage: Stage) -> str:
        """The child's IRO, or who covers today."""
        return _iro(self.weeks, stage, self.child)

    def plan(self) -> None:
        """When it meets and when that is settled."""
        if self.stands in (Stands.NOT_BOOKED, Stands.NOT_HELD):
            return
        calendar, days = self.weeks.rules.calendar(), self.weeks.days
        arranged = ARRANGED.get(self.child.number) if self.arranged else None
        if arranged is not None and arranged.meets is not None:
            meets = days.on(arranged.meets)
        else:
            meets = max(held_on(self.due, calendar, self.weeks.chance), calendar.add(days.first, 1))
            if meets > max(self.due, days.present):  # no review still to come is booked too late
                meets = max(calendar.previous_working(self.due), days.on(1))
        if not self.arranged:  # somebody thinks of it now, however late it is
            meets = max(meets, days.on(4))
        booked = calendar.add(meets, -self.weeks.chance.randrange(*BOOKED_AHEAD))
        if not self.arranged and booked <= days.present:
            at = self.weeks.some_time(days.on(1))
        elif booked <= days.first:
            at = days.begins + timedelta(minutes=10 + self.weeks.chance.randrange(60))
        else:
            at = self.weeks.some_time(booked)
        self.weeks.diary.add(at, lambda stage: self.book(stage, meets))

    def book(self, stage: Stage, meets: date) -> None:
        """Business support books it; who prepares and holds it has it in their diary from then on."""
        chance, diary, calendar = self.weeks.chance, self.weeks.diary, self.weeks.rules.calendar()
        at, moved = chance.choice(TIMES), self.stands is None and chance.random() < MOVED
        day = calendar.add(meets, -1) if moved else meets
        place = chance.choice(PLACES)
        stage.fill(SUPPORT, f"/review {self.ref} book", booked_for=day.isoformat(), time=at, place=place)
        if moved:
            moves_at = max(self.weeks.some_time(calendar.add(day, -6)), stage.now + timedelta(hours=1))
            diary.add(moves_at, lambda stage: self.move(stage, meets))
        if self.stands not in (Stands.PAPERS_DUE, Stands.PAPERS_LATE):
            papers_at = self.weeks.some_time(calendar.add(meets, -chance.choice((3, 3, 4, 4, 5, 2))))
            diary.add(max(papers_at, stage.now + timedelta(hours=2)), self.papers)
        ends = at_local(meets, time.fromisoformat(at)) + timedelta(minutes=75)
        if self.stands is Stands.ADJOURNED:
            diary.add(ends, self.adjourn)
        elif self.stands is Stands.SERIES:
            diary.add(ends, self.begin_series)
        else:
            diary.add(ends, self.hold)

    def move(self, stage: Stage, meets: date) -> None:
        """It is put off by a day."""
        reason = self.weeks.chance.choice(review_values(self.weeks.rules).moved_reasons)
        stage.fill(SUPPORT, f"/review {self.ref} move", booked_for=meets.isoformat(), reason=reason)

    def papers(self, stage: Stage) -> None:
        """The papers come."""
        holder = acting(self.child.holder, self.weeks.days.offset(stage.now))
        stage.fill(holder, f"/review {self.ref} papers")

    def adjourn(self, stage: Stage) -> None:
        """What the IRO was given is not enough."""
        stage.fill(
            self.iro(stage),
            f"/review {self.ref} adjourn",
            reason=review_values(self.weeks.rules).late_reasons[0],
            booked_for=self.weeks.days.on(5).isoformat(),
        )

    def begin_series(self, stage: Stage) -> None:
        """More meetings are to follow."""
        stage.fill(self.iro(stage), f"/review {self.ref} hold", series=("yes",))

    def hold(self, stage: Stage) -> None:
        """It is held, and what was decided follows."""
        weeks, chance = self.weeks, self.weeks.chance
        today = local(stage.now).date()
        code = participation(self.child, today, chance)
        late = {"late_reason": review_values(weeks.rules).late_reasons[0]} if today > self.due else {}
        stage.fill(
            self.iro(stage),
            f"/review {self.ref} hold",
            held_how=chance.choice(("in person", "in person", "in person", "video", "partly in person")),
            participation=code,
            chaired=chaired(code, chance),
            took_part=tuple(one for one in ("mother", "father", "carers") if chance.random() < 0.55),
            offered=("advocate",) if chance.random() < 0.8 else (),
            **late,
        )
        decides_at = weeks.days.at(-3, "14:10") if self.stands is Stands.DECISIONS else weeks.later(stage, 1, 3)
        weeks.diary.add(decides_at, self.decide)
        if self.stands is not Stands.TO_WRITE_UP:
            weeks.diary.add(weeks.later(stage, 7, 13), self.write_up)

    def decide(self, stage: Stage) -> None:
        """What was decided goes to the manager."""
        chance, iro = self.weeks.chance, self.iro(stage)
        form = stage.command(iro, f"/review {self.ref} decisions")
        number = 4 if self.stands is Stands.DECISIONS else chance.choice((1, 2, 2, 3))
        for what in chance.sample(DECISIONS, number):
            by = local(stage.now).date() + timedelta(days=chance.choice((28, 42, 60, 90)))
            form = stage.send(iro, form, what=what, owner_role="social_worker", due_on=by.isoformat())
        stage.press(iro, "Send to the manager", on=form)
        if self.stands is not Stands.DECISIONS:
            self.weeks.diary.add(self.weeks.later(stage, 1, 4), self.agree)

    def agree(self, stage: Stage) -> None:
        """The manager agrees."""
        stage.press(manager_of(self.weeks.rules, self.child.holder), "Agree", about=self.ref)

    def write_up(self, stage: Stage) -> None:
        """The full record is written."""
        stage.fill(self.iro(stage), f"/review {self.ref} record")
        self.weeks.diary.add(self.weeks.later(stage, 1, 4), self.send_out)

    def send_out(self, stage: Stage) -> None:
        """And sent out."""
        stage.fill(SUPPORT, f"/review {self.ref} sent")
