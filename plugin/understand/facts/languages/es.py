# ruff: noqa: E501
"""Spanish, of Spain and Latin America."""

from plugin.understand.facts.languages.words import Words

WORDS = Words(
    language="es",
    months={
        "enero": 1, "febrero": 2, "marzo": 3, "abril": 4, "mayo": 5, "junio": 6, "julio": 7, "agosto": 8,
        "septiembre": 9, "setiembre": 9, "octubre": 10, "noviembre": 11, "diciembre": 12,
    },
    weekdays={"lunes": 0, "martes": 1, "miercoles": 2, "jueves": 3, "viernes": 4, "sabado": 5, "domingo": 6},
    days={
        "hoy(?: mismo)?": 0, "ayer": -1, "anteayer": -2, "antes de ayer": -2, "antier": -2, "antes de anoche": -2,
        "antenoche": -2, "anteanoche": -2, "anoche": -1, "ayer noche": -1, "hoy en dia no": 0,
    },
    moments=(
        "esta (?:misma )?(?:manana|tarde|noche|madrugada|semana|mananita)", "est[ae] (?:mes|medio ?dia)",
        "(?:la|de|desde la) (?:semana|noche|tarde|temporada) (?:pasada|anterior)", "la pasada (?:semana|noche)",
        "(?:el|desde el) (?:mes|ano) pasado", "el (?:pasado|otro) (?:dia|finde)", "(?:este|el pasado) (?:finde|fin de semana)",
        "el (?:finde|fin de semana)(?: pasado)?", "hace (?:un rato|un momento|un ratito|nada|poco|muy poco|rato)",
        "ahora mismo", "ahorita(?: mismo)?", "recien", "a primera hora", "est[ea] (?:otono|invierno|verano|primavera|ano)",
        "desde (?:entonces|siempre|ese dia|esa fecha|hace (?:tiempo|rato|poco|dias|semanas))",
        "desde (?:el|la) (?:verano|invierno|otono|primavera|navidad|puente|semana santa|actualizacion|ultima actualizacion)",
        "a principios de \\w+", "a finales de \\w+", "a mediados de \\w+",
    ),
    ahead=(
        "manana(?: mismo)?", "pasado manana", "(?:la|el) (?:proxim[ao]) \\w+", "(?:la semana|el mes|el ano|el \\w+) que viene",
        "antes del? (?:{weekday}|dia \\d+|\\d+)", "para (?:el|este) (?:{weekday}|fin de semana|\\d+)",
        "este (?:{weekday}) (?:llega|entra|viene)\\w*", "(?:llega|llegan|entra|entran|viene|vienen) (?:el|este) {weekday}",
    ),
    ago=(
        "(?:desde )?hace (?:como |unos |unas |casi |mas de |ya |aproximadamente )?{n} {unit}", "{n} {unit} atras",
        "(?:llevo|llevamos|lleva|van|ya son) (?:como |unos |unas |casi |ya |mas de )?{n} {unit}",
        "desde (?:hace|los ultimos) {n} {unit}", "(?:los|las) ultim[oa]s {n} {unit}", "(?:estos|estas) {n} {unit}",
    ),
    since="desde|a partir de|a contar de",
    before_day="el|el dia|dia|desde el|desde el dia|del",
    after_day="",
    of="de|del|de el",
    numbers={
        "un": 1, "una": 1, "uno": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8,
        "nueve": 9, "diez": 10, "once": 11, "doce": 12, "quince": 15, "veinte": 20, "treinta": 30,
    },
    vague="un par de|unos|unas|unos cuantos|unas cuantas|varios|varias|algunos|algunas|muchos|muchas",
    units={
        "minut(?:o|os|ito|itos)": 0, "horas?": 0, "rat[oi]s?": 0, "dias?": 1, "noches?": 1, "mananas?": 1, "semanas?": 7,
        "quincenas?": 15, "mes(?:es)?": 30, "anos?": 365,
    },
    clock=(
        "a(?: eso de)? las? {hour}(?: y (?:media|cuarto|pico)| menos cuarto)?(?: en punto)?",
        "sobre las? {hour}", "hacia las? {hour}", "desde las? {hour}", "a medio ?dia", "a media ?noche", "al mediodia",
        "(?:por|en|a) la (?:manana|tarde|noche|mananita|madrugada)", "de madrugada",
    ),
    recurring=(
        "siempre", "(?:cada|toda) vez(?: que)?", "cada (?:dos por tres|rato|tanto|dia|noche|manana|{weekday}|hora|{n} \\w+)",
        "tod[oa]s l[oa]s (?:veces|dias|noches|mananas|tardes|semanas|horas|{weekday}s?|intentos)", "todo el (?:tiempo|rato|dia)",
        "a veces", "a ratos", "de vez en cuando", "algun(?:as|a) (?:veces|vez)", "algunas veces", "muchas veces",
        "pocas veces", "la mayoria de (?:las )?veces", "casi siempre", "casi nunca", "nunca", "de forma (?:intermitente|aleatoria)",
        "intermitente(?:mente)?", "aleatoriamente", "constantemente", "continuamente", "permanentemente",
        "repetidamente", "una y otra vez", "otra vez igual", "(?:una|la) (?:sola|unica) vez", "solo (?:una|esta) vez",
        "por primera vez", "es la primera vez", "{n} veces", "varias veces", "un par de veces", "(?:mil|cien|veinte) veces",
        "(?:{n}|segunda|tercera|cuarta|quinta|enesima) vez", "de cada {n}", "en todos los (?:casos|intentos)",
        "(?:solo|siempre|solamente|todos) los {weekday}s?", "los (?:{weekday}|fines de semana)s? por la \\w+", "(?:por|de|en) las (?:mananas|tardes|noches|madrugadas)", "solo (?:por|de) (?:la|las) \\w+",
        "a diario", "diario", "diariamente", "de dia y de noche", "a cada (?:rato|momento|hora)", "seguido", "a menudo",
        "con frecuencia", "frecuentemente", "de repente a veces", "sin parar", "(?:ni|no) una (?:sola )?vez", "en ocasiones", "en lo que va de \\w+", "sin excepcion(?:es)?", "en todas", "(?:van|llevo|llevamos|hice|hicimos|tras|ya) (?:ya )?{n} (?:intentos|pruebas|veces|tentativas)", "{n} (?:intentos|tentativas|pruebas)", "a la (?:primera|segunda|tercera|cuarta|quinta|decima)", "un[oa]? de cada {n}", "{n} de cada {n}", "hay (?:dias|veces|ratos) que", "es l[oa] unic[oa] que", "el unico caso", "la unica vez", "es un caso aislado", "un dia si y otro no", "de las? {hour} a las? {hour}", "uno detras de otro", "dia si (?:y )?dia tambien", "aveces", "sin falta", "cada uno de",
        "las {n} veces", "ni de manana ni de noche", "entre las? {hour} y las? {hour}", "cada que",
    ),
    holder="sr|sra|srta|senor|senora|senorita|don|dona|d|dna|ing|lic|dr|dra",
    nouns={
        "reservas?|reservacion|reservaciones|localizador|booking|estancia": "reservation",
        "alojamiento|propiedad|propiedades|inmueble|anuncios?|listado|listing|apartamentos?|apartamento turistico|apto|"
        "aptos|depto|departamento|piso|casa|casita|chalet|estudio|cabana|cabanas|bungalow|finca|cortijo|masia|atico|loft|duplex|"
        "villa|habitacion|hostal|posada|hotel|cuarto|unidad|torre|edificio|refugio|casona|quinta|suite|alquiler|monoambiente|parcela": "property",
        "huespedes|huesped|clienta|cliente|inquilino|inquilina|viajero|viajera|pasajero|a nombre de|familia": "guest",
        "propietario|propietaria|propietarios|duen[oa]|duen[oa]s|titular": "owner",
        "usuario|usuaria|user|cuenta|perfil|login": "user",
        "campana|boletin|newsletter|mailing": "campaign",
        "factura|facturas|boleta|recibo|nota de credito|abono": "invoice",
        "pedido|orden|transaccion|operacion|cargo|cobro|pago|referencia|ref": "charge",
        "web|sitio|pagina web|dominio": "site",
    },
    number_sign="numero|num|nro|n|no|codigo|cod|id|con id|referencia|ref|llamad[oa]|con referencia|con codigo|con numero|del?|la|el",
    ticket="tickets?|tiquetes?|caso|incidencia|incidente|expediente|consulta|solicitud|reclamo|reclamacion|folio|peticion|averia|aviso",
    ending="termina(?:da|do|cion)?(?: en)?|que termina en|acaba(?:da|do)?(?: en)?|que acaba en|finaliza(?:da|do)? en|ultim[oa]s (?:{n} )?(?:digitos|numeros|cifras)(?: son)?",
    key_words="contrasenas?|clave(?: de acceso| vieja| de siempre| antigua| actual| nueva)?|password|passwd|pass|pwd|contra|palabra clave|pin",
    is_="es(?: la)?|era|sigue siendo|:|=|que es|puse|uso",
    document={
        "d\\.?n\\.?i\\.?": "dni", "n\\.?i\\.?e\\.?": "nie", "n\\.?i\\.?f\\.?": "nif", "pasaportes?(?: polaco| frances| aleman)?": "passport",
        "cedula(?: de (?:identidad|ciudadania|extranjeria))?": "cedula", "c\\.c\\.": "cedula", "curp": "curp", "rut": "rut", "run": "rut",
        "documento(?: nacional)? de identidad": "id", "carnet(?: de identidad)?": "id", "cuil": "cuil", "ine": "ine", "rfc": "rfc",
        "seguridad social": "social-security", "documento": "id", "tarjeta de residencia": "id",
    },
    error="error|codigo|codigo de error|fallo|mensaje|excepcion",
    devices={
        "movil(?:es)?": "phone", "celu(?:lar|lares|s)?": "phone", "telefono": "phone", "smartphone": "phone",
        "ordenador(?:es)?": "computer", "compu(?:s|tador|tadora|tadores|tadoras|tacion)?": "computer", "pc": "computer",
        "portatil(?:es)?": "computer", "notebook": "computer", "laptop": "computer", "sobremesa": "computer",
        "escritorio": "computer", "tablet(?:a|as|s)?": "tablet", "tableta": "tablet", "tele": "tv", "equipo": "computer",
        "navegador(?:es)?": "browser",
    },
)  # fmt: skip
