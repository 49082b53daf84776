"""Calling people: what an alert is, who has it, and when it goes out again. No ROS and no clock."""
