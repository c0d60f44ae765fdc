"""The procedures files that come with the software."""

from importlib.resources import files

HANDBOOK = "handbook"


def shipped_names() -> tuple[str, ...]:
    """The names of the shipped files, handbook first."""
    found = (entry.name for entry in files(__package__).iterdir())
    names = (name.removesuffix(".toml") for name in found if name.endswith(".toml"))
    return tuple(sorted(names, key=lambda name: (name != HANDBOOK, name)))


def shipped_text(name: str) -> str:
    """The text of a shipped file; KeyError for a name that is not shipped."""
    if name not in shipped_names():
        raise KeyError(name)
    return files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8")
