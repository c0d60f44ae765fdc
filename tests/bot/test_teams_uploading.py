"""A file goes to the place that Teams keeps for it and nowhere else, without a token, and never becomes two."""

import asyncio
from collections.abc import Iterator

import httpx
import pytest

from bot.teams import consents
from bot.teams.uploading import Put, may_be_filled, put
from tests.slack_standin.jsontypes import Json
from tests.teams_standin import APP_ID, TENANT, TeamsStandIn, activities
from tests.teams_standin.activities import Envelope
from tests.teams_standin.records import Conversation, TeamsUser

CONTENT = b"a report"
INFO: Json = {
    "contentUrl": "https://anyshire-my.sharepoint.com/personal/ann/Documents/Applications/r.docx",
    "name": "r.docx",
    "uploadUrl": "https://anyshire-my.sharepoint.com/up",
    "uniqueId": "1150D938",
    "fileType": "docx",
}


@pytest.fixture
def teams() -> Iterator[TeamsStandIn]:
    with TeamsStandIn() as standin:
        standin.add_user("ann.lee", "Ann Lee")
        yield standin
        assert standin.violations == []


def ann(teams: TeamsStandIn) -> TeamsUser:
    (user,) = teams.users.values()
    return user


def putting(address: str) -> Put:
    """Put it there; nobody really waits between two tries."""

    async def now(_seconds: float) -> None:
        """No pause."""

    async def story() -> Put:
        async with httpx.AsyncClient(trust_env=False) as http:
            return await put(http, address, CONTENT, now)

    return asyncio.run(story())


def kept(teams: TeamsStandIn) -> str:
    return teams.place_for(ann(teams), "report.docx")[0]


def stored(teams: TeamsStandIn) -> list[bytes]:
    return list(teams.files_of(ann(teams)).values())


@pytest.mark.parametrize(
    "address",
    [
        "https://anyshire-my.sharepoint.com/personal/ann/_api/v2.0/drive/items/1/uploadSession?guid=2&tempauth=ey",
        "https://anyshire.sharepoint.com:443/up",
    ],
)
def test_microsofts_storage_may_be_filled(address: str) -> None:
    assert may_be_filled(address)


@pytest.mark.parametrize(
    "address",
    [
        "http://anyshire-my.sharepoint.com/up",
        "https://anyshire-my.sharepoint.com:8443/up",
        "https://sharepoint.com.evil.example/up",
        "https://evilsharepoint.com/up",
        "https://sharepoint.com/up",
        "https://user@anyshire.sharepoint.com/up",
        "https://anyshire.sharepoint.com@evil.example/up",
        "https://169.254.169.254/latest/meta-data",
        "https://127.0.0.1/up",
        "http://127.0.0.1:3978/up",
        "https://anyshire.sharepoint.com:x/up",
        "https://[::1",
        "file:///etc/passwd",
        "",
    ],
)
def test_no_other_address_may_be(address: str) -> None:
    assert not may_be_filled(address)


def test_this_machine_may_be_filled_in_a_trial_on_this_machine_alone() -> None:
    assert may_be_filled("http://127.0.0.1:3978/up", on_this_machine=True)
    assert not may_be_filled("http://10.0.0.1:3978/up", on_this_machine=True)
    assert not may_be_filled("http://evil.example/up", on_this_machine=True)


def test_a_file_is_put_there(teams: TeamsStandIn) -> None:
    assert putting(kept(teams)) is Put.STORED
    assert stored(teams) == [CONTENT]


def test_a_place_that_is_over_is_refused_and_not_tried_again(teams: TeamsStandIn) -> None:
    assert putting(kept(teams).partition("?")[0]) is Put.REFUSED
    assert len(teams.calls_of("upload")) == 1


@pytest.mark.parametrize(
    "fault", [{"status": 503}, {"retry_after": 2}, {"status": 500}, {"drop_request": True}], ids=str
)
def test_what_passes_is_tried_again(teams: TeamsStandIn, fault: dict[str, int]) -> None:
    teams.fail_next("upload", **fault)  # type: ignore[arg-type] # each of them is one of its parameters
    assert putting(kept(teams)) is Put.STORED
    assert stored(teams) == [CONTENT]


def test_what_arrived_without_a_receipt_is_there_once_and_not_called_refused(teams: TeamsStandIn) -> None:
    teams.fail_next("upload", drop_reply=True)
    assert putting(kept(teams)) is Put.UNKNOWN
    assert stored(teams) == [CONTENT]


def test_it_gives_up_in_the_end(teams: TeamsStandIn) -> None:
    teams.fail_next("upload", 9, retry_after=2)
    assert putting(kept(teams)) is Put.REFUSED
    assert len(teams.calls_of("upload")) == 3


def test_a_place_nobody_can_reach_is_refused() -> None:
    assert putting("http://127.0.0.1:1/up") is Put.REFUSED


def answered(more: Json, chat: str = "personal") -> Json:
    """What Teams tells of a person who allowed the file."""
    user = TeamsUser(id="29:ann", aad_object_id="a-b", name="Ann Lee", email="ann@anyshire.example", tenant=TENANT)
    where = Conversation(id="a:1", tenant=TENANT, kind=chat, user="a-b")
    activity = Envelope(user=user, chat=where, app_id=APP_ID, service_url="https://smba.example/uk/").activity(
        "invoke", "1700000000001", 1_700_000_000.0
    )
    told = activities.consented(activity, consents.context_of("report_file:7"), "1699", INFO)
    return told | {"value": told["value"] | more}


class TestAnAnswerToAnOffer:
    def test_names_the_offer_and_the_place(self) -> None:
        told = consents.consent(answered({}))
        assert told is not None
        assert told.place is not None
        assert (told.offer, told.card, told.place.name) == ("report_file:7", "1699", "r.docx")

    def test_without_a_place_it_is_declined(self) -> None:
        told = consents.consent(answered({"action": "decline"}))
        assert told is not None
        assert told.place is None

    @pytest.mark.parametrize(
        "more",
        [
            {"action": "allow"},
            {"type": "fileDownload"},
            {"uploadInfo": None},
            {"uploadInfo": {"name": "r.docx"}},
            {"uploadInfo": {**INFO, "name": "r" * 256}},
            {"context": None},
            {"context": {"ours": {"offer": ""}}},
            {"context": {"ours": {"offer": 7}}},
            {"context": {"ours": {"offer": "9" * 161}}},
        ],
        ids=str,
    )
    def test_anything_else_is_none(self, more: Json) -> None:
        assert consents.consent(answered(more)) is None

    def test_in_a_group_it_is_none(self) -> None:
        assert consents.consent(answered({}, chat="groupChat")) is None
