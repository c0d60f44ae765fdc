"""The documentation keeps to what exists: every link leads somewhere, every command and word on the screen is real."""

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from handlers.command_words import CONCERN_DEEDS, IRO_DEEDS, REVIEW_DEEDS
from handlers.dispatch import DEEDS
from scheduling.procedures import terms
from storage.concerns import Outcome
from storage.encrypted import encrypted_columns
from storage.replies import AnswerKind
from storage.tables import all_tables
from tests.terms_left import as_read

ROOT = Path(__file__).parents[1]
PAGES = (ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md")))
GUIDES = (ROOT / "docs" / "guide-iro.md", ROOT / "docs" / "guide-workers-and-managers.md")
LINK = re.compile(r"\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"`(/[a-z]+)((?: [^`]*)?)`")
LISTED = re.compile(r'^\| (".*?") \|', re.MULTILINE)
OTHER_WORDS = {
    "concern": {"", "service", "help", "list"},
    "iro": {"", "help"},
    "review": {"", "help", "list"},
    "tell": {"", "help"},
    "praise": {"", "help"},
    "caseload": {"", "help", "@name"},
}
PLANNED: set[str] = set()
ADDRESSES = {"/healthz", "/readyz", "/metrics"}
FEWEST_LETTERS = 5  # a pattern that is little more than its gaps would match anything


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def anchors(page: Path) -> set[str]:
    """The anchors that GitHub gives the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", page.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_relative_link_leads_to_a_file_and_a_heading_that_exist(page: Path) -> None:
    dead = []
    for target in LINK.findall(FENCE.sub("", page.read_text("utf-8"))):
        path, _, anchor = target.partition("#")
        if "://" in path or path.startswith("mailto:"):
            continue
        found = page if not path else (page.parent / path).resolve()
        if not found.exists() or (anchor and anchor not in anchors(found)):
            dead.append(target)
    assert dead == []


def test_the_index_leads_to_every_guide() -> None:
    index = (ROOT / "docs" / "README.md").read_text("utf-8")
    guides = {page.name for page in (ROOT / "docs").glob("*.md")} - {"README.md"}
    assert {name for name in guides if f"({name})" not in index} == set()


def commands_of(page: Path) -> Iterator[tuple[str, str]]:
    for command, words in COMMAND.findall(page.read_text("utf-8")):
        if command not in ADDRESSES:
            yield command, words.strip()


def is_there(command: str, words: str) -> bool:
    """Whether a typed command leads to a deed; "C-12" and "AB-1042" stand for any reference."""
    rest = re.sub(r"^(C-\d+|[A-Z]{2}-\d+) ?", "", words)
    first = rest.partition(" ")[0]
    group = command.removeprefix("/")
    if group not in OTHER_WORDS:
        return False
    deeds = {"concern": CONCERN_DEEDS, "iro": IRO_DEEDS, "review": REVIEW_DEEDS}.get(group, {})
    return first in OTHER_WORDS[group] or deeds.get(rest, deeds.get(first, "")) in DEEDS


@pytest.mark.parametrize("page", [page for page in PAGES if "decisions" not in page.parts], ids=name_of)
def test_every_command_that_is_shown_exists_or_is_said_to_be_planned(page: Path) -> None:
    text = page.read_text("utf-8")
    for command, words in commands_of(page):
        if is_there(command, words):
            continue
        assert f"{command} {words}".strip() in PLANNED, f"{command} {words} does nothing"
        assert "lanned" in text, f"{command} {words} is shown without a word that it is planned"


def test_every_deed_with_a_typed_form_stands_in_a_guide() -> None:
    text = "".join(guide.read_text("utf-8") for guide in GUIDES)
    missing = [word for word in CONCERN_DEEDS if word != "move" and f"`/concern C-12 {word}" not in text]
    missing += [word for word in IRO_DEEDS if f"`/iro {word}" not in text]
    missing += [word for word in REVIEW_DEEDS if f"`/review AB-1042 {word}`" not in text]
    assert missing == []


@cache
def words_in_the_code() -> tuple[frozenset[str], tuple[re.Pattern[str], ...]]:
    """Every text in the handlers' code: as it stands, and as a pattern where something is put in."""
    plain: set[str] = set()
    patterns: list[re.Pattern[str]] = []
    at_the_edge = [ROOT / "bot" / name for name in ("failing.py", "kept_forms.py")]
    for path in sorted([*(ROOT / "handlers").rglob("*.py"), *at_the_edge]):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                plain.add(node.value.casefold())
                pieces = re.split(r"(\{)[a-z_]+\}", node.value)
                patterns += pattern([None if piece == "{" else piece for piece in pieces]) if len(pieces) > 1 else []
            elif isinstance(node, ast.JoinedStr):
                parts = [piece_of(part) for part in node.values]
                patterns += pattern(parts)
                plain |= {"".join(part or "" for part in parts).casefold()} if None not in parts else set()
    return frozenset(plain | stored_values()), tuple(patterns)


