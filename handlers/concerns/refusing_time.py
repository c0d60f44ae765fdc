"""More time refused: the deadline stays, and who asked is told, and reads why where a word was given."""

from handlers.cards import Answer, Choice, Notice
from handlers.concerns.by_form import OfConcern, by_form
from handlers.concerns.case import OpenCase
from handlers.concerns.extending import open_wishes, tell_refused
from handlers.forms.fields import choice, words
from handlers.lifecycle import Act
from handlers.namesakes import names_apart
from handlers.refusals import Stale
from handlers.rights import May
from handlers.wording import due_words, name_of
from scheduling.deadline_wording import say_day
from scheduling.procedures.terms import CONCERN
from storage.replies import ExtensionRequest


def _somebody_asks(case: OpenCase) -> None:
    if not open_wishes(case):
        raise Stale(f"Nobody asks for more time for {case.ref} now.", case.button("Open", "concern.open"))


def _askers(case: OpenCase) -> tuple[Choice, ...]:
    wishes = open_wishes(case)
    names = names_apart(case.desk, (one.person_id for one in wishes))
    return tuple(Choice(value=str(one.id), label=names[one.person_id]) for one in wishes)


def _last(case: OpenCase) -> str:
    return str(open_wishes(case)[-1].id)


class Refusal(OfConcern, deed="concern.refuse_time", title="Refuse more time", submit="Refuse"):
    """Whose wish is refused, and a word to them."""

    wish: int = choice("Who asked?", _askers, int, missing="Choose who asked.", first=_last)
    refusal: str = words(
        "A word to them",
        hint=f"They read it when they open the {CONCERN}. It can stay empty.",
        required=False,
        column=ExtensionRequest.refusal,
    )

    @classmethod
    def above(cls, about: OpenCase) -> tuple[str, ...]:
        """The time there is, and each wish with its reason."""
        asked = (
            f"{name_of(about.desk, one.person_id)}, until {say_day(one.until)}: {one.reason}"
            for one in open_wishes(about)
        )
        return (f"{due_words(about.desk, about.rules, about.present_run)} Refused, it stays so.", *asked)


@by_form(Refusal, May.STEER, act=Act.REFUSE_TIME, also=_somebody_asks)
def refuse(case: OpenCase, given: Refusal) -> Answer:
    """Answer one wish for more time with no: it waits for nobody any more, and nothing moves."""
    desk = case.desk
    wish = next(one for one in open_wishes(case) if one.id == given.wish)
    wish.refused_at, wish.refusal = desk.now, given.refusal or None
    desk.session.add(wish)
    desk.session.flush()
    case.record("refused more time", person=wish.person_id, until=wish.until.isoformat())
    case.tell_absent_iro("refused more time")
    tell_refused(case, wish)
    case.overtake_where_nothing_is_owed(desk.actor_id, case.who.iro_id)
    stays = due_words(desk, case.rules, case.present_run)
    return Notice(text=f"{name_of(desk, wish.person_id)} is told that the date for {case.ref} stays. {stays}")
