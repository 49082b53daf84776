"""What a loudspeaker did, as the body contract tells it."""

from datetime import datetime

from kith_msgs.msg import Playback

from nodes.base import times
from nodes.body.playback import Happened, PlaybackEvent

_STATES = {Happened.STARTED: Playback.STARTED, Happened.FINISHED: Playback.FINISHED, Happened.STOPPED: Playback.STOPPED}


def playback(event: PlaybackEvent, when: datetime) -> Playback:
    """One event; `when` it was heard."""
    return Playback(
        stamp=times.to_msg(when),
        utterance_id=event.utterance_id,
        state=_STATES[event.happened],
        played_s=event.played_s,
    )
