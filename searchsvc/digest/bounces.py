"""Reports that a letter could not be delivered (RFC 3464), as mail servers send them back."""

from __future__ import annotations

import email
import re
from email import policy
from email.message import Message

__all__ = ["bounced_in"]

_BETWEEN = re.compile(rb"(?m)^From \S+ .*\r?\n")  # messages of an mbox


def bounced_in(data: bytes) -> list[str]:
    """Addresses that failed for good, of a message or of an mbox. Delays and what is no such report are passed over."""
    found: dict[str, None] = {}
    for part in _BETWEEN.split(data):
        if part.strip():
            found.update(dict.fromkeys(_failed(email.message_from_bytes(part, policy=policy.compat32))))
    return list(found)


def _failed(message: Message) -> list[str]:
    addresses = []
    for part in message.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        blocks = part.get_payload()
        for block in (one for one in blocks if isinstance(one, Message)) if isinstance(blocks, list) else ():
            action, status = str(block.get("Action", "")).strip().lower(), str(block.get("Status", "")).strip()
            address = (
                str(block.get("Original-Recipient") or block.get("Final-Recipient") or "").partition(";")[2].strip()
            )
            if address and action == "failed" and not status.startswith("4"):
                addresses.append(address.strip("<>"))
    return addresses
