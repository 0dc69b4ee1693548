"""Key lists with shapes of the real networks: python scripts/golden/models/keys.py test/golden/keys

One file an encoder (with three channels), one a classifier's head, and one a decoder over an encoder (one channel, six
landmarks) without the encoder's own keys. A line: name, then the sizes. The first line holds the number of parameters of the
whole network, unused ones included, buffers not.
"""
import pathlib
import sys

import torch
from build import DECODERS, ENCODERS, classifier, encoder, network

out = pathlib.Path(sys.argv[1])
out.mkdir(parents=True, exist_ok=True)


def write(file, model, wanted=lambda key: True):
    count = sum(p.numel() for p in model.parameters())
    lines = [" ".join([k, *map(str, v.shape)]) for k, v in model.state_dict().items() if wanted(k)]
    (out / f"{file}.txt").write_text("\n".join([f"{count}", *lines]) + "\n")


with torch.device("meta"):  # shapes are enough
    for name in ENCODERS:
        own = encoder(name)
        write(name, own)
        own_keys = set(own.state_dict())
        write(f"classifier-{name}", classifier(name), lambda k: k not in own_keys)
        for decoder in DECODERS:
            if name == "efficientnet-lite0" or (decoder.startswith("deeplab") and name.startswith("vgg")):
                continue
            write(f"{decoder}-{name}", network(decoder, name), lambda k: not k.startswith("encoder."))
