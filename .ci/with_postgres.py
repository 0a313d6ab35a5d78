"""Run pytest, with the arguments given, against one real PostgreSQL that lives as long as the run."""

import os
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    sys.path.insert(0, str(ROOT))
    from tests import postgres

    # Being told to stop must end the server too, which only an orderly exit does.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    environment = os.environ | {"TEST_DATABASE_URL": postgres.start(), "TAFCORE_TEST_DATABASE": "postgresql"}
    return subprocess.run([sys.executable, "-m", "pytest", *sys.argv[1:]], cwd=ROOT, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main())
