"""Secrets in every combination of a name, its spelling and escapes, what separates it from its value, and quotes."""

from collections.abc import Callable, Iterator
from itertools import product
from typing import Final

__all__ = ["ESCAPES", "FORMS", "NAMES", "PLACED", "SECRET", "SPELLINGS", "VALUES", "texts"]

SECRET: Final = "zQ7planted7xK9"

NAMES: Final = (
    *("api key", "api secret", "secret key", "secret", "private key", "access key", "access token"),
    *("refresh token", "client secret", "signature", "sign", "sig", "hmac", "pass", "pwd", "passphrase"),
    *("password", "passwd", "passcode", "cookie", "set cookie", "authorization", "credentials", "listen key"),
    *("x bapi sign", "x bapi api key", "x mbx apikey", "ok access key", "ok access passphrase", "api sign"),
    *("cb access sign", "authent", "jwt", "token", "pin", "totp", "otp", "seed", "seed phrase", "mnemonic"),
    *("session id", "sid", "session token", "encryption key", "signing key", "sign key", "hmac key"),
    *(
        "master key",
        "wallet key",
        "csrf token",
        "api signature",
        "aws secret access key",
        "aws access key id",
    ),
)
# Names as people write them.
WORDS: Final = (
    *(
        "api key",
        "secret key",
        "private key",
        "api secret key",
        "api private key",
        "access key",
        "api secret",
    ),
    "signing key",
)
COMMON: Final = (
    *("api key", "secret", "signature", "passphrase", "x bapi sign", "cookie", "authorization", "listen key"),
    *("token", "access key"),
)


def _capitalized(name: str) -> str:
    return "".join(word.capitalize() for word in name.split())


def _camel(name: str) -> str:
    joined = _capitalized(name)
    return joined[:1].lower() + joined[1:]


SPELLINGS: Final[dict[str, Callable[[str], str]]] = {
    "camelCase": _camel,
    "PascalCase": _capitalized,
    "snake_case": lambda name: name.replace(" ", "_"),
    "kebab-case": lambda name: name.replace(" ", "-"),
    "CAPITALS": lambda name: name.replace(" ", "_").upper(),
    "Train-Case": lambda name: "-".join(map(str.capitalize, name.split())),
    "joined": lambda name: name.replace(" ", ""),
    "with a prefix": lambda name: f"BINANCE_{name.replace(' ', '_').upper()}",
    "with a camel's prefix": lambda name: f"my{_capitalized(name)}",
    "behind a dot": lambda name: f"bybit.{_camel(name)}",
    "numbered": lambda name: f"{name.replace(' ', '_')}_1",
}


def _all(form: str) -> Callable[[str], str]:
    return lambda name: "".join(form % ord(char) for char in name)


def _first(form: str) -> Callable[[str], str]:
    return lambda name: form % ord(name[0]) + name[1:]


ESCAPES: Final[dict[str, Callable[[str], str]]] = {
    "JSON": _first("\\u%04x"),
    "JSON, all": _all("\\u%04x"),
    "JSON in JSON": _first("\\\\u%04x"),
    "JavaScript": _first("\\u{%x}"),
    "Python": _first("\\x%02x"),
    "Python, all": _all("\\x%02X"),
    "Python, long": _first("\\U%08x"),
    "a shell": _first("\\%03o"),
    "HTML": _first("&#%d;"),
    "HTML, all": _all("&#%d;"),
    "HTML, hexadecimal": _first("&#x%X;"),
    "HTML, zeros": _first("&#0%d;"),
    "HTML in HTML": _first("&amp;#%d;"),
    "a URL": _first("%%%02X"),
    "a URL, all": _all("%%%02x"),
    "a URL in a URL": _first("%%25%02X"),
}

VALUES: Final = {
    "short": SECRET,
    "long": SECRET.ljust(64, "a"),
    "base64": f"{SECRET}/ab+cdEF0123456789012345678901234==",
    "with hyphens": f"{SECRET}-4e2c-4711",
    "with a slash": f"a/{SECRET}",
}

