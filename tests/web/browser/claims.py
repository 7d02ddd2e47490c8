"""Claims about pages, counted, and what a pointer does."""
from webdriver import Failed


class Claims:
    """Counts what holds, and says what does not."""

    def __init__(self):
        self.passed = self.failed = 0

    def check(self, what, holds):
        if holds:
            self.passed += 1
        else:
            self.failed += 1
            print("FAIL", what)

    def steps(self, what, walk):
        """A walk through a page: its waits say what they waited for."""
        try:
            walk()
        except Failed as error:
            print(error)
            self.check(what, False)
        else:
            self.check(what, True)


def mouse(browser, kind, x, y):
    button = {} if kind == "mouseMoved" else {"button": "left", "clickCount": 1}
    browser.command("Input.dispatchMouseEvent", type=kind, x=x, y=y, **button)


def click_at(browser, x, y):
    for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
        mouse(browser, kind, x, y)


def box_of(browser, selector):
    return browser.js("const b = document.querySelector(arguments[0]).getBoundingClientRect();"
                      "return [b.left, b.top, b.width, b.height]", selector)
