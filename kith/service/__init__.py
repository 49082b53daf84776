"""Kith as a service of the machine: systemd units, the system user, what runs now. No ROS."""
