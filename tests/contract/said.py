"""All that an answer says to whoever gets it: the words of a page, a PDF with its metadata, a calendar unfolded."""

from __future__ import annotations

import io
from typing import Any

from pypdf import PdfReader


def said(answer: Any) -> str:
    told = " ".join(f"{name}: {value}" for name, value in answer.headers if name != "Content-Security-Policy")
    if answer.mimetype == "application/pdf":
        return f"{told} {of_pdf(answer.data)}"
    text = answer.get_data(as_text=True)
    return (
        f"{told} {text.replace(chr(13), '').replace(chr(10) + ' ', '') if answer.mimetype == 'text/calendar' else text}"
    )


def of_pdf(data: bytes) -> str:
    """Its words, what it says of itself, and what its tags say instead of a picture."""
    reader = PdfReader(io.BytesIO(data))
    words = [page.extract_text() for page in reader.pages]
    about = [str(value) for value in (reader.metadata or {}).values()]
    about.append(reader.root_object["/Metadata"].get_data().decode())
    tags = [str(one.get_object()) for one in reader.get_object(reader.root_object.raw_get("/StructTreeRoot"))["/K"]]
    return " ".join(" ".join([*words, *about, *tags]).split())
