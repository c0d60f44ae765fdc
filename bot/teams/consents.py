"""Reads what a person answered to an offered file: taken, with the place in their OneDrive where it goes, or not."""

from dataclasses import dataclass

from bot.teams.parsing import OURS, Body, Whereabouts, key_of, nonce_of, part, whereabouts, words_of

OFFER_LENGTH = 160
"""As long as the key of a message may be."""
NAME_LENGTH = 255
"""Letters of a file's name in OneDrive."""


@dataclass(frozen=True, kw_only=True)
class FilePlace:
    """Where Teams keeps a place for the file. The address lets anybody fill it: it is neither kept nor logged."""

    address: str
    name: str
    content_url: str
    unique_id: str
    file_type: str


@dataclass(frozen=True, kw_only=True)
class Consent:
    """One answer to one offer, told by its message's key; `card` is that message at Teams, `key` that of this act.

    `place` is there where the file is wanted.
    """

    where: Whereabouts
    key: str
    offer: str
    card: str
    place: FilePlace | None


def context_of(offer: str) -> dict[str, object]:
    """What the offer's card carries, and what comes back with the answer: which message it was, and no words."""
    return {OURS: {"offer": offer}}


def consent(activity: Body) -> Consent | None:
    """The person's answer; None where it is no answer to anything we could have asked."""
    where, value = whereabouts(activity), part(activity, "value")
    offer = words_of(part(part(value, "context"), OURS).get("offer"))
    accepted = value.get("action") == "accept"
    place = _place(part(value, "uploadInfo")) if accepted else None
    named = bool(where.account and where.conversation and where.personal)
    told = value.get("type") == "fileUpload" and (place is not None or value.get("action") == "decline")
    if not (named and told and 0 < len(offer) <= OFFER_LENGTH):
        return None
    return Consent(
        where=where,
        key=key_of(where, nonce_of(activity)),
        offer=offer,
        card=words_of(activity.get("replyToId")),
        place=place,
    )


def _place(info: Body) -> FilePlace | None:
    parts = {name: words_of(info.get(name)) for name in ("uploadUrl", "name", "contentUrl", "uniqueId", "fileType")}
    if not all(parts.values()) or len(parts["name"]) > NAME_LENGTH:
        return None
    return FilePlace(
        address=parts["uploadUrl"],
        name=parts["name"],
        content_url=parts["contentUrl"],
        unique_id=parts["uniqueId"],
        file_type=parts["fileType"],
    )
