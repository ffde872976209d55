"""A bare training step of the temporal CNN in PyTorch, on a batch in memory.

torch_features.py BATCH FEATURE_SIZE
"""

import sys

import answering
import numpy as np
import shapes

# Steps of one turn; benchmarks.features counts with them.
STEPS = 20


def make():
    import bn_inception
    import torch

    batch, size = map(int, sys.argv[1:])
    network = bn_inception.TemporalCNN(size, shapes.CLASSES + 1)
    dropout = torch.nn.Dropout(0.8)
    optimizer = torch.optim.SGD(
        network.parameters(), lr=1e-4, momentum=0.9, weight_decay=5e-4
    )
    random = np.random.default_rng(0)
    given = random.standard_normal((batch, shapes.SNIPPETS, size))
    given = torch.from_numpy(given.astype(np.float32))
    frames = shapes.SNIPPETS * shapes.SNIPPET_FRAMES
    labels = torch.from_numpy(
        random.integers(0, shapes.CLASSES + 1, batch * frames)
    )

    def turn():
        for _ in range(STEPS):
            optimizer.zero_grad(set_to_none=True)
            logits = bn_inception.upsampled(network(dropout(given)))
            loss = torch.nn.functional.cross_entropy(
                logits.flatten(0, 1), labels, reduction="sum"
            )
            (loss / batch).backward()
            optimizer.step()
        return loss.item()

    return turn


answering.answer(make)
