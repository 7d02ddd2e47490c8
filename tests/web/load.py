"""A thousand mixed requests from eight clients: all are answered, equal ones equally, and memory stays what it was.

    load.py CPROF [REQUESTS]
"""
import hashlib
import os
import random
import subprocess
import sys
import tempfile
import threading

from client import PATIENCE, Checks, Server

CLIENTS = 8
# What stays in memory however long the server runs: kept answers, and what the allocator keeps of each thread.
GROWTH = 20 << 20

cprof = sys.argv[1]
requests = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
checks = Checks()

FUNCTIONS = ["sort", "runtime", "main", "mapaccess", "strings", "ranked", "gc", "add", "Fields", "partition"]
PAGES = ["top", "flamegraph", "peek", "source", "data/top", "data/flame", "data/labels", "download", "help", "assets/common.js",
         "nothing", "graph"]


CODE_PAGES = ["source?f=spin", "source?f=spin|mix", "source?f=.", "disasm?f=spin", "disasm?f=.", "peek?f=spin"]


def code_path(r):
    return "/ui/%s&n=%d" % (r.choice(CODE_PAGES), r.randrange(1, 20))


def path(r):
    page = r.choice(PAGES)
    query = ["%s=%s" % (name, r.choice(FUNCTIONS)) for name in ["f", "i", "h"] if r.random() < 0.4]
    if r.random() < 0.3:
        query.append("n=%d" % r.randrange(1, 60))
    if r.random() < 0.2:
        query.append("g=" + r.choice(["lines", "files", "addresses", "bad"]))
    if r.random() < 0.2:
        query.append("filtered=1")
    return "/ui/%s?%s" % (page, "&".join(query))


class Client(threading.Thread):
    def __init__(self, server, number, n, answers, choose):
        super().__init__(daemon=True)
        self.server, self.random, self.n, self.answers, self.choose = server, random.Random(number), n, answers, choose
        self.wrong = []

    def run(self):
        for _ in range(self.n):
            asked = self.choose(self.random)
            try:
                answer = self.server.ask(asked)
                if answer.status not in (200, 400, 404):
                    self.wrong.append((asked, answer.status))
                seen = self.answers.setdefault(asked, (answer.status, hashlib.sha256(answer.body).digest()))
                if seen != (answer.status, hashlib.sha256(answer.body).digest()):
                    self.wrong.append((asked, "another answer"))
            except Exception as e:
                self.wrong.append((asked, repr(e)))


def round_of(server, first, n, answers, choose=path):
    clients = [Client(server, first + i, n // CLIENTS, answers, choose) for i in range(CLIENTS)]
    for c in clients:
        c.start()
    for c in clients:
        c.join(10 * PATIENCE)
        checks.check("all of a client's requests are answered", not c.is_alive() and c.wrong == [], c.wrong[:3])


def code():
    """Source and machine code of a program that is there, for several at once."""
    source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "listing", "victim.c")
    with tempfile.TemporaryDirectory() as folder:
        program, profile = os.path.join(folder, "victim"), os.path.join(folder, "victim.prof")
        subprocess.run(["cc", "-O1", "-g", "-o", program, source], check=True, timeout=PATIENCE)
        subprocess.run([program, profile], check=True, timeout=PATIENCE)
        server = Server(cprof, profile)
        answers = {}
        round_of(server, 300, requests // 5, answers, code_path)
        checks.check("code is shown", {status for status, _ in answers.values()} == {200}, answers)
        checks.equal("that one ends as well", server.stop()[0], 0)


def mixed():
    server = Server(cprof, "testdata/words.cpu.pb.gz")
    answers = {}
    round_of(server, 100, requests // 2, answers)
    before = server.memory("VmRSS")
    threads = server.memory("Threads") // 1024
    round_of(server, 200, requests, answers)
    after = server.memory("VmRSS")
    print("%d requests, %d different; memory %.1f MB, then %.1f MB; %d threads" %
          (requests * 3 // 2, len(answers), before / 1e6, after / 1e6, threads))
    program = open(cprof, "rb").read()
    if b"libasan" in program or b"libtsan" in program:
        print("memory is not held against a bound: a sanitizer keeps what is freed")
    else:
        checks.check("memory stays", after - before <= GROWTH, before, after)
    checks.check("no threads are added", server.memory("Threads") // 1024 <= threads + 1)
    status, _ = server.stop()
    checks.equal("it ends", status, 0)


mixed()
code()
sys.exit(checks.done())
