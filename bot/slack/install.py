"""The install page: a workspace is added through Slack's OAuth, and its token is kept for the authority served here."""

import asyncio
import json
import logging
import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth import AuthorizeUrlGenerator
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.connecting import ConnectedElsewhere, NotInvited
from bot.incidents import report
from bot.slack import install_pages as pages
from bot.slack.clients import SLACK_API, SlackClients
from bot.slack.install_pages import Page
from bot.slack.install_state import VALID_FOR, InstallStates
from scheduling.clock import Clock
from storage.encrypted import KeysMissing, KeysWrong

log = logging.getLogger("bot")

COOKIE = "slack_install"
LINK = re.compile(r"[A-Za-z0-9_-]{43}")
REDIRECT = "/slack/oauth_redirect"
MANIFEST = Path(__file__).with_name("manifest.json")
SLACKS = ("slack.com", "slack-gov.com")  # any other address is a stand-in or a way out, where nobody can log in
LOST = (aiohttp.ClientError, TimeoutError, OSError)

# Codes from docs.slack.dev/reference/methods/oauth.v2.access.
CODE_FAULTS = {"invalid_code", "code_already_used", "code_expired"}
SET_UP_FAULTS = {
    "bad_client_secret",
    "bad_redirect_uri",
    "invalid_client_id",
    "invalid_grant_type",
    "oauth_authorization_url_mismatch",
}


@dataclass(frozen=True, kw_only=True)
class Installing:
    """What the page needs; the functions run in worker threads."""

    client_id: str
    client_secret: str = field(repr=False)
    # where the world reaches this bot; empty: Slack takes the first redirect address of the app
    public_url: str
    # whether the settings allow some workspaces to come without a link
    without_link: bool
    # whether a link still works
    link_waits: Callable[[str], bool]
    # a number is taken for the first time, by any process
    spend: Callable[[str], bool]
    # what came, and the link it came by; raises NotInvited, ConnectedElsewhere
    connect: Callable[["Installation", str], None]
    # whether an installed workspace is connected, to whichever authority
    is_connected: Callable[[str], bool]


@dataclass(frozen=True, kw_only=True)
class Installation:
    """What Slack gave: `workspace` is the team, or the organisation where the app was installed as a whole."""

    workspace: str
    name: str
    token: str = field(repr=False)

    @property
    def organisation(self) -> bool:
        """Whether it was installed for a whole organisation."""
        return self.workspace.startswith("E")


