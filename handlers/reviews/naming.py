"""What the lines about reviews have in common: on which days, for whom, and a sentence in the place of an odd one."""

from collections.abc import Callable
from datetime import date

from handlers.office import Scene
from handlers.reviews.day_line import Named, open_review_button, whose
from handlers.reviews.near import Near
from handlers.undrawn import CANNOT_BE_SHOWN, drawn
from scheduling import ladder
from storage.children import Child


def or_said(near: Near, child: Child, name: str, draw: Callable[[], Named | None]) -> tuple[Named, ...]:
    """The line, if there is one today; in the place of one that cannot be drawn the child's IRO reads a sentence."""

    def instead() -> Named:
        text = f"{whose(near.scene, child)}: something about the reviews {CANNOT_BE_SHOWN.rstrip('.')}"
        owners = near.of_role("iro", child)
        return Named(
            child=child,
            text=text,
            owners=owners,
            buttons=(open_review_button(child, None),),
            meant=child.iro_id,
            on=near.scene.today,
        )

    found = drawn(near.scene, name, draw, instead)
    return () if found is None else (found,)


def meant_for(role: str, child: Child) -> int | None:
    return {"iro": child.iro_id, "social_worker": child.holder_id}.get(role)


def named_on(scene: Scene, due_on: date, day: date) -> bool:
    return ladder.named_today(due_on, day, scene.rules.ladder.before, scene.calendar)


def horizon(near: Near, working_days: int) -> date:
    """The last day that can be named today: nothing due later is so few working days away."""
    return near.scene.calendar.add(near.days[-1], working_days + 1)
