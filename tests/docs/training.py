# What the training script of a page has before the lines that record.
import torch
import torch.nn.functional as F

lr, seed, last = 0.1, 0, 20
torch.manual_seed(seed)
model = torch.nn.Sequential(torch.nn.Conv2d(1, 4, 3), torch.nn.ReLU(), torch.nn.MaxPool2d(2), torch.nn.Flatten(),
                            torch.nn.Linear(36, 10), torch.nn.Tanh(), torch.nn.Linear(10, 3))
optimizer = torch.optim.SGD(model.parameters(), lr)
probe_x, probe_y = torch.randn(50, 1, 8, 8), torch.arange(50) % 3


def train(step):
    optimizer.zero_grad()
    F.cross_entropy(model(torch.randn(20, 1, 8, 8)), torch.arange(20) % 3).backward()
    optimizer.step()


