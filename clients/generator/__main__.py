"""`python -m clients.generator`: write the contract of gRPC and the client libraries again."""

from __future__ import annotations

from clients.generator import methods, protobuf, python, typescript
from clients.generator.document import load, read

document = read(load())
methods.write(document)
python.write(document)
typescript.write(document)
protobuf.write(protobuf.operations_of_calls())
