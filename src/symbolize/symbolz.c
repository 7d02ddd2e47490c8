// URLs and answers of symbolz. Both are other people's bytes.
#include "symbolize/symbolz.h"

#include "http/url.h"

// ---- the URL ------------------------------------------------------------------------------------

static bool has_odd_bytes(struct str s) {
  for (size_t i = 0; i < s.n; i++)
    if ((unsigned char)s.p[i] <= ' ' || s.p[i] == 0x7f) return true;
  return false;
}

// Servers written in Go, and those with gperftools, call it `symbol`.
static bool is_plain_symbol(struct str path) {
  static const char *const ends[] = {"/pprof/heap", "/pprof/growth", "/pprof/profile", "/pprof/pmuprofile",
                                     "/pprof/contention"};
  for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
    if (str_ends(path, str_of(ends[i]))) return true;
  return str_find(path, STR_LIT("/debug/pprof/")) != SIZE_MAX;
}

bool symbolz_url(struct buf *out, struct str profile, bool own) {
  struct url u;
  if (has_odd_bytes(profile) || !url_split(profile, &u)) return false;
  enum url_kind kind = url_kind_of(&u);
  if (kind == URL_OTHER || (!own && kind != URL_HTTP && kind != URL_HTTPS)) return false;
  struct buf asked = {0};
  buf_str(&asked, u.path);
  buf_adds(&asked, is_plain_symbol(u.path) ? "/../symbol" : "/../symbolz");
  buf_add(out, profile.p, (size_t)(u.path.p - profile.p));
  path_clean(out, buf_view(&asked));
  out->failed |= asked.failed;
  buf_release(&asked);
  return true;
}

// ---- the answer ---------------------------------------------------------------------------------

static bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r' && c != '\v'); }

// The first address in the line that white space follows: its digits, and the name behind the space.
static bool split_line(struct str line, struct str *digits, struct str *name) {
  for (size_t i = 0; i + 2 < line.n; i++) {
    if (line.p[i] != '0' || line.p[i + 1] != 'x') continue;
    size_t end = i + 2;
    while (end < line.n && hex_digit(line.p[end]) >= 0) end++;
    size_t space = end;
    while (space < line.n && is_space(line.p[space])) space++;
    if (end == i + 2 || space == end) continue;
    *digits = (struct str){line.p + i + 2, end - i - 2};
    *name = (struct str){line.p + space, line.n - space};
    if (name->n) name->n--;  // the end of the line
    return true;
  }
  return false;
}

int symbolz_read(struct str answer, symbolz_take *take, void *arg, struct err *e) {
  struct str digits, name;
  uint64_t address;
  int result = 0;
  while (answer.n && !result) {
    const char *end = memchr(answer.p, '\n', answer.n);
    if (!end) break;
    struct str line = {answer.p, (size_t)(end - answer.p) + 1};
    answer = (struct str){end + 1, answer.n - line.n};
    if (!split_line(line, &digits, &name)) continue;
    result = hex_number(digits, &address) ? take(arg, address, name)
                                          : err_set(e, "the answer has an address of more than 64 bits");
  }
  return result;
}
