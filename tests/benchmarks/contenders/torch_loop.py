"""A plain PyTorch loop on the same work. Arguments: network, epochs."""

import sys
import time

import torch
from torch import nn
from work import BATCH, load, report


def network(kind: str) -> nn.Module:
    """784-128-10, or two convolutions with pooling."""
    if kind == "mlp":
        return nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
    return nn.Sequential(
        nn.Conv2d(1, 16, 3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(800, 10),
    )


def main(kind: str, epochs: int) -> None:
    asked = time.perf_counter()
    torch.manual_seed(1)
    arrays = load(channels_first=True)
    x, y = torch.from_numpy(arrays[0]), torch.from_numpy(arrays[1])
    model = network(kind)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
    criterion = nn.CrossEntropyLoss()
    losses: list[float] = []
    right = 0
    moments = []
    for _ in range(epochs):
        for index in torch.randperm(len(x)).split(BATCH):
            optimizer.zero_grad()
            output = model(x[index])
            loss = criterion(output, y[index])
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            right += int((output.argmax(1) == y[index]).sum())
        moments.append(time.perf_counter())
    report(moments, losses, asked)


main(sys.argv[1], int(sys.argv[2]))
