"""Files at the stand-in for Teams: asked for by a card, put once where a place is kept, shown only when there."""

from collections.abc import Iterator

import httpx2
import pytest

from tests.slack_standin.jsontypes import Json
from tests.teams_standin import TeamsMessage, TeamsStandIn, check_activity, plain_text_of
from tests.teams_standin.limits import UPLOAD_SECONDS
from tests.teams_standin.records import CONSENT, FILE_INFO, TeamsUser, Upload

CONTENT = b"a report"
ALL = {"Content-Range": "bytes 0-7/8"}
ASKED: Json = {
    "contentType": CONSENT,
    "name": "report.docx",
    "content": {"description": "The report", "sizeInBytes": 8, "acceptContext": {"a": 1}, "declineContext": {"a": 1}},
}


class Now:
    """Seconds that a test moves."""

    seconds = 0.0


@pytest.fixture
def teams() -> Iterator[TeamsStandIn]:
    Now.seconds = 1_700_000_000.0
    with TeamsStandIn(clock=lambda: Now.seconds) as standin:
        standin.add_user("ann.lee", "Ann Lee")
        yield standin


def ann(teams: TeamsStandIn) -> TeamsUser:
    (user,) = teams.users.values()
    return user


def message(*attachments: Json) -> Json:
    return {"type": "message", "summary": "The report", "attachments": list(attachments)}


def shown(upload: Upload) -> Json:
    content = {"uniqueId": upload.unique_id, "fileType": upload.file_type}
    return {"contentType": FILE_INFO, "contentUrl": upload.content_url, "name": upload.name, "content": content}


def put(address: str, headers: dict[str, str], content: bytes = CONTENT) -> int:
    with httpx2.Client(trust_env=False) as client:
        return client.put(address, content=content, headers=headers).status_code


def post(teams: TeamsStandIn, body: Json, chat: str = "") -> httpx2.Response:
    address = f"{teams.service_url}v3/conversations/{chat or teams.personal_chat(ann(teams)).id}/activities"
    with httpx2.Client(trust_env=False) as client:
        return client.post(address, json=body, headers={"Authorization": f"Bearer {teams.outbound_token}"})


def test_a_card_that_asks_reads_as_it_looks(teams: TeamsStandIn) -> None:
    asked = message(ASKED)
    assert post(teams, asked).status_code == httpx2.codes.CREATED
    told = TeamsMessage(tenant="t", conversation="c", user="u", id="1", versions=[asked])
    assert plain_text_of(told).splitlines() == ["The report", "report.docx", "[Allow] [Decline]"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "report"},
        {"name": "a/report.docx"},
        {"content": {**ASKED["content"], "description": " "}},
        {"content": {**ASKED["content"], "sizeInBytes": 0}},
        {"content": {**ASKED["content"], "acceptContext": None}},
    ],
)
def test_a_card_that_asks_wrongly_is_refused(wrong: Json) -> None:
    assert len(check_activity(message(ASKED | wrong))) == 1


def test_files_are_given_in_personal_chats_and_the_asking_card_stands_alone(teams: TeamsStandIn) -> None:
    assert post(teams, message(ASKED), teams.channel().id).status_code == httpx2.codes.BAD_REQUEST
    assert post(teams, message(ASKED, ASKED)).status_code == httpx2.codes.BAD_REQUEST
    assert [one.problems[0] for one in teams.violations] == [
        "Files are given in personal chats only.",
        "A consent card stands alone.",
    ]


def test_a_place_is_filled_once_and_only_then_the_file_is_shown(teams: TeamsStandIn) -> None:
    address, upload = teams.place_for(ann(teams), "report.docx")
    assert post(teams, message(shown(upload))).status_code == httpx2.codes.BAD_REQUEST
    assert put(address, ALL) == httpx2.codes.CREATED
    assert put(address, ALL) == httpx2.codes.NOT_FOUND
    assert teams.files_of(ann(teams)) == {"report.docx": CONTENT}
    assert post(teams, message(shown(upload))).status_code == httpx2.codes.CREATED


def test_a_second_file_of_a_name_gets_another_name(teams: TeamsStandIn) -> None:
    assert [teams.place_for(ann(teams), "report.docx")[1].name for _ in range(2)] == ["report.docx", "report 1.docx"]


@pytest.mark.parametrize(
    "headers",
    [{}, {"Content-Range": "bytes 0-8/8"}, {**ALL, "Authorization": "Bearer x"}],
    ids=["no range", "another range", "a token"],
)
def test_what_teams_would_not_take_is_a_violation(teams: TeamsStandIn, headers: dict[str, str]) -> None:
    address, _ = teams.place_for(ann(teams), "report.docx")
    assert put(address, headers) in (httpx2.codes.BAD_REQUEST, httpx2.codes.UNAUTHORIZED)
    assert len(teams.violations) == 1


def test_a_place_is_kept_for_a_while_and_for_whoever_has_its_whole_address(teams: TeamsStandIn) -> None:
    address, _ = teams.place_for(ann(teams), "report.docx")
    assert put(address.partition("?")[0], ALL) == httpx2.codes.NOT_FOUND
    Now.seconds += UPLOAD_SECONDS
    assert put(address, ALL) == httpx2.codes.NOT_FOUND
