"""Teams' limits, as its documentation states them and as this product keeps them, in one place."""

# A whole activity as UTF-16; pages of several ages say 28 KB, 40 KB and 100 KB: the smallest is kept.
ACTIVITY_BYTES = 28 * 1024
# Cards sent by bots: learn.microsoft.com, Adaptive Cards in Teams.
CARD_VERSION = (1, 5)
# More actions than this in one row are not shown.
ACTIONS_IN_A_ROW = 6
REFRESH_USERS = 60
# Teams gives a bot ten to fifteen seconds for an answer; stories are told on busy machines too.
ANSWER_SECONDS = 60.0

# learn.microsoft.com, rate limiting: calls in so many seconds, per bot and conversation.
SENDS_PER_CONVERSATION = ((7, 1.0), (8, 2.0), (60, 30.0), (1800, 3600.0))
READS_PER_CONVERSATION = ((14, 1.0), (16, 2.0), (120, 30.0), (3600, 3600.0))
CALLS_PER_TENANT = ((30, 1.0),)

# learn.microsoft.com, driveItem createUploadSession: one request takes less than this; the place is kept for a while
# (the pages say for how long of Graph's sessions only, so this is a made-up span).
UPLOAD_BYTES = 60 * 1024 * 1024
UPLOAD_SECONDS = 15 * 60
# support.microsoft.com, restrictions and limitations in OneDrive: what no file's name may hold.
NOT_IN_NAMES = frozenset('"*:<>?/\\|')

# Tokens are taken five minutes after they ended, and before they begin.
TOKEN_SECONDS = 3600
TOKEN_LEEWAY_SECONDS = 300
