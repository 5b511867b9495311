"""Finds the one-time code and the links in a message, in any language. Without I/O; linear in the length of the text.

Every number (or word of letters and digits) in the text is a candidate. What is certainly something else is dropped: telephone
numbers, dates, times, amounts, years, numbers of orders, accounts and cards, times of validity. The others are rated by the words
around them. If two different ones are rated about equally, there is no answer: a wrong code is worse than none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import urlsplit

import msgspec

from penstock.core.inboxes import code_words as words
from penstock.core.inboxes.models import Extracted
from penstock.kit.secret import hides

LONGEST_TEXT = 100_000
"""Characters that are read; what follows is ignored."""
LONGEST_LINK, MOST_LINKS = 2_048, 20
_MOST_CANDIDATES = 200
"""A text with more numbers is not a message with a code."""
_BEFORE, _AFTER, _NEAR = 200, 120, 48
_LONGEST_MARKS = 8
"""Combining marks in a row that are kept: Unicode's normal form takes quadratic time for long rows."""

_SURE, _NAMED, _ENOUGH, _LEAD = 6, 4, 4, 2
"""Ratings: a word for a code is next to it; one is in its sentence; the least for an answer; the least lead on the next one."""

_LETTERS = "0-9A-Za-z\u00c0-\u024f\u0370-\u052f\u1e00-\u1eff"
_TOKEN = re.compile(rf"[{_LETTERS}]+(?:(?:(?<=[0-9])[.,:/](?=[0-9])|-)[{_LETTERS}]+)*")
_URL = re.compile(r"https?://[^\s<>\"]+|www\.[^\s<>\"]+", re.IGNORECASE)
_LINK = re.compile(
    r"https?://[^\s<>\"`{}|\\^\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069。，、）」】]+",
    re.IGNORECASE,
)
"""Without invisible characters and those that change the direction of the text."""
_MAIL = re.compile(r"[\w.+\-]{1,64}@[\w\-]{1,63}(?:\.[\w\-]{1,63}){1,8}")
_PHONE = re.compile(r"(?:\+|\b00)[0-9][0-9 ().\-/]{5,20}[0-9]|\([0-9]{1,5}\)[ \-]?[0-9][0-9 \-]{4,14}")
_IBAN = re.compile(r"\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b")
_WEB_OTP = re.compile(r"@[A-Za-z0-9.\-]{1,255} #([A-Za-z0-9]{4,10})(?: .*)?")
_CARD_END = re.compile(r"[Xx]{2,}[0-9]{2,6}")
_APP_HASH = re.compile(r"(?:^|\s)[A-Za-z0-9+/]{11}\s*\Z")
_SENTENCE = re.compile(r"(?<!\brs)(?<!\bno)(?<!\bnr)(?<!\btel)(?<!\bmr)(?<!\bdr)(?<!\bms)[.!?](?=\s|\Z)|[。！？؟।\n]")
_CONNECTORS = " \t\r\n*\"'«»“”„‘’`([<【「『>_|-"
_ALONE = " \t\r*\"'«»“”[]()<>:-_|"
_SPACED = {(3, 3), (4, 4), (2, 2, 2), (3, 3, 3), *((1,) * count for count in range(4, 11))}
_HYPHENED = {(3, 3), (4, 4), (2, 2, 2)}


@hides("value")
class _Candidate(msgspec.Struct, frozen=True):
    """What may be a code. A `strict` one looks like something else, and needs a word for a code next to it."""

    start: int
    end: int
    value: str
    strict: bool


def extract(text: str) -> Extracted:
    """Find the code and the links in the text of a message. Of longer texts, the first `LONGEST_TEXT` characters are read.

    A code has ASCII digits and letters without separators. It is None if there is none, and in doubt.
    """
    text = text[:LONGEST_TEXT]
    return Extracted(code=_code(_plain(text)), links=_links(text))


class CodeFinder:
    """Implements `Extractor`."""

    def extract(self, text: str) -> Extracted:
        """What a text contains."""
        return extract(text)


# Links.


