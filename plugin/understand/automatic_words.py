"""What automatic mails say about themselves, for those that have no header that says so.

One cue a line, in RE2 over folded text (lower case, no accents, plain quotes). A block counts once, with its points;
one block alone never suffices, because customers write about automatic mails too.
"""

from __future__ import annotations

#: Subjects of absence notes and confirmations, from their start.
REPLY_SUBJECTS = r"""
    automatic reply
    auto-?reply
    autoreply
    automated (?:reply|response)
    auto(?:matic)? response
    out of (?:the )?office
    respuesta automatica
    contestacion automatica
    fuera de la oficina
    ausente de la oficina
    ausencia temporal
    reponse automatique
    absence du bureau
    absent du bureau
    message d'absence
    absente? (?:jusqu|du)
    resposta automatica
    fora do escritorio
    ausencia temporaria
    automatische antwort
    abwesenheit
    abwesend
    risposta automatica
    fuori (?:sede|ufficio)
    assenza dall'ufficio
    automatisch antwoord
    afwezig
    automatiskt svar
    automaattinen vastaus
    odpowiedz automatyczna
"""

#: Subjects of delivery failures, from their start.
BOUNCE_SUBJECTS = r"""
    undelivered mail returned
    delivery status notification
    undeliverable:
    undeliverable mail
    failure notice
    returned mail:
    mail delivery (?:failed|failure|system)
    delivery (?:failure|has failed)
    delayed mail
    warning: could not send message
    message delivery failure
    mail could not be delivered
    no se (?:puede|ha podido|pudo) entregar
    error de entrega
    correo no entregado
    non remis
    echec de la remise
    message non distribue
    echec de livraison
    unzustellbar
    zustellung fehlgeschlagen
    nicht zugestellt
    nao e possivel entregar
    falha na entrega
    mensagem nao entregue
    non recapitabile
    mancato recapito
    recapito non riuscito
"""

#: What stands in the text of a delivery failure.
BOUNCE_TEXT = r"""
    \b[45]\.\d{1,3}\.\d{1,3}\b
    \b(?:550|551|552|553|554|450|451|452)[ -]
    could ?n[o']t be delivered
    delivery (?:to the following|has failed|failed)
    permanent (?:fatal )?error
    no se ha(?:n)? podido entregar
    no ha sido posible entregar
    n'a (?:pas )?pu etre (?:remis|distribue)
    konnte(?:n)? nicht zugestellt werden
    nao foi possivel entregar
    impossibile recapitare
"""

