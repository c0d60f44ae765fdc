"""The pages of an installation: plain HTML, one sentence on what is, one on what to do next."""

from dataclasses import dataclass
from html import escape

from starlette.responses import HTMLResponse

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",  # the address of the page holds the state and the code
    "X-Content-Type-Options": "nosniff",
}
AGAIN = ("Begin again", "install")  # beside the page that links to it, whatever path a proxy puts before both
INVITATION = "invitation"


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page. `link`: its words and where it leads; AGAIN leads where this installation was begun."""

    title: str
    said: str
    next: str
    status: int = 200
    link: tuple[str, str] | None = AGAIN

    def response(self, invitation: str = "") -> HTMLResponse:
        """The page as it is sent; nothing in it is taken for HTML. `invitation`: the link by which this was begun."""
        words, leads_to = self.link or ("", "")
        if self.link is AGAIN and invitation:
            leads_to = f"{leads_to}?{INVITATION}={invitation}"
        link = f'<p><a href="{escape(leads_to)}">{escape(words)}</a></p>\n' if words else ""
        return HTMLResponse(
            '<!doctype html>\n<html lang="en-GB">\n<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f"<title>{escape(self.title)}</title>\n<h1>{escape(self.title)}</h1>\n"
            f"<p>{escape(self.said)}</p>\n<p>{escape(self.next)}</p>\n{link}</html>\n",
            status_code=self.status,
            headers=HEADERS,
        )


def beginning(address: str) -> Page:
    """The first page, whose button leads to Slack."""
    return Page(
        title="Add the IRO bot to Slack",
        said="Slack will show what the bot may do and ask you to allow it. You have ten minutes.",
        next="You need to be allowed to install apps in your workspace; if you are not, ask its administrator.",
        link=("Add to Slack", address),
    )


def connected(name: str, *, organisation: bool) -> Page:
    """It worked."""
    mend = "In Slack, type /iro help. A person who is not known yet is told what to ask the administrator for."
    if organisation:
        mend = f"Add the bot to the workspaces that need it, in the organisation's settings. {mend}"
    return Page(title="Connected", said=f"The bot is connected to {name or 'your workspace'}.", next=mend, link=None)


BY_LINK_ONLY = Page(
    status=403,
    title="Ask for a link",
    said="A workspace is connected by a link that was made for it, and this address is none.",
    next="Ask the administrator of this service for a link. It works once, for seven days.",
    link=None,
)
LINK_OVER = Page(
    status=403,
    title="Ask for a new link",
    said="This link has been used or has run out.",
    next="If /iro help is answered in Slack, all is well. If not, ask the administrator of this service for another.",
    link=None,
)
NOT_INVITED = Page(
    status=403,
    title="Not installed",
    said="Nobody has asked for this workspace to be connected, and nothing of it was kept.",
    next="Ask the administrator of this service for a link, and open it as a member of the workspace it was made for.",
    link=None,
)
NO_PERMISSION = Page(
    title="Not installed",
    said="The installation was cancelled in Slack, and nothing was changed.",
    next="Begin again if that was not meant.",
)
SLACK_STOPPED = Page(
    status=400,
    title="Not installed",
    said="Slack did not let the installation go on, and nothing was changed.",
    next="Check that you may install apps in this workspace, and begin again.",
)
STATE_OVER = Page(
    status=400,
    title="Not installed",
    said="This installation was begun more than ten minutes ago or in another browser, or has been used already.",
    next="If /iro help is answered in Slack, all is well. If not, begin again, and allow cookies for this page.",
)
CODE_REFUSED = Page(
    status=400,
    title="Not installed",
    said="Slack did not accept the code it gave for this installation: it is used or has run out.",
    next="Begin again.",
)
SET_UP_WRONGLY = Page(
    status=500,
    title="Not installed",
    said="Slack does not accept how this bot is set up, and nothing was changed.",
    next="Ask the person who runs the bot to compare SLACK_CLIENT_ID, SLACK_CLIENT_SECRET, PUBLIC_URL and the app's "
    "redirect address with docs/install-slack.md; the log names Slack's reason.",
    link=None,
)
TOKEN_UNUSABLE = Page(
    status=500,
    title="Not installed",
    said="Slack gave no lasting bot token, and the bot cannot work without one.",
    next="Ask the person who runs the bot to create the app from the manifest, token rotation off, and begin again.",
)
SLACK_SILENT = Page(
    status=502,
    title="Not installed",
    said="Slack did not answer, and nothing was changed.",
    next="Begin again in a few minutes. If it goes on, ask the person who runs the bot to run iro-bot doctor.",
)
CONNECTED_ELSEWHERE = Page(
    status=409,
    title="Not installed",
    said="This workspace is already connected to another authority of this service, and stays there.",
    next="Ask the person who runs the bot. To move it, remove the app from the workspace in Slack and begin again.",
)


def broken(number: str) -> Page:
    """Something went wrong on our side; the number stands in the log."""
    return Page(
        status=500,
        title="Not installed",
        said="Sorry, something went wrong on our side, and the workspace is not connected.",
        next=f"Begin again; if it happens again, give the person who runs the bot this number: {number}.",
    )
