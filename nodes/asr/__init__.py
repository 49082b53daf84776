"""Hearing: microphone sound in, words out. `node.py` is the ROS shell; the rest is plain and can be tested alone."""
