"""Check digits: whether a run of digits is what it looks like."""

from __future__ import annotations

_DNI = "TRWAGMYFPDXBNJZSQVHLCKE"


def luhn(digits: str) -> bool:
    """Whether a card number's check digit fits (ISO/IEC 7812-1)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0 and len(set(digits)) > 1


def card(digits: str) -> bool:
    """Whether digits are a payment card's number: length and first digits of a brand, and the check digit."""
    length, first = len(digits), digits[:2]
    brand = (
        (digits[:1] == "4" and length in (13, 16, 19))
        or (("51" <= first <= "55" or "22" <= first <= "27") and length == 16)
        or (first in ("34", "37") and length == 15)
        or (first in ("30", "36", "38", "39") and length == 14)
        or (first in ("35", "50", "56", "57", "58", "60", "62", "63", "64", "65", "67", "81") and 16 <= length <= 19)
    )
    return brand and luhn(digits)


def dni(value: str) -> bool:
    """Spanish DNI or NIE: the letter is the number modulo 23 (Real Decreto 1553/2005, article 11)."""
    number, letter = value[:-1].upper(), value[-1].upper()
    number = number.replace("X", "0").replace("Y", "1").replace("Z", "2")
    return number.isdecimal() and _DNI[int(number) % 23] == letter


def nir(value: str) -> bool:
    """French social security number: 97 less the number modulo 97; Corsica's 2A and 2B count as 19 and 18."""
    number = value[:13].upper().replace("2A", "19").replace("2B", "18")
    return number.isdecimal() and value[13:].isdecimal() and 97 - int(number) % 97 == int(value[13:])


def cpf(digits: str) -> bool:
    """Brazilian CPF: two check digits modulo 11."""
    if len(digits) != 11 or len(set(digits)) == 1:
        return False
    for length in (9, 10):
        total = sum(int(digit) * (length + 1 - place) for place, digit in enumerate(digits[:length]))
        if total * 10 % 11 % 10 != int(digits[length]):
            return False
    return True


def iban(value: str) -> bool:
    """IBAN: the rearranged number modulo 97 is 1 (ISO 13616)."""
    if not value.isalnum() or not value.isascii():
        return False
    return int("".join(str(int(sign, 36)) for sign in value[4:] + value[:4])) % 97 == 1


def rut(value: str) -> bool:
    """Chilean RUT: check digit modulo 11, K for 10."""
    number, check = value[:-1], value[-1].upper()
    if not number.isdecimal():
        return False
    total = sum(int(digit) * (2 + place % 6) for place, digit in enumerate(reversed(number)))
    return "0123456789K0"[(11 - total % 11) % 11 if total % 11 != 1 else 10] == check
