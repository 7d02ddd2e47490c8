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
FOUND = "document.getElementById('found').textContent"
NAME = "document.querySelector('#details .name').firstChild.data"
DISABLED = "document.getElementById('reset-zoom').disabled"


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


def mouse(browser, kind, x, y):
    button = {} if kind == "mouseMoved" else {"button": "left", "clickCount": 1}
    browser.command("Input.dispatchMouseEvent", type=kind, x=x, y=y, **button)


def click_at(browser, x, y):
    for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
        mouse(browser, kind, x, y)


def box_of(browser, selector):
    return browser.js("const b = document.querySelector(arguments[0]).getBoundingClientRect();"
                      "return [b.left, b.top, b.width, b.height]", selector)


# The pointer goes down through what lies below a point, past the graphs to what is said, at once.
DOWN = """
const [x, y, ...stages] = arguments, at = (clientX, clientY, more) =>
  ({clientX, clientY, movementY: 5, bubbles: true, pointerId: 1, pointerType: 'mouse', ...more});
const ways = [...stages.map((id) => document.getElementById(id)), document.getElementById('details')];
ways.slice(0, -1).forEach((stage, i) => {
  const canvas = stage.querySelector('canvas'), b = canvas.getBoundingClientRect();
  for (let to = Math.max(b.top, y + 5); to < b.bottom; to += 5) canvas.dispatchEvent(new PointerEvent('pointermove', at(x, to)));
  stage.dispatchEvent(new PointerEvent('pointerleave', at(x, b.bottom, {bubbles: false, relatedTarget: ways[i + 1]})));
});
"""


def search_for(browser, text):
    browser.js("const e = document.getElementById('search-text'); e.value = arguments[0]; e.dispatchEvent(new Event('input'))", text)


# What is written on a frame against its colour: the contrast of WCAG, by the pixels of a row of the graph.
CONTRAST = """
const canvas = document.querySelector('#stage canvas'), by = devicePixelRatio, row = 20 * by;
const paper = /\\d+, \\d+, \\d+/.exec(getComputedStyle(document.getElementById('stage')).backgroundColor)[0].split(', ').map(Number);
const copy = cprof.element('canvas').getContext('2d', {willReadFrequently: true});
Object.assign(copy.canvas, {width: canvas.width, height: canvas.height});
copy.drawImage(canvas, 0, 0);
const pixels = copy.getImageData(4 * by, arguments[0] * row + 2 * by, 60 * by, row - 5 * by).data;
const light = (c) => {
  const [r, g, b] = c.map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const all = new Map();
for (let i = 0; i < pixels.length; i += 4) {
  const a = pixels[i + 3] / 255, c = paper.map((v, k) => Math.round(pixels[i + k] * a + v * (1 - a)));
  all.set(c.join(), [(all.get(c.join())?.[0] ?? 0) + 1, light(c)]);
}
const fill = [...all.values()].reduce((most, x) => x[0] > most[0] ? x : most)[1];
return Math.max(...[...all.values()].map(([, l]) => (Math.max(l, fill) + 0.05) / (Math.min(l, fill) + 0.05)));
"""


