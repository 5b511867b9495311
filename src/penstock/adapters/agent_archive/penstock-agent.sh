#!/bin/sh
# The agent, with what it needs from this folder. Python 3.11 or newer has to be there; PYTHON names another one.
here=$(cd "$(dirname "$0")/.." && pwd)
PYTHONPATH=$here/lib exec "${PYTHON:-python3}" -m penstock_agent.cli "$@"
