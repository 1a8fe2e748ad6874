#!/usr/bin/env python3
"""The squared length of each example's own gradient, of the tutorial's CNN (C1), in PyTorch.

    python3 torch_each.py [THREADS]      one JSON line a way and a batch: seconds for 6,400 images, the least of five

Ways: vmap is functorch.vmap of functorch.grad (torch.func in PyTorch 2), loop is a backward pass an example.
The same of this project: go test -run '^$' -bench Self -cpu 1 ./train/influence
"""
import json
import os
import sys
import time

threads = int(sys.argv[1]) if len(sys.argv) > 1 else 1
os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = str(threads)

import torch  # noqa: E402
import torch.nn as nn  # noqa: E402
import torch.nn.functional as F  # noqa: E402

try:
    from torch.func import functional_call, grad, vmap
except ImportError:
    from functorch import grad, vmap
    from torch.nn.utils.stateless import functional_call

torch.set_num_threads(threads)
torch.manual_seed(1)
IMAGES = 6400
net = nn.Sequential(nn.Conv2d(1, 10, 5), nn.Sigmoid(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(1440, 128), nn.Sigmoid(), nn.Linear(128, 10))
weights = {k: v.detach() for k, v in net.named_parameters()}
x, y = torch.rand(IMAGES, 1, 28, 28), torch.randint(10, (IMAGES,))


def loss(weights, x, y):
    return F.cross_entropy(functional_call(net, weights, (x[None],)), y[None])


each = vmap(grad(loss), in_dims=(None, 0, 0))


def by_vmap(batch):
    for i in range(0, IMAGES, batch):
        g = each(weights, x[i:i + batch], y[i:i + batch])
        yield sum(v.flatten(1).square().sum(1) for v in g.values())


def by_loop(_):
    for i in range(IMAGES):
        net.zero_grad(set_to_none=True)
        F.cross_entropy(net(x[i:i + 1]), y[i:i + 1]).backward()
        yield sum(p.grad.square().sum() for p in net.parameters())[None]


for way, batch in [("vmap", 16), ("vmap", 64), ("vmap", 256), ("loop", 1)]:
    run = by_vmap if way == "vmap" else by_loop
    least, total = float("inf"), 0.0
    for _ in range(5):
        start = time.perf_counter()
        lengths = torch.cat(list(run(batch)))
        least = min(least, time.perf_counter() - start)
        total = lengths.sum().item()
    print(json.dumps({"way": way, "batch": batch, "threads": threads, "seconds": round(least, 4), "sum": round(total, 2), "torch": torch.__version__}), flush=True)
