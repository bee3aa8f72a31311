# ruff: noqa: E501, SIM905 - tables of words read better as text
"""Words that are written with a capital without naming anything of the customer's."""

from __future__ import annotations

#: Folded. Services and products, things of the software, days and months, greetings, words of e-mail and of states.
NOT_NAMES = frozenset(
    """
    airbnb vrbo booking booking.com bookingcom expedia homeaway abritel tripadvisor agoda google gmail outlook hotmail yahoo icloud microsoft
    stripe paypal redsys visa mastercard amex american express whatsapp facebook instagram meta telegram slack zapier quickbooks xero holvoet
    nuki yale tedee igloohome august schlage tuya netatmo pricelabs beyond wheelhouse hostaway guesty lodgify smoobu mailchimp mailgun sendgrid
    twilio bizum sepa iban bic excel word pdf csv xml json ical ics api url html http https webhook sms smtp imap wifi wi-fi id ids ok faq crm
    ota pms vat iva tva gdpr rgpd lopd qr pin usd eur chf gbp utc gmt cet est pst ist am pm
    iphone ipad android chrome firefox safari edge windows mac macos macbook linux ubuntu samsung galaxy xiaomi huawei lenovo imac pixel motorola moto
    brave opera ios ipados oneplus dell thinkpad surface laptop pc tablet

    lunes martes miercoles jueves viernes sabado domingo lundi mardi mercredi jeudi vendredi samedi dimanche monday tuesday wednesday thursday
    friday saturday sunday mondays tuesdays wednesdays thursdays fridays saturdays sundays montag dienstag mittwoch donnerstag freitag samstag sonntag
    lunedi martedi mercoledi giovedi venerdi sabato domenica segunda terca quarta quinta-feira sexta
    enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre janvier fevrier mars avril mai juin juillet aout septembre
    octobre novembre decembre january february march april may june july august september october november december jan feb mar apr jun jul aug sep
    sept oct nov dec januar februar marz juni juli oktober dezember gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre
    janeiro fevereiro marco maio junho julho setembro outubro novembro dezembro christmas easter noel paques navidad reyes xmas weihnachten ostern
    natale pasqua natal pascoa nochevieja nochebuena silvester reveillon

    i i'm i've i'd i'll im ive hi hello hey dear hola buenas buenos bonjour salut coucou bonsoir cordialement salutations gracias merci thanks thank
    regards saludos saludo atentamente atte best cheers kind obrigado obrigada ola boa bom dia tarde noite grazie salve buongiorno buonasera ciao
    guten tag hallo gruse grus liebe mit freundlichen freundliche sehr geehrte damen herren servus moin gruezi madame monsieur mesdames messieurs
    senores senor senora sr sra srta mr mrs ms mme mlle m dr ing lic sir madam team equipo equipe support soporte servicio service team re rv tr fwd fw
    asunto urgent urgente urgence help ayuda aide ps p.s pd p.d nb usted ustedes ud uds vds sie ihnen ihre ihr ihrem ihren ihrer exmos estimados estimado
    estimada cher chers chere prezados prezado gentile gentili egregi spett vous votre

    calendario calendar calendrier calendriers kalender tarifas tarifs tarifes rates pricing precios reservas reservations reservation reservaciones huespedes guests owners
    propietarios proprietaires portal portail owner payments pagos paiements reports informes rapports inbox bandeja messages mensajes mensagens settings
    ajustes configuracion reglages parametres einstellungen impostazioni configuracoes usuarios users utilisateurs benutzer guardar enregistrer save
    speichern salva salvar publicar publier publish enviar envoyer send aceptar cancelar annuler cancel delete eliminar supprimer borrar exportar exporter
    export importar importer import facturas factures invoices statements liquidaciones releves dashboard panel tareas tasks taches aufgaben attivita tarefas channel manager multicalendar multicalendario
    connect disconnect login log sign password contrasena captcha error erreur fehler errore erro warning validation failed invalid timeout gateway
    available pending confirmed cancelled bad too many requests not found internal server unauthorized forbidden

    espana france paris madrid barcelona london londres germany deutschland italia portugal brasil mexico argentina chile colombia peru uruguay ecuador
    usa uk us eu ue india canada quebec belgique belgium suisse switzerland europe europa america american spanish english french german italian
    portuguese espanol ingles frances aleman italiano portugues deutsch englisch
    ley reglamento reglement regulation article articulo art loi law gmbh sarl sas sl s.l sa s.a ltd llc inc bv srl sprl ag kg ug cia co
    no not nothing nada rien never nunca nope yes si oui ja
    """.split()
)

#: Folded words that follow "villa" or "house" without naming it.
NOT_HOUSES = frozenset(
    """
    rural completa entera para con del que sin por una uno las los the and for with from not was has are our
    which that dans pour avec sur est qui des les esta este sigue aparece sale tiene principal vacacional
    turistica turistico grande pequena nueva nuevo mia mio tras desde hasta como cuando donde pero its only
    there here when where but porque siempre ayer hoy entre cada todo toda type types number numbers available
    booked rate rates price prices manager management service services status page view list they she this these
    those you your keeper hold ai did does had will can could should would been were isn doesn won queda tienen
    estan son fue era solo tambien ya no si muy mas menos igual pasa dice
    """.split()
)

#: Folded words that may open a sentence before a name.
ARTICLES = frozenset(
    """
    el la los las le les un una une des the a an my our il lo i gli der die das o os as mi mis nuestro nuestra
    mon ma mes notre
    """.split()
)
