"""Gazebo Sim as the simulated home: its server, the bridge to ROS, and the body in it."""
