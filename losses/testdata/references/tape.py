"""Numbers of many digits that know their derivatives: reverse-mode differentiation on a tape of mpmath numbers.

The precision is so high that formulas can be written as they are printed: log(1 + x) has 120 right digits for x = 1e-300.
"""

from mpmath import mp, mpf

mp.dps = 420


class Tape(list):
    """The operations of an evaluation, in their order."""


TAPE = Tape()


class Var:
    """A number on the tape, with the derivatives by the numbers that it was made of."""

    __slots__ = ("value", "parents", "adjoint")

    def __init__(self, value, parents=()):
        self.value, self.parents, self.adjoint = mpf(value), parents, mpf(0)
        TAPE.append(self)

    def __add__(self, o):
        o = var(o)
        return Var(self.value + o.value, ((self, 1), (o, 1)))

    def __sub__(self, o):
        o = var(o)
        return Var(self.value - o.value, ((self, 1), (o, -1)))

    def __mul__(self, o):
        o = var(o)
        return Var(self.value * o.value, ((self, o.value), (o, self.value)))

    def __truediv__(self, o):
        o = var(o)
        q = self.value / o.value
        return Var(q, ((self, 1 / o.value), (o, -q / o.value)))

    def __neg__(self):
        return Var(-self.value, ((self, -1),))

    def __radd__(self, o):
        return var(o) + self

    def __rsub__(self, o):
        return var(o) - self

    def __rmul__(self, o):
        return var(o) * self

    def __rtruediv__(self, o):
        return var(o) / self


def var(x):
    return x if isinstance(x, Var) else Var(x)


def value(x):
    """The number without its derivatives: what a loss holds constant."""
    return x.value if isinstance(x, Var) else mpf(x)


def exp(x):
    e = mp.exp(x.value)
    return Var(e, ((x, e),))


def log(x):
    return Var(mp.log(x.value), ((x, 1 / x.value),))


def sqrt(x):
    """The root, whose derivative at 0 is taken as 0: equal vectors have no direction in which to part."""
    r = mp.sqrt(x.value)
    return Var(r, ((x, 1 / (2 * r) if r else 0),))


def sigmoid(x):
    s = 1 / (1 + mp.exp(-x.value))
    return Var(s, ((x, s * (1 - s)),))


class Rounding:
    """Relative errors that a program may make in intermediate numbers, and in what flows back through them, by the names of these."""

    values, slopes, names = {}, {}, set()


def rounded(x, name):
    """x, where a program rounds: the condition of a result is how much it moves by all of these errors together, relatively."""
    Rounding.names.add(name)
    by, back = 1 + Rounding.values.get(name, 0), 1 + Rounding.slopes.get(name, 0)
    return Var(x.value * by, ((x, by * back),))


def total(terms):
    terms = [var(t) for t in terms]
    return Var(mp.fsum(t.value for t in terms), tuple((t, 1) for t in terms))


def gradient(of, by):
    """The derivatives of a number by others."""
    for v in TAPE:
        v.adjoint = mpf(0)
    of.adjoint = mpf(1)
    for v in reversed(TAPE):
        if v.adjoint:
            for parent, slope in v.parents:
                parent.adjoint += slope * v.adjoint
    return [v.adjoint for v in by]
