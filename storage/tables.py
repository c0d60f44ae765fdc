"""Every table there is: importing this module declares them all, for migrations and for scratch databases."""

from importlib import import_module
from pkgutil import iter_modules

from sqlalchemy import MetaData
from sqlmodel import SQLModel

import storage

NOT_ROOMS = ("backup", "migrating", "migrations", "tables")


def all_tables() -> MetaData:
    """The schema the code expects, each room of storage having been imported."""
    for module in iter_modules(storage.__path__):
        if module.name not in NOT_ROOMS:
            import_module(f"storage.{module.name}")
    return SQLModel.metadata
