"""The message that good practice was recognised: who by and whose work, and a button to what was written."""

from dataclasses import dataclass

from handlers.cards import Button, Card, Line
from handlers.messages.message import Topic, message
from handlers.messages.owing import Cause, number_of
from handlers.messages.undelivered import to_iro_managers
from handlers.office import Scene
from handlers.wording import name_of
from scheduling.working_days import local
from storage import people, praise
from storage.outbox import Outbox
from storage.praise import Praise, PraiseTo

_WHOSE = {PraiseTo.CARERS_SERVICE: "a carer's service", PraiseTo.PARTNER: "a partner"}


@dataclass(frozen=True, kw_only=True)
class Matter:
    """What was recognised, and who reads of it."""

    scene: Scene
    made: Praise
    reader_id: int


def about_praise(made: Praise) -> Cause:
    """For owing it, once to each reader."""
    return Cause(key=f"{made.id}:{{person}}", details={"praise": made.id})


def _matter_of(scene: Scene, row: Outbox) -> Matter | None:
    made = praise.get(scene.session, number_of(row, "praise") or 0)
    return Matter(scene=scene, made=made, reader_id=row.person_id) if made is not None else None


def _is_named(matter: Matter) -> bool:
    return matter.reader_id in (matter.made.person_id, matter.made.manager_id)


PRAISE = Topic(name="good practice", read=_matter_of, reach=_is_named, lost=to_iro_managers)


@message(
    "good practice",
    PRAISE,
    title="Good practice recognised",
    to="the member of staff it is about, and their manager",
    buttons=("Open",),
)
def recognised(matter: Matter) -> Card | None:
    scene, made = matter.scene, matter.made
    by = f"From {sender(scene, made)}: {_whose(matter)}."
    return Card(
        title="Good practice recognised",
        lines=(Line(text=by), Line(text="Open it to read what was written. No answer is needed.")),
        buttons=(Button(label="Open", deed="praise.open", run=made.id, weight="primary"),),
    )


def sender(scene: Scene, made: Praise) -> str:
    """ "Ann Lee (IRO)", or "Sam Okoro, for Ann Lee (IRO)": who sent it, by the role in which they might."""
    by = name_of(scene, made.by_id)
    entitled = made.for_id if made.for_id is not None else made.by_id
    roles = people.roles_on(scene.session, entitled, local(made.sent_at).date())
    role = scene.rules.role_label("iro_manager" if "iro" not in roles and "iro_manager" in roles else "iro")
    return f"{by} ({role})" if entitled == made.by_id else f"{by}, for {name_of(scene, entitled)} ({role})"


def _whose(matter: Matter) -> str:
    made = matter.made
    if made.recipient in _WHOSE:
        return f"the work of {_WHOSE[made.recipient]}, for you to pass on"
    return "your work" if made.person_id == matter.reader_id else f"the work of {name_of(matter.scene, made.person_id)}"
