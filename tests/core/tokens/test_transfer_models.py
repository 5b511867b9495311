"""Counts of outcomes."""

from __future__ import annotations

from penstock.core.tokens.transfer_models import EntryOutcome, ImportedEntry, ImportResult, TokenImport, TransferFormat


def test_every_outcome_has_a_count() -> None:
    entries = [ImportedEntry(position=n, name="x", outcome=one) for n, one in enumerate([EntryOutcome.SKIPPED] * 2)]
    assert ImportResult(dry_run=False, entries=entries).counts == {
        **{"created": 0, "renamed": 0, "replaced": 0, "skipped": 2, "left_out": 0}
    }


def test_a_file_and_its_passphrase_are_not_shown() -> None:
    shown = repr(TokenImport(form=TransferFormat.OTPAUTH, content="otpauth://…", passphrase="tide weir"))
    assert "otpauth:" not in shown
    assert "tide" not in shown
