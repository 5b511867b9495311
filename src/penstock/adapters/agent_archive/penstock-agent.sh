#!/bin/sh
# The agent, with what it needs from this folder. Python 3.9 or newer has to be there; PYTHON names another one.
# A link to this file is followed: installers put some where people look for the agent.
here=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
PYTHONPATH=$here/lib exec "${PYTHON:-python3}" -m penstock_agent.cli "$@"
