"""Reminders without ROS and without a clock: when a routine is due, and what may happen to each time it is."""
