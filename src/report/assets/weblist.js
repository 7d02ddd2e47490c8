"use strict";
// Folding, keys and search. Without this the page shows all machine code.
(() => {
  const lines = [...document.querySelectorAll("tr.line")];
  const hot = lines.filter((line) => line.classList.contains("hot"));
  const search = document.getElementById("search"), found = document.getElementById("found");
  const all = document.getElementById("all");
  const code = (line) => (line.classList.contains("has") ? line.nextElementSibling : null);
  let hits = [], hit = -1;

  const fold = (line, open) => {
    const rows = code(line);
    if (!rows) return;
    rows.hidden = !open;
    line.setAttribute("aria-expanded", String(open));
  };
  const isOpen = (line) => code(line) && !code(line).hidden;
  for (const line of lines) {
    line.tabIndex = -1;
    fold(line, false);
  }
  if (lines.length) (hot[0] || lines[0]).tabIndex = 0;

  const focus = (line) => {
    if (!line) return;
    for (const other of document.querySelectorAll("tr.line[tabindex='0']")) other.tabIndex = -1;
    line.tabIndex = 0;
    line.focus({ preventScroll: true });
    line.scrollIntoView({ block: "center" });
  };
  const current = () => lines.indexOf(document.activeElement.closest ? document.activeElement.closest("tr.line") : null);
  const step = (list, by) => {
    const at = current();
    const next = by > 0 ? list.find((line) => lines.indexOf(line) > at) : list.findLast((line) => lines.indexOf(line) < at);
    focus(next || (by > 0 ? list[0] : list[list.length - 1]));
  };
  const unfoldAll = () => {
    const open = all.getAttribute("aria-pressed") !== "true";
    all.setAttribute("aria-pressed", String(open));
    all.textContent = open ? "Fold all" : "Unfold all";
    for (const line of lines) fold(line, open);
  };

  const show = (by) => {
    if (!hits.length) return;
    hit = (hit + by + hits.length) % hits.length;
    found.textContent = `${hit + 1} of ${hits.length}`;
    const row = hits[hit], asm = row.closest("tr.asm");
    if (asm) fold(asm.previousElementSibling, true);
    row.scrollIntoView({ block: "center" });
  };
  const find = () => {
    for (const row of hits) row.classList.remove("found");
    const wanted = search.value.toLowerCase();
    hits = wanted ? [...document.querySelectorAll("tr.line, tr.in, tr.call")].filter((row) =>
      row.querySelector(".src, .code").textContent.toLowerCase().includes(wanted)) : [];
    for (const row of hits) row.classList.add("found");
    hit = -1;
    found.textContent = wanted && !hits.length ? "nothing found" : "";
    show(1);
  };

  search.addEventListener("input", find);
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") show(event.shiftKey ? -1 : 1);
    else if (event.key === "Escape") {
      search.value = "";
      find();
      focus(lines.find((line) => line.tabIndex === 0));
    } else return;
    event.preventDefault();
  });
  document.getElementById("next").addEventListener("click", () => step(hot, 1));
  all.addEventListener("click", unfoldAll);
  document.getElementById("listing").addEventListener("click", (event) => {
    const line = event.target.closest("tr.has");
    if (line && !String(getSelection())) fold(line, !isOpen(line));
  });
  const keys = {
    n: () => step(hot, 1), p: () => step(hot, -1), a: unfoldAll, "/": () => search.focus(),
    ArrowDown: () => step(lines, 1), ArrowUp: () => step(lines, -1),
    ArrowRight: () => lines[current()] && fold(lines[current()], true),
    ArrowLeft: () => lines[current()] && fold(lines[current()], false),
    Enter: () => lines[current()] && fold(lines[current()], !isOpen(lines[current()])),
  };
  document.addEventListener("keydown", (event) => {
    if (event.target === search || event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
    const onLine = current() >= 0;
    if ((event.key === "Enter" || event.key.startsWith("Arrow")) && !onLine) return;
    keys[event.key]();
    event.preventDefault();
  });
})();
