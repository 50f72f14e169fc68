"""An authority that a target's certificate may be of, besides the usual ones."""

from __future__ import annotations

import ssl
from pathlib import Path

from backstop.settings.table import Table


def read_authority(table: Table, base: Path) -> str:
    """The PEM text of the file that ``ca`` names, relative to ``base``; empty without one."""
    path = table.path("ca", base)
    if path is None:
        return ""
    try:
        text = path.read_bytes().decode("ascii", errors="ignore")  # what is not ASCII in it is comment
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=text)
    except ssl.SSLError as error:
        table.fault("ca", f"{path} holds no certificate as PEM: {error.reason or error}")
    except OSError as error:
        table.fault("ca", f"{path} can't be read: {error.strerror}")
    except ValueError as error:
        table.fault("ca", f"{path} holds no certificate as PEM: {error}")
    else:
        return text
    return ""
