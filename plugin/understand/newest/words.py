# ruff: noqa: E501 - data, one language a line
"""What mail programs and people write around a reply, by language. Data only; a language is a line in each table.

Expressions are RE2 and compared without regard to case, on lines with single blanks and plain apostrophes.
"""

from __future__ import annotations

#: The verb that ends a line like "On 13 Oct 2026 at 9:12, Support wrote:".
WROTE_AT_END = {
    "en": r"wrote|writes|said|has written",
    "es": r"escribi[oó]|ha escrito|escribe",
    "ca": r"va escriure|ha escrit|escrigu[eé]",
    "gl": r"escribiu",
    "eu": r"idatzi du",
    "fr": r"a [eé]crit|[eé]crivait|[eé]crit|écrivit",
    "pt": r"escreveu|escreve",
    "de": r"schrieb|hat geschrieben|schreibt|geschrieben",
    "it": r"ha scritto|scrive|scrisse",
    "nl": r"schreef|geschreven|schrijft",
    "pl": r"napisa[lł](?:\(a\)|a|/a)?|pisze",
    "cs": r"napsal(?:\(a\)|a)?|napísal(?:\(a\)|a)?",
    "sv": r"skrev|skriver",
    "fi": r"kirjoitti",
    "hu": r"írta",
    "ro": r"a scris",
    "tr": r"yazdı",
    "el": r"έγραψε",
    "ru": r"написала?(?:\(а\))?|пишет|писала?",
    "uk": r"написав(?:ла)?|пише",
    "zh": r"写道|寫道|写到|写",
    "ja": r"さんは書きました|が書きました|のメール",
    "ko": r"작성|씀|님이 작성",
}

#: The same verb before the name: "Am 13.10.2026 um 09:12 schrieb Support:".
WROTE_INSIDE = r"schrieb|schreef|skrev|napisa[lł]|написала?|пишет|napsal|yazdı|írta|wrote|[eé]crit|kirjoitti|hat geschrieben|het volgende geschreven"

#: First words of such lines.
INTRO_STARTS = {
    "en": r"on",
    "es": r"el|en",
    "ca": r"el|missatge de",
    "gl": r"o",
    "fr": r"le",
    "pt": r"em|a|no dia",
    "de": r"am|von",
    "it": r"il|in data|il giorno",
    "nl": r"op",
    "pl": r"w dniu|dnia",
    "sv": r"den|på|fre|tors|tis|ons|mån|lör|sön",
    "da": r"den",
    "fi": r"ma|ti|ke|to|pe|la|su",
    "cs": r"dne|po|út|st|čt|pá|so|ne",
    "ro": r"în|pe",
    "el": r"στις",
    "ru": r"в|от",
}

#: Labels of the header block above an earlier mail, by what they hold.
HEADER_LABELS = {
    "from": "from de von da van från fra od от remitente expéditeur expediteur absender mittente afzender avsändare отправитель "
    "发件人 寄件者 寄件人 差出人 送信者 보낸사람 kimden lähettäjä feladó de_la από",
    "date": "date dato odesláno trimis gönderildi päivämäärä küldve enviado_a_las skickat_den sent fecha enviado enviado_el enviada enviada_em enviado_em enviat envoyé envoye envoyé_le gesendet gesendet_am "
    "datum inviato inviato_il data verzonden skickat sendt wysłano дата отправлено 发送时间 日期 寄件日期 送信日時 日時 보낸날짜 gönderme "
    "tarih lähetetty dátum ημερομηνία data_e_hora sent_on date_et_heure",
    "to": "to komu către per_a a à an aan till til do кому destinatario destinatário destinataire empfänger 收件人 收件者 宛先 받는사람 kime pour "
    "vastaanottaja címzett către προς",
    "cc": "cc cci copie kopie kopia copia copie_à копия 抄送 副本 bcc cco kopi udw dw",
    "subject": "subject předmět predmet ogg asunto objet sujet assunto betreff oggetto onderwerp ämne emne temat тема 主题 主旨 件名 제목 konu aihe tárgy "
    "subiect θέμα assumpte",
    "reply-to": "reply-to responder_a répondre_à antworten_an rispondi_a",
}

