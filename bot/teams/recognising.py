"""Whose account it is, by the addresses that Teams vouches for."""

from collections.abc import Mapping
from typing import Any

OUTSIDE = "#ext#"


def confirmed_addresses(member: Mapping[str, Any], tenant: str) -> tuple[str, ...]:
    """The sign-in name and e-mail address of a member of the tenant's own directory.

    None for guests, strangers and people of other tenants.
    """
    home, role = member.get("tenantId"), str(member.get("userRole") or "user").lower()
    name = str(member.get("userPrincipalName") or "").strip().lower()
    if home not in (None, "", tenant) or role in ("guest", "anonymous") or OUTSIDE in name:
        return ()
    email = str(member.get("email") or "").strip().lower()
    return tuple(dict.fromkeys(address for address in (name, email) if "@" in address))


def confirmed_account(member: Mapping[str, Any], tenant: str, email: str) -> str | None:
    """The account of the member with that address; None where Teams means somebody else by it."""
    if email.strip().lower() not in confirmed_addresses(member, tenant):
        return None
    return str(member.get("aadObjectId") or "") or None


def signs_in_with(member: Mapping[str, Any], tenant: str, email: str) -> bool:
    """Whether it is the member's sign-in name, which one account of a tenant has; several may have a mail address."""
    own = str(member.get("userPrincipalName") or "").strip().lower()
    return own == email.strip().lower() and own in confirmed_addresses(member, tenant)