def _links(text: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for match in _LINK.finditer(text):
        link = _without_punctuation(match[0])
        if len(link) <= LONGEST_LINK and _has_host(link):
            found[link] = None
            if len(found) == MOST_LINKS:
                break
    return tuple(found)


def _without_punctuation(link: str) -> str:
    """Without what ends the sentence, or the brackets around the link."""
    if len(link) > 2 * LONGEST_LINK:
        return link  # too long in any case
    while link and (
        link[-1] in ".,;:!?'*_~»”’…" or (link[-1] in ")]" and link.count(link[-1]) > link.count("(["[")]".index(link[-1])]))
    ):
        link = link[:-1]
    return link


def _has_host(link: str) -> bool:
    try:
        return bool(urlsplit(link).hostname)
    except ValueError:
        return False


# The text.


def _plain(text: str) -> str:
    """Digits of all scripts as ASCII digits, all spaces and dashes as ASCII ones, and without invisible characters."""
    if text.isascii():
        return text
    kept, marks = [], 0
    for char in text:
        marks = marks + 1 if unicodedata.combining(char) else 0
        if marks <= _LONGEST_MARKS:
            kept.append(_plain_char(char))
    return unicodedata.normalize("NFC", "".join(kept))


@lru_cache(4_096)
def _plain_char(char: str) -> str:
    if char.isascii():
        return char
    digit = unicodedata.decimal(char, None)
    if digit is not None:
        return str(digit)
    if "\uff21" <= char <= "\uff5a" and char.isalpha():  # full-width Latin letters
        return chr(ord(char) - 0xFEE0)
    if char == "：":
        return ": "
    return {"Cf": "", "Zs": " ", "Pd": "-", "Zl": "\n", "Zp": "\n"}.get(unicodedata.category(char), char)


def _code(text: str) -> str | None:
    bound = _bound_to_site(text)
    if bound is not None:
        return bound
    if text.lstrip().startswith(("<#>", "[#]")) or _APP_HASH.fullmatch(text.rstrip().rpartition("\n")[2]):
        text = _APP_HASH.sub("", text)
    text = _masked(text)
    candidates = list(_candidates(text))
    if not candidates or len(candidates) > _MOST_CANDIDATES or _is_offer(text):
        return None
    return _best(text, candidates)


def _bound_to_site(text: str) -> str | None:
    """The code in a last line such as `@example.com #123456`, which browsers read."""
    match = _WEB_OTP.fullmatch(text.rstrip().rpartition("\n")[2].strip()[:400])
    return match[1] if match else None


def _masked(text: str) -> str:
    """The text of the same length, without what is certainly no code but has digits in it."""
    for pattern in (_URL, _MAIL, _PHONE, _IBAN):
        text = pattern.sub(lambda match: "\x00" * len(match[0]), text)
    return text


def _is_offer(text: str) -> bool:
    """Whether the text advertises: its code is one for a discount."""
    start = text[:5_000].lower()
    return bool(words.OFFERS.search(start)) and not words.ACTION.search(start)


# Candidates.


def _candidates(text: str) -> Iterator[_Candidate]:
    group: list[re.Match[str]] = []
    for match in _TOKEN.finditer(text):
        if not any(char in "0123456789" for char in match[0][:64]):
            continue
        if group and not (match[0].isdecimal() and text[group[-1].end() : match.start()] == " "):
            yield from _of_group(group)
            group = []
        group.append(match)
        if not match[0].isdecimal():
            yield from _of_group(group)
            group = []
    yield from _of_group(group)


def _of_group(group: list[re.Match[str]]) -> Iterator[_Candidate]:
    """What numbers with one space between them may be: one code, or several numbers."""
    shape = tuple(len(match[0]) for match in group[:11])
    if len(group) > 1 and shape in _SPACED:
        yield _Candidate(group[0].start(), group[-1].end(), "".join(match[0] for match in group), shape == (3, 3, 3))
        return
    for match in group:
        found = _of_token(match)
        if found is not None:
            yield found if len(group) == 1 else msgspec.structs.replace(found, strict=True)


def _of_token(match: re.Match[str]) -> _Candidate | None:
    token, end = match[0], match.end()
    if len(token) > 64 or not token.replace("-", "").isascii() or any(char in ".,:/" for char in token):
        return None
    prefix, dash, rest = token.partition("-")
    if dash and prefix.isalpha() and (rest.isdecimal() or len(prefix) > 4):  # "G-482913", "code-AB12CD"
        token = rest
    parts = token.split("-")
    value = "".join(parts)
    if not 4 <= len(value) <= 10 or not value.isalnum() or not any(char.isdecimal() for char in value):
        return None
    if _CARD_END.fullmatch(value):
        return None
    if len(parts) > 1 and not _may_be_hyphened(parts):
        return None
    return _Candidate(end - len(token), end, value, _looks_like_other(value))


def _may_be_hyphened(parts: list[str]) -> bool:
    if tuple(len(part) for part in parts) not in _HYPHENED:
        return False
    numbers = [int(part) for part in parts if part.isdecimal()]
    if len(numbers) < len(parts):
        return len(parts) == 2 and all(part == part.upper() for part in parts)
    if len(parts) == 3:
        return not _is_date(numbers)
    return not all(1900 <= number < 2100 for number in numbers)


def _is_date(numbers: list[int]) -> bool:
    """Whether three numbers of two digits are a day, a month and a year in some order that is used."""
    first, middle, last = numbers
    days, months = range(1, 32), range(1, 13)
    return (first in days and middle in months) or (first in months and middle in days) or (middle in months and last in days)


def _looks_like_other(value: str) -> bool:
    """Whether a value can be a year, a date, a telephone number or a name with digits."""
    if not value.isdecimal():
        return value != value.upper()
    if len(value) == 4:
        return 1900 <= int(value) < 2100
    if len(value) == 8:
        return value[:2] in ("19", "20") and int(value[4:6]) in range(1, 13) and int(value[6:]) in range(1, 32)
    return len(value) >= 9


# Ratings.


def _best(text: str, candidates: list[_Candidate]) -> str | None:
    """The value that is rated best, if it is rated enough and well before the next one."""
    ratings: dict[str, int] = {}
    before: tuple[_Candidate, int] | None = None
    for candidate in candidates:
        rating = _rating(text, candidate)
        if before is not None and rating and _is_listed_with(text, before[0], candidate):
            rating = max(rating, before[1])
        before = (candidate, rating)
        if rating >= (_SURE if candidate.strict else _ENOUGH):
            ratings[candidate.value] = max(rating, ratings.get(candidate.value, 0))
    ranked = sorted(ratings.items(), key=lambda item: -item[1])
    if not ranked or (len(ranked) > 1 and ranked[0][1] - ranked[1][1] < _LEAD):
        return None
    return ranked[0][0]


def _is_listed_with(text: str, first: _Candidate, second: _Candidate) -> bool:
    """Whether two values of the same form follow each other, as in a list: then the words before the first belong to both."""
    between = text[first.end : second.start]
    return len(first.value) == len(second.value) and len(between) <= 8 and "." not in between


def _rating(text: str, candidate: _Candidate) -> int:
    """How likely a candidate is the code. 0: it is something else."""
    before = _lower(text[max(0, candidate.start - _BEFORE) : candidate.start])
    after = _lower(text[candidate.end : candidate.end + _AFTER])
    alone = _is_alone(text, candidate)
    if _touches_other(before, after, candidate):
        return 0
    tail, introduced = _tail(before if alone or "\n" not in before else _from_line(before))
    direct = _ends_with_key(tail)
    if direct is False or _names_other(tail, introduced):
        return 0
    if before[-1:] == "#" and not direct:
        return 0
    extra = alone + (len(candidate.value) == 6)
    if direct:
        return _SURE + extra
    if text.strip(_ALONE + "\n.") == text[candidate.start : candidate.end]:
        return _NAMED if len(candidate.value) == 6 and not candidate.strict else 0
    return max(_by_before(before, tail, introduced, alone=alone), _by_after(after, tail, alone=alone)) + extra


def _lower(part: str) -> str:
    return part.lower().replace("i\u0307", "i")  # the Turkish İ


def _from_line(before: str) -> str:
    """The current line; the line before as well if a colon ends it."""
    lines = before.split("\n")
    above = [line for line in lines[:-1] if line.strip()]
    return "\n".join([above[-1], lines[-1]]) if above and above[-1].rstrip().endswith(":") else lines[-1]


def _is_alone(text: str, candidate: _Candidate) -> bool:
    """Whether nothing else is in its line."""
    left = text[max(0, candidate.start - 40) : candidate.start]
    right = text[candidate.end : candidate.end + 40]
    at_left = ("\n" in left or candidate.start <= 40) and not left.rpartition("\n")[2].strip(_ALONE)
    at_right = ("\n" in right or candidate.end + 40 >= len(text)) and not right.partition("\n")[0].strip(_ALONE + ".")
    return at_left and at_right


def _touches_other(before: str, after: str, candidate: _Candidate) -> bool:
    """Whether the characters around it make it an amount, a part of a longer number or name, or the end of a card's number."""
    if words.UNIT.match(after) or words.MONEY.search(before[-8:].rstrip()) or words.REPLY_TO.search(before[-_NEAR:]):
        return True
    if before.endswith(("/", "\\", "@", "_", "&", "?", "%", "+", "\x00")):
        return True
    if re.search(r"[^\s.]\.\Z", before[-2:]) or after.startswith(("@", "_", "/", "\\")):
        return True
    bold = re.search(r"(?<!\*)\*{1,2}\Z", before) and after.startswith("*")
    return len(candidate.value) <= 6 and not bold and bool(re.search(r"(?:[*•·●]{2,}|x{2,}|\.{2,}|…)[\s\-]?\Z", before[-12:]))


def _tail(before: str) -> tuple[str, bool]:
    """The text before a candidate without the small words that connect it; and whether there is "is" or a colon among them."""
    tail, introduced = before[-_NEAR:], False
    for _ in range(8):
        shorter = tail.rstrip(
            _CONNECTORS + "#°º.（(" if re.search(r"(?<!\w)(?:no|nr|num|tel|тел|τηλ)\.\s?\Z", tail) else _CONNECTORS + "#°º（("
        )
        link = words.LINKING.search(shorter)
        small = words.SMALL.search(shorter) if not link else None
        if link:
            introduced, shorter = True, shorter[: link.start()]
        elif small and not _ends_with_key(shorter):
            shorter = shorter[: small.start()]
        if shorter == tail:
            break
        tail = shorter
    return tail.rstrip(_CONNECTORS + "#°º"), introduced


def _ends_with_key(tail: str) -> bool | None:
    """Whether the text ends with a word for a code: True; with one for another kind of code, such as "zip code": False."""
    for match in words.KEY.finditer(tail):
        if match.end() == len(tail) and _is_word(tail, match):
            return not words.NOT_FOR_SIGN_IN_BEFORE.search(tail[: match.start()])
        if words.NOT_FOR_SIGN_IN_AFTER.fullmatch(tail, match.end()):
            return False
    return None


def _is_word(text: str, match: re.Match[str]) -> bool:
    return match[0] not in words.SHORT or not (match.start() and (text[match.start() - 1].isalnum()))


def _names_other(tail: str, introduced: bool) -> bool:
    """Whether the text ends with a word for something else. "WhatsApp" is one, but not in "código de WhatsApp: 482-913"."""
    return bool(words.OTHER_THING.search(tail)) and not (introduced and words.KEY_OF_SERVICE.search(tail))


def _has_key(part: str) -> bool:
    return any(
        _is_word(part, match)
        and not words.NOT_FOR_SIGN_IN_BEFORE.search(part[max(0, match.start() - 24) : match.start()])
        and not words.NOT_FOR_SIGN_IN_AFTER.match(part, match.end())
        for match in words.KEY.finditer(part)
    )


def _by_before(before: str, tail: str, introduced: bool, *, alone: bool) -> int:
    """The rating by the words in the sentence before the candidate, and in the sentences before that one."""
    ends = [match.end() for match in _SENTENCE.finditer(before)]
    sentence = before[ends[-1] if ends else 0 :]
    if _has_key(sentence):
        return _NAMED + introduced
    earlier = before[: ends[-1] if ends else 0].rstrip()
    if _has_key(earlier) and (alone or earlier.endswith((":", "："))):
        return _NAMED
    used = 2 if words.ENTERED.search(tail) else 0
    if words.ACTION.search(sentence):
        return 2 + used
    return 3 if alone and words.ACTION.search(earlier) else used


def _by_after(after: str, tail: str, *, alone: bool) -> int:
    """The rating by the words in the sentence after the candidate."""
    end = _SENTENCE.search(after)
    sentence = after[: end.start() if end else len(after)]
    if _has_key(sentence):
        linked = words.LINKS_ON.match(sentence.lstrip(_CONNECTORS + ")]】」』"))
        return _SURE if linked and _has_key(sentence[:_NEAR]) else _NAMED + bool(linked)
    if alone and end and _has_key(_SENTENCE.split(after[end.end() :].lstrip(), maxsplit=1)[0]):
        return _NAMED
    used = 2 if words.ENTERED.search(tail) else 0
    return 2 + used if words.ACTION.search(sentence) else used
