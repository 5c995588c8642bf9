"""Texts that nobody wrote, for trying what must hold on any archive. The same seed gives the same texts.

Words of ten languages and made-up ones by Zipf's law, some of them in many texts and most in one or two; names with
accents and apostrophes, numbers, numbers of trials and grants, DOIs, compounds with hyphens, ligatures, words that
differ in an accent, a plural or their spelling alone. As Markdown, plain text and web pages.
"""

from __future__ import annotations

import html
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

__all__ = ["GeneratedText", "generated_texts"]

_LANGUAGES = {
    "en": "women used the ring for a month and said that it was easy because their nurses helped study trials",
    "fr": "les femmes ont porté l'anneau pendant un mois et l'étude montre qu'elles étaient aidées œuvre élève à côté",
    "es": "las mujeres usaron el anillo durante un mes y dijeron que era fácil porque las enfermeras ayudaban años",
    "pt": "as mulheres usaram o anel durante um mês e disseram que não era difícil porque as enfermeiras ajudavam",
    "de": "die Frauen trugen den Ring einen Monat lang und sagten es sei leicht weil Pflegekräfte halfen Größe Straße",
    "sw": "wanawake walitumia pete kwa mwezi mmoja na wakasema ilikuwa rahisi kwa sababu wauguzi waliwasaidia utafiti",
    "ru": "женщины носили кольцо месяц и говорили что это легко потому что медсёстры помогали ребёнок исследование",
    "tr": "kadınlar halkayı bir ay kullandı ve kolay olduğunu söyledi çünkü hemşireler yardım etti ışık şehir ığdır",
    "ar": "استخدمت النساء الحلقة لمدة شهر وقلن إن الأمر سهل لأن الممرضات ساعدن في الدراسة",
    "el": "οι γυναίκες φορούσαν τον δακτύλιο για έναν μήνα και είπαν ότι ήταν εύκολο γιατί οι νοσοκόμες βοήθησαν",
}
_SYLLABLES = ("ba", "de", "fi", "gor", "ku", "lam", "me", "nis", "po", "rue", "sa", "tek", "vi", "zo", "cha", "thy")
_GIVEN = ("Zoë", "Nguyễn", "Søren", "Aïcha", "Łukasz", "Amara", "José", "Ngozi", "Ana-Lucía", "Wei", "Fatima", "Jürgen")
_FAMILY = (
    "O'Brien",
    "Müller",
    "Okonjo",
    "García Márquez",
    "Dąbrowski",
    "Smith-Jones",
    "D'Angelo",
    "Çelik",
    "Nkrumah",
    "Li",
)
_SPELLINGS = (
    "colour",
    "tumour",
    "haemoglobin",
    "centre",
    "organisation",
    "ageing",
    "labelled",
    "programme",
    "ﬂuoride",
    "oﬃce",
)
_MADE_UP = 60_000  # words; Zipf's law leaves most of those that are drawn in one or two texts
_KINDS = ("md", "txt", "html")


@dataclass(frozen=True, slots=True)
class GeneratedText:
    name: str  # of its file
    content: bytes


def generated_texts(count: int, seed: int = 0) -> Iterator[GeneratedText]:
    """count: of texts, of 30 to 400 words each."""
    chance = random.Random(seed)
    languages = {code: text.split() for code, text in _LANGUAGES.items()}
    codes = list(languages)
    for number in range(count):
        code = chance.choice(codes) if chance.random() < 0.5 else "en"
        yield _text(number, code, languages[code], chance)


def _text(number: int, code: str, words: Sequence[str], chance: random.Random) -> GeneratedText:
    def paragraph() -> str:
        told = [_drawn(words, chance) for _ in range(chance.randint(15, 80))]
        told[0] = told[0].capitalize()
        return " ".join(told) + "."

    title = " ".join(_drawn(words, chance) for _ in range(chance.randint(3, 9))).capitalize()
    author = f"{chance.choice(_GIVEN)} {chance.choice(_FAMILY)}"
    date = f"{chance.randint(1995, 2026)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
    paragraphs = [paragraph() for _ in range(chance.randint(2, 5))]
    kind = _KINDS[number % len(_KINDS)]
    written = _WRITERS[kind](title, author, date, code, paragraphs)
    return GeneratedText(f"{_made_up(chance.randrange(_MADE_UP))}-{number}.{kind}", written.encode())


def _drawn(words: Sequence[str], chance: random.Random) -> str:
    at = chance.random()
    if at < 0.75:
        return chance.choice(words)
    if at < 0.95:
        return _made_up(int(_MADE_UP ** chance.random()))  # Zipf's law: as many draws below a number as its logarithm
    return _ODD[chance.randrange(len(_ODD))](chance)


def _made_up(number: int) -> str:
    """A word for every number."""
    parts = []
    number += len(_SYLLABLES)
    while number:
        number, rest = divmod(number, len(_SYLLABLES))
        parts.append(_SYLLABLES[rest])
    return "".join(parts)


_ODD: Sequence[Callable[[random.Random], str]] = (
    lambda chance: f"NCT{chance.randrange(10**8):08}",
    lambda chance: f"10.{chance.randint(1000, 9999)}/{_made_up(chance.randrange(_MADE_UP))}.{chance.randrange(10**5)}",
    lambda chance: f"{chance.choice('RUPK')}{chance.randint(1, 99):02}-HD{chance.randrange(10**6):06}",
    lambda chance: f"{chance.randint(1, 999)},{chance.randint(0, 999):03}",
    lambda chance: f"{chance.randint(0, 99)}.{chance.randint(0, 99)}%",
    lambda chance: f"{_made_up(chance.randrange(_MADE_UP))}-{_made_up(chance.randrange(_MADE_UP))}",
    lambda chance: f"{_made_up(chance.randrange(_MADE_UP))}s",
    lambda chance: f"{_made_up(chance.randrange(_MADE_UP))}'s",
    lambda chance: f"l'{_made_up(chance.randrange(_MADE_UP))}é",
    lambda chance: _made_up(chance.randrange(_MADE_UP)).upper(),
    lambda chance: f"{_made_up(chance.randrange(_MADE_UP))}_{chance.randrange(100)}",
    lambda chance: chance.choice(_SPELLINGS),
    lambda chance: chance.choice(_FAMILY),
    lambda chance: f"{_made_up(chance.randrange(_MADE_UP))}ñ",
    lambda chance: "".join(chr(chance.randint(0x4E00, 0x4FFF)) for _ in range(chance.randint(3, 8))),
)  # fmt: skip


def _markdown(title: str, author: str, date: str, code: str, paragraphs: Sequence[str]) -> str:
    body = "\n\n".join(paragraphs)
    return f'---\ntitle: "{title}"\nauthor: "{author}"\ndate: {date}\nlang: {code}\n---\n\n# {title}\n\n{body}\n'


def _plain(title: str, author: str, date: str, code: str, paragraphs: Sequence[str]) -> str:
    return "\n\n".join((title, author, *paragraphs)) + "\n"


def _page(title: str, author: str, date: str, code: str, paragraphs: Sequence[str]) -> str:
    body = "".join(f"<p>{html.escape(one)}</p>\n" for one in paragraphs)
    head = (
        f"<title>{html.escape(title)}</title>"
        f'<meta name="author" content="{html.escape(author)}"><meta name="date" content="{date}">'
    )
    return (
        f'<!doctype html><html lang="{code}"><head><meta charset="utf-8">{head}</head>'
        f"<body><main><article><h1>{html.escape(title)}</h1>\n{body}</article></main></body></html>\n"
    )


_WRITERS = {"md": _markdown, "txt": _plain, "html": _page}
