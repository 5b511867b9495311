"""The words that the project does not use, with what to write instead, and where they are found.

`python -m tests.house.words PATH` lists each one below a path.
"""

from __future__ import annotations

import io
import re
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

from .tree import ROOT, shown

FOLDERS = ("src", "agent", "bench", "mutants", "docs")
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

# In the names of the program, of which it reads each word: `told_by`, `_TOLD_BY` and `ToldBy` are all `told_by`.
# Two names are a contract: `under_way` is a field of the API, `look_interval_s` a key of the settings.
NAMES: dict[str, str] = {
    r"of_all": "System…Store, …_in_all_organizations",
    r"doers?": "ActionRunner, runner",
    r"told|tells?": "reported, notify_…, send_…",
    r"go_on": "run_every, resume, continue_…",
    r"met|greeted": "opened, connection_opened",
    r"wanted|wants?|wish(es)?": "requested, expected, request, selects",
    r"(un)?heard|hears?": "received, matches, last_seen_us",
    r"said|says?": "reported, message, send_…",
    r"lets?(_[a-z]+)?_in|letting_in": "admit_…, is_admitted, is_usable",
    r"looks?(?!_up|_like|_interval_s)|look(ed|ing)": "check, inspect, wake, reload",
    r"(?<!under_)ways?": "route, transport, path, format",
    r"hand(s|ed)?_(over|on)": "deliver, pass, delivered",
    r"nobody|somebody|whoever|whom": "name the user, the device, the caller",
    r"beside|beyond|brought|owed": "additional, exceeds, supplied, pending",
    r"troubles?|guess(es)?|hurry|bury|unfit|not_taken": "error, estimate, expedite, end, not_allowed, rejected",
}
PROSE_PATTERN = re.compile(r"\b(" + "|".join(f"(?:{pattern})" for pattern in PROSE) + r")\b", re.IGNORECASE)
NAME_PATTERN = re.compile(r"(?:^|_)(" + "|".join(f"(?:{pattern})" for pattern in NAMES) + r")(?=_|$)")
WORD_STARTS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
NOT_OURS_IN_MARKDOWN = re.compile(r"^ *```.*?^ *```|``[^`]+``|`[^`\n]*`|\]\([^)]*\)|^>[^\n]*", re.MULTILINE | re.DOTALL)
"""Code, the targets of links, and quotations."""
PROSE_TOKENS = {tokenize.STRING, tokenize.COMMENT}


def found_in_python(source: str) -> Iterator[tuple[int, str]]:
    """Line and word of each match: prose in strings and comments, names elsewhere."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type in PROSE_TOKENS:
            for line, word in found_in_prose(token.string):
                yield token.start[0] + line - 1, word
        elif token.type == tokenize.NAME and forbidden_in_name(token.string):
            yield token.start[0], token.string


def forbidden_in_name(name: str) -> str:
    """The first forbidden word of a name in any of the spellings; empty if it has none."""
    match = NAME_PATTERN.search(WORD_STARTS.sub("_", name).lower())
    return match[1] if match else ""


def found_in_prose(text: str) -> Iterator[tuple[int, str]]:
    """Line and phrase of each match; a phrase may be broken over two lines."""
    for match in PROSE_PATTERN.finditer(re.sub(r"\s", " ", text)):
        yield text.count("\n", 0, match.start()) + 1, match[0]


def found_in_markdown(text: str) -> Iterator[tuple[int, str]]:
    """As in prose, without code, targets of links and quotations. Line numbers are unchanged."""
    yield from found_in_prose(NOT_OURS_IN_MARKDOWN.sub(lambda code: "\n" * code[0].count("\n"), text))


READERS = {".py": found_in_python, ".md": found_in_markdown, ".sql": found_in_prose, ".toml": found_in_prose}


def checked_files() -> list[Path]:
    """The programs, the documentation and the pages of the repository's root, without the glossary."""
    found = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*")] + list(ROOT.glob("*.md"))
    return sorted(path for path in found if path.suffix in READERS and path != GLOSSARY and "__pycache__" not in path.parts)


def findings(prefixes: tuple[str, ...] = ("",)) -> list[str]:
    """Each forbidden word below these paths, with its line and what to write instead."""
    return [
        f"{shown(path)}:{line}: {word!r}: {advice(word)}"
        for path in checked_files()
        if shown(path).startswith(prefixes)
        for line, word in READERS[path.suffix](path.read_text("utf-8"))
    ]


def advice(word: str) -> str:
    """What to write in place of a forbidden word, or of a name that has one."""
    for pattern, instead in PROSE.items():
        if re.fullmatch(pattern, word, re.IGNORECASE):
            return instead
    forbidden = forbidden_in_name(word)
    return next((instead for pattern, instead in NAMES.items() if re.fullmatch(pattern, forbidden)), "")


def main(arguments: list[str]) -> None:
    for finding in findings(tuple(arguments) or ("",)):
        sys.stdout.write(f"{finding}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
