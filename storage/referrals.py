"""What stands beside a concern and never ends it: referrals to and contact with Cafcass, legal advice."""

from datetime import date, datetime
from enum import StrEnum

from sqlmodel import Field, Session, col, select

from storage.columns import named
from storage.encrypted import EncryptedText
from storage.scope import Scoped


class ReferralKind(StrEnum):
    """What was done beside the stages."""

    CAFCASS_REFERRAL = "referred to Cafcass"
    CAFCASS_CONTACT = "contact with Cafcass"
    LEGAL_ADVICE = "legal advice"


class Referral(Scoped, table=True):
    """One referral, contact or note of advice; its words are the IRO's alone unless shared with the IRO manager."""

    __tablename__ = "referrals"

    id: int | None = Field(default=None, primary_key=True)
    concern_id: int = Field(foreign_key="concerns.id", index=True)
    kind: ReferralKind = Field(sa_type=named(ReferralKind))
    happened_on: date = Field(index=True)
    words: str | None = Field(default=None, sa_type=EncryptedText)
    shared: bool = False
    by_id: int | None = Field(default=None, foreign_key="people.id")
    recorded_at: datetime


def of_concern(session: Session, concern_id: int) -> list[Referral]:
    """All that stands beside a concern, oldest first."""
    return list(
        session.exec(
            select(Referral)
            .where(Referral.concern_id == concern_id)
            .order_by(col(Referral.happened_on), col(Referral.id))
        )
    )