def flame_looking(claims, browser, root):
    def free():
        browser.go(root + "flamegraph")
        browser.wait("%s.length && %s" % (ITEMS, DISABLED))
        browser.js(STAGE + ".focus()")
        browser.keys("+")
        browser.wait("!%s" % DISABLED)
        browser.keys("-")
        browser.wait(DISABLED)
        browser.keys("ArrowDown", "ArrowDown", "Enter")
        browser.wait("/Of the zoomed frame/.test(document.getElementById('details').textContent)")
        browser.keys(*["-"] * 3)
        browser.wait("!/zoomed/.test(document.getElementById('details').textContent) && location.hash === ''")
        browser.keys("+", "+")
        browser.wait("!" + DISABLED)
        browser.click("#reset-zoom")
        browser.wait(DISABLED)
    claims.steps("what is said keeps up with zooming by + and -, and the zoom can be reset", free)

    def links():
        browser.go(root + "flamegraph")
        browser.wait("%s.length" % ITEMS)
        left, top, _, _ = box_of(browser, "#stage canvas")
        mouse(browser, "mouseMoved", left + 60, top + 60)
        mouse(browser, "mouseMoved", left + 70, top + 70)
        name = browser.wait("%s !== 'All samples shown' && %s" % (NAME, NAME))
        browser.js(DOWN, left + 70, top + 70, "stage")
        x, y, width, height = box_of(browser, "#details .links a:nth-child(2)")
        mouse(browser, "mouseMoved", x + width / 2, y + height / 2)
        claims.check("it is the frame's that was pointed at", browser.js("return " + NAME) == name)
        click_at(browser, x + width / 2, y + height / 2)
        browser.wait("location.pathname.endsWith('/peek') && document.querySelector('.row-node')")
        claims.check("the link leads to its peek", browser.js(
            "return new RegExp(new URLSearchParams(location.search).get('f')).test(arguments[0])", name))
    claims.steps("the links of a frame that is pointed at are reached by mouse", links)

    def far_links():
        browser.go(root + "flamegraph?p=^main.stage$")
        browser.wait("document.querySelectorAll('[role=tree]').length === 2")
        left, top, _, height = box_of(browser, "#stage-callers canvas")
        y = top + height - 30
        mouse(browser, "mouseMoved", left + 60, y - 3)
        mouse(browser, "mouseMoved", left + 70, y)
        browser.wait("%s !== 'main.stage'" % NAME)
        name = browser.js("return " + NAME)
        browser.js(DOWN, left + 70, y, "stage-callers", "stage")
        x, to, width, height = box_of(browser, "#details .links a")
        mouse(browser, "mouseMoved", x + width / 2, to + height / 2)
        claims.check("it is still the caller's", browser.js("return " + NAME) == name)
        click_at(browser, x + width / 2, to + height / 2)
        browser.wait("cprof.data.graph.pivot === arguments[0]", name)
    claims.steps("those of a caller, too, past the callees", far_links)

    def leaving():
        browser.go(root + "flamegraph")
        browser.wait("%s.length" % ITEMS)
        left, top, _, _ = box_of(browser, "#stage canvas")
        mouse(browser, "mouseMoved", left + 60, top + 60)
        mouse(browser, "mouseMoved", left + 70, top + 70)
        browser.wait("%s !== 'All samples shown'" % NAME)
        mouse(browser, "mouseMoved", left + 70, 5)
        browser.wait("%s === 'All samples shown'" % NAME)
    claims.steps("elsewhere it is the frame in focus again that is told of", leaving)

    def escape():
        browser.go(root + "flamegraph?p=^main.stage$")
        browser.wait("document.querySelectorAll('[role=tree]').length === 2")
        browser.js("document.getElementById('stage-callers').focus()")
        browser.keys("ArrowUp", "Enter")
        browser.wait("location.hash.includes('above=')")
        browser.js(STAGE + ".focus()")
        browser.keys("ArrowDown", "Enter")
        browser.wait("location.hash.includes('zoom=')")
        browser.keys("/", "main")
        browser.wait("location.hash.includes('q=main') && /below/.test(%s)" % FOUND)
        browser.js(STAGE + ".focus()")
        browser.keys("Escape")
        browser.wait("!%s && !location.hash.includes('q=') && location.hash.includes('zoom=')" % FOUND)
        steps = browser.js("return history.length")
        browser.keys("Escape")
        browser.wait("location.hash === '' && %s" % DISABLED)
        claims.check("it is one step", browser.js("return history.length") == steps + 1)
        browser.back()
        browser.wait("/zoom=/.test(location.hash) && /above=/.test(location.hash) && !%s" % DISABLED)
    claims.steps("Escape clears the search, then both zooms in one step", escape)

    def walking():
        browser.go(root + "flamegraph?p=^main.stage$")
        browser.wait("document.querySelectorAll('[role=tree]').length === 2")
        browser.keys("/", "main\\.")
        number = int(browser.wait("/ in (\\d+) frames$/.exec(%s)?.[1]" % FOUND))
        seen = set()
        for i in range(1, number + 1):
            browser.keys("Enter")
            browser.wait("%s.endsWith(', %d of %d frames')" % (FOUND, i, number))
            claims.check("match %d is told of" % i, browser.js("return /main\\./.test(%s)" % NAME))
            seen.add(browser.js("return [...document.querySelectorAll('.stage')].map("
                                "(e) => e.getAttribute('aria-activedescendant')).join()"))
        claims.check("each is another one: %d of %d" % (len(seen), number), number > 2 and len(seen) == number)
        for stage in ("stage", "stage-callers"):
            claims.check("matches of %s are walked" % stage, browser.js(
                "return +document.querySelector('#%s [aria-selected=true]').getAttribute('aria-level')" % stage) > 1)
        browser.keys("Enter")
        browser.wait("%s.endsWith(', 1 of %d frames')" % (FOUND, number))
        browser.js("document.getElementById('search-text').dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', shiftKey: true}))")
        browser.wait("%s.endsWith(', %d of %d frames')" % (FOUND, number, number))
    claims.steps("Enter goes through the matches of both graphs and tells which one it is at", walking)

    def sharing():
        browser.look(1280, 520)
        browser.go(root + "flamegraph?p=^main.stage$")
        browser.wait("document.querySelectorAll('[role=tree]').length === 2")
        below, above = box_of(browser, "#stage canvas"), box_of(browser, "#stage-callers canvas")
        claims.check("frames line up: %s %s" % (below, above), (below[0], below[2]) == (above[0], above[2]))
        hidden = [browser.js("const s = document.getElementById('%s'); return s.scrollHeight - s.clientHeight" % s)
                  for s in ("stage", "stage-callers")]
        rows = browser.js("const t = [...document.querySelectorAll('.stage')].map((s) => s.clientHeight); return t")
        depths = browser.js("const depth = (c) => { let most = 1; const rest = []; for (const n of c.children) {"
                            "rest.push(n); most = Math.max(most, rest.length); while (rest.length && rest.at(-1) === 0) {"
                            "rest.pop(); if (rest.length) rest[rest.length - 1]--; } } return most; };"
                            "return [depth(cprof.data.callers), depth(cprof.data.graph)];")
        empty = rows[0] - 20 * depths[0]
        claims.check("none is cut off while the other has room: %s %s %s" % (hidden, rows, depths),
                     hidden[0] <= 0 or empty <= 120)
        browser.look()
    claims.steps("callers and callees share the page by what they need", sharing)

    def contrast():
        for dark in (False, True):
            features = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
                        {"name": "prefers-reduced-motion", "value": "reduce"}]
            browser.command("Emulation.setDeviceMetricsOverride", width=1280, height=800, deviceScaleFactor=3, mobile=False)
            browser.command("Emulation.setEmulatedMedia", features=features)
            browser.go(root + "help")
            browser.go(root + "flamegraph#q=" + ("nothing" if dark else ""))
            browser.wait("%s.length" % ITEMS)
            for searched in ("", "mallocgc|^main"):
                search_for(browser, searched)
                browser.js(STAGE + ".focus()")
                browser.keys("Escape" if not searched else "Home", *["ArrowDown"] * 5, "Enter")
                browser.wait("/zoom=\\d+\\.\\d+\\.\\d+\\./.test(location.hash)")
                browser.js_later("const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => done()))")
                for depth in range(4):
                    found = browser.js(CONTRAST, depth)
                    claims.check("row %d above the zoomed frame, %s, search “%s”: contrast %.2f" %
                                 (depth, "dark" if dark else "light", searched, found), found >= 4.5)
        browser.look()
    claims.steps("what is written on the frames above the zoomed one can be read", contrast)


