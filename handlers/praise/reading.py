"""What was written in recognition, in a form, for those it is for. Reading is recorded."""

from handlers.cards import Answer, Field, FieldKind, Form
from handlers.messages.of_praise import sender
from handlers.office import Desk
from handlers.refusals import NotFound
from handlers.requests import Request
from handlers.standing import acting_as
from handlers.wording import name_of, when
from storage import history, people, praise
from storage.praise import Praise


def open_praise(desk: Desk, request: Request) -> Answer:
    """ "Open": who recognised whose work, when, and in which words."""
    made = praise.get(desk.session, request.run) if request.run is not None else None
    acting = acting_as(desk).keys()
    if made is None or not acting & readers(desk, made):
        raise NotFound("There is nothing of that kind here that you can open.")
    history.record(
        desk.session,
        chain=f"praise:{made.id}",
        at=desk.now,
        actor_id=desk.actor_id,
        what="read",
    )
    head = f"From {sender(desk, made)} at {when(made.sent_at)}, about {_about(desk, made)}."
    quoted = "May be quoted in the annual report." if made.quotable else "Not to be quoted."
    texts = (("head", head), ("words", made.words or ""), ("quoted", quoted))
    fields = tuple(Field(key=key, kind=FieldKind.STATEMENT, text=text) for key, text in texts)
    return Form(deed="", title="Good practice", cancel="Close", fields=fields)


def readers(desk: Desk, made: Praise) -> set[int]:
    """Who may read what was written: those it is for, their manager, its sender, and the IRO managers."""
    named = {made.person_id, made.manager_id, made.by_id, made.for_id} - {None}
    managers = {one.id for one in people.holders_of(desk.session, "iro_manager", desk.today)}
    return {one for one in named | managers if one is not None}


def _about(desk: Desk, made: Praise) -> str:
    return made.to_name or f"the work of {name_of(desk, made.person_id)}"
