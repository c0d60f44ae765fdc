"""`demo`: one concern of a made-up service told in the terminal, through the same handlers, engine and delivery."""

from bot.demo.telling import main

__all__ = ["main"]
