"""One form for a word's singular and plural, and for its British and American spelling.

The form need not be a word: it only has to be the same for all of them, and another one for other words.
"""

from __future__ import annotations

import re

__all__ = ["form"]

_IRREGULAR = {
    plural: singular
    for line in """
        man men, woman women, child children, foot feet, tooth teeth, goose geese, mouse mice, louse lice,
        dormouse dormice, titmouse titmice, ox oxen, die dice, penny pence, brother brethren, person persons people,
        person peoples, wolf wolves, leaf leaves, knife knives, life lives, wife wives, half halves, shelf shelves,
        loaf loaves, thief thieves, calf calves, hoof hooves, scarf scarves, elf elves, self selves, sheaf sheaves,
        dwarf dwarves, wharf wharves, midwife midwives, housewife housewives, penknife penknives,
        bookshelf bookshelves, cloverleaf cloverleaves, larva larvae, pupa pupae, alga algae, vertebra vertebrae,
        antenna antennae, formula formulae, nebula nebulae, alumna alumnae, fistula fistulae, bursa bursae,
        papilla papillae, trachea tracheae, fauna faunae, flora florae, lamina laminae, patella patellae,
        scapula scapulae, tibia tibiae, ulna ulnae, aorta aortae, seta setae, hypha hyphae, fungus fungi,
        nucleus nuclei, bacillus bacilli, stimulus stimuli, focus foci, locus loci, radius radii, cactus cacti,
        alumnus alumni, syllabus syllabi, thrombus thrombi, embolus emboli, uterus uteri, bronchus bronchi,
        naevus naevi, nevus nevi, villus villi, sulcus sulci, gyrus gyri, hippopotamus hippopotami, octopus octopi,
        terminus termini, modulus moduli, calculus calculi, tumulus tumuli, humerus humeri, meniscus menisci,
        coccus cocci, genius genii, streptococcus streptococci, staphylococcus staphylococci, enterococcus enterococci,
        pneumococcus pneumococci, lactobacillus lactobacilli, esophagus esophagi, sarcophagus sarcophagi,
        hypothalamus hypothalami, torus tori, bacterium bacteria, stratum strata, spectrum spectra, symposium symposia,
        curriculum curricula, ovum ova, serum sera, memorandum memoranda, erratum errata, addendum addenda,
        millennium millennia, gymnasium gymnasia, medium media, aquarium aquaria, datum data, forum fora,
        referendum referenda, septum septa, sternum sterna, atrium atria, endometrium endometria, epithelium epithelia,
        ostium ostia, compendium compendia, sanatorium sanatoria, crematorium crematoria, auditorium auditoria,
        herbarium herbaria, terrarium terraria, moratorium moratoria, phenomenon phenomena, criterion criteria,
        ganglion ganglia, mitochondrion mitochondria, automaton automata, spermatozoon spermatozoa, protozoon protozoa,
        taxon taxa, polyhedron polyhedra, phylum phyla, cilium cilia, stigma stigmata, schema schemata, lemma lemmata,
        stoma stomata, carcinoma carcinomata, trauma traumata, corpus corpora, genus genera, opus opera,
        viscus viscera, tempus tempora, index indices indexes, matrix matrices matrixes, vertex vertices,
        appendix appendices appendixes, codex codices, cortex cortices, vortex vortices, helix helices,
        vertex vertexes, apex apices, crux cruces, calyx calyces, larynx larynges, pharynx pharynges,
        phalanx phalanges, varix varices, cervix cervices, analysis analyses, basis bases, crisis crises,
        diagnosis diagnoses, ellipsis ellipses, hypothesis hypotheses, neurosis neuroses, oasis oases,
        parenthesis parentheses, paralysis paralyses, prognosis prognoses, synthesis syntheses, thesis theses,
        metastasis metastases, axis axes, testis testes, emphasis emphases, antithesis antitheses, catharsis catharses,
        nemesis nemeses, prosthesis prostheses, psychosis psychoses, sclerosis scleroses, stenosis stenoses,
        thrombosis thromboses, symbiosis symbioses, meta-analysis meta-analyses, fibrosis fibroses, necrosis necroses,
        epiphysis epiphyses, anastomosis anastomoses, mycosis mycoses, pelvis pelves pelvises, iris irises,
        penis penises, trellis trellises, epidermis epidermises, clitoris clitorises, gas gases, bus buses,
        lens lenses, bias biases, atlas atlases, canvas canvases, alias aliases, plus pluses, news, series, species,
        means, mathematics, physics, as, has, was, christmas christmases, pancreas pancreases, quiz quizzes,
        menu menus, emu emus, gnu gnus, guru gurus, flu flus, bayou bayous, ruse ruses, muse muses, ache aches,
        headache headaches, toothache toothaches, backache backaches, earache earaches, stomachache stomachaches,
        cache caches, avalanche avalanches, psyche psyches, niche niches, quiche quiches, cliche cliches,
        creche creches, moustache moustaches, douche douches, brioche brioches, pastiche pastiches,
        cartouche cartouches, microfiche microfiches, shoe shoes, toe toes, canoe canoes, hoe hoes, foe foes, doe does,
        oboe oboes, aloe aloes, floe floes, roe roes, horseshoe horseshoes, tiptoe tiptoes, movie movies,
        cookie cookies, zombie zombies, calorie calories, genie genies, prairie prairies, eerie, lie lies, tie ties,
        pie pies, die dies, magpie magpies, necktie neckties, eyrie eyries, oeil yeux, travail travaux,
        vitrail vitraux, corail coraux, bail baux, ciel cieux, monsieur messieurs, genou genoux, bijou bijoux,
        caillou cailloux, chou choux, hibou hiboux, joujou joujoux, pou poux, jeu jeux, feu feux, lieu lieux,
        cheveu cheveux, neveu neveux, milieu milieux, enjeu enjeux, adieu adieux, voeu voeux, tuyau tuyaux,
        noyau noyaux
    """.replace("\n", " ").split(",")
    for singular, *plurals in [line.split()]
    for plural in (singular, *plurals)
}  # fmt: skip

