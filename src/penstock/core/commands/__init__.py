"""Commands: requests to devices, and their results.

A definition states a command's name, its parameters, its transport and how its effect is verified. It belongs to one device, or
to all devices of a type or project. An execution is one request for a command on one device. Its states are honest: it is never
`received` before the device has it. While the device is disconnected, executions wait in order, in one queue per device.
"""
