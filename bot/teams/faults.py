"""What the connector's refusals mean: which are for good, which ask to wait, which leave us not knowing.

Statuses from learn.microsoft.com: rate limiting, proactive messages, status codes from bot conversational APIs.
"""

import httpx

from bot.delivery.port import Unanswered, Undeliverable
from bot.teams.connector import AddressRefused, NotLoggedIn
from bot.teams.rates import TooFast

NOT_INSTALLED = "This person has not installed the app in Teams, or took it out."
BLOCKED = "This person has blocked the app in Teams."
GONE = "Teams has no conversation with this person."
REFUSED_FORM = "Teams refused the form of the message."
NOT_ACCEPTED = "Teams does not accept the bot's secret: renew it and set TEAMS_APP_PASSWORD (docs/install-teams.md)."
NO_LOGIN = "There is no token for Teams to be had from here: look at the way out to the login, or at TEAMS_TOKEN_FILE."
NO_ADDRESS = "Nobody in this tenant has the app yet: install it as docs/install-teams.md says."
RETRY_AFTER_SECONDS = 10.0
UNREACHABLE_SECONDS = 30.0
LONGEST_RETRY = 3600.0

LOST = (httpx.HTTPError, httpx.InvalidURL, TimeoutError, NotLoggedIn, AddressRefused, TooFast, ValueError, KeyError)


UNREACHED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


def meaning(error: Exception) -> Undeliverable | Unanswered:
    """What a call that failed means for the message it carried."""
    fault: Undeliverable | Unanswered
    match error:
        case httpx.HTTPStatusError():
            fault = refusal(error.response)
        case TooFast():
            fault = Undeliverable("Teams takes no more messages to this person just now.")
        case NotLoggedIn() if error.refused:
            fault = Undeliverable(NOT_ACCEPTED, workspace=True)
        case NotLoggedIn():
            fault = Undeliverable(NO_LOGIN, workspace=True, retry_after=UNREACHABLE_SECONDS)
        case AddressRefused():
            fault = Undeliverable(NO_ADDRESS, workspace=True)
        case error if isinstance(error, UNREACHED):
            fault = Undeliverable("Teams cannot be reached from here.", workspace=True, retry_after=UNREACHABLE_SECONDS)
        case httpx.HTTPError() | TimeoutError():
            fault = Unanswered("The connection to Teams broke before it answered.")
        case _:
            fault = Undeliverable("The message could not be drawn for Teams.", permanent=True)
    return fault


def refusal(answer: httpx.Response) -> Undeliverable | Unanswered:
    """What a status means. After a gateway's error Teams asks to send again, and nobody knows whether it arrived."""
    status, code = answer.status_code, code_of(answer)
    fault: Undeliverable | Unanswered
    match status:
        case 412 | 429 | 503:
            fault = Undeliverable("Teams asked to slow down.", retry_after=retry_after(answer))
        case 500 | 502 | 504:
            fault = Unanswered(f"Teams answered with an error of its own ({status}).", asks_again=True)
        case 401:
            fault = Undeliverable(NOT_ACCEPTED, workspace=True)
        case 403:
            blocked = code == "MessageWritesBlocked"
            fault = Undeliverable(BLOCKED, unreached=True) if blocked else Undeliverable(NOT_INSTALLED, gone=True)
        case 404:
            fault = Undeliverable(GONE, gone=True)
        case 400 | 413:
            fault = Undeliverable(f"{REFUSED_FORM} ({code or status})", permanent=True)
        case _:
            fault = Undeliverable(f"Teams refused the message ({code or status}).")
    return fault


def before_sending(fault: Undeliverable | Unanswered) -> Undeliverable:
    """The same fault of a call that posts nothing: then it is certain that nothing was posted."""
    return fault if isinstance(fault, Undeliverable) else Undeliverable(str(fault))


def code_of(answer: httpx.Response) -> str:
    """The connector's word for what is wrong; nothing where it gave none."""
    try:
        told = answer.json()
    except ValueError:
        return ""
    error = told.get("error") if isinstance(told, dict) else None
    return str(error.get("code") or "")[:60] if isinstance(error, dict) else ""


def retry_after(answer: httpx.Response) -> float:
    """Seconds the connector asked for."""
    said = answer.headers.get("retry-after", "").strip()
    return min(float(said), LONGEST_RETRY) if said.isdecimal() else RETRY_AFTER_SECONDS
