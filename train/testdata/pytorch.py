#!/usr/bin/env python3
"""Writes pytorch.json: what PyTorch computes for two networks of this project.

Needs Debian's python3-torch (1.13). Run: python3 pytorch.py > pytorch.json

Weights, inputs and labels are not stored: element i of tensor number t is
(2u - 1) * scale with u the top 53 bits of splitmix64(t * 2^32 + i) / 2^53, in
the layout of this project (dense weights are (in, out); PyTorch's are (out, in)).
The scale is 1/sqrt(fan_in) for weights and biases and 1 for inputs. Tensor 0 is the input,
1, 2, ... are the parameters in order; the label of example b is 7 b mod classes.

Stored for each dtype: the losses of 20 steps of plain SGD at rate 0.1 on the
one batch, and of the gradients of the first step and of the final weights every
k-th element (k = max(1, size // 200)), their sum and their Euclidean norm.
"""
import json
import math

import numpy as np
import torch

torch.set_num_threads(1)


def uniform(tensor, shape, scale):
    i = np.arange(int(np.prod(shape)), dtype=np.uint64)
    with np.errstate(over="ignore"):
        z = (np.uint64(tensor) << np.uint64(32)) + i + np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return ((2 * ((z >> np.uint64(11)).astype(np.float64) / 2.0**53) - 1) * scale).reshape(shape)


def tutorial(p, x):
    h = torch.max_pool2d(torch.sigmoid(torch.conv2d(x, p[0], p[1])), 2).flatten(1)
    return torch.sigmoid(h @ p[2] + p[3]) @ p[4] + p[5]


def mlp(p, x):
    return torch.relu(x @ p[0] + p[1]) @ p[2] + p[3]


NETWORKS = {
    "tutorial": (tutorial, (4, 1, 28, 28), [((10, 1, 5, 5), 25), ((10,), 25), ((1440, 128), 1440), ((128,), 1440), ((128, 10), 128), ((10,), 128)]),
    "mlp": (mlp, (8, 784), [((784, 32), 784), ((32,), 784), ((32, 10), 32), ((10,), 32)]),
}


def sampled(t):
    v = t.detach().numpy().astype(np.float64).ravel()
    return {"every": max(1, v.size // 200), "values": v[:: max(1, v.size // 200)].tolist(), "sum": math.fsum(v), "norm": math.sqrt(math.fsum(v * v))}


def run(name, dtype):
    forward, shape, params = NETWORKS[name]
    x = torch.tensor(uniform(0, shape, 1), dtype=dtype)
    p = [torch.tensor(uniform(t + 1, s, 1 / math.sqrt(fan)), dtype=dtype, requires_grad=True) for t, (s, fan) in enumerate(params)]
    label = torch.tensor([7 * b % 10 for b in range(shape[0])])
    out = {"losses": [], "gradients": None, "weights": None}
    for step in range(20):
        loss = torch.nn.functional.cross_entropy(forward(p, x), label)
        grads = torch.autograd.grad(loss, p)
        out["losses"].append(loss.item())
        if step == 0:
            out["gradients"] = [sampled(g) for g in grads]
        with torch.no_grad():
            for w, g in zip(p, grads):
                w -= 0.1 * g
    out["weights"] = [sampled(w) for w in p]
    return out


if __name__ == "__main__":
    result = {"torch": torch.__version__}
    for name in NETWORKS:
        result[name] = {"float64": run(name, torch.float64), "float32": run(name, torch.float32)}
    print(json.dumps(result, indent=0, separators=(",", ":")))
