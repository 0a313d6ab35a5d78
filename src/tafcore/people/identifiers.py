"""Identifiers, ways to reach somebody and postcodes: read tolerantly, kept in one form, refused in a plain sentence.

Every reader takes the text as typed or pasted and gives the form that is stored. No message repeats what was typed,
so that it may be shown, logged or counted.
"""

import re
from typing import NamedTuple

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from stdnum.gb import nhs
from stdnum.gb import upn as upn_arithmetic

# Scotland (CHI), Northern Ireland, England and Wales. 500-599 and 900-999 are never a living patient's.
_LIVE_NHS_RANGES = ((10, 311), (320, 399), (400, 499), (600, 799))
_TEST_NHS_RANGE = (900, 999)

_UPN_PERMANENT = re.compile(r"[A-HJ-NP-RT-Z][0-9]{12}")
_UPN_TEMPORARY = re.compile(r"[A-HJ-NP-RT-Z][0-9]{11}[A-HJ-NP-RT-Z]")
# England 2xx, 3xx, 420 and 8xx-9xx, Wales 660-681. Bands and not a list: the codes of authorities long abolished
# stay in their pupils' numbers, and every reorganisation brings new ones.
_UPN_AUTHORITY = re.compile(r"[2389][0-9]{2}|420|66[0-9]|67[0-9]|68[01]")

# The Cabinet Office's pattern for BS 7666, area by area of the letters a real postcode uses.
_POSTCODE = re.compile(
    r"GIR 0AA"
    r"|[A-PR-UWYZ]([0-9]{1,2}|[A-HK-Y][0-9]([0-9]|[ABEHMNPRV-Y])?|[0-9][A-HJKPS-UW]) [0-9][ABD-HJLNP-UW-Z]{2}"
    r"|ZZ99 [0-9][A-Z]{2}"
)

# Numbers Ofcom keeps for drama, and this program for demo data; the library knows them as unassigned.
_DRAMA_NUMBER = re.compile(r"\+44(7700900|1632960)[0-9]{3}")
# Numbers one can ring; the five digits that begin with 6, 7 or 8 take text messages.
_SHORT_NUMBER = re.compile(r"1[0-9]{2,5}|999")
_PHONE_TEXT = re.compile(r"[0-9+(). /\-]+((ext|x)[. ]*[0-9]{1,6})?")

_DASHES_TO_HYPHEN = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-")


class BadIdentifier(ValueError):
    """The text is not such an identifier. The message is a plain sentence that repeats nothing typed."""


class Phone(NamedTuple):
    """A telephone number: `e164` is stored and compared (`+442079460123`), `display` is read out (`020 7946 0123`)."""

    e164: str
    display: str


def nhs_number(text: str, live: bool) -> str:
    """Ten digits of an NHS, CHI or Health and Care number. Raises `BadIdentifier`.

    A `live` installation takes only numbers that can be a patient's; any other takes only the 900-999 test range,
    so that neither ever holds the other's.
    """
    digits = _joined(text)
    if not re.fullmatch(r"[0-9]{10}", digits):
        raise BadIdentifier("An NHS number has 10 digits, such as 999 000 0018.")
    # Modulus 11 alone would accept 0000000000 and 1111111111.
    if len(set(digits)) == 1 or nhs.checksum(digits) != 0:
        raise BadIdentifier("Check the NHS number: one of its digits is wrong, or two are swapped.")
    first_three = int(digits[:3])
    is_test = _TEST_NHS_RANGE[0] <= first_three <= _TEST_NHS_RANGE[1]
    if live and is_test:
        raise BadIdentifier("That NHS number is from the test range, which no patient has.")
    if not is_test and not any(low <= first_three <= high for low, high in _LIVE_NHS_RANGES):
        raise BadIdentifier("Check the NHS number: no number that begins like this has been issued.")
    if not live and not is_test:
        raise BadIdentifier("This is a demonstration: use only NHS numbers of the test range, which begin with 9.")
    return digits


def show_nhs(digits: str) -> str:
    """`"9434765870"` -> `"943 476 5870"`, as the NHS prints it."""
    return f"{digits[:3]} {digits[3:6]} {digits[6:]}"


