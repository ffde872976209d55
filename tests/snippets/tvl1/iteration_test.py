"""The iteration of TV-L1, beside the equations of the papers."""

from absl.testing import absltest
import numpy as np
import tensorflow as tf

from fsn_tf.snippets.tvl1 import iteration


class StepTest(absltest.TestCase):
    def test_is_that_of_the_paper(self):
        rng = np.random.default_rng(0)
        height, width = 5, 7
        x, y = rng.normal(0, 20, (2, height, width))
        x[1:3, 2:5] = y[1:3, 2:5] = 0  # nothing to hold on to
        constant = rng.normal(0, 10, (height, width))
        expected = np.zeros((2, height * width)), np.zeros((2, 2, 35))
        nothing = tf.zeros((1, height, width))
        found = (nothing, nothing), ((nothing, nothing), (nothing, nothing))
        brightness = iteration.Brightness(
            *(
                tf.constant(part[None], tf.float32)
                for part in (constant, x, y, x**2 + y**2)
            )
        )

        for _ in range(5):
            before = expected[0]
            expected = _paper_step(constant, np.stack([x, y]), *expected)
            *found, change = iteration.step(
                brightness, *found, tf.constant(0.0)
            )
            for ours, theirs in zip(found, expected, strict=True):
                shaped = theirs.reshape(np.shape(ours))
                np.testing.assert_allclose(ours, shaped, rtol=1e-4, atol=1e-5)
            expected_change = ((expected[0] - before) ** 2).sum()
            np.testing.assert_allclose(change, [expected_change], rtol=1e-3)


def _paper_step(constant, gradient, flow, duals):
    """One iteration in float64 for n = H W pixels.

    Args:
        constant: (H, W) of the residual rho.
        gradient: (2, H, W) of the warped picture.
        flow: (2, n), u.
        duals: (2, 2, n), p of each part of u.
    """
    tau, weight, theta = 0.25, 0.15, 0.3
    height, width = constant.shape
    differences = _forward_matrices(height, width)
    gradient = gradient.reshape(2, -1)
    residual = constant.ravel() + (gradient * flow).sum(axis=0)
    # v minimizes |u - v|^2 / (2 theta) + lambda |rho(v)|: it goes against the
    # gradient, until rho is 0 or as far as lambda theta allows.
    squared = (gradient**2).sum(axis=0)
    full = np.divide(
        residual, squared, out=np.zeros_like(residual), where=squared > 0
    )
    v = flow - np.clip(full, -weight * theta, weight * theta) * gradient
    # The divergence is what the gradient is to sums over pixels, negated.
    divergence = -np.einsum("aji,paj->pi", differences, duals)
    new_flow = v + theta * divergence
    slope = np.einsum("aij,pj->pai", differences, new_flow)
    length = np.sqrt((slope**2).sum(axis=1, keepdims=True))
    new_duals = (duals + tau / theta * slope) / (1 + tau / theta * length)
    return new_flow, new_duals


def _forward_matrices(height, width):
    """(2, n, n) of forward differences along x and y, 0 at the end."""
    along = [np.eye(size, k=1) - np.eye(size) for size in (width, height)]
    for matrix in along:
        matrix[-1] = 0
    return np.stack(
        [
            np.kron(np.eye(height), along[0]),
            np.kron(along[1], np.eye(width)),
        ]
    )


if __name__ == "__main__":
    absltest.main()
