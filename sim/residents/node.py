"""The simulated residents on the graph: where they are, who is seen, who they are, and their voices in the room."""

import array
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import Future as Work
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from communication_skills.action import Say
from geometry_msgs.msg import PoseStamped
from hri_msgs.msg import Gesture as BodyGesture
from hri_msgs.msg import IdsList, IdsMatch
from kith_msgs.action import GoTo
from kith_msgs.msg import AudioChunk
from rclpy.action import CancelResponse, GoalResponse
from rclpy.action.server import ServerGoalHandle
from rclpy.task import Future
from std_skills.msg import Result as SkillResult

from culture_profiles.errors import KithError
from nodes.base import graph, times
from nodes.base.audio import CHUNK_S, Pcm
from nodes.base.models import default_models_dir
from nodes.base.node import KithNode
from nodes.base.run import run
from nodes.base.settings import Settings, setting
from sim import graph as stage
from sim import transforms
from sim.residents import people, piper_voice
from sim.residents.people import Person
from sim.residents.presence import RENEWED_S, Presence, Seen
from sim.residents.speech import Speech
from sim.residents.voice import Render, speak
from sim.residents.whereabouts import Whereabouts
from sim.worlds import sdf
from sim.worlds.placed import Placed

_RATE = 16_000
_CONFIDENCE = 0.95
_WALKING_S = 0.1


@dataclass(frozen=True, kw_only=True)
class ResidentsSettings(Settings):
    """Who there is, and what they speak with."""

    people_dir: str = setting("", "Directory of residents' YAML files; empty: those that come with Kith")
    models_dir: str = setting("", "Directory of the installed models; empty: the one `kith models` installs into")
    world: str = setting("", "SDF file of the world they live in; empty: the care home that comes with Kith")
    present: str = setting("", "Ids of the residents who are in the room from the start, with commas between them")


