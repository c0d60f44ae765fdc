"""Small payloads for the tests of the stand-in itself."""

from tests.slack_standin.jsontypes import Json


def plain(words: str) -> Json:
    return {"type": "plain_text", "text": words}


def section(words: str) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": words}}


def row(*buttons: tuple[str, str]) -> Json:
    """Buttons of (words, value), all with the same deed."""
    elements = [
        {
            "type": "button",
            "text": plain(words),
            "action_id": f"do_{words.split()[0].lower()}",
            "value": value,
        }
        for words, value in buttons
    ]
    return {"type": "actions", "elements": elements}


def modal(*blocks: Json, title: str = "Log a concern", **more: object) -> Json:
    return {"type": "modal", "title": plain(title), "blocks": list(blocks), **more}


def concern_form() -> Json:
    reasons = [{"text": plain(words), "value": words.lower()} for words in ("Delay", "Contact")]
    child = {"type": "external_select", "action_id": "child", "min_query_length": 2}
    worry = {"type": "plain_text_input", "action_id": "worry", "max_length": 20}
    reason = {"type": "static_select", "action_id": "reason", "options": reasons}
    told = {
        "type": "checkboxes",
        "action_id": "told",
        "options": [{"text": plain("The child"), "value": "child"}],
    }
    by = {"type": "datepicker", "action_id": "by", "initial_date": "2027-01-12"}
    return modal(
        {"type": "input", "block_id": "child", "label": plain("Child reference"), "element": child},
        {
            "type": "input",
            "block_id": "worry",
            "label": plain("What are we worried about?"),
            "element": worry,
        },
        {"type": "input", "block_id": "reason", "label": plain("Main reason"), "element": reason},
        {"type": "input", "block_id": "told", "label": plain("Told"), "element": told, "optional": True},
        {"type": "input", "block_id": "by", "label": plain("By"), "element": by},
        row(("Preview", "p")),
        submit=plain("Log"),
        callback_id="concern",
        notify_on_close=True,
    )
