"""A button about a concern, at the stage run where the concern stands."""

from handlers.cards import Button
from storage.concerns import Concern


def button_about(concern: Concern, label: str, deed: str) -> Button:
    """Pressed when the concern has moved on, it says so: the run goes with it."""
    return Button(label=label, deed=deed, subject=concern.reference, run=concern.run_id)
