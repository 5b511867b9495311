"""Requests that another server on the way may cut up differently: each must be refused and the connection closed.

Kept as a table of bytes so that the same shapes can be put through a proxy. Source: RFC 9112, and the request smuggling
literature's usual families (CL.TE, TE.CL, TE.TE, CL.0, chunk lengths, line ends, upgrade).
"""

from __future__ import annotations

HOST = b"Host: a\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"
LAST = b"0\r\n\r\n"


def _post(headers: bytes, body: bytes = b"hello", version: bytes = b"1.1") -> bytes:
    return b"POST /x HTTP/" + version + b"\r\n" + HOST + headers + b"\r\n" + body


def _get(line: bytes = b"GET /x HTTP/1.1", headers: bytes = HOST) -> bytes:
    return line + b"\r\n" + headers + b"\r\n"


def _chunks(body: bytes) -> bytes:
    return _post(CHUNKED, body)


LENGTHS = {
    "length and chunked": _post(b"Content-Length: 5\r\n" + CHUNKED, LAST),
    "chunked and length": _post(CHUNKED + b"Content-Length: 5\r\n", LAST),
    "two lengths": _post(b"Content-Length: 5\r\nContent-Length: 6\r\n"),
    "one length twice": _post(b"Content-Length: 5\r\nContent-Length: 5\r\n"),
    "length list": _post(b"Content-Length: 5, 5\r\n"),
    "length plus": _post(b"Content-Length: +5\r\n"),
    "length minus": _post(b"Content-Length: -5\r\n"),
    "length hex": _post(b"Content-Length: 0x5\r\n"),
    "length space inside": _post(b"Content-Length: 5 5\r\n"),
    "length empty": _post(b"Content-Length:\r\n", b""),
    "length zero-padded": _post(b"Content-Length: 005\r\n"),
    "length underscore": _post(b"Content-Length: 5_0\r\n"),
    "length of 20 digits": _post(b"Content-Length: 99999999999999999999\r\n"),
    "length of 19 digits": _post(b"Content-Length: 9999999999999999999\r\n"),
    "length vertical tab": _post(b"Content-Length: \x0b5\r\n"),
    "length no-break space": _post(b"Content-Length: \xa05\r\n"),
    "length space before colon": _post(b"Content-Length : 5\r\n"),
}

CODINGS = {
    "identity": _post(b"Transfer-Encoding: identity\r\n"),
    "gzip, chunked": _post(b"Transfer-Encoding: gzip, chunked\r\n", LAST),
    "chunked, chunked": _post(b"Transfer-Encoding: chunked, chunked\r\n", LAST),
    "chunked, identity": _post(b"Transfer-Encoding: chunked, identity\r\n", LAST),
    "comma first": _post(b"Transfer-Encoding: , chunked\r\n", LAST),
    "comma last": _post(b"Transfer-Encoding: chunked,\r\n", LAST),
    "chunked twice": _post(CHUNKED + CHUNKED, LAST),
    "identity, then chunked": _post(b"Transfer-Encoding: identity\r\n" + CHUNKED, LAST),
    "chunked, then identity": _post(CHUNKED + b"Transfer-Encoding: identity\r\n", LAST),
    "xchunked": _post(b"Transfer-Encoding: xchunked\r\n", LAST),
    "chunked;q=1": _post(b"Transfer-Encoding: chunked;q=1\r\n", LAST),
    "quoted": _post(b'Transfer-Encoding: "chunked"\r\n', LAST),
    "coding empty": _post(b"Transfer-Encoding:\r\n", LAST),
    "coding vertical tab": _post(b"Transfer-Encoding: \x0bchunked\r\n", LAST),
    "coding no-break space": _post(b"Transfer-Encoding: chunked\xa0\r\n", LAST),
    "coding space before colon": _post(b"Transfer-Encoding : chunked\r\n", LAST),
    "coding folded": _post(b"Transfer-Encoding:\r\n chunked\r\n", LAST),
    "chunked in 1.0": _post(CHUNKED, LAST, b"1.0"),
}

