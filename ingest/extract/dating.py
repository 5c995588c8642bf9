"""Which of the dates of a file is its date, and of what kind. Pure functions.

What is printed goes before what a program stored; what a label says (`published`, `presented`, `last updated`) before
what stands alone. All candidates are kept, the best first: which of them lie in the future is for who has a clock.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from searchsvc.model import Dated, DateKind
from searchsvc.text.dates import WrittenDate, compact_date, dates_in

__all__ = ["date_fields", "printed_dates", "stored_date"]

_PUBLISHED, _PRESENTED, _MODIFIED, _RETRIEVED = (
    DateKind.PUBLISHED, DateKind.PRESENTED, DateKind.MODIFIED, DateKind.RETRIEVED,
)  # fmt: skip
_LABELS = {
    "published": r"published|publication|posted|issued|released|released on|first online|online|appeared|dated?"
    r"|©|\(c\)|copyright"
    r"|publié[es]?|parution|paru[es]?|mis[es]? en ligne|publicad[oa]s?|publicación|publicação|fecha|divulgad[oa]"
    r"|veröffentlicht|veröffentlichung|erschienen|datum|pubblicat[oaie]|pubblicazione|data|gepubliceerd|verschenen"
    r"|imechapishwa|kuchapishwa|tarehe|diterbitkan|опубликовано|дата|发布|發布|出版|公開日?|発行日?"
    r"|게시|발행|نشر",
    "presented": r"presented|delivered|given at|held|talk|présentée?s?|présentation du|presentad[oa]"
    r"|apresentad[oa]|vorgetragen|gehalten"
    r"|presentat[oa]|gepresenteerd|gehouden|iliyowasilishwa",
    "modified": r"updated?|modified|revised|revision|last (?:reviewed|change)|changed|edited|mise? à jour"
    r"|modifiée?|révisée?"
    r"|actualizad[oa]|actualización|atualizad[oa]|atualização|revisad[oa]|aktualisiert|geändert|stand|aggiornat[oa]"
    r"|modificat[oa]|bijgewerkt|gewijzigd|imesasishwa|обновлено|更新日?|수정",
    "retrieved": r"retrieved|accessed|downloaded|printed on|archived|crawled|consultée?|téléchargée?"
    r"|imprimée? le|abgerufen|gedruckt am"
    r"|consultad[oa]|descargad[oa]|acessad[oa]|visitato|consultato|geraadpleegd|imepakuliwa",
    "accepted": r"accepted|acceptée?|aceptad[oa]|aceit[oa]|aceite|angenommen|accettato|geaccepteerd",
    "other": r"received|submitted|submission|born|deadlines?|due|expires?|valid|until|forthcoming|in press"
    r"|to appear|upcoming|since|from"
    r"|registration|for the (?:fiscal |tax |calendar )?(?:year|period|quarter|month)s?|expiration|reçue?s?"
    r"|soumise?|à paraître|né[e]? le|jusqu[’']au|eingereicht|eingegangen|im erscheinen|erscheint|frist|geboren"
    r"|recibid[oa]|enviad[oa]|próximamente|en prensa|recebid[oa]|no prelo|prazo|plazo|ricevut[oa]|in uscita"
    r"|ontvangen|scadenza"
    r"|founded|established|est\.|effective",
}  # fmt: skip
_LABEL = re.compile("(?i)" + "|".join(rf"(?P<{kind}>(?<!\w)(?:{words})(?!\w))" for kind, words in _LABELS.items()))
_VAGUE = re.compile("(?i)dated?|datum|data|fecha|дата|tarehe|online")
_COPYRIGHT_SPAN = re.compile(r"(?i)(?:©|\(c\)|copyright)\D{0,20}(?:19|20)\d{2}\s?[-–]\s?((?:19|20)\d{2})(?!\d)")
_IMPRINT = re.compile(
    r"(?i)\b(?:proceedings|conference|workshop|symposium|congress|journal|vol\.?|volume|arxiv|colloque|actes"
    r"|congreso|revista"
    r"|actas|anais|tagung|zeitschrift|rivista|atti)\b"
    r"|\b\d{1,4}\s?(?:\(\d{1,3}\)\s?)?,?\s?\((?:19|20)\d{2}\),?:?\s?(?:pp?\.?\s?)?\w?\d{1,6}\b"  # 3 (2017) 211
)
_FEW_WORDS = 10  # beside a date that stands for itself
_AMOUNT = re.compile(r"(?=(?:[.,]*\d){3})[\d.,]{4,}")  # what stands in a row of a table
_SEVERAL = 2  # more dates than that without a label are those of what the text is about
_ALONE = 1
_RANKS = {"published": 0, "presented": 0, "": _ALONE, "accepted": 2, "modified": 4, "retrieved": 5}
_KINDS = {"presented": _PRESENTED, "modified": _MODIFIED, "retrieved": _RETRIEVED}


def date_fields(dates: Iterable[Dated | None]) -> Mapping[str, Any]:
    """`date`, `date_kind` and `other_dates` of a document, whose dates are these, the best first."""
    known = tuple(dict.fromkeys(one for one in dates if one is not None))
    if not known:
        return {}
    return {"date": known[0].iso, "date_kind": known[0].kind, "other_dates": known[1:]}


def stored_date(*values: str) -> str | None:
    """The first date that a program stored, as far as the calendar has it; before 1985 no clock was set."""
    return next((date for value in values if (date := compact_date(value)) and date >= "1985"), None)


def printed_dates(
    lines: Iterable[str], *, otherwise: DateKind = _PUBLISHED, labelled: bool = False, years: bool = True
) -> list[Dated]:
    """The dates that lines say of the document they stand in, the best first.

    otherwise: the kind of one without a label. labelled: only those with a label count. years: also a year alone, where
    a label or the name of a journal or meeting stands in its line.
    """
    found: list[tuple[int, Dated]] = []
    before = ""
    for line in lines:
        start = f"{before} " if _is_label(before) else ""
        found += _in_line(f"{start}{line}", otherwise, labelled, years)
        before = line
    alone = {one.iso for rank, one in found if rank == _ALONE}
    known = [one for one in found if one[0] != _ALONE or len(alone) <= _SEVERAL]
    return [one for _, one in sorted(known, key=lambda ranked: ranked[0])]


def _is_label(line: str) -> bool:
    return len(line) <= 40 and bool(_LABEL.search(line)) and not dates_in(line)


def _in_line(line: str, otherwise: DateKind, labelled: bool, years: bool) -> Iterator[tuple[int, Dated]]:
    dates = dates_in(line)
    if years and (span := _COPYRIGHT_SPAN.search(line)):
        yield 3, Dated(span[1], _PUBLISHED)
    beside = _beside(line, dates) if dates else []
    imprint = bool(_IMPRINT.search(line))
    stands_alone = len(beside) <= _FEW_WORDS and not any(_AMOUNT.fullmatch(word) for word in beside)
    end = 0
    for date in dates:
        label = ""
        for match in _LABEL.finditer(line, end, date.start):
            if not (label and _VAGUE.fullmatch(match[0])):  # of an expiration date the first word tells
                label = match.lastgroup or ""
        end = date.end
        if label == "other" or (date.bare and not (years and (label or imprint))):
            continue
        if not label and (labelled or " | " in line or not (stands_alone or imprint)):
            continue
        rank = _RANKS[label] if not date.bare or label not in ("published", "presented", "") else 3
        yield rank, Dated(date.iso, _KINDS.get(label, otherwise if not label else _PUBLISHED))


def _beside(line: str, dates: Sequence[WrittenDate]) -> list[str]:
    """The words of a line without its dates."""
    rest, at = [], 0
    for date in dates:
        rest.append(line[at : date.start])
        at = date.end
    return " ".join([*rest, line[at:]]).split()
