"""A form declared as a class: its fields are attributes, what was sent is an instance of it with the values given.

    class MoreTime(Declared[OpenCase], deed="concern.ask_time", title="Ask for more time", submit="Ask"):
        until: date = day(DayOf.MORE_TIME, "Until")
        reason: str = words("Why?")

`read` gives the values, or what is wrong beside each field, or the form once more with a question on top. The form is
drawn for a question, and else only to be filled in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Generic, Self, TypeVar

from handlers.asking import KEPT, ask_once, check_years
from handlers.cards import Errors, Field, FieldKind, Form
from handlers.day_windows import doubt
from handlers.fitting import too_long
from handlers.forms.detail import ask_to_keep, asked_detail, refused_detail
from handlers.forms.kinds import Asked, AskedDay, Words, Wrong, said
from handlers.office import Scene
from handlers.requests import Request, Value

A = TypeVar("A")


@dataclass(frozen=True, kw_only=True)
class Place:
    """What a form comes back with unchanged: what it is about, at which stage run, and how that stood."""

    subject: str = ""
    run: int | None = None
    context: Mapping[str, str] = field(default_factory=dict)


class Declared(Generic[A]):
    """Base of forms. `deed` opens it and `sends` takes it."""

    deed: ClassVar[str]
    sends: ClassVar[str]
    title: ClassVar[Words]
    submit: ClassVar[Words]
    asked: ClassVar[tuple[Asked, ...]] = ()

    def __init_subclass__(
        cls, *, deed: str = "", sends: str = "", title: Words = "", submit: Words = "", **rest: object
    ) -> None:
        """Take in the fields in the order in which they stand, after those of the forms it is a kind of.

        One that is declared again stays in its place; one that is given a plain value is not asked.
        """
        super().__init_subclass__(**rest)
        by_name: dict[str, object] = {}
        for kind in reversed(cls.__mro__):
            by_name |= vars(kind)
        every = (one for one in by_name.values() if isinstance(one, Asked))
        cls.asked = tuple(sorted(every, key=lambda one: one.at_end))
        if deed:
            cls.deed, cls.sends, cls.title, cls.submit = deed, sends or f"{deed}.send", title, submit

    @classmethod
    def place(cls, about: A) -> Place:
        """Where it belongs."""
        raise NotImplementedError

    @classmethod
    def is_final(cls, about: A) -> bool:
        """Whether what is needed has to be there by now: not in a draft."""
        return True

    @classmethod
    def stands(cls, about: A) -> Mapping[str, Value]:
        """What is kept already of what is asked, by field."""
        return {}

    @classmethod
    def above(cls, about: A) -> Sequence[str | Field]:
        """What is to be read before anything is filled in, a paragraph each."""
        return ()

    @classmethod
    def last(cls, about: A) -> tuple[Field, ...]:
        """What stands under the fields, such as what every form of its kind asks."""
        return ()

    def wrong(self, about: A) -> Mapping[str, str]:
        """What is wrong with the values beside each other or with how things stand, by field."""
        return {}

    def questions(self, about: A) -> Mapping[str, str]:
        """What is asked once, and never refuses, by its key."""
        return {}

    def taken(self, about: A) -> None:
        """What is kept of every form of its kind, once everything in it is right."""

    @classmethod
    def draw(cls, about: A, typed: Mapping[str, Value] | None = None) -> Form:
        """The form to be filled in, with what was typed."""
        place, given = cls.place(about), typed or {}
        paragraphs = (
            one if isinstance(one, Field) else Field(key=f"said{n}", kind=FieldKind.STATEMENT, text=one)
            for n, one in enumerate(cls.above(about))
        )
        fields = (one.drawn(about, given.get(one.key)) for one in cls.asked if one.is_asked(about))
        return Form(
            deed=cls.sends,
            title=said(cls.title, about),
            submit=said(cls.submit, about),
            subject=place.subject,
            run=place.run,
            context=place.context,
            fields=(*paragraphs, *fields, *cls.last(about)),
        )

    @classmethod
    def read(cls, scene: Scene, about: A, request: Request) -> Self | Errors | Form:
        """What was sent: the values, what is wrong, or a question first."""
        given = cls._values(scene, about, request)
        if isinstance(given, Errors):
            return given
        wrong = given.wrong(about) or refused_detail(scene, request, (*cls._looked_through(about), KEPT.key))
        if wrong:
            return Errors(by_field=wrong)
        question = given._question(scene, about, request)
        if question is not None:
            return question
        given.taken(about)
        return given

    @classmethod
    def _values(cls, scene: Scene, about: A, request: Request) -> Self | Errors:
        made, stood = cls.__new__(cls), cls.stands(about)
        long = too_long(request.text(KEPT.key), KEPT.max_length)
        wrong = {KEPT.key: long} if long else {}
        for one in cls.asked:
            try:
                setattr(made, one.name, cls._value(scene, about, request, one, stood.get(one.key, "")))
            except Wrong as error:
                wrong[one.key] = error.sentence
        return Errors(by_field=wrong) if wrong else made

    @classmethod
    def _value(cls, scene: Scene, about: A, request: Request, one: Asked, stood: Value) -> object:
        if not one.is_asked(about):
            return one.nothing()
        sent = request.many(one.key) if one.takes_many else request.text(one.key)
        return one.read(scene, about, sent, needed=cls.is_final(about), stood=stood)

    def _question(self, scene: Scene, about: A, request: Request) -> Form | None:
        """The form once more where something is to be made sure of: years first, then details, then what is its own."""
        if self._years_to_ask(scene):
            asked = check_years(scene, self.draw(about, request.values), request)
            if asked is not None:
                return asked
        detail = asked_detail(scene, request, self._looked_through(about))
        if detail:
            return ask_to_keep(self.draw(about, request.values), request, detail)
        questions = self.questions(about)
        return ask_once(self.draw(about, request.values), request, questions) if questions else None

    def _years_to_ask(self, scene: Scene) -> bool:
        days = ((one, getattr(self, one.name)) for one in self.asked if isinstance(one, AskedDay))
        return any(day is not None and doubt(one.means, day, scene.today) for one, day in days)

    @classmethod
    def _looked_through(cls, about: A) -> tuple[str, ...]:
        return tuple(one.key for one in cls.asked if one.is_asked(about) and one.looks_through(about))