#: (points, cues) of absence notes and confirmations of receipt.
REPLY_TEXT: tuple[tuple[int, str], ...] = (
    # it is generated
    (
        2,
        r"""
        (?:this is an?|this) (?:automat(?:ed|ic)|auto-?generated) (?:message|reply|response|e-?mail|notification)
        this (?:message|e-?mail|reply) (?:was|is|has been) (?:automatically |auto-?)(?:generated|sent)
        this (?:message|e-?mail|reply) (?:was|is|has been) (?:generated|sent) automatically
        (?:mensaje|correo|respuesta|email)(?: se| se ha| ha sido| fue)? (?:genera|envia)(?:d[oa])? automatica
        (?:mensaje|correo|respuesta|email)(?: se| se ha| ha sido| fue)? (?:genera|envia)(?:d[oa])? de \w+ automatica
        se ha generado (?:de forma )?automatica
        est[ea] es una? (?:mensaje|respuesta|correo|email) (?:generad[oa] )?automatic
        (?:message|courriel|e-?mail|reponse) (?:a ete |est )?(?:genere|envoye)e? automatiquement
        (?:ceci est|il s'agit d')\s?une? (?:message|reponse|courriel|e-?mail) automatique
        (?:e-?mail|nachricht|antwort|benachrichtigung) (?:wurde|wird|ist) (?:automatisch|maschinell)
        dies ist eine (?:automatisch|maschinell)
        (?:esta e uma|mensagem|resposta|e-?mail) (?:mensagem |resposta )?(?:gerad[ao] )?automatic
        (?:messaggio|risposta|e-?mail) (?:e stat[oa] )?(?:generat[oa] )?automatic
    """,
    ),
    # do not reply
    (
        2,
        r"""
        (?:do not|don't|please don't) (?:reply|respond) to this
        (?:no|ni) (?:respond|contest)(?:as|a|an|er|ais) a est[ea]
        ne (?:pas )?repond(?:re|ez) (?:pas )?a ce(?:t)?
        (?:antworten sie|bitte) nicht (?:darauf|auf diese)
        nao respond(?:a|er) a est
        non rispond(?:ere|ete) a quest
    """,
    ),
    # nobody is there
    (
        2,
        r"""
        \bi(?:'m| am| will be) (?:currently |now )?(?:away|out of (?:the )?office)
        \bi(?:'m| am| will be) (?:currently |now )?on (?:(?:\w+ )?leave|holiday|vacation)
        our office is (?:closed|not staffed)
        \b(?:estoy|me encuentro|estare(?:mos)?|estamos) (?:actualmente )?de (?:vacaciones|baja|permiso)
        \b(?:estoy|me encuentro|estare(?:mos)?|estamos) (?:actualmente )?(?:fuera de la oficina|ausente)
        \b(?:suis|serai|sommes) (?:actuellement |en ce moment )?(?:en conge|absent|en vacances|en deplacement)
        \bbin (?:derzeit |momentan |zur zeit |bis [^.\n]* )?(?:nicht im buro|im urlaub|abwesend|nicht erreichbar)
        buro ist [^.\n]*(?:nicht besetzt|geschlossen)
        \b(?:estou|encontro-me|estarei) (?:atualmente )?(?:de ferias|ausente|fora do escritorio)
        \b(?:sono|saro) (?:attualmente )?(?:in ferie|fuori ufficio|assente|fuori sede)
    """,
    ),
    # nobody reads the mail
    (
        2,
        r"""
        (?:no|limited|without) access to (?:my )?e-?mails?
        (?:sin|no (?:tengo|tendre)|con) acceso (?:limitado )?(?:al correo|a mi correo|al email)
        n'ai pas acces a ma messagerie
        ne consulte pas (?:ma messagerie|mes (?:mails|courriels))
        kein(?:en)? zugriff auf meine e-?mails
        e-?mails? (?:werden|wird) nicht gelesen
        (?:acesso limitado|sem acesso) ao (?:correio|e-?mail)
        (?:senza|non ho) accesso alla posta
    """,
    ),
    # nobody else gets it
    (
        2,
        r"""
        (?:won't|will not|not be(?:ing)?) (?:be )?forwarded
        no sera reenviado
        ne ser(?:a|ont) pas (?:transfere|redirige|lu)
        (?:nicht|nicht automatisch) weitergeleitet
        nao sera (?:reencaminhad|encaminhad)
        non (?:verra|sara) inoltrat
    """,
    ),
    # thanks for writing
    (
        1,
        r"""
        (?:thank you|thanks) for (?:your (?:message|e-?mail|enquiry|inquiry)|contacting|writing|getting in touch)
        gracias por (?:su|tu|vuestro) (?:mensaje|correo|consulta)
        gracias por (?:escribir|contactar|ponerse|ponerte)
        merci (?:pour|de) (?:votre (?:message|courriel|mail|demande)|nous avoir)
        vielen dank fur (?:ihre|deine) (?:nachricht|anfrage|e-?mail|mail)
        obrigad[oa] pel[oa] (?:seu|sua) (?:contact|contat|mensagem|e-?mail)
        grazie per (?:averci|il (?:tuo|suo) messaggio)
    """,
    ),
    # your message is here
    (
        1,
        r"""
        \b(?:we|i) have received your
        (?:hemos|he) recibido (?:tu|su|vuestr[oa]) (?:mensaje|correo|solicitud|consulta|peticion)
        (?:avons|ai) bien recu votre
        haben ihre (?:nachricht|anfrage|e-?mail) erhalten
        recebemos (?:o seu|a sua)
        abbiamo ricevuto (?:il tuo|il suo|la tua|la sua|la vostra)
    """,
    ),
    # an answer will come
    (
        1,
        r"""
        (?:will|shall|'ll) (?:reply|respond|get back|answer)
        (?:te|le|os|les) (?:contestaremos|responderemos)
        \bresponder[ea] a mi (?:regreso|vuelta)
        vous repondrons
        (?:traiterai|repondrai a) votre
        a mon retour
        melden uns
        nach meiner ruckkehr
        \bresponderei\b
        entraremos em contato
        \brisponder(?:emo|o)\b
        al mio rientro
        a la vuelta
        on my return
    """,
    ),
    # where to turn meanwhile
    (
        1,
        r"""
        (?:in|for) (?:any(?:thing)? |all )?urgent
        for anything to do with
        en caso de urgencia
        (?:para|si tienes una?) (?:asuntos )?urgen
        (?:pour toute|en cas d')\s?urgence
        in dringenden (?:fallen|angelegenheiten)
        (?:para|em) (?:assuntos|casos?) urgentes?
        per (?:urgenze|questioni urgenti)
        merci de joindre
    """,
    ),
)

