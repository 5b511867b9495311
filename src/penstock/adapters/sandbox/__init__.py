"""JavaScript in processes of its own: `worker.py` runs it, `process.py` speaks with one such process, `pool.py` has them all."""
