import torch

from common.draw import Redraw
from common.op import op

KNOWN = ["ij,jk->ik", "bij,bjk->bik", "bhqd,bhkd->bhqk", "i,i->", "i,j->ij", "bi,bi->b", "ij,ij->ij", "ij->ji", "ii", "ii->i", "bii->b",
         "ij,jk,kl->il", "ij,ik,il->ijkl", "...ij,...jk->...ik", "...i,...i->...", "i...,j...->ij...", "ij,jk", "ba,ca"]


def random_equation(d):
    """Two or three terms of a few letters, some of them in the result."""
    letters = list("abcde")[: d.integer(2, 5)]
    some = lambda most: "".join(d.rng.permutation(letters)[: d.integer(1, most)])
    terms = [some(3) for _ in range(d.integer(2, 3))]
    used = sorted(set("".join(terms)))
    out = "".join(letter for letter in d.rng.permutation(used) if d.flag())
    return ",".join(terms) + "->" + out


@op("einsum")
def einsum(d):
    equation = d.pick(KNOWN) if d.flag() else random_equation(d)
    most = 4 if d.limit < 1024 else 9
    size = {letter: d.integer(1, most) for letter in set(equation) if letter.isalpha()}
    hidden = [d.integer(1, 3) for _ in range(d.integer(0, 2))]
    values = []
    for term in equation.split("->")[0].split(","):
        shape = []
        for part in term.replace("...", ".") :
            shape += hidden if part == "." else [1 if d.chance(0.05) else size[part]]
        if torch.Size(shape).numel() > d.limit:
            raise Redraw
        values.append(d.normal(shape, d.scale((1e-3, 1e3))))
    total = torch.Size([*size.values(), *hidden]).numel()
    if total > 20000:
        raise Redraw
    try:
        torch.einsum(equation, *map(torch.tensor, values))
    except RuntimeError:  # a diagonal of [1, n] is none of PyTorch's
        raise Redraw
    return values, {"equation": equation}, lambda *t: torch.einsum(equation, *t)
