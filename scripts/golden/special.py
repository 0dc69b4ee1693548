#!/usr/bin/env python3
"""Every elementwise op at special numbers, value and gradient, by PyTorch in float64, rounded to float32.

    python scripts/golden/special.py --out test/golden/special.json

Needs torch and numpy. The ops are those of test/ops/elementwise, their attributes those of three draws of
scripts/golden/ops.py. Ops of one tensor get a line of numbers, ops of two every pair of a shorter line. Numbers are
float32 as base64; the incoming gradient is 1 everywhere. `npm run special` compares an adapter with the file.
"""
import argparse
import base64
import json
from pathlib import Path

import numpy as np
import torch

from common.draw import Draw
from common.op import CONSTANT, OPS
import ops  # draws every op into OPS

INF, NAN = float("inf"), float("nan")
LARGEST, SMALLEST, SUBNORMAL = 3.4028234663852886e38, 1.1754943508222875e-38, 1e-41
ENDS = [0.0, -0.0, SUBNORMAL, -SUBNORMAL, SMALLEST, -SMALLEST, LARGEST, -LARGEST, INF, -INF, NAN]
LINE = ENDS + [s * v for v in (1e-30, 1e-8, 1e-4, 0.25, 0.5, 1, 1.5, 2, 2.5, 3, 5.5, 20, 86, 89, 100, 1e4, 16777217, 1e9, 1e19, 3e38) for s in (1, -1)]
LINE += [0.75, -0.75]
PAIR = ENDS + [s * v for v in (1e-30, 0.5, 1, 1.5, 2, 3, 100, 16777215) for s in (1, -1)] + [0.25]
# Ops that multiply by a random mask, which their own tests give them.
MASKED = {"dropout", "channel_dropout", "drop_path"}


def encoded(values):
    with np.errstate(over="ignore"):
        return base64.b64encode(np.asarray(values, dtype="<f4").tobytes()).decode()


def inputs():
    line, pair = [np.array(v, dtype=np.float32).astype(np.float64) for v in (LINE, PAIR)]
    a, b = [m.reshape(-1) for m in np.meshgrid(pair, pair, indexing="ij")]
    # A third one is the second turned round: where(condition, a, b).
    return {"line": line, "a": a, "b": b, "c": b[::-1].copy()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", required=True)
    out = parser.parse_args().out
    files = (Path(__file__).parent / "../../test/ops/elementwise").glob("*.ts")
    arrays = inputs()
    cases, seen = [], set()
    for name in sorted({f.stem.replace("-", "_") for f in files} - MASKED):
        for number in range(3):
            values, attrs, run = OPS[name](Draw([11, number], 48))
            names = ["line"] if len(values) == 1 else ["a", "b", "c"][: len(values)]
            xs = [torch.tensor(arrays[n], requires_grad=i not in CONSTANT[name]) for i, n in enumerate(names)]
            key = json.dumps([name, attrs])
            if key in seen:
                continue
            seen.add(key)
            y = run(*xs)
            active = [x for x in xs if x.requires_grad]
            grads = iter(torch.autograd.grad(y.sum(), active, allow_unused=True) if active and y.requires_grad else ())
            cases.append({
                "op": name,
                "attrs": attrs,
                "in": names,
                "out": encoded(y.detach().numpy()),
                "grad": [encoded(next(grads).numpy()) if x.requires_grad else None for x in xs],
            })
    text = {"origin": {"torch": torch.__version__, "numpy": np.__version__},
            "inputs": {n: encoded(v) for n, v in arrays.items()}, "cases": cases}
    Path(out).write_text(json.dumps(text, indent=1) + "\n")
    print(f"{len(cases)} cases -> {out}")


if __name__ == "__main__":
    main()
