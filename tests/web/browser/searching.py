"""The search box of all pages."""
from pages import READY
from table import NAMES

NOTE = "document.getElementById('as-text')"


def searching(claims, browser, root):
    def pasted():
        for view, found in (("top", "%s.join() === 'main.(*counter).ranked.func1,main.(*counter).ranked'" % NAMES),
                            ("peek", "document.querySelectorAll('tr.found').length > 1")):
            browser.go(root + view)
            browser.wait(READY[view])
            browser.keys("/", "main.(*counter).ranked")
            browser.wait(found)
            browser.wait("%s.checkVisibility() && document.getElementById('search-text').ariaInvalid === 'false'" % NOTE)
        browser.go(root + "top")
        browser.wait(READY["top"])
        browser.keys("/", "(nothing")
        browser.wait("document.getElementById('search-text').ariaInvalid === 'true' && %s.checkVisibility()" % NOTE)
        browser.keys("Backspace", "Backspace", "Backspace", "Backspace", "Backspace", "Backspace", "Backspace", "Backspace", "(?i)MAPACCESS")
        browser.wait("!%s.checkVisibility() && document.getElementById('search-text').ariaInvalid === 'false'" % NOTE)
        browser.wait("%s.length && %s.every((n) => n.includes('mapaccess'))" % (NAMES, NAMES))
    claims.steps("what is no expression is searched for as it stands, and that is said", pasted)

    def natively():
        for page, there in (("source", ".pick"), ("disasm", ".pick"), ("peek?f=(", "#error")):
            browser.go(root + page)
            browser.wait("document.querySelector(arguments[0])", there)
            browser.keys("/", "main.run", "Enter")
            browser.wait("new URLSearchParams(location.search).get('f') === '(?i:main.run)'")
        browser.go(root + "help")
        browser.keys("/", "main.run", "Enter")
        browser.wait("location.pathname.endsWith('/top') && document.getElementById('search-text').value === 'main.run'")
    claims.steps("where functions are listed, on errors and in Help a search is as everywhere", natively)
    browser.messages()  # what is refused is in the log of the browser

    def stepping():
        browser.go(root + "peek#q=main")
        browser.wait("document.querySelectorAll('tr.found').length > 3")
        count = browser.js("return document.querySelectorAll('tr.found').length")
        browser.keys("/", "main")
        for at in (1, 2):
            browser.keys("Enter")
            browser.wait("document.querySelector('#tools output').textContent === '%d of %d rows found'" % (at, count))
            claims.check("one stays in the search", browser.js("return document.activeElement.id") == "search-text")
            claims.check("what was found is in sight", browser.js(
                "const r = document.querySelector('tr.here').getBoundingClientRect(); return r.top > 0 && r.bottom < innerHeight"))
    claims.steps("Enter leads from match to match in peek", stepping)
