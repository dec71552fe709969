"""Tool tips of more than a few words."""

import html
import re


def tool_tip(text: str, head: str = "") -> str:
    """Keras' help as a tool tip that wraps; what stands between back-quotes is set as code."""
    body = html.escape(text).replace("\n\n", "<br><br>").replace("\n", "<br>")
    body = re.sub(r"`+([^`]+)`+", r"<code>\1</code>", body)
    body = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", body)
    first = f"<b>{html.escape(head)}</b><br>" if head else ""
    return f"<qt>{first}{body}</qt>"
