"""The options of curl: which take a value, and the long name of each short one."""

from __future__ import annotations

SHORT = {
    "0": "http1.0", "1": "tlsv1", "2": "sslv2", "3": "sslv3", "4": "ipv4", "6": "ipv6", "#": "progress-bar",
    ":": "next", "a": "append", "A": "user-agent", "b": "cookie", "B": "use-ascii", "c": "cookie-jar",
    "C": "continue-at",
    "d": "data", "D": "dump-header", "e": "referer", "E": "cert", "f": "fail", "F": "form", "g": "globoff", "G": "get",
    "H": "header", "i": "include", "I": "head", "j": "junk-session-cookies", "J": "remote-header-name",
    "k": "insecure", "K": "config", "l": "list-only", "L": "location", "m": "max-time", "M": "manual", "n": "netrc",
    "N": "no-buffer", "o": "output", "O": "remote-name", "p": "proxytunnel", "P": "ftp-port", "q": "disable",
    "Q": "quote", "r": "range", "R": "remote-time", "s": "silent", "S": "show-error", "t": "telnet-option",
    "T": "upload-file", "u": "user", "U": "proxy-user", "v": "verbose", "V": "version", "w": "write-out",
    "x": "proxy", "X": "request", "y": "speed-time", "Y": "speed-limit", "z": "time-cond", "Z": "parallel",
}  # fmt: skip

WITH_VALUE = frozenset({
    "abstract-unix-socket", "alt-svc", "aws-sigv4", "cacert", "capath", "cert", "cert-type", "ciphers", "config",
    "connect-timeout", "connect-to", "continue-at", "cookie", "cookie-jar", "create-file-mode", "crlfile", "curves",
    "data", "data-ascii", "data-binary", "data-raw", "data-urlencode", "delegation", "dns-interface", "dns-ipv4-addr",
    "dns-ipv6-addr", "dns-servers", "doh-url", "dump-header", "egd-file", "engine", "etag-compare", "etag-save",
    "expect100-timeout", "form", "form-string", "ftp-account", "ftp-port", "happy-eyeballs-timeout-ms", "header",
    "hostpubmd5", "hostpubsha256", "hsts", "interface", "ipfs-gateway", "json", "keepalive-time", "key", "key-type",
    "krb", "libcurl", "limit-rate", "local-port", "login-options", "mail-auth", "mail-from", "mail-rcpt",
    "max-filesize", "max-redirs", "max-time", "netrc-file", "noproxy", "oauth2-bearer", "output", "output-dir",
    "parallel-max", "pass", "pinnedpubkey", "preproxy", "proto", "proto-default", "proto-redir", "proxy",
    "proxy-cacert", "proxy-cert", "proxy-ciphers", "proxy-header", "proxy-key", "proxy-pass", "proxy-user",
    "proxy1.0", "pubkey", "quote", "random-file", "range", "rate", "referer", "request", "request-target", "resolve",
    "retry", "retry-delay", "retry-max-time", "sasl-authzid", "service-name", "socks4", "socks4a", "socks5",
    "socks5-hostname", "speed-limit", "speed-time", "stderr", "telnet-option", "tftp-blksize", "time-cond",
    "tls-max", "tls13-ciphers", "tlspassword", "tlsuser", "trace", "trace-ascii", "unix-socket", "upload-file", "url",
    "url-query", "user", "user-agent", "variable", "write-out",
})  # fmt: skip

WITHOUT_MEANING = frozenset({
    "silent", "show-error", "verbose", "include", "fail", "fail-with-body", "fail-early", "progress-bar", "output",
    "remote-name", "remote-header-name", "remote-time", "output-dir", "create-dirs", "write-out", "compressed",
    "no-buffer", "globoff", "stderr", "trace", "trace-ascii", "trace-time", "dump-header", "cookie-jar",
    "styled-output", "no-progress-meter", "keepalive", "no-keepalive", "no-compressed",
    "ipv4", "ipv6", "disable", "path-as-is", "basic",
    "tcp-nodelay", "parallel", "location-trusted", "sslv3", "tlsv1", "tlsv1.0", "tlsv1.1", "tlsv1.2", "tlsv1.3",
    "ssl-no-revoke", "no-alpn", "alpn", "junk-session-cookies", "no-sessionid",
})  # fmt: skip
"""Options that say where curl puts the answer or how it talks about it: nothing of the request is lost without them."""


def read(words: list[str]) -> list[tuple[str, str]]:
    """Return (long name, value) in order; a word that is no option comes as `url`.

    Short options may be combined (`-sSLX POST`, `-XPOST`); an option that wants a value and has none is dropped.
    """
    options: list[tuple[str, str]] = []
    position = 0
    only_addresses = False
    while position < len(words):
        word = words[position]
        position += 1
        if only_addresses or not word.startswith("-") or word == "-":
            options.append(("url", word))
        elif word == "--":
            only_addresses = True
        elif word.startswith("--"):
            name, equals, attached = word[2:].partition("=")
            if name not in WITH_VALUE:
                options.append((name, ""))
            elif equals:
                options.append((name, attached))
            elif position < len(words):
                options.append((name, words[position]))
                position += 1
        else:
            position = _short(word[1:], words, position, options)
    return options


def _short(letters: str, words: list[str], position: int, options: list[tuple[str, str]]) -> int:
    for at, letter in enumerate(letters):
        name = SHORT.get(letter, letter)
        if name not in WITH_VALUE:
            options.append((name, ""))
            continue
        if at + 1 < len(letters):
            options.append((name, letters[at + 1 :]))
        elif position < len(words):
            options.append((name, words[position]))
            position += 1
        break
    return position
