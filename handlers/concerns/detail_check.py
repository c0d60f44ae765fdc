"""The check for personal detail in what was typed: some is refused, some has to be removed or kept with a reason."""

from collections.abc import Iterable

from handlers.office import Scene
from handlers.privacy import identifying
from handlers.requests import Request


def refused_detail(scene: Scene, request: Request, fields: Iterable[str]) -> dict[str, str]:
    """The sentence beside each field that holds what is never taken: NHS numbers, UPNs, dates of birth."""
    found: dict[str, str] = {}
    for key in fields:
        sentence = identifying(request.text(key), scene.rules).refused
        if sentence:
            found[key] = sentence
    return found


def asked_detail(scene: Scene, request: Request, fields: Iterable[str]) -> dict[str, str]:
    """The sentence beside each field that looks like personal detail, unless a reason to keep it was given."""
    if request.text("kept_because"):
        return {}
    found: dict[str, str] = {}
    for key in fields:
        sentence = identifying(request.text(key), scene.rules).asks
        if sentence:
            found[key] = sentence
    return found
