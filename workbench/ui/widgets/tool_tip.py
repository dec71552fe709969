"""Tool tips of more than a few words."""

import html
import re

from workbench.ui.theme.tokens import HEAVY


def plain_tip(text: str) -> str:
    """A text of the person's own, such as a name or a cell, as a tool tip that wraps and in which nothing is markup."""
    return f"<qt>{html.escape(text).replace(chr(10), '<br>')}</qt>"


def tool_tip(text: str, head: str = "") -> str:
    """Keras' help as a tool tip that wraps; what stands between back-quotes is set as code."""
    body = html.escape(text).replace("\n\n", "<br><br>").replace("\n", "<br>")
    body = re.sub(r"`+([^`]+)`+", r"<code>\1</code>", body)
    body = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", body)
    first = f'<span style="font-weight:{HEAVY}">{html.escape(head)}</span><br>' if head else ""
    return f"<qt>{first}{body}</qt>"
