"""What the simulated world holds, as messages of the body contract. Stamps are set by the caller."""

import array
import math
from typing import Any

import numpy as np
from builtin_interfaces.msg import Time
from geometry_msgs.msg import PoseStamped, TransformStamped
from nav_msgs.msg import OccupancyGrid, Odometry
from sensor_msgs.msg import BatteryState, CameraInfo, Image, JointState, LaserScan

from sim.embedded.battery import Battery
from sim.embedded.camera import Camera
from sim.embedded.lidar import Lidar
from sim.embedded.physics import Base
from sim.transforms import transform
from sim.worlds.faces import Image as Pixels
from sim.worlds.mapping import HomeMap
from sim.worlds.pose import Pose, yaw_quaternion


def odometry(base: Base, stamp: Time) -> Odometry:
    """The base in the frame `odom`."""
    message = Odometry(child_frame_id="base_link")
    message.header.stamp = stamp
    message.header.frame_id = "odom"
    message.pose.pose.position.x = base.x_m
    message.pose.pose.position.y = base.y_m
    message.pose.pose.orientation.z = math.sin(base.heading_rad / 2)
    message.pose.pose.orientation.w = math.cos(base.heading_rad / 2)
    message.twist.twist.linear.x = base.speed_m_s
    message.twist.twist.angular.z = base.turn_rad_s
    return message


def robot_pose(base: Base, stamp: Time) -> PoseStamped:
    """The base in the world."""
    message = PoseStamped()
    message.header.stamp = stamp
    message.header.frame_id = "map"
    message.pose.position.x = base.x_m
    message.pose.position.y = base.y_m
    message.pose.orientation.z = math.sin(base.heading_rad / 2)
    message.pose.orientation.w = math.cos(base.heading_rad / 2)
    return message


def joint_states(names: list[str], angles: list[float], speeds: list[float], stamp: Time) -> JointState:
    """Every joint of the robot."""
    message = JointState(name=names, position=angles, velocity=speeds)
    message.header.stamp = stamp
    return message


def base_transform(base: Base, stamp: Time) -> TransformStamped:
    """`base_link` in `odom`."""
    pose = Pose((base.x_m, base.y_m, 0.0), yaw_quaternion(base.heading_rad))
    return transform("odom", "base_link", pose, stamp)


def scan(lidar: Lidar, ranges: Any, stamp: Time) -> LaserScan:
    """One turn of the laser scanner."""
    message = LaserScan(
        angle_min=lidar.angle_min,
        angle_max=lidar.angle_max,
        angle_increment=lidar.angle_step,
        scan_time=1.0 / lidar.rate_hz,
        range_min=lidar.nearest_m,
        range_max=lidar.farthest_m,
        ranges=array.array("f", ranges.tobytes()),
    )
    message.header.stamp = stamp
    message.header.frame_id = "laser"
    return message


def floor_map(home: HomeMap, stamp: Time) -> OccupancyGrid:
    """The floor as a map server would tell it."""
    message = OccupancyGrid()
    message.header.stamp = message.info.map_load_time = stamp
    message.header.frame_id = "map"
    message.info.resolution = home.cell_m
    message.info.width, message.info.height = home.occupied.shape
    message.info.origin.position.x, message.info.origin.position.y = home.origin
    message.info.origin.orientation.w = 1.0
    message.data = array.array("b", (home.occupied.T.ravel() * 100).astype(np.int8).tobytes())
    return message


def localisation(home: HomeMap, stamp: Time) -> list[TransformStamped]:
    """`odom` in `map`, as a localisation would tell it, and the places and doorways that the robot knows."""
    poses = {"odom": home.start, **home.frames}
    return [
        transform("map", name, Pose((pose.x, pose.y, 0.0), yaw_quaternion(pose.heading)), stamp)
        for name, pose in poses.items()
    ]


def image(pixels: Pixels, stamp: Time) -> Image:
    """What the camera sees."""
    height, width, _ = pixels.shape
    message = Image(
        height=height, width=width, encoding="rgb8", step=3 * width, data=array.array("B", pixels.tobytes())
    )
    message.header.stamp = stamp
    message.header.frame_id = "camera"
    return message


def camera_info(camera: Camera, stamp: Time) -> CameraInfo:
    """A pinhole without distortion."""
    focal = camera.width / 2 / math.tan(camera.horizontal_fov / 2)
    x, y = camera.width / 2, camera.height / 2
    message = CameraInfo(
        height=camera.height,
        width=camera.width,
        distortion_model="plumb_bob",
        d=[0.0] * 5,
        k=np.array([focal, 0, x, 0, focal, y, 0, 0, 1], np.float64),
        r=np.eye(3).ravel(),
        p=np.array([focal, 0, x, 0, 0, focal, y, 0, 0, 0, 1, 0], np.float64),
    )
    message.header.stamp = stamp
    message.header.frame_id = "camera"
    return message


def battery(battery: Battery, stamp: Time) -> BatteryState:
    """Charge as a fraction; what is not known is not a number."""
    nan = math.nan
    status = "CHARGING" if battery.charging else "DISCHARGING"
    message = BatteryState(
        voltage=battery.voltage,
        percentage=battery.charge,
        present=True,
        power_supply_status=getattr(BatteryState, f"POWER_SUPPLY_STATUS_{status}"),
        current=nan,
        charge=nan,
        capacity=nan,
        design_capacity=nan,
        temperature=nan,
    )
    message.header.stamp = stamp
    return message
