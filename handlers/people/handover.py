"""What is open when a child changes hands: nobody is asked anew in silence, and the IRO's work follows the IRO."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from storage import concerns, history
from storage.children import Child
from storage.concerns import OPEN_STATES, Concern, ConcernState


@dataclass(frozen=True, kw_only=True)
class Handover:
    """The open concerns and drafts about a child, oldest first."""

    open: tuple[Concern, ...]
    drafts: tuple[Concern, ...]

    def in_words(self, *, with_drafts: bool) -> str:
        """ "Open: C-3, C-7. Drafts: 1." or that nothing is."""
        references = ", ".join(concern.reference for concern in self.open)
        counted = f"Open concerns: {len(self.open)} ({references})." if references else "No concern is open."
        return f"{counted} Drafts: {len(self.drafts)}." if with_drafts and self.drafts else counted


def handover_of(session: Session, child: Child) -> Handover:
    """What is open about a child now."""
    about = concerns.about(session, child.id) if child.id is not None else []
    return Handover(
        open=tuple(one for one in about if one.state in OPEN_STATES),
        drafts=tuple(one for one in about if one.state is ConcernState.DRAFT),
    )


def follow_the_iro(session: Session, child: Child, now: datetime, actor_id: int | None) -> None:
    """Make what is open the work of the child's present IRO; closed concerns stay with whoever closed them."""
    if child.iro_id is None:
        return
    moving = session.exec(
        select(Concern).where(
            Concern.child_id == child.id,
            Concern.iro_id != child.iro_id,
            col(Concern.state).in_((*OPEN_STATES, ConcernState.DRAFT)),
        )
    )
    for concern in moving:
        details = {"from": concern.iro_id, "to": child.iro_id}
        concern.iro_id = child.iro_id
        session.add(concern)
        chain = f"concern:{concern.id}"
        history.record(session, chain=chain, at=now, actor_id=actor_id, what="handed over", details=details)
