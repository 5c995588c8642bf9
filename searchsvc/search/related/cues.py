"""Phrases and headings by which people say what a sentence is for."""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["CUES", "cue_counts", "heading_facet", "opening_facet"]

_ENGLISH = {
    "result": (
        r"results? (show|indicate|suggest|demonstrate|reveal|confirm)|we (find|found|shows?|showed|demonstrate[d]?|"
        r"observe[d]?|conclude|report|obtain(ed)?|achieve[d]?|prove[d]?|discover(ed)?)|findings|outperform\w*|"
        r"our (results|findings|experiments|evaluation)|experiment(s|al)? (results? )?(show|demonstrate|on|with)|"
        r"significant(ly)?|improve[sd]?|improvement|achiev\w+|state[- ]of[- ]the[- ]art|accuracy|compared (to|"
        r"with)|higher|lower|better|increased|decreased|reduced|faster|p ?[<=]|CI|odds ratio|versus|conclusions?|"
        r"implications|in conclusion|suggest(s|ing)? that|indicat(e|es|ing) that|revealed|were (found|observed)|"
        r"is effective"
    ),
    "method": (
        r"we (propose|present|introduce|develop|describe|use|used|apply|applied|employ|train|trained|formulate|"
        r"design|designed|extend|build|built|collect(ed)?|construct|combine|model|implement(ed)?|evaluate[d]?|"
        r"compare[d]?|define|adopt|exploit|analy[sz]ed?|measured|conducted|performed|recruited|enrolled|searched|"
        r"surveyed)|(our|the proposed|this|the) (approach|method|model|algorithm|framework|system|technique|"
        r"architecture)|is (based|trained)|based on|using|were (collected|recruited|randomi[sz]ed|analy[sz]ed|"
        r"measured|assigned|enrolled|included|interviewed|extracted|tested)|was (used|measured|assessed|performed|"
        r"conducted)|participants|interviews|questionnaire|dataset|consists of|by means of|first|then|second|"
        r"algorithm"
    ),
    "population": (
        r"n ?= ?\d+|aged|(?<![\d,])[\d,]++ (women|men|girls|boys|people|children|adults|students|pupils|patients|"
        r"participants|couples|households|clinics|hospitals|schools|sites|villages|districts)|eligible|inclusion|recruited|"
        r"enrolled|cohort|sample"
    ),
    "background": (
        r"(has|have) (been|become|recently|received|gained)|however|although|despite|recent(ly)?( years)?|is (an?|"
        r"the) (important|key|major|challenging|fundamental|critical|central|common)|important|challeng\w+|problem|"
        r"difficult|remains?|little is known|poorly understood|increasing(ly)?|widely|traditional(ly)?|existing|"
        r"previous|prior|current(ly)?|many|most|often|typically|usually|lack|need(s|ed)?|crucial|essential|growing"
    ),
    "goal": (
        r"aim(s|ed)?|goal|objective|purpose|to (investigate|determine|examine|assess|evaluate|explore|understand|"
        r"study|compare)|this (paper|article|study|work|thesis)|in this (paper|work|article|study)|we (address|"
        r"study|investigate|examine|explore|consider|ask|sought|tackle|focus)|whether|research question"
    ),
    "own": r"we|our|ours|this (paper|article|study|work|thesis)|the (present|proposed|current) \w+|here|i",
}
CUES = {name: re.compile(rf"\b({pattern})\b", re.I) for name, pattern in _ENGLISH.items()}
_PERCENT = re.compile(r"\d ?%")
_ENOUGH = 2  # more of one kind say no more

# Of headings, in English, French, Portuguese and Spanish. The first that fits counts.
_HEADINGS = {
    "none": (
        r"references|bibliography|acknowledge?ments?|funding|conflicts?|competing|disclosures?|contacts?|"
        r"registration|programme|agenda|dates|deadlines?|timetable|how to (apply|submit|take part)|fees?|"
        r"data availability|contributions|remerciements|agradecimentos|contato"
    ),
    "background": (
        r"introduction|background|aims?|objectives?|rationale|motivation|related work|purpose|problem|goals?|why|"
        r"context|contexte|objectifs?|introdução|contexto|objetivos?"
    ),
    "method": (
        r"methods?|methodology|materials?|design|procedures?|participants?|population|setting|sample|"
        r"data collection|measures|analysis|approach|what we did|how (we|it works)|who (took part|came|is it for|"
        r"it is for)|méthodes?|métodos?|metodologia|quem participou|qui avons-nous|participantes"
    ),
    "result": (
        r"results?|findings|outcomes?|conclusions?|discussion|what (we|women|they) (found|heard|learned|said|saw)|"
        r"what .* (showed|shows|means|told us)|key messages|did it help|impact|résultats?|resultados?|conclus(ão|"
        r"ões|iones?)|discussão|o que o estudo mostrou|ce qu.* dit"
    ),
}
_HEADING = {name: re.compile(rf"\b({pattern})\b", re.I) for name, pattern in _HEADINGS.items()}
# "Methods: Women were recruited", as abstracts have it.
_OPENING = re.compile(r"^\W*([A-Z][\w' ]{2,30}?(?: and [\w ]{3,20})?)\s*[:.—–]\s*(?=\S)")
_OPENINGS = {
    "none": r"key ?words|funding|registration|trial registration|correspondence|contact|mots[- ]clés|palavras[- ]chave",
    "background": r"background|introduction|objectives?|aims?|purpose|rationale|context|goals?|importance",
    "method": (
        r"(materials and )?methods?|methodology|design( and \w+)?|settings?|participants|patients|population|"
        r"approach|data sources|interventions?|procedures?|study design"
    ),
    "result": r"results?|main results|findings|conclusions?|interpretation|discussion|implications|significance",
}
_OPENS = {name: re.compile(rf"({pattern})", re.I) for name, pattern in _OPENINGS.items()}


def cue_counts(sentence: str) -> list[float]:
    """How many cues of each kind of CUES stand in it, 2 each at most, and whether a percentage does; from 0 to 1."""
    counts = [min(sum(1 for _ in cue.finditer(sentence)), _ENOUGH) / _ENOUGH for cue in CUES.values()]
    return [*counts, float(bool(_PERCENT.search(sentence)))]


def heading_facet(path: Sequence[str]) -> str | None:
    """background, method, result, or none for what is about nothing of them; None when headings do not say.

    The innermost heading that says something counts; the title of the resource should not be in `path`.
    """
    for heading in reversed(path):
        for name, pattern in _HEADING.items():
            if pattern.search(heading):
                return name
    return None


def opening_facet(sentence: str) -> str | None:
    """What a label at the start says, as in `Methods: Women were recruited.`; `none` after `Keywords:` and the like."""
    label = _OPENING.match(sentence)
    if label:
        for name, pattern in _OPENS.items():
            if pattern.fullmatch(label.group(1).strip()):
                return name
    return None
