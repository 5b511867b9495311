"""What breaks programs that were generated for the last tag is found."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from clients.generator.breaking import compare, main

ROOT = Path(__file__).parents[3]
NOTES = """// Notes.

syntax = "proto3";

package penstock.v1;

// A note.
message Note {
  string text = 1;
  int64 wait_s = 2;
}
"""


def git(root: Path, *words: str) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    who = (
        "-c",
        "user.name=Tester",
        "-c",
        "user.email=tester@example.com",
        "-c",
        "commit.gpgsign=false",
        "-c",
        "tag.gpgsign=false",
    )
    subprocess.run(["git", "-C", str(root), *who, *words], check=True, capture_output=True, env=kept)


def written(root: Path, text: str) -> Path:
    """A working tree whose contract has this file."""
    folder = root / "proto" / "penstock" / "v1"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / "proto" / "buf.yaml", root / "proto" / "buf.yaml")
    (folder / "notes.proto").write_text(text)
    return root


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A repository with a tag, at which the contract has notes."""
    git(tmp_path, "init", "-q")
    written(tmp_path, NOTES)
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "Notes")
    git(tmp_path, "tag", "-a", "v1.2.3", "-m", "Notes")
    return tmp_path


def test_what_stays_as_it_was_is_kept(tree: Path) -> None:
    assert (compare(tree).is_kept, compare(tree).text) == (True, "The contract keeps what programs for v1.2.3 need.")


@pytest.mark.parametrize(
    "text",
    [
        NOTES.replace("wait_s = 2;", "wait_s = 2;\n  string color = 3;"),
        NOTES + "\n// Another.\nmessage Other {}\n",
        NOTES.replace("// A note.", "// What somebody wrote."),
    ],
    ids=["a field", "a message", "a comment"],
)
def test_what_is_added_breaks_nothing(tree: Path, text: str) -> None:
    found = compare(written(tree, text))
    assert found.is_kept, found.text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (NOTES.replace("  int64 wait_s = 2;\n", ""), 'field "2" with name "wait_s" on message "Note"'),
        (NOTES.replace("  int64 wait_s = 2;", '  reserved 2;\n  reserved "wait_s";'), 'field "2" with name "wait_s"'),
        (NOTES.replace("wait_s = 2", "wait_s = 3"), 'field "2" with name "wait_s" on message "Note"'),
        (NOTES.replace("int64 wait_s", "string wait_s"), 'changed type from "int64" to "string"'),
        (NOTES.replace("wait_s", "delay_s"), 'changed name from "wait_s" to "delay_s"'),
        (NOTES.replace("message Note", "message Memo"), 'message "Note" was deleted from package'),
    ],
    ids=["a field is gone", "a field is reserved", "another number", "another type", "another name", "a message is gone"],
)
def test_what_programs_need_and_is_no_longer_there_is_told_in_the_words_of_buf(tree: Path, text: str, words: str) -> None:
    found = compare(written(tree, text))
    assert not found.is_kept
    assert found.text.startswith("The contract breaks programs for v1.2.3:\n")
    assert words in found.text
    assert "notes.proto" in found.text


def test_a_message_can_move_to_another_file(tree: Path) -> None:
    folder = tree / "proto" / "penstock" / "v1"
    (folder / "notes.proto").rename(folder / "common.proto")
    found = compare(tree)
    assert found.is_kept, found.text


def test_the_last_tag_before_the_commit_counts(tree: Path) -> None:
    written(tree, NOTES.replace("  int64 wait_s = 2;\n", ""))
    git(tree, "commit", "-qam", "No delay")
    assert not compare(tree).is_kept
    git(tree, "tag", "v2.0.0")
    assert compare(tree).text == "The contract keeps what programs for v2.0.0 need."


def test_files_that_are_no_contract_are_told(tree: Path) -> None:
    found = compare(written(tree, NOTES.replace("message", "massage")))
    assert not found.is_kept
    assert "notes.proto:8:1" in found.text


def test_without_a_tag_there_is_nothing_to_compare_with_and_it_says_so(tmp_path: Path) -> None:
    written(tmp_path, NOTES)
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "Notes")
    assert compare(tmp_path).is_kept
    assert compare(tmp_path).text.startswith("There is no tag to compare the contract with (")


def test_a_tag_from_before_the_contract_is_nothing_to_compare_with(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "README.md").write_text("Notes")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "Notes")
    git(tmp_path, "tag", "v0.1.0")
    assert compare(written(tmp_path, NOTES)).text == "v0.1.0 has no contract to compare with."
    assert compare(tmp_path).is_kept


def test_the_exit_code_says_whether_it_is_kept(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(tree) == 0
    assert main(written(tree, NOTES.replace("int64", "string"))) == 1
    kept, broken = capsys.readouterr().out.split("\n", 1)
    assert kept == "The contract keeps what programs for v1.2.3 need."
    assert 'from "int64" to "string"' in broken


def test_this_contract_keeps_what_programs_for_its_last_tag_need() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "clients.generator.breaking"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "compare" in done.stdout or "keeps" in done.stdout
