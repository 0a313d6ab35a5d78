"""Workers that send mail and are killed by whoever takes it: run as a program, since it forks.

    python -m tests.frame.mail_killed DATABASE_URL SMTP_URL LIVES MAILS

It says "stored NUMBER" of each mail, then the process number of each worker, which waits for a line before it begins;
the last worker is left alone.
"""

from __future__ import annotations

import os
import sys
from datetime import timedelta

from tafcore import create_app
from tafcore.contributions import Notice
from tafcore.db import database, writing
from tafcore.notices import service
from tafcore.notices.senders import senders


def main(url: str, smtp_url: str, lives: int, mails: int) -> None:
    settings = {"SECRET_KEY": "for this test", "DATABASE_URL": url, "SMTP_URL": smtp_url, "MODE": "demo"}
    app = create_app(settings, [])
    service.LEASE = timedelta(0)  # what a dead worker held is free at once
    with app.app_context():
        for number in range(mails):
            with writing():
                made = service.store(Notice(f"mailto:head{number}@elm.example", "Hello", "", {}), f"Word {number}")
            print("stored", made.message_id, flush=True)
        database().engine.dispose()
    for _ in range(lives):
        child = os.fork()
        if child == 0:
            _send_all(app)
        os.waitpid(child, 0)


def _send_all(app) -> None:
    os.write(1, f"{os.getpid()}\n".encode())
    os.read(0, 1)
    with app.app_context():
        database().engine.dispose(close=False)
        while service.send_waiting(senders(app.config)):
            pass
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
