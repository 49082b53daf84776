"""Residents' profiles for the command line: from the store, or through the running home."""
