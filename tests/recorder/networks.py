"""Networks that the recorder has never seen, and a probe for them."""
import torch
import torch.nn.functional as F
from torch import nn

N, CLASSES = 10, 4


class Residual(nn.Module):
    """RGB in; BatchNorm, in-place ReLU used twice, a sum in place, dropout, a pool used twice, a container."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(inplace=True))
        self.conv = nn.Conv2d(4, 4, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(4)
        self.relu = nn.ReLU(inplace=True)
        self.pool = nn.AvgPool2d(2)
        self.drop = nn.Dropout(0.5)
        self.fc1 = nn.Linear(16, 6)
        self.fc2 = nn.Linear(6, CLASSES)

    def forward(self, x):
        a = self.stem(x)
        b = self.norm(self.conv(a))
        b += a
        a = self.pool(self.pool(self.relu(b)))
        return self.fc2(self.drop(self.relu(self.fc1(a.flatten(1)))))

    def plain(self, x):
        """The outputs of the layers, {name: T}, without any module's hooks and with nothing in place; and what comes
        out in the end."""
        found = {}

        def keep(name, value):
            found[name] = value
            return value

        def norm(module, value):
            return F.batch_norm(value, module.running_mean, module.running_var, module.weight, module.bias)

        a = keep("stem.0", F.conv2d(x, self.stem[0].weight, self.stem[0].bias, padding=1))
        a = keep("stem", F.relu(keep("stem.1", norm(self.stem[1], a))))
        b = keep("conv", F.conv2d(a, self.conv.weight, padding=1))
        b = keep("relu", F.relu(keep("norm", norm(self.norm, b)) + a))
        a = keep("pool#2", F.avg_pool2d(keep("pool", F.avg_pool2d(b, 2)), 2))
        a = keep("relu#2", F.relu(keep("fc1", F.linear(a.flatten(1), self.fc1.weight, self.fc1.bias))))
        return found, keep("fc2", F.linear(a, self.fc2.weight, self.fc2.bias))


AUTO = ["stem.0", "conv", "pool", "pool#2", "fc1", "fc2"]
ALL = ["stem.0", "stem.1", "stem", "conv", "norm", "relu", "pool", "pool#2", "fc1", "relu#2", "fc2"]


def probe(seed=7, n=N, side=8):
    """x and y, the same every time."""
    numbers = torch.Generator().manual_seed(seed)
    return torch.randn(n, 3, side, side, generator=numbers), torch.arange(n) % CLASSES


def network(seed=3, steps=2):
    """In training mode after some steps, so that BatchNorm has statistics and the parameters have gradients."""
    torch.manual_seed(seed)
    model = Residual()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    for step in range(steps):
        x, y = probe(seed=100 + step)
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimizer.step()
    return model
