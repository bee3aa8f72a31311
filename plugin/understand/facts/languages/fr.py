# ruff: noqa: E501
"""French, of France, Belgium, Switzerland and Quebec."""

from plugin.understand.facts.languages.words import Words

WORDS = Words(
    language="fr",
    months={
        "janvier": 1, "janv\\.?": 1, "fevrier": 2, "fevr\\.?": 2, "mars": 3, "avril": 4, "mai": 5, "juin": 6,
        "juillet": 7, "juil\\.?": 7, "aout": 8, "septembre": 9, "sept\\.?": 9, "octobre": 10, "novembre": 11,
        "decembre": 12,
    },
    weekdays={"lundi": 0, "mardi": 1, "mercredi": 2, "jeudi": 3, "vendredi": 4, "samedi": 5, "dimanche": 6},
    days={
        "aujourd'?hui": 0, "auj": 0, "hier": -1, "avant-? ?hier": -2, "ajd": 0,
    },
    moments=(
        "ce (?:matin|soir|midi|mois|jour|week-?end)", "cette (?:nuit|semaine|apres-?midi|annee)", "cet apres-?midi", "tout a l'heure",
        "tantot", "a l'instant", "(?:la |depuis la |de la )?(?:semaine|nuit|annee|saison) (?:derniere|passee|d'avant)",
        "(?:le |du )?(?:mois|week-?end|an) (?:dernier|passe)", "l'autre (?:jour|soir|semaine)",
        "la nuit derniere", "depuis (?:peu|quelque temps|longtemps|toujours|un moment|quelques (?:jours|heures|semaines))",
        "depuis (?:l'ete|l'hiver|le printemps|l'automne|noel|la mise a jour|la derniere mise a jour|le week-?end|la rentree)",
        "il y a (?:peu|longtemps|un moment|quelques (?:jours|heures|semaines|minutes))", "recemment", "ces (?:derniers jours|dernieres semaines|jours-ci)",
        "(?:debut|fin|mi-?|depuis la mi-) ?(?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre)",
        "en debut de semaine", "en fin de semaine", "le week-?end", "au reveil",
    ),
    ahead=(
        "demain", "apres-? ?demain", "(?:la semaine|le mois|l'annee|le \\w+) prochaine?", "{weekday} prochain",
        "d'ici (?:a )?(?:{weekday}|demain|la fin|{n})", "avant (?:le )?(?:{weekday}|\\d+)", "pour (?:{weekday}|le \\d+)",
    ),
    ago=(
        "il y a (?:environ |deja |bien |presque |a peine |plus de )?{n} {unit}", "depuis (?:environ |deja |bien |presque |au moins |plus de )?{n} {unit}",
        "(?:ca|cela) fait (?:environ |deja |bien |presque |plus de )?{n} {unit}", "voila {n} {unit}", "v'la {n} {unit}",
        "ces {n} derniers? {unit}", "ces {n} dernieres? {unit}",
    ),
    since="depuis|a partir de|a compter de|des",
    before_day="le|du|depuis le|des le|au",
    after_day="er",
    of="de|du",
    numbers={
        "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "neuf": 9, "dix": 10,
        "onze": 11, "douze": 12, "quinze": 15, "vingt": 20, "trente": 30,
    },
    vague="quelques|plusieurs|une dizaine de|une quinzaine de|une bonne dizaine de|une vingtaine de|une huitaine de|pas mal de",
    units={
        "minutes?": 0, "heures?": 0, "jours?": 1, "nuits?": 1, "matins?": 1, "soirs?": 1, "semaines?": 7, "mois": 30,
        "ans?": 365, "annees?": 365, "(?:huit|quinze) jours": 15,
    },
    clock=(
        "(?:a|vers|depuis|des|jusqu'a) {hour} ?(?:h|heures?)(?: ?\\d\\d| et demie| et quart| moins le quart)?", "\\d{1,2} ?h(?: ?\\d\\d)?",
        "(?:a|vers|ce|hier) midi", "a minuit", "(?:le|au) (?:matin|soir|petit matin)", "dans la (?:nuit|matinee|soiree|journee)",
        "en (?:soiree|matinee|pleine nuit|fin de journee|debut d'apres-?midi)", "l'apres-?midi",
    ),
    recurring=(
        "toujours (?:le|la|les|pareil|au|a)", "systematiquement", "systematique", "(?:a )?chaque (?:fois|essai|tentative|coup|jour|matin|soir|nuit|semaine|envoi|connexion|ouverture|clic|demarrage|enregistrement|synchro\\w*|export|import|nouvelle?|message|page|heure|tour|changement|modification|reservation|visite|ajout)", "(?:a|chez|dans|pour) chacun(?:e)?", "tou(?:te)?s les (?:\\w+|{n} \\w+)",
        "a tous? les coups?", "a tout coup", "a tout bout de champ", "parfois", "quelquefois", "de temps en temps", "de temps a autre",
        "des fois", "par moments?", "par intermittence", "intermitt?ente?", "de facon (?:aleatoire|intermittente|systematique)",
        "aleatoirement", "aleatoire", "en permanence", "constamment", "continuellement", "tout le temps", "sans (?:arret|cesse)",
        "jamais", "rarement", "souvent", "regulierement", "une (?:seule )?fois(?: sur {n})?", "un (?:\\w+ )?sur (?:deux|trois|quatre|cinq|dix)", "une \\w+ sur (?:deux|trois|quatre|cinq|dix)",
        "{n} fois", "plusieurs fois", "maintes fois", "a (?:plusieurs|maintes|{n}) reprises", "la (?:premiere|seule|deuxieme|troisieme|seconde|enieme|quatrieme) fois",
        "pour la (?:premiere|deuxieme|troisieme|seconde|enieme) fois", "(?:le|les) {weekday}s? seulement", "(?:uniquement|seulement|surtout) le[s]? (?:matins?|soirs?|{weekday}s?|week-?ends?)",
        "le (?:matin|soir) (?:seulement|uniquement)", "jour et nuit", "matin et soir", "d'affilee", "quotidiennement", "entre {hour} ?h?(?: ?\\d\\d)? et {hour} ?h",
        "surtout entre", "a repetition", "pareil a chaque", "chaque fois",
        "en continu", "en boucle", "frequemment", "dans tous les cas", "sans exception", "(?:deuxieme|troisieme|quatrieme|seconde|premiere|enieme|cinquieme|2e|3e|4e) fois", "(?:un|une|une seule) fois", "seul cas", "cas isole", "{n} (?:essais?|tentatives?|refus|echecs?)", "pareil (?:a|sur|pour|avec) (?:tous|toutes|chaque|les)", "meme (?:chose|resultat|topo|punition) (?:a|avec|pour|sur) (?:chaque|tous|toutes|chacune?)", "ts les \\w+", "tt le temps", "tjrs", "toujours pareil", "{n} sur {n}", "a peu pres une? \\w+ sur", "l'une? apres l'autre",
    ),
    holder="m|mr|mme|mmes|mlle|monsieur|madame|mademoiselle|me|maitre|dr|docteur",
    nouns={
        "reservations?|resa|resas|resrvation|sejour|booking|location": "reservation",
        "logements?|annonces?|bien|biens|proprietes?|appartements?|appart|apparts|appt|studio|chalet|gite|maison|villa|cabane|cottage|"
        "chambre|loft|duplex|t2|t3|condo|mas|domaine|residence|bastide|roulotte|manoir|ferme|bungalow|mobil-?home|fiche|maisonnette|pavillon|grange|suite": "property",
        "voyageurs?|voyageuses?|hotes?|clients?|clientes?|locataires?|au nom de|guest|invite|famille": "guest",
        "proprietaires?|proprio|proprios|bailleur|bailleresse|mandant|epoux": "owner",
        "utilisateur|utilisatrice|utilisateurs|compte|identifiant|login|profil|user|courriel": "user",
        "campagnes?|infolettre|newsletter|mailing|emailing": "campaign",
        "factures?|avoir|recu": "invoice",
        "commande|transaction|prelevement|debit|paiement|reference|ref|operation|echeance|virement": "charge",
        "site|site web|domaine": "site",
    },
    number_sign="numero|num|n|no|nr|id|code|reference|ref|sous le numero|portant le numero|nommee?s?|appelee?s?|de|du|la|le",
    ticket="tickets?|billet|dossier|demande|requete|incident|signalement|cas|fiche d'incident|suivi",
    ending="(?:qui )?(?:se )?termin(?:e|ee|ant) (?:par|en)|(?:qui )?(?:se )?fini(?:t|ssant|e)? (?:par|en)|finissant par|derniers chiffres(?: sont)?",
    key_words="mot de passe(?: actuel| temporaire)?|mdp|mots de passe|password|code d'acces|mon code|mot d'passe",
    is_="est|c'est|etait|:|=|qui est|reste",
    document={
        "passeports?": "passport", "carte (?:nationale )?d'identite": "id", "cni": "id", "numero de securite sociale": "social-security",
        "securite sociale": "social-security", "n\\.?i\\.?r\\.?": "social-security", "titre de sejour": "id", "registre national": "national-register", "niss": "national-register",
        "permis de conduire": "driving-licence", "nas": "social-security", "avs": "social-security", "piece d'identite": "id",
    },
    error="erreur|code|code d'erreur|code erreur|message|exception|err",
    devices={
        "portable": "phone", "telephones?(?: portable)?": "phone", "tel": "phone", "gsm": "phone", "natel": "phone", "cellulaires?": "phone", "cell": "phone",
        "mobile": "phone", "smartphone": "phone", "ordinateurs?(?: portable| fixe| de bureau)?": "computer", "ordi": "computer", "ordis": "computer", "pc": "computer",
        "poste": "computer", "tablettes?": "tablet", "navigateurs?": "browser", "bureau": "desk-word",
    },
)  # fmt: skip
