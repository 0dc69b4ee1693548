#!/usr/bin/env python3
"""Random configurations of every op with PyTorch in float64 as the oracle, for `npm run parity -- FILE`.

    python scripts/golden/ops.py --seed 1 --count 1800 --out ops-1.safetensors

Needs torch and numpy. Inputs are rounded to float32 first; outputs and gradients (of a random incoming
gradient) are float64. An output or a gradient that is all zeros, and an output of equal values, is drawn again.
A case depends on the seed, its op and its number in that op alone. The file: docs/parity.md.
"""
import argparse
import importlib.util
import json
import zlib
from pathlib import Path

import numpy as np
import torch

from common.draw import Draw, Redraw
from common.op import CONSTANT, OPS
from common.pointwise import of_torch


def load():
    """Runs every FAMILY/STEM.py beside this file: each draws one op. An elementwise op of torch's name needs none."""
    here = Path(__file__).parent
    for path in sorted(here.glob("*/*.py")):
        if path.parent.name == "common":
            continue
        spec = importlib.util.spec_from_file_location(f"{path.parent.name}.{path.stem}", path)
        spec.loader.exec_module(importlib.util.module_from_spec(spec))
    for path in sorted((here / "../../test/ops/elementwise").glob("*.ts")):
        name = path.stem.replace("-", "_")
        if name not in OPS:
            of_torch(name)


load()


def draw_case(name, words, limit):
    d = Draw(words, limit)
    values, attrs, run = OPS[name](d)
    inputs = [torch.tensor(v, dtype=torch.float64) for v in values]
    constant = CONSTANT[name]
    for i, x in enumerate(inputs):
        x.requires_grad_(i not in constant)
    out = run(*inputs)
    grad_out = torch.tensor(d.normal(list(out.shape), d.scale((1e-3, 1e2))))
    active = [x for i, x in enumerate(inputs) if i not in constant]
    grads = torch.autograd.grad(out, active, grad_out) if active else ()
    finite = all(torch.isfinite(t).all() and t.abs().max() < 1e30 for t in (out, *grads))
    telling = all((t != 0).any() for t in (out, *grads)) and (out.numel() == 1 or out.min() != out.max())
    if not finite or not telling:
        raise Redraw
    it = iter(grads)
    return values, attrs, out, grad_out, [None if i in constant else next(it) for i in range(len(inputs))]


def make_case(name, seed, number, limit):
    for attempt in range(1000):
        try:
            return draw_case(name, [seed, zlib.crc32(name.encode()), number, attempt], limit)
        except Redraw:
            continue
    raise SystemExit(f"{name}: no sample in 1000 draws under --max-elements {limit}; allow more elements")


def save(path, arrays, metadata):
    """Safetensors by hand: the package's writer puts the metadata in another order each time, and equal draws shall be equal files."""
    header, at = {"__metadata__": metadata}, 0
    for key, array in arrays.items():
        header[key] = {"dtype": "F64", "shape": list(array.shape), "data_offsets": [at, at + array.nbytes]}
        at += array.nbytes
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for array in arrays.values():
            file.write(array.astype("<f8").tobytes())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, required=True)
    count = parser.add_mutually_exclusive_group(required=True)
    count.add_argument("--count", type=int, help="cases in all, shared evenly among the ops")
    count.add_argument("--each", type=int, help="cases of every op")
    parser.add_argument("--out", required=True)
    parser.add_argument("--ops", nargs="*", default=sorted(OPS), help="only these ops")
    parser.add_argument("--max-elements", type=int, default=4096, help="largest usual tensor")
    options = parser.parse_args()
    unknown = [name for name in options.ops if name not in OPS]
    if unknown:
        parser.error(f"unknown ops {unknown}; there are {', '.join(sorted(OPS))}")
    if options.count is None:
        options.count = options.each * len(options.ops)
    torch.set_num_threads(1)

    arrays, cases = {}, []
    for at, name in enumerate(options.ops):
        share = options.count // len(options.ops) + (at < options.count % len(options.ops))
        for number in range(share):
            values, attrs, out, grad_out, grads = make_case(name, options.seed, number, options.max_elements)
            case = {"id": f"{name}-{number:04d}", "op": name, "attrs": attrs, "in": [], "out": [], "grad_out": [], "grad": []}

            def put(field, index, value):
                key = f"{case['id']}.{field}{index}"
                array = value if isinstance(value, np.ndarray) else value.detach().numpy()
                arrays[key] = np.array(array, dtype=np.float64, order="C", copy=True)
                case[field].append(key)

            for i, value in enumerate(values):
                put("in", i, value)
            put("out", 0, out)
            put("grad_out", 0, grad_out)
            for i, grad in enumerate(grads):
                if grad is None:
                    case["grad"].append(None)
                else:
                    put("grad", i, grad)
            cases.append(case)

    origin = {"torch": torch.__version__, "numpy": np.__version__, "seed": options.seed, "count": options.count,
              "max_elements": options.max_elements, "ops": options.ops}
    save(options.out, arrays, {"cases": json.dumps(cases, separators=(",", ":")), "origin": json.dumps(origin)})
    print(f"{len(cases)} cases of {len(options.ops)} ops -> {options.out}")


if __name__ == "__main__":
    main()
