"""Which addresses Teams vouches for, and which of them one account of a tenant has alone."""

from bot.teams.recognising import confirmed_addresses, signs_in_with

MEMBER = {"userPrincipalName": "Ann.Lee@a.example", "email": "ann@a.example", "tenantId": "t1", "userRole": "user"}


def test_a_mail_address_that_others_may_have_too_gives_nobody_anothers_account() -> None:
    assert confirmed_addresses(MEMBER, "t1") == ("ann.lee@a.example", "ann@a.example")
    assert signs_in_with(MEMBER, "t1", "ann.lee@a.example")
    assert not signs_in_with(MEMBER, "t1", "ann@a.example")
    assert not signs_in_with(MEMBER, "t2", "ann.lee@a.example")
    assert not signs_in_with({**MEMBER, "userRole": "guest"}, "t1", "ann.lee@a.example")
    assert not signs_in_with({}, "t1", "")
