"""The menus and the filters they make."""
from pages import READY
from table import NAMES


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
