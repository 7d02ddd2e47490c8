"""What the pages of the web interface have to do in a browser: a function a page, a check a claim."""
from webdriver import Failed

FUNCTIONS = 60, 2000  # callers and callees of the profile `many`, see run.py
ROWS = "[...document.querySelectorAll('.row')]"
NAMES = "[...document.querySelectorAll('.row .name')].map((e) => e.firstChild.data)"


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


# ---- all pages ------------------------------------------------------------------------------------

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


# ---- top ------------------------------------------------------------------------------------------

def top(claims, browser, root):
    def sorting():
        browser.go(root + "top")
        browser.wait(NAMES + ".length > 10")
        first = browser.js("return %s[0]" % NAMES)
        browser.click("[data-by=cum] button")
        browser.wait("%s[0] !== arguments[0]" % NAMES, first)
        browser.wait("document.querySelector('[data-by=cum]').getAttribute('aria-sort') === 'descending'")
        browser.wait("location.search.includes('by=cum')")
        browser.click("[data-by=name] button")
        browser.wait("(() => { const n = %s.slice(0, 9); return n.join() === [...n].sort().join() && n.length; })()" % NAMES)
        browser.back()
        browser.back()
        browser.wait("%s[0] === arguments[0]" % NAMES, first)
    claims.steps("top is sorted by a click, and Back takes it back", sorting)

    def filtering():
        browser.keys("/", "runtime\\..*gc")
        browser.wait("location.hash.includes('q=')")
        browser.wait("(() => { const n = %s; return n.length && n.every((x) => /runtime\\..*gc/i.test(x)); })()" % NAMES)
        browser.wait("/ of 121/.test(document.getElementById('about-rows').textContent)")
        browser.keys("Escape")
        browser.wait("%s.length > 20" % NAMES)
    claims.steps("top is filtered as one types", filtering)

    def keys():
        browser.js("document.getElementById('table').focus()")
        browser.keys("ArrowDown", "ArrowDown", "Space")
        name = browser.wait("document.querySelector('.row.current[aria-selected=true] .name')?.firstChild.data")
        browser.wait("document.getElementById('table').getAttribute('aria-activedescendant') === 'row-2'")
        browser.click("#menu-refine summary")
        browser.click("[data-refine=i]")
        browser.wait("location.search.includes('i=')")
        browser.wait("%s.length > 10 && !%s.includes(arguments[0])" % (NAMES, NAMES), name)
        browser.click("#filters .filter a")
        browser.wait("!location.search.includes('i=') && %s.includes(arguments[0])" % NAMES, name)
        browser.js("document.getElementById('table').focus()")
        browser.keys("Enter")
        browser.wait("location.pathname.endsWith('/peek') && document.querySelector('.row-node')")
    claims.steps("top is used by keys alone: select, refine, take back, peek", keys)


def long_top(claims, browser, root):
    def scrolling():
        browser.go(root + "top")
        browser.wait("%s.length > 10" % ROWS)
        claims.check("few rows are in the page", browser.js("return %s.length" % ROWS) < 100)
        browser.js("document.getElementById('table').focus()")
        browser.keys("End")
        browser.wait("document.querySelector('.row.current .name')?.textContent === 'main'")
        browser.wait("document.querySelector('.row.current').getAttribute('aria-rowindex') === "
                     "document.getElementById('table').getAttribute('aria-rowcount')")
    claims.steps("a table of 100,000 functions goes to its end", scrolling)

    def searching():
        browser.keys("/", "^f9999.$")
        browser.wait("%s.length === 10" % ROWS)
    claims.steps("its last rows are found", searching)
    sizes = browser.js("return performance.getEntriesByType('resource').filter((e) => e.name.includes('/data/'))"
                       ".map((e) => e.decodedBodySize)")
    claims.check("each answer is below a megabyte: %s" % sizes, sizes and max(sizes) < 1000000)


# ---- flame graph ----------------------------------------------------------------------------------