#: Words between dashes above an earlier mail.
ORIGINAL = {
    "en": r"original (?:message|email|mail|e-mail|appointment)|reply message|message",
    "es": r"mensaje original|correo original|mensaje",
    "ca": r"missatge original",
    "fr": r"message d'origine|message original|courriel d'origine|mail original|message initial|mail d'origine",
    "pt": r"mensagem original|e-mail original",
    "de": r"urspr(?:ü|ue)ngliche (?:nachricht|mail|e-mail)|original(?:nachricht|-nachricht)|original-?mail",
    "it": r"messaggio originale|messaggio originario",
    "nl": r"oorspronkelijk(?:e)? bericht|origineel bericht|original bericht",
    "pl": r"wiadomość oryginalna|oryginalna wiadomość|wiadomość oryginal\S*",
    "sv": r"originalmeddelande|ursprungligt meddelande",
    "da": r"oprindelig (?:meddelelse|besked)|original meddelelse",
    "ru": r"исходное сообщение|исходное письмо|пересылаемое сообщение",
    "zh": r"原始邮件|原邮件|原始郵件|original",
    "ja": r"元のメッセージ|original",
}

#: The same for mails passed on.
FORWARDED = {
    "en": r"forwarded (?:message|by .{1,60}|mail|email)|begin forwarded message|original forwarded message",
    "es": r"mensaje reenviado|forwarded message|inicio del mensaje reenviado|comienzo del mensaje reenviado|correo reenviado",
    "ca": r"missatge reenviat",
    "fr": r"message transféré|message transmis|début du message (?:réexpédié|transféré|transmis)|mail transféré|courriel transféré",
    "pt": r"mensagem (?:encaminhada|reencaminhada)|início da mensagem (?:encaminhada|reencaminhada)",
    "de": r"weitergeleitete (?:nachricht|mail|e-mail)|anfang der weitergeleiteten (?:nachricht|e-mail)|weitergeleitet von .{1,60}",
    "it": r"messaggio inoltrato|inizio messaggio inoltrato|forwarded message",
    "nl": r"doorgestuurd bericht|begin doorgestuurd bericht",
    "pl": r"wiadomość przekazana|przekazana wiadomość|treść przekazanej wiadomości",
    "sv": r"vidarebefordrat (?:meddelande|brev)|vidarebefordrat meddelande",
    "da": r"videresendt (?:meddelelse|besked)|start på videresendt besked",
    "ru": r"пересланное сообщение|пересылаемое сообщение|пересланное письмо|начало переадресованного сообщения",
    "zh": r"转发(?:的)?(?:邮件|邮件信息)|轉寄郵件|forwarded message",
    "ja": r"転送メッセージ|転送されたメッセージ",
}

