"""Which settings are secret, by their name or by the form of their value, and what is left of them.

A password becomes its fingerprint before anything else sees it. Where a value only holds a secret (an address with a
login, a connection string, a script), the secret part alone is masked, so that the host stays readable; where in
doubt, more is masked than needed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Container

    from generator.readers.reader import Mask


class Protected(NamedTuple):
    """A value that may be shown."""

    text: str
    """The raw text, with what is secret in it masked."""
    secret: bool
    """True where something was masked."""


ENCRYPTED = "encrypted:"
"""What a fingerprint begins with where the repository holds the value in encrypted form; others say `secret:`."""


_NAME_HINT = re.compile(r"pass|pwd|secret|token|key|cred|authorization|signature", re.IGNORECASE)
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_STEMS = re.compile(
    r"password|passwd|passphrase|secret|credential|sharedaccesssignature|(?:api|acces|access|private|preshared|signing|"
    r"encryption|master|account|auth|session|hmac|license)key|(?:token|tokens|pwd|authorization)$"
)
_KEY_OWNER = re.compile(
    "api|access|private|secret|signing|encryption|master|account|auth|shared|preshared|session|hmac|license|app"
)
_NAMING = frozenset({"username", "name"})
"""Words before a last `key` that say what is found under it, be it in a secret: `credentials.username_key`."""
_LOOK_UP = frozenset({"foreign", "sort", "partition", "cache", "routing", "group", "map"})
"""Words before a last `key` by which something is found or sorted, so that no owner makes a secret of it."""
_POINTER = re.compile(
    "names?|files?|filename|paths?|dir|directory|urls?|uri|endpoint|host|port|ttl|expiry|expires?|expiration|lifetime|"
    "length|size|types?|algorithm|alg|issuer|enabled?|disabled?|required|count|limit|max|min|timeout|ref|reference|"
    "version|prefix|suffix|headers?|field|column|policy|seconds|minutes|hours|days|interval|audience|mount|store|"
    "provider|rotation|format|mode|validation|strategy|label|class|namespace|user|username|location|generator|arn|"
    "source|status|rules|engine|backend"
)
"""Last words of names that say where a secret is, or something about it, and don't hold it."""
_OPEN = frozenset({"pull", "public", "publishable", "from"})
"""Words of names that hold what is no secret, or name the place that a secret is taken from."""
_NO_SECRET = frozenset({"true", "false", "yes", "no", "on", "off", "none", "null"})
_REFERENCE = re.compile(r"\$\([^()]*\)|\$\{[^{}]*\}|\$[A-Z_][A-Z0-9_]*|\{\{[^{}]*\}\}")

