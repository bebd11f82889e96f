"""What an edit changed."""

from __future__ import annotations

import difflib


def difference(old_text: str, new_text: str) -> str:
    """Paragraphs taken out ("- ") and put in ("+ "), in the text's order; empty where nothing changed."""
    old, new = old_text.split("\n"), new_text.split("\n")
    changes = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    lines: list[str] = []
    for kind, old_start, old_end, new_start, new_end in changes:
        if kind != "equal":
            lines += [f"- {line}" for line in old[old_start:old_end]] + [f"+ {line}" for line in new[new_start:new_end]]
    return "\n".join(lines)
