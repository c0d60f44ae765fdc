"""The command line: 0 done, 1 refused with one sentence, 2 wrong usage; and a year's figures come back as printed."""

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import time, timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from docx import Document

from bot.clock import real_clock
from bot.commands.importing import text_of
from bot.settings import Settings
from scheduling.working_days import at_local, local
from storage import history
from storage.database import make_engine, transaction
from storage.encrypted import Keyring, use_keyring
from tests.bench import Bench
from tests.cast import AUTHORITY, CHILD
from tests.command_line import iro_bot
from tests.databases import SERVER, WORKER, drop_scratch_database, make_scratch_database
from tests.handlers.steps import logged
from tests.rotherham_year import IRO, printed_cells, rotherham_year

ROOT = Path(__file__).parents[2]
ADMIN = "adam.poole@anyshire.example"
IN_SERVICE = "ann.lee@anyshire.example"
WORRY = "Nobody has written the plan."
STAFF = """email,name,roles,manager_email,team
dora.king@anyshire.example,Dora King,director,,
ann.lee@anyshire.example,Ann Lee,iro,dora.king@anyshire.example,IRO service
"""


@pytest.fixture(autouse=True)
def _own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder without .env, and an environment without settings."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An empty database of its own in DATABASE_URL: a SQLite file, or a new one on the PostgreSQL server."""
    if request.param == "sqlite":
        yield "sqlite:///iro-bot.db"
        return
    name = f"{WORKER}_cli"
    if not make_scratch_database(name):
        if os.environ.get("REQUIRE_POSTGRES") == "1":
            pytest.fail("no PostgreSQL answers")
        pytest.skip("no PostgreSQL answers")
    url = f"{SERVER.rpartition('/')[0]}/{name}"
    monkeypatch.setenv("DATABASE_URL", url)
    yield url
    drop_scratch_database(name)