def every_menu(claims, browser, root, pages, looks):
    """Each entry of each menu is what one hits where it is."""
    hit = """(() => {
      const menu = document.getElementById(arguments[0]), all = [...menu.querySelectorAll('a, button, input:not([type=hidden])')];
      return all.length > 0 && all.every((e) => {
        e.scrollIntoView({block: 'nearest'});
        const b = e.getBoundingClientRect(), top = document.elementFromPoint(b.left + b.width / 2, b.top + b.height / 2);
        return b.width > 8 && b.height > 8 && top !== null && e.contains(top);
      });
    })()"""
    for page in pages:
        for width, dark in looks:
            browser.look(width, 800, dark)
            browser.go(root + page)
            browser.wait(READY[page.split("?")[0]])
            for menu in browser.js("return [...document.querySelectorAll('details.menu')].map((e) => e.id)"):
                def opened():
                    browser.click("#%s > summary" % menu)
                    browser.wait(hit, menu)
                    browser.keys("Escape")
                claims.steps("%s of %s, %d pixels wide, can be seen and clicked" % (menu, page, width), opened)
    browser.look()


def large_flame(claims, browser, root):
    callers, callees = FUNCTIONS

    def more():
        browser.go(root + "flamegraph#q=^callee_17_")
        browser.wait("%s.length" % ITEMS)
        before = int(browser.wait("/left out$/.test(%s) ? '0' : /(\\d+) frames? shown/.exec(%s)?.[1]" % (FOUND, FOUND)))
        claims.check("the first page has not all: %d" % before, before < callees)
        browser.js("document.getElementById('search-text').value = '^caller_17$';"
                   "document.getElementById('search-text').dispatchEvent(new Event('input'))")
        browser.wait("/ 1 frame shown$/.test(document.getElementById('found').textContent)")
        browser.js("document.getElementById('search-text').focus()")
        browser.keys("Enter")
        browser.js(STAGE + ".focus()")
        browser.keys("Enter")
        browser.wait("performance.getEntriesByType('resource').some((e) => e.name.includes('data/flame'))")
        browser.js("document.getElementById('search-text').value = '^callee_17_';")
        browser.wait("(() => { document.getElementById('search-text').dispatchEvent(new Event('input'));"
                     "return / %d frames shown$/.test(document.getElementById('found').textContent); })()" % callees)
    claims.steps("zooming asks for what was left out", more)

    def share():
        browser.go(root + "help")
        browser.go(root + "flamegraph#q=^callee_.*_19..$")
        browser.wait("/^5(\\.00)?% of the total \\(\\d+\\), \\d+ frames shown$/.test(document.getElementById('found').textContent)")
    claims.steps("the share of a search counts what was left out", share)

    def sides():
        browser.go(root + "help")
        browser.go(root + "flamegraph?p=^main$#q=^callee_.*_19..$")
        browser.wait("/^5(\\.00)?%% below, 0%% above, /.test(%s)" % FOUND)
        search_for(browser, "^callee_59_1999$")
        browser.wait("%s === '<0.01% below, 0% above, in frames that were left out'".replace("%s", FOUND))
        search_for(browser, "nothing like it")
        browser.wait(FOUND + " === 'No frame matches'")
        browser.go(root + "flamegraph?p=^callee_.*_19..$#q=caller_5.$")
        browser.wait("/^0%% below, 0\\.83%% above in 1000 frames$/.test(%s)" % FOUND)
    claims.steps("so do the shares of callers and callees, and a name is not said to be absent that was left out", sides)

    def racing():
        browser.go(root + "flamegraph")
        browser.wait("%s.length" % ITEMS)
        ways = browser.js_later(
            "const done = arguments[0], id = (g, name) => g.id[g.names.indexOf(name)], g = cprof.data.graph;"
            "const main = id(g, 'main'), near = main + '.' + id(g, 'caller_4'), far = main + '.' + id(g, 'caller_59');"
            "cprof.ask('data/flame', {path: far}).then((part) => done([near, far + '.' + id(part, 'callee_59_1998')]));")
        browser.js("const ask = cprof.ask; cprof.ask = async (...what) => {"
                   "await new Promise((r) => setTimeout(r, 1000)); window.answers = (window.answers ?? 0) + 1; return ask(...what); };"
                   "location.hash = 'zoom=' + arguments[1]; setTimeout(() => { location.hash = 'zoom=' + arguments[0]; }, 200);", *ways)
        browser.wait("window.answers")
        browser.js_later("setTimeout(arguments[0], 800)")
        claims.check("the frame asked for last is shown, not that which came last",
                     browser.js("return %s === 'caller_4' && location.hash === '#zoom=' + arguments[0]" % NAME, ways[0]))
        browser.go(root + "help")
        browser.go(root + "flamegraph#zoom=" + ways[1])
        browser.wait("%s === 'callee_59_1998'" % NAME)
    claims.steps("a link leads to a frame that was left out, and the last of two wins", racing)
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


