"""ORCID's public interface: what somebody made public of themselves. https://info.orcid.org/documentation/"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ingest.completing.services.json_answer import at, items, read_json, text
from ingest.completing.told import Told, filled

__all__ = ["Orcid"]


class Orcid:
    name = "ORCID"
    setting = "orcid"
    scheme = "orcid"
    at_once = 1
    accept = "application/json"
    delay_s = 0.0

    def address(self, base: str, keys: Sequence[str], contact: str) -> str:
        return f"{base}/{keys[0]}/record"

    def read(self, data: bytes, keys: Sequence[str]) -> list[Told]:
        record = read_json(data, self.name)
        if text(at(record, "orcid-identifier", "path")) != keys[0]:
            return []
        name = at(record, "person", "name")
        given, family = (text(at(name, part, "value")) for part in ("given-names", "family-name"))
        credit = text(at(name, "credit-name", "value"))
        others = [text(one.get("content")) for one in items(at(record, "person", "other-names", "other-name"))]
        names = tuple(dict.fromkeys(filter(None, (f"{given} {family}".strip(), credit, *others))))
        if not names:  # nothing of it is public
            return []
        role, organization = _post(record)
        return [Told(keys[0], names, filled({"aliases": list(names), "role": role, "organization": organization}))]


def _post(record: Mapping[str, object]) -> tuple[str, str]:
    """What they do now and where; ORCID lists the latest first. Two posts at once are for a person to sort out."""
    posts = [
        post
        for group in items(at(record, "activities-summary", "employments", "affiliation-group"))
        for one in items(group.get("summaries"))
        if (post := at(one, "employment-summary")) and not at(post, "end-date")
    ]
    if len(posts) != 1:
        return "", ""
    return text(at(posts[0], "role-title")), text(at(posts[0], "organization", "name"))
