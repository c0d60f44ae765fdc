"""Whoever is not Teams gets nowhere: nothing is done, nothing is kept, nothing is sent, and nobody else waits."""

import json
import logging
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import httpx2
import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from bot.teams import consents, installs, parsing
from bot.teams.gate import read
from storage.conversations import Conversation
from storage.database import transaction
from tests.at_work import teams_of
from tests.bench import utc
from tests.cast import AUTHORITY, CHILD, IRO, OUTSIDER, TEAM_MANAGER
from tests.databases import sqlite_engine
from tests.slack_standin.jsontypes import Json
from tests.stories.repeats import effects, log_at_stage_1
from tests.teams_standin import TeamsStandIn, activities
from tests.teams_standin.delivery import Delivery
from tests.teams_standin.records import card_of
from tests.teams_standin.signing import (
    FOREIGN_KEY,
    KEY,
    key,
    key_id,
    key_set,
    signed_token,
    token_signed_with_the_public_key,
    unsigned_token,
    with_another_content,
)
from tests.teams_world import TeamsWorld, teams_world, world_beside

MORNING = utc("2026-11-30")
HOUR = 3600
REFUSED = (401, 403)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[TeamsWorld]:
    """A concern at stage 1, so that there is something to reply to."""
    for engine in sqlite_engine(tmp_path):
        with teams_world(engine, MORNING) as made:
            log_at_stage_1(made)
            yield made


class Stillness:
    """What must not have changed: nothing was done, kept or sent."""

    def __init__(self, world: TeamsWorld) -> None:
        self._world = world
        self._before = self._now()

    def holds(self) -> bool:
        return self._now() == self._before

    def _now(self) -> tuple[dict[str, int], int, int, int]:
        self._world.beat()
        with transaction(self._world.engine, AUTHORITY, writes=False) as session:
            kept = len(session.exec(select(Conversation)).all())
        teams = self._world.standin
        calls = [call for call in teams.calls if call.operation not in ("openid", "keys")]
        return effects(self._world), kept, len(calls), len(teams.messages)


class KeptBack(Delivery):
    """Sends nothing, and answers as a bot that closes the dialog."""

    def __init__(self, usual: Delivery) -> None:
        self.address = usual.address
        self.sent: Json = {}

    def send(self, activity: Json) -> Json:
        """Keep the activity."""
        self.sent = activity
        return {}


def command(world: TeamsWorld, who: str = IRO, **changed: object) -> Json:
    """A command that would be answered."""
    person = world.people[who]
    return activities.typed(person.activity("message"), f"concern {CHILD}") | changed


def the_reply(world: TeamsWorld) -> Json:
    """A reply that would be taken: the form is filled in, and sent by nobody yet."""
    person = world.people[TEAM_MANAGER]
    form = person.press(world.last(TEAM_MANAGER), "Reply")
    usual = person.delivery
    person.delivery = kept_back = KeptBack(usual)
    person.submit(form, {"Answer": "Agreed and done", "What will happen": "It is done."})
    person.delivery = usual
    return kept_back.sent


def forged_tokens(world: TeamsWorld) -> dict[str, str | None]:
    teams = world.standin
    app, url, now = teams.app_id, teams.service_url, int(time.time())
    good = signed_token(app, url)
    published = json.dumps(key_set())
    return {
        "none": None,
        "garbage": "garbage",
        "three dots": "a.b.c",
        "another audience": signed_token("another-app", url),
        "no audience": signed_token(app, url, without="aud"),
        "another issuer": signed_token(app, url, issuer="https://evil.example"),
        "the issuer of Entra": signed_token(app, url, issuer=f"https://login.microsoftonline.com/{app}/v2.0", tid=app),
        "the old issuer of Entra": signed_token(app, url, issuer=f"https://sts.windows.net/{app}/", tid=app),
        "no issuer": signed_token(app, url, without="iss"),
        "another key": signed_token(app, url, key_name=FOREIGN_KEY),
        "another key under the name of the published one": jwt.encode(
            jwt.decode(good, options={"verify_signature": False}),
            key(FOREIGN_KEY),
            algorithm="RS256",
            headers={"kid": key_id(KEY)},
        ),
        "a key the token brings itself": jwt.encode(
            jwt.decode(good, options={"verify_signature": False}),
            key(FOREIGN_KEY),
            algorithm="RS256",
            headers={"jwk": json.loads(published)["keys"][0], "jku": "https://evil.example/keys"},
        ),
        "expired": signed_token(app, url, exp=now - HOUR, nbf=now - 2 * HOUR),
        "no end": signed_token(app, url, without="exp"),
        "not yet valid": signed_token(app, url, nbf=now + HOUR, exp=now + 2 * HOUR),
        "another service URL": signed_token(app, "https://evil.example/"),
        "no service URL": signed_token(app, url, without="serviceurl"),
        "unsigned": unsigned_token(app, url),
        "signed with the public key": token_signed_with_the_public_key(app, url),
        "changed after signing": with_another_content(signed_token("another-app", url), aud=app),
        "its signature cut off": good.rpartition(".")[0] + ".",
        "the bot's own token": teams.outbound_token,
    }