STAGE = "document.getElementById('stage')"
ITEMS = "[...document.querySelectorAll('#stage [role=treeitem]')]"


def flame(claims, browser, root):
    def searching():
        browser.go(root + "flamegraph")
        browser.wait("%s.length" % ITEMS)
        browser.keys("/", "mallocgc")
        browser.wait("/^[\\d.]+% of the total \\(.*\\) in \\d+ frames$/.test(document.getElementById('found').textContent)")
        browser.keys("Enter")
        browser.wait("/mallocgc/.test(document.querySelector('#stage [aria-selected=true]').textContent)")
        browser.wait("/mallocgc/.test(document.querySelector('#details .name').textContent)")
    claims.steps("a search in the flame graph tells its share and goes to what it found", searching)

    def zooming():
        browser.go(root + "flamegraph")
        browser.wait("%s.length" % ITEMS)
        browser.js(STAGE + ".focus()")
        browser.keys("ArrowDown", "ArrowDown", "Enter")
        browser.wait("/zoom=\\d+\\.\\d+/.test(location.hash)")
        name = browser.js("return document.querySelector('#details .name').textContent")
        browser.keys("ArrowDown", "Enter")
        browser.wait("/zoom=\\d+\\.\\d+\\.\\d+/.test(location.hash)")
        browser.back()
        browser.wait("/zoom=\\d+\\.\\d+(&|$)/.test(location.hash)")
        browser.wait("document.querySelector('#details .name').textContent === arguments[0]", name)
        url = browser.js("return location.href")
        browser.go(root + "help")
        browser.go(url)
        browser.wait("document.querySelector('#details .name')?.textContent === arguments[0]", name)
        browser.js(STAGE + ".focus()")
        browser.keys("Escape")
        browser.wait("!location.hash.includes('zoom') && document.getElementById('reset-zoom').disabled")
    claims.steps("zooms are steps: Back takes them back, a link leads to them, Escape ends them", zooming)

    def clicking():
        browser.js("const c = document.querySelector('#stage canvas'), b = c.getBoundingClientRect();"
                   "const at = {clientX: b.left + 40, clientY: b.top + 70, bubbles: true, pointerId: 1, pointerType: 'touch'};"
                   "for (const kind of ['pointerdown', 'pointerup']) c.dispatchEvent(new PointerEvent(kind, at));"
                   "c.dispatchEvent(new PointerEvent('click', at));")
        browser.wait("/zoom=\\d+\\.\\d+\\.\\d+/.test(location.hash)")
        browser.click("#colours label:last-of-type input")
        browser.wait("location.hash.includes('colours=share') && !document.getElementById('legend').hidden")
        browser.click("#direction label:last-of-type input")
        browser.wait("location.hash.includes('root=bottom')")
    claims.steps("a touch zooms; colours and direction are kept in the URL", clicking)

    def turning():
        browser.js(STAGE + ".focus()")
        browser.keys("c")
        browser.wait("new URLSearchParams(location.search).get('p')?.startsWith('^')")
        name = browser.wait("cprof.data.graph.pivot")
        browser.wait("document.querySelectorAll('[role=tree]').length === 2")
        for stage in ("stage", "stage-callers"):
            browser.wait("document.querySelector('#%s [role=treeitem]').textContent.startsWith(arguments[0])" % stage, name)
        browser.js("document.getElementById('stage-callers').focus()")
        browser.keys("ArrowUp")
        browser.wait("document.querySelector('#stage-callers [aria-selected=true]').getAttribute('aria-level') === '2'")
    claims.steps("c shows the callers and the callees of a frame", turning)

    def several():
        browser.go(root + "flamegraph?p=^main%5C.")
        number = browser.wait("cprof.data.graph.pivots")
        browser.wait("document.querySelector('.pivot').textContent === arguments[0]",
                     "Callers and callees of %d functions that match ^main\\." % number)
        for stage in ("stage", "stage-callers"):
            browser.wait("document.querySelector('#%s [role=treeitem]').textContent.startsWith(arguments[0] + ' functions')" % stage, number)
    claims.steps("a link with an expression shows the callers and the callees of all functions that match", several)


