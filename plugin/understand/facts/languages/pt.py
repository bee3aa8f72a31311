# ruff: noqa: E501
"""Portuguese, of Portugal and Brazil."""

from plugin.understand.facts.languages.words import Words

WORDS = Words(
    language="pt",
    months={
        "janeiro": 1, "fevereiro": 2, "marco": 3, "abril": 4, "maio": 5, "junho": 6, "julho": 7, "agosto": 8, "setembro": 9,
        "outubro": 10, "novembro": 11, "dezembro": 12,
    },
    weekdays={
        "segunda-?(?: ?feira)": 0, "terca-?(?: ?feira)": 1, "quarta-?(?: ?feira)": 2, "quinta-?(?: ?feira)": 3, "sexta-?(?: ?feira)?": 4, "sabado": 5,
        "domingo": 6,
    },
    days={"hoje": 0, "ontem": -1, "anteontem": -2, "antes de ontem": -2, "trasanteontem": -3, "ontem a noite": -1},
    moments=(
        "(?:esta|essa|nesta|nessa|na|desta) (?:manha|tarde|noite|semana|madrugada)", "(?:este|neste|esse|nesse) (?:mes|fim de semana|ano)", "(?:a|na|da|desde a) (?:semana|noite) passada",
        "(?:o|no|do) (?:mes|ano|fim de semana|final de semana) passado", "(?:na|a|da) (?:segunda|terca|quarta|quinta|sexta)(?: passada)?", "desde (?:segunda|terca|quarta|quinta|sexta)",
        "(?:o|no) outro dia", "(?:comecou|parou|desde) (?:segunda|terca|quarta|quinta|sexta)", "agora ha pouco", "ha pouco", "agora mesmo", "de madrugada", "na madrugada de", "recentemente", "(?:no|ao) fim de semana",
        "no (?:comeco|inicio|fim|final) d[oe] \\w+",
    ),
    ahead=("amanha", "depois de amanha", "(?:na |a )?(?:proxim[ao]) \\w+", "\\w+ que vem", "ate (?:{weekday}|amanha|sexta|segunda)"),
    ago=(
        "ha (?:cerca de |uns |umas |quase |mais de )?{n} {unit}", "faz (?:uns |umas |quase |mais de )?{n} {unit}", "{n} {unit} atras", "desde ha {n} {unit}",
        "(?:n?os|n?as) ultim[oa]s {n} {unit}", "ja la vao {n} {unit}", "tem (?:uns |umas )?{n} {unit}",
    ),
    since="desde|a partir de|de",
    before_day="o|no|no dia|dia|desde o dia|desde o|do",
    after_day="",
    of="de|do",
    numbers={
        "um": 1, "uma": 1, "dois": 2, "duas": 2, "tres": 3, "quatro": 4, "cinco": 5, "seis": 6, "sete": 7, "oito": 8, "nove": 9, "dez": 10,
        "doze": 12, "quinze": 15, "vinte": 20, "trinta": 30,
    },
    vague="uns|umas|varios|varias|alguns|algumas|um par de|uns poucos",
    units={"minutos?": 0, "horas?": 0, "horinhas?": 0, "dias?": 1, "noites?": 1, "semanas?": 7, "mes(?:es)?": 30, "anos?": 365},
    clock=(
        "(?:as|pelas|das|desde as) {hour}(?: ?h(?: ?\\d\\d)?| horas?| e meia)?", "ao meio-?dia", "a meia-?noite", "(?:de|da|pela|a) (?:manha|tarde|noite)",
        "na hora do almoco",
    ),
    recurring=(
        "sempre", "(?:de |a )?cada (?:vez|dia|hora|{n}) ?(?:que)?", "tod[oa]s? (?:a|o|as|os) (?:vez|vezes|dias?|hora|noites?|manhas?|semanas?|tempo|segundas?|tercas?|quartas?|quintas?|sextas?)", "toda (?:vez|hora|noite|semana|segunda|terca|quarta|quinta|sexta)", "todo (?:dia|santo dia|mes|sabado|domingo)",
        "as vezes", "por vezes", "de vez em quando", "de quando em quando", "algumas vezes", "muitas vezes", "raramente", "nunca", "constantemente", "intermitente", "aleatoriamente",
        "uma (?:so |unica )?vez", "{n} vezes", "varias vezes", "(?:a|pela) (?:primeira|segunda|terceira|quarta|enesima) vez", "o tempo todo", "direto", "diariamente", "{n} em cada {n}", "das ultimas {n}", "de dia e de noite", "(?:a|as) (?:segundas|tercas|quartas|quintas|sextas)",
        "frequentemente", "sem parar", "vezes sem conta", "sem excecao", "{n} tentativas", "uma em cada {n}", "so uma vez", "cada (?:reserva|tentativa|envio)",
    ),
    holder="sr|sra|senhor|senhora|dona|seu|d|dr|dra",
    nouns={
        "reservas?|estadia": "reservation",
        "anuncios?|alojamento|propriedade|imovel|apartamento|apto|ape|casa|chale|studio|estudio|flat|quinta|moradia|pousada|quarto|vivenda|cobertura|sitio|villa|suite": "property",
        "hospedes?|hospede|cliente|inquilino|inquilina|em nome de|familia": "guest",
        "proprietario|proprietaria|dono|dona|senhorio": "owner",
        "usuario|usuaria|utilizador|utilizadora|conta|perfil|login": "user",
        "campanha|newsletter|boletim": "campaign",
        "fatura|factura|recibo|nota fiscal|nf|nota": "invoice",
        "pedido|transacao|cobranca|pagamento|encomenda|referencia|ref": "charge",
        "site|dominio": "site",
    },
    number_sign="numero|num|n|no|nr|codigo|id|referencia|ref|chamad[oa]|de|do|da|o|a",
    ticket="tickets?|chamado|protocolo|pedido de suporte|caso|processo|ocorrencia|solicitacao",
    ending="(?:que )?termina(?:do|da|ndo)?(?: em| com)?|final|ultimos (?:{n} )?(?:digitos|numeros|algarismos)(?: sao)?|acaba(?:do|da)? em",
    key_words="senha|palavra-?passe|palavra chave|password|pass|codigo de acesso",
    is_="e|eh|era|:|=|sendo",
    document={
        "c\\.?p\\.?f\\.?": "cpf", "r\\.?g\\.?": "rg", "passaporte": "passport", "cartao de cidadao": "id", "bilhete de identidade": "id", "identidade": "id", "cnh": "driving-licence", "cc": "id",
    },
    error="erro|codigo|codigo de erro|mensagem|falha",
    devices={
        "celular(?:es)?": "phone", "telemovel": "phone", "telemoveis": "phone", "telefone": "phone", "computador(?:es)?": "computer", "pc": "computer", "notebook": "computer", "portatil": "computer", "tablet": "tablet",
        "navegador(?:es)?": "browser", "browser": "browser",
    },
)  # fmt: skip