def offline(claims, browser, url):
    """A page of `cprof -flame` that had no room for all frames."""
    def searching():
        browser.go(url)
        browser.wait("%s.length" % ITEMS)
        browser.keys("/", "^f99999$")
        browser.wait(FOUND + " === 'None of the frames shown matches'")
        browser.keys("Escape", "^f[0-9]+$")
        browser.wait("/^at least \\d+(\\.\\d+)?% of the total .*, \\d+ frames shown$/.test(" + FOUND + ")")
        browser.keys("Enter")
        browser.wait("/, 1 of \\d+ frames shown$/.test(" + FOUND + ")")
    claims.steps("a search in a page by itself tells of the frames that are there", searching)


def one_sided(claims, browser, root):
    def keeping():
        browser.go(root + "flamegraph")
        browser.wait("%s.length" % ITEMS)
        after = browser.js("return %s[1].textContent" % ITEMS)
        browser.click("#sides label:first-of-type input")
        browser.wait("location.hash.includes('side=before')")
        url = browser.js("return location.href")
        browser.go(root + "help")
        browser.go(url)
        browser.wait("document.querySelector('#sides input:checked')?.value === '0' && %s[1].textContent !== arguments[0]" % ITEMS, after)
        browser.wait("/of the total before/.test(%s[0].textContent)" % ITEMS)
        browser.click("#sides label:last-of-type input")
        browser.wait("!location.hash.includes('side') && %s[1].textContent === arguments[0]" % ITEMS, after)
    claims.steps("the side of a comparison is kept in the URL", keeping)

    def other():
        search_for(browser, "only_old")
        browser.wait(FOUND + " === 'Only before: 50.0% of the total (10) in 1 frame'")
        browser.click("#sides label:first-of-type input")
        browser.wait(FOUND + " === '50.0% of the total (10) in 1 frame'")
        search_for(browser, "nothing like it")
        browser.wait(FOUND + " === 'No frame matches'")
    claims.steps("a search tells what matches on the other side only", other)


