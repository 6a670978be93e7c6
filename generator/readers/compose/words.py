"""Command lines as their words, cut as Docker Compose cuts them: no shell, and nothing after its `;` or `|`."""

from __future__ import annotations

_ENDS = frozenset(";&|<>")
_ESCAPED = {"t": "\t", "n": "\n"}
_BLANK = frozenset(" \t\r\n")


class _Line:
    """A command line while it is read, one character at a time."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.word = ""
        self.begun = False
        self.quote = ""
        """The quote that is open, the backquote and the `)` that ends a `$(` included; empty where none is."""
        self.escaped = False

    def take(self, char: str) -> bool:
        """Take in a character; return whether the line goes on."""
        if self.escaped:
            self._add(_ESCAPED.get(char, char))
            self.escaped = False
        elif char == "\\" and self.quote != "'":
            self.escaped = True
        elif self.quote:
            self._in_quote(char)
        elif char in _BLANK:
            self.end()
        elif char in _ENDS:
            if char == ">" and self.word.isdigit():
                self.begun = False
            return False
        else:
            self._open(char)
        return True

    def end(self) -> None:
        """End the word that has begun."""
        if self.begun:
            self.words.append(self.word)
        self.word, self.begun = "", False

    def _open(self, char: str) -> None:
        if char in {'"', "'"}:
            self.quote, self.begun = char, True
        elif char == "`" or (char == "(" and self.word.endswith("$")):
            self.quote = ")" if char == "(" else char
            self._add(char)
        else:
            self._add(char)

    def _in_quote(self, char: str) -> None:
        if char != self.quote:
            self._add(char)
            return
        if char in {"`", ")"}:
            self._add(char)
        self.quote = ""

    def _add(self, char: str) -> None:
        self.word += char
        self.begun = True


def split_words(text: str) -> list[str]:
    """Return the words of a command line; the whole as one word where a quote never closes."""
    line = _Line()
    for char in text:
        if not line.take(char):
            break
    line.end()
    return [text] if line.quote or line.escaped else line.words