def done(*arguments: str) -> str:
    """The output of a command that must end well."""
    result = iro_bot(*arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


def refused(*arguments: str) -> str:
    """The last line on stderr of a command that must be refused."""
    result = iro_bot(*arguments)
    assert result.exit_code == 1, result.output
    assert isinstance(result.exception, SystemExit)
    assert "Traceback" not in result.output
    return result.stderr.splitlines()[-1]


def figures_of_the_year() -> Mapping[str, list[dict[str, object]]]:
    printed: dict[str, Mapping[str, list[dict[str, object]]]] = json.loads(
        done("figures", "--from", "2015-04-01", "--to", "2016-03-31", "--json")
    )
    return printed["tables"]


@pytest.mark.slow
def test_a_year_imported_by_the_command_line_gives_back_the_printed_cells_with_right_totals(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROCEDURES", "rotherham")
    Path("year.csv").write_text(rotherham_year(), encoding="utf-8")
    done("migrate")
    done("people", "admin", IRO, "--new")

    imported = done("import", "concerns", "year.csv")
    assert "133 concerns added" in imported
    assert (
        '33 of them are open and have no clock until the IRO presses "Carry on": each stands in their day.' in imported
    )

    *months, total = figures_of_the_year()["concerns_by_month"]
    assert [{name: str(cell) for name, cell in month.items()} for month in months] == printed_cells()
    assert total == {"month": "total", "informal": 66, "stage_1": 114, "stage_2": 19, "stage_3": 1, "cafcass": 0}


def test_private_signs_are_left_out_of_a_file_that_is_imported(tmp_path: Path) -> None:
    path = tmp_path / "staff.csv"
    path.write_text("email,name\na@b.example,\ue000Ann\uf0b7 Lee\n", encoding="utf-8")
    assert text_of(path) == "email,name\na@b.example,Ann Lee\n"


@pytest.mark.slow
def test_importing_the_year_again_changes_no_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROCEDURES", "rotherham")
    Path("year.csv").write_text(rotherham_year(), encoding="utf-8")
    done("people", "admin", IRO, "--new")
    done("import", "concerns", "year.csv")
    before = figures_of_the_year()

    assert "0 concerns added, 133 imported before" in done("import", "concerns", "year.csv")
    assert figures_of_the_year() == before


@pytest.mark.slow
def test_a_dry_run_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROCEDURES", "rotherham")
    Path("year.csv").write_text(rotherham_year(), encoding="utf-8")
    done("people", "admin", IRO, "--new")

    assert "Nothing was changed (dry run)" in done("import", "concerns", "year.csv", "--dry-run")
    assert figures_of_the_year()["concerns_and_children"][0]["concerns"] == 0


def test_a_wrong_file_is_refused_with_every_place_named() -> None:
    Path("wrong.csv").write_text("reference,child,raised_on,raised_by\nA,xx,soon,x@y.example\n", encoding="utf-8")

    result = iro_bot("import", "concerns", "wrong.csv")
    assert result.exit_code == 1
    said = result.stderr.splitlines()
    assert [line.partition(":")[0] for line in said[:-1]] == ["line 2, raised_on", "line 2, child", "line 2, raised_by"]
    assert said[-1].startswith("Nothing was imported: 3 places are wrong")


@pytest.mark.slow
def test_staff_come_in_and_can_be_looked_up() -> None:
    Path("staff.csv").write_text(STAFF, encoding="utf-8")

    assert "2 added" in done("import", "staff", "staff.csv")
    shown = done("people", "show", "Ann.Lee@anyshire.example")
    assert "roles: IRO\n" in shown
    assert "manager: Dora King (dora.king@anyshire.example)" in shown
    assert "2 unchanged" in done("import", "staff", "staff.csv")


def test_a_file_that_is_not_there_or_not_utf_8_is_refused_in_a_sentence() -> None:
    Path("latin.csv").write_bytes("email,name\na@b.example,Zo\xeb\n".encode("latin-1"))

    assert refused("import", "staff", "nowhere.csv") == "nowhere.csv cannot be read: No such file or directory."
    assert refused("import", "staff", "latin.csv").startswith("latin.csv is not UTF-8")


@pytest.mark.slow
def test_the_first_administrator_is_made_once_and_it_is_recorded() -> None:
    assert done("people", "admin", ADMIN.upper(), "--new") == f"{ADMIN} is now an administrator.\n"
    assert done("people", "admin", ADMIN) == f"{ADMIN} is an administrator already.\n"

    engine = make_engine("sqlite:///iro-bot.db")
    with transaction(engine, "local", writes=False) as session:
        assert [entry.what for entry in history.entries(session, "person:1")] == ["made administrator"]
        assert [entry.what for entry in history.entries(session, "authority")] == ["set up"]
    engine.dispose()


def test_what_is_no_address_and_who_is_unknown_are_refused() -> None:
    assert refused("people", "admin", "adam").startswith("adam is no e-mail address")
    assert refused("people", "admin", ADMIN) == (
        f"Nobody here has the address {ADMIN}: check it, or add --new for somebody not known yet."
    )
    assert refused("people", "show", ADMIN).startswith(f"Nobody has the address {ADMIN}")


def test_a_person_is_given_another_address_and_what_they_had_before_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENCRYPTION_KEYS", Fernet.generate_key().decode())
    done("people", "admin", ADMIN, "--new")
    assert done("people", "rename", ADMIN, "adam.hart@a.example") == (
        "Adam Poole is now known as adam.hart@a.example. Everything that is theirs stays theirs.\n"
    )
    shown = done("people", "show", "adam.hart@a.example").splitlines()
    assert "roles: Administrator" in shown
    assert shown[2].startswith(f"before: {ADMIN}, until 20")
    assert refused("people", "rename", ADMIN, "other@a.example").startswith(f"Nobody has the address {ADMIN}")


def test_changed_procedures_are_put_in_force_and_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    done("audit", "verify")
    monkeypatch.setenv("PROCEDURES", "rotherham")
    done("audit", "verify")
    done("audit", "verify")

    engine = make_engine("sqlite:///iro-bot.db")
    with transaction(engine, "local", writes=False) as session:
        recorded = [entry.what for entry in history.entries(session, "authority")]
    engine.dispose()
    assert recorded == ["set up", "procedures changed"]


def test_an_altered_history_is_named_and_fails() -> None:
    done("people", "admin", ADMIN, "--new")
    engine = make_engine("sqlite:///iro-bot.db")
    with engine.execution_options(writes=True).begin() as connection:
        names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars()
        for name in list(names):
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.exec_driver_sql("UPDATE history SET what = 'nothing' WHERE chain = 'person:1'")
    engine.dispose()

    result = iro_bot("audit", "verify")
    assert result.exit_code == 1
    assert "person:1, entry 1: it was altered." in result.stderr


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("PORT", "abc", "PORT is wrong: give a number from 0 to 65535."),
        ("PROCEDURES", "nowhere.toml", "nowhere.toml:1: error: The file cannot be read"),
        ("DATABASE_URL", "mysql://a/b", "DATABASE_URL names mysql"),
        ("DATABASE_URL", "postgresql+psycopg://iro:hidden-word@127.0.0.1:1/iro", "The database postgresql+psycopg"),
    ],
)
def test_a_wrong_setting_stops_every_command_with_one_line(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)

    result = iro_bot("figures", "--from", "2026-04-01", "--to", "2026-04-30")
    assert result.exit_code == 1
    assert result.stderr.startswith(said)
    assert len(result.stderr.splitlines()) == 1
    assert "hidden-word" not in result.output


