"""What every page has to do."""
from table import NAMES


READY = {"top": "document.querySelector('.row .name')", "graph": "document.querySelector('#graph > svg [role=option]')",
         "flamegraph": "document.querySelector('[role=treeitem]')", "source": "document.querySelector('tr.line')",
         "peek": "document.querySelector('.row-node')", "disasm": "document.querySelector('.code-table tr.hot')",
         "help": "document.querySelector('dl')"}


def every_page(claims, browser, root, pages, looks):
    for page in pages:
        for width, dark in looks:
            what = "%s, %d pixels wide, %s" % (page, width, "dark" if dark else "light")
            browser.look(width, 800, dark)
            browser.go(root + page)

            def ready():
                browser.wait(READY[page.split("?")[0]])
            claims.steps(what + " is drawn", ready)
            wide = browser.js("return document.scrollingElement.scrollWidth")
            claims.check("%s is %d pixels wide" % (what, wide), wide <= width)
            claims.check(what + " has a title", browser.js("return document.title"))
            paper = browser.js("return getComputedStyle(document.body).backgroundColor")
            claims.check(what + " is as bright as asked for", (int(paper.split("(")[1].split(",")[0]) < 100) == dark)
            messages = browser.messages()
            for message in messages:
                print(message)
            claims.check(what + " has nothing to complain of", not messages)
    browser.look()


def nothing_ran(claims, browser, kind):
    """Names of the profile are text: no element came of them."""
    made = browser.js("return document.querySelectorAll('main script, main b, main img, main iframe, main [onclick]').length")
    claims.check("names of %s are text" % kind, made == 0)


def empty(claims, browser, root):
    def remarks():
        browser.go(root + "flamegraph")
        browser.wait("/no samples/.test(document.querySelector('[role=status]').textContent)")
        browser.go(root + "top")
        browser.wait("/^0 functions/.test(document.getElementById('about-rows').textContent)")
    claims.steps("a profile without samples says so", remarks)
    claims.check("and nothing to complain of", not browser.messages())


def gone(claims, browser, root, stop):
    def saying():
        browser.go(root + "top")
        browser.wait(NAMES + ".length > 10")
        stop()
        browser.keys("/", "map")
        browser.wait("(() => { const e = document.querySelector('#table .error'); return e.checkVisibility() && /does not answer/.test(e.textContent); })()")
    claims.steps("that the server is gone is said", saying)
    browser.messages()


def accessible(claims, browser, root, pages, axe):
    for page in pages:
        for dark in (False, True):
            browser.look(1280, 800, dark)
            browser.go(root + page)
            browser.wait(READY[page.split("?")[0]])
            browser.js(axe + "; window.axe = axe;")
            found = browser.js_later(
                "const done = arguments[0];"
                "axe.run(document, {resultTypes: ['violations']}).then((r) => done(r.violations.filter((v) =>"
                "['serious', 'critical'].includes(v.impact)).map((v) => v.id + ': ' + v.help + ': ' +"
                "v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160) + ' ' + (n.any[0]?.message ?? '')).join(' | '))),"
                "(e) => done(['axe: ' + e]));")
            for finding in found:
                print(finding)
            claims.check("%s is accessible, %s" % (page, "dark" if dark else "light"), not found)
    browser.look()
