"""An op is a function from Draw to (inputs, attrs, function of float64 tensors)."""
OPS = {}
# Inputs that are constants to their op: masks, targets, indices, running statistics; all of them where an op has no gradient.
CONSTANT = {}


def op(name, constant=()):
    def keep(make):
        OPS[name] = make
        CONSTANT[name] = list(constant)
        return make

    return keep
