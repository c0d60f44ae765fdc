"""No folder of the handlers imports one that imports it: what two of them need belongs to one, or beside both."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

HANDLERS = Path(__file__).parents[2] / "handlers"


def imported(source: str) -> Iterator[str]:
    """Every module, and every thing of a module, that a source imports anywhere, also inside a function."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def folder_of(name: str) -> str:
    """The folder of the handlers that a dotted name lies in; nothing for what lies beside the folders or elsewhere."""
    parts = name.split(".")
    named = parts[1] if len(parts) > 1 and parts[0] == "handlers" else ""
    return named if named and (HANDLERS / named).is_dir() else ""


def folders_imported() -> dict[str, set[str]]:
    """Each folder of the handlers with those it imports."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for path in HANDLERS.glob("*/**/*.py"):
        own = path.relative_to(HANDLERS).parts[0]
        found[own] |= {folder_of(name) for name in imported(path.read_text("utf-8"))} - {"", own}
    return found


def test_no_two_folders_import_each_other() -> None:
    found = folders_imported()
    pairs = {(one, other) for one in found for other in found[one] if one < other and one in found.get(other, set())}
    assert pairs == set()


def test_an_import_inside_a_function_is_seen() -> None:
    source = "def late():\n    from handlers.reviews import planning\n    import handlers.people.line\n"
    assert [folder_of(name) for name in imported(source)] == ["reviews", "people"]
    assert folder_of("handlers.office.Desk") == ""
