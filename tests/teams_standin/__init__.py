"""A stand-in for Teams: it refuses what Teams refuses, records everything, and acts for its people."""

from tests.teams_standin.cards import check_card
from tests.teams_standin.connector import check_activity
from tests.teams_standin.delivery import NoAnswer
from tests.teams_standin.filling import RefusedByTeams
from tests.teams_standin.person import Seen, TeamsPerson
from tests.teams_standin.records import Dialog, TeamsMessage
from tests.teams_standin.rendering import plain_text_of
from tests.teams_standin.server import TeamsStandIn
from tests.teams_standin.state import APP_ID, TENANT

__all__ = [
    "APP_ID",
    "TENANT",
    "Dialog",
    "NoAnswer",
    "RefusedByTeams",
    "Seen",
    "TeamsMessage",
    "TeamsPerson",
    "TeamsStandIn",
    "check_activity",
    "check_card",
    "plain_text_of",
]
