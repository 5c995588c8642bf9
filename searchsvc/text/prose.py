"""What a passage is: text that says something, or a list of references, who wrote it, or a table of contents.

Only the first is shown as an answer. Each line is judged by marks that lists have and sentences lack, and by how many
of its words are function words; the passage is what most of its characters are. A language whose function words are
not known here is judged by the marks alone, so in doubt a passage is prose.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from searchsvc.model import Matter, Passage

__all__ = ["abstract_of", "function_word_share", "is_abstract_heading", "is_references_heading", "matter_of"]

# English, French, Spanish, Portuguese, German, Italian, Dutch, Swahili.
_FUNCTION_WORD_TEXT = """
    the of and to in a is that for it as was with be by on not he his but at are this have from or had an they which
    you were their been has would there what will if can all her than who may do we our these when where how between
    after into such no also its more during your you my me him them us should could does did been being about up out
    only other some any each many most these those same while since because over under both through then so
    le la les des du de un une et est que qui dans pour par sur avec au aux ne pas il elle nous vous ils ce cette sont
    ont été leur plus ou se en où
    el los las del y es una por con para su lo como más pero sus al fue ser son este entre cuando muy sin sobre también
    me hasta hay donde desde nos durante uno ni contra
    o os as do da dos das em um uma não na no nas nos ao à pela pelo foi são mais mas com seu sua ou quando muito já
    também só pelos pelas até isso ela ele
    der die das und ist den von zu mit sich auf für nicht ein eine dem des im sie es an werden aus er hat dass bei oder
    um wird sind einer eines nach wie zum zur nur noch über vor durch
    il di che è per non sono della nel dei gli alla con una del si lo ha da le
    het een van dat niet zijn op aan met voor er maar om hij zij wordt naar uit ook door
    ya wa na kwa ni za la katika cha kuwa hii hiyo kama lakini pia au wao vya
