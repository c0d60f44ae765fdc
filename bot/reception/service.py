"""What the reception asks of storage and handlers, as plain functions that run in worker threads."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from bot.called import Called
from bot.connecting import Connected, connection_of, forget
from bot.kept_forms import Stored, in_service, store_form, stored_form
from bot.reception.recognising import Linking, link_by_email, person_of
from handlers.cards import Answer, Form
from handlers.dispatch import answer
from handlers.office import Office
from handlers.requests import Request


@dataclass(frozen=True, kw_only=True)
class Service:
    """The rest of the house, as the reception sees it."""

    # a request, and whether a form that it leads to is opened by it
    answer: Callable[[Request, bool], Answer]
    # workspace -> its connection, as long as that stands
    connected: Callable[[Called, str], Connected | None]
    # authority, workspace, account -> person
    person_of: Callable[[Called, str, str, str], int | None]
    # authority, workspace, account, confirmed e-mail address -> whether its person has that account now
    link: Callable[[Called, str, str, str, str], Linking]
    # the same, where the account they had there before has that address no more
    link_anew: Callable[[Called, str, str, str, str], Linking]
    # the workspace took the bot out
    forget: Callable[[Called, str], None]
    # authority, key, a form with what was typed into it
    keep_form: Callable[[str, str, Form], None]
    # authority, person -> whether they have not left
    in_service: Callable[[str, int], bool]
    # authority, person, that key -> the form, and whether it is too old
    kept_form: Callable[[str, int, str], Stored]


def service_over(office: Office) -> Service:
    """The service over this office."""
    return Service(
        answer=lambda request, opens_forms: answer(office, request, opens_forms=opens_forms),
        connected=partial(connection_of, office.engine),
        person_of=partial(person_of, office.engine),
        link=partial(link_by_email, office),
        link_anew=partial(link_by_email, office, anew=True),
        forget=lambda called, workspace: forget(office.engine, called, workspace, office.clock()),
        keep_form=partial(store_form, office),
        in_service=partial(in_service, office),
        kept_form=partial(stored_form, office),
    )