class InstallPage:
    """The two addresses: where an installation begins, and where Slack sends the browser back."""

    def __init__(self, installing: Installing, clients: SlackClients, clock: Clock) -> None:
        self._installing = installing
        self._clients = clients
        self._clock = clock
        known = b64encode(f"{installing.client_id}:{installing.client_secret}".encode()).decode()
        self._proof = {"Authorization": f"Basic {known}"}
        self._states = InstallStates(installing.client_secret)
        self._redirect_uri = f"{installing.public_url.rstrip('/')}{REDIRECT}" if installing.public_url else None
        self._slack = AuthorizeUrlGenerator(
            client_id=quote(installing.client_id, safe=""),
            redirect_uri=quote(self._redirect_uri, safe="") if self._redirect_uri else None,
            scopes=bot_scopes(),
            authorization_url=authorize_address(clients.base_url),
        )

    @property
    def routes(self) -> tuple[Route, ...]:
        """For the web application."""
        return (
            Route("/slack/install", self._begin, methods=["GET"]),
            Route(REDIRECT, self._finish, methods=["GET"]),
        )

    async def _begin(self, request: Request) -> Response:
        link = request.query_params.get(pages.INVITATION, "")
        if link:
            if not LINK.fullmatch(link) or not await asyncio.to_thread(self._installing.link_waits, link):
                return pages.LINK_OVER.response()
        elif not self._installing.without_link:
            return pages.BY_LINK_ONLY.response()
        state = self._states.new(self._clock(), link)
        response = pages.beginning(self._slack.generate(state)).response()
        response.set_cookie(
            COOKIE,
            state,
            max_age=int(VALID_FOR.total_seconds()),
            secure=(self._installing.public_url or str(request.url)).startswith("https:"),
            httponly=True,
            samesite="lax",
        )
        return response

    async def _finish(self, request: Request) -> Response:
        state, cookie = request.query_params.get("state", ""), request.cookies.get(COOKIE, "")
        begun = self._states.read(state, cookie, self._clock())
        try:
            page = await self._outcome(request, begun)
        except (SQLAlchemyError, KeysMissing, KeysWrong) as error:
            page = pages.broken(report(error, platform="slack", deed="install"))
        return page.response(begun[1] if begun is not None else "")

    async def _outcome(self, request: Request, begun: tuple[str, str] | None) -> Page:
        given = request.query_params
        if "error" in given:
            return pages.NO_PERMISSION if given["error"] == "access_denied" else pages.SLACK_STOPPED
        if begun is None or not await asyncio.to_thread(self._installing.spend, begun[0]):
            return pages.STATE_OVER
        code = given.get("code", "")
        if not code:
            return pages.CODE_REFUSED
        found = await self._exchanged(code)
        return found if isinstance(found, Page) else await self._connected(found, begun[1])

    async def _exchanged(self, code: str) -> Installation | Page:
        given = {"code": code} | ({"redirect_uri": self._redirect_uri} if self._redirect_uri else {})
        # Not oauth_v2_access(): it hands over the secret by a class that aiohttp is doing away with.
        exchange = self._clients.client("").api_call("oauth.v2.access", data=given, headers=self._proof)
        try:
            answer = (await exchange).data
        except SlackApiError as refused:
            return _refusal(refused)
        except LOST as lost:
            log.warning("Slack did not answer when the app was installed (%s)", type(lost).__name__)
            return pages.SLACK_SILENT
        except AttributeError:  # the SDK's own, over a 200 that is plain text: something between here and Slack
            log.warning("What answered when the app was installed was not Slack")
            return pages.SLACK_SILENT
        return installation_of(answer if isinstance(answer, Mapping) else {}) or pages.TOKEN_UNUSABLE

    async def _connected(self, found: Installation, link: str) -> Page:
        try:
            await asyncio.to_thread(partial(self._installing.connect, found, link))
        except NotInvited:
            log.warning("The Slack workspace %s was not asked for and is not connected", found.workspace)
            await self._given_back(found)
            return pages.NOT_INVITED
        except ConnectedElsewhere:
            log.warning("The Slack workspace %s is connected to another authority and stays there", found.workspace)
            return pages.CONNECTED_ELSEWHERE
        log.info("The Slack workspace %s has been connected through the install page", found.workspace)
        return pages.connected(found.name, organisation=found.organisation)

    async def _given_back(self, found: Installation) -> None:
        """Have Slack forget a token that nobody asked for.

        A workspace that is connected already gets the same token again: revoking it would cut that connection off.
        """
        if await asyncio.to_thread(self._installing.is_connected, found.workspace):
            return
        try:
            await self._clients.client(found.token).auth_revoke()
        except (SlackApiError, *LOST) as lost:
            said = lost.response.get("error") if isinstance(lost, SlackApiError) else type(lost).__name__
            log.warning("Slack did not take back the token of the workspace %s (%s)", found.workspace, said)


def installation_of(answer: Mapping[str, Any]) -> Installation | None:
    """What oauth.v2.access answered; None without a bot token that lasts (token rotation is not served)."""
    whole = answer.get("enterprise") if answer.get("is_enterprise_install") else answer.get("team")
    workspace, token = str((whole or {}).get("id") or ""), str(answer.get("access_token") or "")
    if not workspace or not token or answer.get("token_type") != "bot" or answer.get("expires_in"):
        return None
    return Installation(workspace=workspace, name=str((whole or {}).get("name") or ""), token=token)


def bot_scopes() -> tuple[str, ...]:
    """What the bot asks for, as the manifest says."""
    return tuple(json.loads(MANIFEST.read_text(encoding="utf-8"))["oauth_config"]["scopes"]["bot"])


def authorize_address(api: str) -> str:
    """Where people allow an installation, by the address of the API: Slack's own, or GovSlack's."""
    home = api if urlsplit(api).hostname in SLACKS else SLACK_API
    return urljoin(home, "/oauth/v2/authorize")


def _refusal(refused: SlackApiError) -> Page:
    data = getattr(refused.response, "data", None)
    said = str(data.get("error") or "") if isinstance(data, dict) else ""
    log.warning("Slack refused an installation (%s)", said or "without a reason")
    if said in CODE_FAULTS:
        return pages.CODE_REFUSED
    return pages.SET_UP_WRONGLY if said in SET_UP_FAULTS else pages.SLACK_SILENT
