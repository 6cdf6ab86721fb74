"""The perfect matching of most value in a graph, with a proof that no other has more.

Edmonds, "Maximum matching and a polyhedron with 0,1-vertices", Journal of Research of the NBS 69B (1965). One
tree is grown at a time, as in Kolmogorov, "Blossom V", Mathematical Programming Computation 1 (2009). Prices
change lazily: `now` is how far the tree has lowered those of its outer people, and a heap knows what is next.
"""

from collections.abc import Iterator, Sequence
from heapq import heappop, heappush

NOBODY = -1
OUTER, OUT, INNER = -1, 0, 1


class Matcher:
    """People 0 to n - 1 (n even), edges with whole values of which some make a perfect matching.

    Everybody has a price, and so has each blossom (numbers from n up). For any edge the prices of its ends
    and of the blossoms that hold both add up to twice its value or more; where people are matched, exactly.
    """

    def __init__(self, near: Sequence[list[tuple[int, int]]], prices: Sequence[int] = ()) -> None:
        """Take for everybody the list of (other person, value of the pair); each edge is in both lists.

        prices to begin from pay for every edge.
        """
        self.near = near
        self.count = len(near)
        self.mate = [NOBODY] * self.count
        self.price = list(prices) or [max((value for _, value in edges), default=0) for edges in near]
        self.top = list(range(self.count))
        self.parent: dict[int, int] = {}
        self.children: dict[int, list[int]] = {}
        self.edges: dict[int, list[tuple[int, int]]] = {}
        self.people: dict[int, Sequence[int]] = {one: (one,) for one in range(self.count)}
        self.base: dict[int, int] = {}
        self.extra: dict[int, int] = {}
        self.next = self.count
        self.sign = [OUT] * self.count
        self.since = [0] * self.count
        self.blossom_sign: dict[int, int] = {}
        self.blossom_since: dict[int, int] = {}
        self._begin()

    def match(self) -> list[int]:
        """Everybody's partner, in a perfect matching of most value."""
        self._greedy()
        for person in range(self.count):
            if self.mate[person] == NOBODY:
                self._search(person)
        return self.mate

    def blossoms(self) -> Iterator[tuple[int, list[int]]]:
        """The price of each blossom that has one, and its people: an odd number."""
        for blossom, extra in self.extra.items():
            if extra:
                yield extra, list(self.people[blossom])

    def add(self, one: int, other: int, value: int) -> None:
        """Bring in an edge after matching; people whose price has to rise for it are matched no more."""
        self.near[one].append((other, value))
        self.near[other].append((one, value))
        if self.top[one] != one:
            one, other = other, one
        while (short := 2 * value - self._paid(one, other)) > 0:
            top = self.top[one]
            self._part(self._base(top))
            if top == one:
                self.price[one] += short
                continue
            step = min(short, self.extra[top] // 2)
            for person in self.people[top]:
                self.price[person] += step
            self.extra[top] -= 2 * step
            if not self.extra[top]:
                self._dissolve(top)

    def _paid(self, one: int, other: int) -> int:
        """The prices of two people and of the blossoms that hold both."""
        paid, around = self.price[one] + self.price[other], set()
        while one in self.parent:
            one = self.parent[one]
            around.add(one)
        while other in self.parent:
            other = self.parent[other]
            if other in around:
                paid += self.extra[other]
        return paid

    def _part(self, person: int) -> None:
        other = self.mate[person]
        if other != NOBODY:
            self.mate[person] = self.mate[other] = NOBODY

    def _greedy(self) -> None:
        for person, edges in enumerate(self.near):
            if self.mate[person] != NOBODY or self.top[person] != person:
                continue
            self.price[person] = max(2 * value - self.price[other] for other, value in edges)
            for other, value in edges:
                if self.mate[other] == NOBODY and self.price[person] + self.price[other] == 2 * value:
                    self.mate[person], self.mate[other] = other, person
                    break

    def _begin(self) -> None:
        self.now = 0
        self.heap: list[tuple[int, int, int, int]] = []
        self.unseen: list[int] = []
        self.soonest: dict[int, int] = {}
        self.link: dict[int, tuple[int, int] | None] = {}
        self.touched: list[int] = []

    def _search(self, root: int) -> None:
        """Grow a tree from somebody unmatched until it reaches another, and match along the way."""
        self._begin()
        self.link[self.top[root]] = None
        self._become(self.top[root], OUTER)
        while True:
            while self.unseen:
                self._look_around(self.unseen.pop())
            self.now, person, other, value = heappop(self.heap)
            if other == NOBODY:
                if self.blossom_sign.get(person) == INNER and not self._extra(person):
                    self._expand(person)
            elif self._is_stale(person, other, value):
                continue
            elif self.sign[other] == OUTER:
                self._shrink(person, other)
            elif self.mate[self._base(self.top[other])] == NOBODY:
                break
            else:
                self._grow(person, other)
        self._augment(person, other)
        self._settle()

    def _is_stale(self, person: int, other: int, value: int) -> bool:
        """Whether something has happened since that makes an edge useless, or useless as yet."""
        if self.sign[other] == INNER or self.top[person] == self.top[other]:
            return True
        return self._price(person) + self._price(other) != 2 * value

    def _look_around(self, person: int) -> None:
        mine, here, price = self.top[person], self._price(person), self.price
        base, signs, soonest, heap = self.now + here, self.sign, self.soonest, self.heap
        for other, value in self.near[person]:
            sign = signs[other]
            if sign == OUT:
                key = base + price[other] - 2 * value
                known = soonest.get(other)
                if known is None or key < known:
                    soonest[other] = key
                    heappush(heap, (key, person, other, value))
            elif sign == OUTER and self.top[other] != mine:
                slack = here + self._price(other) - 2 * value
                heappush(heap, (self.now + slack // 2, person, other, value))

    def _grow(self, person: int, other: int) -> None:
        inner = self.top[other]
        self.link[inner] = (person, other)
        self._become(inner, INNER)
        base = self._base(inner)
        outer = self.top[self.mate[base]]
        self.link[outer] = (base, self.mate[base])
        self._become(outer, OUTER)

    def _become(self, blossom: int, sign: int) -> None:
        """Give a top blossom its part in the tree, or none, from now on."""
        self._sign(self.people[blossom], sign)
        if blossom >= self.count:
            self._sign_blossom(blossom, sign)
            if sign == INNER:
                heappush(self.heap, (self.now + self.extra[blossom] // 2, blossom, NOBODY, 0))

    def _sign(self, people: Sequence[int], sign: int) -> None:
        now, price, signs, since = self.now, self.price, self.sign, self.since
        for person in people:
            price[person] += signs[person] * (now - since[person])
            since[person] = now
            signs[person] = sign
        self.touched += people
        if sign == OUTER:
            self.unseen += people

    def _sign_blossom(self, blossom: int, sign: int) -> None:
        self.extra[blossom] = self._extra(blossom)
        self.blossom_since[blossom] = self.now
        self.blossom_sign[blossom] = sign

    def _price(self, person: int) -> int:
        return self.price[person] + self.sign[person] * (self.now - self.since[person])

    def _extra(self, blossom: int) -> int:
        passed = self.now - self.blossom_since[blossom]
        return self.extra[blossom] - 2 * self.blossom_sign[blossom] * passed

    def _base(self, blossom: int) -> int:
        return self.base.get(blossom, blossom)

    def _shrink(self, person: int, other: int) -> None:
        """Two outer people with an edge close an odd circle, which becomes one outer blossom."""
        ups, downs = self._climb(self.top[person]), self._climb(self.top[other])
        while len(ups) > 1 and len(downs) > 1 and ups[-2] == downs[-2]:
            ups.pop()
            downs.pop()
        common = ups.pop()
        downs.pop()
        blossom, self.next = self.next, self.next + 1
        children = [common, *reversed(ups), *downs]
        down = [self._linked(child) for child in reversed(ups)]
        back = [self._linked(child)[::-1] for child in downs]
        self.children[blossom] = children
        self.edges[blossom] = [*down, (person, other), *back]
        self.base[blossom] = self._base(common)
        self.link[blossom] = self.link[common]
        self.extra[blossom] = 0
        self.blossom_since[blossom], self.blossom_sign[blossom] = self.now, OUTER
        for child in children:
            self.parent[child] = blossom
            people = self.people[child]
            if self.sign[people[0]] == INNER:
                self._sign(people, OUTER)
            for one in people:
                self.top[one] = blossom
            if child >= self.count:
                self._sign_blossom(child, OUT)
        self.people[blossom] = [one for child in children for one in self.people[child]]

    def _linked(self, blossom: int) -> tuple[int, int]:
        link = self.link[blossom]
        assert link is not None
        return link

    def _climb(self, blossom: int) -> list[int]:
        path = [blossom]
        while link := self.link[path[-1]]:
            path.append(self.top[link[0]])
        return path

    def _expand(self, blossom: int) -> None:
        """An inner blossom whose price is used up falls apart; the even way through it stays in the tree."""
        entry = self._linked(blossom)
        children, edges = self._dissolve(blossom)
        at = children.index(self.top[entry[1]])
        step = 1 if at % 2 else -1
        on_way = {at}
        self.link[children[at]] = entry
        self._become(children[at], INNER)
        while at % len(children):
            base = self._base(children[at])
            self.link[children[(at + step) % len(children)]] = (base, self.mate[base])
            edge = edges[at + 1] if step == 1 else edges[at - 2][::-1]
            on_way |= {(at + step) % len(children), (at + 2 * step) % len(children)}
            self._become(children[(at + step) % len(children)], OUTER)
            at += 2 * step
            self.link[children[at % len(children)]] = edge
            self._become(children[at % len(children)], INNER)
        on_way.add(at % len(children))
        for place, child in enumerate(children):
            if place not in on_way:
                self._leave(child)

    def _dissolve(self, blossom: int) -> tuple[list[int], list[tuple[int, int]]]:
        """Take a top blossom apart; its children and the edges between them."""
        for table in (self.base, self.extra, self.blossom_sign, self.blossom_since, self.people):
            del table[blossom]
        children, edges = self.children.pop(blossom), self.edges.pop(blossom)
        for child in children:
            del self.parent[child]
            for one in self.people[child]:
                self.top[one] = child
        return children, edges

    def _leave(self, blossom: int) -> None:
        self._become(blossom, OUT)
        for person in self.people[blossom]:
            self.soonest.pop(person, None)
            for other, value in self.near[person]:
                if self.sign[other] == OUTER:
                    slack = self.price[person] + self._price(other) - 2 * value
                    heappush(self.heap, (self.now + slack, other, person, value))

    def _augment(self, person: int, other: int) -> None:
        self._rebase(self.top[other], other)
        self.mate[other] = person
        near, far = person, other
        while True:
            outer = self.top[near]
            self._rebase(outer, near)
            self.mate[near] = far
            link = self.link[outer]
            if link is None:
                return
            inner = self.top[link[0]]
            near, far = self._linked(inner)
            self._rebase(inner, far)
            self.mate[far] = near

    def _rebase(self, blossom: int, person: int) -> None:
        """Match within a blossom so that this person of it may be matched outside."""
        if blossom < self.count:
            return
        child = person
        while self.parent[child] != blossom:
            child = self.parent[child]
        self._rebase(child, person)
        children, edges = self.children[blossom], self.edges[blossom]
        first = at = children.index(child)
        step = 1 if at % 2 else -1
        while at % len(children):
            one, two = edges[at + 1] if step == 1 else edges[at - 2][::-1]
            self._rebase(children[(at + step) % len(children)], one)
            at += 2 * step
            self._rebase(children[at % len(children)], two)
            self.mate[one], self.mate[two] = two, one
        self.children[blossom] = children[first:] + children[:first]
        self.edges[blossom] = edges[first:] + edges[:first]
        self.base[blossom] = person

    def _settle(self) -> None:
        """Write down the prices, take apart blossoms without one, and forget the tree."""
        self._sign(self.touched[:], OUT)
        for blossom in self.blossom_sign:
            self._sign_blossom(blossom, OUT)
        idle = [one for one, extra in self.extra.items() if not extra and one not in self.parent]
        while idle:
            children, _ = self._dissolve(idle.pop())
            idle += [one for one in children if self.extra.get(one) == 0]
