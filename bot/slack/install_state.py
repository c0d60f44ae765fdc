"""The state of an installation: proof that the person who comes back from Slack began here, within ten minutes."""

import base64
import hmac
import secrets
from datetime import datetime, timedelta

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

VALID_FOR = timedelta(minutes=10)
PURPOSE = b"iro-bot: state of a Slack installation"


class InstallStates:
    """Makes and reads states under a key of their own, so that every process with the same secret knows them."""

    def __init__(self, client_secret: str) -> None:
        key = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(client_secret.encode())
        self._fernet = Fernet(base64.urlsafe_b64encode(key))

    def new(self, now: datetime, link: str = "") -> str:
        """A state to send to Slack and to keep in the browser's cookie; `link` is the secret it was begun with."""
        held = f"{secrets.token_urlsafe(24)} {link}"
        token = self._fernet.encrypt_at_time(held.encode(), int(now.timestamp()))
        return token.decode().rstrip("=")  # the padding would have to be quoted in a cookie

    def read(self, state: str, cookie: str, now: datetime) -> tuple[str, str] | None:
        """What is spent by its one use, and the link; None for a state that is forged, over, or of another browser."""
        if not hmac.compare_digest(state.encode(), cookie.encode()):
            return None
        seconds = int(VALID_FOR.total_seconds())
        try:
            padded = state + "=" * (-len(state) % 4)
            held = self._fernet.decrypt_at_time(padded.encode(), seconds, int(now.timestamp())).decode()
        except InvalidToken:
            return None
        number, _, link = held.partition(" ")
        return number, link
