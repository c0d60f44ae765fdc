"""Setting up the demo's own database, playing the story, and showing the year's figures."""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.fernet import Fernet
from sqlalchemy import Engine

from bot.commands.plain_tables import plain_table
from bot.demo.people import STAFF, Service, populate
from bot.demo.sample_year import sample_year
from bot.demo.story import BEGINS, tell
from bot.demo.terminal import TERMINAL, say
from bot.demo.theatre import Theatre
from handlers.figures.making import figures
from handlers.figures.period import Period
from handlers.history_import import import_history
from handlers.office import Scene, rules_in_force
from handlers.tick import wake
from scheduling.procedures import Procedures, load_procedures, shipped_text
from storage import procedure_texts
from storage.authorities import Authority
from storage.database import make_engine, transaction
from storage.encrypted import Keyring, use_keyring
from storage.migrating import upgrade
from storage.tables import all_tables

AUTHORITY = "demo"
PROCEDURES = "rotherham"
CONCERN_TABLES = (
    "concerns_by_month",
    "concerns_by_highest_stage",
    "concerns_and_children",
    "reasons",
    "replies",
    "outcomes",
)
YEAR = Period(first=date(2026, 4, 1), last=date(2027, 3, 31))


def main() -> None:
    """Tell the whole case in a database of its own that is gone afterwards."""
    all_tables()
    with TemporaryDirectory(prefix="iro-bot-demo-") as folder:
        engine = make_engine(f"sqlite:///{Path(folder) / 'demo.db'}")
        use_keyring(Keyring(Fernet.generate_key().decode()))
        try:
            _play(engine)
        finally:
            use_keyring(None)
            engine.dispose()


def _play(engine: Engine) -> None:
    upgrade(engine)
    rules = load_procedures(PROCEDURES)
    service = _set_up(engine, rules)
    say("One concern by Rotherham's procedures, told with a moving clock. Everyone in it is made up.")
    say("Each message is shown once, as the person reads it; [brackets] are buttons.\n")
    roles = {name: rules.role_label(role) for name, role, _, _ in STAFF}
    theatre = Theatre(engine, AUTHORITY, service, roles, BEGINS)
    tell(theatre)
    _show_figures(theatre)


def _set_up(engine: Engine, rules: Procedures) -> Service:
    with transaction(engine, AUTHORITY) as session:
        session.add(
            Authority(
                key=AUTHORITY,
                name="A made-up service",
                procedures_name=PROCEDURES,
                procedures_digest=rules.digest,
                created_at=BEGINS,
            )
        )
        session.flush()
        procedure_texts.keep(session, name=PROCEDURES, text=shipped_text(PROCEDURES), digest=rules.digest, at=BEGINS)
        service = populate(session, AUTHORITY, TERMINAL, BEGINS)
    with transaction(engine, AUTHORITY) as session:
        wake(session, AUTHORITY, BEGINS)
    return service


def _show_figures(theatre: Theatre) -> None:
    say("--- The year's figures, with a made-up year of earlier concerns imported ".ljust(76, "-"))
    say("")
    with transaction(theatre.engine, AUTHORITY) as session:
        rules = rules_in_force(session, AUTHORITY)
        scene = Scene(session=session, now=theatre.now, authority=AUTHORITY, rules=rules)
        import_history(scene, sample_year(rules, YEAR.first))
        made = figures(scene, YEAR)
    for name in CONCERN_TABLES:
        say(f"{plain_table(name, made.tables[name])}\n")
