# ruff: noqa: E501
"""Italian."""

from plugin.understand.facts.languages.words import Words

WORDS = Words(
    language="it",
    months={
        "gennaio": 1, "febbraio": 2, "marzo": 3, "aprile": 4, "maggio": 5, "giugno": 6, "luglio": 7, "agosto": 8, "settembre": 9,
        "ottobre": 10, "novembre": 11, "dicembre": 12,
    },
    weekdays={"lunedi'?": 0, "martedi'?": 1, "mercoledi'?": 2, "giovedi'?": 3, "venerdi'?": 4, "sabato": 5, "domenica": 6},
    days={"oggi": 0, "ieri": -1, "ieri l'altro": -2, "l'altro ieri": -2, "avantieri": -2, "altroieri": -2, "ieri sera": -1},
    moments=(
        "(?:questa|sta|stamani) (?:mattina|sera|notte|settimana)", "sta(?:mattina|mattin|sera|notte|mani|mane)", "questo (?:pomeriggio|mese|weekend|fine settimana)", "(?:la |dalla |della )?(?:settimana|notte) (?:scorsa|passata)", "(?:il |dal |lo )?(?:mese|anno|weekend|fine settimana) scorso", "scors[oa] \\w+", "l'altro giorno", "l'altra (?:sera|notte)", "poco fa",
        "di recente", "in data \\d{1,2}", "recentemente", "da (?:poco|qualche giorno|un po'|allora|sempre|tempo)", "da (?:quando|ieri|oggi|stamattina)", "nel weekend", "dal (?:weekend|fine settimana)",
        "nelle ultime (?:ore|settimane)", "(?:ai primi|a inizio|a fine|a meta) (?:di )?\\w+", "proprio ora", "un attimo fa",
    ),
    ahead=("domani", "dopodomani", "(?:la |il )?(?:prossim[oa]) \\w+", "\\w+ prossim[oa]", "entro (?:{weekday}|domani|oggi|il \\d+)"),
    ago=("{n} {unit} fa", "da (?:circa |quasi |piu di |almeno )?{n} {unit}", "(?:negli|nelle|gli|le) ultim[ie] {n} {unit}", "sono {n} {unit} che"),
    since="da|dal|dalla|dall'|a partire da",
    before_day="il|dal|del|il giorno|l'",
    after_day="",
    of="di",
    numbers={
        "un": 1, "una": 1, "uno": 1, "due": 2, "tre": 3, "quattro": 4, "cinque": 5, "sei": 6, "sette": 7, "otto": 8, "nove": 9, "dieci": 10,
        "dodici": 12, "quindici": 15, "venti": 20, "trenta": 30,
    },
    vague="qualche|un paio di|alcuni|alcune|parecchi|parecchie|diversi|diverse|una decina di",
    units={"minut[oi]": 0, "or[ae]": 0, "giorn[oi]": 1, "nott[ei]": 1, "settiman[ae]": 7, "mes[ei]": 30, "ann[oi]": 365},
    clock=("(?:alle|verso le|dalle|sulle|per le|all'|le) ?{hour}(?: e (?:mezza|un quarto|trenta))?", "a mezzogiorno", "a mezzanotte", "(?:di|del|al|la) (?:mattina|mattino|pomeriggio|sera|notte)", "in (?:mattinata|serata)"),
    recurring=(
        "sempre", "ogni (?:volta|giorno|sera|notte|mattina|tanto|ora|{n} \\w+|\\w+)", "tutt[ei] (?:le|i) (?:volte|giorni|sere|notti|mattine|{weekday})", "a volte", "alle volte", "talvolta", "qualche volta", "di tanto in tanto", "ogni tanto", "raramente", "spesso", "mai", "di continuo", "continuamente", "costantemente", "in continuazione",
        "una (?:sola )?volta", "{n} volte", "piu volte", "diverse volte", "parecchie volte", "(?:la|per la) (?:prima|seconda|terza|quarta|ennesima) volta", "a intermittenza", "saltuariamente", "in modo (?:casuale|intermittente)", "regolarmente", "tutto il (?:giorno|tempo)", "giorno e notte", "{n} su {n}", "(?:di|il) {weekday} (?:sempre|solo)", "puntualmente", "senza eccezion[ei]", "{n} tentativi", "un[ao]? su {n}", "solo una volta",
    ),
    holder="sig|sig\\.ra|signor|signora|signori|dott|dott\\.ssa|famiglia",
    nouns={
        "prenotazion[ei]|soggiorno|booking": "reservation",
        "annunci[oi]?|alloggi[oi]?|appartament[oi]|casa|villa|struttura|immobile|monolocale|bilocale|camera|agriturismo|trullo|masseria|attico|casale|suite|baita": "property",
        "ospit[ei]|client[ei]|inquilin[oa]|a nome(?: di)?": "guest",
        "proprietari[oa]?": "owner",
        "utente|account|profilo|login|utenza": "user",
        "campagna|newsletter|mailing": "campaign",
        "fattur[ae]|ricevuta|nota di credito": "invoice",
        "ordine|transazione|addebito|pagamento|riferimento|rif": "charge",
        "sito|dominio": "site",
    },
    number_sign="numero|num|n|nr|codice|id|riferimento|rif|chiamat[oa]|di|del|della|il|la",
    ticket="tickets?|segnalazione|pratica|richiesta|caso|assistenza",
    ending="(?:che )?(?:termina|finisce|terminante)(?: con| in| per)?|ultime (?:{n} )?cifre(?: sono)?|finale",
    key_words="password|parola d'ordine|parola chiave|pass|codice di accesso|pw",
    is_="e'?|era|:|=|che e",
    document={"codice fiscale": "codice-fiscale", "c\\.?f\\.?": "codice-fiscale", "passaporto": "passport", "carta d'identita": "id", "documento": "id", "patente": "driving-licence"},
    error="errore|codice|codice errore|messaggio",
    devices={
        "cellulare": "phone", "telefonino": "phone", "telefono": "phone", "smartphone": "phone", "computer": "computer", "pc": "computer", "portatile": "computer", "fisso": "computer", "tablet": "tablet", "browser": "browser",
    },
)  # fmt: skip
