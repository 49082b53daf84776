"""Any audio to what a device wants: one channel, one rate, 16-bit samples."""

from nodes.base.audio import Pcm, Resampler, downmix, to_int16


class MonoStream:
    """Interleaved audio at one rate as mono at another, chunk by chunk without a seam."""

    def __init__(self, rate: int, channels: int, out_rate: int) -> None:
        """`rate` and `out_rate` in Hz. Errors: ValueError for a rate or channel count that no device has."""
        if not 4_000 <= rate <= 192_000:
            raise ValueError(f"a sample rate of {rate} Hz is none: use 4000 to 192000")
        if not 1 <= channels <= 32:
            raise ValueError(f"{channels} audio channels are none: use 1 to 32")
        self.rate, self.channels = rate, channels
        self._same = rate == out_rate and channels == 1
        self._resampler = Resampler(rate, out_rate)

    def feed(self, interleaved: Pcm) -> Pcm:
        """What is ready after this part; the filter keeps some milliseconds back."""
        if self._same or not len(interleaved):
            return interleaved
        return to_int16(self._resampler.push(downmix(interleaved, self.channels)))

    def flush(self) -> Pcm:
        """What the filter kept back. Nothing may be fed afterwards."""
        return to_int16(self._resampler.flush())
