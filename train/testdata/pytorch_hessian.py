#!/usr/bin/env python3
"""Writes pytorch_hessian.json: the Hessian of the loss times a vector, and the
gradient of half the squared length of the loss's gradient by the input, as
PyTorch's double backward gives them in float64, for the networks of
pytorch_optimizers.py. The vector is drawn as the weights are, of scale 1 and by
the tensor numbers 101, 102, ... in the order of the parameters.

Needs Debian's python3-torch (1.13). Run: python3 pytorch_hessian.py > pytorch_hessian.json
"""
import json
import math

import torch
import torch.nn.functional as F

from pytorch import uniform
from pytorch_optimizers import NETWORKS, sampled


def run(name):
    forward, shape, params, l2 = NETWORKS[name]
    x = torch.tensor(uniform(0, shape, 1), requires_grad=True)
    p = [torch.tensor(uniform(t + 1, s, 1 / math.sqrt(fan)), requires_grad=True) for t, (s, fan) in enumerate(params)]
    v = [torch.tensor(uniform(t + 101, s, 1)) for t, (s, _) in enumerate(params)]
    label = torch.tensor([7 * b % 10 for b in range(shape[0])])
    loss = F.cross_entropy(forward(p, x), label) + l2 / 2 * sum((w * w).sum() for w in p if w.dim() > 1)
    grads = torch.autograd.grad(loss, p, create_graph=True)
    product = torch.autograd.grad(sum((g * d).sum() for g, d in zip(grads, v)), p, retain_graph=True)
    slope = torch.autograd.grad(loss, x, create_graph=True)[0]
    penalty = torch.autograd.grad((slope * slope).sum() / 2, p)
    return {"product": [sampled(h) for h in product], "penalty": [sampled(h) for h in penalty]}


if __name__ == "__main__":
    print(json.dumps({name: run(name) for name in NETWORKS}, indent=0, separators=(",", ":")))
