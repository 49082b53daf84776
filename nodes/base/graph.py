"""Names and types of everything that travels between nodes.

Relative names belong to one robot and live in its namespace; names below `/home` exist once per home.
`humans/…` follows ROS 4 HRI (REP-155), bodies use the standard names and messages.
"""

from dataclasses import dataclass
from typing import Any

from communication_skills.action import Say
from diagnostic_msgs.msg import DiagnosticArray
from geometry_msgs.msg import PoseArray, Twist
from hri_msgs.msg import EngagementLevel, IdsList, IdsMatch, LiveSpeech, NormalizedRegionOfInterest2D
from hri_msgs.msg import Gesture as BodyGesture
from irobot_create_msgs.action import Dock, Undock
from kith_msgs import action, msg, srv
from nav2_msgs.action import NavigateToPose
from nav_msgs.msg import OccupancyGrid, Odometry
from rclpy.qos import QoSProfile
from sensor_msgs.msg import BatteryState, CameraInfo, Image, JointState, LaserScan
from std_msgs.msg import Bool, String
from std_srvs.srv import SetBool
from tf2_msgs.msg import TFMessage

from nodes.base import qos


@dataclass(frozen=True)
class Topic:
    """A topic: name, message type, quality of service."""

    name: str
    type: Any
    qos: QoSProfile


@dataclass(frozen=True)
class Service:
    """A service: name and type."""

    name: str
    type: Any


@dataclass(frozen=True)
class Action:
    """An action: name and type."""

    name: str
    type: Any


# Body ---------------------------------------------------------------------------------------------------------------
AUDIO_IN = Topic("audio_in", msg.AudioChunk, qos.SOUND)
AUDIO_OUT = Topic("audio_out", msg.AudioChunk, qos.SOUND)
AUDIO_CONTROL = Topic("audio_control", String, qos.EVENT)
AUDIO_PLAYBACK = Topic("audio_playback", msg.Playback, qos.EVENT)
CMD_VEL_REQUEST = Topic("cmd_vel_request", Twist, qos.COMMAND)
CMD_VEL = Topic("cmd_vel", Twist, qos.COMMAND)
ODOM = Topic("odom", Odometry, qos.SENSOR)
BATTERY_STATE = Topic("battery_state", BatteryState, qos.SENSOR)
BUMPER = Topic("bumper", Bool, qos.EVENT)
CLIFF = Topic("cliff", Bool, qos.EVENT)
JOINT_TARGETS = Topic("joint_targets", JointState, qos.SENSOR)
JOINT_STATES = Topic("joint_states", JointState, qos.SENSOR)
TOUCH = Topic("touch", Bool, qos.EVENT)
HAND_TOUCH = Topic("hand_touch", Bool, qos.EVENT)
SCAN = Topic("scan", LaserScan, qos.SENSOR)
CAMERA_IMAGE = Topic("camera/image_raw", Image, qos.SENSOR)
CAMERA_INFO = Topic("camera/camera_info", CameraInfo, qos.SENSOR)
TF = Topic("tf", TFMessage, qos.EVENT)
TF_STATIC = Topic("tf_static", TFMessage, qos.STATE)

# People -------------------------------------------------------------------------------------------------------------
VOICES_TRACKED = Topic("humans/voices/tracked", IdsList, qos.EVENT)
BODIES_TRACKED = Topic("humans/bodies/tracked", IdsList, qos.EVENT)
FACES_TRACKED = Topic("humans/faces/tracked", IdsList, qos.EVENT)
PERSONS_TRACKED = Topic("humans/persons/tracked", IdsList, qos.EVENT)
ON_THE_FLOOR = Topic("humans/on_the_floor", PoseArray, qos.EVENT)
"""Places of people on the floor, ahead of the robot and to its left; with nobody in it: it looked and saw nobody."""
CANDIDATE_MATCHES = Topic("humans/candidate_matches", IdsMatch, qos.EVENT)


def body_gesture(body_id: str) -> Topic:
    """What a body says without words, such as a raised hand."""
    return Topic(f"humans/bodies/{body_id}/gesture", BodyGesture, qos.EVENT)


def person_frame(person_id: str) -> str:
    """The frame (REP-155) of where a person is, or was seen last: on the floor, x the way they face."""
    return f"person_{person_id}"


def voice_speech(voice_id: str) -> Topic:
    """What one voice says."""
    return Topic(f"humans/voices/{voice_id}/speech", LiveSpeech, qos.EVENT)


def voice_is_speaking(voice_id: str) -> Topic:
    """Whether one voice sounds at this moment."""
    return Topic(f"humans/voices/{voice_id}/is_speaking", Bool, qos.EVENT)


