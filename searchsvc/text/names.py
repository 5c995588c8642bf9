"""Names of people, read from the forms in which papers, databases and people write them."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nameparser import Parser

__all__ = [
    "PARTICLES",
    "PersonName",
    "is_degree",
    "is_organization",
    "is_particle",
    "is_suffix",
    "read_name",
    "without_titles",
]

_PARTICLE_TEXT = """
van von der den de del della di da dos das do du des la las los le el al bin ibn binti abu ter ten te zu zur zum af av
vom dal dalla degli dei dello ben 't ’t
"""
PARTICLES = frozenset(_PARTICLE_TEXT.split())
_CONJUNCTIONS = frozenset(("e", "y", "i"))
_TWO_LETTERS = frozenset(  # family names
    (
        "LI", "WU", "XU", "YU", "HE", "HU", "LU", "SU", "GU", "DU", "FU",
        "NI", "YE", "QI", "VU", "VO", "HO", "HA", "NG", "OH", "KO",
    )
)  # fmt: skip
_TITLES = re.compile(
    r"(?i)^(?:(?:(?:prof|dr|doc|mr|mrs|ms|mx|univ|assoc|asst|hon|rev|drs|ing|dipl|ir|priv|sc|rer|med|nat|phil)\.-?\s*"
    r"|(?:professor|prof|doctor|dr|mr|mrs|ms|mx|assoc|associate|asst|assistant|rev|reverend|drs)\s+"
    r"|(?:sir|dame|hon|miss)\s+(?=\S+\s+\S)"
    r"|(?:dr\.?|dipl\.?)-?ing\b\.?\s*))+(?=\S)"
)
_DEGREE = re.compile(
    r"(?i)^(?:ph\.?\s?d|d\.?\s?phil|m\.?\s?phil|dr\.?p\.?h|m\.?p\.?h|m\.?sc|b\.?sc|d\.?sc|sc\.?d|m\.?b\.?a|m\.?p\.?[ap]|m\.?h\.?a|ed\.?d|psy\.?d"
    r"|pharm\.?d|m\.?b\.?,?\s?b\.?s|m\.?b\.?\s?ch\.?b|d\.?v\.?m|d\.?d\.?s|d\.?m\.?d|d\.?n\.?p|[bm]\.?s\.?n|ll\.?[bmd]|[bm]\.?eng|[bm]\.?tech|m\.?res"
    r"|frc[a-z]{1,3}|mrc[a-z]{1,3}|fac[a-z]{1,2}|faan|esq|crnp|aprn|lcsw|dpt|cnm|[om]be|m\.?d|m\.?a|b\.?a|m\.?s|b\.?s|r\.?n|n\.?p|j\.?d|d\.?o|c\.?n\.?m)\.?$"
)
_LONGEST = 120  # characters; what is longer is no name of a person
_BRACKETS = re.compile(r"[(\[“\"][^()\[\]“”\"]*+[)\]”\"]")
_SUFFIX = re.compile(r"^(?i:jr|sr|2nd|3rd|4th)\.?$|^(?:II|III|IV)$")
_MARKS = re.compile(
    r"(?<![\s,\d])(?:[\s,]*(?:[*†‡§¶‖#⁎∗⋆★\u00b9\u00b2\u00b3\u2070-\u2079\u02d2]|(?<=[^\W\d_])\d{1,2}\b|\(\d{1,2}\)|\[\d{1,2}\]|(?<=\d),?\d{1,2}\b)){1,40}$"
)
_DOTTED = re.compile(r"^(?=.*\.)(?:[^\W\d_]{1,2}\.-?|[^\W\d_]-)+[^\W\d_]?\.?$")
_PLAIN_INITIALS = re.compile(r"^[^\W\d_]{1,3}$|^[^\W\d_]-[^\W\d_]$")
_SYLLABLE = re.compile(
    r"^(?:[^AEIOUY][AEIOUY][A-Z]|[AEIOU][^AEIOU][AEIOU])$"
)  # KIM, RAO, ALI: a name rather than initials
_LETTERS_OF_INITIALS = re.compile(r"(?<=\b[^\W\d_]\.)(?=[^\W\d_])")
_PREFIX = re.compile(r"^(?:Mc|Mac|Fitz|Van|Von|De|Di|La|Le|[DOL]['’])(?=.{2})")
_AFTER = re.compile(r"(?<=^[DOL]['’])\w|(?<=^Mc)\w(?=\w{2})")
_HAN = re.compile(r"^[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff\uac00-\ud7a3\u3040-\u30ff々〇\s]+$")
_KANA = re.compile(r"[\u3040-\u30ff]")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_HAN_SIGN = re.compile(r"[\u3400-\u9fff\u3040-\u30ff\uac00-\ud7a3]")
_HAN_ORGANIZATION = re.compile(
    r"(?:大学|大學|学院|學院|研究所|研究院|公司|医院|醫院|中心|委员会|委員會|协会|協會|学会|學會|集团|组|組|部|局|会)$"
)
_TWO_SIGN_TEXT = """
欧阳 歐陽 司马 司馬 上官 诸葛 諸葛 东方 東方 皇甫 尉迟 尉遲 公孙 公孫 慕容 令狐 司徒 夏侯 轩辕 軒轅 长孙 長孫
宇文 端木 南宫 南宮 独孤 獨孤 澹台 澹臺 闻人 聞人 呼延 东郭 東郭 司空 百里 第五 申屠 赫连 赫連 太史 钟离 鍾離
남궁 황보 제갈 선우 독고 사공 서문
"""
_TWO_SIGNS = frozenset(_TWO_SIGN_TEXT.split())
_HAN_TEXT = """
关键词 关键字 關鍵詞 方法 方案 文章 文献 文獻 单位 單位 安全 高级 高級 高等 水利 项目 項目 应用 應用 通讯
通訊 计划 計劃 計画 时间 時間 金融 单元 成果 成员 成員 方向 方面 白皮书 白皮書 路线 管理 管理部 安装 农业
農業 江苏 江蘇 江西 黑龙江 云南 雲南 海南 河南 湖南 广东 廣東 温度 平台 平臺 平均 童年 和平 和谐 常见 常見
全文 全部 全国 全球 万方 钟点 宫颈 包括 简介 簡介 经济 經濟 经费 纪要 於是 阳光 水平 水质 水質 강의 방법 서론
서문 결론 고찰 요약 연구 초록 저자 문헌 목차 전망 정책 공지 안내 이론 배경 현황 제목 주제 성과 조사 강좌 전체
기타
"""
_HAN_WORDS = frozenset(_HAN_TEXT.split())
_ORGANIZATION_TEXT = """
university universities institute institutes institution department dept center centre centers centres school college
faculty hospital laboratory laboratories group team network foundation ministry agency council committee association
society company inc ltd gmbh corporation organization organisation organizations union consortium collaboration
programme program bureau office federation alliance initiative trust commission academy authority secretariat
partnership investigators collaborators council clinic museum library project staff editors universidad universidade
université universität universiteit università instituto institut istituto ministère ministerio ministério fundación
fundação fondation stiftung hochschule centro facultad faculdade faculté fakultät organización organização société
asociación associação verein international global worldwide world national africa europe asia &
"""
_ORGANIZATION = frozenset(_ORGANIZATION_TEXT.split())
_NOT_CAPITAL = frozenset(("of", "for", "and", "the"))


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name in the parts that CSL knows. Who has one name only, an organization for example, has it as family.

    given: first and middle names and initials, these with a space between: `A. C.`. particle: in small letters, before
    the family name and never apart from it (CSL: non-dropping): `van der`; in capital letters it is part of the family
    name.
    """

    family: str
    given: str = ""
    particle: str = ""
    suffix: str = ""

    @property
    def full_family(self) -> str:
        return f"{self.particle} {self.family}" if self.particle else self.family

    @property
    def inverted(self) -> str:
        """`van der Berg, Jan`, `Davis, Sammy, Jr.`"""
        return ", ".join(part for part in (self.full_family, self.given, self.suffix) if part)

    @property
    def called(self) -> str:
        """The given names without what stands in brackets or quotation marks among them."""
        return " ".join(_BRACKETS.sub(" ", self.given).split())

    @property
    def short(self) -> str:
        """`van der Berg J`, `Davis S Jr.`, `王小明`."""
        if _HAN_SIGN.search(self.given):
            return self.full_family + self.given
        return " ".join(part for part in (self.full_family, self.initials, self.suffix) if part)

    @property
    def initials(self) -> str:
        """Of the given names, without dots: `AC`. A name in Chinese, Japanese or Korean is not cut."""
        if _HAN_SIGN.search(self.given):
            return self.given
        return "".join(word[0].upper() for word in re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)*", self.called))


