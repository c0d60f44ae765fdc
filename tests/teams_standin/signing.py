"""Tokens as the Bot Framework signs them, and the keys that prove it; also forged ones, for those who try."""

import base64
import hashlib
import hmac
import json
import time
from functools import cache

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.slack_standin.jsontypes import Json
from tests.teams_standin.limits import TOKEN_SECONDS

ISSUER = "https://api.botframework.com"
KEY = "anyshire"
FOREIGN_KEY = "foreign"


@cache
def key(name: str = KEY) -> RSAPrivateKey:
    """A private key by name, made once for all tests."""
    return generate_private_key(public_exponent=65537, key_size=2048)


def key_id(name: str = KEY) -> str:
    """The name under which the key is published."""
    return hashlib.sha256(name.encode()).hexdigest()[:20]


def key_set(*names: str) -> Json:
    """The published keys."""
    return {"keys": [_published(name) for name in names or (KEY,)]}


def signed_token(
    audience: str, service_url: str, *, issuer: str = ISSUER, key_name: str = KEY, without: str = "", **more: object
) -> str:
    """A token of the channel. `more` adds or changes claims, `without` leaves one out."""
    claims = {**_claims(audience, service_url, issuer), **more}
    claims.pop(without, None)
    return jwt.encode(claims, key(key_name), algorithm="RS256", headers={"kid": key_id(key_name)})


def unsigned_token(audience: str, service_url: str) -> str:
    """A token that says it needs no signature."""
    return jwt.encode(_claims(audience, service_url, ISSUER), "", algorithm="none", headers={"kid": key_id()})


def token_signed_with_the_public_key(audience: str, service_url: str) -> str:
    """A token for whoever takes the published key for a shared secret."""
    public = key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return _by_shared_secret(_claims(audience, service_url, ISSUER), public)


def with_another_content(token: str, **changed: object) -> str:
    """The token with other claims under the old signature."""
    head, _, signature = token.split(".")
    claims = {**jwt.decode(token, options={"verify_signature": False}), **changed}
    return f"{head}.{_encoded(claims)}.{signature}"


def bots_token(app_id: str) -> str:
    """A bot's own token for the connector, as the login service gives it: it is only ever compared here."""
    now = int(time.time())
    claims = {"aud": ISSUER, "appid": app_id, "nbf": now - 60, "exp": now + 24 * TOKEN_SECONDS}
    return jwt.encode(claims, key(), algorithm="RS256", headers={"kid": key_id()})


def _claims(audience: str, service_url: str, issuer: str) -> Json:
    now = int(time.time())
    return {"iss": issuer, "aud": audience, "serviceurl": service_url, "nbf": now - 60, "exp": now + TOKEN_SECONDS}


def _published(name: str) -> Json:
    numbers = key(name).public_key().public_numbers()
    return {
        "kty": "RSA",
        "use": "sig",
        "alg": "RS256",
        "kid": key_id(name),
        "n": _number(numbers.n),
        "e": _number(numbers.e),
        "endorsements": ["msteams"],
    }


def _number(value: int) -> str:
    return _base64(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def _by_shared_secret(claims: Json, secret: bytes) -> str:
    """PyJWT refuses to do this, so it is done by hand."""
    content = f"{_encoded({'alg': 'HS256', 'typ': 'JWT', 'kid': key_id()})}.{_encoded(claims)}"
    return f"{content}.{_base64(hmac.digest(secret, content.encode(), 'sha256'))}"


def _encoded(value: Json) -> str:
    return _base64(json.dumps(value).encode())


def _base64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
