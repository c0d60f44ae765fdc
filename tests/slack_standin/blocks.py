"""Checks of single blocks: section, header, context, actions, input and the few others the bot may use."""

from collections import Counter
from collections.abc import Callable

from tests.slack_standin import limits
from tests.slack_standin.elements import IN_ACTIONS, IN_INPUT, IN_SECTION, check_element
from tests.slack_standin.jsontypes import Json, Problems, objects
from tests.slack_standin.texts import check_flag, check_keys, check_optional_string, check_string, check_text

BlockCheck = Callable[[Json, str], Problems]


def check_block(block: object, what: str, surface: str) -> Problems:
    """One block on a surface; `what` names it in the sentences ("block 3")."""
    if not isinstance(block, dict):
        return [f"{what} must be an object."]
    kind = block.get("type")
    if not isinstance(kind, str) or kind not in CHECKS:
        return [f"{what} has the unknown type {kind!r}."]
    check, surfaces = CHECKS[kind]
    if surface not in surfaces:
        return [f"{what} is a {kind}, which Slack does not take in a {surface}."]
    return check_optional_string(block, "block_id", what, limits.IDENTIFIER) + check(block, what)


def _section(block: Json, what: str) -> Problems:
    problems = check_keys(block, what, {"type", "block_id", "text", "fields", "accessory", "expand"})
    if "text" not in block and "fields" not in block:
        problems.append(f"{what} is a section with neither text nor fields.")
    if "text" in block:
        problems += check_text(block["text"], what, limits.SECTION_TEXT, plain=False)
    if "fields" in block:
        problems += _fields(block["fields"], what)
    if "accessory" in block:
        problems += check_element(block["accessory"], f"the accessory of {what}", IN_SECTION)
    return problems


def _fields(fields: object, what: str) -> Problems:
    if not isinstance(fields, list) or not fields:
        return [f"{what} has no fields."]
    problems = []
    if len(fields) > limits.SECTION_FIELDS:
        problems.append(f"{what} has {len(fields)} fields; Slack takes {limits.SECTION_FIELDS}.")
    for number, field in enumerate(fields, 1):
        name = f"Field {number} of {what}"
        problems += check_text(field, name, limits.SECTION_FIELD_TEXT, plain=False)
    return problems


def _header(block: Json, what: str) -> Problems:
    problems = check_keys(block, what, {"type", "block_id", "text", "level"})
    return problems + check_text(block.get("text"), what, limits.HEADER_TEXT, plain=True)


def _divider(block: Json, what: str) -> Problems:
    return check_keys(block, what, {"type", "block_id"})


def _context(block: Json, what: str) -> Problems:
    problems = check_keys(block, what, {"type", "block_id", "elements"})
    problems += _row(block, what, limits.CONTEXT_ELEMENTS)
    for number, element in enumerate(objects(block.get("elements")), 1):
        name = f"Element {number} of {what}"
        if element.get("type") == "image":
            problems += check_element(element, name, frozenset({"image"}))
        else:
            problems += check_text(element, name, limits.CONTEXT_TEXT, plain=False)
    return problems


def _actions(block: Json, what: str) -> Problems:
    problems = check_keys(block, what, {"type", "block_id", "elements"})
    problems += _row(block, what, limits.ACTIONS_ELEMENTS)
    elements = objects(block.get("elements"))
    for number, element in enumerate(elements, 1):
        problems += check_element(element, f"element {number} of {what}", IN_ACTIONS)
    used = Counter(element.get("action_id") for element in elements if "action_id" in element)
    return problems + [f"{what} uses the action_id {name!r} twice." for name, n in used.items() if n > 1]


def _row(block: Json, what: str, most: int) -> Problems:
    elements = block.get("elements")
    if not isinstance(elements, list) or not elements:
        return [f"{what} has no elements."]
    return [f"{what} has {len(elements)} elements; Slack takes {most}."] if len(elements) > most else []


def _input(block: Json, what: str) -> Problems:
    keys = {"type", "block_id", "label", "element", "hint", "optional", "dispatch_action"}
    problems = check_keys(block, what, keys)
    problems += check_text(block.get("label"), f"The label of {what}", limits.LABEL_TEXT, plain=True)
    problems += check_element(block.get("element"), f"the element of {what}", IN_INPUT)
    if "hint" in block:
        problems += check_text(block["hint"], f"The hint of {what}", limits.HINT_TEXT, plain=True)
    return problems + check_flag(block, "optional", what) + check_flag(block, "dispatch_action", what)


def _image(block: Json, what: str) -> Problems:
    problems = check_keys(block, what, {"type", "block_id", "image_url", "alt_text", "title"})
    problems += check_string(block.get("image_url"), f"The address of {what}", limits.IMAGE_URL)
    return problems + check_string(block.get("alt_text"), f"The alt text of {what}", limits.ALT_TEXT)


def _markdown(block: Json, what: str) -> Problems:
    problems = check_keys(block, what, {"type", "block_id", "text"})
    return problems + check_string(block.get("text"), f"The text of {what}", limits.MARKDOWN_TEXT)


def _rich_text(block: Json, what: str) -> Problems:
    problems = check_keys(block, what, {"type", "block_id", "elements"})
    known = {"rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote"}
    elements = objects(block.get("elements"))
    if not elements:
        problems.append(f"{what} has no elements.")
    strange = [element.get("type") for element in elements if element.get("type") not in known]
    return problems + [f"{what} has the unknown rich text element {kind!r}." for kind in strange]


def _table(block: Json, what: str) -> Problems:
    problems = check_keys(block, what, {"type", "block_id", "rows", "column_settings"})
    rows = block.get("rows")
    if not isinstance(rows, list) or not rows:
        return [*problems, f"{what} has no rows."]
    if len(rows) > limits.TABLE_ROWS:
        problems.append(f"{what} has {len(rows)} rows; Slack takes {limits.TABLE_ROWS}.")
    if any(not isinstance(row, list) or len(row) > limits.TABLE_CELLS for row in rows):
        problems.append(f"{what} has a row of more than {limits.TABLE_CELLS} cells.")
    return problems


def _alert(block: Json, what: str) -> Problems:
    problems = check_keys(block, what, {"type", "block_id", "text", "level"})
    if block.get("level", "default") not in limits.ALERT_LEVELS:
        problems.append(f"{what} has the unknown level {block['level']!r}.")
    return problems + check_text(block.get("text"), what, limits.ALERT_TEXT, plain=False)


_EVERYWHERE = frozenset({"message", "modal", "home"})
CHECKS: dict[str, tuple[BlockCheck, frozenset[str]]] = {
    "section": (_section, _EVERYWHERE),
    "header": (_header, _EVERYWHERE),
    "divider": (_divider, _EVERYWHERE),
    "context": (_context, _EVERYWHERE),
    "actions": (_actions, _EVERYWHERE),
    "input": (_input, _EVERYWHERE),
    "image": (_image, _EVERYWHERE),
    "rich_text": (_rich_text, _EVERYWHERE),
    "markdown": (_markdown, frozenset({"message"})),
    "table": (_table, frozenset({"message"})),
    "alert": (_alert, frozenset({"modal"})),
}
