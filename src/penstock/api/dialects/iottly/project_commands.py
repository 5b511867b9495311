"""The two commands of every new project of Iottly. Both do nothing unless a device has a script or an application for them.

Source: surfaces/iottly.md 2.6. A fixed value is an enum of one value, with that value as its default; the text is our own.
"""

from __future__ import annotations

from penstock.core.commands.models import NewDefinition, Parameter, ParameterType

_FIXED_TEXT = "hello"

PROJECT_COMMANDS = (
    NewDefinition(
        name="echo",
        description="Echo command",
        parameters=(Parameter(name="content", type=ParameterType.ENUM, values=(_FIXED_TEXT,), default=_FIXED_TEXT),),
    ),
    NewDefinition(
        name="examplecommand",
        description="Example of a command with a choice",
        parameters=(Parameter(name="status", type=ParameterType.ENUM, values=("start", "stop"), required=True),),
    ),
)