@pytest.mark.slow
def test_no_forged_token_gets_in(world: TeamsWorld) -> None:
    reply, still = the_reply(world), Stillness(world)
    for name, token in forged_tokens(world).items():
        for activity in (command(world), reply, activities.installed(world.people[IRO].activity("installationUpdate"))):
            status, _ = world.people[IRO].delivery.posted(json.dumps(activity), token)
            assert status in REFUSED, f"{name}: {status}"
    assert still.holds()
    assert world.people[TEAM_MANAGER].delivery.posted(json.dumps(reply))[0] == 200
    assert not still.holds(), "the same reply with a genuine token is taken"


def test_an_odd_token_is_refused_without_a_word_in_the_log(world: TeamsWorld, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    teams, still = world.standin, Stillness(world)
    good = signed_token(teams.app_id, teams.service_url)
    head, claims, made = good.split(".")
    nested = urlsafe_b64encode(b'{"kid":' + b"[" * 3000 + b"]" * 3000 + b"}").rstrip(b"=").decode()
    strange = [good + "é", f"{head}.{claims}.é", "é", "²" * 40, "." * 400, "9" * 400, f"{nested}.{claims}.{made}"]
    strange += [f"{head}.{nested}.{made}", f"{head}.{claims}", f"{head}..{made}", f"{head}.{claims}.{made}.{made}"]
    address = world.people[IRO].delivery.address
    with httpx2.Client(trust_env=False) as client:
        for token in strange:
            headers = [(b"authorization", b"Bearer " + token.encode("latin-1"))]
            for body in (json.dumps(command(world)).encode(), b"{", b""):
                assert client.post(address, content=body, headers=headers).status_code == 401, token[:60]
    assert caplog.text == ""
    assert still.holds()


@pytest.mark.slow
def test_other_ways_to_say_who_one_is_count_for_nothing(world: TeamsWorld) -> None:
    teams, still = world.standin, Stillness(world)
    good = signed_token(teams.app_id, teams.service_url)
    address, body = world.people[IRO].delivery.address, json.dumps(command(world))
    for headers in (
        {"Authorization": f"Basic {good}"},
        {"Authorization": good},
        {"Authorization": "Bearer"},
        {"Authorization": f"Bearer {good} {good}"},
        {"X-Authorization": f"Bearer {good}"},
        {"Cookie": f"token={good}"},
        {"x-ms-agents-playground": "true"},
        {"Authorization": f"Bearer {'a' * 30_000}"},
    ):
        answer = httpx2.post(address, content=body, headers=headers, trust_env=False)
        assert answer.status_code in (*REFUSED, 400, 431), headers
    assert still.holds()


def test_a_genuine_token_does_not_prove_another_address_tenant_or_channel(world: TeamsWorld) -> None:
    still, foreign = Stillness(world), "ffffffff-bbbb-4ccc-8ddd-eeeeeeeeeeee"
    genuine = command(world)
    conversation, data = genuine["conversation"], genuine["channelData"]
    for name, changed in {
        "another service URL": {"serviceUrl": "https://evil.example/"},
        "a service URL with a name before it": {"serviceUrl": genuine["serviceUrl"].replace("//", "//u@")},
        "no service URL": {"serviceUrl": None},
        "a foreign tenant": {
            "conversation": conversation | {"tenantId": foreign},
            "channelData": {"tenant": {"id": foreign}},
        },
        "two tenants": {"channelData": {"tenant": {"id": foreign}}},
        "the other two tenants": {"conversation": conversation | {"tenantId": foreign}},
        "no tenant": {"conversation": {"id": conversation["id"]}, "channelData": {}},
        "a tenant that is a list": {"conversation": {"id": "a"}, "channelData": {"tenant": {"id": [foreign]}}},
        "another channel": {"channelId": "directline"},
        "no channel": {"channelId": None},
    }.items():
        status, _ = world.people[IRO].delivery.posted(json.dumps({**genuine, **changed}))
        assert status in REFUSED, f"{name}: {status}"
    assert data == genuine["channelData"]
    assert still.holds()


def test_somebody_of_the_tenant_whom_the_service_does_not_know_can_do_nothing(world: TeamsWorld) -> None:
    before = effects(world)
    stranger = world.standin.add_user("sly.stone", "Sly Stone", "sly@elsewhere.example")
    pretender = command(world, OUTSIDER) | {
        "from": {"id": stranger.id, "name": "Ann Lee", "aadObjectId": stranger.aad_object_id},
        "conversation": command(world)["conversation"] | {"id": world.standin.personal_chat(stranger).id},
    }
    assert world.people[IRO].delivery.posted(json.dumps(pretender))[0] == 200
    (told,) = world.standin.chat_of(stranger)
    assert "I do not know you in this service yet." in json.dumps(told.activity)
    assert effects(world) == before


def test_what_is_no_activity_of_ours_is_taken_and_left_alone(world: TeamsWorld) -> None:
    person, still = world.people[IRO], Stillness(world)
    strange: list[Json] = [
        person.activity(kind) for kind in ("typing", "event", "messageReaction", "endOfConversation", "nonsense", "")
    ]
    strange += [activities.invoke(person.activity("invoke"), name, {}) for name in ("composeExtension/query", "x", "")]
    strange.append(person.activity("message") | {"type": None})
    strange.append(person.activity("message") | {"type": ["message"]})
    strange.append(activities.invoke(person.activity("invoke"), "task/fetch", {"data": {"action": None}}))
    strange.append(activities.invoke(person.activity("invoke"), "adaptiveCard/action", {"action": "x"}))
    strange.append(person.activity("message") | {"text": None, "value": []})
    strange.append(person.activity("conversationUpdate") | {"membersAdded": "everybody"})
    strange.append(person.activity("message") | {"entities": [{"type": "somethingNew", "x": {"y": [1]}}], "text": None})
    for activity in strange[:-1]:
        status, text = person.delivery.posted(json.dumps(activity))
        assert status == 200, f"{activity}: {text}"
    for broken in ("{}", "[]", "null", '"message"', "5"):
        status, _ = person.delivery.posted(broken)
        assert status in (200, 400, 401), broken
    assert effects(world) == still._before[0]


def placed(world: TeamsWorld) -> Json:
    """A place for a file, as Teams names one."""
    address, place = world.standin.place_for(world.people[TEAM_MANAGER].user, "report.docx")
    return activities.upload_info(place, address)


STRANGE: tuple[object, ...] = (None, 7, 2**70, True, "x", ["x"], {"x": ["y"]})


def bent(activity: Json) -> Iterator[Json]:
    """The activity over and over, each time with one of its parts replaced by something strange, or left out."""
    for path in paths(activity):
        for strange in (*STRANGE, Ellipsis):
            copy = json.loads(json.dumps(activity))
            holder = copy
            for step in path[:-1]:
                holder = holder[step]
            if strange is Ellipsis:
                del holder[path[-1]]
            else:
                holder[path[-1]] = strange
            yield copy


def paths(part: object, above: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    inside = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for step, value in inside:
        yield (*above, step)
        yield from paths(value, (*above, step))


NAMES = "type id name text value data action ours from conversation channelData tenant recipient entities attachments"
NAMES += " membersAdded context uploadInfo run page kept as"
names = st.sampled_from(NAMES.split())
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None), max_size=5),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(names, inside, max_size=4),
    max_leaves=10,
)
kinds = st.sampled_from([*parsing.TYPES, "invoke", "", None])
invoked = st.sampled_from([*parsing.INVOKES, ""])