"""
_FUNCTION_WORDS = frozenset(_FUNCTION_WORD_TEXT.split())
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|[^\s@]{1,64}@\S+")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
# Scripts whose words have no spaces between them, or whose function words are not known here.
_OTHER_SCRIPT = re.compile(r"[^\W\d_A-Za-zÀ-ɏ]")
_ENOUGH = 0.5  # of a passage's characters: what it is called

# Lists of references: two kinds of marks in an entry, and many of them for its length.
_HEADING_TEXT = """
references|reference list|list of references|bibliography|literature|literature cited|works cited|cited works|
sources cited|further reading|notes and references|références|références bibliographiques|bibliographie|referencias|
referencias bibliográficas|bibliografía|referências|referências bibliográficas|bibliografia|literatur|
literaturverzeichnis|quellen|quellenverzeichnis|riferimenti|riferimenti bibliografici|literatuur|referenties|marejeo|
参考文献|參考文獻|参考资料|список литературы|المراجع
"""
_HEADINGS = frozenset(_HEADING_TEXT.replace("\n", "").split("|"))
_INITIALS = re.compile(
    r"""\b[^\W\d_]['’\w-]{1,40},?\ [A-ZÀ-Þ]{1,3}(?=[,.;]|\ and\b|\ et\b)                # Okonjo AB, Varga B.
      | \b(?:[A-ZÀ-Þ]\.[ -]?){1,3}\ ?(?:[a-zà-ÿ]{1,9}\ ){0,2}[A-ZÀ-Þ][\w'’-]{1,40},   # A. B. Okonjo,
      | \b[A-ZÀ-Þ][\w'’-]{1,40},\ (?:[A-ZÀ-Þ]\.[ -]?){1,3}                             # Okonjo, A. B.
    """,
    re.VERBOSE,
)
_YEAR = re.compile(r"(?<![\d.])(?:1[89]|20)\d\d[a-z]?(?!\d|\.\d)")
_AUTHORS_YEAR = re.compile(r"[^\W\d_]\.?,? ?\(?(?:19|20)\d\d[a-z]?\)?\. (?=[\"“A-ZÀ-Þ])")  # ... and Yi Liu. 2019. Title
_VOLUME = re.compile(
    r"""\b\d+\ ?(?:\(\d+(?:[-–/]\d+)?\))?\ ?(?:[:;]\ ?|,\ )                            # 12(3): 45-67
        (?!(?:1[89]|20)\d\d\b)e?\d{2,}(?:\ ?[-–]\ ?e?\d+)?\b(?!\ ?%)
      | \bvol(?:ume)?\.?\ \d+ | \bpp?\.\ ?\d+ | \bpages\ \d+[-–]\d+ | \bno\.\ \d+,
    """,
    re.VERBOSE | re.IGNORECASE,
)
_PUBLISHED = re.compile(
    r"\bIn (?:[A-Z]\w{0,20}[- ]){0,6}(?:Proceedings|Proc\b|Advances|[A-Z]{3,}\b)|\bProceedings of|\barxiv\b|\bdoi\b|"
    r"\b10\.\d{4,9}/|\bPMID|https?://|\[Online\]|\b[Ee]ds?\.[,) ]|\bet al\. (?:19|20)\d\d|\bPress\.|"
    r"\b(?:J|Proc|Am|Int|Eur|Rev|Nat|Ann|Arch|Clin) (?:[A-Z][a-z]+ ){1,4}?(?:[A-Z][a-z]+)?[.;]?\s*(?:19|20)\d\d"
)
_IN_BRACKETS = re.compile(r"\([^()]*\)")
_LETTERS = re.compile(r"[^\W\d_]{2}")
_NUMBERED = re.compile(r"^\s*(?:\[\d{1,3}\]|\(\d{1,3}\)|\d{1,3}\.?)\s")
_FEW_WORDS = 2
_SHORT = 300  # characters, of which a few function words say little
_LEAST_MARKS = 0.06  # a word
_BEGINNING = 60  # characters in which an entry names its first author
# Of all words: of 140 entries of lists 5% have more than .33, of 138 lines of sentences 10% have less than .25.
_FEW_FUNCTION_WORDS = 0.35
_FEW_BY_TWO = 0.3  # where only two kinds of marks say so
_FEW_UNDER_HEADING = 0.4

# Who wrote it, where they are, and what it stands in.
_KEYWORDS = re.compile(
    r"^\W*(?:key ?-?words?(?: and phrases)?|index terms|mots[- ]cl[ée]s?|palabras[- ]clave|palavras[- ]chave|"
    r"schl(?:ü|ue)sselw(?:ö|oe)rter|schlagw(?:ö|oe)rter|parole chiave|trefwoorden|maneno muhimu|"
    r"关键词|關鍵詞|キーワード)\s*[:：.—–-]",
    re.IGNORECASE,
)
_CONTACT = re.compile(
    r"(?<=[\w})]) ?@ ?[\w-]+\.\w+|\bORCID\b|\b\d{4}-\d{4}-\d{4}-\d{3}[\dX]\b|"
    r"\b(?:tel|t[ée]l[ée](?:phone|fono|fax|copieur)|phone|fax|e-?mail|courriel|correo electrónico)\b\.? ?:|"
    r"\bcorrespond(?:ence|ing author)\b|\bP\.? ?O\.? Box\b",
    re.IGNORECASE,
)
_PRINTED = re.compile(
    r"©|\ball rights reserved\b|\bcopyright\b|\b(?:e-?)?ISSN\b|\bISBN\b|\bdoi\b|\bdoi\.org/|"
    r"\b(?:received|accepted|published)(?: online)?:? \d|\blicensed under\b|\bpublisher:",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(r"(?<!\W)\W*(?:©|\(c\)\s|copyright\b)", re.IGNORECASE)
_JOURNAL_LINE = re.compile(r"\b\d+ ?\(\d+(?:[-–/]\d+)?\),? ?:? ?(?:e?\d+ ?[-–] ?e?\d+|\d+:\d+)|\b\d+, (?:\d+)[-–]\d+\b")
_SIGNS = r"*∗⁎†‡§¶‖∥#⋆★✉\u00b9\u00b2\u00b3\u2070-\u2079"  # that lead from a name to an address or a note
_MARKED_NAME = re.compile(rf"(?<=[a-zà-ÿ])[\d{_SIGNS}](?:,?[\d{_SIGNS}])*(?=[,;]|\s|$)")
_MARKED_ADDRESS = re.compile(rf"\A\s*(?:[{_SIGNS}]\s?|\d{{1,2}}(?=[^\W\d_]))[^\W\d_]")
_ORGANIZATION = re.compile(
    r"(?i)\b(?:universit\w*|universid\w*|institut\w*|instituto|department|dept|faculty|facult\w+|school|college|"
    r"hospital|centre|center|centro|laborator\w+|foundation|fondation|fund|ministr\w+|academy|alliance|agency|board|"
    r"ltd|inc|gmbh|corporation|council|clinic|society|trust|consortium|office|bureau|service|chuo kikuu)\b"
)
_NAME = re.compile(rf"\A[^\W\d_][\w'’.-]*[\d,;{_SIGNS}]*\Z")
_ONLY_SIGNS = re.compile(rf"\A[,;{_SIGNS}]+\Z")
_BETWEEN_NAME_TEXT = "and und et y e & , ; van von de da dos del der di la el bin al"
_BETWEEN_NAMES = frozenset(_BETWEEN_NAME_TEXT.split())
_SHORT_LINE = 12  # words of an event or a date below the names
_MOSTLY = 0.6  # of whose words are written large
_NEARLY_ALL = 0.85
_FULL_STOP = re.compile(r"\w{4}\. \w")
_ABSTRACT = re.compile(
    r"\b(?:abstract|summary|résumé|resumo|resumen|zusammenfassung|riassunto|samenvatting|muhtasari)\b|^摘要$",
    re.IGNORECASE,
)
_LONG_LINE = 40  # words; no name, address or line of a title page has more

# Tables of contents.
_LEADERS = re.compile(r"(?:\.\s?){5,}|(?:…\s?){2,}|(?:·\s?){5,}")
_PAGE_AT_END = re.compile(r"(?:\.{2,}+|…|\||(?<!\s)\s)\s*+([ivxlc]{1,6}|\d{1,4})\s*$")
_CONTENTS = re.compile(
    r"^\W*(?:\d+ )?(?:table of )?contents\W*$|^\W*(?:inhalt(?:sverzeichnis)?|table des mati[èe]res|sommaire|[íi]ndice|"
    r"contenido|sum[áa]rio|conte[úu]do|indice|inhoud(?:sopgave)?|yaliyomo|目录|目次)\W*$",
    re.IGNORECASE,
)
_ENTRY = re.compile(r"(?<!\W)\W*(\d{1,2}(?:\.\d{1,2}){0,5})[.)]?[\s|]++[^\d|]{2}")  # 2.1 Methods
_LEAST_ENTRIES = 4
_LONGEST_ENTRY = 200  # characters
_END = 20


def matter_of(text: str, headings: Sequence[str] = ()) -> Matter:
    """What `text` is. headings: those above it, the nearest last, which help where the text itself leaves a doubt."""
    lines = [line for line in text.split("\n") if line.strip()]
    announced = any(map(is_references_heading, headings))
    share = function_word_share(text)
    if not lines or (share is not None and share >= _FEW_UNDER_HEADING and len(text) > _SHORT):
        return "prose"  # as most passages are: nothing else needs to be looked for
    if _is_contents(lines, headings):
        return "contents"
    sizes: Counter[Matter] = Counter()
    before: Matter = "prose"
    for line in lines:
        if headings and line.strip() == headings[-1] and len(lines) > 1:
            continue  # the title of a slide
        matter = _matter_of_line(line, announced)
        if matter == "prose" and before == "front" and _goes_on(line):
            matter = "front"
        sizes[matter] += len(line.strip())
        before = matter
    front_marks = any(map(_has_front_mark, lines))
    return _most(sizes, front_marks)


def is_references_heading(heading: str) -> bool:
    """Whether a heading announces a list of references."""
    return heading.casefold().strip(" .:0123456789") in _HEADINGS


def is_abstract_heading(heading: str) -> bool:
    """Whether a heading announces what the whole says in short."""
    return bool(_ABSTRACT.search(heading))


def abstract_of(passages: Sequence[Passage]) -> str | None:
    """What stands under the first heading of that kind, without its keywords."""
    found: list[str] = []
    for one in passages:
        if any(map(is_abstract_heading, one.heading_path[-1:])) and one.matter == "prose":
            found += [line.strip() for line in one.text.split("\n") if line.strip() and not _KEYWORDS.match(line)]
        elif found:
            break
    return " ".join(found) or None


def function_word_share(text: str) -> float | None:
    """Of all words; None where there are none, or the script has function words that are not known here."""
    words = _WORD.findall(_ADDRESS.sub(" ", text) if "@" in text or "://" in text else text)
    letters = sum(map(len, words))
    if not words or len(_OTHER_SCRIPT.findall(text)) > letters / 4:
        return None
    return sum(word.casefold() in _FUNCTION_WORDS for word in words) / len(words)


def _most(sizes: Counter[Matter], front_marks: bool) -> Matter:
    whole = sizes.total()
    for matter in ("references", "front"):
        if sizes[matter] > _ENOUGH * whole and (matter != "front" or front_marks):
            return matter
    if sizes["references"] + sizes["front"] > _ENOUGH * whole and front_marks:
        return "references" if sizes["references"] > sizes["front"] else "front"
    return "prose"


def _matter_of_line(line: str, announced: bool) -> Matter:
    if " | " in line:
        return "prose"  # a row of a table
    words = len(line.split())
    share = function_word_share(line)
    if _is_reference(line, words, share, announced):
        return "references"
    if _is_front(line, words, share):
        return "front"
    return "prose"


def _is_reference(line: str, words: int, share: float | None, announced: bool) -> bool:
    bare = _IN_BRACKETS.sub(_without_citation, line)
    authors = len(_INITIALS.findall(bare)) + 2 * len(_AUTHORS_YEAR.findall(bare))
    marks = (authors, len(_YEAR.findall(bare)), len(_VOLUME.findall(bare)), len(_PUBLISHED.findall(bare)))
    kinds, total = sum(map(bool, marks)), sum(marks)
    if marks[3] and len(_ADDRESS.sub(" ", line).split()) <= _FEW_WORDS:
        return True  # an address, with its number
    if announced:
        return kinds >= 1 and (share is None or share < _FEW_UNDER_HEADING)
    if share is not None and share >= (_FEW_UNDER_HEADING if kinds > 2 else _FEW_BY_TWO):
        return False
    begins = bool(_NUMBERED.match(line) or _INITIALS.search(bare[:_BEGINNING]) or _AUTHORS_YEAR.search(bare))
    return kinds >= (2 if begins else 3) and total >= max(2, _LEAST_MARKS * words)


def _without_citation(found: re.Match[str]) -> str:
    """Nothing for `(Okonjo and Varga, 2020)`; what else stands in brackets stays."""
    return " " if _LETTERS.search(found[0]) and _YEAR.search(found[0]) else found[0]


def _has_front_mark(line: str) -> bool:
    return bool(
        _KEYWORDS.match(line)
        or _CONTACT.search(line)
        or _PRINTED.search(line)
        or _JOURNAL_LINE.search(line)
        or len(_MARKED_NAME.findall(line)) > 1
        or _is_affiliation(line)
    )


def _goes_on(line: str) -> bool:
    """Whether a line below names and addresses is one more of these: an event, a date, a place."""
    words = sum(word.casefold() not in _FUNCTION_WORDS for word in line.split())
    return words <= _SHORT_LINE and line.strip()[-1] not in ".!?" and _large(line) > _MOSTLY


def _large(line: str) -> float:
    """The share of words that are not written small, of those that are no function words."""
    words = [word for word in line.split() if word.casefold() not in _FUNCTION_WORDS]
    return sum(not word[:1].islower() for word in words) / max(len(words), 1)


def _is_names(words: Sequence[str]) -> bool:
    names = [word for word in words if not (word in _BETWEEN_NAMES or _ONLY_SIGNS.match(word))]
    return len(words) >= 2 and bool(names) and all(word[0].isupper() and _NAME.match(word) for word in names)


def _is_affiliation(line: str) -> bool:
    """An organization with its address, or with the sign that leads to it from names."""
    placed = line.count(",") >= 2 or _MARKED_ADDRESS.match(line)
    return bool(placed and _ORGANIZATION.search(line)) and len(line.split()) <= _LONG_LINE


def _is_front(line: str, words: int, share: float | None) -> bool:
    if _KEYWORDS.match(line) or (_COPYRIGHT.match(line) and words <= _LONG_LINE):
        return True
    few = share is None or share < _FEW_FUNCTION_WORDS / 2
    if words > _LONG_LINE:
        return few and bool(_CONTACT.search(line) or _PRINTED.search(line) or _is_names(line.split()))
    if _CONTACT.search(line) or _PRINTED.search(line) or _JOURNAL_LINE.search(line):
        return share is None or share < _FEW_FUNCTION_WORDS
    if _is_affiliation(line) and (few or (_large(line) > _NEARLY_ALL and not _FULL_STOP.search(line))):
        return True
    return few and (not any(map(str.isalpha, line)) or _is_names(line.split()))


def _is_contents(lines: Sequence[str], headings: Sequence[str]) -> bool:
    """Most lines end with the number of a page, and these do not fall; or dots lead there."""
    lines = [line.strip() for line in lines]
    if sum(len(line) > _LONGEST_ENTRY for line in lines) > _ENOUGH * len(lines):
        return False
    led = sum(bool(_LEADERS.search(line)) for line in lines)
    if led >= _LEAST_ENTRIES and led > _ENOUGH * len(lines):
        return True
    ends = [found[1] for line in lines if (found := _PAGE_AT_END.search(line[-_END:])) and any(map(str.isalpha, line))]
    announced = bool(headings) and bool(_CONTENTS.match(headings[-1]))
    if len(ends) < (2 if announced else _LEAST_ENTRIES) or len(ends) <= (_ENOUGH if announced else 0.8) * len(lines):
        return False
    if announced or any(map(_CONTENTS.match, lines[:2])):
        return True
    numbered = sum(_is_entry(line) for line in lines)
    return numbered > _ENOUGH * len(lines) and _rises(int(end) for end in ends if end.isdigit())


def _is_entry(line: str) -> bool:
    """`2.1 Methods | 14`, but not line 14 of a form."""
    if len(line) > _LONGEST_ENTRY:
        return False
    number, page = _ENTRY.match(line), _PAGE_AT_END.search(line[-_END:])
    return number is not None and page is not None and number[1] != page[1]


def _rises(numbers: Iterable[int]) -> bool:
    known = list(numbers)
    return len(known) > 1 and all(a <= b for a, b in pairwise(known))
