// weblist: source and machine code side by side, as one HTML file.
//
// The page is made of the files in assets/ when cprof is built. What is written here is its title and its content,
// plain markup that can be read without the script; the script adds folding, search and keys.
#include "report/weblist.h"

#include <inttypes.h>

#include "report/page.h"

enum { LONGEST_NAME = 1024, LONGEST_LINE = 4096, LONGEST_PATH = 4096 };

struct page {
  struct weblist *w;
  struct buf *out;
  struct buf cell;
  int64_t hottest;  // |cum| of the heaviest line
  bool classes;     // depth and heat are classes (depth3, heat7 of 10), since the page's policy takes no styles in tags
  size_t most;      // bytes of `out` after which no line is begun
  struct err *e;
};

static bool is_full(const struct page *p) { return p->out->n >= p->most; }

static struct str text(const struct page *p, uint32_t number) { return strings_at(&p->w->strings, number); }

static void value(struct page *p, const char *kind, int64_t v) {
  buf_clear(&p->cell);
  if (v == 0) buf_addc(&p->cell, '.');
  else report_value(p->w->r, p->w->r->o.output_unit, &p->cell, v);
  buf_addf(p->out, "<td class=%s>", kind);
  page_html(p->out, buf_view(&p->cell), LONGEST_NAME);
}

// ---- instructions ---------------------------------------------------------------------------------

static const struct source_text *source_of(struct page *p, uint32_t file) {
  return report_source(p->w->r, text(p, file), p->e);
}

static struct str source_line(const struct source_text *t, int64_t line) {
  return t && line > 0 && (uint64_t)line <= t->n ? t->line[line - 1] : (struct str){NULL, 0};
}

static void place(struct page *p, const struct weblist_place *at) {
  buf_adds(p->out, "<td class=place>");
  if (at->file == 0) return;
  page_html(p->out, path_base(text(p, at->file)), LONGEST_PATH);
  if (at->line) buf_addf(p->out, ":%" PRId64, at->line);
}

static void begin_code(struct page *p, uint32_t depth) {
  if (depth > 16) depth = 16;
  if (p->classes) buf_addf(p->out, "<td class=\"code depth%" PRIu32 "\">", depth);
  else buf_addf(p->out, "<td class=code style=\"--depth:%" PRIu32 "\">", depth);
}

// A call that was inlined, with its source.
static int call_row(struct page *p, const struct weblist_place *at, uint32_t depth) {
  const struct source_text *t = at->file ? source_of(p, at->file) : NULL;
  if (at->file && !t) return -1;
  buf_adds(p->out, "<tr class=call><td><td><td>");
  begin_code(p, depth);
  page_html(p->out, str_trim_space(source_line(t, at->line)), LONGEST_LINE);
  place(p, at);
  buf_addc(p->out, '\n');
  return 0;
}

static bool same_call(const struct weblist_place *a, const struct weblist_place *b) {
  return a->file == b->file && a->line == b->line;
}

// The calls that are others than those of the use before.
static int call_rows(struct page *p, const struct weblist_use *u, const struct weblist_use *before) {
  const struct weblist_place *call = p->w->call;
  bool same = before != NULL;
  for (uint32_t i = 0; i < u->n_calls; i++) {
    same = same && i < before->n_calls && same_call(&call[u->first_call + i], &call[before->first_call + i]);
    if (!same && call_row(p, &call[u->first_call + i], i)) return -1;
  }
  return 0;
}

static int instruction_row(struct page *p, const struct weblist_use *u, const struct weblist_use *before) {
  const struct weblist_instruction *in = &p->w->instruction[u->instruction];
  const struct weblist_instruction *last = before ? &p->w->instruction[before->instruction] : NULL;
  if (call_rows(p, u, before)) return -1;
  bool gap = last && in->address != last->address + last->length;
  buf_addf(p->out, "<tr class=\"in%s%s\">", gap ? " gap" : "", in->flat || in->cum ? " hot" : "");
  value(p, "v", in->flat);
  value(p, "v", in->cum);
  buf_addf(p->out, "<td class=addr>%" PRIx64, in->address);
  begin_code(p, u->n_calls);
  page_html(p->out, in->text.n ? in->text : STR_LIT("(no machine code)"), LONGEST_LINE);
  place(p, &in->place);
  buf_addc(p->out, '\n');
  return 0;
}

