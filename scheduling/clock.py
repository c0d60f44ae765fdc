"""The clock as everyone is handed it; the real one is made in `bot.compose`."""

from collections.abc import Callable
from datetime import datetime

Clock = Callable[[], datetime]
"""Gives the present moment, aware and in UTC."""
