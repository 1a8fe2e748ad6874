"""The three networks in PyTorch, with safetensors read and written by hand.

torch_net.py forward NET WEIGHTS IMAGES LOGITS          logits of images with the weights of a checkpoint
torch_net.py train NET IMAGES LABELS WEIGHTS LOGITS     trains a little, saves weights and the logits of the images

IMAGES holds float32 numbers, 784 an image; LABELS bytes; LOGITS float32, 10 an image.
"""
import json
import struct
import sys

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


class Tutorial(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.fc1, self.fc2 = nn.Conv2d(1, 10, 5), nn.Linear(1440, 128), nn.Linear(128, 10)

    def forward(self, x):
        x = F.max_pool2d(torch.sigmoid(self.conv1(x)), 2).flatten(1)
        return self.fc2(torch.sigmoid(self.fc1(x)))


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 32, 3), nn.Conv2d(32, 64, 3)
        self.fc1, self.fc2 = nn.Linear(1600, 128), nn.Linear(128, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2).flatten(1)
        return self.fc2(F.relu(self.fc1(x)))


class MLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(784, 128), nn.Linear(128, 10)

    def forward(self, x):
        return self.fc2(F.relu(self.fc1(x.flatten(1))))


NETS = {"tutorial": Tutorial, "lenet": LeNet, "mlp": MLP}


def load(path):
    """The tensors of a safetensors file, the optimiser's left out."""
    data = open(path, "rb").read()
    (n,) = struct.unpack("<Q", data[:8])
    header, body = json.loads(data[8 : 8 + n]), data[8 + n :]
    tensors = {}
    for name, t in header.items():
        if name == "__metadata__" or name.startswith("optimizer."):
            continue
        assert t["dtype"] == "F32", t
        begin, end = t["data_offsets"]
        tensors[name] = torch.from_numpy(np.frombuffer(body[begin:end], "<f4").copy().reshape(t["shape"]))
    return tensors


def save(path, tensors):
    header, body = {"__metadata__": {"format": "pt"}}, b""
    for name, t in tensors.items():
        raw = t.detach().numpy().astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(t.shape), "data_offsets": [len(body), len(body) + len(raw)]}
        body += raw
    text = json.dumps(header).encode()
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + body)


def main():
    torch.manual_seed(1)
    torch.set_num_threads(1)
    what, net = sys.argv[1], NETS[sys.argv[2]]()
    if what == "forward":
        weights, images, logits = sys.argv[3:]
        net.load_state_dict(load(weights), strict=True)
    else:
        images, labels, weights, logits = sys.argv[3:]
    x = torch.from_numpy(np.fromfile(images, "<f4").reshape(-1, 1, 28, 28))
    if what == "train":
        y = torch.from_numpy(np.fromfile(labels, "u1").astype("int64"))
        step = torch.optim.Adam(net.parameters(), lr=0.003)
        for _ in range({"tutorial": 8, "mlp": 2, "lenet": 1}[sys.argv[2]]):
            for order in torch.randperm(len(x)).split(32):
                step.zero_grad()
                F.cross_entropy(net(x[order]), y[order]).backward()
                step.step()
        save(weights, net.state_dict())
    with torch.no_grad():
        net(x).numpy().astype("<f4").tofile(logits)


main()