def very_wide(claims, browser, root, depth, number):
    """`number` functions, all at this depth: what is left out of them opens, a click after the other."""
    def opening():
        browser.go(root + "flamegraph")
        browser.wait("%s.length" % ITEMS)
        left, top, width, _ = box_of(browser, "#stage canvas")
        x, y = left + width - 20, top + 20 * depth + 10
        mouse(browser, "mouseMoved", x - 5, y)
        mouse(browser, "mouseMoved", x, y)
        known = 0
        for _ in range(30):
            browser.wait("!document.getElementById('tip').hidden && document.querySelector('#tip .name').firstChild.data === " + NAME)
            rest = int(browser.js("return /^\\((\\d+) more\\)$/.exec(%s)?.[1] ?? '0'" % NAME))
            if not rest:
                break
            claims.check("some of %d have come" % rest, known == 0 or rest < known)
            known = rest
            mouse(browser, "mousePressed", x, y)
            mouse(browser, "mouseReleased", x, y)
            browser.wait("%s !== arguments[0] && !document.querySelector('[aria-busy]')" % NAME, "(%d more)" % rest)
            mouse(browser, "mouseMoved", x - 5, y)
            mouse(browser, "mouseMoved", x, y)
        claims.check("there was more, and all of it came", known and browser.js("return /^f\\d+$/.test(%s)" % NAME))
        claims.check("one can go back", not browser.js("return " + DISABLED))
        search_for(browser, "^f\\d+$")
        browser.wait("/^100%% of the total .* %d frames$/.test(%s)" % (number, FOUND))
    claims.steps("%d functions below one are all to be reached" % number, opening)


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


