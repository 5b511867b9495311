#!/bin/sh
# The agent, with what it needs from this folder. Python 3.9 or newer has to be there; PYTHON names another one.
# Links are followed, as the vendor's path /opt/iottly/bin/iottly-agent is one.
here=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
PYTHONPATH=$here/lib exec "${PYTHON:-python3}" -m penstock_agent.cli "$@"
