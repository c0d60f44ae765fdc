"""`run` as an operator meets it: it serves, says how it is, and refuses in one sentence what it cannot do."""

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from cryptography.fernet import Fernet

from storage.database import make_engine, transaction
from storage.encrypted import check_keys
from tests.cast import BOT_TOKEN, IRO, settle
from tests.databases import SERVER, WORKER, drop_scratch_database, make_scratch_database, without_server
from tests.stories.programs import Machine, machine, own_database, wait_until
from tests.world import SIGNING_SECRET


@pytest.fixture
def anyshire(tmp_path: Path) -> Iterator[Machine]:
    """The service's machine, on SQLite."""
    with own_database("sqlite", tmp_path) as engine, machine(engine, tmp_path) as ours:
        settle(engine)
        yield ours


@pytest.mark.slow
def test_it_says_that_it_lives_that_it_is_ready_and_what_waits_and_keeps_a_second_one_out(anyshire: Machine) -> None:
    with anyshire.running() as program, httpx2.Client(base_url=program.address, trust_env=False) as browser:
        assert browser.get("/healthz").text == "alive\n"
        assert browser.get("/readyz").text == "ready\n"
        assert "iro_bot_outbox_owed 0.0\n" in browser.get("/metrics").text
        assert browser.get("/metrics", headers={"X-Forwarded-For": "192.0.2.1"}).status_code == 404
        assert browser.get("/file/unknown").status_code == 404
        assert "concern" in anyshire.person(IRO, program).command("/iro help").text

        said = anyshire.refused()
        assert said[-1].startswith("Another iro-bot is running on ")
        assert said[-1].endswith(": stop it first.")

        forget_the_schema(anyshire)
        wait_until(program, lambda: browser.get("/readyz").status_code == 503)  # it is not read anew at each request
        unready = browser.get("/readyz")
        assert "The database is not at the schema of this version: run iro-bot migrate." in unready.text
    for secret in (BOT_TOKEN, SIGNING_SECRET, anyshire.settings["ENCRYPTION_KEYS"]):
        assert secret not in program.logged


def forget_the_schema(ours: Machine) -> None:
    """Make the database look like another version's."""
    engine = make_engine(ours.settings["DATABASE_URL"])
    with engine.execution_options(writes=True).begin() as connection:
        connection.exec_driver_sql("DELETE FROM alembic_version")
    engine.dispose()


@pytest.mark.slow
def test_what_it_cannot_start_with_it_refuses_in_one_sentence(anyshire: Machine) -> None:
    (nothing,) = anyshire.refused(SLACK_BOT_TOKEN="", SLACK_SIGNING_SECRET="", WORKSPACE="false")
    assert nothing.startswith("There are no credentials of a platform")

    engine = make_engine(anyshire.settings["DATABASE_URL"])
    with transaction(engine, None) as session:
        check_keys(session)
    engine.dispose()
    (strange,) = anyshire.refused(ENCRYPTION_KEYS=Fernet.generate_key().decode())
    assert "ENCRYPTION_KEYS" in strange


@pytest.mark.slow
@pytest.mark.postgres
def test_on_postgresql_it_does_not_start_before_the_schema_was_migrated(tmp_path: Path) -> None:
    name = f"{WORKER}_behind"
    if not make_scratch_database(name):
        without_server()
    engine = make_engine(f"{SERVER.rpartition('/')[0]}/{name}")
    try:
        with machine(engine, tmp_path) as ours:
            (said,) = ours.refused()
            assert said.startswith("The database is not at the schema of this version: run `")
            assert said.endswith(" migrate` once.")
    finally:
        engine.dispose()
        drop_scratch_database(name)
