"""Keeping a home's data safe and no longer than needed: backups, retention, log size, disk space. No ROS."""
