"""The program in TypeScript that the guide shows: it compiles in strict mode, and does what it shows."""

from __future__ import annotations

from pathlib import Path

from tests.support.code_blocks import blocks_of
from tests.support.grpc_clients import generate_typescript, run_typescript
from tests.support.server import RunningServer
from tests.support.typescript import compile_in, require_node

PAGE = Path(__file__).parents[3] / "docs" / "guide" / "grpc.md"
OPTIONS = ["--strict", "--module", "NodeNext", "--target", "ES2022", "--types", "node"]


def test_the_typescript_of_the_guide_follows_a_reading(tmp_path: Path, served: RunningServer) -> None:
    require_node()
    folder = tmp_path / "client"
    generate_typescript(folder)
    [shown] = [block.text for block in blocks_of("grpc.md", PAGE.read_text()) if block.language == "ts"]
    (folder / "shown.ts").write_text(shown)
    compile_in(folder, *OPTIONS, "shown.ts")
    org = served.orgs["Acme"]
    reached = {"GRPC_URL": f"http://127.0.0.1:{served.grpc_port}", "KEY": org.api_key, "ORG": org.organization_id}
    printed = run_typescript(folder, "shown.js", reached)
    assert "temperature: 4.8" in printed
