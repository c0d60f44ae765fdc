"""The activities that Teams sends to a bot, as its documentation and real ones show them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape

from tests.slack_standin.jsontypes import Json
from tests.teams_standin.records import Conversation, TeamsUser, Upload

BOT_NAME = "IRO bot"


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """What every activity carries: who acts, in which chat, towards which bot, and where its answers go."""

    user: TeamsUser
    chat: Conversation
    app_id: str
    service_url: str

    def activity(self, kind: str, name: str, moment: float) -> Json:
        """An activity of that type with this id, at so many Unix seconds."""
        at = datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        conversation: Json = {
            "conversationType": self.chat.kind,
            "tenantId": self.chat.tenant,
            "id": self.chat.id,
        }
        if self.chat.kind != "personal":
            conversation |= {"isGroup": True, "id": f"{self.chat.id};messageid={name}"}
        return {
            "type": kind,
            "id": name,
            "timestamp": at,
            "localTimestamp": at,
            "localTimezone": "Europe/London",
            "channelId": "msteams",
            "serviceUrl": self.service_url,
            "from": {"id": self.user.id, "name": self.user.name, "aadObjectId": self.user.aad_object_id},
            "conversation": conversation,
            "recipient": {"id": f"28:{self.app_id}", "name": BOT_NAME},
            "entities": [
                {
                    "type": "clientInfo",
                    "locale": "en-GB",
                    "country": "GB",
                    "platform": "Web",
                    "timezone": "Europe/London",
                }
            ],
            "channelData": {"tenant": {"id": self.chat.tenant}},
            "locale": "en-GB",
        }


def typed(activity: Json, text: str) -> Json:
    """Words typed in the personal chat."""
    html = {"contentType": "text/html", "content": f"<p>{escape(text)}</p>"}
    return activity | {"text": text, "textFormat": "plain", "attachments": [html]}


def quoting(activity: Json, message: str) -> Json:
    """What is typed with a message quoted above it, as clients of today send it."""
    quoted: Json = {"messageId": message, "preview": "Concern", "validatedMessageReference": True}
    entities = [*activity["entities"], {"type": "quotedReply", "quotedReply": quoted}]
    return activity | {"text": f'<quoted messageId="{message}"/> {activity["text"]}', "entities": entities}


def quoting_in_html(activity: Json, message: str) -> Json:
    """The same as older clients send it."""
    quote = (
        f'<blockquote itemscope="" itemtype="http://schema.skype.com/Reply" itemid="{message}">'
        '<strong itemprop="mri" itemid="28:app">IRO bot</strong><p itemprop="preview">Concern</p></blockquote>'
    )
    html = {"contentType": "text/html", "content": f"{quote}<p>{escape(activity['text'])}</p>"}
    return activity | {"attachments": [html]}


def mentioned(activity: Json, text: str) -> Json:
    """Words typed in a channel to the bot by name."""
    tag = f"<at>{BOT_NAME}</at>"
    mention = {"type": "mention", "text": tag, "mentioned": activity["recipient"]}
    channel_data = activity["channelData"] | {"team": {"id": "19:team@thread.tacv2"}, "channel": {"id": "19:c"}}
    said: Json = {"text": f"{tag} {text}", "textFormat": "plain", "channelData": channel_data}
    return activity | said | {"entities": [*activity["entities"], mention]}


def pressed(activity: Json, value: Json, message: str) -> Json:
    """Action.Submit in a message: a message without words, with what the action and the inputs hold."""
    return activity | {"value": value, "replyToId": message}


def invoke(activity: Json, name: str, value: Json, message: str = "") -> Json:
    """Something that waits for an answer."""
    source = {"source": {"name": "message"}, "legacy": {"replyToId": message}} if message else {}
    sent = activity | {"name": name, "value": value, "channelData": activity["channelData"] | source}
    return sent | ({"replyToId": message} if message else {})


def fetched(data: Json) -> Json:
    """The value of task/fetch and task/submit."""
    return {"data": data, "context": {"theme": "default"}}


def composed(activity: Json, command: str, data: Json | None) -> Json:
    """An action chosen under the box for messages: it asks for a dialog, or sends what was done in one."""
    name = "composeExtension/fetchTask" if data is None else "composeExtension/submitAction"
    value: Json = {"commandId": command, "commandContext": "compose", "context": {"theme": "default"}}
    source = {"source": {"name": "compose"}}
    sent = value if data is None else value | {"data": data}
    return activity | {"name": name, "value": sent, "channelData": activity["channelData"] | source}


def executed(action: Json, data: Json) -> Json:
    """The value of adaptiveCard/action."""
    named = {key: action[key] for key in ("id", "title", "verb") if key in action}
    return {"action": {"type": "Action.Execute", **named, "data": data}, "trigger": "manual"}


def consented(activity: Json, context: Json, message: str, upload: Json | None) -> Json:
    """The person's answer to the question whether a file may be given: with a place for it, or not."""
    value: Json = {"type": "fileUpload", "action": "decline" if upload is None else "accept", "context": context}
    return invoke(activity, "fileConsent/invoke", value | ({"uploadInfo": upload} if upload else {}), message)


def upload_info(place: Upload, address: str) -> Json:
    """Where the file goes and how it is called there."""
    return {
        "contentUrl": place.content_url,
        "name": place.name,
        "uploadUrl": address,
        "uniqueId": place.unique_id,
        "fileType": place.file_type,
    }


def with_file(activity: Json, name: str, kind: str = "application/vnd.microsoft.teams.file.download.info") -> Json:
    """A file that a person sent to the bot without a word, or, by its content type, a picture put into the message."""
    where = f"https://anyshire-my.sharepoint.com/personal/ann/Documents/{name}"
    content = {"downloadUrl": f"{where}?tempauth=x", "uniqueId": "1150D938", "fileType": name.rpartition(".")[2]}
    sent: Json = {"contentType": kind, "contentUrl": where, "name": name, "content": content}
    html = {"contentType": "text/html", "content": "<p>&nbsp;</p>"}
    return activity | {"attachments": [sent, html]}


def installed(activity: Json, action: str = "add") -> Json:
    """The bot was installed for a person, or taken away."""
    return activity | {"action": action}


def members_added(activity: Json) -> Json:
    """What comes with an installation: the bot is a member of the chat now."""
    return activity | {"membersAdded": [{"id": activity["recipient"]["id"]}, {"id": activity["from"]["id"]}]}
