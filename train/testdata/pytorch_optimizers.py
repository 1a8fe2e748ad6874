#!/usr/bin/env python3
"""Writes pytorch_optimizers.json: gradients, and 20 steps of five optimisers, as
PyTorch computes them in float64 for the four presets and for an odd network, with
the weights, inputs and labels of pytorch.py.

Needs Debian's python3-torch (1.13). Run: python3 pytorch_optimizers.py > pytorch_optimizers.json
"""
import json
import math

import torch
import torch.nn.functional as F

from pytorch import mlp, tutorial, uniform

torch.set_num_threads(1)


def lenet(p, x):
    h = F.max_pool2d(torch.relu(F.conv2d(x, p[0], p[1])), 2)
    h = F.max_pool2d(torch.relu(F.conv2d(h, p[2], p[3])), 2).flatten(1)
    return torch.relu(h @ p[4] + p[5]) @ p[6] + p[7]


def small(p, x):
    h = F.max_pool2d(torch.relu(F.conv2d(x, p[0], p[1])), 2)
    return F.max_pool2d(torch.relu(F.conv2d(h, p[2], p[3])), 2).flatten(1) @ p[4] + p[5]


def odd(p, x):
    h = torch.tanh(F.conv2d(x, p[0], p[1], padding=1))
    h = F.max_pool2d(F.leaky_relu(F.conv2d(h, p[2]), 0.01), 3, 2)
    h = F.avg_pool2d(F.conv2d(h, p[3], stride=2, padding=2), 2).flatten(1)
    return F.leaky_relu(h @ p[4] + p[5], 0.01) @ p[6] + p[7]


def conv(maps, channels, size, bias=True):
    fan = channels * size * size
    return [((maps, channels, size, size), fan)] + ([((maps,), fan)] if bias else [])


def dense(inputs, outputs):
    return [((inputs, outputs), inputs), ((outputs,), inputs)]


NETWORKS = {  # forward, inputs, parameters with their fan-in, L2 penalty of all but biases
    "tutorial": (tutorial, (4, 1, 28, 28), conv(10, 1, 5) + dense(1440, 128) + dense(128, 10), 0),
    "lenet": (lenet, (2, 1, 28, 28), conv(32, 1, 3) + conv(64, 32, 3) + dense(1600, 128) + dense(128, 10), 0),
    "small": (small, (3, 1, 28, 28), conv(8, 1, 5) + conv(16, 8, 5) + dense(256, 10), 0),
    "mlp": (mlp, (5, 784), dense(784, 128) + dense(128, 10), 0),
    "odd": (odd, (3, 2, 11, 9), conv(5, 2, 3) + conv(4, 5, 1, False) + conv(6, 4, 5, False) + dense(6, 9) + dense(9, 10), 0.02),
}

OPTIMIZERS = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.05),
    "nesterov": lambda p: torch.optim.SGD(p, lr=0.02, momentum=0.9, nesterov=True),
    "rmsprop": lambda p: torch.optim.RMSprop(p, lr=0.001, alpha=0.9, eps=1e-6),
    "adam": lambda p: torch.optim.Adam(p, lr=0.001, betas=(0.9, 0.999), eps=1e-6),
    "adamw": lambda p: torch.optim.AdamW(p, lr=0.001, betas=(0.9, 0.999), eps=1e-6, weight_decay=0.01),
}


def sampled(t):
    v = t.detach().numpy().ravel()
    every = max(1, v.size // 20)
    return {"every": every, "values": v[::every].tolist(), "sum": math.fsum(v), "norm": math.sqrt(math.fsum(v * v))}


def run(name, optimizer):
    forward, shape, params, l2 = NETWORKS[name]
    x = torch.tensor(uniform(0, shape, 1))
    p = [torch.tensor(uniform(t + 1, s, 1 / math.sqrt(fan)), requires_grad=True) for t, (s, fan) in enumerate(params)]
    label = torch.tensor([7 * b % 10 for b in range(shape[0])])
    rule = OPTIMIZERS[optimizer](p)
    out = {"losses": []}
    for step in range(1, 21):
        rule.zero_grad()
        loss = F.cross_entropy(forward(p, x), label) + l2 / 2 * sum((w * w).sum() for w in p if w.dim() > 1)
        loss.backward()
        out["losses"].append(loss.item())
        if step == 1 and optimizer == "sgd":
            out["gradients"] = [sampled(w.grad) for w in p]
        rule.step()
    out["weights"] = [sampled(w) for w in p]
    return out


if __name__ == "__main__":
    result = {name: {rule: run(name, rule) for rule in OPTIMIZERS} for name in NETWORKS}
    print(json.dumps(result, indent=0, separators=(",", ":")))