class Residents(KithNode[ResidentsSettings]):
    """Everybody who may come into the room. Each comes, speaks and leaves as the scenario asks (sim/graph.py)."""

    name: ClassVar[str] = "residents"
    settings_type: ClassVar[type[ResidentsSettings]] = ResidentsSettings

    def configure(self) -> None:
        """Read who there is; load the voice beside the executor."""
        folder = Path(self.settings.people_dir) if self.settings.people_dir else people.FOLDER
        self._people = people.everybody(folder)
        if not self._people:
            raise KithError("no residents to simulate: the people directory holds no YAML file")
        self._first = [each.strip() for each in self.settings.present.split(",") if each.strip()]
        for resident_id in self._first:
            if resident_id not in self._people:
                raise KithError(f"no simulated resident {resident_id}: there are {', '.join(self._people)}")
        self._whereabouts = Whereabouts(Path(self.settings.world) if self.settings.world else sdf.CARE_HOME)
        self._arrivals: dict[str, Future] = {}
        self._stepped_at = self.now()
        self._presence = Presence()
        self._sighted: set[str] = set()  # seen because the robot has come to them
        self._hands: dict[str, Any] = {}  # publishers for the bodies whose hands have been raised
        self._raised: set[str] = set()
        self._robot_told = False
        self._speaking: dict[str, tuple[Speech, Future]] = {}
        self._busy: set[str] = set()
        self._workers = ThreadPoolExecutor(1, "voice")
        models_dir = Path(self.settings.models_dir) if self.settings.models_dir else default_models_dir()
        self._render = self._workers.submit(piper_voice.load, models_dir)
        self._render.add_done_callback(lambda _: self.post(self._on_voice))
        self._bodies = self.publisher(graph.BODIES_TRACKED)
        self._matches = self.publisher(graph.CANDIDATE_MATCHES)
        self._room_audio = self.publisher(graph.ROOM_AUDIO)
        self._places = self.publisher(stage.PEOPLE)
        self._frames = self.publisher(graph.TF)
        self.subscription(stage.ROBOT, self._on_robot)
        for person in self._people.values():
            self._offer(person)
            if person.id in self._whereabouts.walkers:
                self._let_walk(person.id)
        self._walking_timer = self.every(_WALKING_S, self._on_walking)
        self._sound_timer = self.every(CHUNK_S, self._on_sound)
        self._sound_timer.cancel()  # runs only while somebody speaks
        self.every(1.0, self._on_second)
        self.every(RENEWED_S, self._renew)
        self.every(RENEWED_S, self._tell_places)

    def activate(self) -> None:
        """Everybody is in their place, and those who are there from the start come in."""
        self._tell_places()
        for resident_id in self._first:
            self._enter(resident_id)

    def cleanup(self) -> None:
        """End the voice's thread."""
        if workers := getattr(self, "_workers", None):
            workers.shutdown(wait=False, cancel_futures=True)

    def _on_voice(self) -> None:
        if not self._render.cancelled() and (problem := self._render.exception()):
            self.health.error("voice", str(problem))
            self.get_logger().error(str(problem))

    def _offer(self, person: Person) -> None:
        resident_id = person.id

        def set_present(request: Any, response: Any) -> Any:
            if request.data:
                self._enter(resident_id)
            else:
                self._leave(resident_id)
            response.success = True
            return response

        def accept(goal: Say.Goal) -> GoalResponse:
            if not (goal.input.strip() and self._presence.is_here(resident_id)) or resident_id in self._busy:
                return GoalResponse.REJECT
            self._busy.add(resident_id)
            return GoalResponse.ACCEPT

        async def execute(handle: ServerGoalHandle) -> Say.Result:
            try:
                return await self._say(person, handle)
            finally:
                self._busy.discard(resident_id)

        def cancel(_: Any) -> CancelResponse:
            self._hush(resident_id)
            return CancelResponse.ACCEPT

        self.service(stage.present(resident_id), set_present)
        self.action_server(stage.say(resident_id), execute, goal_callback=accept, cancel_callback=cancel)

    # Presence -------------------------------------------------------------------------------------------------------
    def _enter(self, resident_id: str) -> None:
        if not self._presence.is_here(resident_id) and resident_id in self._whereabouts.walkers:
            self._begin(resident_id, lambda: self._whereabouts.comes_near(resident_id, from_afar=False))
        seen = self._presence.enter(resident_id)
        self._tell_bodies()
        self._tell_match(seen, _CONFIDENCE)

    def _leave(self, resident_id: str) -> None:
        self._hush(resident_id)
        if seen := self._presence.leave(resident_id):
            self._tell_match(seen, 0.0)
            self._tell_bodies()
            if resident_id in self._whereabouts.walkers:
                self._begin(resident_id, lambda: self._whereabouts.goes_home(resident_id))

    def _renew(self) -> None:
        for seen in self._presence.here():
            self._tell_match(seen, _CONFIDENCE)

    def _on_second(self) -> None:
        self._tell_bodies()
        self._tell_frames(self._whereabouts.everybody())
        self._tell_hands()
        self._look_around()

    def _look_around(self) -> None:
        """Whom the robot has come to, it sees; whom it has left again, it does not."""
        if not self._robot_told:
            return
        for resident_id in self._whereabouts.walkers.keys() & self._people.keys():
            if not self._presence.is_here(resident_id):
                self._sighted.discard(resident_id)
                if self._whereabouts.in_sight(resident_id):
                    self._sighted.add(resident_id)
                    self._tell_match(self._presence.enter(resident_id), _CONFIDENCE)
                    self._tell_bodies()
            elif resident_id in self._sighted and self._whereabouts.far_from_robot(resident_id):
                self._sighted.discard(resident_id)
                if seen := self._presence.leave(resident_id):
                    self._tell_match(seen, 0.0)
                    self._tell_bodies()

    def _tell_frames(self, placed: Iterable[tuple[str, Placed]]) -> None:
        if self._frames.get_subscription_count():
            bodies = {seen.resident_id: seen.body_id for seen in self._presence.here()}
            self._frames.publish(transforms.person_frames(placed, bodies, times.to_msg(self.now())))

    def _tell_hands(self) -> None:
        """What is seen of the hands of those who are seen."""
        for seen in self._presence.here():
            if seen.resident_id in self._raised:
                if seen.body_id not in self._hands:
                    self._hands[seen.body_id] = self.publisher(graph.body_gesture(seen.body_id))
                gesture = BodyGesture(gesture=BodyGesture.RIGHT_HAND_RAISED)
                gesture.header.stamp = times.to_msg(self.now())
                gesture.header.frame_id = seen.body_id
                self._hands[seen.body_id].publish(gesture)

    def _tell_bodies(self) -> None:
        message = IdsList(ids=[seen.body_id for seen in self._presence.here()])
        message.header.stamp = times.to_msg(self.now())
        self._bodies.publish(message)

    def _tell_match(self, seen: Seen, confidence: float) -> None:
        for kind, transient_id in ((IdsMatch.BODY, seen.body_id), (IdsMatch.FACE, seen.face_id)):
            self._matches.publish(
                IdsMatch(
                    id1=seen.resident_id,
                    id1_type=IdsMatch.PERSON,
                    id2=transient_id,
                    id2_type=kind,
                    confidence=confidence,
                )
            )

    # Places ---------------------------------------------------------------------------------------------------------
    def _let_walk(self, resident_id: str) -> None:
        async def execute(handle: ServerGoalHandle) -> GoTo.Result:
            arrival = self._begin(resident_id, lambda: self._send(resident_id, handle.request))
            if isinstance(arrival, KithError):
                handle.abort()
                return GoTo.Result(success=False, message=str(arrival))
            arrived = await arrival
            if handle.is_cancel_requested:
                handle.canceled()
            elif arrived:
                handle.succeed()
            else:
                handle.abort()
            return GoTo.Result(success=bool(arrived), message="" if arrived else "went elsewhere, or stopped")

        def cancel(_: Any) -> CancelResponse:
            self._whereabouts.walkers[resident_id].stop()
            self._arrived(resident_id, False)
            return CancelResponse.ACCEPT

        def look(request: Any, response: Any) -> Any:
            self._whereabouts.walkers[resident_id].looks_at_robot = request.data
            self._move()
            response.success = True
            return response

        def raise_hand(request: Any, response: Any) -> Any:
            self._raised = self._raised | {resident_id} if request.data else self._raised - {resident_id}
            self._tell_hands()
            response.success = True
            return response

        def step_back(_: Any, response: Any) -> Any:
            try:
                self._whereabouts.steps_back(resident_id)
            except KithError as problem:
                response.success, response.message = False, str(problem)
            else:
                response.success = True
                self._move()
            return response

        self.service(stage.raise_hand(resident_id), raise_hand)
        self.service(stage.step_back(resident_id), step_back)
        self.action_server(stage.go_to(resident_id), execute, cancel_callback=cancel)
        self.service(stage.look(resident_id), look)

    def _send(self, resident_id: str, goal: GoTo.Goal) -> None:
        if goal.place:
            self._whereabouts.goes(resident_id, goal.place)
            return
        if goal.pose.header.frame_id != "map":
            raise KithError("the pose must be given in the frame map")
        place = goal.pose.pose.position
        self._whereabouts.goes_to(resident_id, place.x, place.y, transforms.yaw(goal.pose.pose.orientation))

    def _begin(self, resident_id: str, walk: Callable[[], None]) -> Future | KithError:
        """Set somebody walking: the future is true once they are there, false if they went elsewhere."""
        try:
            walk()
        except KithError as problem:
            self.health.warn(f"walk {resident_id}", f"{resident_id} stays where they are: {problem}")
            return problem
        self.health.clear(f"walk {resident_id}")
        self._arrived(resident_id, False)
        self._arrivals[resident_id] = arrival = Future()
        self._move()
        return arrival

    def _arrived(self, resident_id: str, arrived: bool) -> None:
        if arrival := self._arrivals.pop(resident_id, None):
            arrival.set_result(arrived)

    def _move(self) -> None:
        if self._walking_timer.is_canceled():
            self._stepped_at = self.now()
            self._walking_timer.reset()

    def _on_walking(self) -> None:
        now = self.now()
        elapsed_s, self._stepped_at = (now - self._stepped_at).total_seconds(), now
        moved = self._whereabouts.step(max(0.0, elapsed_s))
        if moved:
            self._places.publish(transforms.people(moved, times.to_msg(now)))
            self._tell_frames(moved)
        for resident_id in list(self._arrivals):
            if not self._whereabouts.walkers[resident_id].walking:
                self._arrived(resident_id, True)
        if not moved and not self._arrivals and not self._whereabouts.watches_robot:
            self._walking_timer.cancel()  # while everybody sits still there is nothing to work out

    def _on_robot(self, message: PoseStamped) -> None:
        place = message.pose.position
        self._whereabouts.robot = (place.x, place.y, transforms.yaw(message.pose.orientation))
        first, self._robot_told = not self._robot_told, True
        if not first or any(each.looks_at_robot is not None for each in self._whereabouts.walkers.values()):
            self._move()

    def _tell_places(self) -> None:
        self._places.publish(transforms.people(self._whereabouts.everybody(), times.to_msg(self.now())))

    # Voice ----------------------------------------------------------------------------------------------------------
    async def _say(self, person: Person, handle: ServerGoalHandle) -> Say.Result:
        samples = Future()
        text = handle.request.input

        def work() -> Pcm:
            render: Render = self._render.result()
            return speak(text, person.simulation.voice, render, _RATE)

        def done(work: Work[Pcm]) -> None:
            self.post(lambda: samples.set_result(work.exception() or work.result()))

        self._workers.submit(work).add_done_callback(done)
        rendered = await samples
        if arrival := self._arrivals.get(person.id):
            await arrival  # people come near first, and then speak
        if handle.is_cancel_requested:
            handle.canceled()
            return _result(SkillResult.ROS_ECANCELED, "stopped before speaking")
        if not self._presence.is_here(person.id):
            handle.abort()
            return _result(SkillResult.ROS_EINTR, "left before speaking")
        if isinstance(rendered, BaseException):
            handle.abort()
            return _result(
                SkillResult.ROS_EOTHER, str(rendered) if isinstance(rendered, KithError) else "no sound came"
            )
        over = Future()
        speech = Speech(rendered, _RATE, self.now())
        self._speaking[person.id] = (speech, over)
        self._sound_timer.reset()
        finished = await over
        if handle.is_cancel_requested:
            handle.canceled()
            return _result(SkillResult.ROS_ECANCELED, "stopped speaking")
        if not finished:
            handle.abort()
            return _result(SkillResult.ROS_EINTR, "left while speaking")
        handle.succeed()
        return _result(SkillResult.ROS_ENOERR, "")

    def _hush(self, resident_id: str) -> None:
        if found := self._speaking.pop(resident_id, None):
            found[1].set_result(False)

    def _on_sound(self) -> None:
        now = self.now()
        for resident_id, (speech, over) in list(self._speaking.items()):
            for part in speech.due(now):
                chunk = AudioChunk(
                    sequence=part.sequence,
                    sample_rate=_RATE,
                    channels=1,
                    samples=array.array("h", part.samples.tobytes()),
                )
                chunk.header.stamp = times.to_msg(part.at)
                chunk.header.frame_id = resident_id
                self._room_audio.publish(chunk)
            if speech.over(now):
                del self._speaking[resident_id]
                over.set_result(True)
        if not self._speaking:
            self._sound_timer.cancel()


def _result(code: int, message: str) -> Say.Result:
    return Say.Result(result=SkillResult(error_code=code, error_msg=message))


def main() -> int:
    """Run the simulated residents."""
    return run(Residents)


if __name__ == "__main__":
    sys.exit(main())