CHUNKS = {
    "not hex": _chunks(b"5g\r\nhello\r\n" + LAST),
    "0x": _chunks(b"0x5\r\nhello\r\n" + LAST),
    "negative": _chunks(b"-5\r\nhello\r\n" + LAST),
    "plus": _chunks(b"+5\r\nhello\r\n" + LAST),
    "no size": _chunks(b"\r\nhello\r\n" + LAST),
    "space after size": _chunks(b"5 \r\nhello\r\n" + LAST),
    "space before size": _chunks(b" 5\r\nhello\r\n" + LAST),
    "size overflow": _chunks(b"FFFFFFFFFFFFFFFFF\r\nhello\r\n" + LAST),
    "bare LF after size": _chunks(b"5\nhello\r\n" + LAST),
    "bare LF after bytes": _chunks(b"5\r\nhello\n" + LAST),
    "nothing after bytes": _chunks(b"5\r\nhello" + LAST),
    "more bytes than said": _chunks(b"3\r\nhello\r\n" + LAST),
    "bare LF in extension": _chunks(b"5;a\nhello\r\n" + LAST),
    "bare LF in extension value": _chunks(b"5;a=b\nhello\r\n" + LAST),
    "CRLF in quoted extension": _chunks(b'5;a="b\r\n"\r\nhello\r\n' + LAST),
    "NUL in extension": _chunks(b"5;a=\x00\r\nhello\r\n" + LAST),
    "empty extension": _chunks(b"5;\r\nhello\r\n" + LAST),
    "bare LF after last": _chunks(b"0\n\n"),
    "bare LF in trailer": _chunks(b"0\r\nX: b\n\r\n"),
    "folded trailer": _chunks(b"0\r\nX: b\r\n c\r\n\r\n"),
    "length as trailer": _chunks(b"0\r\nContent-Length: 5\r\n\r\n"),
    "coding as trailer": _chunks(b"0\r\n" + CHUNKED + b"\r\n"),
    "host as trailer": _chunks(b"0\r\nHost: b\r\n\r\n"),
}

LINES = {
    "bare LF throughout": b"GET /x HTTP/1.1\nHost: a\n\n",
    "bare LF after request line": b"GET /x HTTP/1.1\nHost: a\r\n\r\n",
    "bare LF after header": _get(headers=b"Host: a\nX: b\r\n"),
    "bare LF at the end": b"GET /x HTTP/1.1\r\nHost: a\r\n\n",
    "bare CR in header": _get(headers=b"Host: a\rX: b\r\n"),
    "CR CR LF": _get(headers=b"Host: a\r\r\n"),
    "folded header": _get(headers=HOST + b"X: b\r\n c\r\n"),
    "folded with a tab": _get(headers=HOST + b"X: b\r\n\tc\r\n"),
    "first header folded": _get(headers=b" Host: a\r\n"),
    "NUL in value": _get(headers=HOST + b"X: a\x00b\r\n"),
    "NUL in name": _get(headers=HOST + b"X\x00: b\r\n"),
    "control in value": _get(headers=HOST + b"X: a\x01b\r\n"),
    "DEL in value": _get(headers=HOST + b"X: a\x7fb\r\n"),
    "space in name": _get(headers=HOST + b"X Y: b\r\n"),
    "tab before colon": _get(headers=HOST + b"X\t: b\r\n"),
    "parenthesis in name": _get(headers=HOST + b"X(: b\r\n"),
    "no name": _get(headers=HOST + b": b\r\n"),
    "no colon": _get(headers=HOST + b"foo\r\n"),
}

HEADS = {
    "no host": _get(headers=b""),
    "two hosts": _get(headers=b"Host: a\r\nHost: b\r\n"),
    "host twice": _get(headers=HOST + HOST),
    "empty host": _get(headers=b"Host:\r\n"),
    "host list": _get(headers=b"Host: a, b\r\n"),
    "host with user": _get(headers=b"Host: u@a\r\n"),
    "host with path": _get(headers=b"Host: a/b\r\n"),
    "target with user": _get(b"GET http://u@a/x HTTP/1.1"),
    "target with bad host": _get(b"GET http://a,b/x HTTP/1.1"),
    "target without host": _get(b"GET http:///x HTTP/1.1"),
    "target of another scheme": _get(b"GET ftp://a/x HTTP/1.1"),
    "target with fragment": _get(b"GET /x#y HTTP/1.1"),
    "asterisk": _get(b"GET * HTTP/1.1"),
    "CONNECT": _get(b"CONNECT a:80 HTTP/1.1"),
    "CONNECT to a path": _get(b"CONNECT /x HTTP/1.1"),
    "NUL in target": _get(b"GET /x\x00y HTTP/1.1"),
    "control in target": _get(b"GET /x\x01y HTTP/1.1"),
    "byte above 127 in target": _get(b"GET /\xe9 HTTP/1.1"),
    "space in target": _get(b"GET /x y HTTP/1.1"),
    "tabs in request line": _get(b"GET\t/x\tHTTP/1.1"),
    "HTTP/0.9": b"GET /x\r\n\r\n",
    "version 0.9": _get(b"GET /x HTTP/0.9"),
    "version 1.2": _get(b"GET /x HTTP/1.2"),
    "version 2.0": _get(b"GET /x HTTP/2.0"),
    "version in lower case": _get(b"GET /x http/1.1"),
    "HTTP/2 preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "unknown method": _get(b"FOO /x HTTP/1.1"),
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "WebSocket with a body": _post(b"Connection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 5\r\n"),
}

SHAPES = {
    f"{family}: {name}": shape
    for family, shapes in (
        ("lengths", LENGTHS),
        ("codings", CODINGS),
        ("chunks", CHUNKS),
        ("lines", LINES),
        ("heads", HEADS),
    )
    for name, shape in shapes.items()
}
