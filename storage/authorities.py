"""The councils (or trusts) served: each with its own procedures, its own people and its own concerns."""

from datetime import datetime

from sqlmodel import Field, Session, SQLModel, select


class Authority(SQLModel, table=True):
    """One service. `procedures_digest` names the procedures text in force for new concerns."""

    __tablename__ = "authorities"

    key: str = Field(primary_key=True, max_length=40)
    name: str
    procedures_name: str
    procedures_digest: str = Field(max_length=64)
    last_concern_number: int = 0
    created_at: datetime


def find(session: Session, key: str) -> Authority | None:
    """The authority of that key, if there is one."""
    return session.get(Authority, key)


def every_key(session: Session) -> list[str]:
    """The keys of all authorities, in order."""
    return list(session.exec(select(Authority.key).order_by(Authority.key)))


def next_concern_number(session: Session, key: str) -> int:
    """Take the authority's next concern number; the row stays locked until the transaction ends."""
    authority = session.exec(
        select(Authority).where(Authority.key == key).with_for_update().execution_options(populate_existing=True)
    ).one()
    authority.last_concern_number += 1
    session.add(authority)
    session.flush()
    return authority.last_concern_number
