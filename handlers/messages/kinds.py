"""The kinds of message there are; each has its wording in `handlers.messages.writing`."""

from enum import StrEnum


class Kind(StrEnum):
    """What a message says."""

    NEEDS_REPLY = "needs reply"
    FOR_INFORMATION = "for information"
    MOVED = "moved"
    MOVED_INFORMATION = "moved, for information"
    URGENT = "urgent"
    UNSEEN = "unseen"  # the immediate route was not seen in time
    NO_REPLY = "no reply"
    QUIET = "quiet"  # an informal concern without a clock has had no reply
    OVERDUE = "overdue"
    REPLIED = "replied"
    ADDED = "added"
    PLAN_DUE = "plan due"
    MORE_TIME = "more time"  # someone asks for an extension
    EXTENDED = "extended"
    TIME_REFUSED = "more time refused"
    NOT_MINE = "needs my manager"
    PASSED_ON = "passed on"
    LIMIT_NEAR = "limit near"
    LIMIT_PASSED = "limit passed"
    UNDECIDED = "undecided"  # the IRO has not decided in time
    NOBODY = "nobody"  # no addressee could be found
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    REOPENED = "reopened"
    NOT_YOURS = "not yours"  # the child was corrected: the concern was never this person's
    ACTED = "acted for you"  # the IRO manager acted while the IRO was away
    UNDELIVERED = "undelivered"
    YOUR_DAY = "your day"
    DECISIONS = "decisions"  # of a review, for the manager to agree or dispute
    DECISIONS_DISPUTED = "decisions disputed"
    DECISIONS_UNPROVEN = "decisions not proved to have arrived"
    FEEDBACK = "feedback on a review"
    NEWS = "news of a child"
    PRAISE = "good practice"
    REPORT_FILE = "report_file"  # the annual report, which the person asked for, as a file
    REPORT_OUTCOME = "report_outcome"  # what became of one that was offered and taken


ASKING = (Kind.NEEDS_REPLY, Kind.MOVED, Kind.URGENT)
"""The kinds that ask for a reply: day 0 of a stage is the day the first of them is delivered."""
