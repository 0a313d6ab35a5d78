"""The code with which a professional sees how their contact stands.

It is reckoned from the reference under this installation's secret key, so it is kept nowhere, can be told again on the
telephone, and is another one for every contact.
"""

from __future__ import annotations

import hashlib
import hmac

from flask import current_app

from tafcore.references import ALPHABET

LENGTH = 8


def code_of(ref: str) -> str:
    """`7KQ2-M9PX`: the code of the contact with this reference."""
    secret = str(current_app.config["SECRET_KEY"]).encode()
    number = int.from_bytes(hmac.new(secret, f"how a contact stands|{ref}".encode(), hashlib.sha256).digest(), "big")
    signs = ""
    for _ in range(LENGTH):
        number, place = divmod(number, len(ALPHABET))
        signs += ALPHABET[place]
    return f"{signs[:4]}-{signs[4:]}"


def is_code_of(ref: str, typed: str) -> bool:
    """Whether this is its code, however it was typed."""
    signs = "".join(sign for sign in typed.upper() if sign.isalnum())
    return hmac.compare_digest(signs.encode(), code_of(ref).replace("-", "").encode())