def piece_of(part: ast.expr) -> str | None:
    """A piece of a text with gaps: a term of an authority's is read in our words; None for a gap."""
    if isinstance(part, ast.Constant):
        return str(part.value)
    name = part.value.id if isinstance(part, ast.FormattedValue) and isinstance(part.value, ast.Name) else ""
    term = getattr(terms, name, None) if name.isupper() else None
    return as_read(term) if isinstance(term, str) else None


def stored_values() -> set[str]:
    """Answers and outcomes are shown as they are stored, with a capital."""
    return {str(one.value) for kind in (AnswerKind, Outcome) for one in kind}


def pattern(parts: list[str | None]) -> list[re.Pattern[str]]:
    """A pattern of the parts, with a gap for each None; none for what is little more than gaps."""
    letters = sum(sign.isalpha() for part in parts if part for sign in part)
    body = "".join(re.escape(part) if part is not None else ".+" for part in parts)
    return [re.compile(body, re.IGNORECASE | re.DOTALL)] if letters >= FEWEST_LETTERS else []


def is_on_the_screen(words: str) -> bool:
    plain, patterns = words_in_the_code()
    return words.casefold() in plain or any(one.fullmatch(words) for one in patterns)


def listed_words() -> list[tuple[str, str]]:
    """What the first column of the guides' tables quotes."""
    found = []
    for guide in GUIDES:
        for cell in LISTED.findall(guide.read_text("utf-8")):
            found += [(guide.name, words) for words in re.findall(r'"([^"]+)"', cell)]
    return found


@pytest.mark.parametrize(("guide", "words"), listed_words())
def test_every_word_on_the_screen_that_a_guide_lists_is_in_the_code(guide: str, words: str) -> None:
    assert is_on_the_screen(words), f"{guide}: {words}"


@pytest.mark.parametrize("guide", GUIDES, ids=name_of)
def test_every_other_quotation_of_a_guide_is_in_the_code_too(guide: Path) -> None:
    text = re.sub(r"\s+", " ", guide.read_text("utf-8"))
    said = {words for words in re.findall(r'"([^"]+)"', text) if words not in NOT_OF_THE_SCREEN}
    assert sorted(words for words in said if not is_on_the_screen(words)) == []


NOT_OF_THE_SCREEN = {
    "the child",  # what to write instead of a name
    "their sister",
    "the carer",
    "escalate",  # a value of the procedures file
    "24 hours",
    "Recognise good practice",
}


def test_a_word_that_is_nowhere_on_the_screen_is_noticed() -> None:
    assert not is_on_the_screen("Delete this concern")
    assert not is_there("/concern", "C-12 delete")


def test_each_permission_slack_is_asked_for_is_explained() -> None:
    manifest = json.loads((ROOT / "bot" / "slack" / "manifest.json").read_text("utf-8"))
    scopes = manifest["oauth_config"]["scopes"]["bot"]
    for page in ("install-slack.md", "data-protection.md"):
        text = (ROOT / "docs" / page).read_text("utf-8")
        assert [scope for scope in scopes if f"| `{scope}` |" not in text] == []


ENCRYPTED = {
    "Concern": "worries working_well impact needs needed_why spoken_to start_reason agency_contact what_changed "
    "kept_because",
    "Connection": "bot_token",
    "Contact": "words",
    "Decision": "words",
    "DecisionChange": "words because",
    "Extension": "reason",
    "ExtensionRequest": "reason refusal",
    "Feedback": "good missing",
    "History": "words",
    "Inbound": "answer",
    "KeyCheck": "canary",
    "News": "words",
    "Praise": "words",
    "Referral": "words",
    "Reply": "words",
    "Review": "childs_wish decisions_dispute",
    "StageRun": "reason",
    "Addressee": "passed_why",
}


def test_data_protection_was_written_for_the_columns_that_are_encrypted() -> None:
    all_tables()
    found = {(table.__name__, column) for table, column in encrypted_columns()}
    assert found == {(table, column) for table, columns in ENCRYPTED.items() for column in columns.split()}, (
        "docs/data-protection.md says what is encrypted and what lies in clear: bring it in line, then this list"
    )
