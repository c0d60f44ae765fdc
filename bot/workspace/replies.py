"""Where an answer goes in the page: into the dialog, beside its field, or into the chat for this person alone."""

from markupsafe import Markup

from bot.workspace.acts import DATE, MANY, ONE, QUERY, Act, Place, Sent
from bot.workspace.drawing import Drawing, Shown, shown_card, shown_notice
from bot.workspace.seats import Seat
from handlers.cards import Answer, Button, Card, Errors, Form, Notice, Suggestions


class Replies:
    """Draws answers as parts that take their places in the page."""

    def __init__(self, drawing: Drawing) -> None:
        self._drawing = drawing

    def reply(self, seat: Seat, act: Act, given: Sent, answer: Answer) -> Markup:
        """The parts that change. What is typed in a form is never redrawn by a refusal."""
        if isinstance(answer, Form):
            return self._drawing.part("dialog", self._drawing.form(seat.key, answer), oob=True)
        if isinstance(answer, Errors):
            return self.wrong(seat, given, dict(answer.by_field))
        if isinstance(answer, Suggestions):
            return self._drawing.part("found", given.text("field"), answer.choices, oob=True)
        if isinstance(answer, Notice) and answer.refused and act.place in (Place.FORM, Place.SUBMISSION):
            return self._with_errors(seat, given, [answer.text], {}, answer.buttons)
        if isinstance(answer, Card) and act.place is Place.FORM:
            read = self._drawing.part("read_card", seat.key, shown_card(answer, "read"))
            return self._drawing.part("dialog", read, oob=True)
        shown = shown_notice(answer) if isinstance(answer, Notice) else shown_card(answer, act.key[-8:], private=True)
        return self._in_chat(seat, act, shown)

    def wrong(self, seat: Seat, given: Sent, by_field: dict[str, str]) -> Markup:
        """What is wrong, at the top and beside each field; what was wrong before and is not now goes."""
        general = [text for key, text in by_field.items() if key not in _fields(given)]
        beside = {key: text for key, text in by_field.items() if key in _fields(given)}
        return self._with_errors(seat, given, general, beside)

    def _with_errors(
        self, seat: Seat, given: Sent, general: list[str], beside: dict[str, str], buttons: tuple[Button, ...] = ()
    ) -> Markup:
        parts = [self._drawing.part("problems", seat.key, general, beside, {}, buttons, oob=True)]
        parts += [self._drawing.part("error", key, beside.get(key, ""), oob=True) for key in _fields(given)]
        return Markup().join(parts)

    def _in_chat(self, seat: Seat, act: Act, shown: Shown) -> Markup:
        """A private answer, after what was typed; a dialog it answers is closed."""
        parts = [self._drawing.part("into_chat", seat.key, shown)]
        if act.place in (Place.FORM, Place.SUBMISSION):
            parts.append(self._drawing.part("dialog", oob=True))
        return Markup().join(parts)


def _fields(given: Sent) -> list[str]:
    """The keys of the fields that were sent."""
    dates = [name.rpartition(".")[0] for name in given.names(DATE)]
    return list(dict.fromkeys([*given.names(ONE), *given.names(MANY), *given.names(QUERY), *dates]))
