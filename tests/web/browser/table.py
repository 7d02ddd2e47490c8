"""Top: the table."""

ROWS = "[...document.querySelectorAll('.row')]"
NAMES = "[...document.querySelectorAll('.row .name')].map((e) => e.firstChild.data)"


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