// ---- lines ----------------------------------------------------------------------------------------

struct line_uses {
  uint32_t first, last;
  int64_t flat, cum;
};

// Is there more to unfold than the line itself?
static bool has_code(const struct page *p, const struct line_uses *u) {
  for (uint32_t i = u->first; i < u->last; i++)
    if (p->w->use[i].n_calls || p->w->instruction[p->w->use[i].instruction].text.n) return true;
  return false;
}

static int code_rows(struct page *p, const struct line_uses *u) {
  buf_adds(p->out, "<tr class=asm><td colspan=4><table>\n");
  for (uint32_t i = u->first; i < u->last && !is_full(p); i++)
    if (instruction_row(p, &p->w->use[i], i > u->first ? &p->w->use[i - 1] : NULL)) return -1;
  buf_adds(p->out, "</table>\n");
  return 0;
}

static int line_row(struct page *p, int64_t number, struct str source, const struct line_uses *u) {
  bool code = has_code(p, u), hot = u->flat || u->cum;
  int heat = p->hottest > 0 ? (int)((double)wrap_abs(u->cum) * 100 / (double)p->hottest) : 0;
  if (heat < 0) heat = 0;
  buf_addf(p->out, "<tr class=\"line%s%s", hot ? " hot" : "", code ? " has" : "");
  if (p->classes) buf_addf(p->out, " heat%d\"><td class=n>", (heat + 9) / 10);
  else buf_addf(p->out, "\" style=\"--heat:%d%%\"><td class=n>", heat);
  if (number > 0) buf_i64(p->out, number);
  value(p, "v", u->flat);
  value(p, "v", u->cum);
  buf_adds(p->out, "<td class=src>");
  page_html(p->out, source, LONGEST_LINE);
  buf_addc(p->out, '\n');
  return code ? code_rows(p, u) : 0;
}

static struct line_uses uses_of_line(const struct weblist *w, const struct weblist_part *part, uint32_t from,
                                     int64_t line) {
  struct line_uses u = {.first = from, .last = from};
  for (; u.last < part->last && w->use[u.last].at.line == line; u.last++) {
    const struct weblist_instruction *in = &w->instruction[w->use[u.last].instruction];
    u.flat = wrap_add(u.flat, in->flat);
    u.cum = wrap_add(u.cum, in->cum);
  }
  return u;
}

static int write_lines(struct page *p, const struct weblist_part *part, const struct source_text *t) {
  uint32_t next = part->first;
  for (int64_t line = part->begin; line < part->end && !is_full(p); line++) {
    struct line_uses u = uses_of_line(p->w, part, next, line);
    next = u.last;
    bool there = line > 0 && (uint64_t)line <= t->n;
    // Lines beyond the file, or of a file that is not there, are shown only where something is known of them.
    if (!there && u.first == u.last) {
      if (next == part->last) break;
      line = p->w->use[next].at.line - 1;
      continue;
    }
    struct str source = there ? t->line[line - 1] : line ? STR_LIT("…") : STR_LIT("(line not known)");
    if (line_row(p, line, source, &u)) return -1;
  }
  return 0;
}

// ---- parts ----------------------------------------------------------------------------------------

