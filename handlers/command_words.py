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
"""Commands that take no words, but for the name after `/caseload`."""
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

GREETINGS = {
    "help", "hello", "hello there", "hi", "hi there", "hiya", "hey", "morning", "good morning", "good afternoon",
    "good evening",
}  # fmt: skip
THANKS = {
    "thanks", "thank you", "many thanks", "thanks a lot", "thank you very much", "thanks very much", "ok thanks",
    "okay thanks", "great thanks", "thanks again", "thank you so much", "thanks so much", "thx", "ta", "cheers",
}  # fmt: skip
DAY = {"day", "my day", "your day"}
FULL_STOPS = " .!?,"


def is_greeting(written: str) -> bool:
    """Whether somebody only says hello, or asks for help, in any case and with whatever stands around it."""
    return _bare(written) in GREETINGS


def is_day(written: str) -> bool:
    """Whether somebody asks for their day: the word alone, as the button has it or as they would say it."""
    return _bare(written) in DAY


def is_thanks(written: str) -> bool:
    """Whether somebody only says thank you."""
    return _bare(written) in THANKS


def _bare(written: str) -> str:
    """The words alone: no slash, no commas, no full stop or smile at the end."""
    said = " ".join(written.casefold().replace(",", " ").split()).removeprefix("/")
    letters = [at for at, sign in enumerate(said) if sign.isalpha()]
    return said[letters[0] : letters[-1] + 1] if letters else ""