def large_flame(claims, browser, root):
    callers, callees = FUNCTIONS

    def more():
        browser.go(root + "flamegraph#q=^callee_17_")
        browser.wait("%s.length" % ITEMS)
        before = int(browser.wait("/in (\\d+) frame/.exec(document.getElementById('found').textContent)?.[1] ?? '0'"))
        claims.check("the first page has not all: %d" % before, before < callees)
        browser.js("document.getElementById('search-text').value = '^caller_17$';"
                   "document.getElementById('search-text').dispatchEvent(new Event('input'))")
        browser.wait("/in 1 frame$/.test(document.getElementById('found').textContent)")
        browser.js("document.getElementById('search-text').focus()")
        browser.keys("Enter")
        browser.js(STAGE + ".focus()")
        browser.keys("Enter")
        browser.wait("performance.getEntriesByType('resource').some((e) => e.name.includes('data/flame'))")
        browser.js("document.getElementById('search-text').value = '^callee_17_';")
        browser.wait("(() => { document.getElementById('search-text').dispatchEvent(new Event('input'));"
                     "return /in %d frames$/.test(document.getElementById('found').textContent); })()" % callees)
    claims.steps("zooming asks for what was left out", more)

    def share():
        browser.go(root + "help")
        browser.go(root + "flamegraph#q=^callee_.*_19..$")
        browser.wait("/^5(\\.00)?% of the total \\(\\d+\\), \\d+ frames shown$/.test(document.getElementById('found').textContent)")
    claims.steps("the share of a search counts what was left out", share)
    size = browser.js("return performance.getEntriesByType('navigation')[0].decodedBodySize")
    claims.check("the page is below a megabyte: %s" % size, 0 < size < 1000000)


def difference(claims, browser, root):
    def sides():
        browser.go(root + "flamegraph")
        browser.wait("/unchanged|grown|shrunk/.test(%s[0]?.textContent)" % ITEMS)
        browser.wait("document.querySelectorAll('#legend li').length === 5")
        after = browser.js("return %s[1].textContent" % ITEMS)
        browser.click("#sides label:first-of-type input")
        browser.wait("%s[1].textContent !== arguments[0]" % ITEMS, after)
        browser.wait("/of the total before/.test(%s[0].textContent)" % ITEMS)
    claims.steps("a comparison has two shapes and a legend", sides)


# ---- graph ----------------------------------------------------------------------------------------

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
        browser.wait("/^\\d+ of \\d+ functions match$/.test(document.querySelector('#tools output').textContent)")
        browser.wait("document.querySelectorAll('#graph .match').length && document.querySelectorAll('#graph .node.faded').length")
    claims.steps("the graph is moved, zoomed, searched and selected in by keys", moving)


# ---- peek, source, disassembly --------------------------------------------------------------------