@lru_cache(maxsize=20_000)
def read_name(written: str) -> PersonName:
    """The parts of a name in any usual form.

    `Amara C. Okonjo`, `Okonjo, Amara C.`, `OKONJO Amara`, `Amara OKONJO`, `AMARA OKONJO`, `Okonjo AC` and `Okonjo A.C.`
    (as PubMed writes), `Okonjo, A.C.`, `Dr Amara Okonjo, MD, MPH`, `Davis, Sammy, Jr.`, `王小明`. Titles, degrees and
    marks of footnotes are left out. Where only the family could say where the family name begins, its last word and the
    particles before it are it.
    """
    text = " ".join(written.split())
    if len(text) > _LONGEST:  # nothing below is meant for it, or would end soon
        return PersonName(text)
    text = _MARKS.sub("", re.sub(r"\bPh\.?\s?D\b\.?", "PhD", text)).strip(" ,;") or text
    if is_organization(text):
        return PersonName(text)
    if _HAN.match(text):
        return _east_asian(text)
    first, *others = [part for part in (one.strip() for one in text.split(",")) if part] or [text]
    first = without_titles(first)
    suffix = next((one for one in others if _SUFFIX.match(one)), "")
    others = [one for one in others if not _SUFFIX.match(one)]
    while others and _are_degrees(others[-1], _words_of_family(first) if len(others) == 1 else 2):
        others.pop()
    if not others:
        return _in_order(first, suffix)
    family, suffix = _without_suffix(first.split(), suffix)
    given, suffix = _without_suffix(without_titles(" ".join(others)).split(), suffix)
    if len(given) == 1 and _PLAIN_INITIALS.match(given[0]) and given[0].isupper() and not _SYLLABLE.match(given[0]):
        given = _dotted(given)
    at = len(given)
    while at > 1 and given[at - 1] in PARTICLES:
        at -= 1  # Berg, Jan van der
    if given and all(map(_in_capitals, family)):
        given = _mended(given) if all(map(_in_capitals, given)) else given
        family = _mended(family)
    return _name([*given[at:], *family], given[:at], suffix)


