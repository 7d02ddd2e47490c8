// Answers: the status line, two headers, and a body that is kept or, where it explains a failure, quoted.
#include <strings.h>

#include "http/internal.h"

enum { MOST_WORDS = 400, PASSED_OVER = 64 << 10, STATUS_OK = 200 };

// ---- text of strangers --------------------------------------------------------------------------

// Control characters move the cursor and colour terminals; those beyond ASCII (U+0080 to U+009F) do so, too. Marks of
// direction (U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069) turn what stands behind them around.
static bool is_plain(struct str rune) {
  const unsigned char *c = (const unsigned char *)rune.p;
  if (rune.n == 1) return *c > ' ' && *c < 0x7f;
  if (*c == 0xc2) return c[1] >= 0xa0;
  if (*c != 0xe2) return true;
  bool mark = c[1] == 0x80 && (c[2] == 0x8e || c[2] == 0x8f || (c[2] >= 0xaa && c[2] <= 0xae));
  return !mark && !(c[1] == 0x81 && c[2] >= 0xa6 && c[2] <= 0xa9);
}

// Fills `out` with the text on one line: what is not plain becomes one space.
static void clean(struct str text, char *out, size_t size) {
  size_t n = 0;
  for (size_t length; text.n; text = (struct str){text.p + length, text.n - length}) {
    length = utf8_rune_length(text);
    struct str rune = {text.p, length};
    bool plain = is_plain(rune);
    if (!plain && (n == 0 || out[n - 1] == ' ')) continue;
    if (!plain) rune = STR_LIT(" ");
    if (n + rune.n >= size) break;
    memcpy(out + n, rune.p, rune.n);
    n += rune.n;
  }
  while (n && out[n - 1] == ' ') n--;
  out[n] = '\0';
}

// ---- receiving ----------------------------------------------------------------------------------

// "HTTP/1.1 404 Not Found", "HTTP/2 404".
static bool take_status(struct receiver *r, struct str line) {
  if (!str_starts(line, STR_LIT("HTTP/"))) return false;
  const char *end = line.p + line.n, *at = memchr(line.p, ' ', line.n);
  r->status = 0;
  for (at = at ? at + 1 : end; at < end && *at >= '0' && *at <= '9' && r->status < 1000; at++)
    r->status = r->status * 10 + (*at - '0');
  clean((struct str){at, (size_t)(end - at)}, r->status_text, sizeof r->status_text);
  r->answer->type[0] = '\0';
  return true;
}

size_t receive_header(char *bytes, size_t one, size_t n, void *receiver) {
  static const char type[] = "content-type:";
  struct receiver *r = receiver;
  (void)one;  // is 1
  if (!take_status(r, (struct str){bytes, n}) && n >= sizeof type && strncasecmp(bytes, type, sizeof type - 1) == 0)
    clean((struct str){bytes + sizeof type - 1, n - sizeof type + 1}, r->answer->type, sizeof r->answer->type);
  return n;
}

size_t receive_body(char *bytes, size_t one, size_t n, void *receiver) {
  struct receiver *r = receiver;
  struct buf *to = r->status == STATUS_OK ? &r->answer->body : &r->words;
  (void)one;
  r->too_long = n > (to == &r->words ? PASSED_OVER - r->words.n : r->left);
  if (r->too_long) return 0;
  if (to != &r->words) r->left -= n;
  buf_add(to, bytes, n);
  return to->failed ? 0 : n;
}

// ---- a status that is none of success -----------------------------------------------------------

int receiver_result(const struct receiver *r, struct err *e) {
  char words[MOST_WORDS] = "";
  if (r->status == STATUS_OK) return 0;
  if (strncasecmp(r->answer->type, "text/plain", 10) == 0) clean(buf_view(&r->words), words, sizeof words);
  return err_set(e, "the server answers with status %ld%s%s%s%s", r->status, r->status_text[0] ? " " : "",
                 r->status_text, words[0] ? ": " : "", words);
}
