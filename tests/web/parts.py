"""What pages ask for a part at a time adds up to the whole.

    parts.py CPROF
"""
import itertools
import json
import os
import re
import subprocess
import sys
import urllib.parse

from client import PATIENCE, Checks, Server

cprof = sys.argv[1]
checks = Checks()
check, equal = checks.check, checks.equal
words = "testdata/words.cpu.pb.gz"


def ask(server, page, **parameters):
    answer = server.ask("/ui/" + page + "?" + urllib.parse.urlencode(parameters))
    return json.loads(answer.text) if answer.status == 200 else answer.status


def report(*arguments):
    env = {"PATH": os.environ["PATH"], "TZ": "UTC", "LC_ALL": "C"}
    done = subprocess.run([cprof, "-json", *arguments, words], env=env, capture_output=True, timeout=PATIENCE, check=True)
    return json.loads(done.stdout)["rows"]


def rows(part):
    return list(zip(part["name"], part["flat"], part["cum"]))


# ---- top ------------------------------------------------------------------------------------------

def test_top(server):
    for by in ("flat", "cum"):
        expected = [(r["name"], r["flat"], r["cum"]) for r in report("-top", "-" + by, "-nodefraction=0")]
        whole = ask(server, "data/top", by=by)
        equal("top by %s is that of the command" % by, rows(whole), expected)
        equal("all are counted", (whole["nodes"], whole["count"]), (len(expected), len(expected)))
        pieces = [ask(server, "data/top", by=by, offset=i, limit=25) for i in range(0, len(expected), 25)]
        equal("parts by %s make the whole" % by, list(itertools.chain(*map(rows, pieces))), expected)
        for piece in pieces:
            before = sum(flat for _, flat, _ in expected[:piece["offset"]])
            equal("what is before row %d" % piece["offset"], piece["before"], before)
        equal("turned around", rows(ask(server, "data/top", by=by, dir="up")), expected[::-1])
    names = [name for name, _, _ in expected]
    equal("by name", ask(server, "data/top", by="name")["name"], sorted(names))
    some = ask(server, "data/top", by="cum", only="(?i)MALLOC")
    equal("those that match", some["name"], [n for n in names if "malloc" in n.lower()])
    check("are fewer", 0 < some["count"] < some["nodes"])
    equal("beyond the end there is nothing", rows(ask(server, "data/top", offset=10**9)), [])
    equal("no expression", ask(server, "data/top", only="("), 400)
    marks = {r["name"]: r["inline"] for r in report("-top", "-nodefraction=0")}
    part = ask(server, "data/top")
    shown = {name: ["none", "all", "partial"][mark] for name, mark in zip(part["name"], part["inline"])}
    equal("inlined calls", shown, marks)


# ---- flame graphs ---------------------------------------------------------------------------------

class Tree:
    """The columns as a dictionary: a way of calls, its value and what it calls."""

    def __init__(self, data):
        self.frames = {}
        self.root = data["after"][0]
        way, rest = [], []
        for name, children, value in zip(data["name"], data["children"], data["after"]):
            while rest and rest[-1] == 0:
                way.pop()
                rest.pop()
            if rest:
                rest[-1] -= 1
            way.append(None if not rest else "more" if name < 0 else data["id"][name >> 1])
            rest.append(children)
            self.frames[tuple(way[1:])] = value
        self.names = dict(zip(data["id"], data["names"]))

    def below(self, way):
        return {k[len(way):]: v for k, v in self.frames.items() if k[:len(way)] == way}


