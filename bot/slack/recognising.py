"""Whose account it is, by the address that Slack vouches for."""

from collections.abc import Mapping
from typing import Any


def confirmed_account(user: Mapping[str, Any], workspace: str, email: str) -> str | None:
    """The account that Slack gives for an address; None where it does not vouch that it is theirs."""
    return str(user["id"]) if confirmed_email(user, workspace) == email.strip().lower() else None


def confirmed_email(user: Mapping[str, Any], workspace: str) -> str:
    """The address Slack vouches for; none for bots, people of another workspace or organisation, and leavers."""
    if workspace.startswith("E"):
        outside = (user.get("enterprise_user") or {}).get("enterprise_id") != workspace
    else:
        outside = user.get("team_id") not in (None, workspace)
    unsure = user.get("is_email_confirmed") is False
    if user.get("deleted") or user.get("is_bot") or user.get("is_stranger") or outside or unsure:
        return ""
    return str((user.get("profile") or {}).get("email") or "").strip().lower()
