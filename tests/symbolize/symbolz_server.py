"""A server of symbolz that is as helpful or as mean as the first part of the path says.

    symbolz_server.py PORT_FILE LOG

It listens on loopback, writes its port to PORT_FILE, and a line for each request to LOG: method, path, body.
"""
import http.server
import os
import sys
import time


def names(body):
    for text in body.split(b"+"):
        yield b"%s name_%x\n" % (text, int(text, 16))


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with open(sys.argv[2], "ab") as log:
            log.write(b"%s %s %s\n" % (self.command.encode(), self.path.encode(), body))
        try:
            getattr(self, self.path.split("/")[1])(body)
        except (BrokenPipeError, ConnectionResetError):
            pass

    def start(self, status=200, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def good(self, body):
        self.start()
        self.wfile.write(b"num_symbols: 1\n" + b"".join(names(body)))

    def plain(self, body):
        self.good(body)

    def one(self, body):
        self.start()
        self.wfile.write(b"".join(b"%s the same\n" % text for text in body.split(b"+")))

    def cut(self, body):
        self.start()
        self.wfile.write(b"".join(names(body))[:-1])

    def silent(self, _):
        time.sleep(30)

    def slow(self, _):
        self.start()
        while True:
            self.wfile.write(b"0")
            self.wfile.flush()
            time.sleep(0.1)

    def endless(self, _):
        self.start()
        while True:
            self.wfile.write(b"0x1 name\n" * 10000)

    def garbage(self, _):
        self.start()
        self.wfile.write(os.urandom(100000).replace(b"0x", b"--") + b"\n")

    def huge(self, body):
        self.start()
        self.wfile.write(b"".join(names(body)) + b"0x1ffffffffffffffff beyond\n")

    def broken(self, body):
        self.start(500)
        self.wfile.write(b"".join(names(body)))

    def moved(self, _):
        self.start(307, Location="/good/debug/pprof/symbol")

    def see_other(self, _):
        self.start(303, Location="/good/debug/pprof/symbol")

    def do_GET(self):
        with open(sys.argv[2], "ab") as log:
            log.write(b"GET %s %s\n" % (self.path.encode(), self.headers.get("Content-Length", "-").encode()))
        self.start()

    def away(self, _):
        self.start(307, Location="file:///etc/passwd")

    def round(self, _):
        self.start(307, Location="/round/debug/pprof/symbol")


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True


server = Server(("127.0.0.1", 0), Handler)
with open(sys.argv[1] + ".new", "w") as f:
    f.write("%d\n" % server.server_port)
os.rename(sys.argv[1] + ".new", sys.argv[1])
server.serve_forever()