_SPELLINGS = {
    british: american
    for line in """
        grey gray, tyre tire, plough plow, draught draft, programme program, kerb curb, aluminium aluminum,
        pyjama pajama, sceptic skeptic, sceptical skeptical, scepticism skepticism, defence defense, offence offense,
        licence license, pretence pretense, practise practice, practising practicing, practised practiced, cosy cozy,
        axe ax, storey story, moustache mustache, artefact artifact, ageing aging, judgement judgment,
        acknowledgement acknowledgment, jewellery jewelry, gaol jail, yoghurt yogurt, enquiry inquiry, enquire inquire,
        carburettor carburetor, chilli chili, omelette omelet, sceptre scepter, smoulder smolder, moult molt,
        woollen woolen, wilful willful, skilful skillful, fulfil fulfill, enrol enroll, enrolment enrollment,
        instalment installment, distil distill, instil instill, appal appall, fulfilment fulfillment, cheque check,
        maths math, mum mom, doughnut donut, learnt learned, burnt burned, spelt spelled, dreamt dreamed, leant leaned,
        spilt spilled, spoilt spoiled, whilst while, amongst among, towards toward, disc disk, speciality specialty,
        liveable livable, sizeable sizable, likeable likable, furore furor, mould mold, mouldy moldy, gauge gage,
        gipsy gypsy, orientated oriented, sulphate sulfate, sulphur sulfur, connexion connection, marvellous marvelous,
        counsellor counselor, tranquillity tranquility, vice vise, ploughing plowing, ploughed plowed, plough plow,
        ploughland plowland, moulding molding, moulded molded, moulder molder, greyish grayish, greyhound grayhound,
        manoeuvre maneuver, manoeuvring maneuvering, manoeuvrable maneuverable, tonne ton, colander cullender,
        pedlar peddler, cypher cipher, syrup sirup, vial phial, ketchup catsup, barbecue barbeque, racquet racket,
        mollusc mollusk, titbit tidbit, cancelled canceled, cancelling canceling, travelled traveled,
        travelling traveling, traveller traveler
    """.replace("\n", " ").split(",")
    for british, american in [line.split()]
}  # fmt: skip

_VOWELS = [
    "haem",
    "anaem",
    "aemi",
    "paed",
    "aesth",
    "oesoph",
    "oestr",
    "foet",
    "foetal",
    "oedem",
    "rrhoea",
    "coeli",
    "gynaec",
    "anaes",
    "caes",
    "faec",
    "mediaev",
    "archaeo",
    "palaeo",
    "amoeb",
    "homoeo",
    "pnoea",
    "oenol",
    "caec",
    "aetio",
    "haemat",
    "leucaem",
    "leukaem",
    "ischaem",
    "bacteraem",
    "septicaem",
    "anaest",
    "synaesth",
    "praes",
    "aeon",
]
_AE = re.compile("|".join(sorted(map(re.escape, _VOWELS), key=len, reverse=True)))
_OUR = re.compile(
    r"(?<![a-z])((?:mis|dis|un|en|multi|dis)?(?:col|behavi|tum|lab|fav|flav|hon|neighb|harb|hum|od|vap|rum|vig|rig|sav|arm|"
    r"endeav|parl|glam|ferv|cand|clam|demean|splend|val|arb|enam))our"
)
_RE = re.compile(
    r"((?:cent|fib|lit|met|theat|calib|somb|lust|spect|meag|sab|mit|louv|nit|och|philt|goit|reconnoit|"
    r"saltpet|maneuv))re(?=$|d$|glass|board)"
)
_IZE = re.compile(r"([iy])z(?=(?:e|es|ed|er|ers|ing|ation|ational|able)$)")
_DOUBLED = re.compile(r"(?<=[a-z]{3}[ea])ll(?=(?:ed|ing|er|or|ous|ery)$)")


def form(word: str) -> str:
    """word: folded, letters of one script or digits. Only Latin letters have other forms."""
    if not word.isascii() or word.isdigit():
        return word
    return _spelling(_singular(word))


def _singular(word: str) -> str:
    known = _IRREGULAR.get(word)
    if known is not None:
        return known
    if len(word) < 4 or word[-1] not in "sx":
        return word
    if word[-1] == "x":  # French
        return (
            word[:-1] if word.endswith("eaux") else f"{word[:-3]}al" if word.endswith("aux") and len(word) > 5 else word
        )
    if word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return f"{word[:-3]}y" if len(word) > 4 else word[:-1]
    if word.endswith(("ches", "shes", "sses", "xes", "tzes", "oes", "ruses", "puses", "nuses", "tuses", "luses")):
        return word[:-2]
    return word[:-1]


def _spelling(word: str) -> str:
    known = _SPELLINGS.get(word)
    if known is not None:
        return known
    if len(word) < 5:
        return word
    if "ae" in word or "oe" in word:
        word = _AE.sub(lambda found: found.group().replace("ae", "e").replace("oe", "e"), word)
    if "our" in word:
        word = _OUR.sub(r"\1or", word)
    if "re" in word:
        word = _RE.sub(r"\1er", word)
    if "z" in word:
        word = _IZE.sub(r"\1s", word)
    if "ll" in word:
        word = _DOUBLED.sub("l", word)
    if "sulph" in word:
        word = word.replace("sulph", "sulf")
    if word.endswith("ogue"):
        word = word[:-2]
    return word
