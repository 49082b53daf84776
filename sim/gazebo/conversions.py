"""Messages of Gazebo as messages of ROS and back, for the pairs that the bridge's file may name.

The same fields as ros_gz_bridge fills; what is not here it refuses by name.
"""

import array
from collections.abc import Callable
from typing import Any

from geometry_msgs.msg import Twist
from nav_msgs.msg import Odometry
from ros_gz_interfaces.msg import Contact, Contacts, Entity
from rosgraph_msgs.msg import Clock
from sensor_msgs.msg import CameraInfo, Image, JointState, LaserScan
from std_msgs.msg import Bool, Float64, String

_ENCODINGS = {1: ("mono8", 1), 3: ("rgb8", 3), 4: ("rgba8", 4), 5: ("bgra8", 4), 8: ("bgr8", 3)}
"""By the number of gz.msgs.PixelFormatType: encoding, and bytes a pixel."""

ToRos = Callable[[Any], Any]
ToGazebo = Callable[[Any, Any], None]


def _stamp(theirs: Any, header: Any) -> None:
    header.stamp.sec, header.stamp.nanosec = int(theirs.stamp.sec), int(theirs.stamp.nsec)
    for pair in theirs.data:
        if pair.key == "frame_id" and pair.value:
            header.frame_id = pair.value[0].replace("::", "/")


def _to_twist(ours: Twist, theirs: Any) -> None:
    for vector in ("linear", "angular"):
        for axis in "xyz":
            setattr(getattr(theirs, vector), axis, getattr(getattr(ours, vector), axis))


def _to_data(ours: Any, theirs: Any) -> None:
    theirs.data = ours.data


def _odometry(theirs: Any) -> Odometry:
    ours = Odometry()
    _stamp(theirs.header, ours.header)
    for pair in theirs.header.data:
        if pair.key == "child_frame_id" and pair.value:
            ours.child_frame_id = pair.value[0]
    at, turn = ours.pose.pose.position, ours.pose.pose.orientation
    at.x, at.y, at.z = theirs.pose.position.x, theirs.pose.position.y, theirs.pose.position.z
    given = theirs.pose.orientation
    turn.x, turn.y, turn.z, turn.w = given.x, given.y, given.z, given.w
    for vector in ("linear", "angular"):
        for axis in "xyz":
            setattr(getattr(ours.twist.twist, vector), axis, getattr(getattr(theirs.twist, vector), axis))
    return ours


def _joint_state(theirs: Any) -> JointState:
    ours = JointState()
    _stamp(theirs.header, ours.header)
    for joint in theirs.joint:
        ours.name.append(joint.name)
        ours.position.append(joint.axis1.position)
        ours.velocity.append(joint.axis1.velocity)
        ours.effort.append(joint.axis1.force)
    return ours


def _scan(theirs: Any) -> LaserScan:
    start = theirs.vertical_count // 2 * theirs.count
    ours = LaserScan(
        angle_min=theirs.angle_min,
        angle_max=theirs.angle_max,
        angle_increment=theirs.angle_step,
        range_min=theirs.range_min,
        range_max=theirs.range_max,
        ranges=array.array("f", theirs.ranges[start : start + theirs.count]),
    )
    _stamp(theirs.header, ours.header)
    ours.header.frame_id = theirs.frame.replace("::", "/")
    return ours


def _image(theirs: Any) -> Image:
    encoding, size = _ENCODINGS.get(theirs.pixel_format_type, ("", 0))
    if not encoding:
        raise ValueError(f"pictures in Gazebo's pixel format {theirs.pixel_format_type} are not known")
    ours = Image(height=theirs.height, width=theirs.width, encoding=encoding, step=theirs.width * size)
    ours.data = array.array("B", theirs.data)
    _stamp(theirs.header, ours.header)
    return ours


def _camera_info(theirs: Any) -> CameraInfo:
    ours = CameraInfo(height=theirs.height, width=theirs.width, distortion_model="plumb_bob")
    ours.d = array.array("d", theirs.distortion.k)
    for mine, given in (
        (ours.k, theirs.intrinsics.k),
        (ours.p, theirs.projection.p),
        (ours.r, theirs.rectification_matrix),
    ):
        for index, value in enumerate(given[: len(mine)]):
            mine[index] = value
    _stamp(theirs.header, ours.header)
    return ours


def _contacts(theirs: Any) -> Contacts:
    """Who touches whom; forces are left out, because nobody here asks for them."""
    ours = Contacts()
    _stamp(theirs.header, ours.header)
    for each in theirs.contact:
        pair = [Entity(id=end.id, name=end.name, type=Entity.COLLISION) for end in (each.collision1, each.collision2)]
        ours.contacts.append(Contact(collision1=pair[0], collision2=pair[1], depths=array.array("d", each.depth)))
    return ours


def _clock(theirs: Any) -> Clock:
    ours = Clock()
    ours.clock.sec, ours.clock.nanosec = int(theirs.sim.sec), int(theirs.sim.nsec)
    return ours


TO_ROS: dict[tuple[str, str], tuple[Any, ToRos]] = {
    ("nav_msgs/msg/Odometry", "gz.msgs.Odometry"): (Odometry, _odometry),
    ("sensor_msgs/msg/JointState", "gz.msgs.Model"): (JointState, _joint_state),
    ("sensor_msgs/msg/LaserScan", "gz.msgs.LaserScan"): (LaserScan, _scan),
    ("sensor_msgs/msg/Image", "gz.msgs.Image"): (Image, _image),
    ("sensor_msgs/msg/CameraInfo", "gz.msgs.CameraInfo"): (CameraInfo, _camera_info),
    ("ros_gz_interfaces/msg/Contacts", "gz.msgs.Contacts"): (Contacts, _contacts),
    ("rosgraph_msgs/msg/Clock", "gz.msgs.Clock"): (Clock, _clock),
    ("std_msgs/msg/Bool", "gz.msgs.Boolean"): (Bool, lambda theirs: Bool(data=theirs.data)),
    ("std_msgs/msg/Float64", "gz.msgs.Double"): (Float64, lambda theirs: Float64(data=theirs.data)),
    ("std_msgs/msg/String", "gz.msgs.StringMsg"): (String, lambda theirs: String(data=theirs.data)),
}
TO_GAZEBO: dict[tuple[str, str], tuple[Any, ToGazebo]] = {
    ("geometry_msgs/msg/Twist", "gz.msgs.Twist"): (Twist, _to_twist),
    ("std_msgs/msg/Bool", "gz.msgs.Boolean"): (Bool, _to_data),
    ("std_msgs/msg/Float64", "gz.msgs.Double"): (Float64, _to_data),
    ("std_msgs/msg/String", "gz.msgs.StringMsg"): (String, _to_data),
}
