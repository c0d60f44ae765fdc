"""How values lie in columns: names of constraints, and enum columns that store values behind a CHECK.

Moments need nothing: sqlmodel stores a plain `datetime` as UTC and refuses one without a timezone.
"""

import re
from enum import StrEnum

from sqlalchemy import Enum
from sqlmodel import SQLModel

SQLModel.metadata.naming_convention = {
    "pk": "pk_%(table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(column_0_name)s",
}


def named(values: type[StrEnum]) -> Enum:
    """Column type that stores the values of `values` as text and refuses any other by a CHECK constraint."""
    return Enum(
        values,
        native_enum=False,
        name=None,
        create_constraint=True,
        length=40,
        values_callable=lambda members: [member.value for member in members],
    )


def snake_case(name: str) -> str:
    """`LiveMessage` as `live_message`, the form of names in the database."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
