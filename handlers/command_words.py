"""The words that may follow a command, each with its deed."""

CONCERN_DEEDS = {
    "reply": "concern.reply",
    "stage": "concern.move",
    "move": "concern.move",
    "extend": "concern.extend",
    "close": "concern.close",
    "withdraw": "concern.withdraw",
    "reopen": "concern.reopen",
    "cafcass": "concern.cafcass",
    "legal": "concern.legal",
    "history": "concern.history",
    "file": "concern.file",
    "again": "concern.ask_again",
    "record": "concern.record",
    "correct": "concern.correct",
    "lasted": "concern.lasted",
    "carry": "concern.carry",
    "carry on": "concern.carry",
    "on the record": "concern.on_record",
}
IRO_DEEDS = {
    "child": "iro.child",
    "allocate": "iro.allocate",
    "away": "iro.away",
    "back": "iro.back",
    "check": "iro.check",
    "day": "iro.day",
    "days": "iro.days",
    "people": "iro.people",
    "procedures": "iro.procedures",
    "figures": "iro.figures",
    "report": "iro.report",
}
PLAIN_DEEDS = {"praise": "praise.form", "caseload": "caseload.show"}
"""Commands that take no words."""
REVIEW_DEEDS = {
    "book": "review.book",
    "move": "review.book",
    "hold": "review.hold",
    "complete": "review.hold",
    "meeting": "review.meeting",
    "adjourn": "review.adjourn",
    "forward": "review.early",
    "bring forward": "review.early",
    "papers": "review.papers",
    "contact": "review.contact",
    "seen": "review.seen",
    "midway": "review.midway",
    "midway check": "review.midway",
    "decisions": "review.decisions",
    "feedback": "review.feedback",
    "record": "review.record",
    "sent": "review.record_sent",
    "track": "review.track",
}
LISTS = ("mine", "team", "overdue", "drafts", "closed")
CONCERN_WORDS = ("list", "service", "help", *CONCERN_DEEDS)
IRO_WORDS = (*IRO_DEEDS, "help")
REVIEW_WORDS = ("list", "help", *REVIEW_DEEDS)
COMMANDS = ("concern", "review", "tell", "iro", *PLAIN_DEEDS)
WORDS = frozenset(" ".join((*LISTS, *CONCERN_WORDS, *IRO_WORDS, *REVIEW_WORDS)).split())
"""Every word that means something after a command."""
