"""Checks of option lists and option groups, and of what is chosen to begin with."""

from tests.slack_standin import limits
from tests.slack_standin.jsontypes import Json, Problems, objects
from tests.slack_standin.texts import check_keys, check_optional_string, check_string, check_text

OPTION_KEYS = {"text", "value", "description"}


def check_option(option: object, what: str, *, plain: bool = True, url: bool = False) -> Problems:
    """One option: text 75, value 150, description 75 characters."""
    if not isinstance(option, dict):
        return [f"{what} must be an object."]
    problems = check_keys(option, what, OPTION_KEYS | ({"url"} if url else set()))
    problems += check_text(option.get("text"), what, limits.OPTION_TEXT, plain=plain)
    problems += check_string(option.get("value"), f"The value of {what.lower()}", limits.OPTION_VALUE)
    if "description" in option:
        description = f"The description of {what.lower()}"
        problems += check_text(option["description"], description, limits.OPTION_DESCRIPTION, plain=plain)
    return problems + check_optional_string(option, "url", what.lower(), limits.BUTTON_URL)


def check_option_list(
    value: object, what: str, limit: int, *, plain: bool = True, url: bool = False, may_be_empty: bool = False
) -> Problems:
    """A list of options; an element without a single option is refused."""
    if not isinstance(value, list):
        return [f"{what} needs a list of options."]
    if not value and not may_be_empty:
        return [f"{what} has no options."]
    problems = []
    if len(value) > limit:
        problems.append(f"{what} has {len(value)} options; Slack takes {limit}.")
    for number, option in enumerate(value, 1):
        problems += check_option(option, f"Option {number} of {what}", plain=plain, url=url)
    return problems


def check_groups(value: object, what: str, *, may_be_empty: bool = False) -> Problems:
    """Option groups: 100 of them, each with a label and up to 100 options."""
    if not isinstance(value, list) or (not value and not may_be_empty):
        return [f"{what} has no option groups."]
    problems = []
    if len(value) > limits.OPTION_GROUPS:
        problems.append(f"{what} has {len(value)} option groups; Slack takes {limits.OPTION_GROUPS}.")
    for number, group in enumerate(value, 1):
        name = f"group {number} of {what}"
        if not isinstance(group, dict):
            problems.append(f"{name} must be an object.")
            continue
        problems += check_text(group.get("label"), f"The label of {name}", limits.OPTION_TEXT, plain=True)
        problems += check_option_list(group.get("options"), name, limits.SELECT_OPTIONS, may_be_empty=may_be_empty)
    return problems


def check_choices(element: Json, what: str) -> Problems:
    """A select's own options: a list or groups, never both."""
    if "options" in element and "option_groups" in element:
        return [f"{what} has both options and option groups."]
    if "option_groups" in element:
        return check_groups(element["option_groups"], what)
    return check_option_list(element.get("options"), what, limits.SELECT_OPTIONS)


def check_initial(element: Json, what: str) -> Problems:
    """What is chosen to begin with must be among the options, word for word."""
    chosen = objects([element["initial_option"]]) if "initial_option" in element else []
    problems = []
    if "initial_option" in element and not chosen:
        problems.append(f"The initial option of {what} must be an object.")
    if "initial_options" in element:
        chosen = objects(element["initial_options"])
        if not chosen:
            problems.append(f"The initial options of {what} are empty.")
    offered = offered_options(element)
    return problems + [
        f"The initial option {option.get('value')!r} of {what} is not among its options."
        for option in chosen
        if option not in offered
    ]


def offered_options(element: Json) -> list[Json]:
    """Every option of an element, in the order shown, whether or not in groups."""
    grouped = [option for group in objects(element.get("option_groups")) for option in objects(group.get("options"))]
    return objects(element.get("options")) + grouped
