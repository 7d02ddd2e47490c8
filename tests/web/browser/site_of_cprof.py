"""cprof as a server, for as long as a test needs it."""
import os
import re
import subprocess
import threading


class Site:
    def __init__(self, cprof, folder, *arguments):
        self.server = subprocess.Popen([cprof, "-http=127.0.0.1:0", "-no_browser", *arguments], cwd=folder,
                                       env={**os.environ, "HOME": folder, "TZ": "UTC"}, text=True,
                                       stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        killer = threading.Timer(60, self.server.kill)
        killer.start()
        said = []
        try:
            for line in self.server.stdout:
                said.append(line)
                found = re.search(r"http://[^/\s]+", line)
                if found:
                    self.root = found.group(0) + "/ui/"
                    break
            else:
                raise RuntimeError("cprof does not serve: " + "".join(said))
        finally:
            killer.cancel()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.terminate()
        try:
            self.server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.server.kill()
            self.server.wait(timeout=20)
        self.server.stdout.close()
