"""The same cast as for people."""

from tests.handlers.people.conftest import cast, engine, session

__all__ = ["cast", "engine", "session"]
