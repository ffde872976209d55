"""A trained network applied to video files."""

import pathlib

import numpy as np

from fsn_tf import checkpoints
from fsn_tf import fingerprints
from fsn_tf import frame_prediction
from fsn_tf import model_card
from fsn_tf import quietly
from fsn_tf import workdirs
from fsn_tf.errors import InputError

tf = quietly.imported("tensorflow")


class Localizer:
    """A trained network that scores every frame of a video file.

    Args:
        model: A SavedModel folder that `export` made, or a workdir.

    Attributes:
        card: What model_card.card says of it.
        classes: C names; those of an FSN end with the background.
        fingerprint: Tells its scores from those of another model.

    Raises:
        InputError: It is neither.
    """

    def __init__(self, model):
        model = pathlib.Path(model)
        if (model / model_card.NAME).is_file():
            self.card = model_card.read(model)
            self.predictor = _Exported(model, self.card)
            index = model / "variables" / "variables.index"
        elif workdirs.experiment_path(model).is_file():
            network, experiment, facts = checkpoints.load_frame_network(model)
            self.card = model_card.card(model, experiment, facts)
            index = workdirs.latest(model) + ".index"
            self.predictor = frame_prediction.Predictor(
                network, experiment, facts["frame_size"]
            )
        else:
            raise InputError(
                f"{model}: holds neither {model_card.NAME} nor "
                "experiment.json; expected what fsn export or fsn train made"
            )
        if self.card["stream"] != "rgb":
            raise InputError(
                f"{model}: takes {self.card['stream']}; expected a model that "
                "takes RGB frames, or score prepared videos with fsn predict"
            )
        self.classes = tuple(self.card["classes"])
        # The index holds a checksum of every variable.
        self.fingerprint = fingerprints.of_value(
            [self.card, fingerprints.of_path(index)]
        )

    def frame_probabilities(self, source, progress=None):
        """Scores a video in constant memory but for the scores.

        Args:
            source: video.Video.
            progress: Called with the seconds of video done so far.

        Returns:
            (T, C) float32 at the card's frame rate, full context at every
            frame.
        """
        told = {}
        chunks = self._features(source, told, progress)
        stretches = list(frame_prediction.whole(chunks, self.predictor))
        return np.concatenate(stretches)[: told["frames"]]

    def _features(self, source, told, progress):
        """Yields (n, D) features; leaves the number of frames in `told`."""
        period = self.card["snippet_frames"]
        waiting, snippets = [], 0
        for frame, image in source.frames(
            self.card["fps"],
            size=tuple(self.card["frame_size"]),
            period=period,
            phase=period // 2,
        ):
            told["frames"] = frame + 1
            if frame // period < snippets:
                continue
            snippets += 1
            waiting.append(image)
            if len(waiting) == frame_prediction.SNIPPETS_AT_ONCE:
                yield self.predictor.features(np.stack(waiting))
                waiting = []
                if progress:
                    progress(frame / self.card["fps"])
        if waiting:
            yield self.predictor.features(np.stack(waiting))


class _Exported:
    """A SavedModel with the interface of frame_prediction.Predictor."""

    def __init__(self, path, card):
        try:
            self._loaded = tf.saved_model.load(str(path))
        except (OSError, IndexError, ValueError, tf.errors.OpError) as error:
            raise InputError(
                f"{path}: cannot be loaded: {quietly.reason(error)}"
            ) from error
        self.card = card
        self.snippet_frames = card["snippet_frames"]
        self.clip_snippets = card["clip_snippets"]
        self.context = card["context_snippets"]

    def features(self, frames):
        """(N, H, W, 3) uint8 centre frames -> (N, D) float32."""
        return self._loaded.features(tf.constant(frames))["features"].numpy()

    def probabilities(self, features):
        """(B, N, D) -> (B, N * snippet_frames, C), clip by clip."""
        clips = [
            self._loaded.probabilities(tf.constant(clip))["probabilities"]
            for clip in features
        ]
        return np.stack([clip.numpy() for clip in clips])
