"""Text that a document can hold."""

import re

_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """The text without signs that no XML file may hold (controls, lone surrogates)."""
    return _NOT_IN_XML.sub("", text)
