"""Labels put right by the time stamps that the frames of a video really have.

Where a tool counts frames, frame n is the n-th that the video holds, and an
edge lies where that frame appears, whatever rate the tool took. Where it
counts seconds, they stay; but if it states the length of the picture alone,
and the picture starts after the file does, all of them move by that.
"""

import dataclasses
import pathlib

from fsn_tf import segments
from fsn_tf.annotations import labelings
from fsn_tf.videos import containers
from fsn_tf.videos import sources


@dataclasses.dataclass(frozen=True)
class RealTimes:
    """When the frames of a video appear.

    Attributes:
        times: Seconds from the start of the file, of every frame, in order.
        end: Seconds at which the last one ends.
    """

    times: tuple[float, ...]
    end: float

    @property
    def fps(self) -> float:
        """Frames per second, on average."""
        return len(self.times) / (self.end - self.times[0])

    def edge(self, frame: int) -> float:
        """When frame n appears, from 0; the end for what lies after it."""
        return self.times[frame] if frame < len(self.times) else self.end


def real_times(
    path: pathlib.Path, frame_folder_fps: float | None = None
) -> RealTimes:
    """The RealTimes of a video; all of it is read, little is decoded.

    Raises:
        InputError: It cannot be read.
    """
    source = sources.opened(path, frame_folder_fps)
    packets = containers.packets(path) if path.is_file() else None
    if packets is None or not packets.stamps:
        packets = containers.Packets(source.first_times(2**31), ())
    # Both count from where the picture starts.
    seconds = packets.times(source.fps)
    times = tuple(source.start_seconds + one for one in seconds)
    return RealTimes(times, times[-1] + 1 / source.fps)


def shift_seconds(stated: labelings.Stated, real: RealTimes) -> float:
    """By how much labels in seconds start late; 0 where nothing says so."""
    if stated.seconds is None or stated.in_frames:
        return 0.0
    whole, picture = real.end, real.end - real.times[0]
    is_picture = abs(stated.seconds - picture) < abs(stated.seconds - whole)
    frame = 1 / real.fps
    return real.times[0] if is_picture and real.times[0] >= frame else 0.0


def retime(labeling: labelings.Labeling, video: str, real: RealTimes) -> float:
    """Puts the labels of one video right, in place.

    Args:
        labeling: Labeling.
        video: Name.
        real: Of that video.

    Returns:
        Seconds by which the edge moved that moved most.
    """
    stated = labeling.stated.get(video, labelings.Stated())
    shift, most = shift_seconds(stated, real), 0.0
    for place, one in enumerate(labeling.instances):
        if one.video != video:
            continue
        ends = [one.start_seconds, one.end_seconds]
        if stated.in_frames and stated.fps:
            frames = [round(end * stated.fps) for end in ends]
            if max(frames) > len(real.times):
                labeling.losses["instances past the last frame cut off"] += 1
            moved = [real.edge(frame) for frame in frames]
        else:
            moved = [end + shift for end in ends]
        pairs = zip(moved, ends, strict=True)
        most = max(most, *(abs(new - old) for new, old in pairs))
        labeling.instances[place] = segments.Instance(video, one.label, *moved)
    labeling.stated[video] = labelings.Stated(
        real.fps, len(real.times), real.end, stated.in_frames
    )
    return most
