"""How well the robot hears: one bench, in virtual time, with the real ears, mind and voice, and measured work."""