def upn(text: str) -> str:
    """Thirteen characters of a unique pupil number, permanent or temporary. Raises `BadIdentifier`."""
    characters = _joined(text).upper()
    if not (_UPN_PERMANENT.fullmatch(characters) or _UPN_TEMPORARY.fullmatch(characters)):
        raise BadIdentifier("A UPN is a letter and 12 digits; a temporary one ends in a letter.")
    if not _UPN_AUTHORITY.fullmatch(characters[1:4]):
        raise BadIdentifier("Check the UPN: the three digits after the letter are not a local authority's.")
    if upn_arithmetic.calc_check_digit(characters[1:]) != characters[0]:
        raise BadIdentifier("Check the UPN: one of its characters is wrong, or two are swapped.")
    return characters


def uln(text: str) -> str:
    """Ten digits of a unique learner number. Raises `BadIdentifier`."""
    digits = _joined(text)
    if not re.fullmatch(r"[0-9]{10}", digits):
        raise BadIdentifier("A ULN has 10 digits.")
    rest = sum(weight * int(digit) for weight, digit in zip(range(10, 1, -1), digits, strict=False)) % 11
    if rest == 0 or 10 - rest != int(digits[9]):
        raise BadIdentifier("Check the ULN: one of its digits is wrong, or two are swapped.")
    return digits


def urn(text: str) -> str:
    """Six digits of a school's or college's unique reference number. Raises `BadIdentifier`."""
    digits = _joined(text)
    if not re.fullmatch(r"[1-9][0-9]{5}", digits):
        raise BadIdentifier("A URN has 6 digits and does not begin with 0.")
    return digits


def uprn(text: str) -> str:
    """Up to twelve digits of a unique property reference number, leading zeros kept. Raises `BadIdentifier`."""
    digits = _joined(text)
    if not re.fullmatch(r"[0-9]{1,12}", digits) or not digits.strip("0"):
        raise BadIdentifier("A UPRN is a number of up to 12 digits.")
    return digits


def postcode(text: str) -> str:
    """A postcode in capitals with one space; GIR 0AA and the ZZ99 pseudo-postcodes are good. Raises `BadIdentifier`."""
    characters = _joined(text).upper()
    spaced = f"{characters[:-3]} {characters[-3:]}"
    if not _POSTCODE.fullmatch(spaced):
        raise BadIdentifier("Check the postcode: it should look like HA1 2XY. Leave it empty if there is none.")
    return spaced


def is_pseudo_postcode(canonical: str) -> bool:
    """Whether this is a ZZ99 postcode, which says that there is no real one: it places nobody and matches nobody."""
    return canonical.startswith("ZZ99 ")


def phone(text: str) -> Phone:
    """A telephone number, British unless it begins with + or 00. Raises `BadIdentifier`."""
    typed = " ".join(text.translate(_DASHES_TO_HYPHEN).split()).lower()
    try:
        # The library turns letters into keypad digits, so "(mum)" would become part of the number.
        if not _PHONE_TEXT.fullmatch(typed):
            raise BadIdentifier("Enter one telephone number only, such as 020 7946 0123; put remarks elsewhere.")
        number = phonenumbers.parse(typed, "GB")
    except phonenumbers.NumberParseException:
        raise BadIdentifier("Enter one telephone number, such as 020 7946 0123 or 07700 900123.") from None
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if not phonenumbers.is_valid_number(number) and not _DRAMA_NUMBER.fullmatch(e164):
        raise BadIdentifier("Check the telephone number: no number looks like this. Add + and the country if abroad.")
    british = number.country_code == 44
    style = phonenumbers.PhoneNumberFormat.NATIONAL if british else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return Phone(e164, phonenumbers.format_number(number, style))


def service_phone(text: str) -> Phone:
    """A number that a service is rung at: as `phone`, or one of the short ones that work inside Britain alone, such as
    101 and 116 123, which is stored as it is dialled. Raises `BadIdentifier`."""
    digits = _joined(text)
    if _SHORT_NUMBER.fullmatch(digits):
        number = phonenumbers.parse(digits, "GB")
        if phonenumbers.is_valid_short_number_for_region(number, "GB"):
            return Phone(digits, f"{digits[:3]} {digits[3:]}" if len(digits) == 6 else digits)
    return phone(text)


def email(text: str) -> str:
    """An email address with its domain in lower case. Nothing is looked up. Raises `BadIdentifier`."""
    try:
        return validate_email(text.strip(), check_deliverability=False).normalized
    except EmailNotValidError:
        raise BadIdentifier("Enter an email address, such as name@example.org.") from None


def _joined(text: str) -> str:
    return "".join(text.translate(_DASHES_TO_HYPHEN).split()).replace("-", "")