# ---- names and places -----------------------------------------------------------------------------

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


def boxes(claims, browser, root):
    for view, there in (("flamegraph", "document.querySelector('.pivot')"), ("peek", "document.querySelector('.row-node')")):
        def box():
            browser.go(root + "graph?g=lines")
            browser.wait("document.querySelector('#graph [role=option]')")
            browser.keys("n")
            browser.click("#tools .links a[href*='/%s?']" % view)
            browser.wait("location.pathname.endsWith('/%s') && %s" % (view, there))
        claims.steps("a box by lines leads to %s" % view, box)


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


# ---- filters --------------------------------------------------------------------------------------

def added_filters(claims, browser, root):
    """cprof was started with -ignore: what is ignored later comes to it."""
    def adding():
        browser.go(root + "top#q=GCWRITE|memmove")
        browser.wait("document.getElementById('about-rows')")
        browser.js("cprof.refine('i')")
        browser.wait("new URLSearchParams(location.search).get('i') === '(?:(?i)MALLOCGC)|GCWRITE|memmove'")
        browser.go(root + "top#q=memmove")
        browser.wait("%s.length" % NAMES)
        browser.js("cprof.refine('i')")
        browser.wait("new URLSearchParams(location.search).get('i') === '(?:(?i)MALLOCGC)|(?i:memmove)'")
        browser.wait("%s.length > 10 && !%s.some((n) => /mallocgc|memmove/.test(n))" % (NAMES, NAMES))
        claims.check("the search has become the filter", browser.js("return location.hash + document.getElementById('search-text').value") == "")
    claims.steps("what is ignored comes to what the command line ignores", adding)

    def labels():
        browser.go(root + "top")
        for at in (0, 1):
            browser.wait("document.querySelector('#menu-labels summary')")
            browser.click("#menu-labels summary")
            browser.wait("document.querySelectorAll('#menu-labels .not')[%d]" % at)
            browser.js("document.querySelectorAll('#menu-labels .not')[%d].click()" % at)
            browser.wait("(new URLSearchParams(location.search).get(cprof.parameter('tagignore')) ?? '').split('|').length === %d" % (at + 1))
            browser.wait("document.querySelector('.filter')")
    claims.steps("labels left out come to those left out", labels)


def staying(claims, browser, root):
    """What belongs to a page stays with it, and does not go to others."""
    def table():
        browser.go(root + "top?by=cum&f=runtime#q=map")
        browser.wait("%s.length" % NAMES)
        browser.click("#menu-sample summary")
        browser.click("#menu-sample a:not([aria-current])")
        browser.wait("/by=cum/.test(location.search) && /si=/.test(location.search) && location.hash === '#q=map'")
        browser.wait("%s.length" % NAMES)
        browser.click("#filters .filter a")
        browser.wait("/by=cum/.test(location.search) && !/f=/.test(location.search) && location.hash === '#q=map'")
        browser.wait("%s.length" % NAMES)
        browser.keys("6")
        browser.wait("location.pathname.endsWith('/disasm') && !/by=/.test(location.search)")
    claims.steps("top keeps its order and its search", table)

    def frames():
        browser.go(root + "flamegraph?f=runtime&p=^main.stage$#root=bottom&zoom=1.2")
        browser.wait("document.querySelector('.pivot')")
        browser.click("#filters .filter a")
        browser.wait("/p=/.test(location.search) && !/f=/.test(location.search) && document.querySelector('.pivot')")
        claims.check("the graph still stands on its head, and is whole", browser.js("return location.hash") == "#root=bottom")
    claims.steps("the flame graph keeps what it is about", frames)

    def cleared():
        browser.go(root + "top#q=map")
        browser.wait("document.getElementById('search-text').value === 'map'")
        browser.keys("4")
        browser.wait("location.pathname.endsWith('/peek') && document.getElementById('search-text').value === 'map'")
        browser.keys("Escape")
        browser.wait("!location.hash")
        browser.keys("1")
        browser.wait("location.pathname.endsWith('/top') && %s.length > 10" % NAMES)
        claims.check("a search that was cleared stays cleared", browser.js("return location.hash + document.getElementById('search-text').value") == "")
    claims.steps("a search goes with one to the next view until it is cleared", cleared)


