"""How what a person does reaches the bot: posted with a token that the stand-in signed."""

import json
import ssl

import httpx2

from tests.slack_standin.jsontypes import Json
from tests.teams_standin.limits import ANSWER_SECONDS
from tests.teams_standin.signing import signed_token

_NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # 127.0.0.1 only: saves loading certificates each time


class NoAnswer(Exception):
    """The bot did not answer 200 in time: the person sees that something went wrong."""


class Delivery:
    """Posts to the bot's address, /teams/messages where no path is given."""

    def __init__(self, bot_url: str, app_id: str, service_url: str) -> None:
        self.address = f"{bot_url.rstrip('/')}/teams/messages"
        self._token = signed_token(app_id, service_url)

    def send(self, activity: Json) -> Json:
        """The bot's answer as JSON, {} when there is none; NoAnswer when it is not 200."""
        status, text = self.posted(json.dumps(activity))
        if status not in (httpx2.codes.OK, httpx2.codes.ACCEPTED):
            raise NoAnswer(f"The bot answered {status}.")
        answer: Json = json.loads(text) if text.strip() else {}
        return answer

    def posted(self, body: str | bytes, token: str | None = "") -> tuple[int, str]:
        """The status and body of the bot's answer. `token` replaces the usual one; None sends none."""
        bearer = self._token if token == "" else token
        headers = {"Content-Type": "application/json; charset=utf-8"}
        if bearer is not None:
            headers["Authorization"] = f"Bearer {bearer}"
        with httpx2.Client(verify=_NO_TLS, trust_env=False, timeout=ANSWER_SECONDS) as client:
            try:
                response = client.post(self.address, content=body, headers=headers)
            except httpx2.TransportError as failure:
                raise NoAnswer(type(failure).__name__) from failure
        return response.status_code, response.text
