"""Setting up the demo's own database, playing the story, and showing the year's figures."""

from datetime import date
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from cryptography.fernet import Fernet
from sqlalchemy import Engine
from sqlmodel import Session

from bot.commands.plain_tables import plain_table
from bot.demo.audience import Telling
from bot.demo.story import BEGINS, CHILD, tell
from bot.demo.terminal import TERMINAL, say
from bot.sample.children import children_of
from bot.sample.collecting import Workspace
from bot.sample.file import hasty_engine
from bot.sample.past_concerns import concerns_file
from bot.sample.people import IRO, SOCIAL_WORKER, email_of, staff, staff_file
from bot.sample.rules import Rules, rules_named
from bot.sample.seed import SEED
from bot.sample.stage import Stage
from handlers.figures.making import figures
from handlers.figures.period import Period
from handlers.history_import import import_history
from handlers.imports import import_staff
from handlers.office import Scene, rules_in_force
from handlers.tick import wake
from scheduling.working_days import local
from storage import children, people, procedure_texts
from storage.authorities import Authority
from storage.children import Capacity, Child
from storage.connections import Connection
from storage.database import transaction
from storage.encrypted import Keyring, use_keyring
from storage.migrating import upgrade

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
EARLIER_UNTIL = date(2026, 11, 1)


def main() -> None:
    """Tell the whole case in a database of its own that is gone afterwards."""
    with TemporaryDirectory(prefix="iro-bot-demo-") as folder:
        engine = hasty_engine(Path(folder) / "demo.db")
        use_keyring(Keyring(Fernet.generate_key().decode()))
        try:
            _play(engine)
        finally:
            use_keyring(None)
            engine.dispose()


def _play(engine: Engine) -> None:
    upgrade(engine.execution_options(writes=True))
    rules = rules_named(PROCEDURES)
    procedures = rules.procedures
    with transaction(engine, AUTHORITY) as session:
        _set_up(session, rules)
    say("One concern by Rotherham's procedures, told with a moving clock. Everyone in it is made up.")
    say("Each message is shown once, as the person reads it; [brackets] are buttons.\n")
    telling = Telling({one.name: procedures.role_label(one.role) for one in staff(procedures)})
    workspace = Workspace(platform=TERMINAL, name="demo", opens=telling.terminal)
    with Stage(engine, AUTHORITY, BEGINS, workspace=workspace, audience=telling) as stage:
        tell(stage)
        _show_figures(stage)


def _set_up(session: Session, rules: Rules) -> None:
    """The sample's staff, one child whose reviews are nobody's concern here, and the terminal's connection."""
    procedures, today = rules.procedures, local(BEGINS).date()
    session.add(
        Authority(
            key=AUTHORITY,
            name="A made-up service",
            procedures_name=PROCEDURES,
            procedures_digest=procedures.digest,
            created_at=BEGINS,
        )
    )
    session.flush()
    procedure_texts.keep(session, name=PROCEDURES, text=rules.text, digest=procedures.digest, at=BEGINS)
    session.add(Connection(platform=TERMINAL, workspace="demo", installed_at=BEGINS))
    import_staff(session, procedures, staff_file(procedures), today, BEGINS)
    child = Child(reference=CHILD)
    session.add(child)
    session.flush()
    for capacity, name in ((Capacity.IRO, IRO), (Capacity.HOLDER, SOCIAL_WORKER)):
        found = people.by_email(session, email_of(name))
        assert found is not None
        assert found.id is not None
        children.allocate(session, child, capacity, found.id, today)
    wake(session, AUTHORITY, BEGINS)


def _show_figures(stage: Stage) -> None:
    say("--- The year's figures, with a made-up year of earlier concerns imported ".ljust(76, "-"))
    say("")
    with transaction(stage.engine, AUTHORITY) as session:
        rules = rules_in_force(session, AUTHORITY)
        scene = Scene(session=session, now=stage.now, authority=AUTHORITY, rules=rules)
        chance = Random(SEED)  # noqa: S311 - no secret is made of it
        past = concerns_file(children_of(rules, YEAR.first, chance), rules, YEAR.first, EARLIER_UNTIL, chance)
        import_history(scene, past)
        made = figures(scene, YEAR)
    for name in CONCERN_TABLES:
        say(f"{plain_table(name, made.tables[name])}\n")
