"""The message that good practice was recognised: who by and whose work, and a button to what was written."""

import json

from handlers.cards import Button, Card, Line
from handlers.messages.kinds import Kind
from handlers.messages.owing import details_of
from handlers.office import Scene
from handlers.wording import name_of
from scheduling.working_days import local
from storage import outbox, people, praise
from storage.outbox import Outbox
from storage.praise import Praise, PraiseTo

_WHOSE = {PraiseTo.CARERS_SERVICE: "a carer's service", PraiseTo.PARTNER: "a partner"}


def owe_praise(scene: Scene, made: Praise, person_id: int) -> None:
    """Owe a member of staff the message, once."""
    outbox.owe(
        scene.session,
        Outbox(
            authority=scene.authority,
            key=f"{Kind.PRAISE.value}:{made.id}:{person_id}",
            kind=Kind.PRAISE.value,
            person_id=person_id,
            details=json.dumps({"praise": made.id}),
            owed_at=scene.now,
        ),
    )


def praise_card(scene: Scene, row: Outbox) -> Card | None:
    """The message as it reads now; None when it is no longer this person's to have."""
    number = details_of(row).get("praise")
    made = praise.get(scene.session, number) if isinstance(number, int) else None
    if made is None or row.person_id not in (made.person_id, made.manager_id):
        return None
    by = f"From {sender(scene, made)}: {_whose(scene, made, row.person_id)}."
    opened = Button(label="Open", deed="praise.open", run=made.id, weight="primary")
    return Card(
        title="Good practice recognised",
        lines=(Line(text=by), Line(text="Open it to read what was written. No answer is needed.")),
        buttons=(opened,),
    )


def sender(scene: Scene, made: Praise) -> str:
    """ "Ann Lee (IRO)", or "Sam Okoro, for Ann Lee (IRO)": who sent it, by the role in which they might."""
    by = name_of(scene, made.by_id)
    entitled = made.for_id if made.for_id is not None else made.by_id
    roles = people.roles_on(scene.session, entitled, local(made.sent_at).date())
    role = scene.rules.role_label("iro_manager" if "iro" not in roles and "iro_manager" in roles else "iro")
    return f"{by} ({role})" if entitled == made.by_id else f"{by}, for {name_of(scene, entitled)} ({role})"


def _whose(scene: Scene, made: Praise, reader_id: int) -> str:
    if made.recipient in _WHOSE:
        return f"the work of {_WHOSE[made.recipient]}, for you to pass on"
    return "your work" if made.person_id == reader_id else f"the work of {name_of(scene, made.person_id)}"


def readers(scene: Scene, made: Praise) -> set[int]:
    """Who may read what was written: whom it is for, their manager, whoever sent it, and the IRO managers."""
    named = {made.person_id, made.manager_id, made.by_id, made.for_id} - {None}
    managers = {one.id for one in people.holders_of(scene.session, "iro_manager", scene.today)}
    return {one for one in named | managers if one is not None}
