"""Looks at the web interface in Chromium.

    run.py CPROF PROFILES FOLDER BROWSER DRIVER [AXE]

PROFILES is the program of tests/hard_profiles.c, AXE the file axe.min.js; without it accessibility is not checked.
"""
import contextlib
import os
import shutil
import subprocess
import sys

import flame
import graph
import listings
import menus
import names
import pages
import searching
import table
from claims import Claims
from webdriver import Browser, Failed

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(here))
from client import Server  # noqa: E402

cprof, profiles, folder, chromium, driver = sys.argv[1:6]
axe = open(sys.argv[6], encoding="utf-8").read() if len(sys.argv) > 6 else None
data = os.path.join(here, "..", "..", "..", "testdata")
skipped = 0


def skip(why):
    global skipped
    skipped += 1
    print("skipped:", why)


def in_folder(name):
    return os.path.join(folder, name)


@contextlib.contextmanager
def pages_of(*arguments):
    """The URL pages begin with, while a server shows this."""
    server = Server(cprof, *arguments)
    try:
        yield "http://%s/ui/" % server.host
    finally:
        server.stop()


def make_profiles():
    """What is too large for the repository, and a program whose source and code are there."""
    for kind in ("wide", "hostile", "names", "deep", "empty"):
        with open(in_folder(kind), "wb") as out:
            subprocess.run([profiles, kind], stdout=out, check=True, timeout=120)
    callers, callees = flame.FUNCTIONS
    with open(in_folder("many"), "w", encoding="ascii") as out:
        for i in range(callers):
            out.writelines("main;caller_%d;callee_%d_%d 1\n" % (i, i, k) for k in range(callees))
    with open(in_folder("long"), "w", encoding="ascii") as out:
        out.writelines("main;fn%05d%s 1\n" % (i, "x" * (1000 if i else 1100)) for i in range(2500))
    with open(in_folder("odd"), "w", encoding="utf-8") as out:
        out.write("main;line\u2028break 1\nmain;turned\u202earound 1\n")
    with open(in_folder("roots"), "w", encoding="ascii") as out:
        out.writelines("f%d 1\n" % i for i in range(60000))
    for name, stacks in (("old", "main;only_old 10\nmain;both 10\n"), ("new", "main;both 15\nmain;only_new 5\n")):
        with open(in_folder(name), "w", encoding="ascii") as out:
            out.write(stacks)
    shutil.copy(os.path.join(here, "..", "..", "listing", "victim.c"), in_folder("victim.c"))
    if not shutil.which("cc"):
        return False
    built = subprocess.run(["cc", "-g", "-O1", "-o", "victim", "victim.c"], cwd=folder, timeout=120, check=False)
    return built.returncode == 0 and subprocess.run(["./victim", "prof"], cwd=folder, timeout=60, check=False).returncode == 0


def visit(claims, browser):
    words, has_dot = os.path.join(data, "words.cpu.pb.gz"), bool(shutil.which("dot"))
    all_pages = ["top", "flamegraph", "flamegraph?p=^main.stage$", "peek?f=main.run", "source?f=main.run", "help"]
    looks = [(width, dark) for width in (1280, 400) for dark in (False, True)]
    has_program = make_profiles()
    if has_dot:
        all_pages.append("graph")
    else:
        skip("the graph: Graphviz is not installed")
    with pages_of(words) as root:
        pages.every_page(claims, browser, root, all_pages, looks)
        table.top(claims, browser, root)
        flame.flame(claims, browser, root)
        flame.flame_looking(claims, browser, root)
        menus.every_menu(claims, browser, root, all_pages, [(1280, False), (400, True)])
        menus.menus(claims, browser, root)
        for page in (names.places, menus.staying, searching.searching, table.table_keys, table.narrow):
            page(claims, browser, root)
        for page in (graph.graph, graph.marks, graph.boxes) if has_dot else ():
            page(claims, browser, root)
        if axe:
            pages.accessible(claims, browser, root, all_pages, axe)
    with pages_of("-ignore=(?i)MALLOCGC", words) as root:
        menus.added_filters(claims, browser, root)
    with pages_of("-unit=b", os.path.join(data, "words.allocs.pb.gz")) as root:
        listings.columns(claims, browser, root)
    with pages_of(in_folder("long")) as root:
        names.long_names(claims, browser, root)
    with pages_of(in_folder("odd")) as root:
        names.odd_names(claims, browser, root, has_dot)
    server = Server(cprof, words)
    pages.gone(claims, browser, "http://%s/ui/" % server.host, server.stop)
    with pages_of(in_folder("wide")) as root:
        table.long_top(claims, browser, root)
        flame.very_wide(claims, browser, root, 2, 100000)
    with open(in_folder("wide.html"), "wb") as out:
        subprocess.run([cprof, "-flame", in_folder("wide")], stdout=out, check=True, timeout=120)
    flame.offline(claims, browser, "file://" + in_folder("wide.html"))
    with pages_of(in_folder("roots")) as root:
        flame.very_wide(claims, browser, root, 1, 60000)
    with pages_of("-diff_base=" + in_folder("old"), in_folder("new")) as root:
        flame.one_sided(claims, browser, root)
    for kind, some in (("hostile", ["top", "flamegraph", "help"]), ("names", ["peek?f=main"]), ("deep", ["flamegraph"])):
        with pages_of(in_folder(kind)) as root:
            pages.every_page(claims, browser, root, some, [(1280, False)])
            pages.nothing_ran(claims, browser, kind)
    with pages_of(in_folder("empty")) as root:
        pages.empty(claims, browser, root)
    with pages_of(in_folder("many")) as root:
        flame.large_flame(claims, browser, root)
    with pages_of("-diff_base=" + os.path.join(data, "trees.old.cpu.pb.gz"),
              os.path.join(data, "trees.new.cpu.pb.gz")) as root:
        flame.difference(claims, browser, root)
    if has_program:
        with pages_of(in_folder("victim"), in_folder("prof")) as root:
            pages.every_page(claims, browser, root, ["source?f=spin", "disasm?f=spin"], looks)
            listings.listings(claims, browser, root)
            if axe:
                pages.accessible(claims, browser, root, ["source?f=spin", "disasm?f=spin"], axe)
    else:
        skip("source and machine code: the program to look at does not build or run here")


def main():
    claims = Claims()
    try:
        browser = Browser(driver, chromium, folder)
    except Failed as error:
        print("skipped: the browser does not start here:", error)
        return 77
    try:
        visit(claims, browser)
        messages = [m for m in browser.messages() if "policy" in m.lower()]
        claims.check("no breach of the policy: %s" % messages, not messages)
    finally:
        browser.close()
    if not axe:
        skip("accessibility: axe-core is not there")
    print("%d passed, %d failed, %d skipped" % (claims.passed, claims.failed, skipped))
    return 1 if claims.failed else 0


sys.exit(main())
