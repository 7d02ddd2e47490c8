"""Peek, source and disassembly."""


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
