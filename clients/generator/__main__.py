"""`python -m clients.generator`: write the client libraries again."""

from __future__ import annotations

from clients.generator import methods, python, typescript
from clients.generator.document import load, read

document = read(load())
methods.write(document)
python.write(document)
typescript.write(document)
