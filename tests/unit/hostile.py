"""Text that would act if it were let: markup, Markdown, terminal commands, null bytes, direction marks."""

from __future__ import annotations

HTML = "</pre></style></title><script>document.title='owned'</script><img src=x onerror=alert(1)><b>bold</b>"
MARKDOWN = (
    "\n# heading\n- [ ] item\n**bold** `code` ![i](http://127.0.0.1:9/i) <details>"
    " | a | b |\n```\n~~~\n1. one\n\tcode\n=====\n<!-- "
)
TERMINAL = "\x1b[31mred\x1b[0m\x1b]0;title\x07\x1b[2J\r\x08\x9b31m"
UNSEEN = "\x00\u202egnp.exe\u202c\u2066x\u2069\u200b\u200f\ufeff\u2028"
LONG = "W" * 2000

HOSTILE = f" {HTML} {MARKDOWN} {TERMINAL} {UNSEEN} {LONG}"
"""All of it in one."""

ACTING = frozenset("\x00\x07\x08\r\x1b\x9b\u202e\u202c\u2066\u2069\u200b\u200f\ufeff\u2028")
"""Characters that must not come out as they are."""
