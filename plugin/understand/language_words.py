"""Words that tell the recognised languages apart in texts too short for statistics.

Written as customers type them, lower case; accents are folded on both sides, so that "facturacion" counts as well. A
word may stand under several languages; it then counts less for each.
"""

from __future__ import annotations

# Names and abbreviations that are the same in every language.
_SAME = """
    airbnb vrbo booking bookingcom expedia homeaway tripadvisor agoda google gmail outlook hotmail yahoo icloud
    microsoft stripe paypal visa mastercard amex iphone ipad android chrome firefox safari edge windows mac
    macos linux whatsapp facebook instagram api ical ics csv pdf xlsx excel zip jpg png url http https www html
    json xml sms pms wifi wi fi id ids ok usd eur gbp com email mail app web ticket test asap faq crm ota smtp
    imap sepa iban n° nº nr ref"""

_TEXT: dict[str, str] = {
    "es": """
        el la los las un una unos unas de del al que y o en por para con sin sobre desde hasta entre pero si no
        ya se me te le les nos lo mi mis tu tus su sus yo usted ustedes ellos nosotros este esta estos estas ese
        esa eso esto aquel es son era fue ser estar estoy está están estaba he ha hay han hemos tengo tiene
        tienen tenemos puedo puede pueden podemos quiero quiere queremos necesito necesita necesitamos hacer
        hace hago hecho como cómo cuando cuándo donde dónde cuanto cuánto cual cuál quien qué porque también muy
        más menos todo toda todos todas nada algo nunca siempre hoy ayer mañana ahora antes después aquí allí
        hola buenos buenas días tardes noches gracias saludos cordial atentamente favor ayuda ayudar ayúdenme
        ayudarme urgente problema problemas error fallo funciona funcionan carga sale aparece aparecen veo deja
        entrar acceso acceder contraseña clave usuario usuarios cuenta cuentas factura facturas facturación pago
        pagos cobro cobros cobrado cobraron cargo cargos reembolso devolución devolver dinero tarjeta tarjetas
        borrar eliminar cambiar cambio añadir agregar reserva reservas reservación huésped huéspedes calendario
        calendarios bloqueado bloqueada bloqueo bloquear sincroniza sincronizan sincronizando sincronización
        precio precios tarifa tarifas propiedad propiedades propietario propietarios piso casa alojamiento
        anuncio anuncios limpieza mensajes mensaje correo correos informe informes liquidación dueño dueños
        duplicada duplicadas llega llegan llegó pregunta duda dudas consulta solicitud baja alta plan
        suscripción cancelar pantalla captura adjunto adjunta envío envíen enviar manden reenviais reenviáis
        podéis podrían podría vuestra vuestro permisos hackeada hackeado pirateada página blanco doble olvidada
        perdida mal""",
    "fr": """
        le la les un une des du de au aux que qui et ou en pour par avec sans sur dans depuis chez entre mais si
        ne pas plus je tu il elle on nous vous ils elles me te se mon ma mes ton votre vos notre nos leur leurs
        ce cet cette ces ça cela c'est est sont était être suis avons avez ont ai as a été fait faire fais peux
        peut pouvez pouvons veux veut voulez voudrais souhaite souhaitons besoin comment quand où combien quel
        quelle pourquoi parce aussi très tout toute tous toutes rien jamais toujours aujourd'hui hier demain
        maintenant avant après ici bonjour bonsoir salut merci cordialement svp plaît aide aider urgent problème
        problèmes erreur panne marche fonctionne fonctionnent affiche apparaît connexion connecter mot passe
        identifiant utilisateur utilisateurs compte comptes facture factures facturation paiement paiements
        prélèvement prélevé débité remboursement rembourser argent carte cartes supprimer effacer changer
        modifier ajouter réservation réservations voyageur voyageurs calendrier calendriers bloqué bloquée
        bloquer synchronise synchronisent synchronisation prix tarif tarifs logement logements propriétaire
        propriétaires maison appartement annonce annonces ménage messages courriel courriels rapport rapports
        relevé relevés double doublon arrive reçu reçois question demande abonnement résilier annuler écran
        capture pièce jointe envoyer envoyez piraté piratée droits impossible nouveau nouvelle page blanche vide
        faux perdu manque""",
    "en": """
        the a an of to in on at for by with without from since until between but if not no yes it its is are was
        were be been being am i you he she we they me my your our their his her this that these those and or who
        what when where why how which because also very more less all nothing something never always today
        yesterday tomorrow now before after here there hello hi hey dear thanks thank regards please help urgent
        problem problems issue issues error work works working doesn't don't can't won't isn't didn't cannot can
        could would should do does did have has had need want get got see show shows login log access password
        user users account accounts invoice invoices billing payment payments charge charges charged refund
        money back card cards remove delete change add booking bookings reservation reservations guest guests
        calendar calendars blocked block sync syncing synced price prices rate rates property properties owner
        owners house apartment listing listings cleaning message messages report reports statement statements
        duplicate twice missing question request subscription plan cancel screen screenshot attached send resend
        hacked down broken wrong still just new page blank empty bounce double""",
    "pt": """
        o a os as um uma uns umas de do da dos das no na nos nas ao aos à às que e ou em por pelo pela para pra
        com sem sobre desde até entre mas se não já me te lhe eu você vocês ele ela eles elas nós meu minha meus
        minhas seu sua seus suas nosso nossa este esta esse essa isso isto é são era foi ser estar estou está
        estão tem têm tenho temos posso pode podem podemos podia poderia quero queremos queria preciso
        precisamos fazer faz faço feito como quando onde quanto qual quem porque também muito mais menos tudo
        todo todos todas nada algo nunca sempre hoje ontem amanhã agora antes depois aqui olá oi bom boa dia
        tarde noite obrigado obrigada cumprimentos atenciosamente favor ajuda ajudar urgente problema problemas
        erro falha funciona funcionam aparece vejo consigo conseguimos entrar acesso acessar aceder senha
        palavra-passe utilizador usuário conta contas fatura faturas factura cobrança cobrado cobrada cobrou
        reembolso devolução devolver dinheiro cartão cartões pagamento pagamentos apagar eliminar excluir
        remover mudar alterar adicionar reserva reservas hóspede hóspedes calendário calendários bloqueado
        bloqueada bloquear sincroniza sincronizam sincronização preço preços tarifa tarifas propriedade
        propriedades proprietário proprietários casa alojamento anúncio anúncios limpeza mensagem mensagens
        relatório relatórios duplicada duplicadas chega chegou pergunta dúvida dúvidas pedido plano assinatura
        cancelar ecrã tela captura anexo enviar envio enviem reenviar página branca branco esquecida perdida
        errado""",
    "de": """
        der die das den dem des ein eine einen einem einer eines und oder in im an am auf aus bei mit nach von
        vom vor zu zum zur für über seit bis ohne zwischen aber wenn nicht kein keine keinen ich du er sie es
        wir ihr mich mir uns euch mein meine meinen unser unsere ihre ihren sein seine dieser diese dieses ist
        sind war waren wird werden wurde wurden habe haben hat hatte kann können könnten könnte möchte möchten
        will wollen muss müssen brauche brauchen bitte machen macht gemacht wie wann wo wohin wieviel welche
        welcher wer warum weil auch sehr mehr alles alle nichts etwas nie immer heute gestern morgen jetzt schon
        noch hier hallo guten tag danke grüße gruß freundlichen hilfe helfen dringend problem probleme fehler
        funktioniert funktionieren geht zeigt anzeigen anmelden anmeldung einloggen zugang zugriff passwort
        kennwort benutzer nutzer konto rechnung rechnungen abrechnung zahlung zahlungen abbuchung abgebucht
        belastet rückerstattung erstattung geld zurück karte karten löschen entfernen ändern hinzufügen buchung
        buchungen reservierung reservierungen gast gäste kalender gesperrt blockiert sperren synchronisiert
        synchronisierung synchronisation preis preise eigentümer haus wohnung ferienwohnung unterkunft inserat
        reinigung nachricht nachrichten bericht berichte doppelt kommt angekommen frage anfrage abo kündigen
        stornieren bildschirm anhang senden schicken gehackt falsch falsche seite leere fehlt fehlen vergessen""",
    "it": """
        il lo la i gli le un uno una di del dello della dei degli delle al allo alla ai agli alle da dal dalla
        in nel nella nei con su sul sulla per tra fra senza ma se non già mi ti si ci vi ne io lei noi voi loro
        mio mia miei mie tuo vostro vostra nostro nostra suo sua questo questa questi queste quello è sono era
        stato stata essere sto sta stanno ho ha hanno abbiamo avete posso può possono possiamo potete potreste
        vorrei voglio vogliamo bisogno devo fare fa faccio fatto come quando dove quanto quale chi che cosa
        perché anche molto più meno tutto tutti tutte niente qualcosa mai sempre oggi ieri domani adesso ora
        prima dopo qui ciao salve buongiorno buonasera grazie saluti cordiali favore aiuto aiutare aiutarmi
        urgente problema problemi errore guasto funziona funzionano appare vedo riesco entrare accesso accedere
        password utente utenti account conto fattura fatture fatturazione pagamento pagamenti addebito
        addebitato rimborso rimborsare soldi carta carte cancellare eliminare rimuovere cambiare modificare
        aggiungere prenotazione prenotazioni ospite ospiti calendario calendari bloccato bloccata bloccare
        sincronizza sincronizzano sincronizzazione prezzo prezzi tariffa tariffe proprietà proprietario
        proprietari casa alloggio annuncio annunci pulizia pulizie messaggio messaggi rapporto doppia arriva
        arrivano arrivata domanda richiesta abbonamento disdire annullare schermo schermata allegato inviare
        mandare trovo ricevuto pagina bianca violato dimenticata sbagliato sbagliati sparite""",
}

#: Names and abbreviations that are taken out before anything is told.
NAMELESS = frozenset(_SAME.split())

#: Words by language.
TELLING: dict[str, frozenset[str]] = {code: frozenset(text.split()) for code, text in _TEXT.items()}

#: Languages that are near enough to answer in another: what speakers of the first read without effort. Used only where
#: the first is not recognised itself.
NEAR: dict[str, str] = {
    **dict.fromkeys(("ca", "gl", "ast", "an", "eu"), "es"),
    **dict.fromkeys(("oc", "br", "wa"), "fr"),
    **dict.fromkeys(("co", "sc", "scn", "vec"), "it"),
    **dict.fromkeys(("lb", "als", "gsw", "nds"), "de"),
}