def is_organization(text: str) -> bool:
    """Whether one of its words stands in names of organizations and in none of people."""
    words = text.split()
    if len(words) < 2:
        return len(text) > 3 and bool(_HAN.match(text) and _HAN_ORGANIZATION.search(text))
    return (
        words[0] == "The"
        or any(word in _NOT_CAPITAL for word in words)
        or any(word.strip(".,;:()").casefold() in _ORGANIZATION for word in words)
    )


def is_degree(text: str) -> bool:
    """`PhD`, `M.D.`, and `MA` where it is no name, so not where it stands as `Ma`."""
    if not _DEGREE.match(text):
        return False
    return text != text.capitalize() or text.casefold().strip(".") in ("phd", "msc", "mph", "esq")


def is_suffix(text: str) -> bool:
    """`Jr.`, `III`."""
    return bool(_SUFFIX.match(text))


def without_marks(text: str) -> str:
    """`Bin Du1,2`, `An Le2*`, `Amara Okonjo†` without the marks of footnotes behind them."""
    return _MARKS.sub("", text[:_LONGEST]) + text[_LONGEST:]


def is_han_name(text: str) -> bool:
    """Whether it is a name in Chinese, Japanese or Korean signs, by its family name or as two parts with a space."""
    if not _HAN.match(text) or not 2 <= len(text) <= 9 or text in _HAN_WORDS or is_organization(text):
        return False
    words = text.split()
    if len(words) == 2:
        return all(1 <= len(word) <= 3 for word in words) and "".join(words) not in _HAN_WORDS
    if len(words) > 2 or len(text) > 4 or _KANA.search(text):
        return False
    read = _east_asian(text)
    return 1 <= len(read.given) <= 2 and read.family in _han_families()


