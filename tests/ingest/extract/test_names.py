"""What is a name of a person in a byline, and what is none."""

from __future__ import annotations

import pytest

from ingest.extract.names import (
    as_shown,
    looks_like_a_name,
    looks_like_a_single_name,
    name_and_place,
    names_at_head,
    names_in,
)


@pytest.mark.parametrize(
    "text",
    [
        "F.M. Ostrom", "F. M. Ostrom", "A. Ostrom", "J.-P. Ostrom", "Ostrom F.M.", "Ostrom, Freya", "Ostrom, F.M.",
        "Ostrom, Freya, Jr.", "van der Berg, Jan", "Freya M. Ostrom", "Freya Ostrom K", "Yan (Janet) Lu",
        "Maria de los Santos", "Maria das Dores", "Joan Soler i Bou", "FREYA VAN DER BERG", "Xavier d’Aubigny",
        "Fatima al-Sayed", "Ngozi Obi-Nwosu",
        # family and given names that are words as well
        "Bin Du", "An Le", "Hua You", "Ofir Press", "Olivia March", "Larry Page", "Grace Hill", "Peter West",
        "Meet Shah",
        "Anais Roy", "Marine Petit", "Asunción Gil", "Ada Peoples", "Md.Abdul Karim",
        "Sunday Adeyemi", "Rada Popova", "Ben Wells", "Sun Park",
    ],
)  # fmt: skip
def test_a_name_in_any_usual_form(text: str) -> None:
    assert looks_like_a_name(text)


@pytest.mark.parametrize(
    "text",
    ["Мария Иванова", "Иван Петрович Сидоров", "Γιώργος Παπαδάκης", "محمد عبد الله", "דוד לוי", "अमित कुमार",
     "王小明", "欧阳明", "山田 太郎", "김민수", "Nguyễn Thị Minh", "Łukasz Żak", "Ólafur Jónsson", "Şule Çelik"],
)  # fmt: skip
def test_a_name_in_any_alphabet(text: str) -> None:
    assert looks_like_a_name(text)


