"""What is used of the Teams library, taken in quietly: its import reads `.env` files, warns of previews and logs.

Everything else of bot/teams takes the library from here.
"""

import logging
import os
import warnings

# Its loggers quote whole activities and tokens' contents when something is wrong with them.
for _talkative in ("microsoft_teams", "microsoft_teams.common.http.client", "httpx", "httpcore", "msal"):
    logging.getLogger(_talkative).setLevel(logging.CRITICAL)

_environment = dict(os.environ)
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from microsoft_teams.api import (
        Account,
        ApiClient,
        ClientCredentials,
    )
    from microsoft_teams.api.auth.cloud_environment import (
        CHINA,
        PUBLIC,
        US_GOV,
        US_GOV_DOD,
        CloudEnvironment,
        with_overrides,
    )
    from microsoft_teams.api.clients.conversation.params import CreateConversationParams
    from microsoft_teams.apps.auth.token_validator import JwtValidationOptions, TokenValidator

    # The first is msal's, which has no types and is taken from where it is used.
    from microsoft_teams.apps.token_manager import (  # type: ignore[attr-defined]
        ConfidentialClientApplication,
        TokenManager,
    )
    from microsoft_teams.common import Client, ClientOptions
for _name in os.environ.keys() - _environment.keys():  # settings are read in bot/settings.py alone
    del os.environ[_name]

__all__ = [
    "CHINA",
    "PUBLIC",
    "US_GOV",
    "US_GOV_DOD",
    "Account",
    "ApiClient",
    "Client",
    "ClientCredentials",
    "ClientOptions",
    "CloudEnvironment",
    "ConfidentialClientApplication",
    "CreateConversationParams",
    "JwtValidationOptions",
    "TokenManager",
    "TokenValidator",
    "with_overrides",
]
