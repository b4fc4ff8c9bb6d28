"""Genuine, tampered and foreign files with the verdict that each must get: `python -m tests.corpus FOLDER` writes them all."""
