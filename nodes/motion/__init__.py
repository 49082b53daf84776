"""Motion: gestures and travel, asked for by the one mind; every velocity passes through safety."""
