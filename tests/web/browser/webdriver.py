"""A browser that is driven by the WebDriver protocol, as far as the tests need it."""
import json
import os
import re
import subprocess
import time
import urllib.error
import urllib.request

_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
KEYS = {"Enter": "\ue007", "Escape": "\ue00c", "ArrowDown": "\ue015", "ArrowUp": "\ue013", "ArrowLeft": "\ue012",
        "ArrowRight": "\ue014", "Space": " ", "Tab": "\ue004", "Backspace": "\ue003", "End": "\ue010", "Home": "\ue011"}


class Failed(Exception):
    pass


class Browser:
    """One session of Chromium. Every request to the driver ends within `patience` seconds."""

    patience = 60

    def __init__(self, driver, browser, folder):
        self.log_file = open(os.path.join(folder, "chromedriver.log"), "w+")
        self.driver = subprocess.Popen([driver, "--port=0"], stdout=self.log_file, stderr=subprocess.STDOUT)
        try:
            self.base = "http://127.0.0.1:" + self._port()
            arguments = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                         "--disable-background-networking", "--disable-component-update", "--disable-sync",
                         "--user-data-dir=" + os.path.join(folder, "browser")]
            options = {"args": arguments, "binary": browser,
                       "prefs": {"download.default_directory": os.path.join(folder, "downloads")}}
            answer = self._ask("POST", self.base + "/session", {"capabilities": {"alwaysMatch": {
                "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}}})
            self.session = self.base + "/session/" + answer["sessionId"]
        except BaseException:
            self.close()
            raise

    def _port(self):
        end = time.monotonic() + 20
        while time.monotonic() < end and self.driver.poll() is None:
            with open(self.log_file.name, encoding="utf-8", errors="replace") as log:
                found = re.search(r"successfully on port (\d+)", log.read())
            if found:
                return found.group(1)
            time.sleep(0.05)
        raise Failed("chromedriver does not start")

    def _ask(self, method, url, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)
        try:
            with _direct.open(request, timeout=self.patience) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise Failed(json.load(error)["value"]["message"].split("\n")[0]) from None
        except OSError as error:
            raise Failed("the browser does not answer: %s" % error) from None

    def command(self, name, **parameters):
        return self._ask("POST", self.session + "/goog/cdp/execute", {"cmd": name, "params": parameters})

    def look(self, width=1280, height=800, dark=False):
        self.command("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        features = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.command("Emulation.setEmulatedMedia", features=features)

    def go(self, url):
        self._ask("POST", self.session + "/url", {"url": url})

    def back(self):
        self._ask("POST", self.session + "/back", {})

    def js(self, code, *arguments):
        return self._ask("POST", self.session + "/execute/sync", {"script": code, "args": list(arguments)})

    def js_later(self, code, *arguments):
        """The script calls its last argument with the result."""
        return self._ask("POST", self.session + "/execute/async", {"script": code, "args": list(arguments)})

    def wait(self, code, *arguments, seconds=30):
        """Waits until the expression is true, and returns it."""
        end = time.monotonic() + seconds
        value, reason = None, ""
        while time.monotonic() < end:
            try:
                value = self.js("return " + code, *arguments)
            except Failed as error:  # while a page is left for another
                reason = str(error)
            if value:
                return value
            time.sleep(0.05)
        raise Failed("never true: %s %s" % (code, reason))

    def keys(self, *names):
        """Presses keys one after the other; a name that is no key is typed."""
        actions = []
        for name in names:
            for key in [KEYS[name]] if name in KEYS else name:
                actions += [{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]
        self._ask("POST", self.session + "/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})

    def click(self, selector):
        found = self._ask("POST", self.session + "/element", {"using": "css selector", "value": selector})
        self._ask("POST", self.session + "/element/%s/click" % next(iter(found.values())), {})

    def messages(self):
        """What the console says that is worse than a note, breaches of the policy included."""
        log = self._ask("POST", self.session + "/se/log", {"type": "browser"})
        return [entry["message"] for entry in log if entry["level"] in ("SEVERE", "WARNING")]

    def close(self):
        if hasattr(self, "session"):
            try:
                self._ask("DELETE", self.session)
            except Failed:
                pass
        self.driver.terminate()
        try:
            self.driver.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.driver.kill()
            self.driver.wait(timeout=20)
        self.log_file.close()
