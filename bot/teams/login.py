"""The login, with an end to its waiting: the library's own would wait for a silent network in a thread for ever."""

from bot.teams.library import ClientCredentials, CloudEnvironment, ConfidentialClientApplication, TokenManager

ANSWER_SECONDS = 4.0
"""For one call of the network. The login library tries each twice."""


class Login(TokenManager):
    """Gets the bot's own tokens."""

    def __init__(self, credentials: ClientCredentials, cloud: CloudEnvironment) -> None:
        super().__init__(credentials, cloud)
        self._login_at = cloud.login_endpoint

    def _get_confidential_client(self, credentials: ClientCredentials, tenant_id: str) -> ConfidentialClientApplication:
        """As the library makes it, but for the time-out. It asks the network while it is made, so it is made once."""
        known = self._confidential_clients_by_tenant
        if tenant_id not in known:
            known[tenant_id] = ConfidentialClientApplication(
                credentials.client_id,
                client_credential=credentials.client_secret,
                authority=f"{self._login_at}/{tenant_id}",
                timeout=ANSWER_SECONDS,
            )
        return known[tenant_id]
