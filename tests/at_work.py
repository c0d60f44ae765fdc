"""The platforms at work in a service, as what they are."""

from typing import TypeVar

from bot.compose import Service
from bot.running import Running
from bot.slack.running import Slack
from bot.teams.running import Teams
from bot.workspace.workspace import Workspace

R = TypeVar("R", bound=Running)


def slack_of(service: Service) -> Slack:
    return _as(Slack, service.running["slack"])


def teams_of(service: Service) -> Teams:
    return _as(Teams, service.running["teams"])


def page_of(service: Service) -> Workspace:
    return _as(Workspace, service.running["page"])


def _as(kind: type[R], running: Running) -> R:
    assert isinstance(running, kind)
    return running
