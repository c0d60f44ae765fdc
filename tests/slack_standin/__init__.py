"""A stand-in for Slack: it refuses what Slack refuses, records everything, and acts for its people."""

from tests.slack_standin.checker import check_blocks, check_message, check_options, check_view
from tests.slack_standin.controls import NotOnScreen
from tests.slack_standin.delivery import NoAnswer
from tests.slack_standin.fields import RefusedBySlack
from tests.slack_standin.person import Seen, SlackPerson
from tests.slack_standin.records import SCOPES, OpenView, PostedMessage, SlackFile
from tests.slack_standin.rendering import plain_text_of
from tests.slack_standin.server import SlackStandIn
from tests.slack_standin.signing import signed_headers

__all__ = [
    "SCOPES",
    "NoAnswer",
    "NotOnScreen",
    "OpenView",
    "PostedMessage",
    "RefusedBySlack",
    "Seen",
    "SlackFile",
    "SlackPerson",
    "SlackStandIn",
    "check_blocks",
    "check_message",
    "check_options",
    "check_view",
    "plain_text_of",
    "signed_headers",
]