#: "Sent from" in a line that a telephone adds; the line must also name a device or program.
SENT_FROM = {
    "en": r"sent (?:from|via|with|by|using)|get|composed (?:on|with)|posted from",
    "es": r"enviado (?:desde|con|por|mediante|a trav[eé]s)|obtener|obtenga|descarga(?:r)?|escrito desde|mandado desde",
    "ca": r"enviat (?:des de|amb)|obteniu",
    "fr": r"envoy[eé](?:e)? (?:[aà] partir|de|depuis|avec|via)|obtenez|t[eé]l[eé]charge[zr]?|obtenir|provenance",
    "pt": r"enviad[oa] (?:de|do|da|a partir|com|pelo|via|através)|obter|obtenha|baixar",
    "de": r"gesendet (?:mit|von|über)|von mein|diese nachricht wurde von|holen sie sich|von unterwegs|mit der|versendet mit|verschickt mit|outlook f[uü]r|laden sie",
    "it": r"inviato (?:da|dal|con|tramite|dalla)|ottieni|scarica|messaggio inviato",
    "nl": r"verzonden (?:vanaf|met|via|vanuit)|verstuurd (?:vanaf|met|via)|download|outlook voor",
    "pl": r"wysłane z|wysłano z|pobierz",
    "sv": r"skickat (?:från|med)|skickades från|hämta",
    "da": r"sendt (?:fra|med|via)|hent",
    "ru": r"отправлено (?:с|из)|скачать",
    "zh": r"发自|發自|从我的",
    "ja": r"(?:.{1,20})から送信",
    "other": r"outlook (?:for|para|pour|per|für)",
}
#: Lines of advertisement that are complete in themselves.
SLOGANS = r"yahoo mail\s*:.{0,60}|sent (?:with|from) (?:my )?mobile(?: device)?\.?"
#: Lines that telephones of any name add; taken for that only at the very end.
SENT_BY_ANY = (
    r"(?:sent )?from (?:my|a) .{1,60}|sent (?:via|by|with|using) .{1,40}|sent from .{1,30}|"
    r"(?:enviado|escrito|mandado) desde (?:mi|un) .{1,50}|envoy[eé] (?:de|depuis|avec) (?:mon|ma|un) .{1,50}|"
    r"von mein(?:em|er) .{1,40} gesendet|(?:gesendet|verschickt) von (?:meinem|unterwegs).{0,40}|inviato d(?:al mio|alla mia|a) .{1,50}|"
    r"enviado (?:do meu|de meu|pelo meu|da minha) .{1,50}|verzonden vanaf mijn .{1,40}|從我的 .{1,30} 傳送|someone from mobile"
)
DEVICES = (
    r"iphone|ipad|ipod|ios\b|android|samsung|galaxy|huawei|xiaomi|redmi|mi phone|oneplus|oppo|realme|honor|pixel|motorola|moto g|"
    r"blackberry|nokia|sony|xperia|htc|lg\b|windows (?:phone|mail|10|11)|outlook|gmail|yahoo|proton|hotmail|libero|orange|la ?poste|"
    r"\bsfr\b|free mail|gmx|web\.de|t-online|freenet|mail\.ru|mail app|e-?mail-?app|mobile mail app|smartphone|tel[eé]fono|t[eé]l[eé]phone|telefon|handy|"
    r"m[oó]vil|mobile|mobil|celular|cellulare|portable|telem[oó]vel|tablet|tablette|mailspring|bluemail|spark|airmail|k-9|aquamail|canary|"
    r"thunderbird|mailbird|superhuman|fairemail|tutanota|tuta\b|zoho|correo para windows|courrier pour windows|mail for windows|posta per windows|apple watch|айфон|телефон"
)

