"""Measures the running system: the real `kith up`, beside the floor that as many bare nodes set on this machine."""