@given(parts=st.dictionaries(names, anything), kind=kinds, name=invoked, value=anything)
def test_whatever_teams_signs_is_read_or_refused_and_never_an_error(
    parts: dict[str, object], kind: str | None, name: str, value: object
) -> None:
    where = {"from": {"id": "29:x"}, "conversation": {"id": "a:x", "conversationType": "personal"}, "value": value}
    activity = read(json.dumps({**where, **parts, "type": kind, "name": name}).encode())
    if activity is None:
        return
    done = parsing.act(activity)
    assert parsing.is_ours(activity) in (True, False)
    assert isinstance(parsing.tenant_of(activity), str)
    for told in (consents.consent(activity), installs.change(activity), done):
        repr(told).encode()  # whatever comes through can be written down
    assert done is None or done.run is None or abs(done.run) < 2**53


@given(body=st.binary(max_size=60))
def test_no_body_at_all_stops_the_reader(body: bytes) -> None:
    for whole in (body, b"{" + body, b'{"type":' + body + b"}"):
        assert read(whole) is None or isinstance(read(whole), dict)


@pytest.mark.slow
def test_no_bent_activity_is_an_error_of_ours(world: TeamsWorld) -> None:
    teams, person = teams_of(world.service), world.people[TEAM_MANAGER]
    pressed = world.last(TEAM_MANAGER)
    card = card_of(pressed.activity)
    assert card is not None
    (row,) = [part for part in card["body"] if part["type"] == "ActionSet"]
    data = row["actions"][0]["data"]
    straight = [
        activities.typed(person.activity("message"), "concern list"),
        activities.mentioned(person.activity("message", world.standin.channel()), "concern list"),
        activities.pressed(person.activity("message"), data, pressed.id),
        activities.invoke(person.activity("invoke"), "task/fetch", activities.fetched(data), pressed.id),
        activities.invoke(person.activity("invoke"), "adaptiveCard/action", activities.executed({}, data), pressed.id),
        activities.installed(person.activity("installationUpdate")),
        activities.members_added(person.activity("conversationUpdate")),
        activities.consented(person.activity("invoke"), {"ours": {"offer": "x"}}, pressed.id, placed(world)),
        the_reply(world),
    ]
    broken = []
    for number, activity in enumerate(one for each in straight for one in bent(each)):
        known = teams.edge.alarms
        status, _ = person.delivery.posted(json.dumps(activity | {"id": f"{activity.get('id')}-{number}"}))
        if status not in (200, 400, *REFUSED) or teams.edge.alarms > known:
            broken.append((status, activity))
    assert broken == []


