"""Lists of references, title pages and tables of contents are told from text, in several languages."""

from __future__ import annotations

import pytest

from searchsvc.model import Locator, Matter, Passage
from searchsvc.text.prose import abstract_of, function_word_share, matter_of

LISTS = {
    "numbers": "3. Duarte M, Kline H. Models for minor surgery: gelatine. Skills Rev 2022;14:90-101.\n\n"
    "4. Halvorsen B. Counting what goes in. Health Practice 2020;9(2):33-40.",
    "brackets": "[4] P. Samarati, “Respondents,” IEEE Trans. Data Eng., vol. 13, no. 6, pp. 1010–1027, 2001.\n"
    "[5] N. Li and T. Venka, “Beyond anonymity,” in Proc. Int. Conf. Data Eng., IEEE, 2007, pp. 106–115.",
    "names in full": "Adina Wills, Nikita Nangia, and Samuel Bower. 2018. A corpus for inference. In NAACL-HLT.\n\n"
    "Felix Wu and Amauri Souza. 2019. Simplifying graph networks. In ICML.",
    "APA": "Okonjo, A. C., & Varga, B. (2021). Rings in Kisumu. Journal of Prevention, 12(3), 45–67. "
    "https://doi.org/10.5555/jp.2021.45",
    "French": "Faye M. Quarante jours : repos et contraception à Thiès. Cahiers de la sage-femme 2020;12:5-18.\n"
    "Bocoum H, Strandberg I. Les maternités. Revue de santé 2019;4(1):9-20.",
    "Spanish": "Lumbroso A, Chávarri E. Lo que quieren del anillo: seis grupos. Salud del Pacífico 2019;12:33-41.",
    "addresses": "[3] http://centre.example/kc/category/tags\n\n[4] http://centre.example/kc/category/ideas",
}
TITLE_PAGES = {
    "authors": "Rafael Quintanilha1, Inês Caldeira1, Soledad Paz2\n\n1\n\nCentro Aroeira, Recife, Brazil\n\n2\n\n"
    "Instituto del Litoral, Lima, Peru\n\nORCID: Rafael Quintanilha 0000-0002-5174-7513",
    "signs": "Şule Yıldırım⋆† Łukasz Żak⋆ Ana Đukić†,‡ Dana K. Ohm ‡∗\n\n⋆Institute for the Study of Tides\n\n"
    "†Harbour School of Engineering, University of Arden\n\n‡Laboratory of Mud\n\n{sule,zak}@tides.example",
    "many names": ", ".join(
        f"{given} {family}"
        for given in ("Ada", "Bo", "Cy", "Di", "Ed")
        for family in ("Lind", "Moss", "Nash", "Orr", "Pell")
    )
    + "\nada@moss.example\nInstitute for Tides and Mud, Arden KT 44, Wales",
    "keywords": "Keywords: vaginal ring, dual protection, in-depth interviews, Kenya",
    "mots-clés": "Mots-clés : anneau vaginal, prévention, entretiens, Sénégal",
    "palavras": "Palavras-chave: anel vaginal, microbioma, Recife",
    "running head": "Ring or pill among girls aged 15 to 17 Adolescent Prevention Studies 10(2), 140-155",
    "address": "Telephone: +1-819-564-4857 1-800-661-2638 (Canada) Fax: +1-819-564-5698 E-mail: info@centre.example",
    "copyright": "© 2016 The Council of Governments. All Rights Reserved.",
}
CONTENTS = {
    "dots": "Introduction ........ 1\nMethods ......... 4\nResults ........ 9\nDiscussion ....... 15",
    "cells": "1 | Overview | 6\n2 | Model | 7\n2.1 | Logical view | 9\n2.2 | Network | 10\n3 | Services | 18",
}
PROSE = [
    "Women kept the ring for ninety days. It released the drug slowly, and few of them felt it.",
    "Some studies found an inverse association (Potter and Michael, 1983; Martinez et al, 1997; Fernandez et al, 1998; "
    "Nichols et al, 2005), and others did not (Bosetti et al, 2009; Lin et al, 2007).",
    "On July 6, 2023, the Food and Drug Administration (FDA) approved the drug for patients with mild disease.",
    "We can run the model again for your district. Contact: Yusuf Adendorff, modelling@arden.example.",
    "Individuals. Send the form to the Department of Fish, Harbour Service Center, Arden, KT 44. Estates. Send it to "
    "the Department of Boats, Service Center, Wick, KT 45.",
    "Both hands\nFind both ends\nMark the near end\nPress the far end: does the near end rise?",
    "Year | Million US dollars\n2018 | 92\n2023 | 71\n2024 | 76",
    "Les dossiers sont attendus le 30 avril 2026 à 23 h 59, heure de Paris. Les résultats suivront en septembre 2026.",
    "Kobiety nosiły pierścień przez dziewięćdziesiąt dni i rzadko go czuły; badanie trwało od 2019 do 2021 roku.",
    "Wanawake walivaa pete kwa siku tisini. Wengi walisema kuwa hawakuihisi kabisa.",
    "研究对象为两百名妇女。她们使用阴道环九十天。",
    "حافظت النساء على الحلقة تسعين يوما.",
    "",
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *((text, "references") for text in LISTS.values()),
        *((text, "front") for text in TITLE_PAGES.values()),
        *((text, "contents") for text in CONTENTS.values()),
        *((text, "prose") for text in PROSE),
    ],
)
def test_a_passage_is_what_most_of_it_is(text: str, expected: Matter) -> None:
    assert matter_of(text) == expected


def test_a_heading_decides_where_the_text_leaves_a_doubt() -> None:
    bare = "Streiner DL. Starting at the beginning. J Pers Assess"
    assert matter_of(bare) == "prose"
    assert matter_of(bare, ["Results", "5. Références"]) == "references"
    life = "Josep Domingo is a professor of computer science at the university, where he has held the chair since 2004."
    assert matter_of(life, ["References"]) == "prose"


def test_text_with_one_reference_in_it_stays_text() -> None:
    assert matter_of(PROSE[0] + " " + PROSE[1] + "\n\n" + LISTS["Spanish"]) == "prose"


@pytest.mark.parametrize(
    "sign",
    ["a", "A", "1", ".", "(", " ", "A. ", "a-", "a@", "In A", "@", "1,", "(a", "2.1 ", "…", "\n", "a\n", "1 | ", "A, "],
)
def test_no_text_takes_long(sign: str) -> None:
    assert matter_of(sign * (60_000 // len(sign)), ["References"])


def test_function_words_of_an_unknown_script_are_not_counted() -> None:
    assert function_word_share("研究对象为两百名妇女") is None
    share = function_word_share("the ring and the gel")
    assert share is not None and share == 0.6


def test_the_abstract_is_what_stands_below_its_heading_without_keywords() -> None:
    def passage(ordinal: int, text: str, *headings: str) -> Passage:
        return Passage(ordinal, text, 0, len(text), Locator(), headings, matter=matter_of(text, headings))

    passages = [
        passage(0, TITLE_PAGES["authors"], "A ring"),
        passage(1, PROSE[0] + "\nMost of them liked it.\n" + TITLE_PAGES["keywords"], "A ring", "Abstract"),
        passage(2, "The method is a trial.", "A ring", "Methods"),
        passage(3, "A summary of what came later.", "A ring", "Summary"),
    ]
    assert abstract_of(passages) == PROSE[0] + " Most of them liked it."
    assert abstract_of(passages[2:3]) is None
