"""The words that the project does not use, and where they are found. `docs/glossary.md` says what to write instead.

`python -m tests.house.words` lists each remaining one, `--write` stores the counts as the new baseline.
"""

from __future__ import annotations

import functools
import io
import re
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

from .tree import ROOT, shown

BASELINE = ROOT / "tests" / "house" / "words_baseline.txt"
GLOSSARY = ROOT / "docs" / "glossary.md"

# In docstrings, comments, strings, SQL, settings and documentation: {pattern: what to write}.
PROSE: dict[str, str] = {
    r"told": "reported, notified; of a secret: revealed",
    r"tells? of": "reports, describes",
    r"go(es)? on|went on": "continue, keep",
    r"what stands|stands? (in|twice|under|aside|there|beside)|stood": "is, exists, must not be repeated",
    r"(is|are) of (no|an?|online|offline|one|its|theirs?)": "belongs to, applies to",
    r"of (ours|yours|theirs)": "our, your, another organisation's",
    r"whoever|whom": "the caller, the client, the user",
    r"nobody('s)?|somebody('s)?": "no one, someone; or name the user",
    r"hears? of|heard of|was heard|is heard": "is seen, is notified, receives",
    r"sp(eaks?|oke|oken) of": "reports",
    r"means? nothing": "is ignored by",
    r"for good": "permanently",
    r"anew|afresh|once more": "again, from the start",
    r"any more": "no longer",
    r"just now|at this moment|lately": "currently, recently",
    r"gives? way|gave way": "is evicted, is replaced",
    r"hand(s|ed)? (over|on)": "pass, forward, deliver",
    r"(is|are|was|were|not) taken(?! (from|out|by|over))": "is accepted, is supported",
    r"tak(e|es|en|ing) in|took in": "accept, ingest",
    r"lets? in|let in": "admit",
    r"(came|comes?) about|what (came|became|becomes|comes) of": "occur; the outcome of",
    r"brought": "carried, supplied, sent",
    r"known here|not here": "not valid, does not exist",
    r"there is an? [^.]{1,30} already|is there already": "already exists",
    r"(?<!there )(is|are) no (?!longer\b|more\b|one\b|other\b)[a-z]+": "is not a, is not",
    r"under way": "in progress, running",
    r"by hand": "manually",
    r"is used up|are used up|used up": "is exceeded, is exhausted",
    r"ran out|runs out": "expired, expires",
    r"beside": "in addition to, next to",
    r"but for": "except",
    r"at fault": "invalid",
    r"broke off|broken off|breaks off": "was interrupted",
    r"up to here|thereof|whence|come upon": "before this point, from where",
    r"(of|with|for|from|about) what": "the noun itself",
    r"what (it|they) (tells?|told|says?|said|takes?|took|gives?|gave|wants?|made|lacks?|brought)": "the noun itself",
}

# In the names of the program.
NAMES: dict[str, str] = {
    r"\w*OfAll|\w*_of_all(_\w+)?": "System…Store, …_in_all_organizations",
    r"_?[Dd]oers?": "ActionRunner, runner",
    r"_?[Tt]old|tell_\w+|_tell": "reported, notify_…",
    r"(\w+_)?go_on": "run_every, resume, continue_…",
    r"met|greeted": "connection_opened",
    r"_?[Ww]anted|TlsWanted": "requested, expected, request",
    r"_?[Hh]eard|hears?|_hear|Unheard|heard_us": "received, matches, last_seen_us",
    r"_?said|said_at": "reported, message",
    r"[Ww]ish|[Tt]rouble|Guesses|hurry|_bury|Unfit|NotTaken": "see the table of names in the glossary",
    r"_?look_(at|again)|_look": "wake, inspect, reload",
    r"\w+_beyond|beyond|BeyondYou": "exceeds, excess",
    r"lets_in|_let_in|list_letting_in": "is_usable, _admit",
}

PROSE_PATTERN = re.compile(r"\b(" + "|".join(f"(?:{pattern})" for pattern in PROSE) + r")\b", re.IGNORECASE)
NAME_PATTERN = re.compile("|".join(f"(?:{pattern})" for pattern in NAMES))
CODE_IN_MARKDOWN = re.compile(r"^ *```.*?^ *```|``[^`]+``|`[^`\n]*`|\]\([^)]*\)", re.MULTILINE | re.DOTALL)
PROSE_TOKENS = {tokenize.STRING, tokenize.COMMENT}


def found_in_python(source: str) -> Iterator[tuple[int, str]]:
    """Line and word of each match: prose in strings and comments, names elsewhere."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type in PROSE_TOKENS:
            for line, word in found_in_prose(token.string):
                yield token.start[0] + line - 1, word
        elif token.type == tokenize.NAME and NAME_PATTERN.fullmatch(token.string):
            yield token.start[0], token.string


def found_in_prose(text: str) -> Iterator[tuple[int, str]]:
    """Line and phrase of each match; a phrase may be broken over two lines."""
    for match in PROSE_PATTERN.finditer(re.sub(r"\s", " ", text)):
        yield text.count("\n", 0, match.start()) + 1, match[0]


def found_in_markdown(text: str) -> Iterator[tuple[int, str]]:
    """As in prose, without code and the targets of links; lines stay where they were."""
    yield from found_in_prose(CODE_IN_MARKDOWN.sub(lambda code: "\n" * code[0].count("\n"), text))


READERS = {".py": found_in_python, ".md": found_in_markdown, ".sql": found_in_prose, ".toml": found_in_prose}


def checked_files() -> list[Path]:
    """The sources, the documentation and the pages of the repository's root, without the glossary."""
    found = [path for folder in ("src", "docs") for path in (ROOT / folder).rglob("*")] + list(ROOT.glob("*.md"))
    return sorted(path for path in found if path.suffix in READERS and path != GLOSSARY and "__pycache__" not in path.parts)


@functools.cache
def found_in(path: Path) -> list[tuple[int, str]]:
    return list(READERS[path.suffix](path.read_text("utf-8")))


def counts() -> dict[str, int]:
    """How many forbidden words each file has; files without one are left out."""
    found = {shown(path): len(found_in(path)) for path in checked_files()}
    return {name: count for name, count in found.items() if count}


def baseline() -> dict[str, int]:
    lines = BASELINE.read_text("utf-8").splitlines()
    return {name: int(count) for count, name in (line.split(maxsplit=1) for line in lines)}


def advice(word: str) -> str:
    """What to write in place of a forbidden word."""
    for pattern, instead in PROSE.items():
        if re.fullmatch(pattern, word, re.IGNORECASE):
            return instead
    return next((instead for pattern, instead in NAMES.items() if re.fullmatch(pattern, word)), "")


def write_baseline() -> None:
    """Store the counts. The total may only fall; moving a file moves its count."""
    now, before = counts(), baseline() if BASELINE.exists() else {}
    if before and sum(now.values()) > sum(before.values()):
        sys.exit(f"{sum(now.values())} forbidden words, {sum(before.values())} in the baseline: it may only shrink")
    BASELINE.write_text("".join(f"{count} {name}\n" for name, count in sorted(now.items())), "utf-8")


def main(arguments: list[str]) -> None:
    if "--write" in arguments:
        return write_baseline()
    prefixes = tuple(arguments) or ("",)
    for path in checked_files():
        if shown(path).startswith(prefixes):
            for line, word in found_in(path):
                sys.stdout.write(f"{shown(path)}:{line}: {word!r}: {advice(word)}\n")
    return None


if __name__ == "__main__":
    main(sys.argv[1:])