@lru_cache(maxsize=1)
def _han_families() -> frozenset[str]:
    from nameparser import Lexicon
    from nameparser.locales import zh

    return frozenset((*Lexicon.default().surnames, *zh.ZH.lexicon.surnames))


def without_titles(text: str) -> str:
    """`Prof. Dr. Amara Okonjo` -> `Amara Okonjo`."""
    return _TITLES.sub("", text)


# -- the order of the parts -------------------------------------------------------------------------------------------


def _in_order(text: str, suffix: str) -> PersonName:
    """A name without a comma."""
    words, suffix = _without_suffix(text.split(), suffix)
    if not words:
        return PersonName("")
    while len(words) > 2 + (words[0] in PARTICLES) and is_degree(words[-1]) and words[-1][:1].isupper():
        words.pop()
    words, suffix = _without_suffix(words, suffix)
    if len(words) < 2:
        return _name(words, [], suffix)
    if (split := _by_capitals(words)) is not None:
        return _name(*split, suffix)
    if at := _initials_from(words):
        return _name(_mended(words[:at]), _dotted(words[at:]), suffix)
    if all(map(_in_capitals, words)):
        words = _mended(words)
    elif _is_initial(words[0]):
        words = [*_dotted(words[:1]), *words[1:]]  # AC Okonjo
    given, family = _by_particles(words)
    return _name(family, given, suffix)


def _is_initial(word: str) -> bool:
    """`A.C.`, `A`, `AC`, `A-C`, and of three letters those that make no syllable."""
    if not word.isupper() or word == "Ó":
        return False
    return bool(_DOTTED.match(word)) or bool(_PLAIN_INITIALS.match(word) and not _SYLLABLE.match(_plain(word)))


def _initials_from(words: Sequence[str]) -> int:
    """Where the initials begin that end the name, 0 when none do: `Okonjo AC`, `García Márquez J. M.`"""
    last, before = words[-1], words[-2]
    if _is_initial(words[0]) or not _is_initial(last):
        return 0
    in_capitals = all(map(_in_capitals, words))
    if in_capitals and (last in _TWO_LETTERS or before.casefold() in PARTICLES):
        return 0
    at = len(words) - 1
    while at > 1 and _is_initial(words[at - 1]) and (len(last) == 1 or "." in last):
        at -= 1
    return at


def _dotted(initials: Sequence[str]) -> list[str]:
    """`AC` -> `A. C.`, `A-C` -> `A.-C.`"""
    return [
        one
        for word in initials
        for one in (
            [word] if "." in word else [f"{word[0]}.-{word[2]}."] if "-" in word else [f"{letter}." for letter in word]
        )
    ]


def _by_capitals(words: Sequence[str]) -> tuple[list[str], list[str]] | None:
    """(family, given) where only the family name is in capitals: `OKONJO Amara`, `Jan van der BERG`."""
    capitals = [_in_capitals(word) and len(word) > 1 and not _DOTTED.match(word) for word in words]
    for at in range(1, len(words) - 1):
        if (
            words[at].casefold() in (*_CONJUNCTIONS, "ó")
            and capitals[at + 1]
            and (capitals[at - 1] or words[at] == "Ó")
        ):
            capitals[at] = True
    if all(one or _is_initial(word) for one, word in zip(capitals, words, strict=True)):
        return None
    if capitals[0] and (capitals[1] or not _is_initial(words[0]) or words[0] in _TWO_LETTERS):
        end = next((at for at in range(1, len(words)) if not capitals[at] or _ends_family(words[at - 1], words[at])), 1)
        return _mended(words[:end]), list(words[end:])
    at = len(words)
    while at > 1 and capitals[at - 1]:
        at -= 1
    if at == len(words) or (at == len(words) - 1 and _is_initial(words[at]) and words[at - 1] not in PARTICLES):
        return None
    family = _mended(words[at:])
    while at > 1 and words[at - 1] in PARTICLES:
        at -= 1
        family.insert(0, words[at])
    return family, list(words[:at])


def _ends_family(before: str, word: str) -> bool:
    """Whether a word in capitals begins the given names: `SM` in `ISLAM SM Mazharul`."""
    within = {before.casefold(), word.casefold()} & (PARTICLES | _CONJUNCTIONS)
    return _is_initial(word) and word not in _TWO_LETTERS and not within


