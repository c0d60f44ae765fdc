"""The doors besides the seats: one case to watch, your rules, situations and exercises."""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute

from bot.sample.year import YEAR
from bot.workspace.case import CannotTell, Case, compared
from bot.workspace.council import Council, Making, rules_given
from bot.workspace.guard import NO_TOKEN, Guard
from bot.workspace.plays import OWN, Plays
from bot.workspace.seats import key_of
from scheduling.procedures import ProceduresInvalid

LARGEST_FILE = 200_000
THE_YEAR = Path(__file__).with_name("year.json")
"""The year of messages as `make year` lived it."""
PLAYS_SECONDS = 120
"""A case is told in about so long."""
NO_SUCH = "There is nothing of that name.\n"
UNREADABLE = "This file is no text in UTF-8, or is larger than any procedures: choose another."

Draw = Callable[..., Awaitable[Response]]


class Unreadable(Exception):
    """A file that is no procedures text at all; the message says so."""


def readable_text(content: bytes) -> str:
    """What a dropped file says. Unreadable where it is too large, or no text."""
    try:
        if len(content) <= LARGEST_FILE:
            return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    raise Unreadable(UNREADABLE)


class Doors:
    """`draw` makes a whole page from a template."""

    def __init__(self, guard: Guard, council: Council, plays: Plays, draw: Draw) -> None:
        self._guard = guard
        self._council = council
        self._plays = plays
        self._draw = draw

    @property
    def routes(self) -> Sequence[BaseRoute]:
        """For the web application."""
        at = self._guard.entrance
        return (
            at("/workspace/case", self._case),
            at("/workspace/year", self._year),
            at("/workspace/rules", self._rules),
            at("/workspace/rules/play", self._other_rules, "POST", token_in_form=True, largest=2 * LARGEST_FILE),
            at("/workspace/situations", self._situations),
            at("/workspace/situations/{key}", self._begin, "POST"),
            at("/workspace/exercises/{key}", self._practise, "POST"),
        )

    async def _case(self, request: Request) -> Response:
        name = request.query_params.get("rules", OWN)
        if name != OWN and name not in self._plays.shipped:
            return PlainTextResponse(NO_SUCH, 404)
        if not self._plays.ready(name):
            if "hx-request" in request.headers:
                return HTMLResponse("")
            return await self._draw(
                "waiting.html",
                heading="The case is being played",
                why="The bot plays it by these rules, from the first word to the close. The page opens by itself.",
                again=f"/workspace/case?rules={name}",
                making=Making(words="Playing", share=0.5),
            )
        if "hx-request" in request.headers:
            return HTMLResponse("", headers={"HX-Refresh": "true"})
        try:
            case = await self._plays.by(name)
        except CannotTell as stuck:
            return PlainTextResponse(f"{stuck}\n", 409)
        return await self._draw("case.html", case=case, seconds=round(PLAYS_SECONDS / max(1, len(case.steps)), 1))

    async def _year(self, _: Request) -> Response:
        return await self._draw("year.html", year=YEAR.validate_json(THE_YEAR.read_bytes()))

    # ---------------------------------------------------------------- your rules

    async def _rules(self, _: Request) -> Response:
        return await self._compared("", None, [])

    async def _other_rules(self, request: Request) -> Response:
        async with request.form(max_files=1, max_fields=10, max_part_size=LARGEST_FILE) as form:
            if not self._guard.knows(str(form.get("token", ""))):
                return PlainTextResponse(NO_TOKEN, 403)
            shipped, file = str(form.get("shipped", "")), form.get("file")
            dropped = file if isinstance(file, UploadFile) and file.filename else None
            content = await dropped.read(LARGEST_FILE + 1) if dropped is not None else b""
        try:
            if dropped is None:
                if not shipped:
                    raise KeyError(shipped)
                return await self._compared(shipped, await self._plays.by(shipped), [])
            rules = rules_given(str(dropped.filename), readable_text(content))
            return await self._compared("", await self._plays.by_text(rules), [])
        except ProceduresInvalid as invalid:
            return await self._compared("", None, str(invalid).splitlines())
        except (CannotTell, Unreadable) as stuck:
            return await self._compared("", None, [str(stuck)])
        except KeyError:
            return await self._compared("", None, ["Choose rules that come with the bot, or a file."])

    async def _compared(self, chosen: str, after: Case | None, faults: Sequence[str]) -> Response:
        before = await self._plays.by(OWN) if after is not None else None
        rows = compared(before, after) if before is not None and after is not None else []
        given = {"shipped": self._plays.shipped, "chosen": chosen, "faults": faults, "token": self._guard.token}
        return await self._draw("rules.html", rows=rows, before=before, after=after, **given)

    # ---------------------------------------------------------------- situations and exercises

    async def _situations(self, _: Request) -> Response:
        council, usual = self._council, self._council.usual()
        with_exercises = {one.seat for one in council.exercises}
        return await self._draw(
            "situations.html",
            situations=council.situations,
            exercises=council.exercises,
            seats_with=[seat for seat in usual if seat.key in with_exercises],
            titles={one.key: one.title for one in council.situations},
        )

    async def _begin(self, request: Request) -> Response:
        try:
            opened = await self._council.begin(request.path_params["key"])
        except KeyError:
            return PlainTextResponse(NO_SUCH, 404)
        keys = ",".join(key_of(seat.email) for seat in opened)
        return _led_to(f"/workspace/seats/{keys}" if keys else "/workspace/")

    async def _practise(self, request: Request) -> Response:
        try:
            seat = await self._council.practise(request.path_params["key"])
        except KeyError:
            return PlainTextResponse(NO_SUCH, 404)
        return _led_to(f"/workspace/seats/{key_of(seat.email)}")


def _led_to(address: str) -> Response:
    return HTMLResponse("", headers={"HX-Redirect": address})