# ---- search, keys ---------------------------------------------------------------------------------

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


def table_keys(claims, browser, root):
    def walking():
        browser.go(root + "top")
        browser.wait(NAMES + ".length > 10")
        browser.keys("ArrowDown")
        browser.wait("document.querySelector('.row.current').dataset.at === '1' && document.activeElement.id === 'table'")
        browser.js("document.querySelector('.row.current a[href*=\"/source?\"]').focus()")
        browser.keys("ArrowDown")
        browser.wait("document.activeElement.matches('[data-at=\"2\"] a[href*=\"/source?\"]')")
        browser.click("[data-at='2'] .name")
        browser.wait("document.querySelector('[data-at=\"2\"][aria-selected=true]')")
        browser.js("document.querySelector('[data-at=\"2\"] a[href*=\"/source?\"]').focus(); document.getElementById('scroll').scrollTop = 1e6")
        browser.wait("document.activeElement.id === 'table' && !document.querySelector('[data-at=\"2\"]')")
        browser.js("document.activeElement.blur()")
        browser.keys("/", "map", "Enter")
        browser.wait("document.querySelector('.row.current')?.dataset.at === '0'")
        browser.keys("Enter")
        browser.wait("document.querySelector('.row.current')?.dataset.at === '1'")
        browser.js("document.getElementById('table').focus()")
        browser.keys("Escape")
        browser.wait("!document.getElementById('search-text').value && %s.length > 15" % NAMES)
    claims.steps("keys are the table's from the start, and the focus stays", walking)

    def summary():
        line = "document.getElementById('summary')"
        browser.look(400)
        browser.go(root + "top")
        browser.wait(line + ".matches('.short')")
        height = browser.js("return %s.offsetHeight" % line)
        browser.js(line + ".focus()")
        browser.keys("Enter")
        browser.wait("%s.offsetHeight > arguments[0] && %s.ariaExpanded === 'true'" % (line, line), height)
        browser.js("document.querySelector('#menu-refine summary').focus()")
        browser.keys("ArrowDown")
        browser.wait("document.activeElement.id === 'reset'")
        browser.look()
    claims.steps("the line about the profile and Refine have keys", summary)


def narrow(claims, browser, root):
    """Links large enough for a finger, names with their ends."""
    def table():
        browser.look(400)
        browser.go(root + "top")
        browser.wait(NAMES + ".length > 5")
        browser.keys("ArrowDown", "Space")
        browser.wait("document.querySelector('.row[aria-selected=true] .go a')?.getBoundingClientRect().height >= 24")
        claims.check("names are in their rows", browser.js(
            "return [...document.querySelectorAll('.row')].every((r) => r.scrollHeight <= r.clientHeight + 1)"))
        browser.look()
    claims.steps("top on a narrow page", table)

    def notes():
        browser.look(400)
        browser.go(root + "source?f=main.run")
        browser.wait("document.querySelector('tr.line')")
        claims.check("notes leave room for lines", browser.js("return document.querySelector('tr.line').getBoundingClientRect().top < 500"))
        browser.click("#more-notes summary")
        browser.wait("document.getElementById('notes').checkVisibility() && /no source file/.test(document.getElementById('notes').textContent)")
        browser.look()
    claims.steps("long notes are folded", notes)


