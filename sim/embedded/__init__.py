"""The simulated body that needs nothing but pip: it hears the room, plays the robot's voice, and drives."""
