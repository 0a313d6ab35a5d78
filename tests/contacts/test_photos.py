"""Of a photo the picture is kept, and nothing that says where, when or by whom it was taken."""

import contextlib
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tafcore.contacts.photos import Damaged, bare
from tests.contacts.pictures import chunk, exif, part, photo, screenshot

SECRET = b"51.5898 N 0.3346 W, J. Okoro's phone"
JPEG, PNG = "image/jpeg", "image/png"


def test_the_picture_stays_and_what_stood_beside_it_goes():
    assert bare(JPEG, photo(SECRET, after=b"a film")) == photo()
    assert bare(PNG, screenshot(SECRET)) == screenshot()


@pytest.mark.parametrize("order", [">", "<"])
@pytest.mark.parametrize("turn", range(2, 9))
def test_a_photo_taken_sideways_still_says_how_to_turn_it(turn, order):
    kept = bare(JPEG, photo(SECRET, turn, order))
    assert SECRET not in kept and SECRET[:3] not in kept
    at = kept.index(b"Exif\0\0MM")
    assert struct.unpack_from(">HHIH", kept, at + 6 + 10) == (0x0112, 3, 1, turn)
    assert bare(JPEG, kept) == kept
    assert len(kept) == len(photo()) + 36


@pytest.mark.parametrize("turn", [0, 1, 9, 65535])
def test_one_that_stands_upright_needs_no_word_of_it(turn):
    assert bare(JPEG, photo(SECRET, turn)) == photo()


def test_nonsense_for_exif_turns_nothing():
    for words in (b"", b"MM", b"MM\0*\xff\xff\xff\xff", b"II*\0\x08\0\0\0\xff\xff"):
        odd = photo().replace(b"\xff\xdb", part(0xE1, b"Exif\0\0" + words) + b"\xff\xdb", 1)
        assert bare(JPEG, odd) == photo()


def test_bytes_between_the_parts_go_too():
    assert bare(JPEG, photo().replace(b"\xff\xdb", b"\xff\xff\xff\xdb", 1)) == photo()


def test_what_is_cut_off_or_no_photo_is_refused():
    for whole, kind in ((photo(SECRET), JPEG), (screenshot(SECRET), PNG)):
        end = len(whole) - len(SECRET)
        for length in range(3 if kind == JPEG else 8, end - 1):
            with pytest.raises(Damaged):
                bare(kind, whole[:length])
    for odd in (b"\xff\xd8\xff\xd9", b"\xff\xd8\xff\xd8", b"\xff\xd8 a letter", b"\xff\xd8\xff\xe0\0\1"):
        with pytest.raises(Damaged):
            bare(JPEG, odd)
    with pytest.raises(Damaged):
        bare(PNG, screenshot().replace(b"gAMA", b"GAMA"))


@given(st.binary(max_size=200), st.integers(0, 400))
def test_whatever_comes_it_ends_and_never_brings_exif_along(noise, at):
    whole = photo(SECRET, 6)
    place = at % len(whole)
    with contextlib.suppress(Damaged):
        kept = bare(JPEG, whole[:place] + noise + whole[place:])
        assert exif(SECRET) not in kept and bare(JPEG, kept) == kept
    with contextlib.suppress(Damaged):
        bare(PNG, b"\x89PNG\r\n\x1a\n" + noise + chunk(b"IEND", b""))


def test_a_letter_is_kept_as_it_came():
    assert bare("application/pdf", b"%PDF-1.7 by J. Okoro") == b"%PDF-1.7 by J. Okoro"
