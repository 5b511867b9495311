"""Commands: what devices are asked to do, and what became of it.

A definition says what a command is called, which parameters it takes, how it travels and how its effect is verified; it
belongs to one device or to all devices of a type. An execution is one device's doing of it, with honest states: it is never
called received before the device has it. Executions wait in order, one queue per device, as long as the device is away.
"""