@pytest.mark.parametrize(
    "arguments",
    [
        ("figures", "--from", "2026-04-01"),
        ("figures", "--from", "1 April", "--to", "2026-04-30"),
        ("figures", "--from", "2026-05-01", "--to", "2026-04-30"),
        ("import", "horses", "file.csv"),
        ("export", "concern", "C-1", "--out", ".", "--as", ADMIN),
        ("dance",),
    ],
)
def test_wrong_usage_ends_with_2(arguments: tuple[str, ...]) -> None:
    assert iro_bot(*arguments).exit_code == 2


def test_an_authority_that_does_not_exist_is_refused_with_those_that_do() -> None:
    said = refused("audit", "verify", "--authority", "elsewhere")

    assert said == "There is no authority called elsewhere: choose one of local."


def test_run_with_nothing_to_serve_says_what_is_missing_and_what_to_try(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKSPACE", "false")
    said = refused("run")

    assert "SLACK_BOT_TOKEN" in said
    assert "iro-bot demo" in said


@pytest.mark.parametrize(
    ("given", "value", "missing"),
    [
        ("SLACK_BOT_TOKEN", "xoxb-made-up", "SLACK_SIGNING_SECRET (or, for Socket Mode, SLACK_APP_TOKEN)"),
        ("SLACK_SIGNING_SECRET", "made up", "SLACK_BOT_TOKEN"),
        ("SLACK_APP_TOKEN", "xapp-made-up", "SLACK_BOT_TOKEN"),
        ("TEAMS_TENANT_ID", "00000000-0000-0000-0000-000000000001", "TEAMS_APP_ID"),
    ],
)
def test_run_with_half_of_a_platforms_credentials_names_the_other_half(
    monkeypatch: pytest.MonkeyPatch, given: str, value: str, missing: str
) -> None:
    monkeypatch.setenv(given, value)
    assert refused("run").startswith(f"{given} is set, but {missing} is missing: put it into .env as docs/install-")


def test_a_port_that_is_in_use_is_named_before_anything_is_started(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        said = refused("run")
    assert said == f"Port {port} of 127.0.0.1 is in use: stop what uses it, or set PORT to another number."
    assert not (tmp_path / "iro-bot-sample.db").exists()


@pytest.mark.postgres
def test_on_postgresql_only_migrate_makes_the_schema(monkeypatch: pytest.MonkeyPatch) -> None:
    name = f"{WORKER}_behind"
    if not make_scratch_database(name):
        pytest.skip("no PostgreSQL answers")
    monkeypatch.setenv("DATABASE_URL", f"{SERVER.rpartition('/')[0]}/{name}")
    try:
        assert refused("audit", "verify").endswith("run `iro-bot migrate` once.")
        done("migrate")
        assert done("migrate") == "The database was up to date already.\n"
        done("audit", "verify")
    finally:
        drop_scratch_database(name)


@pytest.mark.slow
def test_a_database_of_a_newer_version_is_refused_and_not_copied() -> None:
    done("migrate")
    engine = make_engine("sqlite:///iro-bot.db")
    with engine.execution_options(writes=True).begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    engine.dispose()

    for command in (("audit", "verify"), ("migrate",)):
        assert refused(*command) == "A newer version of iro-bot has changed the database: run that version."
    assert list(Path().glob("*.before-*")) == []


def test_procedures_are_listed_checked_and_explained() -> None:
    listed = done("procedures", "list")
    assert "handbook: IRO Handbook, 3 stages (in use)" in listed
    assert "rotherham: Rotherham, 3 stages" in listed
    assert done("procedures", "check", "rotherham").endswith("rotherham.toml can be used.\n")
    assert "Rotherham" in done("procedures", "explain", "rotherham")


def test_procedures_with_an_error_are_refused_by_line() -> None:
    Path("ours.toml").write_text('extends = "handbook"\nkey = "ours"\nname = "Ours"\nstagse = 3\n', encoding="utf-8")

    result = iro_bot("procedures", "check", "ours.toml")
    assert result.exit_code == 1
    assert "ours.toml:4: error:" in result.stderr


def test_doctor_names_each_failure_with_its_mend_and_fails() -> None:
    done("migrate")

    result = iro_bot("doctor")
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert [line.split()[1].rstrip(":") for line in lines] == [
        "settings", "keys", "procedures", "Slack", "database", "clock", "migrations", "people"
    ]  # fmt: skip
    failed = [line for line in lines if line.startswith("FAIL")]
    assert [line.split()[1] for line in failed] == ["keys:", "Slack:", "people:"]
    assert "Run `iro-bot import staff FILE`." in failed[-1]


def test_doctor_names_missing_keys_and_the_command_that_makes_one_before_there_is_a_database(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert database
    monkeypatch.setenv("SLACK_API_BASE_URL", "http://127.0.0.1:9/api/")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-made-up")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "signing")

    result = iro_bot("doctor")
    assert result.exit_code == 1
    (line,) = [line for line in result.stdout.splitlines() if "keys" in line]
    assert line.startswith("FAIL  keys: ENCRYPTION_KEYS is not set.")
    assert "`iro-bot keys make` makes one for new data." in line

    Path(".env").write_text(done("keys", "make"), encoding="utf-8")
    assert "keys" not in "".join(line for line in iro_bot("doctor").stdout.splitlines() if line.startswith("FAIL"))


def test_doctor_says_that_there_is_no_database_yet_and_makes_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:///deep/mistyped.db")
    said = iro_bot("doctor").stdout
    assert "ok  database: sqlite:///deep/mistyped.db is not there yet: the first start makes it." in said
    assert list(Path().iterdir()) == []


def test_run_without_keys_says_how_to_make_one_and_makes_no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-made-up")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "signing")

    said = refused("run")
    assert said.startswith("ENCRYPTION_KEYS is not set, and what people write is stored encrypted.")
    assert said.endswith("`iro-bot keys make` makes one for new data.")
    assert list(Path().iterdir()) == []


def test_doctor_names_missing_keys_where_the_database_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg://iro@127.0.0.1:1/iro")

    failed = [line for line in iro_bot("doctor").stdout.splitlines() if line.startswith("FAIL")]
    assert [line.split()[1] for line in failed] == ["keys:", "Slack:", "database:"]
    assert failed[-1].endswith("refused. Check DATABASE_URL and that the server runs.")


def test_a_command_that_needs_keys_says_how_to_make_one() -> None:
    export = ("export", "child", CHILD, "--out", "out", "--as", ADMIN, "--reason", "court")
    assert "`iro-bot keys make` makes one" in refused(*export)


def test_a_key_is_made_as_the_line_for_env_and_alone_where_there_are_keys_right_or_wrong() -> None:
    first = iro_bot("keys", "make")
    name, _, key = first.stdout.strip().partition("=")
    assert name == "ENCRYPTION_KEYS"
    assert Keyring(key).unlock(Keyring(key).lock("words")) == "words"
    assert key not in first.stderr
    assert "apart from the backups" in first.stderr
    assert not Path("iro-bot.db").exists()

    for there in (first.stdout, "ENCRYPTION_KEYS=changeme\n"):
        Path(".env").write_text(there, encoding="utf-8")
        again = iro_bot("keys", "make")
        Keyring(again.stdout.strip())
        assert again.stdout.strip() != key
        assert "in front of the others" in again.stderr
    assert refused("audit", "verify").endswith("`iro-bot keys make` makes one.")
    Path(".env").write_bytes(b"ENCRYPTION_KEYS=\xe9")
    assert refused("keys", "make") == "The file .env cannot be read: make it UTF-8 text that you may read."


def test_the_version_is_said() -> None:
    assert re.fullmatch(r"iro-bot \d+\.\d+\.\d+\n", done("--version"))


def test_the_version_of_a_checkout_that_is_not_installed_is_that_of_its_project_file() -> None:
    alone = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from bot.version import version; print(version())"
    said = subprocess.run([sys.executable, "-I", "-S", "-c", alone], capture_output=True, text=True, check=True).stdout
    assert f"iro-bot {said}" == done("--version")


def test_doctor_says_that_keys_do_not_fit_without_showing_them(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = (Fernet.generate_key().decode() for _ in range(2))
    monkeypatch.setenv("ENCRYPTION_KEYS", first)
    refused("export", "concern", "C-1", "--out", "out", "--as", ADMIN, "--reason", "court")
    assert "ok  keys: they fit what is stored." in iro_bot("doctor").stdout

    monkeypatch.setenv("ENCRYPTION_KEYS", second)
    said = iro_bot("doctor").stdout
    assert "FAIL  keys: ENCRYPTION_KEYS does not fit the stored data" in said
    assert first not in said
    assert second not in said


@pytest.fixture
def concern(monkeypatch: pytest.MonkeyPatch) -> str:
    """A concern at stage 1 of an authority beside the usual one, logged at half past nine today."""
    done("migrate")
    key = Fernet.generate_key().decode()
    use_keyring(Keyring(key))
    engine = make_engine("sqlite:///iro-bot.db")
    ref = logged(Bench(engine, at_local(local(real_clock()).date(), time(9, 30))), 1, worries=WORRY)
    engine.dispose()
    monkeypatch.setenv("ENCRYPTION_KEYS", key)
    return ref


@pytest.mark.slow
def test_a_concern_is_exported_in_every_shape_readable_by_the_owner_alone(concern: str) -> None:
    export = ("export", "concern", concern, "--out", "out/court", "--as", IN_SERVICE, "--reason", "court")

    assert done(*export, "--authority", AUTHORITY).splitlines() == [
        f"out/court/concern-{concern}.docx",
        f"out/court/concern-{concern}.md",
        f"out/court/concern-{concern}.json",
    ]
    for shape in ("docx", "md", "json"):
        path = Path(f"out/court/concern-{concern}.{shape}")
        assert WORRY in (paragraphs(path) if shape == "docx" else path.read_text(encoding="utf-8"))
        assert path.stat().st_mode & 0o077 == 0
    assert done("audit", "verify", "--authority", AUTHORITY) == "The history stands as it was written.\n"


@pytest.mark.slow
def test_a_child_s_file_is_exported_in_every_shape(concern: str) -> None:
    export = ("export", "child", CHILD, "--out", "out", "--as", IN_SERVICE, "--reason", "court")

    done(*export, "--authority", AUTHORITY)
    assert sorted(path.name for path in Path("out").iterdir()) == [
        f"child-{CHILD}.docx", f"child-{CHILD}.json", f"child-{CHILD}.md"
    ]  # fmt: skip
    assert WORRY in paragraphs(Path(f"out/child-{CHILD}.docx"))
    assert concern in paragraphs(Path(f"out/child-{CHILD}.docx"))


def paragraphs(path: Path) -> str:
    return "\n".join(one.text for one in Document(str(path)).paragraphs)


@pytest.mark.slow
def test_an_export_in_one_shape_writes_that_one_alone(concern: str) -> None:
    export = ("export", "concern", concern, "--out", ".", "--as", IN_SERVICE, "--reason", "court")
    done(*export, "--authority", AUTHORITY, "--format", "json")

    assert [path.name for path in Path().glob("concern-*")] == [f"concern-{concern}.json"]


@pytest.mark.slow
def test_an_export_for_someone_not_entitled_writes_nothing(concern: str) -> None:
    export = ("export", "concern", concern, "--out", "out", "--as", "otto.gray@anyshire.example", "--reason", "x")

    assert refused(*export, "--authority", AUTHORITY).startswith(f"There is no {concern} here that you can open.")
    assert list(Path("out").glob("*")) == []


@pytest.mark.slow
def test_another_authority_s_concern_does_not_exist(concern: str) -> None:
    export = ("export", "concern", concern, "--out", "out", "--as", ADMIN, "--reason", "x")
    done("people", "admin", ADMIN, "--new")

    assert refused(*export).startswith(f"There is no {concern} here that you can open.")


@pytest.mark.slow
def test_upcoming_says_when_who_and_what_and_sends_nothing(concern: str) -> None:
    coming = done("upcoming", "--authority", AUTHORITY, "--until", _in_days(20))

    when, who, what = next(line for line in coming.splitlines() if "No reply" in line).split(" \N{EN DASH} ")
    assert when.startswith("5 pm, ")
    assert who == "Ann Lee"
    assert what == f"No reply to {concern} by {when.removeprefix('5 pm, ').rsplit(' ', 1)[0]}. What next?"
    assert done("upcoming", "--authority", AUTHORITY, "--until", _in_days(20)) == coming


@pytest.mark.slow
def test_a_team_that_does_not_exist_is_refused_with_those_that_do(concern: str) -> None:
    assert concern
    asked = ("figures", "--from", _in_days(0), "--to", _in_days(0), "--authority", AUTHORITY)
    assert refused(*asked, "--team", "Nort team") == (
        "There is no team Nort team. There are: Another service, Children in care, IRO service, North team, South team."
    )
    assert "concerns_by_month" in done(*asked, "--team", "north team")


@pytest.mark.slow
def test_figures_and_imports_need_no_keys(concern: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ENCRYPTION_KEYS")
    today = _in_days(0)

    printed = json.loads(done("figures", "--from", today, "--to", today, "--json", "--authority", AUTHORITY))
    assert concern
    assert printed["tables"]["concerns_by_month"][-1]["stage_1"] == 1
    assert printed["tables"]["concerns_and_children"][0]["concerns"] == 1


def _in_days(days: int) -> str:
    return (local(real_clock()).date() + timedelta(days=days)).isoformat()


def test_an_export_needs_the_keys() -> None:
    said = refused("export", "concern", "C-1", "--out", "out", "--as", ADMIN, "--reason", "court")

    assert said.startswith("ENCRYPTION_KEYS is not set")


@pytest.mark.slow
def test_nothing_to_come_is_said_and_a_past_day_refused() -> None:
    assert done("upcoming").startswith("Nothing would be sent up to ")
    assert refused("upcoming", "--until", "2001-01-01").startswith("2001-01-01 lies in the past")


def test_the_day_of_the_start_is_set_moved_and_refused_where_it_is_none() -> None:
    assert done("golive", _in_days(30)).startswith("Everybody starts on ")
    assert "It was to be " in done("golive", _in_days(60))
    assert refused("golive", "2001-01-01").endswith("has passed: give today or a day to come.")
    assert refused("golive", _in_days(30), "--team", "North") == (
        "Nobody is in a team called North. No team stands in the staff file."
    )


@pytest.mark.parametrize("day", ["0001-01-01", "1850-06-15", "2101-01-01", "9999-12-31"])
def test_days_that_cannot_be_are_refused_in_a_sentence(day: str) -> None:
    assert refused("upcoming", "--until", day).endswith(("from today on.", "give an earlier day."))
    assert "choose other dates" in refused("figures", "--from", min(day, "2026-04-01"), "--to", max(day, "2026-04-01"))
    begins = int(day[:4])
    year = f"{begins:04}-{(begins + 1) % 100:02}"
    assert refused("report", "annual", "--year", year, "--out", "out").endswith(".")


@pytest.mark.parametrize("day", ["x", "2026-02-30", "12/31/2026", "\N{SUPERSCRIPT TWO}026-12-01"])
@pytest.mark.parametrize("words", [("upcoming", "--until"), ("figures", "--from", "2026-04-01", "--to")])
def test_no_day_is_wrong_usage_with_the_way_to_write_one(words: tuple[str, ...], day: str) -> None:
    result = iro_bot(*words, day)
    assert result.exit_code == 2
    assert f"“{day}” is no date: write 2026-12-21 or 21/12/2026." in result.output


def test_the_same_commands_work_as_a_module_and_plain_in_a_pipe() -> None:
    command = [sys.executable, "-m", "bot", "figures", "--from", "2026-04-01", "--to", "2026-04-30"]
    ran = subprocess.run(
        command, capture_output=True, text=True, check=False, env=os.environ | {"PYTHONPATH": str(ROOT)}
    )

    assert ran.returncode == 0, ran.stderr
    assert "concerns_by_month" in ran.stdout
    assert "\x1b" not in ran.stdout + ran.stderr
