"""The words that an authority may have its own for. Sentences name them as terms; `said` puts the authority's in.

A term is one private character, so that it can stand in any sentence, also in one written where no authority is known,
and nothing that somebody wrote can be taken for it. Each form is declared here, with article, plural and capital.
"""

from collections.abc import Mapping
from functools import lru_cache

from scheduling.procedures import Procedures

CONCERN, A_CONCERN, CONCERNS = "\ue000", "\ue001", "\ue002"
CONCERN_FIRST, A_CONCERN_FIRST, CONCERNS_FIRST = "\ue003", "\ue004", "\ue005"
""" "Concern", "A concern", "Concerns": the first word of a sentence or of a label."""
IRO, AN_IRO, IROS, AN_IRO_FIRST, IROS_FIRST = "\ue006", "\ue007", "\ue008", "\ue009", "\ue00a"
IRO_MANAGER, AN_IRO_MANAGER, IRO_MANAGERS = "\ue00b", "\ue00c", "\ue00d"


def said(text: str, rules: Procedures) -> str:
    """The sentence in the authority's words."""
    return text.translate(_words(tuple(sorted(rules.labels.items()))))


@lru_cache(maxsize=64)
def _words(labels: tuple[tuple[str, str], ...]) -> Mapping[int, str]:
    named = dict(labels)
    one, many = named.get("concern", "concern"), named.get("concern_plural", "concerns")
    iro = named.get("iro", "IRO")
    manager = named.get("iro_manager", "IRO manager")
    forms = {
        CONCERN: one,
        A_CONCERN: _with_article(one),
        CONCERNS: many,
        CONCERN_FIRST: _capital(one),
        A_CONCERN_FIRST: _capital(_with_article(one)),
        CONCERNS_FIRST: _capital(many),
        IRO: iro,
        AN_IRO: _with_article(iro),
        IROS: f"{iro}s",
        AN_IRO_FIRST: _capital(_with_article(iro)),
        IROS_FIRST: _capital(f"{iro}s"),
        IRO_MANAGER: manager,
        AN_IRO_MANAGER: _with_article(manager),
        IRO_MANAGERS: f"{manager}s",
    }
    return {ord(term): words for term, words in forms.items()}


def _with_article(label: str) -> str:
    """ "a concern", "an escalation", "an IRO"."""
    return f"{'an' if label[:1].casefold() in 'aeiou' else 'a'} {label}"


def _capital(label: str) -> str:
    return f"{label[:1].upper()}{label[1:]}"