# ``N`` is the name, ``V`` the value.
FORMS: Final = (
    # Objects
    *('{"N":"V","a":1}', '{"N": "V", "a": 1}', r"{\"N\":\"V\",\"a\":1}", '{"N": 7, "x-N": ["V"]}'),
    *("{'N': 'V', 'a': 1}", "{b'N': b'V'}", "{ N: 'V', a: 1 }", '{ N: "V", a: 1 }', "{a=b, N=V}"),
    *('{"N":{"a":{"b":{"c":"V"}}}}', "N: {a: {b: {c: 'V'}}}", "N={a: {b: 'V'}}", "N: [[['V']]]"),
    *('N":"V"}', '{"N":"V', "{N:V A:b}", "&{A:b N:V}", "map[N:[V] a:[b]]", 'http.Header{"N":[]string{"V"}}'),
    # The quote before the name was lost, as in a cell of CSV.
    *('{N":[]string{"V"}}', 'N:[]string{"V"}', 'N":[]interface {}{"V"}'),
    # Pairs
    *("[('N', 'V'), ('a', 'b')]", '[["N","V"],["a","b"]]', "['a', 'b', 'N', 'V']", '"N","V"'),
    *('{"name":"N","value":"V"}', '{"key":"N","value":{"a":"V"}}', '{"value":"V","name":"N"}', ':N=>"V"'),
    # Headers and parameters
    *(
        "N: V",
        "GET /x HTTP/1.1\r\nN: V\r\nA: b",
        "N:V",
        "/path?a=1&N=V&b=2",
        "N=V",
        "N%3DV%26x",
        "N%253DV%2526",
    ),
    *(
        "%7B%22N%22%3A%22V%22%7D",
        r"a=1\u0026N\u003dV\u0026b=2",
        "curl -H 'N: V' https://h/",
        "curl -d 'N=V&a=1' h",
    ),
    # Programs
    *("N = V", 'N = "V"', "N='V'", 'N := "V"', "N := V", 'N="""V"""', "N = '''V'''", "N: b'V'", "N = f'V'"),
    *("N: `V`", "N: \u201cV\u201d", "N=<V>", "N('V')", "dict(N='V')", "Config(a=1, N='V')", 'N: Some("V")'),
    *(
        "headers['N'] = 'V'",
        'headers["N"]="V"',
        "setHeader('N', 'V')",
        "x.append(('N', 'V'))",
        "N -> V",
        "N => V",
    ),
    *("N=>V", "N->V", "N:b'V'", 'N: {"a":"V"}', '{"key":"N","value":"V"}', "N -> {'a': 'V'}"),
    *("N \u2192 V", "N==V", "--N V", "--N=V", "--N 'V'", "export N=V", '(:N "V")', "msg=x N=V level=y"),
    *("[N] => V", '["N"]=>\n  string(14) "V"', 's:6:"N";s:14:"V";', '[a]\nN = "V"\n'),
    # Documents
    *("N: |\n  a\n  V\nb: 1", "N: >-\n  V\n\n  V\n", "N:\n  V", "N:\n  - V\n  - V\n", "N:\n- V\n- V\n"),
    *(
        "N:\n  a: V\n  b: V\n",
        "- a: 1\n  N: |\n    V\n    V\n",
        r"a: 1\nN: |\n  a\n  V\nb: 1",
        "'N': |\n  a\n  V\n",
    ),
    *("<N>V</N>", '<a N="V"/>', "<a N='V'/>", "<td>N</td><td>V</td>", "<input name='N' value='V'>"),
    *("{&quot;N&quot;:&quot;V&quot;}", "<dt>N</dt><dd>V</dd>"),
    # Tables and sentences
    *(
        "N\tV",
        r"N\tV",
        "N | V",
        "| N | V |",
        "\u2502 N \u2502 V \u2502",
        "N....: V",
        "N\uff1aV",
        "N,V",
        "N;V",
    ),
    *(
        "N V",
        "N is V",
        "set N to V",
        "Invalid N V",
        "Invalid N 'V'",
        "Invalid N: V",
        "bad value for N, got V",
        "N(V)",
    ),
)
SHORT_FORMS: Final = ('{"N":"V","a":1}', "N=V", "/path?a=1&N=V&b=2")
ESCAPED_FORMS: Final = (
    *SHORT_FORMS,
    "N: V",
    "{'N': 'V'}",
    "<N>V</N>",
    '{"name":"N","value":"V"}',
    "['a', 'N', 'V']",
)


_IN_WORDS: Final[list[Callable[[str], str]]] = [str, str.title, str.upper, "My {}".format]


def texts() -> Iterator[str]:
    """Every text."""
    spelled = [*SPELLINGS.values()]
    for name, spell, form in product(NAMES, spelled, SHORT_FORMS):
        yield _text(form, spell(name), SECRET)
    for name, spell, form in product(COMMON, spelled[:7], FORMS):
        yield _text(form, spell(name), SECRET)
    for name, spell, form in product(WORDS, _IN_WORDS, FORMS):
        yield _text(form, spell(name), SECRET)
    for name, form, value in product(COMMON, FORMS, VALUES.values()):
        yield _text(form, _camel(name), value)
    for name, escape, form in product(COMMON, ESCAPES.values(), ESCAPED_FORMS):
        yield _text(form, escape(_camel(name)), SECRET)


def _text(form: str, name: str, value: str) -> str:
    return form.replace("V", "\0").replace("N", name).replace("\0", value)


_ESCAPE_OF_EACH: Final[list[Callable[[str], str]]] = [str, *ESCAPES.values()]
PLACED: Final = tuple(
    _ESCAPE_OF_EACH[i % len(_ESCAPE_OF_EACH)]([*SPELLINGS.values()][i % len(SPELLINGS)](name))
    for i, name in enumerate(NAMES)
)
"""Names for places in logs, each in another spelling and with other escapes."""
