"""A server of cprof -http for tests, and clients that ask it."""
import errno
import html
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import tempfile
import threading
import time
import urllib.parse

# Nothing waits longer than this for anything.
PATIENCE = 120


class Server:
    """cprof -http on a free port of the loopback, with settings of its own."""

    def __init__(self, cprof, *arguments, address="localhost:", environment=None):
        self.folder = tempfile.TemporaryDirectory()
        env = {"PATH": os.environ["PATH"], "HOME": self.folder.name, "TZ": "UTC", "LC_ALL": "C",
               "XDG_CONFIG_HOME": self.folder.name}
        for name, value in os.environ.items():
            if name.endswith("SAN_OPTIONS"):
                env[name] = value
        env.update(environment or {})
        self.process = subprocess.Popen(
            [cprof, "-http=" + address, "-no_browser", *arguments], env=env, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace")
        self.told = []
        self.ready = threading.Event()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        if not self.ready.wait(PATIENCE) or not self.url:
            self.process.kill()
            raise RuntimeError("it does not start: " + "".join(self.told))
        parts = urllib.parse.urlsplit(self.url)
        self.port = parts.port
        self.host = "localhost:%d" % self.port

    url = None

    def _read(self):
        for line in self.process.stderr:
            self.told.append(line)
            found = re.search(r"http://\S+", line)
            if found and not self.url:
                self.url = found.group()
                self.ready.set()
        self.ready.set()

    @property
    def settings(self):
        return os.path.join(self.folder.name, "pprof", "settings.json")

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)

    def ask(self, path, method="GET", body=None, headers=None):
        """An answer: status, headers, body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        given = {"Host": self.host}
        if body is not None:
            given["Content-Type"] = "application/x-www-form-urlencoded"
        given.update(headers or {})
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in given.items():
                if value is not None:
                    connection.putheader(name, value)
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body.encode() if isinstance(body, str) else body)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def raw(self, request):
        """What comes back for these bytes until the connection ends; b"" when it is dropped."""
        with self.connect() as s:
            got = b""
            try:
                s.sendall(request)
                s.shutdown(socket.SHUT_WR)
                while True:
                    piece = s.recv(65536)
                    if not piece:
                        break
                    got += piece
            except OSError as e:
                # The server answers what is wrong, or drops it, before it has read all of it.
                if e.errno not in (errno.ECONNRESET, errno.EPIPE, errno.ENOTCONN):
                    raise
            return got

    def alive(self):
        return self.process.poll() is None and self.ask("/ui/top").status == 200

    def memory(self, field):
        """A figure of /proc/PID/status in bytes."""
        with open("/proc/%d/status" % self.process.pid) as f:
            for line in f:
                if line.startswith(field + ":"):
                    return int(line.split()[1]) * 1024
        raise KeyError(field)

    def stop(self, how=signal.SIGINT):
        """Ends it; its exit status and how long that took."""
        start = time.monotonic()
        self.process.send_signal(how)
        try:
            status = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            status = "did not end"
        took = time.monotonic() - start
        self.reader.join(PATIENCE)
        self.folder.cleanup()
        return status, took


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def text(self):
        return self.body.decode("utf-8")

    def element(self, name):
        """The JSON of <script id=NAME>."""
        found = re.search(r'<script type="application/json" id="%s">(.*?)</script>' % name, self.text, re.S)
        return json.loads(found.group(1))

    @property
    def page(self):
        """The view it says it is."""
        return re.search(r'<body data-page="([^"]*)"', self.text).group(1)

    def configs(self):
        """Of the menu: names, and what they lead to; the one that is on, or None."""
        menu = re.search(r'<details class="menu" id="menu-config">(.*?)</details>', self.text, re.S).group(1)
        links = re.findall(r'<a href="/ui/[^"?]*\??([^"]*)"( aria-current="true")?>(.*?)</a>', menu)
        named = {html.unescape(name): html.unescape(query) for query, _, name in links}
        return named, next((html.unescape(name) for _, current, name in links if current), None)

    def pre(self):
        """The text of a page of text."""
        found = re.search(r'<pre id="text">(.*?)</pre>', self.text, re.S)
        return html.unescape(found.group(1)) if found else None


class Checks:
    def __init__(self):
        self.passed = self.failed = 0

    def check(self, what, ok, *shown):
        if ok:
            self.passed += 1
        else:
            self.failed += 1
            print("FAIL", what, *[repr(s)[:400] for s in shown], flush=True)

    def equal(self, what, got, expected):
        self.check(what, got == expected, got, expected)

    def done(self):
        print("%d passed, %d failed" % (self.passed, self.failed))
        return self.failed > 0 or self.passed == 0
