"""What is answered, and what is not.

    protocol.py CPROF PROFILES [TEST...]
"""
import html
import json
import os
import re
import signal
import socket
import stat
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

from client import PATIENCE, Checks, Server

cprof, profiles = sys.argv[1:3]
checks = Checks()
check, equal = checks.check, checks.equal
words = "testdata/words.cpu.pb.gz"
quote = urllib.parse.quote_plus


def run(*arguments):
    """Standard output of cprof."""
    env = {"PATH": os.environ["PATH"], "TZ": "UTC", "LC_ALL": "C"}
    done = subprocess.run([cprof, *arguments], env=env, capture_output=True, timeout=PATIENCE)
    return done.stdout


def form(page):
    return re.search(r'name="token" value="([0-9a-f]{32})"', page.text).group(1)


def drawn(svg):
    """The texts of a picture, those under the pointer as well."""
    text = svg.decode("utf-8", "replace")
    found = re.findall(r"<text[^>]*>(.*?)</text>", text) + re.findall(r'xlink:title="(.*?)"', text)
    return sorted(html.unescape(t) for t in found)


def drawn_in_page(page):
    picture = re.search(r'<div id="graph">(.*?)</svg>', page.text, re.S).group(1)
    found = re.findall(r"<text[^>]*>(.*?)</text>", picture) + re.findall(r"<g><title>(.*?)</title>", picture)
    return sorted(html.unescape(t) for t in found)


VIEWS = ["top", "graph", "flamegraph", "peek?f=sort", "source?f=ranked"]


def test_pages(server):
    for path in VIEWS + ["help"]:
        page = server.ask("/ui/" + path)
        equal(path, page.status, 200)
        check(path + " is a page", page.text.startswith("<!DOCTYPE html>") and page.text.endswith("</html>\n"))
        check(path + " is small", len(page.body) <= 1 << 20, len(page.body))
        equal(path + " knows itself", page.page, path.split("?")[0])
        check(path + " has no inline script",
              re.findall(r"<script(?![^>]*application/json)(?![^>]*src=\"/ui/assets/)", page.text) == [])
        check(path + " has no inline style", not re.search(r"<[^>]* style=|<style", page.text))
    for path in ["data/labels", "data/top", "data/flame"]:
        data = server.ask("/ui/" + path)
        equal(path, (data.status, data.headers["Content-Type"]), (200, "application/json"))
        check(path + " is JSON", isinstance(json.loads(data.body), dict))
    for path in ["source", "disasm"]:
        page = server.ask("/ui/" + path)
        check(path + " of nothing offers functions", page.status == 200
              and 'href="/ui/%s?f=%%5Eruntime%%5C.add%%24">runtime.add<' % path in page.text)
    equal("without binaries disasm says so", server.ask("/ui/disasm?f=ranked").status, 400)
    equal("no such page", server.ask("/ui/nothing").status, 404)
    equal("no such file", server.ask("/ui/assets/nothing.js").status, 404)
    equal("HEAD", (server.ask("/ui/top", "HEAD").status, server.ask("/ui/top", "HEAD").body), (200, b""))


def test_redirects(server):
    for path, to in [("/", "/ui/flamegraph"), ("/ui", "/ui/flamegraph"), ("/ui/?f=a%26b&n=3", "/ui/flamegraph?f=a%26b&n=3"),
                     ("/ui/flamegraph2?si=cpu", "/ui/flamegraph?si=cpu"), ("/ui/flamegraphold", "/ui/flamegraph")]:
        answer = server.ask(path)
        equal(path, (answer.status, answer.headers["Location"]), (302, to))


