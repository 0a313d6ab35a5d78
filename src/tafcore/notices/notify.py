"""GOV.UK Notify carries mails, texts and letters out. Needs the extra `tafcore[notify]`.

Notify sends templates only: ours hold nothing but ((subject)) and ((body)), a text's only ((body)).
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from notifications_python_client.errors import APIError
from notifications_python_client.notifications import NotificationsAPIClient

from tafcore.notices.senders import SECONDS, Fate, NotSent, Outgoing

ARRIVED = frozenset({"delivered", "received", "sent"})
"""`sent` is as much as is ever known of a text abroad."""
FAILED = frozenset(
    {
        "temporary-failure",
        "technical-failure",
        "virus-scan-failed",
        "validation-failed",
        "cancelled",
    }
)
ADDRESS_LINES = 7


class Notify:
    """GOV.UK Notify, for the channels that have a template there."""

    def __init__(self, key: str, templates: Mapping[str, str], url: str) -> None:
        # Its library logs what the server answered, and that repeats telephone numbers and addresses.
        logging.getLogger("notifications_python_client").setLevel(logging.CRITICAL)
        self._templates = templates
        self._client = NotificationsAPIClient(key, base_url=url, timeout=SECONDS)

    @property
    def channels(self) -> frozenset[str]:
        return frozenset(self._templates)

    def send(self, message: Outgoing) -> str | None:
        try:
            known = self._taken_before(message) if message.again else None
            return known or str(self._post(message)["id"])
        except (APIError, KeyError) as fault:
            raise _not_sent(fault) from fault

    def became(self, number: str) -> Fate:
        try:
            status = self._client.get_notification_by_id(number)["status"]
        except (APIError, KeyError) as fault:
            raise _not_sent(fault) from fault
        if status == "permanent-failure":
            return "gone"
        if status in FAILED:
            return "failed"
        return "arrived" if status in ARRIVED else "under_way"

    def _taken_before(self, message: Outgoing) -> str | None:
        """Its number there, where an earlier try got through and we never heard."""
        found = self._client.get_all_notifications(reference=message.number)["notifications"]
        return str(found[0]["id"]) if found else None

    def _post(self, message: Outgoing) -> Any:
        template, words = self._templates[message.channel], {"subject": message.subject, "body": message.body}
        if message.channel == "email":
            return self._client.send_email_notification(message.to, template, words, message.number)
        if message.channel == "text":
            return self._client.send_sms_notification(message.to, template, words, message.number)
        lines = [line.strip() for line in message.to.splitlines() if line.strip()]
        if len(lines) > ADDRESS_LINES:
            lines = [*lines[: ADDRESS_LINES - 2], ", ".join(lines[ADDRESS_LINES - 2 : -1]), lines[-1]]
        address = {f"address_line_{place}": line for place, line in enumerate(lines, 1)}
        return self._client.send_letter_notification(template, words | address, message.number)


def _not_sent(fault: Exception) -> NotSent:
    if not isinstance(fault, APIError):
        return NotSent("NotifyAnswer")
    return NotSent(f"Notify {fault.status_code}", final=fault.status_code == 400)