def face_roi(face_id: str) -> Topic:
    """Where one face is in the picture."""
    return Topic(f"humans/faces/{face_id}/roi", NormalizedRegionOfInterest2D, qos.SENSOR)


def person_face(person_id: str) -> Topic:
    """Which face is a person's."""
    return Topic(f"humans/persons/{person_id}/face_id", String, qos.STATE)


def person_engagement(person_id: str) -> Topic:
    """How a person attends to the robot."""
    return Topic(f"humans/persons/{person_id}/engagement_status", EngagementLevel, qos.STATE)


# Talk ---------------------------------------------------------------------------------------------------------------
LOOKING = Topic("looking", Bool, qos.STATE)  # from dialogue, every second: whether the camera may look
HEARING = Topic("hearing", msg.Utterance, qos.EVENT)
CAPTIONS = Topic("captions", msg.Caption, qos.EVENT)
FLOOR = Topic("floor", msg.FloorState, qos.STATE)
SENSES = Topic("senses", Bool, qos.STATE)
SPEAK = Action("speak", action.Speak)
SAY = Action("skill/say", Say)
ORDER = Service("order", srv.Order)
REMIND = Action("remind", action.Remind)

# Moving -------------------------------------------------------------------------------------------------------------
GESTURE = Action("gesture", action.Gesture)
APPROACH = Action("approach", action.Approach)
JOURNEY_WANTED = Topic("journey_wanted", Bool, qos.EVENT)
"""The mind still wants the journey that it has asked for: ten times a second while it lasts. Once heard it must go on,
or the robot stands."""
GO_TO = Action("go_to", action.GoTo)
NAVIGATE = Action("navigate_to_pose", NavigateToPose)
"""Nav2's, where it runs: its velocities go to `cmd_vel_request` as everybody's."""
DOCK, UNDOCK = Action("dock", Dock), Action("undock", Undock)
"""The base's own, where it has them: it moves by its own senses, past `safety`."""
SAFETY_STOP = Service("safety/stop", SetBool)
SAFETY_STATE = Topic("safety/state", msg.SafetyState, qos.STATE)
STOP_BUTTON = Topic("stop_button", Bool, qos.EVENT)
"""A stop that somebody holds in the hand: true while pressed. Once heard it must go on, a word each second."""
MAP = Topic("map", OccupancyGrid, qos.STATE)
"""The floor, as a map server tells it."""

# Home ---------------------------------------------------------------------------------------------------------------
PROFILE_CHANGES = Topic("/home/profiles/changes", msg.ProfileChange, qos.EVENT)
GET_SNAPSHOT = Service("/home/profiles/get_snapshot", srv.GetSnapshot)
GET_HISTORY = Service("/home/profiles/get_history", srv.GetHistory)
SET_FACT = Service("/home/profiles/set_fact", srv.SetFact)
ERASE_PROFILE = Service("/home/profiles/erase", srv.EraseProfile)
ERASE_REMINDERS = Service("/home/reminders/erase", srv.EraseProfile)
ERASE_ALERTS = Service("/home/alerts/erase", srv.EraseProfile)
SET_LEGAL_HOLD = Service("/home/profiles/set_legal_hold", srv.SetLegalHold)
REPORT_COPIES = Service("/home/profiles/report_copies", srv.ReportCopies)
LIST_RESIDENTS = Service("/home/profiles/list_residents", srv.ListResidents)
OCCURRENCES = Topic("/home/reminders/occurrences", msg.Occurrence, qos.EVENT)
ADD_ROUTINE = Service("/home/reminders/add_routine", srv.AddRoutine)
LIST_OCCURRENCES = Service("/home/reminders/list_occurrences", srv.ListOccurrences)
CLOSE_OCCURRENCE = Service("/home/reminders/close_occurrence", srv.CloseOccurrence)
OPEN_ALERTS = Topic("/home/alerts/open", msg.AlertList, qos.STATE)
RAISE_ALERT = Service("/home/alerts/raise_alert", srv.RaiseAlert)
ACCEPT_ALERT = Service("/home/alerts/accept_alert", srv.AcceptAlert)
SET_SHIFT = Service("/home/alerts/set_shift", srv.SetShift)

# Simulation and health ----------------------------------------------------------------------------------------------
TIME_STEP = Topic("/sim/time_step", msg.TimeStep, qos.ROUND)
TIME_HANDLED = Topic("/sim/time_handled", msg.TimeHandled, qos.ROUND)
ROOM_AUDIO = Topic("sim/room_audio", msg.AudioChunk, qos.SOUND)
DIAGNOSTICS = Topic("/diagnostics", DiagnosticArray, qos.DIAGNOSTICS)
