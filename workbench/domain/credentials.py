"""Tells whether the address of a database holds a password, which no project may keep."""

import re

VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_PASSWORD = re.compile(r"://[^:/?#@]*:(.+)@", re.DOTALL)
_SECRET = re.compile(r"pass|pwd|token|secret|credential|api_?key|odbc_connect", re.IGNORECASE)


def holds_password(address: str) -> bool:
    """Whether a password, or what may be one, stands in an address like `postgresql://user:password@host/name`. The
    name of an environment variable in its place, `${NAME}`, is none."""
    found = _PASSWORD.search(address)
    if found and not VARIABLE.fullmatch(found[1]):
        return True
    return bool(_SECRET.search(address.partition("?")[2]))
