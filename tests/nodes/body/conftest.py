"""A sound card that is not there: PulseAudio with a sink whose sound is heard again at the microphone."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

_WITHIN_S = 15.0
_ALSA = Path("/usr/share/alsa/alsa.conf")
_SINK = ("module-null-sink", "sink_name=room", "rate=48000", "channels=2")


def what_is_missing() -> str:
    missing = [name for name in ("pulseaudio", "pactl") if shutil.which(name) is None]
    if not list(Path("/usr/lib").glob("*/alsa-lib/libasound_module_pcm_pulse.so")):
        missing.append("ALSA's plugin for PulseAudio")
    if not _ALSA.is_file():
        missing.append("ALSA")
    return ", ".join(missing)


class VirtualCard:
    """The test's own PulseAudio, for nobody else. What is played into the sink comes back as the microphone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        socket = folder / "socket"
        runtime = folder / "run"
        runtime.mkdir(mode=0o700)
        asound = folder / "asound.conf"
        asound.write_text(f"<{_ALSA}>\npcm.!default {{ type pulse }}\nctl.!default {{ type pulse }}\n")
        self.environment = {
            "PULSE_SERVER": f"unix:{socket}",
            "PULSE_RUNTIME_PATH": str(runtime),
            "PULSE_COOKIE": str(folder / "cookie"),
            "XDG_RUNTIME_DIR": str(runtime),
            "ALSA_CONFIG_PATH": str(asound),
        }
        command = ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no"]
        command += ["--disable-shm=yes", "-L", f"module-native-protocol-unix socket={socket} auth-anonymous=1"]
        with (folder / "log").open("w") as log:
            self._daemon = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env={**os.environ, **self.environment}
            )
        deadline = time.monotonic() + _WITHIN_S
        while not socket.exists() or self._pactl("info").returncode:
            if self._daemon.poll() is not None or time.monotonic() > deadline:
                self.close()
                raise AssertionError(f"PulseAudio does not start: {(folder / 'log').read_text()[-500:]}")
            time.sleep(0.05)  # the daemon has no way to say that it is ready
        self._module = ""
        self.plug_in()

    def _pactl(self, *command: str) -> "subprocess.CompletedProcess[str]":
        environment = {**os.environ, **self.environment}
        return subprocess.run(
            ["pactl", *command], env=environment, capture_output=True, text=True, timeout=_WITHIN_S, check=False
        )

    def plug_in(self) -> None:
        """The card is there, as the default microphone and loudspeaker."""
        self._module = self._pactl("load-module", *_SINK).stdout.strip()
        assert self._module
        assert self._pactl("set-default-source", "room.monitor").returncode == 0

    def unplug(self) -> None:
        """The card is gone, whatever is playing."""
        assert self._pactl("unload-module", self._module).returncode == 0

    def close(self) -> None:
        """End the daemon."""
        self._daemon.terminate()
        try:
            self._daemon.wait(5.0)
        except subprocess.TimeoutExpired:
            self._daemon.kill()
            self._daemon.wait()


@pytest.fixture
def virtual_card(monkeypatch: pytest.MonkeyPatch) -> Iterator[VirtualCard]:
    """Plugged in, and the default in the environment. Skips where Debian's packages for it are not installed."""
    if missing := what_is_missing():
        pytest.skip(f"{missing} missing: apt-get install pulseaudio pulseaudio-utils libasound2-plugins")
    # A socket's path has to be short.
    folder = Path(tempfile.mkdtemp(prefix="kith-sound-"))
    card = VirtualCard(folder)
    for name, value in card.environment.items():
        monkeypatch.setenv(name, value)
    yield card
    card.close()
    shutil.rmtree(folder, ignore_errors=True)