#: First words of a paragraph that lawyers or virus scanners add.
DISCLAIMERS = {
    "en": (
        r"(?:confidentiality|legal|privacy|disclaimer|privileged|important) (?:notice|note|disclaimer|statement)|disclaimer\b|confidentiality\s*[:.-]|"
        r"(?:this|the) (?:e-?mail|electronic|message|communication|transmission)\b.{0,160}"
        r"(?:confidential|privileged|intended (?:only|solely|exclusively|for the))|"
        r"(?:the |any )?(?:information|contents?) (?:contained )?(?:in|of) this (?:e-?mail|message|communication|transmission)|"
        r"if you (?:are not the intended|have received this (?:e-?mail|message|communication))|"
        r"(?:please )?(?:consider|think of|think about) the environment|before printing|save (?:a tree|paper)|virus-free|scanned by|"
        r"this (?:e-?mail|message) has been (?:scanned|checked)|you received this (?:message|email) because you are subscribed|to unsubscribe from this group"
    ),
    "es": (
        r"aviso (?:legal|de confidencialidad|de privacidad|importante)|cl[aá]usula de confidencialidad|nota de confidencialidad|confidencialidad\s*[:.-]|"
        r"(?:este|el presente|la informaci[oó]n (?:contenida|incluida) en (?:este|el presente)|esta comunicaci[oó]n|el contenido de este)"
        r"(?: (?:mensaje|correo|e-?mail|documento))?.{0,160}(?:confidencial|privilegiad|exclusiv|uso [uú]nico|[uú]nicamente (?:a|para|por))|"
        r"si (?:usted )?(?:no es (?:usted )?el destinatario|ha recibido este (?:mensaje|correo))|"
        r"(?:por favor,? )?(?:antes de imprimir|piense en el medio ?ambiente|no imprima este)|libre de virus|"
        r"(?:le|les|os|te) informamos (?:de )?que sus datos personales"
    ),
    "ca": r"av[ií]s legal|aquest (?:missatge|correu).{0,160}(?:confidencial|exclusiv)|abans d'imprimir",
    "fr": (
        r"(?:avis|mention|clause|note)s? (?:de confidentialit[eé]|l[eé]gales?|d'avertissement)|confidentialit[eé]\s*[:.-]|avertissement\s*:|"
        r"(?:ce|cet|le pr[eé]sent|cette|les informations contenues dans ce(?:t)?) (?:message|courriel|e-?mail|mail|courrier|transmission|communication)\b.{0,160}"
        r"(?:confidentiel|destin[eé]e?s? (?:exclusiv|uniq|[aà] l'usage|au seul)|exclusiv|destinataires? (?:d[eé]sign|nomm))|si vous (?:n'[eê]tes pas (?:le )?destinataire|avez re[cç]u ce)|"
        r"(?:merci de )?(?:avant d'imprimer|pensez (?:[aà] l'environnement|avant d'imprimer)|n'imprimez (?:ce|que))|garanti sans virus|sans virus"
    ),
    "pt": (
        r"aviso (?:legal|de confidencialidade)|confidencialidade\s*[:.-]|"
        r"(?:esta|a presente|este|as informa[cç][oõ]es contidas nest[ea]|o conte[uú]do deste)(?: (?:mensagem|comunica[cç][aã]o|e-?mail|correio))?.{0,160}"
        r"(?:confidenci|destina-se|exclusiv)|"
        r"se (?:n[aã]o [eé] o destinat[aá]rio|recebeu esta|voc[eê] n[aã]o [eé] o destinat)|antes de imprimir|pense no (?:meio )?ambiente|livre de v[ií]rus"
    ),
    "de": (
        r"(?:rechtlicher|wichtiger|vertraulichkeits)-?\s?hinweis|vertraulichkeitshinweis|haftungsausschluss|"
        r"(?:diese|dieses|der inhalt dieser|die in dieser) (?:e-?mail|nachricht|mail|kommunikation|mitteilung|schreiben)?\b.{0,160}"
        r"(?:vertraulich|ausschlie(?:ß|ss)lich f[uü]r|nur f[uü]r de[nr].{0,60}bestimmt)|wenn sie nicht der (?:richtige|beabsichtigte) (?:adressat|empf[aä]nger)|"
        r"bitte (?:denken sie an die umwelt|pr[uü]fen sie.{0,40}ausdruck)|virenfrei|denken sie an die umwelt"
    ),
    "it": (
        r"(?:avviso|nota|informativa|avvertenza|clausola) (?:di riservatezza|legale|sulla privacy|privacy)|riservatezza\s*[:.-]|"
        r"(?:questo|il presente|le informazioni contenute in quest[oa]|la presente|questa)(?: (?:messaggio|e-?mail|comunicazione|documento|mail))?.{0,160}"
        r"(?:riservat|confidenzial|esclusivo uso|uso esclusivo|esclusivamente)|(?:se|qualora) (?:non (?:siete|[eè]) il destinatario|(?:avete|ha|abbiate) ricevuto questo)|"
        r"prima di stampare|rispetta l'ambiente|pensa all'ambiente|privo di virus"
    ),
    "nl": (
        r"disclaimer|(?:deze|dit|de informatie in (?:deze|dit)) (?:e-?mail|bericht).{0,160}(?:vertrouwelijk|uitsluitend)|denk aan het milieu|virusvrij"
    ),
    "pl": r"(?:ta|niniejsza|treść tej) (?:wiadomość|wiadomości|e-?mail).{0,160}(?:poufn|wyłącznie)|pomyśl o środowisku|wolny od wirusów",
    "sv": r"(?:detta|denna) (?:e-?post|meddelande|mejl).{0,160}(?:konfidentiell|enbart avsed)",
    "da": r"denne (?:e-?mail|besked|meddelelse).{0,160}fortrolig",
    "ru": r"(?:это|данное|настоящее) (?:сообщение|письмо).{0,160}конфиденциальн",
}

