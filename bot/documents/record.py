"""A concern's file in the shape it was asked for."""

from bot.documents.drawn import Drawn
from bot.documents.made import File
from bot.documents.word.writing import as_docx
from handlers.export.as_markdown import as_markdown
from handlers.export.child_file import ChildFile
from handlers.export.child_paper import child_paper
from handlers.export.concern_file import ConcernFile
from handlers.export.concern_paper import concern_paper
from handlers.export.links import Shape

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MARKDOWN = "text/markdown; charset=utf-8"


def concern_as_docx(file: ConcernFile) -> bytes:
    """A concern's file as DOCX."""
    return as_docx(concern_paper(file), Drawn(), file.exported_at)


def child_as_docx(file: ChildFile) -> bytes:
    """A child's file as DOCX."""
    return as_docx(child_paper(file), Drawn(), file.exported_at)


def drawn_record(file: ConcernFile, shape: Shape) -> File:
    """A concern's file for a browser to keep."""
    name = f"concern-{file.reference}.{shape}"
    if shape is Shape.DOCX:
        return File(name=name, media_type=DOCX, content=concern_as_docx(file))
    return File(name=name, media_type=MARKDOWN, content=as_markdown(file).encode())
