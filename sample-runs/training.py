"""What lenet5.py and vgg16.py share: their options, the steps of the snapshots, SGD, and the accuracy."""
import argparse
import os
import re
import sys

import numpy as np
import torch
import torch.nn.functional as F

from infoflow_recorder import Recorder, RecorderError, log_steps


def fail(message, status=1):
    print(f"{os.path.basename(sys.argv[0])}: {message}", file=sys.stderr)
    sys.exit(status)


def parser(description, **defaults):
    p = argparse.ArgumentParser(description=description, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    add = p.add_argument
    add("--data", required=True, help="folder of the data set's files; its name is the run's parameter `dataset`")
    add("--out", required=True, help="folder in which the run's own folder, NAME, is made")
    add("--name", help="of the run; made from its parameters without it")
    add("--seed", type=int, default=0, help="of the initial weights and of the order of the data")
    add("--lr", type=float)
    add("--momentum", type=float)
    add("--batch-size", type=int, default=128)
    add("--probe", type=int, default=128, help="how many images, the first of the test set")
    add("--steps", default="auto", help="snapshots: steps with commas between them; log:N, N to a decade of steps;"
        " epochs, the ends of the epochs; or auto: log:2 in the first epoch, each quarter of an epoch up to the sixth, then the ends")
    p.set_defaults(**defaults)
    return p


def check(p, args):
    """Ends the program with status 2 where an option is out of its range."""
    for flag, ok, want in [("epochs", getattr(args, "epochs", 1) >= 1, "at least 1"),
                           ("iterations", getattr(args, "iterations", 1) >= 1, "at least 1"),
                           ("seed", 0 <= args.seed < 2**63, "0 or more"),
                           ("lr", 0 < args.lr < np.inf, "more than 0"),
                           ("momentum", 0 <= args.momentum < 1, "in [0, 1)"),
                           ("batch-size", args.batch_size >= 1, "at least 1"),
                           ("probe", args.probe >= 2, "at least 2")]:
        if not ok:
            p.error(f"--{flag} {getattr(args, flag.replace('-', '_'))}: want {want}")
    if not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]*", args.name):
        p.error(f"--name {args.name!r}: want letters, digits, '.', '_' and '-'")


def dataset_name(folder):
    return os.path.basename(os.path.abspath(folder))


def snapshot_steps(text, last, per_epoch):
    """--steps as a set."""
    ends = {*range(0, last, per_epoch), last}
    if text == "epochs":
        return ends
    if text == "auto":
        quarters = {round(quarter * per_epoch / 4) for quarter in range(4, 24)}
        return {step for step in quarters.union(log_steps(per_epoch, 2)) if step < last} | ends
    if re.fullmatch(r"log:[1-9]\d?", text):
        return set(log_steps(last, int(text[4:])))
    if not re.fullmatch(r"\d{1,12}(,\d{1,12})*", text):
        fail(f"--steps {text}: want auto, epochs, log:N or numbers with commas between them", 2)
    steps = {int(s) for s in text.split(",")}
    if max(steps) > last:
        fail(f"--steps {text}: the run ends at step {last}", 2)
    return steps


def accuracy(model, images, labels, chunk=1000):
    was = model.training
    model.eval()
    with torch.no_grad():
        right = sum(int((model(x).argmax(1) == y).sum()) for x, y in zip(images.split(chunk), labels.split(chunk)))
    model.train(was)
    return right / len(labels)


def batches(labels, size, seed):
    """Rows of one mini-batch after another, epoch after epoch, each in an order of its own."""
    order = torch.Generator().manual_seed(seed)
    while True:
        yield from torch.randperm(len(labels), generator=order).split(size)


def record_training(args, model, train, test, last, params, **recorder_options):
    """Trains for `last` steps and records the first --probe images of the test set on the way.

    A run that is there whole is left alone; one that was cut off is trained again from its beginning, and becomes the
    same run.
    """
    torch.set_num_threads(1)  # one thread adds in one order: the run can be repeated to the bit
    if args.probe > len(test[1]):
        fail(f"--probe {args.probe}: the test set has {len(test[1])} images", 2)
    per_epoch = -(-len(train[1]) // args.batch_size)
    steps = snapshot_steps(args.steps, last, per_epoch)
    folder = os.path.join(args.out, args.name)
    if os.path.exists(os.path.join(folder, f"step-{max(steps):07d}.npz")):
        print(f"{args.name}: is there")
        return
    params = {"dataset": dataset_name(args.data), **params, "seed": args.seed, "optimizer": "sgd", "lr": args.lr,
              "momentum": args.momentum, "batch_size": args.batch_size, "probe": f"test[0:{args.probe}]"}
    recorder = Recorder(folder, model, name=args.name, params=params, distances=True,
                        tags={"made_by": f"{os.path.basename(sys.argv[0])}, torch {torch.__version__}"}, **recorder_options)
    probe = test[0][:args.probe], test[1][:args.probe]

    def snapshot(step):
        right = accuracy(model, *test)
        recorder.snapshot(step, *probe, F.cross_entropy, epoch=step / per_epoch, metrics={"test_accuracy": right})
        print(f"{args.name}: step {step} of {last}, test accuracy {right:.4f}", flush=True)

    try:
        sgd(args, model, train, last, steps, snapshot)
    except (RecorderError, OSError) as problem:
        fail(f"{args.name}: {problem}")


def sgd(args, model, train, last, steps, snapshot):
    images, labels = train
    optimizer = torch.optim.SGD(model.parameters(), lr=args.lr, momentum=args.momentum)
    model.train()
    for step, rows in enumerate(batches(labels, args.batch_size, args.seed)):
        if step in steps:
            snapshot(step)
        if step == last:
            return
        loss = F.cross_entropy(model(images[rows]), labels[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if not np.isfinite(loss.item()):
            fail(f"{args.name}: step {step}: the loss is {loss.item()}; try a smaller --lr")
