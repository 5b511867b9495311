"""JavaScript in separate processes: `worker.py` runs it, `process.py` talks to one such process, `pool.py` manages them all."""
