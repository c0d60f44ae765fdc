"""What the guidance asks for and no data can say: places for the service to write, each with what belongs there."""

from handlers.paper import Chapter, Paragraph, Part, ToBeWritten, Written
from handlers.report.reading import Reading
from handlers.report.sentences import counted, sentence, times, was, whole
from scheduling.procedures.terms import CONCERN, CONCERNS, IRO, IRO_FIRST


def audits() -> Chapter:
    """Item 5 of the guidance."""
    return Chapter(
        number="5",
        title="Quality assurance audits",
        parts=(
            ToBeWritten(
                items=(
                    "The audits of the year into how reviews are organised, conducted and recorded: how many, by whom.",
                    "What they found, and what changed because of it.",
                    "What children, parents and carers said of their reviews.",
                )
            ),
        ),
    )


def resources(reading: Reading) -> Chapter:
    """Item 6 of the guidance."""
    return Chapter(
        number="6",
        title="Resources",
        parts=(
            ToBeWritten(
                items=(
                    "Whether any resource issue puts at risk a quality service to every child looked after.",
                    f"{IRO_FIRST} posts, business support, rooms and systems: what is short, what follows.",
                )
            ),
        ),
    )


def siblings() -> Chapter:
    """Brothers and sisters, which reports are asked to address."""
    return Chapter(
        number="7",
        title="Brothers and sisters",
        parts=(
            ToBeWritten(
                items=(
                    "Children who live apart from brothers or sisters, and whether their time together is in the plan.",
                    "What reviews did where it was not happening.",
                )
            ),
        ),
    )


def barriers(reading: Reading) -> Chapter:
    """What was raised with senior managers about the service as a whole, and their answer."""
    row = next(iter(reading.rows("concerns_and_children")), {})
    service = whole(row.get("service_concerns"))
    parts: list[Part] = []
    if service is not None:
        raised = sentence(counted(service, CONCERN, CONCERNS))
        text = f"{raised} about the service {was(service)} raised in {reading.year.name}."
        parts.append(Paragraph(text=text))
    return Chapter(
        number="8",
        title="Barriers raised with senior managers, and the response",
        parts=(
            *parts,
            ToBeWritten(
                items=(
                    "Failings of the system that were raised with senior managers in the year.",
                    "What senior managers answered and did.",
                )
            ),
        ),
    )


def good_practice(reading: Reading, quotes: tuple[tuple[str, str], ...]) -> Chapter:
    """Good practice recognised, with what may be quoted of it."""
    total = reading.total("good_practice", "number")
    parts: list[Part] = []
    if total:
        parts.append(Paragraph(text=f"Good practice was recognised {times(total)} in {reading.year.name}."))
    grids = reading.grids("good_practice")
    parts += grids
    if quotes:
        parts.append(Paragraph(text="What was said, where those recognised agreed to be quoted:"))
        parts += [Written(heading=who, text=words) for who, words in quotes]
    if not grids:
        parts.append(ToBeWritten(items=("Examples of good practice in the year, without names of children.",)))
    return Chapter(number="9", title="Good practice", parts=tuple(parts))


def next_year(reading: Reading) -> Chapter:
    """The plan for the year to come."""
    return Chapter(
        number="10",
        title="The year to come",
        parts=(
            ToBeWritten(
                items=(
                    "What last year's plan set out to do, and what became of it.",
                    f"Priorities of the {IRO} service for the year to come, with who and by when.",
                )
            ),
        ),
    )


def childrens_version() -> Chapter:
    """The version for children and young people."""
    return Chapter(
        number="11",
        title="The version for children and young people",
        parts=(
            ToBeWritten(
                items=(
                    "A short version in plain words and pictures, made with children and young people.",
                    "Where they can find it, and how they can say what they think of it.",
                )
            ),
        ),
    )