def listings(claims, browser, root):
    def source():
        browser.go(root + "source?f=spin")
        browser.wait("document.querySelectorAll('tr.line.hot').length > 1")
        browser.keys("n")
        browser.wait("document.activeElement.matches('tr.line.hot')")
        first = browser.js("return document.activeElement.rowIndex")
        browser.keys("n")
        browser.wait("document.activeElement.rowIndex !== arguments[0]", first)
        browser.keys("p")
        browser.wait("document.activeElement.rowIndex === arguments[0]", first)
        browser.keys("Enter")
        browser.wait("document.activeElement.matches('.open') && document.activeElement.nextElementSibling.checkVisibility()")
        browser.keys("Enter")
        browser.wait("!document.activeElement.nextElementSibling.checkVisibility()")
        browser.keys("a")
        browser.wait("[...document.querySelectorAll('tr.asm')].every((e) => e.checkVisibility())")
    claims.steps("source: n and p lead to hot lines, Enter unfolds, a unfolds all", source)

    def disassembly():
        browser.go(root + "disasm?f=spin")
        browser.wait("document.querySelectorAll('.code-table tr.hot').length > 1")
        browser.keys("n", "n")
        browser.wait("document.activeElement.matches('.code-table tr.hot.here')")
        browser.wait("/^2 of /.test(document.querySelector('#tools output').textContent)")
        browser.go(root + "disasm?f=main")
        browser.wait("document.querySelectorAll('.code-table .place').length > 10")
        browser.wait("[...document.querySelectorAll('.code-table tbody tr')].every((e) => e.querySelector('.address'))")
    claims.steps("disassembly: n leads to hot instructions", disassembly)

    def peek():
        browser.go(root + "peek?f=spin")
        browser.wait("document.querySelector('.row-caller a')")
        browser.click(".row-caller a")
        browser.wait("/f=%5Echain%24/.test(location.search) && document.querySelector('.row-node')")
        browser.keys("/", "main", "Enter")
        browser.wait("document.querySelector('tr.here') || /f=/.test(location.search)")
    claims.steps("peek: names lead to their own", peek)


# ---- menus ----------------------------------------------------------------------------------------

def menus(claims, browser, root):
    def labels():
        browser.go(root + "top?f=runtime")
        browser.click("#menu-labels summary")
        browser.wait("document.querySelector('#menu-labels .value a')")
        browser.click("#menu-labels .value a")
        browser.wait("/tagfocus|tf=/.test(location.search + document.getElementById('filters').textContent)")
        browser.wait("document.querySelectorAll('#filters .filter').length === 2")
    claims.steps("a label is a filter, beside the one that is on", labels)

    def samples():
        browser.go(root + "top?f=runtime")
        browser.wait("document.getElementById('menu-sample')")
        browser.click("#menu-sample summary")
        other = browser.wait("document.querySelector('#menu-sample a:not([aria-current])')?.textContent")
        browser.click("#menu-sample a:not([aria-current])")
        browser.wait("document.querySelector('#menu-sample a[aria-current]').textContent === arguments[0]", other)
        browser.wait("document.querySelectorAll('#filters .filter').length === 1")
    claims.steps("another sample type keeps the filter", samples)

    def keyboard():
        browser.go(root + "top")
        browser.wait("document.querySelector('.row')")
        browser.js("document.querySelector('#menu-download summary').focus()")
        browser.keys("ArrowDown")
        browser.wait("document.activeElement.matches('#menu-download .items a')")
        browser.keys("Escape")
        browser.wait("document.activeElement.matches('#menu-download summary') && !document.getElementById('menu-download').open")
        browser.keys("2")
        browser.wait("location.pathname.endsWith('/graph')")
    claims.steps("menus and views have keys", keyboard)

    def configs():
        browser.go(root + "top?f=runtime")
        browser.wait("document.querySelector('.row')")
        browser.click("#menu-config summary")
        browser.click("#menu-config input[name=config]")
        browser.keys("mine", "Enter")
        browser.wait("[...document.querySelectorAll('#menu-config .config a')].some((a) => a.textContent === 'mine')")
        browser.click("#menu-config summary")
        browser.click("#menu-config .config .delete")
        browser.wait("document.getElementById('menu-config') && !document.querySelector('#menu-config .config')")
    claims.steps("a configuration is saved and deleted", configs)

    def download():
        browser.go(root + "top?f=mallocgc")
        sizes = browser.js_later(
            "const done = arguments[0]; Promise.all([...document.querySelectorAll('#menu-download a')].map(async (a) =>"
            "(await (await fetch(a.href)).arrayBuffer()).byteLength)).then(done);")
        claims.check("what the filters leave is smaller to download: %s" % sizes, len(sizes) == 2 and 0 < sizes[1] < sizes[0])
    claims.steps("downloads", download)


# ---- accessibility --------------------------------------------------------------------------------

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
