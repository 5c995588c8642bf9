"""Short and familiar forms of given names, so that `Ted Briscoe` can be `Edward Briscoe`."""

from __future__ import annotations

from collections import defaultdict

__all__ = ["familiar"]

# A line for each name: all of its forms can stand for one another. A form may stand in several lines.
_TEXT = """
abigail abby gail
abraham abe
adelaide addie
albert al bert bertie
alberto beto
aleksandr alexandr alexander alexandre alejandro alessandro alex sasha sacha sandy alec alek xander ale sandro
alexandra aleksandra alejandra alessandra alex sasha sandra
alfred fred alfie
alfredo fredo
alicia ali
allen al
amanda mandy
anastasia nastya stacy
andrew andy drew andreas andrei andrey
anna ann anne annie anya anja ania nan hannah
antonio toni tony antoine anton antony anthony
arnold arnie
arthur art
augustus gus gustav gustave
barbara barb babs
bartholomew bart
beatrice bea
benjamin ben benny
bernard bernie
bradley brad
bridget biddy
calvin cal
caroline carolyn carol carrie
catherine katherine kathryn katharine catharine cathy kathy kate katie kat kit cate kath katya ekaterina yekaterina
cecilia celia
charles charlie chuck chas carlos
charlotte lottie
christina christine chris tina christa kristina kristine kristin
christopher chris kit topher christoph christophe
clifford cliff
clinton clint
concepcion concha conchita
cynthia cindy
daniel dan danny
daniela dani
david dave davey
deborah debra deb debbie
denis dennis denny
dimitri dimitrios dmitri dmitry dmitriy dima mitya dimitris
dolores lola
dominic dom nick
donald don donnie
dorothy dot dottie dolly
douglas doug
edmund ed eddie ned
eduardo edu lalo
edward ed eddie ted teddy ned eduard
edwin ed eddie
eleanor ellie nell nora ella
elizabeth elisabeth eliza liz lizzie beth betty betsy bess lisa elsa elise lise libby
emily em emmy emilia
ernest ernie
eugene gene evgeny evgeni yevgeny zhenya
ezekiel zeke
ferdinand ferdi
fernando nando
florence flo
frances fran fanny francie
francis francisco frank fran paco pancho franciszek francesco franz francois
frederick frederic fredrick friedrich fred freddie fritz
gabriel gabe gabi
gabriela gabriella gabi gaby
gerald jerry gerry
geraldine gerry
gerard gerry gerhard gerd
gertrude trudy
gilbert gil
giovanni gianni
giuseppe beppe peppe
gloria glo
gregory greg grigory grisha
guadalupe lupe
guillermo memo
gwendolyn gwen
harold hal harry
heinrich heinz heiner
helen helena nell lena ellen elena
henry hank harry hal henri enrique
herbert herb bert
howard howie
hubert bert
ignacio nacho inaki
immanuel manny
inmaculada inma
irene rena
isaac ike
isabel isabella isabelle bella izzy bel
ivan vanya
jacob jake jakob
jacqueline jackie
james jim jimmy jamie
jaroslav jarek jara
jean jeanne jeannie
jeffrey geoffrey jeff geoff
jennifer jen jenny jenni
jeremy jerry jem
jessica jess jessie
jesus chuy
joan joanie
joanna joanne jo
johannes johann hans jan jo
john jack johnny jon
jonathan jon jonny jo
joseph joe joey jose josef jozef josep
jose pepe
josephine jo josie
joshua josh
juan juanito
judith judy
julia julie jules
julian jules
katarzyna kasia
kenneth ken kenny
konstantin kostya
kimberly kim
krzysztof krzys
laurence lawrence larry laurie lorenz lars
leonard leo len lenny
leonardo leo
leslie les
lillian lily lil
louis lou luis lewis louie ludwig
louise lou
lucille lucy
lucia lucy
madeline maddie
magdalena magda lena
malgorzata gosia
manuel manny manolo
marcus marc mark marcos marco
margaret maggie meg peg peggy marge margie greta rita daisy
marguerite maggie
maria mary marie mari molly polly masha mariya marija
martin marty
martha marty
matthew matt matthias mathieu matthieu mattheus matteo
maurice moe
maximilian max
maxwell max
melanie mel
melissa mel missy
michael mike mick mickey mikey michel miguel mikhail misha michal
milton milt
mitchell mitch
miriam mimi
mohammed mohammad muhammad mohamed mohd md mohamad muhammed mehmet
monica mona
montserrat montse
morris moe
nancy nan
natalia natasha nat natalie natalya
nathan nathaniel nathanael nat nate
nicholas nick nicky nico nicolas nikolas klaus niklas nikolai nikolay kolya nikos
nicole nicky nikki
norman norm
olga olya
oliver ollie
oleksandr sasha
patricia pat patty tricia trish patsy
patrick pat paddy rick
paul pavel pablo paolo
pedro perico
penelope penny
peter pete petr piotr pyotr petros
philip phillip phil philipp pip
prudence prue
rachel rae
randall randy randolph
raphael rafael rafa
raymond ray
rebecca becky becca
reginald reg reggie
reza gholamreza
ricardo rick ricky
richard rick ricky rich dick richie
robert rob bob bobby robbie bert roberto robin rupert
rodney rod
roderick rod rick
rodrigo rodri
roger rodger
roland roly
ronald ron ronnie
rosa rosie rose
rosario charo
rudolf rudolph rudi rudy
russell russ
salvador salva
samantha sam
samuel sam sammy
santiago santi
sebastian seb bastian
sergei sergey serge sergio seryozha
sharon shari
sheldon shelly
solomon sol
sophia sofia sophie sofie
srinivas srinivasan srini
stanley stan stanislaw stanislav
stefan stephan stephen steven steve steph stefano esteban
stephanie stefanie steph
steven steve
stewart stuart stu
susan suzanne susanna sue susie suzy zsuzsa
svetlana sveta
tatiana tatyana tanya
teresa theresa terry tess tessa
terrence terence terry
theodore theodor ted teddy theo
thomas tom tommy tomas
timothy tim timmy
tobias toby tobi
tomasz tomek
valentina valya
valerie val
vanessa nessa
veronica ronnie vera
victor vic viktor
victoria vicky tori
vincent vince vinny
virginia ginny ginger
vladimir vova volodymyr vlad
volker volk
walter walt wally
wilhelm willi willy bill
wilfred wilf fred
william bill billy will willie liam willem guillaume
winifred winnie
wojciech wojtek
yuri yury iurii
yusuf yousef youssef joseph
zachary zach zack
"""


def _forms() -> dict[str, frozenset[str]]:
    forms: dict[str, set[str]] = defaultdict(set)
    for line in _TEXT.strip().splitlines():
        names = line.split()
        for name in names:
            forms[name].update(names)
    return {name: frozenset(others) for name, others in forms.items()}


_FORMS = _forms()


def familiar(name: str) -> frozenset[str]:
    """Other forms of a folded given name, itself included: `ted` -> edward, ed, theodore and so on."""
    return _FORMS.get(name, frozenset((name,)))
