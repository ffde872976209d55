"""Trimmed clips of the embedded benchmark, one action each, as in UCF101.

THUMOS'14 trains on UCF101: the paper's TSN learns from it before FSN learns
from untrimmed videos. A clip shows its action and a little around it.
"""

from collections.abc import Iterable
import dataclasses

import numpy as np

from fsn_tf.datasets.synthetic import acts as synthetic_acts
from fsn_tf.datasets.synthetic import scripts

# In UCF101 clips of one group share a scene, and the first groups are tested.
# Here every group has one clip of each class: many scenes teach most.
TEST_GROUPS = 2

# Even and odd scenes up to this are those of the untrimmed videos.
_FIRST_SCENE = 1_000_000


@dataclasses.dataclass(frozen=True)
class Clip:
    """One trimmed video.

    Attributes:
        label: Its class.
        group: Number of its group, from 1.
        script: What happens in it.
    """

    label: str
    group: int
    script: scripts.Script

    @property
    def name(self) -> str:
        """The name of the video in the manner of UCF101."""
        return f"v_{self.label}_g{self.group:02d}_c01"


def clips(*, seed: int, clips_per_class: int) -> list[Clip]:
    """Writes the scripts of the clips; fewer are a part of more.

    Args:
        seed: Any int from 0.
        clips_per_class: How many of each class.

    Returns:
        List of Clip, class by class.
    """
    return [
        _clip(label, group, seed)
        for label in scripts.CLASSES
        for group in range(1, clips_per_class + 1)
    ]


def _clip(label, group, seed):
    row = scripts.CLASSES.index(label)
    rng = np.random.default_rng([seed, _FIRST_SCENE, row, group])
    (venue,) = [name for name, acts in scripts.VENUES.items() if label in acts]
    # Lookalikes share scenes and actors here too.
    scene = _FIRST_SCENE + 100 * group + scripts.sharing_row(label)
    act = scripts.act(venue, label, synthetic_acts.MARGIN_SECONDS, rng)
    end = act.end_seconds + synthetic_acts.MARGIN_SECONDS
    shot = scripts.Shot(0.0, end, scene, (act,))
    fps = 30 if rng.random() < 0.4 else 25
    script = scripts.Script("training", group, venue, fps, (shot,))
    return Clip(label, group, script)


def split_files(clips: Iterable[Clip]) -> dict[str, str]:
    """UCF101's lists of the clips: {file name: text}."""
    classes = scripts.CLASSES
    lists = {"trainlist01.txt": "", "testlist01.txt": ""}
    for clip in clips:
        row = f"{clip.label}/{clip.name}.mp4"
        if clip.group <= TEST_GROUPS:
            lists["testlist01.txt"] += f"{row}\n"
        else:
            number = classes.index(clip.label) + 1
            lists["trainlist01.txt"] += f"{row} {number}\n"
    rows = [f"{number} {name}\n" for number, name in enumerate(classes, 1)]
    return {"classInd.txt": "".join(rows), **lists}
