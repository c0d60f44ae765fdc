"""Forms kept for the one person they belong to: what was ready too late to be shown, and words whose form was gone."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from threading import Lock

from bot.delivery.addresses import unreachable
from handlers import answers
from handlers.cards import Answer, Button, Card, Field, FieldKind, Form, Notice
from handlers.office import Office
from storage import inbound, people
from storage.database import transaction

KEPT = "form.kept"
"""The deed of the button that opens a form with kept words; its subject names the form."""
READY_SECONDS = 300.0
"""So long the next press of the same thing opens what was ready too late; after that it is done anew."""
WORDS_SECONDS = 86_400.0
FORMS_LAST = timedelta(seconds=WORDS_SECONDS)
"""How long an opened form can be sent or turned: then it is asked for anew, and its reader is checked anew."""
FORMS_AT_HAND = 300
OPEN_THE_FORM = "Open the form"
BACK = "Back to what you typed"
WORDS_ARE_KEPT = f"What you typed is kept for a day: “{OPEN_THE_FORM}” shows it."
NO_LONGER = Notice(text="What you typed was kept for a day, which is over. Open the form again where it began.")


class KeptForms:
    """At hand in this process, so that neither the database nor a rule is needed. Used from worker threads too."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._forms: OrderedDict[Hashable, tuple[float, Form]] = OrderedDict()
        self._lock = Lock()

    def keep(self, whose: Hashable, form: Form, seconds: float) -> None:
        """Keep it for so long, unless too many others come after it."""
        with self._lock:
            self._forms[whose] = (self._monotonic() + seconds, form)
            self._forms.move_to_end(whose)
            while len(self._forms) > FORMS_AT_HAND:
                self._forms.popitem(last=False)

    def at_hand(self, whose: Hashable) -> Form | None:
        """The form, as long as it is kept."""
        with self._lock:
            until, form = self._forms.get(whose, (0.0, None))
            return form if form is not None and self._monotonic() < until else None

    def taken(self, whose: Hashable) -> Form | None:
        """The form, which is then no longer kept."""
        form = self.at_hand(whose)
        with self._lock:
            self._forms.pop(whose, None)
        return form


@dataclass(frozen=True, kw_only=True)
class Stored:
    """What the database knows of a form: nothing, or the form and whether it is too old to be sent as it is."""

    form: Form | None = None
    old: bool = False
    left: bool = False


def store_form(office: Office, authority: str, key: str, form: Form) -> None:
    """Keep a form with what was typed into it, encrypted, as if it had been the answer to that key."""
    with suppress(inbound.AlreadyHandled), transaction(office.engine, authority) as session:
        if not inbound.handled(session, key):
            inbound.remember(session, key, answers.to_text(form), office.clock())


def in_service(office: Office, authority: str, person: int) -> bool:
    """Whether they are in service, so that anything may be given to them."""
    with transaction(office.engine, authority, writes=False) as session:
        return unreachable(people.get(session, person), office.clock()) is None


def stored_form(office: Office, authority: str, person: int, key: str) -> Stored:
    """The form that was the answer to that key. Nothing is given to somebody who is no longer in service."""
    now = office.clock()
    with transaction(office.engine, authority, writes=False) as session:
        if unreachable(people.get(session, person), now) is not None:
            return Stored(left=True)
        fresh = inbound.stored_answer(session, key, now - FORMS_LAST)
        kept = fresh or inbound.stored_answer(session, key)
    found = answers.from_text(kept) if kept is not None else None
    return Stored(form=found, old=fresh is None) if isinstance(found, Form) else Stored()


def opening(token: str, label: str = "Open") -> Button:
    """The button that opens the form kept under that name."""
    return Button(label=label, deed=KEPT, subject=token, weight="primary")


def leads_away(answer: Answer, deed: str) -> bool:
    """Whether what a press inside a form was answered with takes the form's place, and has not its words."""
    return isinstance(answer, Card) or (isinstance(answer, Form) and answer.deed != deed)


def with_way_back(answer: Answer, token: str) -> Answer:
    """The answer with the button that leads back to what was typed before it."""
    back = opening(token, BACK)
    if isinstance(answer, Card):
        return replace(answer, buttons=(*answer.buttons, back))
    if isinstance(answer, Form):
        return replace(answer, fields=(*answer.fields, Field(key="way_back", kind=FieldKind.BUTTONS, buttons=(back,))))
    return answer


def with_words_kept(answer: Notice, token: str) -> Notice:
    """Why nothing was done, where the form is gone: a press opens it with the words, which no message carries."""
    opens = opening(token, OPEN_THE_FORM)
    return Notice(text=f"{answer.text}\n{WORDS_ARE_KEPT}", buttons=(opens, *answer.buttons), refused=True)
