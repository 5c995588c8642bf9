"""What stands around the articles: labels in four languages, and lines that every site has."""

from __future__ import annotations

__all__ = ["ADDRESSES", "COMMENTS", "NAVIGATION", "RELATED", "words_of"]

_NAMES = (
    "home", "menu", "search", "published", "by", "when", "where", "organizer", "amount", "deadline", "eligibility",
    "share", "related", "next", "comments", "newsletter", "newsletter_text", "subscribe", "cookies", "accept",
    "decline", "privacy", "imprint", "contact", "tags", "skip",
)  # fmt: skip
_LABELS = {
    "en": (
        "Home|Menu|Search|Published|By|When|Where|Organizer|Amount|Deadline|Who can apply|Share this page|"
        "Related content|Read next|Comments|Newsletter|Get our news once a month. No spam, unsubscribe at any time.|"
        "Subscribe|We use cookies to improve this site and to measure how it is used. "
        "You can change your choice at any time.|"
        "Accept all|Only necessary|Privacy policy|Imprint|Contact|Tags|Skip to content"
    ),
    "es": (
        "Inicio|Menú|Buscar|Publicado|Por|Cuándo|Dónde|Organiza|Importe|Fecha límite|Quién puede solicitarla|"
        "Compartir esta página|Contenido relacionado|Siga leyendo|Comentarios|Boletín|"
        "Reciba nuestras noticias una vez al mes.|"
        "Suscribirse|Usamos cookies para mejorar este sitio y medir su uso. "
        "Puede cambiar su elección en cualquier momento.|"
        "Aceptar todas|Solo las necesarias|Política de privacidad|Aviso legal|Contacto|Etiquetas|Ir al contenido"
    ),
    "fr": (
        "Accueil|Menu|Rechercher|Publié le|Par|Quand|Où|Organisation|Montant|Date limite|Qui peut postuler|"
        "Partager cette page|À voir aussi|À lire ensuite|Commentaires|Lettre d’information|"
        "Nos nouvelles une fois par mois.|"
        "S’abonner|Nous utilisons des cookies pour améliorer ce site et mesurer son audience. "
        "Vous pouvez changer d’avis à tout moment.|"
        "Tout accepter|Seulement les nécessaires|Confidentialité|Mentions légales|Contact|Mots-clés|Aller au contenu"
    ),
    "pt": (
        "Início|Menu|Pesquisar|Publicado|Por|Quando|Onde|Organização|Montante|Prazo|Quem pode concorrer|"
        "Partilhar esta página|Conteúdo relacionado|Leia a seguir|Comentários|Boletim|"
        "Receba as nossas notícias uma vez por mês.|"
        "Subscrever|Usamos cookies para melhorar este sítio e medir a sua utilização. "
        "Pode mudar a sua escolha a qualquer momento.|"
        "Aceitar todos|Só os necessários|Privacidade|Aviso legal|Contacto|Etiquetas|Ir para o conteúdo"
    ),
}
NAVIGATION = ["About us", "News", "Events", "Funding", "Library", "Contact"]
RELATED = [
    "Our annual report is out",
    "Meet the new members of the board",
    "Five questions to our data manager",
    "How to write a good abstract",
    "Photos from the spring gathering",
    "Call for volunteers at the summer school",
    "A short guide to open licences",
    "What we learned from last year's survey",
    "Travel grants: the rules in brief",
    "Podcast: an afternoon at the archive",
    "We are moving to a new office",
    "Obituary: a friend of the network",
]
COMMENTS = [
    ("Reader from the coast", "Thank you for this. Is there a printable version?"),
    ("L. Marsh", "Clear and to the point. I have passed it on to my colleagues."),
    ("oldtimer47", "We tried something like it years ago, it did not last. What is different now?"),
    ("Petra in the valley", "The second link does not work for me, could somebody have a look?"),
]
ADDRESSES = [
    "14 Harbour Lane, Second floor, Port Almeda",
    "Rua das Tílias 82, 1200 Vila Serena",
    "Kastanienweg 9, 40110 Neuenfeld",
    "P.O. Box 3307, Kisanga",
    "27 Orchard Road, Unit 6, Wellbrook",
]


def words_of(language: str) -> dict[str, str]:
    """The labels in `language`; in English where there are none."""
    labels = _LABELS.get(language, _LABELS["en"]).split("|")
    return dict(zip(_NAMES, labels, strict=True))
