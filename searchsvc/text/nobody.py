"""Words that stand where names stand and are of none: institutions, headings, roles, events, topics, in ten languages.

A word of a list says that a text is no name of a person. So what is a family name as well (Press, Master, March, Post,
Lake) stands in no list, or only in one that says at which end of the text it counts.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

__all__ = ["is_nobody", "is_nobody_single"]

# Anywhere in the text. Without accents.
_WORDS_TEXT = """
대학교 대학 연구소 병원 학과 학회 센터 초록 서론 결론
大学 研究所 جامعة معهد قسم كلية مستشفى وزارة ملخص مقدمة אוניברסיטה מכון מחלקה תקציר
विश्वविद्यालय संस्थान विभाग
university institute institution department centre center college faculty hospital laboratory laboratories lab group
team project projects network foundation ministry agency council committee association society company corporation
organisation organization bureau office division unit programme program programs academy authority federation alliance
initiative commission consortium clinic museum library secretariat board panel taskforce partnership campaign service
services administration government parliament embassy observatory station charity trust fund
news desk staff editor editors editorial editorials admin administrator webmaster user owner unknown anonymous author
authors contributor contributors correspondent columnist reporter writer investigator investigators collaborator
collaborators researcher researchers scientist coordinator secretary chairman chairperson speaker speakers presenter
moderator facilitator panelist panelists attendee participant participants member members volunteer volunteers
microsoft windows powerpoint google adobe acrobat apple linux reuters afp associated insider
student students conference workshop symposium congress meeting seminar webinar lecture session sessions plenary poster
posters keynote track panel roundtable hackathon forum assembly summit exhibition festival proceedings
annual annually quarterly monthly weekly report reports update updates overview introduction presentation results result
summary abstract agenda outline contents references bibliography appendix annex supplement supplementary material
materials methods methodology discussion conclusion conclusions acknowledgement acknowledgements acknowledgment
acknowledgments highlights keywords abbreviations glossary preface foreword funding disclosure disclosures disclaimer
correspondence affiliation affiliations contribution contributions declaration declarations statement statements
background objective objectives recommendations findings figure figures table tables chapter section module lesson
exercise worksheet homework syllabus handout factsheet newsletter brochure leaflet flyer booklet handbook manual
guideline guidelines toolkit whitepaper blueprint roadmap article articles review reviews paper papers preprint
manuscript thesis dissertation document documents draft version copyright license licence reserved rights
research science sciences scientific technology technologies engineering medicine medical health healthcare nursing
clinical hygiene epidemiology pharmacy economics economy economic finance financial financing education educational
learning teaching training data database software analytics statistics study studies survey trial trials evaluation
assessment implementation development innovation sustainability management policy policies strategy strategic governance
planning monitoring prevention protection treatment therapy diagnosis screening vaccination surveillance sanitation
climate environment environmental energy agriculture agricultural fisheries forestry biodiversity ecosystem ecosystems
oceans estuary estuaries watershed wetland wetlands habitat infrastructure transport mobility housing
global international national regional european african asian american public private social digital virtual
online offline interactive principal corresponding equal guest original technical general special joint together
toward towards behind beyond between without within through about against every everyone everybody everything nobody
everyday tomorrow today yesterday people indigenous aboriginal tribal
community communities family families children childhood
women womens mens youth citizen citizens society world worldwide nation nations country countries city cities
village villages rural urban coastal maritime tropical
tuesday wednesday thursday saturday
media photo photos photography video videos image images podcast blog website homepage webpage pages
slide slides subtitle title body text textbox click add edit please insert placeholder smartart shape
contact download upload subscribe login logout menu search submit links cookie cookies privacy terms
gazette tribune chronicle telegraph zeitung gazeta
business insiders sports entertainment politics opinion column
room building auditorium theatre theater hotel airport avenue boulevard square
مرحبا أهلا اهلا بالعالم नमस्ते
greetings regards colleagues friends ladies gentlemen birthday holidays wishes bonjour willkommen bienvenidos
beaucoup obrigado obrigada vielen herzlich herzlichen vindos bedankt welkom witamy serdecznie
ltd llc gmbh ggmbh plc llp pty oyj sarl srl inc corp
thank thanks welcome goodbye questions question answers answer faq hello
lightning talks talk spotlight demo tutorial masterclass bootcamp retreat colloquium
ideas future vision mission values impact evidence action actions change growing growth progress opportunity challenges
sustainable healthy smarter greener cleaner affordable inclusive resilient responsible equity equality
copyrighted confidential internal restricted approved unpublished
u.s u.k u.n e.u
abteilung ausschuss amt anstalt arbeitsgruppe arbeitskreis arbeitsstelle aufsatz ausgabe auflage autoren autorin
beitrag bericht berichte bildung bundesamt bundesanstalt bundesministerium einleitung zusammenfassung
einfuhrung entwicklung erfahren ernahrung ergebnis ergebnisse erziehung fachbereich fachgebiet fachtag fachtagung
fakultat forderung forschung forschungs gemeinschaft genossenschaft gesellschaft gesundheit hochschule fachhochschule
inhalt inhaltsverzeichnis institut jahrestagung jahresbericht kapitel klinik klinikum kommission kongress konferenz
krankenhaus landesamt landwirtschaft lehrstuhl leitlinien leitung literaturverzeichnis methoden ministerium mitglied
mitglieder mitarbeiter museum nachrichten pflege praxis pressestelle projekt projektgruppe redaktion rechte referat
sachgebiet schlusselworter schule seite sitzung sprecher stiftung tagung tagungsband umwelt universitat unternehmen
verband verein verfasser veranstaltung verwaltung vortrag vorstand vorwort weiterbildung wirtschaft wissen wissenschaft
wissenschaften zentrum herausgeber danksagung gemeinsam zukunft beginnt verbindet offene offentliche neue neues
technische deutsche stadt gemeinde werkstatt woche raum folie arbeitspapier
universite faculte ecole institut laboratoire departement unite equipe centre hopital clinique association societe
fondation ministere agence conseil comite commission bureau direction service services academie federation reseau
programme projet colloque congres journee journees seance atelier conference seminaire actes resume introduction
remerciements materiel methodes resultats conclusion bibliographie annexe annexes sommaire chapitre rapport memoire
auteur auteurs redaction redacteur correspondant inconnu anonyme collaborateurs chercheur chercheurs chercheuses
etudiants etudiantes sante publique recherche recherches sciences developpement durable environnement agir ensemble
savoir partager avancer jeunes suivante precedente accueil droits reserves diapositive avec une notre
votre groupe travail mairie prefecture salle fetes
universidad facultad escuela instituto departamento laboratorio unidad centro hospital clinica asociacion sociedad
fundacion ministerio agencia consejo comite comision oficina direccion servicio secretaria academia federacion
programa proyecto congreso jornada jornadas sesion taller conferencia seminario encuentro redonda actas resumen
introduccion agradecimientos materiales metodos resultados conclusiones bibliografia anexo anexos capitulo informe
nota tecnica tecnico autor autora autores redaccion desconocido anonimo colaboradores investigador investigadora
investigadores investigadoras investigacion investigaciones estudiantes salud publica publico ciencia ciencias
desarrollo sostenible ambiente prevencion juntos juntas jovenes final inicial siguiente pagina derechos reservados
diapositiva para sobre nuestra nuestro futuro trabajo grupo equipo ayuntamiento alcaldia aula magna nuevas nuevos
ensayos clinicos enfermeria educacion conocimiento cooperacion
universidade faculdade escola laboratorio unidade associacao sociedade fundacao ministerio agencia conselho comissao
secretaria prefeitura programa projeto congresso jornada sessao oficina encontro resumo introducao
agradecimentos materiais resultados conclusoes capitulo relatorio nota autores redacao desconhecido pesquisa pesquisas
pesquisador pesquisadora pesquisadores saude coletiva publica ciencia ciencias desenvolvimento sustentavel prevencao
enfermagem ensino extensao educacao juntos seguinte direitos trabalho equipe hospital clinica centro reserva
organizadora
universita facolta scuola istituto dipartimento laboratorio unita centro ospedale clinica associazione societa
fondazione ministero agenzia comitato commissione ufficio direzione servizio accademia federazione rete
programma progetto convegno congresso sessione atti riassunto introduzione ringraziamenti materiali risultati
conclusioni bibliografia capitolo rapporto relazione autore autori redazione ignoto sconosciuto collaboratori ricerca
ricerche ricercatori sanita pubblica pubblico salute scienza scienze sviluppo sostenibile ambiente prevenzione giornata
giornate insieme lavoro gruppo conferenze comune regione diritti riservati diapositiva acqua igiene scientifico
universiteit faculteit hogeschool instituut afdeling vakgroep laboratorium centrum ziekenhuis vereniging genootschap
stichting ministerie bureau commissie dienst academie netwerk programma congres conferentie bijeenkomst sessie
postersessie handelingen samenvatting inleiding dankwoord inhoudsopgave methoden resultaten conclusie bijlage hoofdstuk
verslag rapport auteur auteurs redactie onbekende anoniem medewerkers onderzoek onderzoekers onderzoeksgroep
wetenschap wetenschappen ontwikkeling duurzame gezondheid volksgezondheid zorg preventie kennis samen jonge rechten
voorbehouden werkgroep werkconferentie gemeente onderwijs milieu dagen
uniwersytet politechnika akademia wydzial instytut katedra zaklad laboratorium osrodek centrum szpital klinika
stowarzyszenie towarzystwo towarzystwa fundacja ministerstwo agencja komitet komisja urzad biuro dyrekcja
program projekt konferencja konferencyjne kongres zjazd sesja obrady warsztaty streszczenie wstep podziekowania
materialy metody wyniki wnioski bibliografia zalacznik rozdzial raport sprawozdanie autorzy redakcja
nieznany anonim badania badan naukowy naukowa nauk nauki zdrowie zdrowia publiczne rozwoj srodowisko profilaktyka razem
mlodzi strona prawa zastrzezone praca zbiorowa grupa robocza zespol urzad miasto gmina
avdelning avdelningen institution institutionen universitet universitetet universitetssjukhus hogskola hogskolan
forskning forskningsgruppe sammanfattning inledning halsa folkhalsa sjukhus sygehus institutt forening stiftelse
konferens konferanse rapport okand ukendt ukjent redaktion redaksjon sundhed folkesundhed helse folkehelse arbetsgrupp
arbejdsgruppe yliopisto laitos tiedekunta tutkimus johdanto tiivistelma tuntematon
universitatea facultatea institutul departamentul spitalul asociatia societatea ministerul cercetare rezumat
univerzita fakulta ustav katedra nemocnice ministerstvo spolecnost vyzkum souhrn uvod autorsky kolektiv
egyetem intezet tanszek korhaz kutatas osszefoglalas bevezetes
universitesi fakultesi enstitusu bolumu hastanesi dernegi vakfi bakanligi arastirma ozet giris
universitas fakultas jurusan rumah sakit kementerian lembaga penelitian yayasan pendahuluan abstrak
университет институт факультет кафедра лаборатория центр больница министерство академия общество ассоциация фонд
комитет комиссия отдел конференция семинар конгресс введение аннотация заключение литература методы результаты
исследование исследования наука науки здоровье редакция автор авторы неизвестен группа рабочая проект программа
університет інститут кафедра лабораторія центр лікарня міністерство академія товариство вступ анотація висновки
πανεπιστημιο τμημα ινστιτουτο σχολη κεντρο νοσοκομειο υπουργειο περιληψη εισαγωγη συμπερασματα
approval ethics messages further laserjet party turning updated follow sign also count legends
schriftenreihe heft avant propos mots cles directiva cuidando tierra vidas palavras chave aberto cattedra slowa kluczowe
competing interests ceremony opening closing break breaks coffee lunch dinner breakfast reception registration
changing lives daily share practice practices cancer breast disease diseases diabetes malaria tuberculosis infection
infections voices local planet intelligence artificial machine deep drinking sanitary maternal neonatal newborn
adolescent sexual reproductive birth pregnancy midwifery midwives nurses patients patient carers caregivers farmers
fishers teachers pupils learners parents schedule scanner printer lenovo hewlett packard xerox ricoh samsung toshiba
oracle email e-mail phone telephone fax address number invoice receipt customer client clients product products market
marketing prices enterprise startup industry industrial factory commerce banking insurance budget award awards prize
scholarship fellowship fellowships fellows career careers job vacancy recruitment staffing heritage culture cultural
history historical archive archives tourism travel leisure sport football concert cinema films fashion recipe recipes
kitchen gardenings networks systems system process processes models modelling modeling framework frameworks approach
approaches tool tools resource resources solutions solution problem problems challenge risk risks hazard hazards
disaster disasters emergency crisis relief recovery resilience adaptation mitigation emissions renewable electricity
nuclear waste recycling pollution soils crops livestock harvest irrigation drought floods flooding erosion sediment
salinity fishery aquaculture reef reefs mangrove mangroves conflict migration refugee refugees poverty inclusion
disability democracy election elections legal police civil civic political electoral constitutional treaty agreement
protocol convention directive regulation regulations complex advanced introductory intermediate fundamental essential
practical applied theoretical experimental empirical statistical mathematical computational numerical quantitative
qualitative comparative critical systematic preliminary tentative selected invited submitted accepted published
forthcoming previous latest recent current upcoming popular recommended featured related similar bold stronger matters
counts starts begins happens works saves protects connects connecting bridging sharing caring helping healing serving
supporting empowering inspiring transforming leading driving moving reaching bringing keeping protecting saving
creating improving understanding exploring measuring rethinking reimagining cathedral chapel mosque monastery cemetery
harbour seaport shipyard lighthouse campus dormitory abschnitt allgemein allgemeine angewandte anhang anmeldung
ansprechpartner anfahrt arbeit arbeiten arzte arztin aufgaben ausblick ausstellung auswertung bedeutung begriff
begriffe behandlung beispiel beispiele beratung bereich bilder datei daten datenschutz dienste digitale eigene eltern
energie entwurf erde erfahrungen erste erster erstes zweite zweiter zweites dritte fakten familie familien flusse
fragen frau frauen freiheit freunde fruhling fur ganze gebaude geburt geburtshilfe geld gesellschaftliche gesprach
gesunde gesunder gesundes gewasser gewasserschutz grundlagen grundschule grusswort gruppe handbuch heute hilfe hinweis
hinweise impressum information informationen infrastruktur kinderarzt klima klimaschutz krankheit krankheiten kultur
kunstliche intelligenz kurze kurzer kuste kustenschutz landliche lehre leitfaden lernen literatur lokale manner
maschinelles mensch menschen meere mitteilung mitteilungen mobilitat nachhaltige nachhaltigkeit naturschutz netz
netzwerk nummer ordnung patienten politik prasentation protokoll prufung psychische quelle quellen regionale reise
sauber sauberes saubere schreiben schuler sichere sicherheit soziale sozialer starker startseite statistik strategie
studenten studie studien stunde suche tag tage technik telefon thema themen titel ubersicht uber unsere verkehr
versuch versuche verteilung vielfalt volkshochschule vorlesung vorstellung wandel wasser wasserwirtschaft wege welt
werkzeug werkzeuge wetter wichtige wirkung wirtschaftliche wohnen zahlen zeitschrift zeitung ziel ziele zusammenarbeit
uberblick gastbeitrag gastautor seltene erkrankungen notfall chirurgie accompagnement actualite actualites affaires
agricole aide alimentaire alimentation allaitement approche approches artificielle artificiel ateliers bonne bonnes
bilan biodiversite cahier cahiers carte chiffres citoyens citoyenne climat climatique commune communes communication
communiques connaissance connaissances contexte coordination cours culturelle cycle debat debats defis demain deuxieme
troisieme premiere partie partenaires partenariat pratiques pratique dialogue discours donnees ouvertes eau eaux
ecoles economie edition editions eleves emploi enfance enfant enfants enjeux enquete entreprise entreprises entretien
espace etat etude etudes evenement experience experiences famille familles femme femmes fiche fiches finale formation
formations gestion histoire hommes hopitaux idees industrie informations jeunesse journal journaux jour jours langue
langues littoral littoraux lettre livret locale locales logement lutte maladie maladies maternelle mediation mentale
methode mobilite modele mondial naissance nationale note notes nouveau nouvelle nouvelles numerique numeriques
objectifs outil outils patrimoine paysage peche pole politique politiques population populations potable pouvoir
problematique produits promotion proposition qualite quartier regards reproduction ressources rurale rurales rivage
scientifique scolaire securite sensibilisation solidaire solidarite sociale sociaux soutien suivi synthese systeme
tableau territoire territoires theme theses tourisme transition travaux urbaine urbain valeurs villes abastecimiento
acceso actividades acuerdo agricola agricultura agua aguas alimentaria alimentacion alumnos ambiental analisis anual
aprendizaje atencion avance avances ayuda biodiversidad buena buenas buenos calidad cambio cambios capacitacion casos
catedra ciudad ciudadania ciudadano ciudades climatico comunidad comunidades consulta contacto control cooperativa
costera costeras cuidado cuidados cultura curso cursos datos abiertos abiertas debate desafios diario docente docentes
docencia ecologia economia edicion educativa ejercicio eleccion embarazo empleo empresa empresas encuesta energia
enfermedad enfermedades ensayo equidad estado estadistica estrategia estudio estudios etapa evaluacion experiencia
experiencias familia familias formacion genero gobierno historia hombres humana humano humanos humedales igualdad
impacto indice industria infancia informacion infantil innovacion inteligencia introductorio justicia juventud
lactancia limpio limpias limpios literatura logros lucha maestros manejo medicina medicos mental mejora mercado metodo
migracion modelo mujer mujeres mundial municipal nacional nacionales naturaleza ninas ninez ninos nueva nuevo
objetivos paciente pacientes cronicos palabras clave participacion partos plantas poblacion pobreza politica politicas
portada practica practicas pregunta preguntas primaria primera primero presentacion problema problemas proceso
produccion profesor promocion propuesta proteccion proyectos pueblos recurso recursos redes region registro resumenes
riesgo riesgos seguridad segunda semana semillas servicios siglas sistema sistemas sociales solidaridad suelos tabla
tecnologia territorio texto titulo tierras todas trabajadores trabajos transformacion transporte turismo universitario
vacunacion vejez vivienda voces acesso acoes alimentacao alimentar alunos analise anuario aprendizagem automatica
areas artigo artigos atencao atividades avaliacao bairro boas cidadania cidade cidades cientifica cientifico
comunidade conhecimento consumo contato costeira dados abertos direito documentos doenca doencas edicao elaboracao
emprego entrevista equidade escolas estagio estudo estudos eventos gestao gestacao governo homens idosos igualdade
imprensa informacao inovacao jovens justica leitura limpa limpo locais luta meio melhores mestrado mulher mulheres
natureza noticias novas novos objetivo perguntas plano populacao pratica praticas prefeituras primeira primeiro
processo producao professor professores projetos promocao proposta protecao qualidade rede regiao relatorios
resistencia residuos resultado risco riscos rurais saneamento seca seguranca semente sementes seminarios servicos
trabalhos vacinacao violencia abbonamento accesso acque affari agricoltura alimentare alimentazione allattamento
analisi anno annuale approccio archivio artificiale assistenza attivita autunno avanti azienda aziende bambini bambino
benessere bilancio buona buone buoni capitoli chiave chirurgia cittadini citta clinico clinici collaborazione
commercio comunicazione comunita conoscenza conferenza contatti contesto corsi costiera costiero crisi culturale dati
aperti definizione dialogo diritto discussione documento domande edizione educazione esperienza esperienze eventi
famiglia famiglie fiumi formazione foto generale genere genitori gestione giovani giovanile giornale gravidanza guida
idee imprese impatto indagine infanzia infermieri infermieristica informatica informazioni ingegneria inverno
innovazione inquinamento intelligenza lavori lettera letteratura locali malattia malattie manuale medica mediche
mercato metodi migrazione modello mondo mondiale morte nazionale neonati nuova nuove nuovi nuovo obiettivi ospedali
paese paesaggio parola parole pazienti pediatria piante politiche popolazione poverta pratiche prima problemi prodotti
produzione professione protezione provincia pubbliche pulita pulito quaderni quaderno qualita questione ricette
ricercatore riconoscimento rischi rischio riscaldamento risorse rivista rurali salvaguardia scolastica scuole seconda
secondo segreteria seminari servizi sessuale settimana sfide sicurezza sistemi sociali societari solidarieta sostegno
sostenibilita statistica strategia strumenti studente studenti studi studio suolo tabella tecniche temi teoria titolo
trasporti urbana utenti vaccinazione valutazione aanpak aanvraag achtergrond actueel afvalwater algemeen algemene
arbeid armoede artikel artikelen beheer beleid benadering beroep bevolking bewoners bezoek bijdrage boeren bodem
bodemkunde borstvoeding bronnen burgers buurt cijfers cursus derde eerste tweede deelnemers discussie doelen duurzaam
duurzaamheid eigen ervaringen evaluatie financiering frisse gebied gebouw gegevens geestelijke geschiedenis gezin
gezonde goede groei groene groep grond handboek handleiding huisarts inhoud informatie innovatie intelligentie
internationaal jaar jaarverslag jeugd jongeren kinderen klimaat kraamzorg kunstmatige kustbeheer kwaliteit landbouw
leerlingen leerstoel leraren lezing lucht maatschappelijke maatschappij markt medische milieubeheer moeders nieuwe
nieuws natuur natuurbeheer ontwerp onderwerp oplossingen organisatie ouderen overzicht plannen platteland politiek
praktijk praktijken presentatie proces provincie psychologie regionaal resultaat risico ruimte rivieren schone scholen
spreker sprekers taal tabel techniek techniekuren tekst toegang toekomst toerisme uitgave uitnodiging vaccinatie
veiligheid verantwoording verbinding verder verkeer verloskunde verloskundigen visserij vluchtelingen voeding voedsel
voorbeeld voorbeelden vraag vragen vrouw vrouwen vrouwenkliniek water waterbeheer waterschap wereld wereldwijd werkt
wonen ziekte ziekten zorgverleners drinkwater praktijkondersteuning onderzoeksinstituut analiza bezpieczenstwo
biblioteka choroba choroby cyfrowa czasopismo czesc pierwsza druga trzecia czysta czyste czysty dobre dobry dostep
dydaktyka dzieci dzialanie dzien edukacja ekologia ekonomia gospodarka hydrologii informacja informacje informatyka
innowacje inteligencja sztuczna jakosc jezyk karmienie kierownik klimat kobieta kobiety konkurs kultura laboratoryjne
leczenie lekarze lekarz lokalna ludzie mezczyzni mlodziez morze nauczyciele nauka nowe nowy obrona ochrona ocena
opieka organizacja otwarte otwarta panstwo pacjenci pielegniarki pielegniarstwo polityka polozne porod poradnik
praktyka praktyki prawo prezentacja problemy produkcja przeglad przemysl przyklad przyroda przyszlosc pytania rodzina
rodziny rolnictwo rolnicy rozprawa ryzyko rynek rzeka rzeki seminarium spoleczenstwo spoleczna spotkanie sprawy
srodowiska statystyka studenci studia studium swiat szkola szkoly technika technologia temat turystyka tytul uczniowie
uczelnia uczestnicy uslugi warsztat wartosci wiadomosci wiedza wiejskie woda wody wspolnota wspolpraca wydanie wyklad
wystapienie wyspa zasoby zadania zmiana zmiany zmian zwierzeta zycie psychiczne halsovard vatten kvinnor utbildning
miljo vand kvinder barns helsetjeneste terveys lapset naiset ymparisto yhteinen tulevaisuus egeszseg kozos jovo
gyermekek voda zdravi zeny zivotni prostredi sanatate femei copii mediu sagligi kadin kadinlar cocuk cevre saglik
saglikli bilim egitim kesehatan masyarakat perempuan lingkungan ilmu pendidikan wanawake watoto elimu общественное
здоровья вода воды женщины дети образование развитие среда практика практики новости страница доклад отчет выводы
содержание обзор приложение благодарности материалы суспільне здоровʼя δημοσια υγεια σελιδα αρχικη εκπαιδευση ερευνα
νερο
"""
# As the last word: places, papers and things, most of them given names or family names elsewhere in a name.
_LAST_TEXT = """
voz vida vie vivre voix tiempo tierra libro mundo plan model music film school life nature tema temas mer
mare parte parto teil leben kinder jahre leven werk stad storia viaggio voce voci testo tempo limpia pesca suelo
semilla rural gender soil leche donne estate bestuur bron deel guia lista
marine sheet sheets brief briefs note notes view views point points falls basin beach river valley island islands
mountains road harbour harbor coast plains gardens
two three four five six seven eight nine left testing water food life lives care safety security rights work
works homes school schools week days month months year years time times forward ahead first now here
access source standard standards code codes arts design designs plan plans map maps lists form forms
wege haus blick ort leben zeit jahre norte sud nord oeste ovest zuid
art ernte kust rivier rzeka chiara rapida abierta aberta ouverte ouvert offen
"""
# As the first word: what leads a phrase.
_FIRST_TEXT = """
early late best better good big large small quick hard fast bright high strong next simple child bad worst easy slow
bons bom buono mise viaggio
junge consiglio red the your our their his her its these those this that not why what when where who whom which from
for if
dear yours muchas muitos sehr
save stop start read learn join visit see discover explore stay get give take make let keep use build create
write draft written prepared presented edited produced sponsored supported hosted organised organized funded compiled
all any some each other another more most many both few
original full long new open closed free fact facts guest lead chief senior junior
deputy assistant associate managing executive visiting adjunct acting vice
lake mount river port north south east west northern southern eastern western upper lower saint san santa
gute gutes gruner grune grunes grosse alte freie das die eine ein zur zum wir ihr unser unsere mehr alle
gli una uno dei delle nostri nostra ogni tutti tutte
el los las unos unas todo todos todas cada nuestros nuestras
cada todo toda nosso nossa mais
le les des une tous toutes chaque
een alle elke onze meer
wszystkie kazdy nasz nasza czytaj
"""
# Which of these are given names or particles of family names, too.
_FIRST_NAMES = frozenset(("das", "san", "santa", "el", "le", "long", "see", "ein", "los", "la", "las", "des", "que"))
_PHRASES = frozenset(
    ("no", "how", "my", "on", "into", "under", "over", "after", "before", "across")
)  # at the head of three words or more
_STEM = re.compile(
    r"universi[td]|^coordena[cçd]|institut|instytut|laborat|ministe?r[iyos]|ministèr|facult[aey]|fakult|facolt|hochschul|conferen|konferen|kongress|symposi|"
    r"akadem|academ[iy]|accadem|forschung|wissenschaft|gesellschaft|hospital|^ospedal|krankenhaus|klini[ck]|clinic|redak[tc]|"
    r"redaz|komit[ée]|committee|kommission|commiss[aio]|comiss|associa[tzç]|assoziat|asocia|organi[sz]a|programm|proje[kct]t|proyecto|progett|"
    r"investigad|cherche|pesquis|ricerc|onderzoe|secretari|sekretari|bibliot|fundaci|fundaç|fondaz|polytechn|politecn|departa?ment|"
    r"dipartiment|depart[ae]ment|epidemiolog|technolog|tecnolog|stiftung|stichting|verenig|nederlands|arbeits(?:gruppe|kreis|gemein)|"
    r"werkgroep|tagung|vereinigung|verwaltung|materiaa?l|métod|méthod|prävention|prevenc|prevenz|prévention|sustainab|bundes(?:amt|minist|anstalt)"
)
_ENDING = re.compile(
    r"(?:tions?|[^d]sions?|ologi(?:e|es|a|en)|olog(?:y|ies|ía)|ograph(?:y|ies|ie)|[^s]ungen|schaft(?:en)?|[^h]heit(?:en)?|keit(?:en)?|itäten|ität|"
    r"ci[oó]n(?:es)?|ções|ção|zion[ei]|idad(?:es)?|idade|ités?|ilit(?:y|ies)|iviteiten|iteit(?:en)?|schap(?:pen)?|"
    r"ement|ements|amiento|imiento|ości?|acj[ai]|stw[oa]|ism|ismus|isme|ismo|wesen|isierung|kunde|kundige|"
    r"аци[яи]|ство|ость|ение|ений)$"
)
_ROMAN = re.compile(r"^[IVX]{1,4}$")
_BEFORE_OF = re.compile(
    r"(?i)^(?:of|for|and|the|und|für|pour|para|por|per|voor|dla|от|для|и|che|qui|que|ist|is|are|og|och|för)$"
)

_GIVEN_TEXT = """
concepcion asuncion ascension encarnacion consolacion purificacion anunciacion visitacion resureccion adelheit constanze
"""
_GIVEN = frozenset(_GIVEN_TEXT.split())


def _plain(word: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(c))


_WORDS = frozenset(_plain(word) for word in _WORDS_TEXT.split())
_LAST = frozenset(_plain(word) for word in _LAST_TEXT.split())
_FIRST = frozenset(_plain(word) for word in _FIRST_TEXT.split())


@lru_cache(maxsize=20_000)
def is_nobody(text: str) -> bool:
    """Whether a text of several words is a department, a heading, a slogan or such rather than a person."""
    words = [word.strip(".,;:()[]„“”\"'!?") for word in text.split()]
    words = [word for word in words if word]
    if not words:
        return True
    plain = [_plain(word) for word in words]
    if any(_says(word, one) for word, one in zip(words, plain, strict=True)):
        return True
    if any(part in _WORDS and len(part) > 4 for word in plain if "-" in word for part in word.split("-")):
        return True
    if len(words) > 1 and plain[-1] in _LAST:
        return True
    if (plain[0] in _FIRST and plain[0] not in _FIRST_NAMES and len(words) > 1) or (
        plain[0] in _PHRASES and len(words) > 2
    ):
        return True
    return bool(_ROMAN.match(words[0]) and len(words) > 2 and len(words[0]) > 1) or any(
        _BEFORE_OF.match(word) for word in words[1:-1] if word.islower() and word not in ("e", "y", "i")
    )


def is_nobody_single(word: str) -> bool:
    """Whether one word is a heading, a role or such."""
    plain = _plain(word)
    return _says(word, plain) or plain in _LAST or plain in _FIRST or plain in _SINGLE


_SINGLE_TEXT = """
nairobi london paris geneva berlin zusammenfassung overzicht samenvatting streszczenie
"""
_SINGLE = frozenset(_SINGLE_TEXT.split())


def _says(word: str, plain: str) -> bool:
    if plain in _WORDS:
        return True
    if len(plain) < 7:
        return False
    if plain in _GIVEN:
        return False
    return bool(_STEM.search(word.casefold()) or (len(plain) >= 8 and _ENDING.search(word.casefold())))
