"""What the door lets through, each limit with its reason. Slack and Teams stay far below every one of them."""

from typing import Final

# Platforms and proxies send a request in one go; ten seconds are enough for a telephone on a bad line.
HEADER_SECONDS: Final = 10.0
BODY_SECONDS: Final = 10.0

# A page's press of a button carries next to nothing; the platforms' own sizes stand beside their entrances.
LARGEST_BODY: Final = 100_000
# All bodies that are on their way at once, in bytes: beyond this the one that takes longest makes room.
BODIES_TOGETHER: Final = 32_000_000
# After "too large" the rest is read and thrown away for so long: closing on unread bytes takes the answer with it.
READ_ON_SECONDS: Final = 2.0

# Half of what a process may usually have open (1,024 files): the rest is for the database and for answers.
CONNECTIONS: Final = 500
# From one address that is no proxy of ours. An office behind one address has fewer people than that at one moment.
CONNECTIONS_OF_ONE: Final = 100
# Read at once from one connection, in bytes, and how many ends of lines may be in that much of what is read by the line
# (heads and chunks): chunks of one byte take seconds a megabyte, and nobody sends hundreds of under 80 bytes in a row.
READ_AT_ONCE: Final = 16_384
LINES_AT_ONCE: Final = 400
# A reader who takes nothing at all for so long is gone. A slow line takes something.
READER_SECONDS: Final = 30.0

# Requests of one address that prove nothing: so many at once, and so many a second after that. Refusing one costs
# about a millisecond, and no person opens pages, and no monitor asks, faster than that.
UNPROVED_AT_ONCE: Final = 300
UNPROVED_A_SECOND: Final = 5.0
# How many addresses are remembered; the one that has been quiet for longest is forgotten first.
ADDRESSES: Final = 10_000

# At the stop: so long for answers under way (Slack has its own within 2.3 seconds), then connections are cut, and what
# still works on an answer is stopped a second later.
ANSWERS_END_SECONDS: Final = 2.5
WORK_ENDS_SECONDS: Final = 3
# From the signal: by then every step has been taken, and only a thread that waits for something that does not answer,
# such as a database on another machine, keeps the process.
PROCESS_ENDS_SECONDS: Final = 9.0
