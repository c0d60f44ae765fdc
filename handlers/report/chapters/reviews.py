"""Reviews: held in time, held late and why, and the work done around them."""

from handlers.figures.tables import Row
from handlers.paper import Chapter, Heading, Paragraph, Part, ToBeWritten
from handlers.report import review_charts
from handlers.report.concern_charts import count_bars
from handlers.report.reading import Reading
from handlers.report.sentences import amount, counted, of, per_cent, quoted, sentence, was, whole
from scheduling.procedures.terms import IROS, REVIEW, REVIEWS, REVIEWS_FIRST


def reviews(reading: Reading) -> Chapter:
    """Item 4 of the guidance: reviews held on time, out of time, and the reasons."""
    return Chapter(
        number="4",
        title=f"{REVIEWS_FIRST} held in time, and out of time",
        parts=(
            Heading(text="Timeliness"),
            *_timeliness(reading),
            *_drawn(reading, "reviews_by_year"),
            *reading.grids("reviews_by_year"),
            Heading(text=f"Why {REVIEWS} were late or moved"),
            *_late(reading),
            *_drawn(reading, "review_late_reasons"),
            *reading.grids("review_late_reasons", "review_moved_reasons"),
            Heading(text=f"Between {REVIEWS}"),
            *_around(reading),
            *_drawn(reading, "around_reviews"),
            *reading.grids("around_reviews"),
            *_contacts(reading),
            *reading.grids("contacts"),
            Heading(text="What is behind the numbers"),
            ToBeWritten(
                items=(
                    f"What was done about the reasons for late {REVIEWS}, and what will be.",
                    f"The quality of {REVIEWS}: plans that changed because of one, drift that was stopped.",
                )
            ),
        ),
    )


def _drawn(reading: Reading, name: str) -> list[Part]:
    table = reading.table(name)
    if table is None:
        return []
    if name == "reviews_by_year":
        return list(reading.figured(review_charts.timeliness(table)))
    if name == "around_reviews":
        return list(reading.figured(review_charts.around_reviews(table)))
    return list(reading.figured(count_bars(table, "reason", "reviews", "Why reviews were held late", "reason")))


def _timeliness(reading: Reading) -> list[Part]:
    row = reading.row("reviews_by_year", "year", reading.year.name)
    held, in_time = whole(row.get("reviews")), whole(row.get("in_time"))
    if held == 0:
        return [Paragraph(text=f"No {REVIEWS} are recorded as held in {reading.year.name}.")]
    if held is None:
        return []
    said = [f"In {reading.year.name}, {counted(held, REVIEW, REVIEWS)} {was(held)} held."]
    if in_time is not None:
        said.append(f"{_in_time(in_time, held)} in time{_before(reading)}.")
    said += _children(row)
    return [Paragraph(text=" ".join(said))]


def _in_time(in_time: int, held: int) -> str:
    if in_time == held:
        return "It was" if held == 1 else "All of them were"
    return f"{of(in_time, held)}, {was(in_time)}"


def _before(reading: Reading) -> str:
    """How that compares with the year before."""
    now = amount(reading.row("reviews_by_year", "year", reading.year.name).get("in_time_share"))
    earlier = [row for row in reading.rows("reviews_by_year") if str(row["year"]) < reading.year.name]
    before = amount(earlier[-1]["in_time_share"]) if earlier else None
    if now is None or before is None:
        return ""
    if now == before:
        return f", as in {earlier[-1]['year']}"
    return f"; in {earlier[-1]['year']} it was {per_cent(before)}"


def _children(row: Row) -> list[str]:
    children, all_in_time = whole(row.get("children")), whole(row.get("children_in_time"))
    looked_after = whole(row.get("children_on_31_march"))
    said = []
    if children:
        said.append(f"{sentence(counted(children, 'child', 'children'))} had a review held or missed.")
        if all_in_time is not None:
            said.append(f"For {of(all_in_time, children, 'child', 'children')}, all reviews of theirs were in time.")
    if looked_after:
        said.append(f"On 31 March, {counted(looked_after, 'child', 'children')} {was(looked_after)} in care.")
    return said


def _late(reading: Reading) -> list[Part]:
    row = reading.row("reviews_by_year", "year", reading.year.name)
    held, in_time = whole(row.get("reviews")), whole(row.get("in_time"))
    if not held or in_time is None:
        return []
    late = held - in_time
    if not late:
        return [Paragraph(text=f"No {REVIEWS} were held late.")]
    text = f"{sentence(counted(late, REVIEW, REVIEWS))} {was(late)} held late."
    return [Paragraph(text=f"{text} {_most_often(reading, late)}".strip())]


def _most_often(reading: Reading, late: int) -> str:
    """The commonest reason; nothing where it may be among those held back."""
    table = reading.table("review_late_reasons")
    rows = [row for row in reading.rows("review_late_reasons") if row["reason"] != "not recorded"]
    if table is None or table.held_back or not rows:
        return ""
    top = max(rows, key=lambda row: whole(row["reviews"]) or 0)
    share_of = of(whole(top["reviews"]) or 0, late)
    return f"The reason given most often: {quoted(str(top['reason']))}, for {share_of}."


def _around(reading: Reading) -> list[Part]:
    said = []
    for row in reading.rows("around_reviews"):
        due, done = whole(row["due"]), whole(row["done"])
        if due and done is not None:
            said.append(f"{row['what']}: {of(done, due)}")
    return [Paragraph(text=f"Of what fell due: {'; '.join(said)}.")] if said else []


def _contacts(reading: Reading) -> list[Part]:
    total = reading.total("contacts", "number")
    if not total:
        return []
    text = f"Between {REVIEWS}, {IROS} recorded {counted(total, 'contact')}: "
    return [Paragraph(text=f"{text}children seen or spoken to, monitoring, and midway checks.")]
