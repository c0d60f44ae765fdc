"""Which of Microsoft's clouds a bot belongs to, and to which addresses it may speak there."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from bot.teams.library import CHINA, PUBLIC, US_GOV, US_GOV_DOD, CloudEnvironment, with_overrides

CLOUDS = (PUBLIC, US_GOV, US_GOV_DOD, CHINA)
# Where bots can neither send nor receive files (learn.microsoft.com, send and receive files using a bot).
WITHOUT_FILES = (US_GOV, US_GOV_DOD, CHINA)
# Where a tenant is served that has told us nothing yet (learn.microsoft.com, proactive messages).
FIRST_ADDRESS = {
    PUBLIC.openid_metadata_url: "https://smba.trafficmanager.net/teams",
    US_GOV.openid_metadata_url: "https://smba.infra.gov.teams.microsoft.us/teams",
    US_GOV_DOD.openid_metadata_url: "https://smba.infra.dod.teams.microsoft.us/teams",
}


def cloud_of(openid_url: str) -> CloudEnvironment:
    """The cloud whose keys are published there; the public one with other keys for any other address."""
    for cloud in CLOUDS:
        if openid_url in ("", cloud.openid_metadata_url):
            return cloud
    return with_overrides(PUBLIC, openid_metadata_url=openid_url)


def first_address(cloud: CloudEnvironment) -> str:
    """The service URL to begin with; nothing where the keys are not Microsoft's own."""
    return FIRST_ADDRESS.get(cloud.openid_metadata_url, "")


def is_loopback(url: str) -> bool:
    """Whether the address is this machine itself."""
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def may_be_called(service_url: str, *, trial: bool) -> bool:
    """Whether a service URL that was proved may be spoken to: over TLS, or on this machine in a trial."""
    try:
        parts = urlsplit(service_url)
    except ValueError:
        return False
    if parts.username or parts.query or parts.fragment or not parts.hostname:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and trial and is_loopback(service_url))
