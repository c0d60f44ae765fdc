"""A child's change of track: placement order, placement for adoption, short breaks, looked after, care left."""

from handlers.asking import check_years
from handlers.cards import Answer, Choice, Errors, Field, FieldKind, Form, Notice
from handlers.day_windows import DayOf, born_after, could_be_born, is_month
from handlers.days import Edge, day_field, given_day, wrong_day
from handlers.fitting import fitted
from handlers.office import Desk, Scene
from handlers.refusals import Refused, Stale
from handlers.requests import Request
from handlers.reviews.case import ReviewCase, open_review
from handlers.reviews.earliest import LEFT, last_ended, since_last_meeting
from handlers.reviews.earliest import LOOKED_AFTER as LOOKED_AFTER_SINCE
from handlers.reviews.planning import Cause, none_to_come, plan_review
from handlers.reviews.wording import TRACKS, due_words
from handlers.rights import May
from handlers.timetable.counting import in_care_since
from scheduling.deadline_wording import say_day
from scheduling.procedures.terms import IRO
from scheduling.track_changes import LOOKED_AFTER, SHORT_BREAKS, Unheld, unheld_at_the_end
from storage import reviews
from storage.children import Child
from storage.reviews import BEGUN

LEFT_CARE = "left_care"


def track_form(desk: Desk, request: Request) -> Answer:
    """ "Change of track": the form, with the present track filled in."""
    return _form(open_review(desk, request.subject, May.TRACK))


def _form(case: ReviewCase) -> Form:
    choices = (*TRACKS.items(), (LEFT_CARE, "No longer looked after"))
    child = case.child
    return Form(
        deed="review.track.send",
        title=f"Track: {case.ref}",
        submit="Change",
        subject=case.ref,
        context={"since": _stamp(child)},
        fields=(
            Field(
                key="track",
                kind=FieldKind.CHOICE,
                label="Reviews",
                required=True,
                choices=tuple(Choice(value=value, label=label) for value, label in choices),
                initial=LEFT_CARE if child.left_care_on is not None else child.track,
            ),
            day_field(
                DayOf.TRACK_CHANGED,
                "on",
                "From",
                required=False,
                hint="The order, the placement, or the day care was left or began. Also to put that day right.",
            ),
            Field(
                key="born",
                kind=FieldKind.TEXT,
                label="Born (year and month)",
                hint="2014-05: where reviews go by age, and for the eighteenth birthday.",
                initial=child.born or "",
                max_length=7,
            ),
        ),
    )


def _stamp(child: Child) -> str:
    return f"{child.track}|{child.track_from}|{child.left_care_on}|{child.born}"


def change_track(desk: Desk, request: Request) -> Answer:
    """Keep the change, and count the next review anew by it."""
    case = open_review(desk, request.subject, May.TRACK, for_change=True)
    if request.context.get("since", "") != _stamp(case.child):
        raise Stale(
            f"The track of {case.ref} was changed while this was open. Nothing was done; look and decide again.",
            case.button("Open", "review.open"),
        )
    form = fitted(_form(case), request)
    wrong = _wrong(case, form, request)
    if wrong:
        return Errors(by_field=wrong)
    asked = check_years(desk, form, request)
    if asked is not None:
        return asked
    _require_completed(case, request)
    before = _stamp(case.child)
    _keep(case.child, request)
    if _stamp(case.child) == before:
        return Notice(text=f"Nothing was changed for {case.ref}.")
    desk.session.add(case.child)
    case.record("track changed", track=request.text("track"), on=request.text("on") or None)
    cause = Cause(why="track changed", actor_id=desk.actor_id, for_id=case.acts_for)
    judge_anew(desk, case.child)
    plan_review(desk, case.child, cause)
    return Notice(text=_said(case))


def _require_completed(case: ReviewCase, request: Request) -> None:
    """Pass unless a child comes back into care whose last review has begun and is not completed."""
    comes_back = case.child.left_care_on is not None and request.text("track") != LEFT_CARE
    if comes_back and case.review is not None and case.review.state in BEGUN:
        raise Refused(
            f"The review of {case.ref} that began before care was left is not completed: the {IRO} completes it first.",
            case.button("Complete", "review.hold"),
        )


