"""Tool tips of more than a few words."""

import html
import re

from workbench.ui.theme.tokens import HEAVY


def plain_tip(text: str) -> str:
    """A text of the person's own, such as a name or a cell, as a tool tip that wraps and in which nothing is markup."""
    return f"<qt>{html.escape(text).replace(chr(10), '<br>')}</qt>"


def tip_of_cut(text: str, tip: str) -> str:
    """The tool tip of something that had no room for its own text: that text, then what its tip says beside it."""
    if not tip.startswith("<qt>"):
        return plain_tip("\n".join(filter(None, (text, "" if tip == text else tip))))
    return tip if html.escape(text) in tip else f"<qt>{html.escape(text)}<br>{tip.removeprefix('<qt>')}"


def tool_tip(text: str, head: str = "") -> str:
    """Keras' help as a tool tip that wraps; what stands between back-quotes is set as code."""
    body = html.escape(text).replace("\n\n", "<br><br>").replace("\n", "<br>")
    body = re.sub(r"`+([^`]+)`+", r"<code>\1</code>", body)
    body = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", body)
    first = f'<span style="font-weight:{HEAVY}">{html.escape(head)}</span><br>' if head else ""
    return f"<qt>{first}{body}</qt>"
