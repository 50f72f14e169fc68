"""``python3 -m tools.setup``: make the checkout ready to run, or say what this machine lacks.

Whatever ``python3`` is has to be able to read this file, so its syntax stays that of Python 3.6.
"""

import sys
from collections.abc import Callable
from importlib.util import find_spec

OLDEST = (3, 11)


def complaint(version: "tuple[int, ...]", find: "Callable[[str], object]" = find_spec) -> "str | None":
    """One sentence on why this Python will not do, with the next step; None when it will.

    ``version`` is the running interpreter's; ``find`` looks up a module and answers None without one.
    """
    wanted, found = (f"{number[0]}.{number[1]}" for number in (OLDEST, version))
    if version[:2] < OLDEST:
        return (
            f"Python {wanted} or newer is needed and {sys.executable} is {found}: install a newer one, "
            f"then name it, as in `make setup PYTHON=python{wanted}`."
        )
    if find("venv") is None or find("ensurepip") is None:
        return (
            f"{sys.executable} lacks the venv module, which some systems package apart: install it "
            "(Debian and Ubuntu: `apt install python3-venv`), then run `make setup` again."
        )
    return None


def main() -> int:
    """Exit code: 0 ready, 1 not, 130 interrupted, 143 terminated."""
    problem = complaint(tuple(sys.version_info[:2]))
    if problem is not None:
        sys.stderr.write(f"setup: {problem}\n")
        return 1
    from tools.provision import provision  # its syntax is today's

    return provision()


if __name__ == "__main__":
    sys.exit(main())
