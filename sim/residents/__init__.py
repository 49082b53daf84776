"""Simulated residents: who they are, how they sound, when they are there and what they say."""
