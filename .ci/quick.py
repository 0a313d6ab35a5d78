"""Print which Python this is, and how many microseconds it takes for the like of what a page does; fail where it is too
old or cannot make environments."""

import os
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
    return int((time.process_time() - begun) * 1_000_000)


if sys.version_info < (3, 11) or not (find_spec("venv") and find_spec("ensurepip")):
    sys.exit(1)
print(min(took() for _ in range(3)), os.path.realpath(sys.executable))
