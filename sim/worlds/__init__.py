"""The simulated home: one world in SDF, what is read out of it, and how its people look."""
