"""Rows, boxes and frames with strange names, and what they lead to."""
from flame import ITEMS, STAGE
from table import NAMES


def places(claims, browser, root):
    """Rows and boxes that are a line of a function lead to the function."""
    for kind in ("lines", "filefunctions", "addresses"):
        for view, there in (("flamegraph", "document.querySelector('.pivot')"), ("peek", "document.querySelector('.row-node')"),
                            ("source", "document.querySelector('tr.line')")):
            def table():
                browser.go(root + "top?g=" + kind)
                browser.wait(NAMES + ".length > 10")
                browser.keys("ArrowDown")
                browser.wait("document.querySelector('.row.current[data-at=\"1\"] a')")
                browser.js("document.querySelector('.row.current a[href*=\"/%s?\"]').click()" % view)
                browser.wait("location.pathname.endsWith('/%s') && %s" % (view, there))
            claims.steps("top by %s leads to %s" % (kind, view), table)

        for view, there in (("peek", "document.querySelector('.row-node')"), ("source", "document.querySelector('tr.line')"),
                            ("flamegraph?", "/f=/.test(location.search) && document.querySelector('[role=treeitem]')")):
            def frame():
                browser.go(root + "flamegraph?g=" + kind)
                browser.wait(ITEMS + ".length > 1")
                browser.js(STAGE + ".focus()")
                browser.keys("ArrowDown", "ArrowDown")
                browser.wait("document.querySelector('#details .links a[href*=\"/%s\"][href*=\"f=\"]')" % view)
                browser.js("document.querySelector('#details .links a[href*=\"/%s\"][href*=\"f=\"]').click()" % view)
                browser.wait("location.pathname.endsWith('/%s') && %s" % (view.rstrip("?"), there))
            claims.steps("a frame by %s leads to %s" % (kind, view), frame)

        def refined():
            browser.go(root + "top?g=" + kind)
            browser.wait(NAMES + ".length > 10")
            browser.keys("ArrowDown", "Space")
            browser.click("#menu-refine summary")
            browser.click("[data-refine=f]")
            browser.wait("/f=/.test(location.search) && %s.length > 1" % NAMES)
        claims.steps("a row by %s is refined by" % kind, refined)


def long_names(claims, browser, root):
    """Functions whose names fill a part before it has its 1,000 rows."""
    def scrolling():
        browser.go(root + "top")
        browser.wait(NAMES + ".length > 10")
        browser.js("performance.setResourceTimingBufferSize(5000); document.getElementById('scroll').scrollTop = 900 * 28")
        browser.wait("(() => { const r = document.querySelector('[data-at=\"900\"]'); return r && !r.matches('.waiting'); })()")
        browser.js("document.getElementById('table').focus()")
        browser.keys("End")
        browser.wait("document.querySelector('.row.current:not(.waiting)')?.dataset.at === String(cprof.data.count - 1)")
        browser.js_later("setTimeout(arguments[0], 500)")
        asked = browser.js("return performance.getEntriesByType('resource').filter((e) => e.name.includes('/data/top')).length")
        claims.check("%d requests for them" % asked, asked < 12)
        browser.wait("!document.querySelector('.row.waiting')")
    claims.steps("rows with long names are there where one scrolls", scrolling)

    def leading():
        browser.go(root + "top?by=name")
        browser.wait("%s.some((n) => n.includes('…'))" % NAMES)
        browser.js("document.querySelector('.row.current a[href*=\"/peek?\"]').click()")
        browser.wait("document.querySelectorAll('.row-node').length === 1")
    claims.steps("a name that is cut leads to its function", leading)


def odd_names(claims, browser, root, has_dot):
    """Names with a line separator and with a mark that turns text around."""
    def rows():
        browser.go(root + "peek")
        browser.wait("document.querySelectorAll('.row-node').length === 3")
        browser.wait("[...document.querySelectorAll('.row-node a')].map((a) => a.textContent).sort().join() === "
                     "'line\\\\u{2028}break,main,turned\\\\u{202e}around'")
        browser.js("document.querySelectorAll('.row-node a')[1].click()")
        browser.wait("location.search && document.querySelectorAll('.row-node').length === 1")
    claims.steps("peek has functions of any name", rows)

    def boxes_():
        browser.go(root + "graph")
        browser.wait("document.querySelectorAll('#graph [role=option]').length === 3")
        claims.check("and spells out what turns text around", browser.js("return !document.getElementById('graph').textContent.includes('\u202e')"))
    if has_dot:
        claims.steps("so has the graph", boxes_)
