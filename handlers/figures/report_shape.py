"""The shapes of the report."""

from enum import StrEnum


class ReportShape(StrEnum):
    """In which shape the report is given; each is also how its file's name ends."""

    DOCX = "docx"
    HTML = "html"
    XLSX = "xlsx"