#: (points, cues) of newsletters and campaigns.
BULK_TEXT: tuple[tuple[int, str], ...] = (
    # see it elsewhere
    (
        2,
        r"""
        view (?:this|it|the) (?:e-?mail |message |newsletter )?(?:online|in (?:your|a|the) (?:web )?browser)
        ver (?:este )?(?:correo|email|mensaje) en (?:el|tu|su) navegador
        (?:voir|afficher|consulter) (?:cet? )?[^.\n]{0,20}dans (?:votre|le) navigateur
        im browser (?:ansehen|anzeigen|offnen)
        (?:ver|visualizar) no (?:seu )?navegador
        visualizza(?:la)? (?:nel|in) browser
        problemas para ver este
        probleme d'affichage
        problemi di visualizzazione
    """,
    ),
    # get rid of it
    (
        2,
        r"""
        unsubscribe (?:\||here|with one click|from this|at any time|instantly|now)
        [|\n] ?unsubscribe ?(?:[|\n]|$)
        to unsubscribe,? click
        update (?:your )?preferences
        (?:dat?te|darse|date) de baja (?:aca|aqui|en un clic|haciendo clic|en cualquier)
        no (?:quiere[sn]?|queres|desea[sn]?) (?:recibir|seguir recibiendo) mas
        se desabonner (?:en un clic|ici)
        (?:pour|vous) (?:vous )?desinscrire
        se desinscrire
        desabonnez-vous
        (?:newsletter|hier) (?:abbestellen|abmelden)
        vom newsletter abmelden
        cancelar (?:a )?(?:inscricao|subscricao)
        (?:annulla l'iscrizione|disiscriviti|cancellati)
    """,
    ),
    # why you get it
    (
        2,
        r"""
        (?:you(?:'re| are)? (?:are )?receiv(?:e|ing) this (?:e-?mail |message |newsletter )?because)
        recib(?:es|e|is|en) este (?:correo|email|mensaje|boletin) porque
        vous recevez (?:cet?t?e? )?[^.\n]{0,20}(?:parce que|car)
        sie erhalten diese[nrs]? [^.\n]{0,20}weil
        (?:voce|voces)? ?(?:recebe|recebeu) este [^.\n]{0,20}porque
        ricev(?:i|ete|e) questa [^.\n]{0,20}perche
    """,
    ),
    # what newsletters say
    (
        1,
        r"""
        this week (?:in|:)
        in this (?:week's|month's|issue)
        welcome to issue
        esta semana en
        este mes en
        au sommaire
        cette semaine
        diese woche
        questa settimana
        nesta (?:semana|edicao)
        \bissue (?:no\.? ?)?#?\d+
        \bwebinar\b
        all rights reserved
        todos los derechos reservados
        tous droits reserves
    """,
    ),
)
