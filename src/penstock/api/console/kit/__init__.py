"""The parts of pages, to look at."""
