"""Rules and messages to measure with: made up, the same ones in every run.

The mixed kind: 70 % any of five phrases and a group, 15 % any of four and any of four and none of three, 10 % any of
five and a pattern, 3 % one of two patterns, 2 % a group and none of five.
"""

from __future__ import annotations

import random
from typing import Any

LANGUAGES = ("es", "en", "fr")
GROUPS = tuple(f"queue-{letter}" for letter in "abcdefghij")
SIZE = 2000  #: characters of a message

VERBS = {
    "es": (
        "cancelar reembolsar sincronizar importar bloquear actualizar eliminar modificar publicar conectar "
        "duplicar exportar confirmar facturar configurar instalar reservar enviar descargar activar"
    ),
    "en": (
        "cancel refund synchronise import block update delete change publish connect duplicate export confirm "
        "invoice configure install book send download activate"
    ),
    "fr": (
        "annuler rembourser synchroniser importer bloquer actualiser supprimer modifier publier connecter "
        "dupliquer exporter confirmer facturer configurer installer réserver envoyer télécharger activer"
    ),
}
NOUNS = {
    "es": (
        "calendario reserva factura tarjeta cuenta contraseña anuncio tarifa huésped propietario informe "
        "mensaje plantilla cerradura limpieza campaña correo usuario permiso depósito estancia llegada salida "
        "comisión impuesto"
    ),
    "en": (
        "calendar reservation invoice card account password listing rate guest owner report message template "
        "lock cleaning campaign email user permission deposit stay arrival departure commission tax"
    ),
    "fr": (
        "calendrier réservation facture carte compte passe annonce tarif voyageur propriétaire rapport "
        "message modèle serrure ménage campagne courriel utilisateur autorisation caution séjour arrivée "
        "départ commission taxe"
    ),
}
OTHERS = {
    "es": (
        "bancario mensual anual doble antiguo público interno manual automático urgente semanal final vencido parcial"
    ),
    "en": ("monthly yearly double old public internal manual automatic urgent weekly final overdue partial shared"),
    "fr": ("mensuel annuel double ancien public interne manuel automatique urgent hebdomadaire final partiel partagé"),
}
SENTENCES = {
    "es": (
        "Hola, les escribo porque desde ayer no puedo sincronizar el calendario con Airbnb.",
        "Al abrir la reserva sale un error y la página se queda en blanco.",
        "Ya probé a cerrar sesión y volver a entrar, pero sigue igual.",
        "¿Podrían decirme cuánto tarda el reembolso de la factura de marzo?",
        "El propietario no recibe el informe mensual desde hace dos semanas.",
        "Necesito cambiar la tarifa de fin de semana en todos los anuncios.",
        "El huésped llega esta noche y la cerradura no responde.",
        "Nos han cobrado dos veces la cuota y queremos que lo revisen.",
        "En el móvil pasa lo mismo, tanto en Android como en iPhone.",
        "Adjunto una captura de pantalla con el mensaje que aparece.",
        "Gracias de antemano y un saludo desde la oficina de Valencia.",
        "No hemos cambiado ninguna configuración ni instalado nada nuevo.",
    ),
    "en": (
        "Hi team, since this morning the calendar does not update any more.",
        "When I open the reservation I get an error and the page stays blank.",
        "I have already tried another browser and cleared the cache.",
        "Could you tell me when the refund for the March invoice will arrive?",
        "The owner has not received the monthly report for two weeks.",
        "I need to change the weekend rate on all of our listings.",
        "The guest arrives tonight and the lock does not respond.",
        "We were charged twice for the plan and would like you to check.",
        "It is the same on the phone, both on Android and on the iPhone.",
        "I have attached a screenshot of the message that appears.",
        "Thanks in advance and kind regards from the office in Leeds.",
        "We have not changed any setting and nothing new was installed.",
    ),
    "fr": (
        "Bonjour, depuis ce matin le calendrier ne se met plus à jour.",
        "Quand j'ouvre la réservation, une erreur s'affiche et la page reste blanche.",
        "J'ai déjà essayé un autre navigateur et vidé le cache.",
        "Pourriez-vous me dire quand arrivera le remboursement de la facture de mars ?",
        "Le propriétaire ne reçoit plus le rapport mensuel depuis deux semaines.",
        "Je dois changer le tarif du week-end sur toutes nos annonces.",
        "Le voyageur arrive ce soir et la serrure ne répond pas.",
        "Nous avons été débités deux fois et souhaitons que vous vérifiiez.",
        "C'est pareil sur le téléphone, sous Android comme sur iPhone.",
        "Vous trouverez en pièce jointe une capture du message affiché.",
        "Merci d'avance et bien cordialement du bureau de Lyon.",
        "Nous n'avons changé aucun réglage et rien installé de nouveau.",
    ),
}
NAMES = ("Amelia", "Bruno", "Carla", "Diego", "Elsa", "Fabien", "Greta", "Hugo", "Irene", "Jonas", "Karim", "Lucie")


