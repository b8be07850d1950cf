"""The words of one pasted command line, as a POSIX shell or the Windows command prompt would split it."""

from __future__ import annotations

import re

_CARETS = re.compile(r"\^\"|\^\r?\n")
_ESCAPES = {
    "n": "\n", "t": "\t", "r": "\r", "\\": "\\", "'": "'", '"': '"', "?": "?",
    "a": "\a", "b": "\b", "e": "\x1b", "E": "\x1b", "f": "\f", "v": "\v",
}  # fmt: skip
_CODE = re.compile(r"x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{1,4})|U([0-9A-Fa-f]{1,8})|([0-7]{1,3})")


def split(text: str) -> list[str] | None:
    """Return the words of the first command in a text, or None where a quote is not closed.

    A text with `^"` or a line that ends in `^` is read as the Windows command prompt reads it, any other as a POSIX
    shell does, `$'...'` included. Variables and globs of the shell are left as they stand.
    """
    if _CARETS.search(text):
        return _windows_words(_without_carets(text))
    return _Posix(text).words()


class _Posix:
    def __init__(self, text: str) -> None:
        self._text = text.replace("\r\n", "\n").strip()
        self._position = 0
        self._word: list[str] | None = None
        self._words: list[str] = []

    def words(self) -> list[str] | None:
        text = self._text
        while self._position < len(text):
            character = text[self._position]
            if character == "\n":
                if self._words or self._word is not None:
                    break
                self._position += 1
            elif character in " \t":
                self._end_word()
                self._position += 1
            elif self._word is None and character == "#":
                break
            elif character in ";|<>" or (character == "&" and self._stands_apart()):
                # The next command, or where the answer of this one goes.
                break
            elif not self._piece(character):
                return None
        self._end_word()
        return self._words

    def _stands_apart(self) -> bool:
        # `?a=1&b=2` without quotes is no command for a shell, but it is what the person means.
        following = self._text[self._position + 1 : self._position + 2]
        return self._word is None or following in ("", " ", "&", "\n")

    def _piece(self, character: str) -> bool:
        """Read one quoted part or one character; False where a quote is not closed."""
        text, start = self._text, self._position
        if character == "'":
            end = text.find("'", start + 1)
            if end < 0:
                return False
            self._add(text[start + 1 : end], end + 1)
        elif character == '"':
            return self._double_quoted()
        elif text.startswith("$'", start):
            return self._ansi_quoted()
        elif character == "\\":
            following = text[start + 1 : start + 2]
            if following == "\n":
                self._position += 2
            else:
                self._add(following, start + 2)
        else:
            self._add(character, start + 1)
        return True

    def _double_quoted(self) -> bool:
        text, position = self._text, self._position + 1
        parts: list[str] = []
        while position < len(text):
            character = text[position]
            if character == '"':
                self._add("".join(parts), position + 1)
                return True
            if character == "\\" and text[position + 1 : position + 2] in ('"', "\\", "$", "`", "\n"):
                following = text[position + 1]
                parts.append("" if following == "\n" else following)
                position += 2
            else:
                parts.append(character)
                position += 1
        return False

    def _ansi_quoted(self) -> bool:
        text, position = self._text, self._position + 2
        parts = bytearray()
        while position < len(text):
            character = text[position]
            if character == "'":
                self._add(parts.decode("utf-8", "replace"), position + 1)
                return True
            if character != "\\":
                parts += character.encode("utf-8", "replace")
                position += 1
                continue
            code = _CODE.match(text, position + 1)
            if code is not None:
                byte, short, long, octal = code.groups()
                if short or long:
                    parts += _character(int(short or long, 16)).encode("utf-8", "replace")
                else:
                    parts.append(int(byte, 16) if byte else int(octal, 8) & 0xFF)
                position = code.end()
            else:
                following = text[position + 1 : position + 2]
                parts += _ESCAPES.get(following, "\\" + following).encode("utf-8", "replace")
                position += 2
        return False

    def _add(self, text: str, position: int) -> None:
        if self._word is None:
            self._word = []
        self._word.append(text)
        self._position = position

    def _end_word(self) -> None:
        if self._word is not None:
            self._words.append("".join(self._word))
            self._word = None


def _character(code: int) -> str:
    return chr(code) if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else "\ufffd"


def _without_carets(text: str) -> str:
    """Return the text as the command prompt hands it on: `^x` is x, `^` at the end of a line joins it to the next."""
    text = text.replace("\r\n", "\n").strip()
    out: list[str] = []
    position = 0
    quoted = False
    while position < len(text):
        character = text[position]
        if character == "^" and not quoted:
            following = text[position + 1 : position + 2]
            if following == "\n":
                # An empty line behind it is a line break that belongs to the argument.
                if text[position + 2 : position + 3] == "\n":
                    out.append("\n")
                    position += 1
            else:
                out.append(following)
            position += 2
            continue
        if character == '"':
            quoted = not quoted
        if character == "\n" and not quoted:
            break
        out.append(character)
        position += 1
    return "".join(out)


def _windows_words(text: str) -> list[str] | None:
    """Split as programs of Windows split their command line: backslashes count only before a double quote."""
    words: list[str] = []
    word: list[str] | None = None
    quoted = False
    position = 0
    while position < len(text):
        character = text[position]
        if character == "\\":
            end = position
            while text[end : end + 1] == "\\":
                end += 1
            count = end - position
            before_quote = text[end : end + 1] == '"'
            word = word if word is not None else []
            word.append("\\" * (count // 2 if before_quote else count))
            if before_quote and count % 2:
                word.append('"')
                end += 1
            position = end
            continue
        if character == '"':
            word = word if word is not None else []
            if quoted and text[position + 1 : position + 2] == '"':
                word.append('"')
                position += 1
            else:
                quoted = not quoted
        elif character.isspace() and not quoted:
            if word is not None:
                words.append("".join(word))
            word = None
        else:
            word = word if word is not None else []
            word.append(character)
        position += 1
    if word is not None:
        words.append("".join(word))
    return None if quoted else words
