"""`procedures`: which there are, whether a file is right, and what one says in words."""

import typer

from bot.procedures_named import procedures_text
from bot.settings import read_settings
from scheduling.procedures import check_procedures, explain, parse_procedures, shipped_names, shipped_text


def list_procedures() -> None:
    """Print the shipped procedures by name, and which are in use."""
    in_use = read_settings().procedures
    for name in shipped_names():
        rules = parse_procedures(shipped_text(name), f"{name}.toml")
        mark = " (in use)" if name == in_use else ""
        typer.echo(f"{name}: {rules.name}, {len(rules.stages)} stages{mark}")
    if in_use not in shipped_names():
        typer.echo(f"{in_use} (in use, your own file)")


def check(name_or_path: str) -> None:
    """Print everything wrong with procedures; exit 1 where they cannot be used."""
    name, text = procedures_text(name_or_path or read_settings().procedures)
    problems = check_procedures(text, name)
    wrong = [problem for problem in problems if problem.severity == "error"]
    for problem in problems:
        typer.echo(str(problem), err=problem in wrong)
    if wrong:
        typer.echo(f"{name} cannot be used: put right the {len(wrong)} errors above.", err=True)
        raise typer.Exit(1)
    typer.echo(f"{name} can be used." if not problems else f"{name} can be used; mind the warnings above.")


def say(name_or_path: str) -> None:
    """Print procedures in plain words."""
    name, text = procedures_text(name_or_path or read_settings().procedures)
    typer.echo(explain(parse_procedures(text, name)), nl=False)