class Packs:
    """Makes rules and messages from one seed."""

    def __init__(self, seed: int = 7, *, plain: bool = False) -> None:
        self.random = random.Random(seed)
        self.plain = plain  #: only rules of five phrases and a group

    def phrase(self, language: str) -> str:
        """Two to four words that a rule might look for; some stand in messages."""
        pick = self.random
        verbs, nouns, others = (part[language].split() for part in (VERBS, NOUNS, OTHERS))
        shape = pick.random()
        if shape < 0.002:
            words = [w.strip(".,?") for w in pick.choice(SENTENCES[language]).split()]
            at = pick.randrange(len(words) - 3)
            return " ".join(words[at : at + 3])
        if shape < 0.45:
            return f"{pick.choice(verbs)} {pick.choice(nouns)} {pick.choice(others)}"
        if shape < 0.8:
            return f"{pick.choice(nouns)} {pick.choice(others)} {pick.choice(nouns)}"
        return f"{pick.choice(verbs)} {pick.choice(others)} {pick.choice(nouns)} {pick.choice(others)}"

    def phrases(self, language: str, number: int) -> list[str]:
        """Different phrases."""
        return list(dict.fromkeys(self.phrase(language) for _ in range(number)))

    def pattern(self, language: str) -> str:
        """A pattern with a bounded gap."""
        one, other = self.random.choice(NOUNS[language].split())[:5], self.random.choice(VERBS[language].split())[:5]
        return rf"\b{one}[a-z]*.{{0,20}}{other}[a-z]*\b"

    def rule(self) -> dict[str, Any]:
        """One rule of the mixed kind, neutral: lists of phrases in one language, patterns, a group."""
        pick, language = self.random, self.random.choice(LANGUAGES)
        kind, group = 0.0 if self.plain else pick.random(), pick.choice(GROUPS)
        if kind < 0.70:
            return {"language": language, "any": [self.phrases(language, 5)], "group": group}
        if kind < 0.85:
            both = [self.phrases(language, 4), self.phrases(language, 4)]
            return {"language": language, "any": both, "none": self.phrases(language, 3)}
        if kind < 0.95:
            return {"language": language, "any": [self.phrases(language, 5)], "patterns": [self.pattern(language)]}
        if kind < 0.98:
            return {"language": language, "patterns": [self.pattern(language), self.pattern(language)]}
        return {"language": language, "none": self.phrases(language, 5), "group": group}

    def message(self) -> tuple[str, str, str]:
        """Language, group and text of a message; names, codes and sums differ in each."""
        pick, language = self.random, self.random.choice(LANGUAGES)
        text = ""
        while len(text) < SIZE:
            code = "".join(pick.choices("ABCDEFGHJKLMNPQRSTUVWXYZ23456789", k=7))
            extra = f"{pick.choice(NAMES)} {code}, {pick.randrange(10, 999)} €." if pick.random() < 0.4 else ""
            text += f"{pick.choice(SENTENCES[language])} {extra}\n"
        return language, pick.choice(GROUPS), text[:SIZE]
