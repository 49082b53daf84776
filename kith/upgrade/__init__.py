"""Upgrading a checkout and its home, with a way back that needs nobody. Its own packages change under it."""
