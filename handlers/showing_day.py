"""`/iro day` and the button "Your day": the person's day as it is now."""

from handlers.cards import Answer, Card, Line
from handlers.day import day_now
from handlers.office import Desk
from handlers.requests import Request
from scheduling.deadline_wording import say_day


def show_day(desk: Desk, _request: Request) -> Answer:
    """What stands in this person's day, or that nothing waits."""
    card = day_now(desk, desk.actor_id)
    if card is not None:
        return card
    return Card(title=f"Your day, {say_day(desk.today, desk.today)}", lines=(Line(text="Nothing waits for you."),))