def test_headers(server):
    for path in ["/ui/top", "/ui/nothing", "/", "/ui/download", "/ui/data/labels"]:
        h = server.ask(path).headers
        policy = h["Content-Security-Policy"] or ""
        check(path + " has a policy", policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'"), policy)
        check(path + " names no host and nothing unsafe", "unsafe" not in policy and "http" not in policy)
        for name, value in [("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "same-origin"),
                            ("Cross-Origin-Resource-Policy", "same-origin")]:
            equal(path + " " + name, h[name], value)


def test_assets(server):
    page = server.ask("/ui/top").text
    names = re.findall(r'(?:href|src)="(/ui/assets/[^"]+)"', page)
    for name in names:
        file = server.ask(name)
        tag = file.headers["ETag"]
        equal(name, file.status, 200)
        check(name + " has a strong tag", tag and tag.startswith('"'), tag)
        again = server.ask(name, headers={"If-None-Match": tag})
        equal(name + " is not sent again", (again.status, again.body), (304, b""))
        check(name + ": and its length is not 0", again.headers["Content-Length"] != "0", again.headers)
        equal(name + " changed", server.ask(name, headers={"If-None-Match": '"other"'}).status, 200)


# Each parameter, and the flag that does the same.
PARAMETERS = [
    ("f=sort", "-focus=sort"), ("i=sort", "-ignore=sort"), ("h=sort", "-hide=sort"), ("s=runtime", "-show=runtime"),
    ("sf=rank", "-show_from=rank"), ("tf=stage%3Drank", "-tagfocus=stage=rank"), ("ti=stage%3Drank", "-tagignore=stage=rank"),
    ("ts=stage", "-tagshow=stage"), ("th=stage", "-taghide=stage"), ("si=samples", "-sample_index=samples"),
    ("n=5", "-nodecount=5"), ("nf=0.1", "-nodefraction=0.1"), ("ef=0.2", "-edgefraction=0.2"), ("trim=f&n=20", "-trim=false"),
    ("g=lines", "-lines"), ("g=files", "-files"), ("g=addresses&n=10", "-addresses -nodecount=10"), ("sort=cum&n=9", "-cum -nodecount=9"),
    ("unit=us", "-unit=us"), ("calltree=t&n=30", "-call_tree -nodecount=30"), ("rel=t&f=sort", "-relative_percentages -focus=sort"),
    ("compact=1", "-compact_labels"), ("mean=true", "-mean"), ("dropneg=t", "-drop_negative"), ("prunefrom=sort", "-prune_from=sort"),
    ("noinlines=yes", "-noinlines"), ("showcolumns=t&g=lines", "-showcolumns -lines"), ("tagroot=stage", "-tagroot=stage"),
    ("tagleaf=detail", "-tagleaf=detail"), ("f=sort&i=partition&n=12&unit=ms", "-focus=sort -ignore=partition -nodecount=12 -unit=ms"),
    ("intel=t", "-intel_syntax"),
]


def test_parameters(server):
    """The picture of a page is that of the command line, whatever the parameters."""
    if subprocess.run(["which", "dot"], stdout=subprocess.DEVNULL).returncode:
        print("skipped: pictures need Graphviz")
        return
    for query, flags in PARAMETERS:
        page = server.ask("/ui/graph?" + query)
        equal("graph?" + query, page.status, 200)
        if page.status == 200:
            equal("graph?%s is %s" % (query, flags), drawn_in_page(page), drawn(run("-svg", *flags.split(), words)))


def test_text(server):
    for query, flags in [("f=ranked", "-focus=ranked"), ("f=ranked&g=lines", "-focus=ranked -lines"), ("f=sort&n=5&unit=s", "-focus=sort -nodecount=5 -unit=s"),
                         ("f=mapaccess&i=sort", "-focus=mapaccess -ignore=sort"), ("f=", "")]:
        pattern = flags.split()[0].split("=")[1] if flags else ""
        page = server.ask("/ui/peek?" + query)
        if pattern:
            equal("peek?" + query, page.pre(), run("-peek=" + pattern, *flags.split(), words).decode())
        else:
            equal("peek of everything", page.status, 200)
    elsewhere = server.ask("/ui/peek?f=no_such_function")
    equal("peek of nothing", elsewhere.status, 400)
    check("and says so", 'id="error"' in elsewhere.text)


def test_download(server):
    with tempfile.TemporaryDirectory() as folder:
        for query, flags in [("", []), ("?f=sort", []), ("?filtered=1&f=sort", ["-focus=sort"]),
                             ("?filtered=1&i=sort&tf=stage%3Drank", ["-ignore=sort", "-tagfocus=stage=rank"])]:
            path = os.path.join(folder, "p.pb.gz")
            answer = server.ask("/ui/download" + query)
            equal("download" + query, answer.status, 200)
            check("download has a name", answer.headers["Content-Disposition"].startswith("attachment; filename=\"profile"))
            with open(path, "wb") as f:
                f.write(answer.body)
            equal("download%s is that profile" % query, run("-raw", path), run("-raw", "-output=/dev/stdout", *flags, words)
                  if not flags else raw_of(folder, flags))


def raw_of(folder, flags):
    path = os.path.join(folder, "q.pb.gz")
    run("-proto", "-output=" + path, *flags, words)
    return run("-raw", path)


def test_wrong_parameters(server):
    for query in ["n=many", "trim=maybe", "sort=up", "f=(", "si=nothing", "tf=k%3D(", "nf=x", "g=planets", "f=%00"]:
        answer = server.ask("/ui/top?" + query)
        equal("top?" + query, answer.status, 400)
        check("top?%s says why" % query, len(answer.body) > 10)
    equal("malformed escapes are passed over", server.ask("/ui/top?f=%zz&n=5&x=%").status, 200)
    slow = "f=" + quote("(a+)+" * 20 + "$")
    check("an expression that backtracks ends", server.ask("/ui/top?" + slow).status in (200, 400))
    equal("a large expression", server.ask("/ui/top?f=" + "a" * 60000).status, 414)


# ---- who may ask ----------------------------------------------------------------------------------

def test_names(server):
    port = server.port
    for host in ["localhost:%d", "127.0.0.1:%d", "[::1]:%d", "LOCALHOST:%d"]:
        equal(host, server.ask("/ui/top", headers={"Host": host % port}).status, 200)
    for host in ["evil.example", "evil.example:%d" % port, "localhost", "localhost:1", "127.0.0.1.evil.example:%d" % port, "",
                 "localhost:%d.evil.example" % port]:
        for path in ["/ui/top", "/", "/ui/download", "/ui/assets/common.js", "/ui/saveconfig"]:
            answer = server.ask(path, headers={"Host": host})
            check("called %s for %s" % (host, path), answer.status == 403 and b"words" not in answer.body, answer.status)
    check("no name at all", b" 200 " not in server.raw(b"GET /ui/top HTTP/1.0\r\n\r\n").split(b"\n")[0])
    check("two names", b" 200 " not in server.raw(
        b"GET /ui/top HTTP/1.1\r\nHost: evil.example:%d\r\nHost: localhost:%d\r\nConnection: close\r\n\r\n" % (port, port)).split(b"\n")[0])


def test_embedding(server):
    foreign = {"Sec-Fetch-Site": "cross-site"}
    equal("an image elsewhere", server.ask("/ui/graph", headers={**foreign, "Sec-Fetch-Mode": "no-cors"}).status, 403)
    equal("a script elsewhere", server.ask("/ui/assets/common.js", headers={**foreign, "Sec-Fetch-Mode": "no-cors"}).status, 403)
    equal("a link elsewhere", server.ask("/ui/top", headers={**foreign, "Sec-Fetch-Mode": "navigate"}).status, 200)


def test_forms(server):
    token = form(server.ask("/ui/top"))
    good = "token=%s&config=x&f=sort" % token
    for path in ["/ui/saveconfig", "/ui/deleteconfig"]:
        link = server.ask(path + "?config=x")
        equal("%s by a link" % path, (link.status, link.headers["Allow"]), (405, "POST"))
        for what, body, headers in [
                ("no token", "config=x", {}), ("a wrong token", "token=%s&config=x" % ("0" * 32), {}),
                ("a token in the URL", "config=x", {}),
                ("another origin", good, {"Origin": "http://evil.example"}),
                ("no origin", good, {"Origin": "null"}),
                ("another port", good, {"Origin": "http://localhost:1"}),
                ("another site", good, {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}),
                ("a rebound name", good, {"Host": "evil.example:%d" % server.port, "Origin": "http://evil.example:%d" % server.port})]:
            answer = server.ask(path + "?token=" + token, "POST", body, headers)
            equal("%s, %s" % (path, what), answer.status, 403)
    check("nothing was written", not os.path.exists(server.settings))
    equal("a form for a page", server.ask("/ui/top", "POST", good).status, 405)
    for method in ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"]:
        check(method, server.ask("/ui/top", method).status >= 400)
    equal("a form that is too long", server.ask("/ui/saveconfig", "POST", good + "&i=" + "a" * 300000).status, 413)


def test_long_queries(server):
    for path in ["/ui/", "/ui/flamegraph2", "/ui/top", "/"]:
        equal("a long query for " + path, server.ask(path + "?f=" + "a" * 50000).status, 414)


def test_paths(server):
    for path in ["/../../etc/passwd", "/ui/../../etc/passwd", "/ui/assets/../shell.c", "/ui/assets/%2e%2e/%2e%2e/etc/passwd",
                 "/ui/assets//etc/passwd", "/ui/assets/..%2f..%2fetc/passwd", "/ui/assets/", "/ui/assets/common.js%00.css",
                 "/etc/passwd", "//evil.example/", "/ui//evil.example", "/UI/top", "/ui/top/", "/ui/%00", "/%zz", "*"]:
        answer = server.ask(path)
        home = answer.status == 302 and answer.headers["Location"].startswith("/ui/")
        check(path, (home or answer.status in (400, 404)) and b"root:" not in answer.body, answer.status)
    for path in ["//evil.example/?token=x", "/ui/%0d%0aSet-Cookie:%20a=b", "/ui/?x=%0d%0aSet-Cookie:%20a=b"]:
        answer = server.ask(path)
        check("no header comes from " + path, answer.headers["Set-Cookie"] is None)
        check("no place elsewhere comes from " + path, (answer.headers["Location"] or "/ui/").startswith("/ui/"))


def test_escapes(server):
    attack = "</script><script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    for path in ["top", "graph", "flamegraph", "peek", "source", "disasm", "help"]:
        for parameter in ["f", "i", "h", "s", "tf", "unit", "si", "p"]:
            page = server.ask("/ui/%s?%s=%s" % (path, parameter, quote(attack)))
            check("%s?%s=<script>" % (path, parameter), "<script>alert" not in page.text and "<img" not in page.text)
            check("%s?%s is still whole" % (path, parameter), page.headers["Content-Type"].startswith("text/plain")
                  or page.page == path)


# ---- clients that mean no good ---------------------------------------------------------------------

def test_long(server):
    host = b" HTTP/1.1\r\nHost: localhost:%d\r\nConnection: close\r\n\r\n" % server.port
    first = server.raw(b"GET /ui/top?f=" + b"a" * 70000 + host)
    check("a URL of 70 KB", first.startswith(b"HTTP/1.1 414"), first[:80])
    for n in [100_000, 1_000_000, 20_000_000]:
        answer = server.raw(b"GET /ui/top?f=" + b"a" * n + host)
        check("a URL of %d bytes" % n, answer == b"" or answer.startswith(b"HTTP/1.1 414"), answer[:80])
    answer = server.raw(b"GET /ui/top HTTP/1.1\r\nHost: localhost:%d\r\n" % server.port + b"X: " + b"a" * 1_000_000 + b"\r\n\r\n")
    check("a header of 1 MB", answer == b"" or b" 200 " not in answer[:20], answer[:80])
    answer = server.raw(b"GET /ui/top?" + b"a=1&" * 10000 + host)
    check("10,000 parameters", answer == b"" or answer.startswith(b"HTTP/1.1 4"), answer[:80])
    answer = server.raw(b"GET /ui/top?" + b"a=1&" * 600 + host)
    check("600 parameters", answer.startswith(b"HTTP/1.1 400"), answer[:80])
    for garbage in [b"\0" * 10000, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 100, b"GET\r\n\r\n", b"\r\n" * 5000,
                    b"POST /ui/saveconfig HTTP/1.1\r\nHost: localhost:%d\r\nContent-Length: -1\r\n\r\n" % server.port,
                    b"POST /ui/saveconfig HTTP/1.1\r\nHost: localhost:%d\r\nContent-Length: 99999999999999999999\r\n\r\nx" % server.port,
                    b"POST /ui/saveconfig HTTP/1.1\r\nHost: localhost:%d\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n" % server.port]:
        check("garbage", b" 200 " not in server.raw(garbage)[:20])
    check("it goes on after long ones", server.alive())


def drop(s):
    """Ends a connection at once, by a reset."""
    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    s.close()


def test_dropped(server):
    pieces = [b"", b"GET /ui/top", b"GET /ui/top HTTP/1.1\r\nHost: localhost:%d\r\n\r\n" % server.port,
              b"POST /ui/saveconfig HTTP/1.1\r\nHost: localhost:%d\r\nContent-Length: 100\r\n\r\ntoken=" % server.port,
              b"GET /ui/graph?n=7 HTTP/1.1\r\nHost: localhost:%d\r\n\r\n" % server.port]
    done = 0
    for i in range(10000):
        try:
            s = server.connect()
            s.sendall(pieces[i % len(pieces)])
            drop(s)
            done += 1
        except OSError:
            time.sleep(0.001)
    check("10,000 connections were opened and dropped", done > 9000, done)
    check("it goes on after 10,000 connections", server.alive())


class Drip(threading.Thread):
    """Sends a byte a second; how long it was let."""

    def __init__(self, server, start):
        super().__init__(daemon=True)
        self.socket, self.first, self.seconds = server.connect(), start, None
        self.start()

    def run(self):
        begin = time.monotonic()
        try:
            self.socket.sendall(self.first)
            while time.monotonic() - begin < PATIENCE:
                self.socket.sendall(b"a")
                self.socket.settimeout(1)
                try:
                    if self.socket.recv(1000) == b"":
                        break
                except TimeoutError:
                    pass
        except OSError:
            pass
        self.seconds = time.monotonic() - begin
        self.socket.close()


def start_slow(server):
    host = b"Host: localhost:%d\r\n" % server.port
    return [Drip(server, b"GET /ui/top?f="), Drip(server, b"GET /ui/top HTTP/1.1\r\n" + host + b"X: "),
            Drip(server, b"POST /ui/saveconfig HTTP/1.1\r\n" + host + b"Content-Length: 100000\r\n\r\n")]


def end_slow(drips):
    for drip in drips:
        drip.join(PATIENCE)
        check("a slow client is sent away", drip.seconds is not None and drip.seconds < PATIENCE - 5, drip.seconds)


def test_full(server):
    """All connections taken by clients that say nothing: they lose them, and the server answers again."""
    idle = []
    for _ in range(400):
        s = socket.socket()
        s.setblocking(False)
        s.connect_ex(("127.0.0.1", server.port))
        idle.append(s)
    check("it answers when those who say nothing are sent away", server.alive())
    for s in idle:
        s.close()


# ---- configurations --------------------------------------------------------------------------------

WRITTEN_BY_PPROF = """{
  "configs": [
    {
      "name": "theirs",
      "unit": "minimum",
      "sort": "flat",
      "nodecount": -1,
      "nodefraction": 0.005,
      "edgefraction": 0.001,
      "trim": true,
      "focus": "sort",
      "later": {"a": 1}
    }
  ]
}"""


def test_configs(server):
    os.makedirs(os.path.dirname(server.settings), exist_ok=True)
    with open(server.settings, "w") as f:
        f.write(WRITTEN_BY_PPROF)
    page = server.ask("/ui/top")
    configs, current = page.configs()
    equal("pprof's file is read", configs["theirs"], "f=sort")
    equal("Default is current", current, "Default")
    equal("a config is current", server.ask("/ui/top?f=sort").configs()[1], "theirs")

    token = form(page)
    answer = server.ask("/ui/saveconfig", "POST", "token=%s&config=%s&f=a%%2Bb&n=7&trim=f&page=graph" % (token, quote("my <one>")),
                        {"Origin": "http://" + server.host})
    equal("saving leads back", (answer.status, answer.headers["Location"]), (303, "/ui/graph?n=7&trim=f&f=a%2Bb"))
    equal("only its owner reads the file", stat.S_IMODE(os.stat(server.settings).st_mode), 0o600)
    saved = json.load(open(server.settings))["configs"]
    equal("both are there", [c["name"] for c in saved], ["theirs", "my <one>"])
    equal("what others wrote is kept", saved[0]["later"], {"a": 1})
    equal("values", (saved[1]["focus"], saved[1]["nodecount"], saved[1].get("trim", False)), ("a+b", 7, False))
    equal("it comes back", server.ask("/ui/top").configs()[0]["my <one>"], "n=7&trim=f&f=a%2Bb")
    equal("for a script", server.ask("/ui/saveconfig", "POST", "token=%s&config=s&f=x" % token).status, 204)
    equal("a page that is none leads home", server.ask(
        "/ui/saveconfig", "POST", "token=%s&config=s&page=//evil.example/" % token).headers["Location"], "/ui/flamegraph")
    equal("without a name", server.ask("/ui/saveconfig", "POST", "token=%s&f=x" % token).status, 400)
    for name in ["my <one>", "s"]:
        equal("delete", server.ask("/ui/deleteconfig", "POST", "token=%s&config=%s" % (token, quote(name))).status, 204)
    equal("one is left", [c["name"] for c in json.load(open(server.settings))["configs"]], ["theirs"])
    equal("delete what is not there", server.ask("/ui/deleteconfig", "POST", "token=%s&config=s" % token).status, 400)

    def save(i):
        server.ask("/ui/saveconfig", "POST", "token=%s&config=c%d&f=x" % (token, i))
    threads = [threading.Thread(target=save, args=(i,)) for i in range(20)]
    for t in threads:
        t.start()
    for t in threads:
        t.join(PATIENCE)
    equal("twenty at once", len(json.load(open(server.settings))["configs"]), 21)

    with open(server.settings, "w") as f:
        f.write("{damaged")
    page = server.ask("/ui/top")
    check("a damaged file is told", page.status == 200 and "settings.json: is no JSON" in page.text)
    equal("and not written over", (server.ask("/ui/saveconfig", "POST", "token=%s&config=s&f=x" % token).status,
                                   open(server.settings).read()), (400, "{damaged"))
    equal("nothing is left beside it", os.listdir(os.path.dirname(server.settings)), ["settings.json"])


# ---- servers of other kinds ------------------------------------------------------------------------

def test_token():
    server = Server(cprof, "top", words, address="0.0.0.0:")
    token = urllib.parse.parse_qs(urllib.parse.urlsplit(server.url).query)["token"][0]
    check("the URL has a token", re.fullmatch("[0-9a-f]{32}", token), server.url)
    for path in ["/", "/ui/top", "/ui/download", "/ui/assets/common.js", "/ui/top?token=" + "0" * 32, "/ui/top?token="]:
        answer = server.ask(path)
        check("without it " + path, answer.status == 403 and answer.headers["Set-Cookie"] is None, answer.status)
    equal("a form without it", server.ask("/ui/saveconfig", "POST", "config=x").status, 403)
    answer = server.ask("/ui/top?n=5&token=" + token)
    cookie = answer.headers["Set-Cookie"]
    equal("it is taken out of the URL", (answer.status, answer.headers["Location"]), (303, "/ui/top?n=5"))
    check("for a cookie", "HttpOnly" in cookie and "SameSite=Lax" in cookie and token not in cookie, cookie)
    cookie = cookie.split(";")[0]
    again = server.ask("/ui/top?token=" + token, headers={"Cookie": cookie})
    equal("also the second time", (again.status, again.headers["Location"]), (303, "/ui/top"))
    check("it is said how to call it from elsewhere", any("in place of 0.0.0.0" in line for line in server.told), server.told)
    page = server.ask("/ui/top", headers={"Cookie": "a=b; " + cookie})
    equal("that lets in", page.status, 200)
    check("pages do not hold the token", token not in page.text)
    equal("another cookie does not", server.ask("/ui/top", headers={"Cookie": cookie[:-1] + "x"}).status, 403)
    equal("nor does it for another name", server.ask(
        "/ui/top", headers={"Cookie": cookie, "Host": "evil.example:%d" % server.port}).status, 403)
    equal("ends by SIGTERM", server.stop(signal.SIGTERM)[0], 0)


def total(profile):
    """What top says the samples of a profile come to."""
    shown = subprocess.run([cprof, "top", "-unit=ms", "-"], input=profile, capture_output=True, check=True, timeout=60).stdout
    return re.search(r"of (\S+) total", shown.decode()).group(1)


def test_taken_port():
    server = Server(cprof, "top", words)
    other = subprocess.run([cprof, "-http=localhost:%d" % server.port, "-no_browser", words], capture_output=True, timeout=60,
                           check=False)
    check("a port that is taken is an error", other.returncode == 2 and b"in use" in other.stderr, other.stderr)
    server.stop()


def test_start():
    for flags, path in [(["top"], "/ui/top"), (["-flame"], "/ui/flamegraph"), (["flame"], "/ui/flamegraph"), (["web"], "/ui/graph"), (["svg"], "/ui/graph"),
                        (["peek", "a b"], "/ui/peek?f=a+b"), (["weblist", "x"], "/ui/source?f=x"), (["list", "x"], "/ui/source?f=x"), (["disasm", "x"], "/ui/disasm?f=x")]:
        server = Server(cprof, *flags, words)
        equal("opens on " + flags[0], server.url, "http://%s%s" % (server.host, path))
        equal("and / leads there, " + flags[0], server.ask("/").headers["Location"], path)
        server.stop()
    server = Server(cprof, "-focus=sort", words, environment={"SSH_CONNECTION": "192.0.2.1 1 192.0.2.2 22"})
    equal("flags hold for all pages", server.ask("/ui/peek").pre(), run("-peek=sort", "-focus=sort", words).decode())
    equal("and can be taken back", server.ask("/ui/download?filtered=1&f=").status, 200)
    whole, sorts = total(server.ask("/ui/download").body), total(server.ask("/ui/download?filtered=1").body)
    check("the whole profile is whole", whole == "3000ms" and sorts != whole, (whole, sorts))
    check("ssh is explained", any("ssh -N -L %d:localhost:%d" % (server.port, server.port) in line for line in server.told), server.told)
    check("it listens on the loopback only", listens_on(server.port) == {"0100007F"}, listens_on(server.port))
    server.stop()
    for flags in [["-http=8080"], ["-http=localhost:99999"], ["-http=:0", "-traces"], ["-http=:0", "-top"], ["-http=:0", "-peek=x"], ["-http=no.such.host.invalid:0"],
                  ["-http=:0", "-output=x"], ["-http=:0", "-json"]]:
        done = subprocess.run([cprof, *flags, "-no_browser", words], capture_output=True, text=True, timeout=PATIENCE)
        check("%s is refused" % flags, done.returncode == 2 and done.stderr.count("\n") == 1, done.stderr)
    taken = socket.socket()
    taken.bind(("127.0.0.1", 0))
    taken.listen()
    done = subprocess.run([cprof, "-http=localhost:%d" % taken.getsockname()[1], "-no_browser", words],
                          capture_output=True, text=True, timeout=PATIENCE)
    check("a port that is taken", done.returncode == 2 and "in use" in done.stderr, done.stderr)


def test_browser():
    """A browser is started on the page, and outlives cprof."""
    with tempfile.TemporaryDirectory() as folder:
        browser, seen = os.path.join(folder, "browser"), os.path.join(folder, "seen")
        with open(browser, "w") as f:
            f.write("#!/bin/sh\nprintf '%s\\n' \"$@\" >'" + seen + ".new' && mv '" + seen + ".new' '" + seen + "'\n")
        os.chmod(browser, 0o755)
        server = Server(cprof, "-no_browser=false", "top", words, environment={"BROWSER": browser})
        until = time.monotonic() + PATIENCE
        while not os.path.exists(seen) and time.monotonic() < until:
            time.sleep(0.05)
        equal("a browser is started", open(seen).read() if os.path.exists(seen) else None, server.url + "\n")
        server.stop()
        server = Server(cprof, "-no_browser=false", words, environment={"BROWSER": browser + "-that-is-not-there", "PATH": folder})
        equal("where there is none, it goes on", server.ask("/ui/top").status, 200)
        server.stop()
        check("and says so", any("no browser is installed" in line for line in server.told), server.told)


def listens_on(port):
    """Addresses in /proc's hexadecimal."""
    found = set()
    for name in ["/proc/net/tcp", "/proc/net/tcp6"]:
        if os.path.exists(name):
            for line in open(name).readlines()[1:]:
                address, state = line.split()[1], line.split()[3]
                if state == "0A" and int(address.split(":")[1], 16) == port:
                    found.add(address.split(":")[0])
    return found


def hard(kind, folder):
    path = os.path.join(folder, kind + ".pb")
    with open(path, "wb") as f:
        subprocess.run([profiles, kind], stdout=f, check=True, timeout=PATIENCE)
    return path


def test_hard_profiles():
    with tempfile.TemporaryDirectory() as folder:
        for kind in ["hostile", "wide", "long", "deep", "one", "empty", "zero"]:
            server = Server(cprof, hard(kind, folder))
            paths = ["top", "flamegraph", "peek", "source", "data/labels", "data/top", "data/flame", "help"]
            # Graphviz takes its time for large graphs.
            for path in paths + (["graph"] if kind in ("hostile", "one", "empty", "zero") else []):
                answer = server.ask("/ui/" + path)
                check("%s of %s" % (path, kind), answer.status in (200, 400), answer.status)
                check("%s of %s is small" % (path, kind), len(answer.body) <= 1 << 20, len(answer.body))
                if not path.startswith("data/"):
                    check("%s of %s is harmless" % (path, kind), "<script>" not in answer.text and "<img" not in answer.text)
                    check("%s of %s is whole" % (path, kind), answer.page == path)
            equal("ends after " + kind, server.stop()[0], 0)


def children(pid):
    found = []
    for name in os.listdir("/proc"):
        try:
            if name.isdigit() and open("/proc/%s/stat" % name).read().rsplit(")", 1)[1].split()[1] == str(pid):
                found.append(int(name))
        except OSError:
            pass
    return found


def test_end_while_busy():
    """Ctrl-C while pages are made: nobody is waited for, nothing stays behind."""
    with tempfile.TemporaryDirectory() as folder:
        # A report that does not end in two seconds is left where it is: the process ends all the same.
        server = Server(cprof, hard("wide", folder), environment={"TSAN_OPTIONS": "report_thread_leaks=0"})
        path = "/ui/graph?n=30000&nf=0&ef=0&s=%d"
        threads = []
        for i in range(4):
            def ask(i=i):
                try:
                    server.ask(path % i + "|.")
                except OSError:
                    pass
                except Exception:  # the answer was cut off
                    pass
            threads.append(threading.Thread(target=ask, daemon=True))
            threads[-1].start()
        until = time.monotonic() + PATIENCE
        started = []
        while not started and time.monotonic() < until:
            started = children(server.process.pid)
            time.sleep(0.05)
        status, took = server.stop()
        check("ends while it is busy", status == 0, status, server.told)
        check("soon", took < PATIENCE / 2, took)
        for t in threads:
            t.join(PATIENCE)
        left = [pid for pid in started if os.path.exists("/proc/%d" % pid)]
        for _ in range(50):
            left = [pid for pid in left if os.path.exists("/proc/%d" % pid)]
            time.sleep(0.1 if left else 0)
        equal("no dot stays behind", left, [])


# On one server, in this order; and those that start their own.
SHARED = [test_pages, test_redirects, test_headers, test_assets, test_parameters, test_text, test_download,
          test_wrong_parameters, test_names, test_embedding, test_forms, test_long_queries, test_paths, test_escapes, test_configs, test_long,
          test_dropped]
OWN = [test_token, test_taken_port, test_start, test_browser, test_hard_profiles, test_end_while_busy]


def test_shared(tests):
    server = Server(cprof, words)
    drips = start_slow(server)
    for test in tests:
        test(server)
    end_slow(drips)
    test_full(server)
    status, took = server.stop()
    equal("Ctrl-C ends it", status, 0)
    check("at once", took < PATIENCE / 2, took)
    check("it had nothing to say", len(server.told) == 1, server.told)


def main():
    def wanted(tests):
        return [t for t in tests if not sys.argv[3:] or t.__name__ in sys.argv[3:]]
    if wanted(SHARED):
        test_shared(wanted(SHARED))
    for test in wanted(OWN):
        test()
    sys.exit(checks.done())


main()
