"""Rules: what happens by itself when something was read, connected, said or is due. The noun, its versions and its runs."""