static int write_part(struct page *p, const struct weblist_part *part, uint32_t number) {
  const struct source_text *t = source_of(p, part->file);
  if (!t) return -1;
  buf_addf(p->out, "<section id=part%" PRIu32 "><h2>", number);
  page_html(p->out, text(p, part->function), LONGEST_NAME);
  buf_adds(p->out, "</h2><p class=file>");
  page_html(p->out, part->file ? text(p, part->file) : STR_LIT("(file not known)"), LONGEST_PATH);
  buf_adds(p->out, "</p><p class=sum>flat <b>");
  buf_clear(&p->cell);
  report_value(p->w->r, p->w->r->o.output_unit, &p->cell, part->flat);
  buf_adds(&p->cell, "</b>, cum <b>");
  report_value(p->w->r, p->w->r->o.output_unit, &p->cell, part->cum);
  buf_adds(&p->cell, "</b>, ");
  report_share(p->w->r, &p->cell, part->cum);
  buf_str(p->out, buf_view(&p->cell));
  buf_adds(p->out, " of the total</p>");
  if (t->why.n) {
    buf_adds(p->out, "<p class=why>");
    page_html(p->out, t->why, LONGEST_PATH);
    buf_adds(p->out, "</p>");
  }
  buf_adds(p->out, "\n<table class=lines><thead><tr><th>Line<th>Flat<th>Cum<th>Source</thead>\n");
  int result = write_lines(p, part, t);
  buf_adds(p->out, "</table></section>\n");
  return result;
}

static void find_hottest(struct page *p) {
  for (uint32_t i = 0; i < p->w->n_parts; i++)
    for (uint32_t at = p->w->part[i].first; at < p->w->part[i].last;) {
      struct line_uses u = uses_of_line(p->w, &p->w->part[i], at, p->w->use[at].at.line);
      if (wrap_abs(u.cum) > p->hottest) p->hottest = wrap_abs(u.cum);
      at = u.last;
    }
}

static void write_about(struct page *p) {
  const struct report *r = p->w->r;
  buf_adds(p->out, "<h1>");
  page_html(p->out, rx_pattern(r->o.symbol), LONGEST_NAME);
  buf_adds(p->out, "</h1>\n<pre id=about>");
  buf_clear(&p->cell);
  if (!r->o.compact_labels) report_profile_header(r, r->o.output_unit, &p->cell);
  buf_adds(&p->cell, "Total: ");
  report_value(r, r->o.output_unit, &p->cell, r->total);
  page_html(p->out, buf_view(&p->cell), LONGEST_LINE);
  buf_adds(p->out, "</pre>\n");
}

static void write_reason(struct page *p) {
  if (p->w->reason.n == 0) return;
  buf_adds(p->out, "<p class=why>No machine code: ");
  page_html(p->out, buf_view(&p->w->reason), LONGEST_LINE);
  buf_adds(p->out, "</p>\n");
}

static int write_parts(struct page *p) {
  uint32_t i = 0;
  find_hottest(p);
  for (; i < p->w->n_parts && !is_full(p); i++)
    if (write_part(p, &p->w->part[i], i)) return -1;
  if (is_full(p))
    buf_addf(p->out,
             "<p class=cut>Cut here: %" PRIu32 " of %" PRIu32 " parts are shown. A longer name matches fewer.</p>\n", i,
             p->w->n_parts);
  return p->out->failed || p->cell.failed || p->w->reason.failed ? err_nomem(p->e) : 0;
}

int report_weblist(const struct report *r, struct buf *out, struct err *e) {
  struct weblist w;
  struct page p = {.w = &w, .out = out, .most = SIZE_MAX, .e = e};
  int result = weblist_init(&w, r, e);
  if (!result) {
    buf_add(out, weblist_page_head, weblist_page_head_size);
    page_html(out, rx_pattern(r->o.symbol), LONGEST_NAME);
    buf_add(out, weblist_page_body, weblist_page_body_size);
    write_about(&p);
    write_reason(&p);
    result = write_parts(&p);
    buf_add(out, weblist_page_tail, weblist_page_tail_size);
    if (!result && out->failed) result = err_nomem(e);
  }
  weblist_release(&w);
  buf_release(&p.cell);
  return result;
}

int report_weblist_parts(const struct report *r, struct buf *out, struct err *e) {
  struct weblist w;
  struct page p = {.w = &w, .out = out, .classes = true, .most = out->n + REPORT_PAGE_MOST, .e = e};
  int result = weblist_init(&w, r, e);
  if (!result) {
    write_reason(&p);
    result = write_parts(&p);
  }
  weblist_release(&w);
  buf_release(&p.cell);
  return result;
}
