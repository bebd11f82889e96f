"""What an edit changed."""

from __future__ import annotations

import difflib


def difference(old_text: str, new_text: str) -> str:
    """Paragraphs taken out ("- ") and put in ("+ "), in the text's order; empty where nothing changed."""
    old, new = old_text.split("\n"), new_text.split("\n")
    lines = difflib.ndiff(old, new) if len(old) + len(new) < 400 else difflib.unified_diff(old, new, lineterm="", n=0)
    return "\n".join(
        line for line in lines if line[:2] in ("- ", "+ ") or (line[:1] in "+-" and line[:3] not in ("+++", "---"))
    )