@pytest.mark.parametrize(
    "text",
    [
        "Geneva, Switzerland", "Lima, Perú", "Clean Rivers, Clean Towns", "U.S. Congress", "A Study",
        "Ostrom", "Ostrom,",
        "University, Arden", "Schedule I", "We Care", "Microsoft Office User", "Maternal Health Unit",
        "Panel Discussion",
        "Every Drop Counts", "Chair of Hydrology", "Case Study", "Policy Brief", "Sierra Leone", "12th Meeting",
        "III Jornadas Rurales", "Forschungszentrum Nordsee", "Gesunde Zukunft", "Abteilung Bodenschutz",
        "Laboratoire Maritime", "Première Partie", "Cátedra de Hidrología", "Buenas Prácticas", "Faculdade de Letras",
        "Boas Práticas", "Ufficio Stampa", "Buone Pratiche", "Afdeling Bodemkunde", "Goede Praktijken",
        "Zakład Hydrologii",
        "Dobre Praktyki", "Smart Art", "On The Horizon", "مرحبا بالعالم",
        "Dear Colleagues", "Warm Greetings", "Herzlich Willkommen", "Muito Obrigado",
        "Freya Ostrom, Wells.example", "Wells Ltd", "Coordenadoria Geral", "Indigenous Peoples",
        "Кафедра Гидрологии", "Fakulteten för Teknik", "关键词", "方法", "북방 대학교 연구소",
    ],
)  # fmt: skip
def test_institutions_headings_places_and_topics_are_no_names(text: str) -> None:
    assert not looks_like_a_name(text)


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("F.M. Ostrom, A.C. Okonjo and J. Berg", ["F.M. Ostrom", "A.C. Okonjo", "J. Berg"]),
        ("Ostrom, F.M.; Okonjo, A. C.", ["F.M. Ostrom", "A. C. Okonjo"]),
        ("Ostrom, Freya; van der Berg, Jan", ["Freya Ostrom", "Jan van der Berg"]),
        ("Ostrom, F. M., Okonjo, A., & Berg, J.", ["F. M. Ostrom", "A. Okonjo", "J. Berg"]),
        ("Freya Ostrom (Well School), Bin Li (bin@example.org)", ["Freya Ostrom", "Bin Li"]),
        ("Freya OSTROM, OKONJO Amara", ["Freya Ostrom", "Amara Okonjo"]),
        ("Kovács Béla – Nagy Ilona", ["Kovács Béla", "Nagy Ilona"]),
        ("Omar al-Hakim and Fatima bint Khalid", ["Omar al-Hakim", "Fatima bint Khalid"]),
        ("Freya Ostrom1,2", ["Freya Ostrom"]),
        ("von der Berg, U.; Di Dahl, S.", ["U. von der Berg", "S. Di Dahl"]),
        ("von Anna von der Heide", ["Anna von der Heide"]),
        ("Prepared by: Freya Ostrom et al.", ["Freya Ostrom"]),
        ("Freya Ostrom dan Wulan Sari", ["Freya Ostrom", "Wulan Sari"]),
        ("By Dr. Freya Ostrom, PhD and Prof. Amara Okonjo MD MPH", ["Freya Ostrom", "Amara Okonjo"]),
        ("FREYA OSTROM and JAN VAN DER BERG", ["Freya Ostrom", "Jan van der Berg"]),
        ("Freya Ostrom1,2, Bin Li2* and Hua You1", ["Freya Ostrom", "Bin Li", "Hua You"]),
        ("Tesfaye A., Girma W.", ["Tesfaye A.", "Girma W."]),
        ("Freya Ostrom, Jan Berg Jr., Sam Dahl, III", ["Freya Ostrom", "Jan Berg Jr.", "Sam Dahl, III"]),
        ("Ana Ruiz y Pedro Gil", ["Ana Ruiz", "Pedro Gil"]),
        ("Freya Ostrom · Nguyễn Thị Hoa", ["Freya Ostrom", "Nguyễn Thị Hoa"]),
        ("Марина Петрова и Иван Сидоров", ["Марина Петрова", "Иван Сидоров"]),
        ("王小明、李红", ["王小明", "李红"]),
        ("Maputo, Northmoor", []),
        ("Learning Together, Growing Together", []),
    ],
)
def test_the_names_of_a_line(line: str, names: list[str]) -> None:
    assert names_in(line) == names


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Ostrom, F.M.", "F.M. Ostrom"),
        ("OSTROM, Freya", "Freya Ostrom"),
        ("de la Cruz, Ana", "Ana de la Cruz"),
        ("Berg, Jan van der", "Jan van der Berg"),
        ("Davis, Sammy, Jr.", "Sammy Davis Jr."),
        ("Dr Freya Ostrom", "Freya Ostrom"),
        ("SEÁN O'NEIL", "Seán O'Neil"),
        ("Li Wei", "Li Wei"),
        ("KIM LEE", "KIM LEE"),  # may be initials, or an abbreviation
        ("王小明", "王小明"),
    ],
)
def test_a_name_is_shown_with_the_given_name_first_and_in_small_letters(written: str, shown: str) -> None:
    assert as_shown(written) == shown


def test_one_word_can_be_a_name_where_nothing_else_speaks_against_it() -> None:
    assert looks_like_a_single_name("Suharyono")
    assert not any(map(looks_like_a_single_name, ("Abstract", "Zusammenfassung", "ABC", "Kenya", "Li", "and", "Ñ1")))


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Freya Ostrom, Science Writer of the Plain", ["Freya Ostrom"]),
        ("FREYA OSTROM and JAN BERG | The Salt Gazette", ["Freya Ostrom", "Jan Berg"]),
        ("Freya Ostrom, Jr., PhD, Salt Gazette, Special Issue", ["Freya Ostrom, Jr."]),
        ("Staff of the Gazette, Freya Ostrom", []),
    ],
)
def test_a_byline_begins_with_names_and_goes_on_with_roles(line: str, names: list[str]) -> None:
    assert names_at_head(line) == names


@pytest.mark.parametrize(
    ("line", "names"),
    [("Freya Ostrom, Well University, Arden", ["Freya Ostrom"]), ("Freya Ostrom, Amara Okonjo", []),
     ("Arden, Well University", [])],
)  # fmt: skip
def test_a_name_may_stand_before_its_institution(line: str, names: list[str]) -> None:
    assert name_and_place(line) == names
