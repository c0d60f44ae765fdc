"""People at the built-in page, who read its HTML and send what a browser would send."""

from tests.page.person import PageMessage, PagePerson, Seen
from tests.page.reading import PageForm, plain_text_of, words_of_buttons

__all__ = ["PageForm", "PageMessage", "PagePerson", "Seen", "plain_text_of", "words_of_buttons"]
