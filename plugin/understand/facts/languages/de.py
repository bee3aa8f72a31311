# ruff: noqa: E501
"""German, of Germany, Austria and Switzerland."""

from plugin.understand.facts.languages.words import Words

WORDS = Words(
    language="de",
    months={
        "januar": 1, "janner": 1, "februar": 2, "feber": 2, "marz": 3, "maerz": 3, "april": 4, "mai": 5, "juni": 6, "juli": 7,
        "august": 8, "september": 9, "oktober": 10, "november": 11, "dezember": 12,
    },
    weekdays={
        "montag(?:morgen|mittag|abend|nachmittag|vormittag|nacht|fruh)?": 0, "dienstag(?:morgen|mittag|abend|nachmittag|vormittag|nacht|fruh)?": 1, "mittwoch(?:morgen|mittag|abend|nachmittag|vormittag|nacht|fruh)?": 2,
        "donnerstag(?:morgen|mittag|abend|nachmittag|vormittag|nacht|fruh)?": 3, "freitag(?:morgen|mittag|abend|nachmittag|vormittag|nacht|fruh)?": 4, "samstag(?:morgen|mittag|abend|nachmittag|vormittag|nacht|fruh)?": 5,
        "sonnabend": 5, "sonntag(?:morgen|mittag|abend|nachmittag|vormittag|nacht|fruh)?": 6,
    },
    days={"heute": 0, "gestern": -1, "vorgestern": -2, "heut": 0, "gestern abend": -1, "heute fruh": 0, "heute morgen": 0, "heute nacht": 0},
    moments=(
        "(?:letzte|letzter|letzten|letztes|vorige|vorigen|vergangene|vergangenen|diese|dieser|diesen|dieses) (?:woche|nacht|monat|jahr|wochenende|tage|tagen|wochen|sommer|winter)", "neulich", "kurzlich", "vor kurzem", "seit kurzem", "seit langerem", "gerade eben", "vorhin",
        "am wochenende", "seit (?:dem )?(?:update|wochenende|fruhling|sommer|winter|herbst)", "seither", "seitdem", "anfang \\w+", "ende der woche", "(?:anfang|mitte|ende) (?:januar|februar|marz|april|mai|juni|juli|august|september|oktober|november|dezember)",
        "heuer", "seit der (?:umstellung|letzten woche)",
    ),
    ahead=("morgen (?:kommt|kommen|reist|reisen|mittag|abend|nachmittag)", "ubermorgen", "(?:nachste|nachsten|nachster|kommende|kommenden) \\w+", "bis (?:zum )?(?:{weekday}|morgen|\\d+)"),
    ago=("vor (?:etwa |rund |gut |ca\\.? )?{n} {unit}", "seit (?:etwa |rund |gut |ca\\.? |mehr als )?{n} {unit}", "schon {n} {unit}", "(?:die|den) letzten {n} {unit}"),
    since="seit|ab|seit dem",
    before_day="am|seit dem|vom|ab dem",
    after_day="\\.",
    of="",
    numbers={
        "ein": 1, "eine": 1, "einer": 1, "einem": 1, "einen": 1, "zwei": 2, "drei": 3, "vier": 4, "funf": 5, "sechs": 6, "sieben": 7, "acht": 8,
        "neun": 9, "zehn": 10, "elf": 11, "zwolf": 12, "zwanzig": 20, "dreisig": 30,
    },
    vague="ein paar|einige|einigen|mehrere|mehreren|paar",
    units={"minuten?": 0, "stunden?": 0, "tage?n?": 1, "nachten?": 1, "nachte": 1, "wochen?": 7, "monate?n?": 30, "jahre?n?": 365},
    clock=("(?:um|gegen|ab|seit)? ?\\d{1,2}(?:[:.]\\d\\d)? uhr(?: \\d\\d)?", "um {hour}", "(?:am|zu) (?:mittag|morgen|abend|vormittag|nachmittag)", "mitternacht", "in der (?:nacht|fruh)"),
    recurring=(
        "immer", "jedes ?mal", "jede[nrsm]? \\w+", "standig", "dauernd", "manchmal", "ab und zu", "gelegentlich", "hin und wieder", "von zeit zu zeit", "mitunter", "zeitweise", "sporadisch", "unregelmasig", "zufallig",
        "nie", "niemals", "selten", "oft", "ofters", "haufig", "meistens", "regelmasig", "taglich", "stundlich", "wochentlich", "wiederholt", "mehrmals", "mehrfach", "einmal", "zweimal", "dreimal", "viermal", "funfmal", "{n} ?mal", "{n} mal", "{n}x",
        "(?:zum|das) (?:ersten|zweiten|dritten|erste|zweite|dritte|x-ten) ?mal", "alle {n} \\w+", "bei jede[mr] \\w+", "nur (?:morgens|abends|nachts|mittags)", "morgens", "abends", "nachts", "vormittags", "montags", "dienstags", "mittwochs", "donnerstags", "freitags", "samstags", "sonntags",
        "rund um die uhr", "tag und nacht", "immer wieder", "in (?:jedem|allen) (?:fall|fallen)", "durchgehend", "andauernd", "x-mal", "{n} versuche", "ausnahmslos", "ohne ausnahme", "jede[rs]? (?:zweite|dritte|vierte)", "nochmal", "von {n} \\w+",
    ),
    holder="hr|herr|herrn|frau|fr|dr|familie",
    nouns={
        "buchungen?|buchung|reservierung|reservation|aufenthalt|buchungsnummer|reservierungsnummer": "reservation",
        "unterkunft|objekt|inserat|anzeige|ferienwohnung|fewo|wohnung|haus|ferienhaus|hutte|almhutte|apartment|appartement|chalet|zimmer|villa|studio|pension|suite|hof": "property",
        "gast|gastes|gaste|kunde|kundin|mieter|mieterin|auf den namen": "guest",
        "eigentumer|eigentumerin|eigentumers|vermieter|besitzer": "owner",
        "benutzer|benutzerin|nutzer|nutzerin|konto|account|benutzername|login|profil": "user",
        "kampagne|newsletter|rundmail|mailing": "campaign",
        "rechnung|rechnungen|gutschrift|beleg|rechnungsnummer": "invoice",
        "bestellung|transaktion|abbuchung|zahlung|referenz|auftrag|buchungsbeleg": "charge",
        "website|webseite|seite|domain": "site",
    },
    number_sign="nummer|nr|no|id|code|kennung|referenz|namens|mit der nummer|der|die|das",
    ticket="tickets?|ticketnummer|fall|anfrage|vorgang|fallnummer|vorgangsnummer|meldung",
    ending="(?:mit )?(?:der )?endziffern?|endet auf|endend auf|(?:die )?letzten (?:{n} )?(?:ziffern|stellen)(?: sind| lauten)?|mit endung|die auf",
    key_words="passwort|kennwort|password|pw|passwort lautet|zugangscode",
    is_="ist|lautet|war|:|=|heist",
    document={
        "(?:reise)?pass": "passport", "reisepass(?:nummer)?": "passport", "passnummer": "passport", "(?:personal)?ausweis(?:nummer|nr)?": "id", "personalausweis(?:nummer|nr)?": "id", "sozialversicherungsnummer": "social-security", "fuhrerschein": "driving-licence", "identitatskarte": "id", "ahv(?:-nummer)?": "social-security",
    },
    error="fehler|fehlercode|code|fehlermeldung|meldung",
    devices={
        "handys?": "phone", "smartphone": "phone", "telefon": "phone", "mobiltelefon": "phone", "natel": "phone", "rechner": "computer", "computer": "computer", "laptop": "computer", "pc": "computer", "notebook": "computer", "tablet": "tablet", "browsern?": "browser",
    },
)  # fmt: skip
