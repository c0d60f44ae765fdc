"""Steps that many stories take: log, reply, move, close; and looks into what is kept."""

import re
from typing import TypeVar

from sqlalchemy import inspect
from sqlmodel import Session, SQLModel, select

from handlers.cards import Answer, Button, Field, Form, Notice
from handlers.history_import import import_history
from handlers.office import Desk, Scene, rules_in_force
from handlers.requests import Value
from scheduling.procedures import parse_procedures
from storage import authorities, concerns, history, nudges, people, procedure_texts, stage_runs
from storage.concerns import Concern
from storage.database import transaction
from storage.history import History
from storage.nudges import Nudge
from storage.stage_runs import Addressee, Part, StageRun
from tests.bench import Bench
from tests.cast import AUTHORITY, CHILD, IRO

PLAN = "agreed, with a plan by date"
DONE = "agreed and done"
NOT_AGREED = "not agreed"

_Row = TypeVar("_Row", bound=SQLModel)


def act(bench: Bench, who: str, line: str, **typed: Value) -> Answer:
    """Type a command and submit the form it opens; the answer itself where it opens none that can be submitted."""
    opened = bench.command(who, line)
    return bench.submit(who, opened, typed) if isinstance(opened, Form) and opened.deed else opened


def form(answer: Answer) -> Form:
    """The answer as the form it is."""
    assert isinstance(answer, Form), answer
    return answer


def notice(answer: Answer) -> Notice:
    """The answer as the private sentence it is."""
    assert isinstance(answer, Notice), answer
    return answer


def said(answer: Answer) -> str:
    """The sentence of a private answer."""
    assert isinstance(answer, Notice), answer
    return answer.text


def field(opened: Answer, key: str) -> Field:
    """A field of a form."""
    return next(one for one in form(opened).fields if one.key == key)


def logged(bench: Bench, stage: int = 1, *, who: str = IRO, about: str = CHILD, **typed: Value) -> str:
    """Log a concern and return its reference; what is asked once before is left unanswered."""
    opened = form(bench.command(who, f"/concern {about}"))
    typed = {"worries": "Worry.", "main_reason": reason(opened), "start_at": str(stage), **typed}
    given = bench.submit(who, opened, typed)
    return reference(said(bench.submit(who, given, {}) if isinstance(given, Form) else given))


def reason(opened: Form) -> str:
    """The first reason the form offers."""
    return next(one for one in opened.fields if one.key == "main_reason").choices[0].value


def reference(text: str) -> str:
    """The concern named in a sentence."""
    found = re.search(r"C-\d+", text)
    assert found, text
    return found.group()


def reply(bench: Bench, who: str, ref: str, answer: str = DONE, **typed: Value) -> Answer:
    """Reply to a concern."""
    return act(bench, who, f"/concern {ref} reply", answer=answer, words="Words.", **typed)


def leave_to_manager(bench: Bench, who: str, ref: str, why: str = "It needs money.") -> Answer:
    """ "This needs my manager", with the reason."""
    opened = bench.press(who, Button(label="", deed="concern.needs_manager", subject=ref))
    return bench.submit(who, opened, {"why": why}) if isinstance(opened, Form) else opened


def move(bench: Bench, ref: str, stage: int, *, who: str = IRO, **typed: Value) -> Answer:
    """Move a concern to a stage."""
    return act(bench, who, f"/concern {ref} stage {stage}", **{"reason": "Because.", **typed})


CLOSED: dict[str, Value] = {"outcome": "resolved", "what_changed": "Much.", "child_told": "yes"}
"""What has to be said before a concern can be closed."""


def close(bench: Bench, ref: str, *, who: str = IRO, **typed: Value) -> Answer:
    """Close a concern."""
    return act(bench, who, f"/concern {ref} close", **{**CLOSED, **typed})


PAST = "reference,child,raised_on,raised_by,informal_on,stage_1_on,stage_2_on,replied_on,closed_on"


def brought_in(bench: Bench, *lines: str) -> None:
    """Import these past concerns, each a line of the columns above."""
    with transaction(bench.engine, AUTHORITY) as session:
        rules = rules_in_force(session, AUTHORITY)
        scene = Scene(session=session, now=bench.now, authority=AUTHORITY, rules=rules)
        import_history(scene, "\n".join([PAST, *lines]))


def concern(bench: Bench, ref: str) -> Concern:
    """The concern as it is kept."""
    with transaction(bench.engine, AUTHORITY, writes=False) as session:
        found = concerns.by_number(session, int(ref.removeprefix("C-")))
        assert found is not None
        return found


def run(bench: Bench, ref: str) -> StageRun:
    """The stage run the concern stands at."""
    with transaction(bench.engine, AUTHORITY, writes=False) as session:
        run_id = concern(bench, ref).run_id
        assert run_id is not None
        found = stage_runs.get(session, run_id)
        assert found is not None
        return found


def people_asked(bench: Bench, ref: str) -> list[Addressee]:
    """The people of the present stage run."""
    with transaction(bench.engine, AUTHORITY, writes=False) as session:
        return stage_runs.people_of(session, run(bench, ref).id or 0)


def planned(bench: Bench, ref: str) -> list[Nudge]:
    """What is planned about the concern, soonest first."""
    with transaction(bench.engine, AUTHORITY, writes=False) as session:
        return nudges.planned_about(session, f"concern:{concern(bench, ref).id}")


def happened(bench: Bench, ref: str) -> list[str]:
    """What the history says was done, oldest first."""
    return [entry.what for entry in entries(bench, ref)]


def entries(bench: Bench, ref: str) -> list[History]:
    """The history of the concern."""
    with transaction(bench.engine, AUTHORITY, writes=False) as session:
        return list(history.entries(session, f"concern:{concern(bench, ref).id}"))


def also_asked(bench: Bench, ref: str, who: str, role: str) -> None:
    """Put somebody among those asked to reply, whom no procedures would ask."""
    kept, person_id = concern(bench, ref), bench.cast.people[who]
    given = {"run_id": kept.run_id, "concern_id": kept.id, "person_id": person_id, "added_at": bench.now}
    with transaction(bench.engine, AUTHORITY) as session:
        session.add(Addressee.model_validate({**given, "part": Part.ADDRESSED, "role": role}))


def desk_of(bench: Bench, session: Session, who: str) -> Desk:
    """Somebody at their desk, now."""
    actor = people.get(session, bench.cast.people[who])
    assert actor is not None
    rules = rules_in_force(session, AUTHORITY)
    return Desk(session=session, now=bench.now, authority=AUTHORITY, rules=rules, actor=actor)


def rows(bench: Bench, table: type[_Row]) -> list[_Row]:
    """Every row of a table."""
    with transaction(bench.engine, AUTHORITY, writes=False) as session:
        return list(session.exec(select(table).order_by(*inspect(table).primary_key)))


def put_in_force(bench: Bench, text: str) -> Bench:
    """Put another procedures text in force, for what is logged from now on and for the calendar."""
    digest = parse_procedures(text, "procedures.toml").digest
    with transaction(bench.engine, AUTHORITY) as session:
        procedure_texts.keep(session, name="procedures.toml", text=text, digest=digest, at=bench.now)
        row = authorities.find(session, AUTHORITY)
        assert row is not None
        row.procedures_digest = digest
        session.add(row)
    return bench