def test_what_is_no_json_or_too_large_is_refused(world: TeamsWorld) -> None:
    still = Stillness(world)
    deliver = world.people[IRO].delivery.posted
    deep = json.dumps(command(world, entities=json.loads("[" * 200 + "]" * 200)))
    for body in (b"", b"{", b"\xff\xfe{}", b"type=message", b"[" * 100_000, b'{"a":' * 50_000, deep):
        assert deliver(body)[0] == 400, body[:20]
    assert deliver(json.dumps(command(world)).replace('"type"', '"x": NaN, "type"'))[0] == 400
    assert deliver(json.dumps(command(world, text="a" * 300_000)))[0] == 413
    assert deliver(json.dumps(command(world, text="a" * 300_000)), None)[0] in (*REFUSED, 413)
    assert still.holds()


def test_the_same_activity_twice_has_one_effect_and_one_answer(world: TeamsWorld) -> None:
    teams, person = world.standin, world.people[TEAM_MANAGER]
    typed = json.dumps(activities.typed(person.activity("message"), "concern C-1"))
    known, reply = len(teams.chat_of(person.user)), json.dumps(the_reply(world))
    assert [person.delivery.posted(typed)[0] for _ in range(3)] == [200] * 3
    assert len(teams.chat_of(person.user)) == known + 1

    first, again = person.delivery.posted(reply), person.delivery.posted(reply)
    assert first == again
    assert "is with the IRO" in first[1]
    world.beat()
    assert world.titles(IRO) == ["Tess Hill has replied to C-1"]


# the keys


@pytest.fixture
def keyless(tmp_path: Path) -> Iterator[TeamsWorld]:
    """A world that could not read the keys when it started."""
    for engine in sqlite_engine(tmp_path):
        with TeamsStandIn() as teams:
            teams.fail_next("openid", status=503)
            with world_beside(teams, engine, MORNING) as made:
                yield made


def test_while_the_keys_are_slow_to_come_nobody_else_waits(keyless: TeamsWorld) -> None:
    teams, person = keyless.standin, keyless.people[IRO]
    teams.fail_next("openid", delay=2)
    asking = Thread(target=person.install)
    asking.start()
    try:
        teams.wait_until(lambda: teams.faults.left("openid") == 0)
        began = time.monotonic()
        assert httpx2.get(f"{person.bot_url}/healthz", trust_env=False).status_code == 200
        assert httpx2.post(f"{person.bot_url}/slack/events", content="a=b", trust_env=False).status_code == 401
        assert time.monotonic() - began < 1.5
    finally:
        asking.join()
    assert "Log a concern" in person.command(f"/concern {CHILD}").text, "once the keys are there, all is well"


def test_without_any_keys_nobody_is_believed_and_the_rest_works(keyless: TeamsWorld) -> None:
    teams, person = keyless.standin, keyless.people[IRO]
    teams.fail_next("openid", times=10, status=503)
    teams.fail_next("keys", times=10, drop_request=True)
    assert person.delivery.posted(json.dumps(command(keyless)))[0] in (401, 503)
    assert httpx2.get(f"{person.bot_url}/healthz", trust_env=False).status_code == 200
    assert [call.operation for call in teams.calls if call.operation not in ("openid", "keys")] == []
    teams.faults.clear()
