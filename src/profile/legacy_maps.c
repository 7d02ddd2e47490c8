// Memory maps: /proc/PID/maps and briefer forms.
//   00400000-00fcb000 r-xp 00000000 08:01 131     /home/app
//   0x400000-0xfcb000: /home/app (@ff00) abc123
// A map is read leniently: lines that fit neither form are skipped (or define an attribute), log prefixes are taken
// off, mappings without code are left out. What the reference's two patterns match by backtracking is spelled out.
#include "profile/legacy_parts.h"

struct entry {
  struct str start, limit, perm, offset, file, build_id;
};

static void skip_0x(struct str *s) {
  struct str behind = *s;
  if (text_skip(&behind, "0x") && text_take(&(struct str){behind.p, behind.n}, IN_HEX).n) *s = behind;
}

// White space, then a run of the class; nothing is taken unless both are there.
static struct str take_spaced(struct str *s, unsigned classes) {
  struct str at = *s;
  if (!text_take(&at, IN_SPACE).n) return (struct str){at.p, 0};
  struct str run = text_take(&at, classes);
  if (run.n) *s = at;
  return run;
}

// START[- ] LIMIT[:]. With `glued` the numbers are one run of digits, the last of which is the limit: senseless, but
// the reference's pattern, where the separator is optional, falls back to it.
static bool take_range(struct str *s, bool glued, struct entry *m) {
  text_take(s, IN_SPACE);
  skip_0x(s);
  m->start = text_take(s, IN_HEX);
  if (glued && m->start.n >= 2) {
    m->start.n--;
    *s = (struct str){s->p - 1, s->n + 1};
  } else if (glued || m->start.n == 0) {
    return false;
  } else {
    text_skip(s, "-");
    text_take(s, IN_SPACE);
  }
  skip_0x(s);
  m->limit = text_take(s, IN_HEX);
  text_skip(s, ":");
  return m->limit.n > 0;
}

// RANGE [PERM] [OFFSET] DEVICE:DEVICE INODE [FILE]
static bool match_proc(struct str s, bool glued, struct entry *m) {
  *m = (struct entry){0};
  if (!take_range(&s, glued, m)) return false;
  m->perm = take_spaced(&s, IN_PERM);
  struct str major = take_spaced(&s, IN_HEX);
  if (major.n && !(s.n && s.p[0] == ':')) {
    m->offset = major;
    major = take_spaced(&s, IN_HEX);
  }
  if (!major.n || !text_skip(&s, ":") || !text_take(&s, IN_HEX).n || !take_spaced(&s, IN_DIGIT).n) return false;
  m->file = take_spaced(&s, IN_VISIBLE);
  return true;
}

// RANGE [PERM] [FILE] [(@OFFSET)] [BUILD ID]
static bool match_brief(struct str s, bool glued, struct entry *m) {
  *m = (struct entry){0};
  if (!take_range(&s, glued, m)) return false;
  m->perm = take_spaced(&s, IN_PERM);
  m->file = take_spaced(&s, IN_VISIBLE);
  struct str at = s;
  if (text_take(&at, IN_SPACE).n && text_skip(&at, "(@")) {
    struct str offset = text_take(&at, IN_HEX);
    if (offset.n && text_skip(&at, ")")) {
      m->offset = offset;
      s = at;
    }
  }
  m->build_id = take_spaced(&s, IN_HEX);
  return true;
}

static int add_mapping(struct draft *d, const struct mapping *m, struct err *e) {
  if (d->n_mappings == NONE - 1) return err_set(e, "too many mappings");
  if (ARRAY_RESERVE(d->mapping, d->mapping_cap, (size_t)d->n_mappings + 1)) return err_nomem(e);
  d->mapping[d->n_mappings++] = *m;
  return 0;
}

// *used: the line was an entry, though maybe one without code.
static int read_entry(struct draft *d, struct str line, bool *used, struct err *e) {
  struct entry at;
  struct mapping m = {0};
  *used = match_proc(line, false, &at) || match_proc(line, true, &at) || match_brief(line, false, &at) ||
          match_brief(line, true, &at);
  if (!*used) return 0;
  if (at.perm.n && !memchr(at.perm.p, 'x', at.perm.n)) return 0;
  *used = text_uint64(at.start, 16, &m.start) && text_uint64(at.limit, 16, &m.limit) &&
          (at.offset.n == 0 || text_uint64(at.offset, 16, &m.offset));
  if (!*used) return 0;
  m.file = profile_add_string(d->p, at.file);
  m.build_id = profile_add_string(d->p, at.build_id);
  if (m.file == NONE || m.build_id == NONE) return err_nomem(e);
  return add_mapping(d, &m, e);
}

// Takes a log line's "file:line] " off. No bracket may come before it.
static struct str without_log_prefix(struct str line) {
  size_t end = 0;
  while (end < line.n && line.p[end] != '[' && line.p[end] != ']') end++;
  if (end == line.n || line.p[end] == '[') return line;
  struct str rest = {line.p + end + 1, line.n - end - 1};
  if (rest.n == 0 || !text_take(&(struct str){rest.p, 1}, IN_SPACE).n) return line;
  size_t digits = end;
  while (digits && line.p[digits - 1] >= '0' && line.p[digits - 1] <= '9') digits--;
  if (digits == end || digits < 2 || line.p[digits - 1] != ':') return line;
  return (struct str){rest.p + 1, rest.n - 1};
}

int maps_read(struct draft *d, struct text_lines *t, struct err *e) {
  int result = -1;
  struct attributes attributes = {.budget = ((size_t)1 << 20) + (t->rest.n < SIZE_MAX / 32 ? t->rest.n * 16 : 0)};
  while (text_next(t)) {
    struct str line = without_log_prefix(t->line);
    bool used;
    if (attributes_expand(&attributes, &line, e) || read_entry(d, line, &used, e)) {
      err_wrap(e, "line %zu", t->number);
      goto done;
    }
    if (!used && attributes_define(&attributes, line, e)) goto done;
  }
  result = text_too_long(t, e);
done:
  attributes_release(&attributes);
  return result;
}

int maps_find_and_read(struct draft *d, struct text_lines *t, struct err *e) {
  while (!text_announces_maps(t->line) && text_next(t)) {
  }
  return t->too_long ? text_too_long(t, e) : maps_read(d, t, e);
}
