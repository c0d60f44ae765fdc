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
    "review.book.send": booking.book.send,
    "review.move.send": booking.move.send,
    **adjourning.adjourn.deeds,
    **holding.hold.deeds,
    "review.hold.also": holding.also_held_form,
    **holding.add_meeting.deeds,
    **early.bring_review_forward.deeds,
    **tracks.change_track.deeds,
    **contacts.add_contact.deeds,
    "review.contact": contacts.contact,
    **contacts.record_seen.deeds,
    **midway.record_midway.deeds,
    **papers.note_papers.deeds,
    **papers.do_task.deeds,
    **record.note_written.deeds,
    **record.note_sent.deeds,
}
