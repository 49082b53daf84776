"""How fast the tablet is, how large, how many at once, how accessible, and how many taps its tasks take."""
