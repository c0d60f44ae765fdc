"""Whether a child-reference pattern is safe: it matches quickly, and nothing but child references."""

import re

LONGEST = 80
MOST_WAYS = 10_000
"""How many lengths all the repeats of a pattern may take together: it bounds the time of a match."""
UNBOUNDED = 100
EXAMPLE = r"for example '[A-Z]{2,4}-\d{2,8}'"

_PIECE = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?:|\(|\)|\||\{\d*,?\d*\}[?+]?|[*+?][?+]?|.", re.DOTALL)
_REPEAT = re.compile(r"\{(\d*)(,?)(\d*)\}|([*+?])")
_NOT_CHILDREN = ("", "service", "list", "me", "mine", "reply", "close", "help", "LIST", "SERVICE", "HELP")
_CONCERNS = tuple(f"{letter}-{'1234567890'[:digits]}" for letter in "Cc" for digits in range(1, 11))


def wrong_with(pattern: str) -> str | None:
    """One sentence on what is wrong with the pattern, or None when it may be used."""
    if len(pattern) > LONGEST:
        return f"The pattern is {len(pattern)} characters long; {LONGEST} are allowed."
    if unsafe := _unsafe(pattern):
        return unsafe
    try:
        compiled = re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as broken:
        return f"The pattern is no regular expression: {broken}."
    for word in _CONCERNS:
        if compiled.fullmatch(word):
            return f'The pattern matches "{word}", which is how concerns are numbered.'
    for word in _NOT_CHILDREN:
        if compiled.fullmatch(word):
            return f'The pattern matches "{word}", which is a word of the commands.' if word else _EMPTY
    return None


_EMPTY = "The pattern matches nothing at all (an empty text)."


def matches_a_person_number(pattern: re.Pattern[str]) -> str | None:
    """Which number that must never be written the pattern would take for a reference, if any."""
    for name, example in (("an NHS number", "9434765919"), ("a unique pupil number", "A123456789012")):
        if pattern.fullmatch(example):
            return name
    return None


def _unsafe(pattern: str) -> str | None:
    """Refuses what can make a match slow: repeats within repeats, too many open repeats, references back."""
    open_groups: list[bool] = []  # for each open group, whether it holds a repeat or an alternative
    just_closed, ways = False, 1
    for piece in _PIECE.findall(pattern):
        if piece in {"(?:", "("}:
            open_groups.append(False)
        elif piece == ")":
            just_closed = open_groups.pop() if open_groups else False
            if just_closed and open_groups:
                open_groups[-1] = True
            continue
        elif repeat := _REPEAT.match(piece):
            if just_closed and piece != "?":
                return "The pattern repeats a group that holds a repeat or a choice, which can take for ever."
            ways *= _ways(repeat)
            if open_groups and _ways(repeat) > 1:
                open_groups[-1] = True
        elif piece == "|" and open_groups:
            open_groups[-1] = True
        elif re.fullmatch(r"\\[1-9gkA-CE-RT-VX-Z]", piece):
            return f"The pattern uses {piece}, which is more than a reference needs."
        just_closed = False
    if "(?" in pattern.replace("(?:", ""):
        return "The pattern looks ahead, behind or names a group, which is more than a reference needs."
    return None if ways <= MOST_WAYS else "The pattern has too many open repeats, which can make it very slow."


def _ways(repeat: re.Match[str]) -> int:
    least, comma, most, sign = repeat.groups()
    if sign:
        return 2 if sign == "?" else UNBOUNDED
    if not comma:
        return 1
    return max(1, int(most[:4]) - int(least[:4] or "0") + 1) if most else UNBOUNDED
