"""The Research Organization Registry, schema 2. https://ror.readme.io/docs/rest-api"""

from __future__ import annotations

from collections.abc import Sequence

from ingest.completing.services.json_answer import at, items, read_json, text
from ingest.completing.told import Told, filled

__all__ = ["Ror"]


class Ror:
    name = "ROR"
    setting = "ror"
    scheme = "ror"
    at_once = 1
    accept = "application/json"
    delay_s = 0.0

    def address(self, base: str, keys: Sequence[str], contact: str) -> str:
        return f"{base}/organizations/{keys[0]}"

    def read(self, data: bytes, keys: Sequence[str]) -> list[Told]:
        record = read_json(data, self.name)
        if text(record.get("id")).rpartition("/")[2].lower() != keys[0]:
            return []
        named = [(text(one.get("value")), one.get("types")) for one in items(record.get("names"))]
        called = [(name, types) for name, types in named if name and isinstance(types, list)]
        called.sort(key=lambda one: "ror_display" not in one[1])
        acronyms = [name for name, types in called if types == ["acronym"]]
        names = tuple(dict.fromkeys(name for name, _ in called if name not in acronyms))
        place = next((at(one, "geonames_details") for one in items(record.get("locations"))), None)
        if not names:
            return []
        fields = filled({
            "acronym": acronyms[0] if len(acronyms) == 1 else "",
            "country": text(at(place, "country_name")),
            "city": text(at(place, "name")),
            "aliases": list(names),
        })  # fmt: skip
        return [Told(keys[0], (*names, *acronyms), fields)]
