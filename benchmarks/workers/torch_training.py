"""A training step of the same network in PyTorch, channels last.

torch_training.py BATCH float32|mixed

Mixed is autocast to bfloat16. The first batch norm learns, the others stand.
"""

import sys

import answering
import shapes


def make():
    import bn_inception
    import torch

    batch, precision = int(sys.argv[1]), sys.argv[2]
    last = torch.channels_last
    network = bn_inception.Network(shapes.CLASSES + 1)
    network = network.to(memory_format=last).train()
    norms = [
        one
        for one in network.modules()
        if isinstance(one, torch.nn.BatchNorm2d)
    ]
    for norm in norms[1:]:
        norm.eval().requires_grad_(False)
    optimizer = torch.optim.SGD(
        [one for one in network.parameters() if one.requires_grad],
        lr=1e-4,
        momentum=0.9,
        weight_decay=5e-4,
    )
    images, labels = shapes.training_batch(batch)
    images = torch.from_numpy(images).permute(0, 1, 4, 2, 3)
    labels = torch.from_numpy(labels).long()

    def turn():
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast(
            "cpu", torch.bfloat16, enabled=precision == "mixed"
        ):
            logits = network(images.float())
        loss = torch.nn.functional.cross_entropy(
            logits.float().flatten(0, 1), labels.flatten(), reduction="sum"
        )
        (loss / batch).backward()
        optimizer.step()
        return loss.item()

    return turn


answering.answer(make)
