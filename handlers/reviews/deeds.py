"""The deeds around reviews, by name."""

from collections.abc import Callable

from handlers.cards import Answer
from handlers.office import Desk
from handlers.reading import Reads
from handlers.requests import Request
from handlers.reviews import (
    adjourning,
    booking,
    contacts,
    early,
    holding,
    listing,
    midway,
    papers,
    record,
    showing,
    tracks,
)

DEEDS: dict[str, Callable[[Desk, Request], Answer]] = {
    "review.list": Reads(listing.show_list),
    "review.open": showing.show,
    "review.book": booking.book_form,
    "review.book.send": booking.book,
    "review.move.send": booking.move,
    "review.adjourn": adjourning.adjourn_form,
    "review.adjourn.send": adjourning.adjourn,
    "review.hold": holding.hold_form,
    "review.hold.send": holding.hold,
    "review.hold.also": holding.also_held_form,
    "review.meeting": holding.meeting_form,
    "review.meeting.send": holding.add_meeting,
    "review.early": early.early_form,
    "review.early.send": early.bring_review_forward,
    "review.track": tracks.track_form,
    "review.track.send": tracks.change_track,
    "review.contact": contacts.contact,
    "review.contact.send": contacts.add_contact,
    "review.seen": contacts.seen_form,
    "review.seen.send": contacts.record_seen,
    "review.midway": midway.midway_form,
    "review.midway.send": midway.record_midway,
    "review.papers": papers.papers_form,
    "review.papers.send": papers.note_papers,
    "review.task": papers.task_form,
    "review.task.send": papers.do_task,
    "review.record": record.written_form,
    "review.record.send": record.note_written,
    "review.record_sent": record.sent_form,
    "review.record_sent.send": record.note_sent,
}
