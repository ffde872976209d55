"""Snippet files to batches of training clips, with tf.data."""

import dataclasses
import itertools

import numpy as np

from fsn_tf import quietly
from fsn_tf import records
from fsn_tf.errors import InputError

tf = quietly.imported("tensorflow")

# TSN's thirteen crop positions, in quarters of the room there is: corners,
# centre, middles of the edges, centres of the quarters.
_POSITIONS = (
    *itertools.product((0, 4), (0, 4)),
    (2, 2),
    *((0, 2), (4, 2), (2, 4), (2, 0)),
    *itertools.product((1, 3), (1, 3)),
)


@dataclasses.dataclass(frozen=True)
class Share:
    """The part of every batch that one host feeds to its devices.

    Attributes:
        first_replica: Of this host, counted over all hosts.
        local_replicas: Devices of this host.
        replicas: Devices of all hosts.
    """

    first_replica: int = 0
    local_replicas: int = 1
    replicas: int = 1


def crops(width, height, scales):
    """Every crop that TSN's augmentation may draw.

    Height and width are shares of the shorter side, at most one step apart
    in the list of scales, at thirteen fixed positions.

    Returns:
        (C, 4) int32 rows of y, x, height, width.
    """
    sides = [int(min(width, height) * scale) for scale in scales]
    rows = [
        (
            (height - sides[tall]) * y // 4,
            (width - sides[wide]) * x // 4,
            sides[tall],
            sides[wide],
        )
        for tall, wide in itertools.product(range(len(sides)), repeat=2)
        if abs(tall - wide) <= 1
        for x, y in _POSITIONS
    ]
    return np.array(rows, np.int32)


def replica_rows(step, batch_size, share):
    """Places in the schedule that this host's devices learn from in a step.

    The batch is cut into parts as equal as can be.

    Returns:
        One int64 array per local device.

    Raises:
        InputError: There are more devices than examples.
    """
    if batch_size < share.replicas:
        raise InputError(
            f"batch_size: {batch_size} clips cannot be shared by "
            f"{share.replicas} devices; choose a larger one"
        )
    places = step * batch_size + np.arange(batch_size)
    parts = np.array_split(places, share.replicas)
    return parts[share.first_replica :][: share.local_replicas]


def training_batches(
    windows, videos, order, experiment, *, first_step, share=None
):
    """Batches from first_step on; each is a pure function of (seed, step).

    Args:
        windows: snippets.Windows.
        videos: Snippets of each video that windows.video points at.
        order: (steps * batch_size,) schedule of windows.
        experiment: Experiment.
        first_step: Step to begin at.
        share: What this host feeds; everything by default.

    Returns:
        tf.data.Dataset with one element per step and local device: frames
        (B, N, S, S, 3) uint8, labels (B, T) int32, weights (B, T) float32,
        row (B,) int64, the example's place in the batch of all devices.
    """
    share = share or Share()
    parts = replica_rows(0, experiment.batch_size, share)
    sizes = [len(part) for part in parts]
    # Parts of one size make shapes static. A smaller part is filled up, to be
    # cut again once it is a batch.
    filled = [
        np.pad(part, (0, max(sizes) - len(part)), "edge") for part in parts
    ]
    rows = np.concatenate(filled)
    load = _clip_loader(windows, videos, experiment)

    def example(position):
        step, row = position // len(rows), tf.gather(rows, position % len(rows))
        place = step * experiment.batch_size + row
        frames, labels, weights = load(tf.gather(order, place), place)
        return {
            "frames": frames,
            "labels": labels,
            "weights": weights,
            "row": row,
        }

    def cut(number, batch):
        size = tf.gather(sizes, number % len(sizes))
        return {name: value[:size] for name, value in batch.items()}

    dataset = tf.data.Dataset.range(
        first_step * len(rows), experiment.steps * len(rows)
    )
    dataset = dataset.map(example, num_parallel_calls=tf.data.AUTOTUNE)
    dataset = dataset.batch(max(sizes), drop_remainder=True)
    if min(sizes) < max(sizes):
        dataset = dataset.enumerate().map(cut)
    return dataset.prefetch(tf.data.AUTOTUNE)


def _clip_loader(windows, videos, experiment):
    """A graph function: (window, place in the schedule) -> one clip."""
    paths = tf.constant([video.path for video in videos])
    offsets = np.array(
        [
            videos[video].offsets[snippet]
            for video, snippet in zip(
                windows.video, windows.first_snippet, strict=True
            )
        ]
    )
    table = crops(videos[0].width, videos[0].height, experiment.crop_scales)

    def load(window, place):
        path = tf.gather(paths, tf.gather(windows.video, window))
        offset = tf.gather(offsets, window)
        jpegs = records.read_jpegs(path, offset, experiment.clip_snippets)
        images = _augmented(jpegs[:, 0], table, place, experiment)
        labels = tf.gather(windows.labels, window)
        return images, labels, tf.gather(windows.weights, window)

    return load


def _augmented(jpegs, table, place, experiment):
    """One crop and one flip for all frames of a clip (TSN)."""
    seed = tf.stack([tf.cast(experiment.seed, tf.int64), place])
    draw = tf.random.stateless_uniform((2,), seed, alg="philox")
    crop = tf.gather(table, tf.cast(draw[0] * len(table), tf.int32))
    last = tf.shape(jpegs)[0] - 1
    side = experiment.image_size
    images = [
        _decode(jpegs[tf.minimum(snippet, last)], crop)
        for snippet in range(experiment.clip_snippets)
    ]
    resized = tf.image.resize(tf.stack(images), (side, side))
    resized = tf.cond(
        draw[1] < 0.5, lambda: resized[:, :, ::-1], lambda: resized
    )
    images = tf.cast(tf.round(resized), tf.uint8)
    return tf.ensure_shape(images, (experiment.clip_snippets, side, side, 3))


def _decode(jpeg, crop):
    # The accurate transform gives the pixels that OpenCV and PIL give;
    # TensorFlow's default is off by up to 15.
    return tf.image.decode_and_crop_jpeg(
        jpeg, crop, channels=3, dct_method="INTEGER_ACCURATE"
    )


def stored_frames(video, first, stop):
    """Centre frames of the snippets first .. stop - 1, as they are stored.

    Args:
        video: records.Snippets.
        first: () int64 tensor.
        stop: () int64 tensor.

    Returns:
        (N, H, W, 3) uint8 tensor.
    """
    jpegs = records.read_jpegs(
        video.path, tf.gather(video.offsets, first), stop - first
    )
    shape = (video.height, video.width, 3)
    # Decoded whole: cropping while decoding changes colours at the edge.
    return tf.map_fn(
        lambda jpeg: _decode(jpeg, [0, 0, *shape[:2]]),
        jpegs[:, 0],
        fn_output_signature=tf.TensorSpec(shape, tf.uint8),
    )


def centre_view(frames, image_size):
    """What the network sees of a frame in prediction: the centre.

    The square's side is 7/8 of the shorter side: TSN's 224 of 340x256. It is
    resized where the network's input has another size.

    Args:
        frames: (N, H, W, 3) uint8; H and W are known.
        image_size: S.

    Returns:
        (N, S, S, 3) uint8.
    """
    height, width = frames.shape[1:3]
    side = min(height, width) * 7 // 8
    top, left = (height - side) // 2, (width - side) // 2
    centre = frames[:, top : top + side, left : left + side]
    if side == image_size:
        return centre
    resized = tf.image.resize(centre, (image_size, image_size))
    return tf.cast(tf.round(resized), tf.uint8)