def _wrong(case: ReviewCase, form: Form, request: Request) -> dict[str, str]:
    wrong: dict[str, str] = {}
    track = request.text("track")
    if track not in (*TRACKS, LEFT_CARE):
        wrong["track"] = "Choose one of the list."
    elif _changes(case.child, request):
        wrong |= wrong_day(case.desk, form, request, "on", since=_since(case, track))
        if not request.text("on"):
            wrong["on"] = "Give a date."
    return wrong | _wrong_born(case, request)


def _since(case: ReviewCase, track: str) -> Edge:
    """No child leaves care before a review met, comes back before care was left, or changes before care or a track."""
    child = case.child
    if track == LEFT_CARE:
        return since_last_meeting(case.desk, child)
    if child.left_care_on is not None:
        return Edge(day=child.left_care_on, why=LEFT)
    start, began = child.looked_after_from, child.track_from
    if track == child.track:
        return Edge(day=None if _is_when_care_began(child) else start, why=LOOKED_AFTER_SINCE)
    if began is not None and (start is None or began > start):
        return Edge(day=began, why="when the present track began")
    return Edge(day=start, why=LOOKED_AFTER_SINCE)


def _changes(child: Child, request: Request) -> bool:
    """Whether the form changes the track, or puts right the day on which it began or care was left."""
    track, on = request.text("track"), request.text("on")
    if track == LEFT_CARE:
        return child.left_care_on is None or (on != "" and given_day(request, "on") != child.left_care_on)
    if track != child.track or child.left_care_on is not None:
        return True
    began = child.looked_after_from if _is_when_care_began(child) else child.track_from
    return on != "" and given_day(request, "on") != began


def _is_when_care_began(child: Child) -> bool:
    """Whether the track began with being looked after, and not with coming back to it from adoption."""
    return child.track == LOOKED_AFTER and child.track_from in (None, child.looked_after_from)


def _wrong_born(case: ReviewCase, request: Request) -> dict[str, str]:
    born, began = request.text("born"), case.child.looked_after_from
    if born and not is_month(born):
        return {"born": "Year and month only: write 2014-05."}
    if born and not could_be_born(born, case.desk.today):
        return {"born": "This is not when a child of today was born."}
    if born and began is not None and born_after(born, began):
        return {"born": f"This is after {say_day(began)}, when the child became looked after."}
    return {}


def _keep(child: Child, request: Request) -> None:
    track, on = request.text("track"), given_day(request, "on")
    child.born = request.text("born") or None
    if not _changes(child, request):
        return
    if track == LEFT_CARE:
        child.left_care_on = on
        return
    begins = child.left_care_on is not None or (child.track == SHORT_BREAKS and track == LOOKED_AFTER)
    begins = begins or (track == child.track and _is_when_care_began(child))
    child.left_care_on = None
    child.track, child.track_from = track, on
    if begins or in_care_since(child) is None:
        child.looked_after_from = on


def judge_anew(scene: Scene, child: Child) -> None:
    """Say again of the review that ended with care whether it was missed, when the day of leaving was put right."""
    ended = last_ended(scene, child) if child.left_care_on is not None else None
    if ended is not None and child.left_care_on is not None:
        missed = unheld_at_the_end(ended.due_on, child.left_care_on) is Unheld.MISSED
        ended.in_time = False if missed else None
        scene.session.add(ended)


def _said(case: ReviewCase) -> str:
    child = case.child
    if child.left_care_on is not None:
        return f"{case.ref} left care on {say_day(child.left_care_on)}: no further review is due."
    following = reviews.open_of(case.desk.session, case.child_id)
    none = none_to_come(case.desk, case.child, "No further review is due before eighteen.")
    after = due_words(case.desk, following) if following is not None else none
    return f"{case.ref} is now on the track: {TRACKS.get(child.track, child.track).lower()}. {after}"
