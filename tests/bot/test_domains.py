"""Which domains the settings bind to which workspace or tenant, and about which addresses that says something."""

from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from bot.domains import domains_for
from bot.platforms import platforms
from bot.settings import Settings
from storage.connections import Connection, is_of, recognises

OWN, ALLOWED, LINKED = "T0OWN", "T0ALLOWED", "T0LINKED"
TENANT, FURTHER = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee", "bbbbbbbb-bbbb-4ccc-8ddd-eeeeeeeeeeee"
BY_NAME = {one.called.name: one for one in platforms()}
PLACES = (("slack", OWN), ("slack", ALLOWED), ("slack", LINKED), ("teams", TENANT), ("teams", FURTHER))


def connection(platform: str, workspace: str, link: str | None = None) -> Connection:
    return Connection(
        platform=platform,
        workspace=workspace,
        bot_token="xoxb-own" if workspace == OWN else None,
        installed_at=datetime(2026, 1, 5, tzinfo=UTC),
        link_domains=link,
    )


@pytest.mark.parametrize(
    ("email_domains", "bound"),
    [
        ("", ["*", "", "", "*", ""]),
        ("a.uk", ["a.uk", "a.uk", "", "a.uk", "a.uk"]),
        ("b.uk, A.uk", ["a.uk b.uk", "a.uk b.uk", "", "a.uk b.uk", "a.uk b.uk"]),
        (f"{OWN}:a.uk", ["a.uk", "", "", "", ""]),
        (f"a.uk,{LINKED}:b.uk,{FURTHER.upper()}:c.uk", ["a.uk", "a.uk", "b.uk", "a.uk", "a.uk c.uk"]),
    ],
)
def test_the_settings_bind_domains_to_what_they_name(email_domains: str, bound: list[str]) -> None:
    settings = Settings(
        slack_bot_token=SecretStr("xoxb-own"),
        slack_allowed_teams=ALLOWED,
        teams_tenant_id=TENANT,
        teams_allowed_tenants=FURTHER,
        email_domains=email_domains,
    )
    assert [domains_for(settings, connection(*place), BY_NAME[place[0]]) for place in PLACES] == bound


def test_in_a_trial_without_a_tenant_the_first_that_came_is_the_own_one() -> None:
    trial = Settings(teams_allow_unauthenticated=True)
    assert domains_for(trial, connection("teams", TENANT), BY_NAME["teams"]) == "*"


@pytest.mark.parametrize(
    ("domains", "email", "believed"),
    [
        ("a.uk b.uk", "ann@b.uk", True),
        ("a.uk", " Ann@A.UK ", True),
        ("a.uk", "ann@mail.a.uk", False),
        ("a.uk", "ann@ba.uk", False),
        ("a.uk", "ann@a.uk@b.uk", False),
        ("", "ann@a.uk", False),
        ("*", "ann@a.uk", True),
    ],
)
def test_an_address_is_of_the_domain_it_ends_with_as_a_whole(domains: str, email: str, believed: bool) -> None:
    assert is_of(domains, email) is believed


def test_what_a_link_bound_counts_beside_the_settings() -> None:
    found = connection("slack", LINKED, "link.uk")
    assert (recognises(found, "ann@link.uk"), recognises(found, "ann@set.uk")) == (True, False)
    found.set_domains = "set.uk"
    assert (recognises(found, "ann@link.uk"), recognises(found, "ann@set.uk")) == (True, True)