_MAYBE = re.compile(
    r"@|-----BEGIN|ENC\[|\$ANSIBLE_VAULT|eyJ|pass|pwd|secret|token|key|cred|sig|auth|gh[pousr]_|github_pat|glpat|xox|AKIA|ASIA|AIza"
    r"|[sr]k_live|hooks\.slack|bearer|basic",
    re.IGNORECASE,
)
_CIPHER = re.compile(
    r"\bENC\[[A-Z0-9_]+,[^\]\[]*\]"
    r"|\$ANSIBLE_VAULT;[\d.]{1,9};AES256[^\n]{0,80}(?:\n[ \t]*[0-9a-f]+)+"
    r"|-----BEGIN (?P<tool>AGE ENCRYPTED FILE|PGP MESSAGE)-----[\w\s+/=:.()]*?-----END (?P=tool)-----"
)
"""What is encrypted by SOPS or EYAML, by Ansible, by age or GnuPG."""
_CIPHERED = re.compile(r"\bencrypted:[0-9a-f]{12}(?![0-9a-f])")
_READABLE = re.compile(r"\bsecret:[0-9a-f]{12}")
_FORMS = re.compile(
    r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----.*?(?:-----END [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----|\Z)"
    r"|(?<![\w-])(?:eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*|gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abeprs]-[\w-]{10,}|(?:AKIA|ASIA)[A-Z0-9]{16}\b"
    r"|AIza[\w-]{30,}|[sr]k_live_\w{10,})"
    r"|(?<=hooks\.slack\.com/services/)[\w/]+"
    r"|^(?:Basic|Bearer) (?=\S*[A-Z0-9=])[\w+/=.~-]{8,}$",
    re.DOTALL,
)

_SCHEME = re.compile(r"(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{0,30}://")
_URL_END = re.compile(r'[\s"<>]')
_AUTHORITY = re.compile(r"[^/?#\\]*")
_WEB = ("http://", "https://", "ws://", "wss://")
_TOKEN_USER = 20
_LOGIN = re.compile(r"""([^\s:/@"'$]+:[^\s]+)@(?=(?:tcp|unix)\(|(?!sha\d)[A-Za-z][\w.-]*(?::\d+)?(?:[/?]|$))""")
_NO_LOGIN = ("mailto:", "acct:", "git@")

_KEY = r"[A-Za-z_][\w.-]{0,80}"
_PAIR = re.compile(
    rf"""(?<![\w.-])(?:-{{0,2}}(?P<key>{_KEY})\\?["']?\s{{0,8}}(?::(?!//)|=(?!=))[ \t]{{0,8}}"""
    rf"""|--(?P<flag>{_KEY})[ \t]{{1,8}}(?=[^-\s]))"""
)
_PORT = re.compile(r"\d{1,5}(?![\w.-])")
_QUERY_SECRETS = frozenset({"sig", "signature", "key", "auth", "x-amz-signature", "x-amz-credential"})
_QUOTED = re.compile(r""""(?P<a>(?:[^"\\]|\\.)*)"|'(?P<b>[^'\n]*)'|\\"(?P<c>.*?)\\\"""")
_IN_QUERY = re.compile(r"""(?P<a>[^&\s#"'<>]*)""")
_REST_OF_LINE = re.compile(r"(?P<a>[^\r\n]*)")
_UNTIL_NEXT_PAIR = re.compile(r"(?P<a>[^\r\n]*?)(?=[;,]\s{0,8}\w[\w ]{0,60}=|[\r\n]|\Z)")
_BLOCK = re.compile(r"[|>][-+0-9]{0,2}[ \t]*\r?\n")
_UNTIL_SEMICOLON = re.compile(r"(?P<a>[^;\r\n]*)")
_BARE = re.compile(r"""(?P<a>(?:(?:Basic|Bearer|Token)[ ]+)?[^\s"';&]*?)(?=,\w+=|[\s"';&]|\Z)""", re.IGNORECASE)
_AROUND = 200
"""Characters looked at on either side of a key to tell what kind of text it stands in."""
_LINE_START = re.compile(r"[ \t]*(?:- |export )?[ \t]*")


def is_secret_name(name: str) -> bool:
    """Return whether a setting of this name holds a secret itself, not where it is kept or how long it lasts.

    `DB_PASSWORD`, `apiKey` and `AWS_SECRET_ACCESS_KEY` do; `PASSWORD_FILE`, `tokenUrl`, `imagePullSecrets` and
    `auth.username_key` do not.
    """
    if not _NAME_HINT.search(name):
        return False
    words = [word.lower() for word in _WORD.findall(name)]
    while words and words[-1].isdigit():
        words.pop()
    if not words or _POINTER.fullmatch(words[-1]) or words[0] == "existing" or not _OPEN.isdisjoint(words):
        return False
    if words[-1] == "key":
        before = "".join(words[-2:-1])
        if before in _NAMING:
            return False
        if before not in _LOOK_UP and any(_KEY_OWNER.fullmatch(word) for word in words):
            return True
    return words[-1] in {"pass", "pw"} or "token" in words or _STEMS.search("".join(words)) is not None


def protect(name: str, value: str, mask: Mask) -> Protected:
    """Return `value` of the setting `name` with its secrets masked: all of it where the name says that it is one."""
    if not value or _REFERENCE.fullmatch(value):
        return Protected(value, secret=False)
    if is_encrypted(value) or (is_secret_name(name) and _can_be_secret(name, value)):
        return Protected(fingerprint(value, mask), secret=True)
    masked = mask_within(value, mask)
    return Protected(masked, masked != value)


def mask_within(value: str, mask: Mask) -> str:
    """Return `value` with logins in addresses, passwords in connection strings, keys and tokens masked."""
    if not _MAYBE.search(value):
        return value
    hidden: set[str] = set()

    def hide(found: re.Match[str]) -> str:
        shown = encrypted_fingerprint(found[0], mask)
        hidden.add(shown)
        return shown

    value = _CIPHER.sub(hide, value)
    value = _FORMS.sub(lambda found: mask(found[0]), value)
    if "@" in value:
        value = _mask_logins(value, mask)
    return _mask_pairs(value, mask, hidden)


def is_encrypted(value: str) -> bool:
    """Return whether the whole value is in encrypted form, so that nobody reads a secret in it."""
    return _CIPHER.fullmatch(value.strip()) is not None


def encrypted_fingerprint(value: str, mask: Mask) -> str:
    """Return the fingerprint of a value in encrypted form, such as `encrypted:5f1c0a9be2d4`.

    It tells whether the encrypted form changed. Encrypting the same value again changes it too, so what changed may be
    the secret, or only its wrapping.
    """
    return ENCRYPTED + mask(value).removeprefix("secret:")


def fingerprint(value: str, mask: Mask) -> str:
    """Return the fingerprint of a whole value that is secret, which tells whether it is in encrypted form."""
    return encrypted_fingerprint(value.strip(), mask) if is_encrypted(value) else mask(value)


def only_encrypted(value: str) -> bool:
    """Return whether all that is masked in a field's `value` stands in the repository in encrypted form."""
    return _CIPHERED.search(value) is not None and _READABLE.search(value) is None


def _can_be_secret(name: str, value: str) -> bool:
    """Return whether the value is more than a switch or, for a limit such as `MAX_TOKENS`, a number."""
    if value.lower() in _NO_SECRET:
        return False
    return not (value.isdigit() and re.search(r"tokens|max|min", name, re.IGNORECASE))


def _mask_logins(value: str, mask: Mask) -> str:
    login = None if value.startswith(_NO_LOGIN) or "://" in value else _LOGIN.match(value)
    if login:
        return value if _is_reference(login[1]) else f"{mask(login[1])}@{value[login.end() :]}"
    starts = [(found.start(), found.end()) for found in _SCHEME.finditer(value)]
    parts, done = [], 0
    for place, (start, begin) in enumerate(starts):
        limit = starts[place + 1][0] if place + 1 < len(starts) else len(value)
        stop = _URL_END.search(value, begin, limit)
        end = stop.start() if stop else limit
        size = _login_size(value[start:begin], value[begin:end])
        if size:
            parts += [value[done:begin], mask(value[begin : begin + size])]
            done = begin + size
    return "".join([*parts, value[done:]])


def _login_size(scheme: str, rest: str) -> int:
    """Return how many characters after the scheme are a login to mask; 0 where there is none."""
    if "@" not in rest:
        return 0
    found = _AUTHORITY.match(rest)
    authority = found[0] if found else ""
    user, _, password = authority.partition("@")[0].partition(":")
    if "@" not in authority:
        # A password with an unescaped slash: what follows the colon is no port, and an @ still comes.
        return rest.rfind("@") if password and not password.isdigit() else 0
    if password:
        return 0 if _is_reference(password) else rest.rfind("@")
    login = authority.rfind("@")
    if _is_reference(user):
        return 0
    return login if scheme.lower() in _WEB or login >= _TOKEN_USER else 0


def _is_reference(text: str) -> bool:
    return _REFERENCE.fullmatch(text.rpartition(":")[2]) is not None


def _mask_pairs(value: str, mask: Mask, hidden: Container[str]) -> str:
    """Mask the values of `password=...`, `"token": "..."`, `--api-key ...` and the like inside a longer text.

    `hidden` are fingerprints that stand there already.
    """
    parts, done, place = [], 0, 0
    while pair := _PAIR.search(value, place):
        place = pair.end()
        before = value[pair.start() - 1 : pair.start()]
        name = pair["key"] or pair["flag"]
        in_query = before in {"?", "&"}
        if not is_secret_name(name) and not (in_query and name.lower() in _QUERY_SECRETS):
            continue
        if _is_place(value, pair):
            continue
        found = _pair_value(value, pair, in_query=in_query)
        group = next((g for g in found.groupdict() if found[g] is not None), None) if found else None
        if found is None or group is None:
            continue
        secret = found[group]
        # What starts like `$(` is a command or a variable of a script, cut short at its first blank.
        known = secret in hidden or secret.startswith(("$(", "{{")) or _REFERENCE.fullmatch(secret) is not None
        if secret and not known and _can_be_secret(name, secret):
            parts += [value[done : found.start(group)], mask(secret)]
            done = found.end(group)
        place = max(place, found.end())
    return "".join([*parts, value[done:]])


def _is_place(value: str, pair: re.Match[str]) -> bool:
    """Return whether `name:something` is a host with its port or an image with its tag: `token-service:8080`."""
    if pair["key"] is None or not pair[0].endswith(f"{pair['key']}:"):
        return False
    if value.endswith("/", 0, pair.start()):
        return True
    last = _WORD.findall(pair["key"])[-1:]
    return _PORT.match(value, pair.end()) is not None or not (last and is_secret_name(last[0]))


def _pair_value(value: str, pair: re.Match[str], *, in_query: bool) -> re.Match[str] | None:
    """Return the match of the value after a key, as far as the surroundings say that it goes."""
    begin = pair.end()
    quoted = _QUOTED.match(value, begin)
    if quoted:
        return quoted
    if in_query:
        return _IN_QUERY.match(value, begin)
    around = max(0, pair.start() - _AROUND)
    line = value.rfind("\n", around, pair.start()) + 1 or around
    start = _LINE_START.match(value, line, pair.start())
    if pair["key"] and start and start.end() == pair.start():
        if "=" in pair[0]:
            return _UNTIL_NEXT_PAIR.match(value, begin)
        # A block of YAML inside the text goes on for as long as its lines are indented deeper than the key.
        deeper = rf"(?P<a>[^\n]*(?:\n(?:[ \t]{{{pair.start() - line + 1},}}[^\n]*|[ \t]*(?=\n)))*)"
        return re.compile(deeper if _BLOCK.match(value, begin) else _REST_OF_LINE.pattern).match(value, begin)
    if pair["key"] and value.find(";", line, begin + _AROUND) >= 0:
        return _UNTIL_SEMICOLON.match(value, begin)
    return _BARE.match(value, begin)
