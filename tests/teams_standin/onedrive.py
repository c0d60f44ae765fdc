"""Files as Teams gives them to a person: asked for by a card, put into their OneDrive, shown by another card."""

from uuid import NAMESPACE_URL, uuid5

from tests.slack_standin.jsontypes import Json, Problems
from tests.teams_standin.limits import NOT_IN_NAMES, UPLOAD_BYTES, UPLOAD_SECONDS
from tests.teams_standin.records import CONSENT, FILE_INFO, Conversation, TeamsUser, Upload
from tests.teams_standin.state import Refused, TeamsState


def check_consent(one: Json) -> Problems:
    """What Teams, or a person at Teams, would have against a card that asks whether a file may be given."""
    name, content = str(one.get("name") or ""), one.get("content")
    problems = _name(name)
    if not isinstance(content, dict):
        return [*problems, "The consent card has no content."]
    if not str(content.get("description") or "").strip():
        problems.append("The consent card does not say what the file is.")
    if not isinstance(content.get("sizeInBytes"), int) or content["sizeInBytes"] <= 0:
        problems.append("The consent card does not say how large the file is.")
    for context in ("acceptContext", "declineContext"):
        if not isinstance(content.get(context), dict):
            problems.append(f"The consent card has no {context}: nobody could tell what was answered.")
    return problems


def check_info(one: Json) -> Problems:
    """The same of a card that shows a file."""
    content = one.get("content")
    named = isinstance(content, dict) and content.get("uniqueId") and content.get("fileType")
    problems = _name(str(one.get("name") or ""))
    return problems if named and one.get("contentUrl") else [*problems, "The file card does not say which file it is."]


def out_of_place(state: TeamsState, chat: Conversation, activity: Json) -> Problems:
    """What is wrong with the files of a message in this chat."""
    problems: Problems = []
    kinds = [one.get("contentType") for one in activity.get("attachments") or []]
    if {CONSENT, FILE_INFO} & set(kinds) and chat.kind != "personal":
        problems.append("Files are given in personal chats only.")
    if CONSENT in kinds and len(kinds) > 1:
        problems.append("A consent card stands alone.")
    for one in activity.get("attachments") or []:
        if one.get("contentType") == FILE_INFO and not _is_there(state, chat, one):
            problems.append("The file card shows a file that is not in this person's OneDrive.")
    return problems


def kept_for(state: TeamsState, user: TeamsUser, name: str) -> tuple[str, Upload]:
    """A place for the file, as Teams makes one when its person accepts it; with its key."""
    with state.changed:
        taken = {one.name for one in state.uploads.values() if one.user == user.aad_object_id}
        number, stem, end = 0, *name.rpartition(".")[::2]
        while name in taken:
            number += 1
            name = f"{stem} {number}.{end}"
        key = uuid5(NAMESPACE_URL, f"{user.aad_object_id}/{name}")
        folder = user.email.replace("@", "_").replace(".", "_")
        upload = Upload(
            user=user.aad_object_id,
            name=name,
            secret=f"tempauth{state.number()}",
            unique_id=str(key).upper(),
            content_url=f"https://anyshire-my.sharepoint.com/personal/{folder}/Documents/Applications/{name}",
            expires_at=state.clock() + UPLOAD_SECONDS,
        )
        state.uploads[key.hex] = upload
    return key.hex, upload


def put(state: TeamsState, key: str, secret: str, headers: dict[str, str], content: bytes) -> Json:
    """PUT of all bytes into the place kept; it works once, and no token goes with it."""
    upload = state.uploads.get(key)
    problems = _put_problems(headers, content)
    if problems:
        state.violation("an upload", problems, {"headers": headers})
        raise Refused(401 if "authorization" in headers else 400, "invalidRequest", problems)
    over = upload is None or upload.content is not None or upload.secret != secret
    if upload is None or over or state.clock() >= upload.expires_at:
        raise Refused(404, "itemNotFound")
    upload.content = content
    return {"id": upload.unique_id, "name": upload.name, "size": len(content)}


def _put_problems(headers: dict[str, str], content: bytes) -> Problems:
    problems = []
    if "authorization" in headers:
        problems.append("The bot's token was sent to where files are stored.")
    wanted = f"bytes 0-{len(content) - 1}/{len(content)}"
    if headers.get("content-range") != wanted:
        problems.append(f"Content-Range is {headers.get('content-range')!r}, not {wanted!r}.")
    if not content or len(content) >= UPLOAD_BYTES:
        problems.append(f"One request takes 1 to {UPLOAD_BYTES} bytes, not {len(content)}.")
    return problems


def _is_there(state: TeamsState, chat: Conversation, one: Json) -> bool:
    shown = (one.get("name"), one.get("contentUrl"), (one.get("content") or {}).get("uniqueId"))
    return any(
        (upload.name, upload.content_url, upload.unique_id) == shown and upload.user == chat.user
        for upload in state.uploads.values()
        if upload.content is not None
    )


def _name(name: str) -> Problems:
    good = name.strip() == name and "." in name and not NOT_IN_NAMES & set(name)
    return [] if good else [f"{name!r} is no name for a file in OneDrive."]
