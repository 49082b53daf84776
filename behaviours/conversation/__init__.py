"""Ordinary talk: what has been said lately, which topic is next, how what was told is answered, how talk ends."""
