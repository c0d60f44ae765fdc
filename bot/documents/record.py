"""A concern's or a child's file in the shape it was asked for, in the words of the authority whose rules these are."""

from bot.documents.drawn import Drawn
from bot.documents.made import File
from bot.documents.word.writing import as_docx
from handlers.export.as_markdown import as_markdown
from handlers.export.child_as_markdown import child_as_markdown
from handlers.export.child_file import ChildFile
from handlers.export.child_paper import child_paper
from handlers.export.concern_file import ConcernFile
from handlers.export.concern_paper import concern_paper
from handlers.export.links import Shape
from handlers.terms import in_words
from scheduling.procedures import Procedures
from scheduling.procedures.terms import said

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MARKDOWN = "text/markdown; charset=utf-8"


def concern_in_docx(file: ConcernFile, rules: Procedures) -> bytes:
    """A concern's file as DOCX."""
    return as_docx(in_words(concern_paper(file), rules), Drawn(), file.exported_at)


def concern_in_markdown(file: ConcernFile, rules: Procedures) -> bytes:
    """The same as Markdown."""
    return said(as_markdown(file), rules).encode()


def child_in_docx(file: ChildFile, rules: Procedures) -> bytes:
    """A child's file as DOCX."""
    return as_docx(in_words(child_paper(file), rules), Drawn(), file.exported_at)


def child_in_markdown(file: ChildFile, rules: Procedures) -> bytes:
    """The same as Markdown."""
    return said(child_as_markdown(file), rules).encode()


def drawn_record(file: ConcernFile, shape: Shape, rules: Procedures) -> File:
    """A concern's file for a browser to keep."""
    name = f"concern-{file.reference}.{shape}"
    if shape is Shape.DOCX:
        return File(name=name, media_type=DOCX, content=concern_in_docx(file, rules))
    return File(name=name, media_type=MARKDOWN, content=concern_in_markdown(file, rules))