def test_flame(server):
    page = server.ask("/ui/flamegraph")
    whole = Tree(page.element("data")["graph"])
    check("a graph with some depth", max(map(len, whole.frames)) > 10)
    heavy = sorted((w for w in whole.frames if w), key=lambda w: (-whole.frames[w], len(w)))[:12]
    for way in heavy:
        part = Tree(ask(server, "data/flame", path=".".join(map(str, way))))
        equal("what is below a way of calls", part.frames, whole.below(way))
    for way in [(), *heavy]:
        below = whole.below(way)
        children = [w for w in below if len(w) == 1]
        for offset in sorted({1, len(children) // 2, max(len(children) - 1, 1), len(children), len(children) + 9}):
            part = Tree(ask(server, "data/flame", path=".".join(map(str, way)), offset=offset))
            rest = set(children[offset:])
            expected = {w: value for w, value in below.items() if w == () or w[:1] in rest}
            equal("what is below a way of calls but for %d" % offset, part.frames, expected)
    for offset in ("x", "-1", "99999999999999999999"):
        check("no such offset: " + offset, isinstance(ask(server, "data/flame", offset=offset), dict))
    for path in ("x", "1.x", "99999999999999999999", "...", "-1", "0." * 2000):
        answer = ask(server, "data/flame", path=path)
        check("no such way: %.20s" % path, isinstance(answer, dict) and answer["after"][0] == 0, answer)
    equal("a way that is too long", ask(server, "data/flame", path="1." * 100000) in (400, 413, 414, 431), True)


def test_share(server):
    whole = Tree(server.ask("/ui/flamegraph").element("data")["graph"])
    for expression in ("mallocgc", "(?i)MAPACCESS", "main.stage|runtime.gc", "nothing like it", ""):
        equal("the share of %s" % expression, ask(server, "data/share", only=expression),
              {"before": 0, "after": outermost(whole, expression)})
    equal("no expression to tell the share of", ask(server, "data/share", only="["), 400)


def outermost(tree, expression):
    """What the frames below the root weigh whose names match, what one calls below another counted once."""
    matching = {node for node, name in tree.names.items() if re.search(expression, name)}
    return sum(value for way, value in tree.frames.items()
               if way and way[-1] in matching and not matching & set(way[:-1]))


def test_share_of_sides(server):
    found = 0
    for p in (r"^main\.main$", r"^runtime\.mallocgc$", r"^main\.", "(?i)map"):
        data = server.ask("/ui/flamegraph?" + urllib.parse.urlencode({"p": p})).element("data")
        for expression in ("mallocgc", "(?i)MAPACCESS", "runtime", r"main\.stage", "nothing like it"):
            for callers, tree in (("", data["graph"]), ("1", data["callers"])):
                expected = outermost(Tree(tree), expression)
                found += expected > 0
                equal("the share of %s %s %s" % (expression, "above" if callers else "below", p),
                      ask(server, "data/share", only=expression, p=p, callers=callers), {"before": 0, "after": expected})
    check("some of them are on either side", found > 10, found)
    equal("of no function", ask(server, "data/share", only="main", p="nothing like it"), {"before": 0, "after": 0})
    equal("no expression for it", ask(server, "data/share", only="main", p="["), 400)


def exactly(name):
    return "^" + re.escape(name) + "$"


def test_pivot(server):
    whole = Tree(server.ask("/ui/flamegraph").element("data")["graph"])
    by_name = {name: node for node, name in whole.names.items()}
    for row in report("-top", "-cum", "-nodefraction=0")[:15]:
        name = row["name"]
        data = server.ask("/ui/flamegraph?" + urllib.parse.urlencode({"p": exactly(name)})).element("data")
        equal("the function it is about", (data["graph"]["pivots"], data["graph"]["pivot"]), (1, name))
        callees, callers = Tree(data["graph"]), Tree(data["callers"])
        equal("callers and callees of %s" % name, (callees.root, callers.root), (row["cum"], row["cum"]))
        node = by_name[name]
        expected = {}
        for way, value in whole.frames.items():
            if node in way:
                below = way[way.index(node) + 1:]
                expected[below] = expected.get(below, 0) + value
        equal("what %s calls" % name, callees.frames, expected)
        expected = {}
        for way, value in whole.frames.items():
            if way and way[-1] == node and node not in way[:-1]:
                above = way[:-1][::-1]
                for n in range(len(above) + 1):
                    expected[above[:n]] = expected.get(above[:n], 0) + value
        equal("what calls %s" % name, callers.frames, expected)
    equal("no such function", server.ask("/ui/flamegraph?p=nothing+like+it").status, 400)
    equal("no expression", server.ask("/ui/flamegraph?p=%5B").status, 400)
    name = urllib.parse.quote_plus(exactly(next(iter(by_name))))
    equal("below a way from a function", ask(server, "data/flame", p="^main.main$", path="", callers="1") != 400, True)
    equal("a filter that leaves nothing of it", server.ask("/ui/flamegraph?f=nothing+like+it&p=" + name).status, 200)


def test_pivots(server):
    whole = Tree(server.ask("/ui/flamegraph").element("data")["graph"])
    for expression in (r"^main\.", "(?i)MAP", "runtime.*alloc|main.stage"):
        some = {node for node, name in whole.names.items() if re.search(expression, name)}
        check("several functions match %s" % expression, len(some) > 1, some)
        data = server.ask("/ui/flamegraph?" + urllib.parse.urlencode({"p": expression})).element("data")
        equal("how many match %s" % expression, (data["graph"]["pivots"], data["graph"].get("pivot")), (len(some), None))
        callees, callers, total = {}, {}, 0
        for way, value in whole.frames.items():
            at = next((i for i, node in enumerate(way) if node in some), None)
            if at is None:
                continue
            callees[way[at:]] = callees.get(way[at:], 0) + value
            if at == len(way) - 1:
                total += value
                for n in range(1, len(way) + 1):
                    callers[way[::-1][:n]] = callers.get(way[::-1][:n], 0) + value
        callees[()] = callers[()] = total
        equal("what those call that match %s" % expression, Tree(data["graph"]).frames, callees)
        equal("what calls those that match %s" % expression, Tree(data["callers"]).frames, callers)
        equal("and what they weigh", (Tree(data["graph"]).root, Tree(data["callers"]).root), (total, total))


def main():
    server = Server(cprof, words)
    for test in (test_top, test_flame, test_share, test_share_of_sides, test_pivot, test_pivots):
        test(server)
    server.stop()
    sys.exit(checks.done())


main()
