"""What the robot can do, one subject a file: functions from a scene and what was heard to acts.

Each returns None where it does not apply. `behaviours/tree.py` says which comes before which.
"""
