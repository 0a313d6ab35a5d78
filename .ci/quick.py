"""Print how long this Python takes for the like of what a page does, in microseconds; end with 1 where it is too old."""

import sys
import time
from importlib.util import find_spec


def page():
    parts = {}
    for number in range(10_000):
        row = {"id": number, "words": [str(one) for one in range(3)]}
        parts[number % 100] = (row.get("id"), len(parts), isinstance(row, dict))
    return parts


def took():
    begun = time.process_time()
    page()
    return time.process_time() - begun


if sys.version_info < (3, 11):
    sys.exit(1)
# One that cannot make environments needs a package first.
wanting = 0 if find_spec("venv") and find_spec("ensurepip") else 10_000_000
print(wanting + int(min(took() for _ in range(3)) * 1_000_000))
