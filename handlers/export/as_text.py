"""Paper as plain text, to be pasted into a case system that knows no formatting."""

from collections.abc import Iterator

from handlers.paper import Chapter, Grid, Heading, Paper, Paragraph, Part, Points, Written


def as_text(paper: Paper) -> str:
    """The whole paper; a row of a table is a line, each cell after its column's name."""
    blocks = [f"{paper.title}, {paper.subtitle}", "\n".join(f"{name}: {value}" for name, value in paper.facts)]
    blocks += [block for chapter in paper.chapters for block in _chapter(chapter)]
    return "\n\n".join(blocks) + "\n"


def _chapter(chapter: Chapter) -> Iterator[str]:
    yield chapter.heading.upper()
    for part in chapter.parts:
        yield from _part(part)


def _part(part: Part) -> Iterator[str]:
    match part:
        case Paragraph() | Heading():
            yield part.text
        case Points():
            yield "\n".join(f"- {item}" for item in part.items)
        case Written():
            yield f"{part.heading}\n{part.text}"
        case Grid():
            yield "\n".join(_line(part, row) for row in part.rows)
        case _:
            raise TypeError(f"{type(part).__name__} has no place in plain text.")


def _line(grid: Grid, row: tuple[str, ...]) -> str:
    cells = (
        f"{column.title.lower() if place else column.title}: {' '.join(cell.split())}"
        for place, (column, cell) in enumerate(zip(grid.columns, row, strict=True))
    )
    return f"- {'; '.join(cells)}"
