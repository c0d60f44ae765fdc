"""A file for one person in Slack, in three steps: a place for it, its bytes, and the message that shows it.

docs.slack.dev: files.getUploadURLExternal, files.completeUploadExternal. Until the third step nobody sees the file.
"""

import io
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.delivery.port import FileRefused, Undeliverable
from bot.documents.made import File
from bot.slack import faults
from bot.slack.clients import CONNECT_SECONDS, SlackClients
from bot.slack.faults import before_sending
from bot.slack.text import cut_escaped, escaped
from handlers.cards import Card

LARGEST_FILE = 50 * 1024 * 1024
"""Bytes. Slack itself takes a gigabyte; the largest report is some hundred kilobytes."""
UPLOAD_SECONDS = 15
"""No longer than a post: urgent messages wait behind it."""
COMMENT_LENGTH = 3000
PATIENCE = aiohttp.ClientTimeout(total=UPLOAD_SECONDS, sock_connect=CONNECT_SECONDS)
TOO_LARGE = "The file is larger than can be sent."
NO_PLACE = "Slack named no safe address for the file."
NOT_TAKEN = "Slack did not take the file"
NOT_REACHED = "The address that Slack names for files cannot be reached from here."


async def hand_over(clients: SlackClients, client: AsyncWebClient, file: File) -> str:
    """The first two steps; gives the id of the file. Raises FileRefused, or Undeliverable: nothing is posted."""
    if len(file.content) > LARGEST_FILE:
        raise FileRefused(TOO_LARGE)
    place, file_id = await _place(client, file)
    if not is_safe(place, clients.base_url) or not file_id:
        raise Undeliverable(NO_PLACE)
    await _send_bytes(clients.session, place, file)
    return file_id


async def show(client: AsyncWebClient, channel: str, card: Card, file: File, file_id: str) -> None:
    """The third step: the message with the file. Raises FileRefused, Undeliverable or Unanswered."""
    try:
        await client.files_completeUploadExternal(
            files=[{"id": file_id, "title": file.name}], channel_id=channel, initial_comment=comment(card, file.name)
        )
    except SlackApiError as error:
        raise faults.refusal_of_file(error) from error
    except (aiohttp.ClientError, TimeoutError) as error:
        raise faults.lost(error) from error


def comment(card: Card, name: str) -> str:
    """The card's words, and the name of the file last: by it the message can be found again, for it carries no key."""
    words = "\n".join([card.title, *(line.text for line in card.lines)])
    return f"{cut_escaped(words, COMMENT_LENGTH - len(name) - 1)}\n{escaped(name)}"


def brings(message: Mapping[str, Any], name: str) -> bool:
    """Whether the message brings the file of that name: by its files, or, where Slack shows none, by its words."""
    named = {str(one.get("name") or one.get("title")) for one in message.get("files") or ()}
    return name in named or escaped(name) in str(message.get("text") or "")


def is_safe(place: str, api: str) -> bool:
    """Whether bytes may go there: over https, or over http where the API itself is spoken to so (a stand-in)."""
    named = urlsplit(place)
    return bool(named.hostname) and named.scheme in {"https", urlsplit(api).scheme}


async def _place(client: AsyncWebClient, file: File) -> tuple[str, str]:
    """Where the bytes go, and the id the file has from then on."""
    try:
        told = await client.files_getUploadURLExternal(filename=file.name, length=len(file.content))
    except SlackApiError as error:
        fault = faults.refusal_of_file(error)
        raise fault if isinstance(fault, FileRefused) else before_sending(fault) from error
    except (aiohttp.ClientError, TimeoutError) as error:
        raise before_sending(faults.lost(error)) from error
    return str(told.get("upload_url") or ""), str(told.get("file_id") or "")


async def _send_bytes(session: aiohttp.ClientSession, place: str, file: File) -> None:
    """The bytes alone go there: no token, and no further address is followed."""
    try:
        async with session.post(
            place,
            data=io.BytesIO(file.content),
            headers={"Content-Type": "application/octet-stream"},
            timeout=PATIENCE,
            allow_redirects=False,
        ) as answer:
            status = answer.status
    except (aiohttp.ClientError, TimeoutError) as error:
        raise Undeliverable(NOT_REACHED) from error
    if status == 413:
        raise FileRefused(TOO_LARGE)
    if status != 200:
        raise Undeliverable(f"{NOT_TAKEN} ({status}).")
