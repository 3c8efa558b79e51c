"""Where a path leads: to a question or repeat, in which instances, picked by what.

XPath has no word for "the same instance": a relative path stays in it as long as it does not climb above the repeat. So
does `${name}`, which stands for a relative path where both are in one repeat; a path from the root leads to all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from formsite.interchange.xlsform import xpath as x
from formsite.interchange.xlsform.terms import Source, Sources, Untranslatable

Chain = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an expression stands."""

    own: Source | None = None
    homes: tuple[str, ...] = ()  # the repeats whose instance is known here, by id
    row: Mapping[str, str] = field(default_factory=dict)  # the columns of a choice, in a choice filter
    chain: Chain = ()  # the node that paths start from
    here: Chain = ()  # what `current()` is: the node whose rule this is
    around: tuple[str, ...] = ()  # the repeats around the question whose rule this is, by id
    counted: str = ""  # the repeat whose instances a predicate picks, by id
    rebound: frozenset[str] = frozenset()  # repeats of which a predicate looks at another instance than the rule

    def inside(self, chain: Chain, *homes: str, counted: str = "") -> Place:
        """A place in a predicate on nodes at `chain`, in an instance of further repeats."""
        around = (*self.homes, *(home for home in homes if home not in self.homes))
        rebound = self.rebound | (frozenset(homes) & frozenset(self.homes))
        return Place(None, around, self.row, chain, self.here, self.around, counted or self.counted, rebound)


@dataclass(frozen=True, slots=True)
class Located:
    """What a path names. `free` are the repeats around it in which any instance is meant, from outside in; `picks` what
    picks theirs, by id; `own` what picks the node itself.
    """

    source: Source
    free: tuple[str, ...] = ()
    picks: Mapping[str, tuple[x.Expr, ...]] = field(default_factory=dict)
    own: tuple[x.Expr, ...] = ()


@dataclass(slots=True)
class _Walk:
    """Goes along the steps of a path, and keeps how far up it went."""

    chain: Chain
    lowest: int
    picked: dict[Chain, tuple[x.Expr, ...]] = field(default_factory=dict)

    def go(self, step: x.Step) -> None:
        if step.name == "..":
            if not self.chain:
                raise Untranslatable("a path that leads out of the form")
            self.chain = self.chain[:-1]
            self.lowest = min(self.lowest, len(self.chain))
        elif step.name == "*":
            raise Untranslatable("a path to whatever stands there")
        elif step.name != ".":
            self.chain = (*self.chain, step.name)
        if step.predicates:
            self.picked[self.chain] = self.picked.get(self.chain, ()) + step.predicates


def locate(expr: x.Expr, place: Place, sources: Sources) -> Located | None:
    """What a path names; None for what is no path within the form.

    Raises:
        Untranslatable: nothing that can be asked stands there.
    """
    if isinstance(expr, x.Variable):
        expr = x.Path(expr, False, ())
    if not isinstance(expr, x.Path):
        return None
    if isinstance(expr.start, x.Call) and expr.start.name != "current":
        return None
    walk, is_relative = _walked(expr, place, sources)
    source = place.own if walk.chain == place.chain and place.own is not None else sources.at(walk.chain)
    if source is None:
        name = walk.chain[-1] if walk.chain else "/"
        raise Untranslatable(f"there is no question “{name}”")
    chains = {home: sources.repeat(home).chain for home in source.homes}
    fixed = _fixed(expr, place, walk, source, chains)
    if (not is_relative or isinstance(expr.start, x.Call)) and fixed & place.rebound:
        raise Untranslatable("a comparison of instances of one repeat with each other")
    picks = {home: walk.picked[chain] for home, chain in chains.items() if chain in walk.picked}
    own = walk.picked.get(walk.chain, ())
    if set(walk.picked) - {*chains.values(), walk.chain}:
        raise Untranslatable("a group that is picked")
    free = tuple(home for home in source.homes if home not in fixed or home in picks)
    return Located(source, free, picks, own)


def _fixed(path: x.Path, place: Place, walk: _Walk, source: Source, chains: Mapping[str, Chain]) -> set[str]:
    """The repeats of which the same instance is meant."""
    if path.is_absolute:
        return set()
    if isinstance(path.start, x.Variable):
        return set(source.homes) & set(place.around)
    if source.chain != walk.chain and source.chain:  # found by its name alone
        return set(source.homes) & set(place.homes)
    start = place.here if isinstance(path.start, x.Call) else place.chain
    return {
        home
        for home, chain in chains.items()
        if home in place.homes and len(chain) <= walk.lowest and start[: len(chain)] == chain
    }


def chain_of(expr: x.Expr, place: Place, sources: Sources) -> Chain:
    """The names along a path, whatever stands there."""
    walk, _ = _walked(expr if isinstance(expr, x.Path) else x.Path(expr, False, ()), place, sources)
    return walk.chain


def _walked(path: x.Path, place: Place, sources: Sources) -> tuple[_Walk, bool]:
    steps = path.steps
    is_relative = path.start is None or isinstance(path.start, x.Call)
    if isinstance(path.start, x.Variable):
        found = sources.get(path.start.name)
        if found is None:
            late = path.start.name.startswith("last-saved#")
            what = "formsite looks at no earlier response" if late else f"there is no question “{path.start.name}”"
            raise Untranslatable(what)
        walk = _Walk(found.chain or (found.name,), len(found.chain))
        if path.start.predicates:
            walk.picked[walk.chain] = path.start.predicates
    elif path.is_absolute:
        walk, steps, is_relative = _Walk((), 0), steps[1:], False  # the first is the form itself
    else:
        start = place.here if path.start is not None else place.chain
        walk = _Walk(start, len(start))
    for step in steps:
        walk.go(step)
    return walk, is_relative
