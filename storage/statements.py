"""How many statements a database was given since the program began."""

from itertools import count

from sqlalchemy import Engine, event


class Statements:
    """Counts those of one engine, from any thread."""

    def __init__(self, engine: Engine) -> None:
        self._numbers = count(1)
        self.executed = 0
        event.listen(engine, "after_cursor_execute", self._executed)

    def _executed(self, *_: object) -> None:
        self.executed = next(self._numbers)
