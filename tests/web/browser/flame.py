"""The flame graph."""
from claims import box_of, click_at, mouse

FUNCTIONS = 60, 2000  # callers and callees of the profile `many`, see run.py
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

    def beside():
        browser.go(root + "flamegraph")
        browser.wait("%s.length" % ITEMS)
        way = browser.js("const g = cprof.data.graph; return ['main', 'caller_4'].map((n) => g.id[g.names.indexOf(n)]).join('.')")
        browser.go(root + "help")
        browser.go(root + "flamegraph#zoom=" + way)
        browser.wait("%s === 'caller_4' && !document.querySelector('[aria-busy]')" % NAME)
        count = "performance.getEntriesByType('resource').filter((e) => e.name.includes('data/flame')).length"
        before = browser.js("return " + count)
        browser.js(STAGE + ".focus()")
        browser.keys("ArrowRight")
        browser.wait("%s !== 'caller_4' && %s > arguments[0]" % (NAME, count), before)
    claims.steps("a key that leads out of the frame zoomed in on asks for what was left out, too", beside)
    size = browser.js("return performance.getEntriesByType('navigation')[0].decodedBodySize")
    claims.check("the page is below a megabyte: %s" % size, 0 < size < 1000000)


# What is drawn when nothing moves any more.
DRAWN = ("const done = arguments[0], frame = (then) => requestAnimationFrame(then);"
         "setTimeout(() => frame(() => frame(() => done(document.querySelector('#stage canvas').toDataURL()))), 600);")


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

    def turning():
        browser.go(root + "help")
        browser.go(root + "flamegraph")
        browser.wait("%s.length" % ITEMS)
        browser.js("const stage = document.getElementById('stage'); stage.focus();"
                   "for (const key of ['ArrowDown', 'ArrowDown', 'Enter'])"
                   "stage.dispatchEvent(new KeyboardEvent('keydown', {key}));"
                   "document.querySelector('#sides label:first-of-type input').click();")
        browser.wait("location.hash.includes('zoom=') && location.hash.includes('side=before')")
        turned, url = browser.js_later(DRAWN), browser.js("return location.href")
        browser.go(root + "help")
        browser.go(url)
        browser.wait("%s.length && !%s" % (ITEMS, DISABLED))
        browser.js(STAGE + ".focus()")
        claims.check("it is drawn as its link shows it", turned == browser.js_later(DRAWN))
    claims.steps("the other side is shown while a zoom is still moving", turning)


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