def _by_particles(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """(given, family) of a name that begins with the given one, as nameparser knows particles."""
    parsed = _parser().parse(" ".join(words))
    family = parsed.family.split()
    at = len(words) - len(family)
    if not family or at < 1 or list(words[at:]) != family:
        at = len(words) - 1
    return list(words[:at]), list(words[at:])


@lru_cache(maxsize=1)
def _parser() -> Parser:
    """Without its titles and degrees, among which are names: King, Bishop, Ma, Do."""
    from nameparser import Lexicon, Parser

    nothing: frozenset[str] = frozenset()
    known = Lexicon.default()
    return Parser(
        lexicon=dataclasses.replace(
            known, particles=known.particles | PARTICLES,
            particles_ambiguous=known.particles_ambiguous | {"ben", "ten"},
            titles=nothing, given_name_titles=nothing, suffix_acronyms=nothing, suffix_words=nothing,
            suffix_acronyms_ambiguous=nothing, honorific_tails=nothing, after_given_titles=nothing,
            maiden_markers=nothing,
        )
    )  # fmt: skip


def _east_asian(text: str) -> PersonName:
    """Family name first: one sign, two in names of four and where two are one name, or what stands before a space."""
    words = text.split()
    if len(words) == 2:
        return PersonName(words[0], words[1])
    whole = "".join(words)
    if len(words) > 2 or not 2 <= len(whole) <= 4 or _KANA.search(whole):
        return PersonName(text)
    at = 2 if (len(whole) > 2 and whole[:2] in _TWO_SIGNS) or (len(whole) == 4 and not _HANGUL.search(whole)) else 1
    return PersonName(whole[:at], whole[at:])


# -- parts ------------------------------------------------------------------------------------------------------------


def _name(family: Sequence[str], given: Sequence[str], suffix: str) -> PersonName:
    at = 0
    while at < len(family) - 1 and family[at][:1].islower() and is_particle(family[at]):
        at += 1
    if not given:
        at = 0
    return PersonName(
        " ".join(family[at:]), _LETTERS_OF_INITIALS.sub(" ", " ".join(given)), " ".join(family[:at]), suffix
    )


def _mended(words: Sequence[str]) -> list[str]:
    """With small letters where words are in capitals; particles, unless they stand at the end, wholly so."""
    return [
        word.lower()
        if _in_capitals(word)
        and word.casefold() in (PARTICLES | _CONJUNCTIONS)
        and at < len(words) - 1
        and len(words) > 1
        and not _DOTTED.match(word)
        else _cased(word)
        for at, word in enumerate(words)
    ]


def is_particle(word: str) -> bool:
    return word in PARTICLES or word in _parser().lexicon.particles


def _in_capitals(word: str) -> bool:
    return _PREFIX.sub("", word).isupper()


def _cased(word: str) -> str:
    """`O'NEIL-MCDONALD` -> `O'Neil-McDonald`. Initials and what is not wholly in capitals stay."""
    if len(word) < 2 or not _in_capitals(word) or _DOTTED.match(word):
        return word
    parts = [_AFTER.sub(lambda start: start[0].upper(), part.capitalize()) for part in word.split("-")]
    return "-".join(parts)


def _plain(word: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFD", word) if not unicodedata.combining(sign))


def _without_suffix(words: Sequence[str], suffix: str) -> tuple[list[str], str]:
    words = list(words)
    while (
        len(words) > 1 and _SUFFIX.match(words[-1]) and not (len(words) == 2 and words[-1] in ("JR", "SR"))
    ):  # Okonjo JR has initials
        suffix = suffix or words[-1]
        words.pop()
    return words, suffix


def _are_degrees(text: str, family_words: int) -> bool:
    """family_words: 1 when what stands before can only be a family name; then two letters are initials."""
    words = text.split()
    if not all(is_degree(word) or word.rstrip(".").casefold() in ("dr", "prof", "mr", "mrs", "ms") for word in words):
        return False
    return family_words > 1 or len(words) > 1 or len(re.sub(r"\W", "", text)) > 2


def _words_of_family(text: str) -> int:
    return sum(word not in PARTICLES for word in text.split())
