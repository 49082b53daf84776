"""Sight: pictures in, who is there and whether they attend out. No picture is kept and none leaves the process; nobody
is recognised by face, and nobody's feelings are guessed. `node.py` is the ROS shell; the rest is plain."""