#: Lines that close a letter; a block with telephone and address below them is a signature.
CLOSINGS = {
    "en": r"(?:best|kind|warm|many|with)? ?(?:regards|thanks|wishes|cheers)|thanks(?: again| in advance| a lot| so much)?|thank you(?: .{0,30})?|cheers|sincerely|yours .{0,20}|best|all the best|cordially|respectfully|have a (?:nice|great|good) .{0,10}",
    "es": r"(?:un |muchos |mis )?(?:cordial(?:es)? |afectuoso |atento |fuerte )?(?:saludos?|abrazos?)(?: cordiales?| a todos| y gracias)?|(?:muchas |mil )?gracias(?: .{0,30})?|atentamente|cordialmente|atte|quedo a la espera.{0,40}|un saludo.{0,20}",
    "fr": r"(?:bien |tr[eè]s )?(?:cordialement|amicalement|respectueusement|sinc[eè]rement)(?: .{0,10})?|(?:bonne|belle) (?:journ[eé]e|soir[eé]e|r[eé]ception)|merci(?: .{0,40})?|(?:sinc[eè]res |meilleures )?salutations(?: .{0,20})?|cdt|bàv|bien [aà] vous|dans l'attente.{0,60}",
    "pt": r"(?:muito )?obrigad[oa](?: .{0,20})?|(?:com os )?(?:melhores |os )?(?:cumprimentos|sauda[cç][oõ]es)|atenciosamente|abra[cç]os?|cordialmente|att",
    "de": r"(?:mit )?(?:freundlichen?|besten?|liebe|herzlichen?|viele|sch[oö]ne) (?:gr[uü](?:ß|ss)en?|dank)|mfg|lg|danke(?: .{0,30})?|vielen dank.{0,30}|gr(?:u|ü)(?:ß|ss)e?",
    "it": r"(?:cordiali |distinti |un |tanti )?saluti?(?: .{0,15})?|(?:molte |mille )?grazie(?: .{0,30})?|cordialmente|a presto|buona giornata|buon lavoro|in attesa.{0,40}",
    "nl": r"(?:met )?(?:vriendelijke groet(?:en)?|hartelijke groet(?:en)?)|mvg|groet(?:en|jes)?|(?:alvast )?bedankt(?: .{0,20})?|dank u wel",
    "pl": r"pozdrawiam|z poważaniem|dziękuję.{0,20}",
    "sv": r"(?:med )?vänliga? hälsning(?:ar)?|mvh|hälsningar|tack",
    "da": r"(?:med )?venlig hilsen|mvh|hilsen|tak",
    "ru": r"с уважением|спасибо.{0,20}",
}

#: What shows a line to be part of a business card.
CONTACT = (
    r"(?:^|\b)(?:t[eé]l(?:[eé]f?(?:ono|one|éphone|efon|efone)?)?|phone|fon|mob(?:ile|il)?|m[oó]vil|cell?|fax|tlf|tfno|whatsapp|portable|ligne directe|handy)\b\.?\s*[:.+(\d]|"
    r"\+\d{2}[\d\s().-]{7,}|^\s*(?:[\d(][\d\s().-]{8,16}\d)\s*$|(?:https?://|www\.)\S+|\S+@\S+\.\S{2,}|"
    r"\b(?:s\.?l\.?u?\.?|s\.a\.|gmbh|ltd|llc|inc|s\.r\.l|srl|sarl|sas|s\.p\.a|b\.v|lda)\b\.?\s*$"
)
