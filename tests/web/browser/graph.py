"""The picture of the graph."""


def graph(claims, browser, root):
    view = "document.querySelector('#graph > svg').getAttribute('viewBox')"

    def moving():
        browser.go(root + "graph")
        browser.wait("document.querySelectorAll('#graph [role=option]').length > 10")
        for key in ("+", "ArrowLeft"):
            before = browser.wait(view)
            browser.js("document.getElementById('graph').focus()")
            browser.keys(key)
            browser.wait(view + " !== arguments[0]", before)
        browser.keys("n", "n", "Space")
        browser.wait("document.querySelectorAll('#graph [aria-selected=true]').length === 1")
        browser.wait("document.querySelector('#tools .links a[href*=flamegraph][href*=\"p=\"]')")
        browser.keys("/", "malloc")
        browser.wait("/^\\d+ of \\d+ (functions|that) match/.test(document.querySelector('#tools output').textContent)")
        browser.wait("document.querySelectorAll('#graph .match').length && document.querySelectorAll('#graph .node.faded').length")
    claims.steps("the graph is moved, zoomed, searched and selected in by keys", moving)


def marks(claims, browser, root):
    """What is found, chosen or gone to is drawn otherwise."""
    style = ("(() => { const e = document.querySelector('#graph .node%s polygon'); if (!e) return null;"
             "const s = getComputedStyle(e); return s.fill + ' ' + s.stroke + ' ' + s.strokeWidth; })()")
    told = "document.querySelector('#tools output').textContent"

    def highlights():
        browser.go(root + "graph")
        plain = browser.wait(style % ":not(.current)")
        browser.keys("n")  # from where a page begins
        at = browser.wait(style % ".current")
        browser.keys("Space")
        chosen = browser.wait(style % ".picked")
        browser.keys("/", "malloc")
        found = browser.wait(style % ".match:not(.current):not(.picked)")
        claims.check("boxes that are found, chosen and gone to: %s" % [plain, at, chosen, found], len({plain, at, chosen, found}) == 4)
        browser.wait("[...document.querySelectorAll('#graph .node.faded:not(.current, .picked)')].every((e) => getComputedStyle(e).opacity < 0.5)")
        label = "[...document.querySelectorAll('#graph .node:not([role=option])')]"
        browser.wait("%s.length && %s.some((e) => getComputedStyle(e).opacity < 0.5)" % (label, label))
    claims.steps("the graph shows what is found, chosen and gone to", highlights)

    def walking():
        count = browser.js("return document.querySelectorAll('#graph .match').length")
        browser.keys("Enter")
        browser.wait("/^1 of %d that match: /.test(%s)" % (count, told))
        browser.js("document.getElementById('graph').focus()")
        browser.keys("Escape")
        browser.wait("!document.getElementById('search-text').value && !document.querySelector('#graph .match')")
        browser.wait("document.querySelector('#graph .picked')")
        browser.keys("Escape")
        browser.wait("!document.querySelector('#graph :is(.picked, .current)')")
        claims.check("and no name is left over", "functions" in browser.js("return " + told) or "nodes" in browser.js("return " + told))
    claims.steps("Enter tells the number, Escape clears the search, then the selection", walking)

    def readable():
        for width in (1280, 400):
            browser.look(width)
            browser.go(root + "graph")
            browser.wait("document.querySelector('#graph [role=option]')")
            browser.wait("document.querySelector('#graph > svg').getScreenCTM().a >= 0.5")
            browser.wait("[...document.querySelectorAll('#graph [role=option]')].some((e) => { const b = e.getBoundingClientRect();"
                         "return e.contains(document.elementFromPoint(b.left + b.width / 2, b.top + b.height / 2)); })")
        browser.look()
        claims.check("lines in the boxes of labels are broken", browser.js(
            "return ![...document.querySelectorAll('#graph text')].some((e) => e.textContent.includes('\\\\n'))"))
    claims.steps("the graph begins with a box that can be read", readable)


def boxes(claims, browser, root):
    for view, there in (("flamegraph", "document.querySelector('.pivot')"), ("peek", "document.querySelector('.row-node')")):
        def box():
            browser.go(root + "graph?g=lines")
            browser.wait("document.querySelector('#graph [role=option]')")
            browser.keys("n")
            browser.click("#tools .links a[href*='/%s?']" % view)
            browser.wait("location.pathname.endsWith('/%s') && %s" % (view, there))
        claims.steps("a box by lines leads to %s" % view, box)
