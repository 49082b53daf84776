"""Kith's command line, launch runner, set-up, doctor and benches. Imports everything; nothing imports it."""
