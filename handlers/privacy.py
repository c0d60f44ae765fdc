"""Finds identifying text: some is never taken (NHS numbers, UPNs, dates of birth), some is asked about.

Names are not looked for: no list of names can tell a child's from a street's. Forms say so beside the field.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from handlers.typed import DASHES, prose
from scheduling.procedures import Procedures

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_NUMBERS = r"(?:\d{4}\s?[-/.]\s?\d{1,2}\s?[-/.]\s?\d{1,2}|\d{1,2}\s?[-/.]\s?\d{1,2}\s?[-/.]\s?(?:\d{4}|\d{2}))(?!\d)"
_IN_WORDS = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\s?(?:of\s)?[-\s]?{_MONTH}(?![a-z])(?:[-,\s]{{0,2}}\d{{2,4}}(?!\d))?"
    rf"|{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?(?!\d)(?:,?\s\d{{4}})?)"
)
_SPACED = r"\d{1,2}\s\d{1,2}\s(?:19|20)\d{2}(?!\d)"
_DAY = rf"(?:{_NUMBERS}|{_SPACED}|{_IN_WORDS})"
_BIRTH = r"(?:\bd\.?\s?o\.?\s?b\b\.?|\b(?:date|day)\s+of\s+birth\b|\bbirth\s?date\b)"
_LINK = r"(?:\s+(?:is|was|on|falls|falling|will|be|the|of|comes|next|this))*\s*[:=(,-]?\s*"

_BIRTH_DAYS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_BIRTH}[^\d\n]{{0,20}}?\n?\s?(?<!\d){_DAY}",
        rf"(?<!\d){_DAY}\s*[(,\[-]*\s*{_BIRTH}",
        rf"\bborn\b[^\d.;!?\n]{{0,20}}?(?<!\d){_DAY}",
        rf"(?<!\d){_DAY}[^\d.;!?\n]{{0,15}}\bborn\b",
        rf"\bbirthday\b{_LINK}(?<!\d){_DAY}",
    )
)
_BIRTH_MONTH = re.compile(rf"(?:{_BIRTH}|\bborn\b)[^\d.;!?\n]{{0,12}}?\b{_MONTH},?\s?\d{{4}}", re.IGNORECASE)

_NHS = re.compile(r"(?<!\d)(?<!\+44)(?<!\+44.)(?<!0044.)(\d{3})[\s.-]?(\d{3})[\s.-]?(\d{4})(?!\d)")
_NHS_LABELLED = re.compile(r"\bNHS\b[^\d\n]{0,20}\d(?:[\s.-]?\d){9}(?!\d)", re.IGNORECASE)
_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
_UPN = re.compile(rf"(?<![A-Z0-9])[{_UPN_LETTERS}]\d{{11}}[\d{_UPN_LETTERS}](?![A-Z0-9])", re.IGNORECASE)
_UPN_LABELLED = re.compile(r"\b(?:UPN|unique pupil number)\b[^\d\n]{0,25}\d(?:[\s-]?\d){10}", re.IGNORECASE)

_POSTCODE = re.compile(
    r"\b(?:GIR ?0AA|[A-PR-UWYZ](?:\d{1,2}|[A-HK-Y]\d[\dABEHMNPRV-Y]?|\d[A-HJKPS-UW])"
    r"\s?\d[ABD-HJLNP-UW-Z]{2})\b",
    re.IGNORECASE,
)
_ORDINAL = re.compile(r"(?:1st|2nd|3rd|\dth|\dyr)\Z")
_TELEPHONE = re.compile(r"(?<![\w.,/£-])(?:\+\d{2}|00\d{2}|\(?0(?=[1-35789]))[\d\s().-]{7,16}\d(?![\w/])")
_EMAIL = re.compile(r"(?<![\w.+'-])[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_ANY_DAY = re.compile(rf"(?<!\d){_NUMBERS}", re.IGNORECASE)

NHS_SENTENCE = "Remove the NHS number: numbers that identify a child are never kept here."
UPN_SENTENCE = "Remove the unique pupil number: numbers that identify a child are never kept here."
BIRTH_SENTENCE = "Remove the date of birth: the child's age in years is enough."
ASK = "This looks like personal detail: remove it, or keep it because ..."


@dataclass(frozen=True, kw_only=True)
class Identifying:
    """What a text holds: one sentence for what is never taken, one for what has to be removed or defended."""

    refused: str | None = None
    asks: str | None = None


def identifying(text: str, rules: Procedures) -> Identifying:
    """What in the text could tell who a child is; the sentences never repeat it. Child references are no detail."""
    plain = _plain(text)
    without = _bounded(rules.child_reference.pattern).sub("¤", plain)
    return Identifying(refused=_refused(plain, rules.child_reference), asks=_asks(without))


def _plain(text: str) -> str:
    """The text in everyday characters: no full-width digits, no odd dashes, no invisible signs, no runs of
    white space: the patterns above take as many steps as there are signs only where two spaces never meet.
    """
    shown = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    return prose(unicodedata.normalize("NFKC", shown).translate(DASHES))


def _bounded(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![A-Za-z0-9])(?:{pattern})(?![A-Za-z0-9])")


def _refused(text: str, reference: re.Pattern[str]) -> str | None:
    numbers = [found for found in _NHS.finditer(text) if reference.fullmatch(found.group()) is None]
    if _NHS_LABELLED.search(text) or any(_valid_nhs("".join(found.groups())) for found in numbers):
        return NHS_SENTENCE
    pupils = [found.group() for found in _UPN.finditer(text) if reference.fullmatch(found.group()) is None]
    if _UPN_LABELLED.search(text) or any(_valid_upn(found) for found in pupils):
        return UPN_SENTENCE
    if any(pattern.search(text) for pattern in _BIRTH_DAYS):
        return BIRTH_SENTENCE
    return None


def _asks(text: str) -> str | None:
    kinds = list(_kinds(text))
    if not kinds:
        return None
    named = " and ".join(filter(None, (", ".join(kinds[:-1]), kinds[-1])))
    return f"{named[0].upper()}{named[1:]}? {ASK}"


def _kinds(text: str) -> Iterator[str]:
    if any(not _ORDINAL.search(match.group()) for match in _POSTCODE.finditer(text)):
        yield "a postcode"
    if any(_is_telephone(match.group()) for match in _TELEPHONE.finditer(_ANY_DAY.sub("¤", text))):
        yield "a phone number"
    if _EMAIL.search(text):
        yield "an e-mail address"
    if any(not _valid_upn(match.group()) for match in _UPN.finditer(text)):
        yield "a pupil number"
    if _BIRTH_MONTH.search(text):
        yield "a month of birth"


def _valid_nhs(digits: str) -> bool:
    """Whether the tenth digit checks the other nine (modulus 11, NHS Data Dictionary)."""
    if len(set(digits)) == 1:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False))
    return (11 - total % 11) % 11 == int(digits[9])


def _valid_upn(number: str) -> bool:
    """Whether the first letter checks the rest (modulus 23, DfE guide to unique pupil numbers)."""
    first, rest = number[0].upper(), number[1:].upper()
    values = (int(sign) if sign.isdigit() else _UPN_LETTERS.index(sign) for sign in rest)
    total = sum(value * weight for value, weight in zip(values, range(2, 14), strict=True))
    return _UPN_LETTERS[total % 23] == first


def _is_telephone(found: str) -> bool:
    digits = sum(sign.isdigit() for sign in found)
    return digits in (10, 11) if found.lstrip("(").startswith("0") and found[:2] != "00" else 10 <= digits <= 15


_OF_COMMANDS = (
    "a about add absence adjourn admin allocate and annual are away back book cafcass "
    "caseload child children close closed complaint concern concerns contact cover covered "
    "decisions drafts draft extend figures file for forward from help history hold how i in "
    "informal iro last late legal list me midway mine missing month more move my next no of on "
    "open other overdue people plan please praise procedures quarter reopen reply report review "
    "reviews risk school seen service show stage task tasks team tell the this to today tomorrow "
    "until up waiting what when who withdraw with worker year yesterday monday tuesday wednesday "
    "thursday friday saturday sunday january february march april may june july august september "
    "october november december jan feb mar apr jun jul aug sep sept oct nov dec "
)
_COMMAND_WORDS = frozenset(_OF_COMMANDS.split())
_MENTION = re.compile(r"<@[^<>]*>|(?<!\S)[^\s@]*@\S+")
_WORD = re.compile(r"[A-Za-z][A-Za-z'’]+")  # noqa: RUF001 - the apostrophe that telephones type


def looks_like_narrative(words: str) -> bool:
    """Whether what was typed after a command tells something rather than asks for something.

    Three words that belong to no command are a story; a mistyped command rarely has so many.
    """
    told = [word for word in _WORD.findall(_MENTION.sub(" ", words)) if word.lower() not in _COMMAND_WORDS]
    return len(told) >= 3