def gone(claims, browser, root, stop):
    def saying():
        browser.go(root + "top")
        browser.wait(NAMES + ".length > 10")
        stop()
        browser.keys("/", "map")
        browser.wait("(() => { const e = document.querySelector('#table .error'); return e.checkVisibility() && /does not answer/.test(e.textContent); })()")
    claims.steps("that the server is gone is said", saying)
    browser.messages()


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

    def found():
        browser.go(root + "source?f=spin")
        browser.wait("document.querySelectorAll('tr.line.hot').length > 1")
        browser.keys("/", "i", "Enter", "Enter")
        browser.wait("/^2 of \\d+ rows found$/.test(document.querySelector('#tools output').textContent)")
        look = "getComputedStyle(document.querySelector('tr.found%s > td')).boxShadow"
        claims.check("the current match looks otherwise", browser.js(
            "return %s !== %s" % (look % ".here", look % ":not(.here)")))
        browser.js("document.querySelector('#menu-refine summary').click()")
        browser.wait("document.querySelector('[data-refine=f]').disabled")
        browser.js("document.querySelector('#menu-refine summary').click()")
        browser.js("document.querySelector('tr.line.hot').focus()")
        browser.keys("n")
        browser.js("cprof.refine('i')")
        browser.wait("/[?&]i=%5E\\w+%24/.test(location.search)")
    claims.steps("source: matches are walked through; refining goes by the function, not by text of the code", found)

    def disassembly():
        browser.go(root + "disasm?f=spin")
        browser.wait("document.querySelectorAll('.code-table tr.hot').length > 1")
        browser.keys("n", "n")
        browser.wait("document.activeElement.matches('.code-table tr.hot.here')")
        browser.wait("/^2 of /.test(document.querySelector('#tools output').textContent)")
        name = browser.js("return document.querySelector('tr.here').closest('section').querySelector('h2').textContent")
        browser.click("#menu-refine summary")
        browser.wait("document.querySelector('#menu-refine .note b').textContent === arguments[0]", name)
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


def columns(claims, browser, root):
    """No text of a row lies over another, however long the values."""
    overlaps = (
        "(() => { const bad = [];"
        "for (const tr of document.querySelectorAll('.peek-table tr')) {"
        "  const boxes = [...tr.cells].filter((c) => c.textContent && c.checkVisibility()).map((c) => {"
        "    const range = document.createRange(); range.selectNodeContents(c); return [c.textContent, range.getBoundingClientRect()]; });"
        "  for (const [i, [text, a]] of boxes.entries()) {"
        "    if (a.right > tr.closest('.block').getBoundingClientRect().right) bad.push(text);"
        "    for (const [other, b] of boxes.slice(i + 1))"
        "      if (a.left < b.right && b.left < a.right && a.top < b.bottom - 1 && b.top < a.bottom - 1) bad.push(text + ' over ' + other);"
        "  } }"
        "return bad; })()")

    def fits():
        for width in (1280, 800, 400):
            browser.look(width)
            browser.go(root + "peek?f=main.run|strings")
            browser.wait("document.querySelectorAll('.row-node').length > 5")
            claims.check("values are long", browser.js("return [...document.querySelectorAll('td')].some((e) => e.textContent.length > 13)"))
            bad = browser.js("return " + overlaps)
            claims.check("%d pixels: %s" % (width, bad[:4]), not bad)
        browser.look()
    claims.steps("peek with long values", fits)


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
        boxes = "['#menu-config .items', '.delete', '.config > a'].map((e) => document.querySelector(e).getBoundingClientRect())"
        claims.check("the cross is in its menu, beside the name", browser.js(
            "const [menu, cross, name] = %s; return cross.left >= name.right && cross.right <= menu.right && cross.width > 20;" % boxes))
        browser.click("#menu-config .config .delete")
        browser.wait("document.querySelector('.delete').textContent === 'Delete mine?'")
        claims.check("a question fits the menu", browser.js(
            "const [menu, cross, name] = %s; return cross.left >= name.right && cross.right <= menu.right;" % boxes))
        browser.click("#menu-config summary")
        browser.click("#menu-config summary")
        browser.wait("document.querySelector('.delete').textContent === '×'")
        browser.click("#menu-config .config .delete")
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
