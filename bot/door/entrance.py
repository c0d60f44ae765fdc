"""An address at which a platform speaks: anyone who comes there has to prove who they are."""

from collections.abc import Awaitable, Callable, Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

Proof = Callable[[Request], Awaitable[Response | None]]
"""Looks at headers and raw bytes, and reads nothing into them. None: proved; else what the request is answered with."""


class Entrance(Route):
    """A route behind a proof. `largest`: bytes of a body.

    The door asks the route itself whether a request is meant for it, so that no spelling of the address which the route
    takes can pass the proof by.
    """

    def __init__(
        self,
        path: str,
        endpoint: Callable[[Request], Awaitable[Response]],
        *,
        proof: Proof,
        largest: int,
        methods: Sequence[str] = ("POST",),
    ) -> None:
        super().__init__(path, endpoint, methods=list(methods))
        self.proof = proof
        self.largest = largest
