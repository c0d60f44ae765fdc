"""The files beside the code keep their promises: the settings' example, the lock files, the packages."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")
FLOORS = ("bot", "handlers", "scheduling", "storage")


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_the_example_of_settings_copied_as_it_is_sets_nothing() -> None:
    lines = EXAMPLE.splitlines()
    assert [line for line in lines if line.strip() and not line.startswith("#")] == []


def test_each_setting_in_the_example_has_a_sentence_above_it() -> None:
    paragraphs = [part.splitlines() for part in EXAMPLE.split("\n\n")]
    setting = re.compile(r"# [A-Z][A-Z_]+=")
    unexplained = [part[0] for part in paragraphs if setting.match(part[0])]
    assert unexplained == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "requirements-bench.txt"])
def test_a_lock_file_pins_and_hashes_every_package_and_names_no_index(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    packages = [line for line in text.splitlines() if re.match(r"[a-z0-9]", line)]
    assert packages
    assert all("==" in line and line.endswith("\\") for line in packages)
    assert not re.search(r"https?://|file:|--(extra-)?index|--find-links| /", text)


def test_every_dependency_is_in_the_lock_of_what_runs() -> None:
    locked = set(re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements.txt").read_text("utf-8"), re.MULTILINE))
    declared = {re.split(r"[\[<>=]", name)[0] for name in project()["project"]["dependencies"]}
    assert declared <= locked


def test_every_folder_of_code_is_a_package() -> None:
    folders = {path.parent for floor in FLOORS for path in (ROOT / floor).rglob("*.py")}
    assert sorted(str(folder) for folder in folders if not (folder / "__init__.py").exists()) == []
