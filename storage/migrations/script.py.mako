"""${message}."""

# ruff: noqa: E501, PLR0915 - written by Alembic
import sqlalchemy as sa
from alembic import op

revision: str = ${repr(up_revision)}
down_revision: str | None = ${repr(down_revision)}
branch_labels: str | None = ${repr(branch_labels)}
depends_on: str | None = ${repr(depends_on)}


def upgrade() -> None:
    """Go forward."""
    % for line in (upgrades or "pass").splitlines():
    % if "###" not in line:
${line if line.startswith("    ") else "    " + line}
    % endif
    % endfor
