"""How a work was published, from what its first pages print: running heads, imprints, stamps. Pure functions.

Only what stands at the top or foot of a page counts, or says that it is how to cite the work: other references there
are to other works.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from searchsvc.model import Publication, WorkType

__all__ = ["Printed", "isbn_in", "issn_in", "pages_of", "preprint_server", "printed_on", "reference_in"]

_PARTS = re.compile(r"\s[·|•]\s")  # of a running head
_TOP, _FOOT = 20, 6  # lines of a page that are looked at
_LONGEST = 300  # characters of such a line

# -- numbers ----------------------------------------------------------------------------------------------------------

_DASH = r"\s?[-‐‑‒–—−]{1,2}\s?"
_PAGES = rf"[A-Za-z]{{0,3}}\d{{1,9}}(?:\.[a-z]?\d+)?(?:{_DASH}[A-Za-z]{{0,3}}\d{{1,9}}(?:\.[a-z]?\d+)?)?"
_ISBN = re.compile(r"(?i)\bISBN(?:-1[03])?(?:\s*\([^)]{1,30}\))?[:\s]*((?:97[89][-\s]?)?(?:\d[-\s]?){9}[\dX])\b")
_BARE_ISBN = re.compile(r"(?i)(?<![\d.])((?:97[89][-\s]?)?(?:\d[-\s]?){9}[\dX])(?![\d.])")
_ISSN = re.compile(r"(?i)\bE?-?ISSN(?:\s*\([^)]{1,20}\))?[:\s]*(\d{4}-?\d{3}[\dX])\b")
_BARE_ISSN = re.compile(r"(?i)(?<!\d)(\d{4}-?\d{3}[\dX])(?!\d)")


def pages_of(text: str) -> str | None:
    """`pp. 45–67` as `45-67`; None when there is no page in it."""
    text = re.sub(r"(?i)^\s*(?:pp?\.|pages?)\s*", "", text.strip())
    match = re.fullmatch(rf"{_PAGES}|[\w./-]{{1,20}}", text)
    if not match or not re.search(r"\d|^[ivxlc]+", text):
        return None
    return re.sub(_DASH, "-", text)


def isbn_in(text: str, *, bare: bool = False) -> str | None:
    """Thirteen or ten digits whose last one fits. bare: also without the word ISBN before them."""
    for match in (_BARE_ISBN if bare else _ISBN).finditer(text):
        digits = re.sub(r"[-\s]", "", match[1]).upper()
        if (
            len(digits) == 10
            and sum((10 - at) * (10 if one == "X" else int(one)) for at, one in enumerate(digits)) % 11
        ):
            continue
        if (
            len(digits) == 13
            and sum((3 if at % 2 else 1) * int(one) for at, one in enumerate(digits.replace("X", "0"))) % 10
        ):
            continue
        return digits
    return None


def issn_in(text: str, *, bare: bool = False) -> str | None:
    """`1234-5679`, when its last digit fits."""
    for match in (_BARE_ISSN if bare else _ISSN).finditer(text):
        digits = match[1].replace("-", "").upper()
        if not sum((8 - at) * (10 if one == "X" else int(one)) for at, one in enumerate(digits)) % 11:
            return f"{digits[:4]}-{digits[4:]}"
    return None


# -- journals ---------------------------------------------------------------------------------------------------------

_JOINING = (
    "of|and|the|in|for|on|to|with|from|&|de|la|le|les|des|du|et|en|e|da|do|dos|das|y|del|los|las|und|für|der|die|zur|im|van|"
    "voor|sur|aux|à|pour"
)
_WORD = r"(?:[dlDL]['’])?[A-ZÀ-ÖØ-ÞĀ-Ž][\w&'’./-]*[,:]?|eLife|npj|[a-z]{1,3}[A-Z]\w+|\([A-Z][\w .]{1,30}\)"
_JOURNAL = rf"(?P<journal>(?:{_WORD})(?:\s(?:{_WORD}|{_JOINING})){{0,14}}?)"
_YEAR = r"(?:1[89]|20)\d\d"
_MONTH = r"(?:(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|spring|summer|autumn|fall|winter)[A-Za-z]*\.?)"
_VOLUME = r"(?P<volume>\d{1,4}[A-Z]?)"
_ISSUE = r"(?P<issue>(?:(?i:suppl?\.?|pt\.?|special issue)\s?)?\d{1,5}[A-Za-z]?(?:[-–/]\d{1,5})?(?!\d)|(?i:suppl\.?))"
_AT = rf"(?:(?i:pp?\.?|pages?|art(?:icle)?\.?)\s?)?(?P<pages>{_PAGES})(?![\w%]|\.\d)"
_REFERENCES = tuple(
    re.compile(rf"(?<![\w'’.-]){_JOURNAL}[,.]?\s{rest}")
    for rest in (
        # J Foo 12 (2019) 45-67
        rf"{_VOLUME}\s?\({_YEAR}\),?\s?{_AT}",
        # J Foo 12(3): 45-67
        rf"{_VOLUME}\s?\({_ISSUE}\)\s?[,:;.]?\s?{_AT}",
        # J Foo 2019;12(3):45-67
        rf"{_YEAR}(?:\s{_MONTH}(?:\s\d{{1,2}})?)?\s?;\s?{_VOLUME}(?:\s?[(\[]{_ISSUE}[)\]])?\s?:\s?{_AT}",
        # J Foo 2019;12(3)
        rf"{_YEAR}(?:\s{_MONTH}(?:\s\d{{1,2}})?)?\s?;\s?{_VOLUME}\s?\({_ISSUE}\)(?!\s?[:\d])",
        # J Foo 12:3 (2019): 45-67
        rf"{_VOLUME}[:.]{_ISSUE}\s\({_YEAR}\)[:,]?\s?{_AT}",
        # J Foo (2019) 12:345, and J Foo 2019, 12(3), 45
        rf"\(?{_YEAR}\)?,?\s{_VOLUME}(?:\s?\({_ISSUE}\))?\s?[:,]\s?{_AT}",
        # J Foo 12, 45-67 (2019)
        rf"{_VOLUME}[,:]\s?(?:(?=[A-Za-z]|\d+{_DASH}){_AT}|(?P<article>\d{{2,9}})(?=\s?\({_YEAR}))",
        # J Foo, Vol. 12, No. 3, July 2019, pp. 45-67, and J Foo, 2019, Vol. 12(3), e45
        rf"(?:\(?{_YEAR}\)?,?\s)?(?P<spelled>\(?(?i:vol(?:ume)?)\.?)\s?{_VOLUME}\)?"
        rf"(?:\s?\({_ISSUE}\)|[,;:]?\s\(?(?i:no|iss(?:ue)?|number|n[°º])\.?\s?{_ISSUE.replace('issue', 'number')}\)?)?"
        rf"(?:[,;:]?\s\(?(?:{_MONTH}[^,;:()]{{0,12}}?\s)?{_YEAR}\)?)?"
        rf"(?:[,;:]?\s(?:(?i:pp?\.?|pages?|article)\s?(?P<pages>{_PAGES})|(?P<article>e\d+|\d+{_DASH}\d+)(?!\w)))?",
    )
)
_ASIDE = re.compile(rf"(?i)^(?:www\.|https?:)|^(?:\d{{1,2}}\s)?{_MONTH}\s(?:\d{{1,2}},?\s)?{_YEAR}$")
_BEFORE = re.compile(
    r"(?i)^.*\bet al\.?,?\s+|^(?:published in|appeared in|in|citation|cite (?:this article )?as|to cite this article)"
    r"\s*:?\s+"
)
_NO_JOURNAL = re.compile(
    r"(?i)\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:january|february|march|april|may|june|july|august|"
    r"september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.?|page|table|fig(?:ure)?|"
    r"section|chapter|volume|part|appendix|version|issn|isbn|doi|received|accepted|tel|fax|room|box|grant|award|trial|"
    r"protocol|article|abstract|no|step|phase|week|day|number|agreement|omb|form)\.?$"
)
_CITING = re.compile(
    r"(?i)^(?:citation|(?:please\s+)?cite (?:this )?(?:article )?as|to cite this article|how to cite|"
    r"suggested citation|published in|appeared in|originally published)\b"
)
_NOTE = re.compile(r"^\s*(?:\[?\d{1,3}[\].)]|\d{1,3}\s|[*†‡§¶])")


def reference_in(line: str, *, first: bool = False) -> Publication | None:
    """The journal, volume, issue and pages that stand in `line`. first: at its start only."""
    found: list[Publication] = []
    for pattern in _REFERENCES:
        for match in pattern.finditer(line):
            if first and match.start() > 2:
                continue
            if publication := _of_match(match):
                found.append(publication)
        if found:
            break
    return min(found, key=lambda one: len(one.container or ""), default=None)


def _of_match(match: re.Match[str]) -> Publication | None:
    values = match.groupdict()
    journal = _journal(values["journal"])
    issue, pages = values.get("issue") or values.get("number"), values.get("pages") or values.get("article")
    if not journal or (values.get("spelled") and not issue and not pages):
        return None
    return Publication(
        WorkType.ARTICLE,
        container=journal,
        volume=values["volume"],
        issue=issue,
        pages=pages_of(pages or ""),
    )


def _journal(written: str) -> str | None:
    """The name of a journal at the end of what stands before a volume: authors and a title may come before it."""
    name = _BEFORE.sub("", written)
    # The end of a sentence: `Title of it. PLoS ONE`; an abbreviation is shorter, or one of several.
    parts = re.split(r"(?<=[^\W\d_]{6})\.\s(?=\S)|[:?!]\s(?=\S+$)", name)
    name = parts[-1].strip(" ,.:;")
    if parts[-1].endswith(".") and "." in name:  # abbreviated, to its last word
        name += "."
    words = name.split()
    letters = sum(map(str.isalpha, name))
    if not words or letters < 3 or len(words) > 14 or _NO_JOURNAL.search(name):
        return None
    if len(words) == 1 and len(name) < 4 and not name.isupper():
        return None
    return name


# -- conferences, preprints, theses, reports --------------------------------------------------------------------------

_PROCEEDINGS = re.compile(
    r"\b(?P<container>(?:\d{1,2}(?:st|nd|rd|th)\s)?(?:Proceedings|PROCEEDINGS|Proc\.|Actes|Anais|Actas)"
    r"\s(?:of|de|du|do|dos|da|del|OF)\s[^.;|]{6,180}?)"
    r"(?=,?\s(?:pages?|pp\.?)\s\d|[.;|]|,\s(?:vol|pp|[A-Z][a-z]+,\s[A-Z])|\s*$)"
)
_PAGES_AFTER = re.compile(rf"^,?\s(?:pages?|pp\.?)\s(?P<pages>{_PAGES})")
_PUBLISHED_AT = re.compile(
    r"(?i)^published as an? (?:conference|workshop) paper at (?:the )?(?P<container>[^.;]{3,80})"
)
_NUMBERED = re.compile(
    r"^(?:The\s)?(?P<container>(?:\d{1,2}(?:st|nd|rd|th)|(?:19|20)\d\d|[A-Z][a-z]+th|First|Second|Third)\s(?:[A-Z][\w-]*\s){0,6}"
    r"(?:Conference|Workshop|Symposium|Congress)\s(?:on|of|for)\s[^.;]{4,120}?)(?=[.;]|,\s(?!and\b|or\b)|\s*$)"
)
_MEETING = re.compile(
    r"^(?P<container>[A-Z][^.;|]{6,120}?\b(?:Conference|Meeting|Workshop|Symposium|Congress)\b[^.;|]{0,120}?)"
    r"(?=,?\s(?:pages?|pp\.?)\s\d)"
)
_SERIES = re.compile(
    rf"\(Eds?\.\):\s(?P<container>[^,;]{{3,60}}),\s[A-Z]{{3,6}}\s(?P<volume>\d{{2,6}}),\spp\.\s?(?P<pages>{_PAGES})"
)
_ACM = re.compile(rf"^(?P<container>[A-Z][\w&/+-]{{1,24}}(?:\s[A-Z][\w&/+-]{{0,12}})?\s?[’'‘](?:\d\d)),\s{_MONTH}\s\d")
_PERIODICAL_PROCEEDINGS = re.compile(
    r"(?i)(?:proceedings|proc\.) of the (?:royal|national academy|ieee\b|london math|american math|edinburgh math)"
)
_NOT_PUBLISHED = re.compile(r"(?i)\b(?:submitted|under review|in preparation|manuscript for|call for|keynote)\b")

_ARXIV = re.compile(r"(?i)\barxiv:\s?(?P<number>\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?/\d{7})(?:v\d+)?(?=\s*\[|\s*$)")
_SERVERS = {  # name in lower case: as it is written
    one.casefold(): one
    for one in (
        "arXiv", "bioRxiv", "medRxiv", "ChemRxiv", "PsyArXiv", "SocArXiv", "EarthArXiv", "AfricArXiv", "EdArXiv",
        "engrXiv", "MetaArXiv", "OSF Preprints", "Research Square", "Preprints.org", "SSRN", "SSRN Electronic Journal",
        "TechRxiv", "EcoEvoRxiv", "Authorea", "Preprints with The Lancet", "JMIR Preprints", "PeerJ Preprints",
        "SciELO Preprints", "ESSOAr", "ESS Open Archive",
    )
}  # fmt: skip
_SERVER_DOIS = (
    ("10.48550/", "arXiv"), ("10.21203/rs.", "Research Square"), ("10.31234/", "PsyArXiv"),
    ("10.31219/", "OSF Preprints"), ("10.31235/", "SocArXiv"), ("10.20944/preprints", "Preprints.org"),
    ("10.26434/chemrxiv", "ChemRxiv"), ("10.2139/ssrn", "SSRN"), ("10.36227/techrxiv", "TechRxiv"),
    ("10.1590/scielopreprints", "SciELO Preprints"), ("10.7287/peerj.preprints", "PeerJ Preprints"),
)  # fmt: skip
_RXIV_DOI = re.compile(r"^10\.(?:1101|64898)/(?:20\d\d\.\d\d\.\d\d\.\d+|\d{6}$)")
_SERVER = re.compile(r"(?i)\b(" + "|".join(sorted(map(re.escape, _SERVERS), key=len, reverse=True)) + r")\s+preprint\b")
_PREPRINT = re.compile(
    r"(?i)^preprint\b(?!s)|\bpreprint server\b|\bpreprint (?:no\.?|doi|version)\b|\bpreprint, (?:version|not)\b|"
    r"\bthis preprint\b|\b(?:not|without) (?:yet )?(?:been )?(?:certified by )?peer[- ]review(?:ed)?\b"
)
_NAMED_SERVER = re.compile(r"\b(?P<container>[A-Z]\w+(?:\s[A-Z]\w+)?)\s(?:preprint server|[Pp]reprints\b)")
_PREPRINT_NUMBER = re.compile(r"(?i)\bpreprint\s(?:no\.?\s|number\s|#\s?)?(?P<number>\d[\w.-]*\d)")

_THESIS = re.compile(
    r"(?i)^(?:an?\s)?(?P<genre>"
    r"(?:ph\.?\s?d\.?|d\.?phil\.?|doctoral|doctorate|master(?:['’]?s)?|m\.?\s?sc\.?|m\.?a\.?|m\.?phil\.?|mph|"
    r"bachelor(?:['’]?s)?|b\.?\s?sc\.?|undergraduate|licentiate|honou?rs|habilitation)"
    r"(?:\s(?:of (?:science|arts|philosophy|public health)|degree))?\s(?:thesis|dissertation)|"
    r"th[èe]se\s(?:de|pour le)\sdoctorat|m[ée]moire\sde\s(?:master|ma[îi]trise|fin d['’][ée]tudes)|"
    r"tesis\s(?:doctoral|de\s(?:maestr[íi]a|licenciatura|grado|doctorado))|tese\sde\sdoutora(?:do|mento)|"
    r"disserta[çc][ãa]o\sde\smestrado|dissertation\szur\serlangung|(?:doktor|master|bachelor|diplom)arbeit)"
    r"\b(?!\s(?:was|is|has|by))"
)
_SUBMITTED = re.compile(
    r"(?i)\b(?P<genre>thesis|dissertation)\b.{0,80}\b(?:submitted|presented)\b.{0,160}\b(?:degree|fulfil|award|requirements)"
)
_DEGREE = re.compile(
    r"(?i)\b(?:doctor of philosophy|ph\.?\s?d|doctora(?:l|te)|doctor of \w+|master of [\w ]{3,20}|m\.?sc|"
    r"bachelor of \w+)\b"
)
_UNIVERSITY = re.compile(
    r"(?i)\b(?:universit\w+|université|universidade?|universität|college|institute of technology|école|escuela|"
    r"hochschule|school of (?:hygiene|public health|economics))\b"
)
_REPORT = re.compile(
    r"(?i)^(?P<genre>(?:(?!\d)[\w&/-]+\s){0,4}?"
    r"(?:technical|research|working|discussion|policy|evaluation|project|internal|final|policy research|occasional)"
    r"\s(?:report|paper|note|memorandum|brief)|policy brief|white paper|country report|annual report)s?(?:\sseries)?"
    r"(?:[,:]?\s(?:no\.?|number|nr\.?|n[°º]|#)?\s?(?P<number>(?=[\w./-]*\d)[\w./-]{1,24}))?"
    r"(?:,\s(?P<publisher>(?-i:[A-Z])[^,.;]{2,60})(?=[,.;]|$).{0,60})?[\s.,:;)]*$"
)
_REPORT_NUMBER = re.compile(
    r"(?i)^(?:technical\s)?report\s(?:no\.?|number|#)\s?(?P<number>(?=[\w./-]*\d)[\w./-]{2,24})"
)
_PUBLISHER = re.compile(
    r"(?:(?i:©|\(c\)|\bcopyright\b|^c)\s?(?:©\s?)?(?:(?:19|20)\d\d,?\s)?(?:(?i:by|the)\s)*|"
    r"\b[Pp]ublished by\s(?:the\s)?)"
    r"(?P<publisher>[A-Z][\w&'’-]*(?:\s(?:[A-Z][\w&'’-]*|of|for|and|the|on|&)){0,8})"
)
_HOUSE = re.compile(
    r"\b(?:Association|Press|Publish\w+|Elsevier|Springer\w*|Wiley|Sage|SAGE|Taylor|Society|University|Institute|IEEE|"
    r"ACM|BMJ|PLOS|MDPI|Frontiers|BioMed|Nature|Verlag|Organi[sz]ation|Foundation|Bank|Federation|Academ\w+|College|"
    r"Council|Ltd|Limited|Inc|GmbH)\b"
)


_NONE = Publication()


@dataclass(frozen=True, slots=True)
class Printed:
    publication: Publication = _NONE
    identifiers: Mapping[str, str] = field(default_factory=dict)


def preprint_server(name: str, doi: str) -> str | None:
    """The server that `name` is, or that gives such DOIs."""
    if known := _SERVERS.get(name.casefold().strip()):
        return known
    if re.match(r"(?i)arxiv\b", name):
        return "arXiv"
    return next((server for start, server in _SERVER_DOIS if doi.startswith(start)), None)


def printed_on(pages: Sequence[Sequence[str]], doi: str) -> Printed:
    """pages: the lines of each, the title page among the first. doi: of the work."""
    pages = [[part for line in page for part in _pieces(line)] for page in pages]
    heads = [[line for line in page[:_TOP] if len(line) <= _LONGEST] for page in pages]
    feet = [[line for line in page[max(_TOP, len(page) - _FOOT) :] if len(line) <= _LONGEST] for page in pages]
    lines = [line for some in (*heads, *feet) for line in some]
    everything = "\n".join(line for page in pages for line in page)
    identifiers = {"isbn": isbn} if (isbn := isbn_in(everything)) else {}
    publisher = next(_publishers(lines), None)
    publication = (
        _thesis(heads)
        or _stamped(lines, doi)
        or _conference(lines)
        or _journal_article(heads, feet, pages)
        or _other_preprint(heads, feet, everything, doi)
        or _report(heads)
        or Publication()
    )
    if publication.type is None and preprint_server("", doi):
        publication = Publication(WorkType.PREPRINT, container=preprint_server("", doi))
    issn = issn_in("\n".join(lines)) if publication.type is WorkType.ARTICLE else None
    if publication.type in (WorkType.PREPRINT, None):
        publisher = None
    return Printed(replace(publication, issn=issn, publisher=publication.publisher or publisher), identifiers)


def _pieces(line: str) -> list[str]:
    """The parts of a running head, and all of them in a row but for dates and addresses."""
    parts = _PARTS.split(line)
    if len(parts) == 1:
        return parts
    return [*parts, ", ".join(one for one in parts if not _ASIDE.match(one))]


def _publishers(lines: Sequence[str]) -> Iterator[str]:
    for line in lines:
        for match in _PUBLISHER.finditer(line):
            name = re.sub(r"(?:\s(?:of|for|and|the|on|&))+$", "", match["publisher"])
            if _HOUSE.search(name) and not re.match(r"(?i)the authors?\b|authors?\b", name):
                yield name


def _thesis(heads: Sequence[Sequence[str]]) -> Publication | None:
    for head in heads[:2]:
        genre = next((match["genre"] for line in head if len(line) <= 110 and (match := _THESIS.match(line))), None)
        joined = " ".join(head)
        if not genre and (match := _SUBMITTED.search(joined)):
            degree = _DEGREE.search(joined)
            genre = match["genre"] if not degree else f"{_level(degree[0])} {match['genre'].lower()}"
        if genre:
            places = [line.strip(" ,.") for line in head if len(line) <= 90 and _UNIVERSITY.search(line)]
            place = next((one for one in places if not _THESIS.match(one) and not _SUBMITTED.search(one)), None)
            return Publication(WorkType.THESIS, genre=genre[:1].upper() + genre[1:], publisher=place)
    return None


def _level(degree: str) -> str:
    known = degree.casefold().replace(".", "").replace(" ", "")
    return "PhD" if known.startswith(("phd", "doctor")) else "Master’s" if known.startswith("m") else "Bachelor’s"


def _stamped(lines: Sequence[str], doi: str) -> Publication | None:
    """By the stamp of a server on the page; what a conference or journal took since is cited as that."""
    for line in lines:
        if named := _SERVER.search(line):
            return Publication(WorkType.PREPRINT, container=_SERVERS[named[1].casefold()])
    stamp = next((match for line in lines if (match := _ARXIV.search(line))), None)
    if stamp is None:
        return None
    taken = _conference(lines)
    if taken:
        return replace(taken, number=f"arXiv:{stamp['number']}")
    return Publication(WorkType.PREPRINT, container="arXiv", number=f"arXiv:{stamp['number']}")


def _conference(lines: Sequence[str]) -> Publication | None:
    joined = [*lines, *(f"{one} {other}" for one, other in pairwise(lines))]
    for pattern in (_PROCEEDINGS, _PUBLISHED_AT, _SERIES, _MEETING, _NUMBERED, _ACM):
        for line in joined:
            match = pattern.search(line)
            if not match or _NOT_PUBLISHED.search(line) or _NOTE.match(line):
                continue
            if _PERIODICAL_PROCEEDINGS.match(match["container"]):
                continue
            values = match.groupdict()
            after = _PAGES_AFTER.match(line[match.end() :])
            pages = values.get("pages") or (after["pages"] if after else "")
            return Publication(
                WorkType.CONFERENCE,
                container=match["container"].strip(" ,"),
                volume=values.get("volume"),
                pages=pages_of(pages),
            )
    return None


def _journal_article(
    heads: Sequence[Sequence[str]], feet: Sequence[Sequence[str]], pages: Sequence[Sequence[str]]
) -> Publication | None:
    found = [one for head in heads for line in head if not _NOTE.match(line) and (one := reference_in(line))]
    if not found:
        found = [
            one for foot in feet for line in foot if not _NOTE.match(line) and (one := reference_in(line, first=True))
        ]
    if not found:
        citing = [
            " ".join(page[at : at + 4])
            for page in pages for at, line in enumerate(page) if _CITING.match(line)
        ]  # fmt: skip
        found = [one for line in citing if (one := reference_in(line[: 2 * _LONGEST]))]
    if not found:
        return None
    best = max(
        found, key=lambda one: sum(1 for other in found if (one.volume, one.pages) == (other.volume, other.pages))
    )
    same = [one for one in found if one.volume == best.volume and one.pages == best.pages]
    return min(same, key=lambda one: len(one.container or ""))


def _other_preprint(
    heads: Sequence[Sequence[str]], feet: Sequence[Sequence[str]], everything: str, doi: str
) -> Publication | None:
    said = [line for some in (*heads, *feet) for line in some if len(line) <= 200 and _PREPRINT.search(line)]
    if not said and not _RXIV_DOI.match(doi):
        return None
    server = next((match["container"] for line in said if (match := _NAMED_SERVER.search(line))), None)
    if not server and _RXIV_DOI.match(doi):
        server = "medRxiv" if re.search(r"(?i)\bmedrxiv\b", everything) else "bioRxiv"
    number = next((match["number"] for line in said if (match := _PREPRINT_NUMBER.search(line))), None)
    return Publication(WorkType.PREPRINT, container=preprint_server("", doi) or server, number=number)


def _report(heads: Sequence[Sequence[str]]) -> Publication | None:
    for head in heads[:2]:
        for line in head:
            match = _REPORT.match(line) if len(line) <= 90 else None
            numbered = _REPORT_NUMBER.match(line)
            if match:
                genre = match["genre"]
                genre = genre.capitalize() if genre.isupper() else genre
                return Publication(WorkType.REPORT, number=match["number"], publisher=match["publisher"], genre=genre)
            if numbered:
                return Publication(WorkType.REPORT, number=numbered["number"])
    return None
