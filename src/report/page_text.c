// Text of any bytes as JSON inside HTML, and as HTML.
#include "report/page.h"

#include "base/html.h"

static void json_character(struct buf *out, struct str character) {
  const unsigned char *p = (const unsigned char *)character.p;
  bool separator = character.n == 3 && p[0] == 0xe2 && p[1] == 0x80 && (p[2] & 0xfe) == 0xa8;
  if (separator) buf_addf(out, "\\u20%x", p[2] - 0xa8 + 0x28);
  else if (character.n > 1) buf_str(out, character);
  else if (p[0] >= 0x80) buf_adds(out, "\xef\xbf\xbd");
  else if (p[0] < 0x20 || p[0] == 0x7f || strchr("<>&\"\\'", p[0])) buf_addf(out, "\\u%04x", p[0]);
  else buf_addc(out, (char)p[0]);
}

// How many bytes at the start need no thought.
static size_t plain_prefix(struct str s) {
  size_t n = 0;
  while (n < s.n && (s.p[n] == ' ' || s.p[n] == '#' ||
                     (s.p[n] > '\'' && s.p[n] < 0x7f && s.p[n] != '<' && s.p[n] != '>' && s.p[n] != '\\')))
    n++;
  return n;
}

static void json_text(struct buf *out, struct str text) {
  while (text.n) {
    size_t n = plain_prefix(text);
    buf_add(out, text.p, n);
    text = (struct str){text.p + n, text.n - n};
    if (text.n == 0) return;
    n = utf8_rune_length(text);
    json_character(out, (struct str){text.p, n});
    text = (struct str){text.p + n, text.n - n};
  }
}

static bool continues(struct str s, size_t at) { return at < s.n && ((unsigned char)s.p[at] & 0xc0) == 0x80; }

static void write_bounded(struct buf *out, struct str s, size_t most, void (*write)(struct buf *out, struct str text)) {
  if (s.n <= most) {
    write(out, s);
    return;
  }
  // The start tells more than the end. Cuts don't go through a character.
  size_t head = most / 3 * 2, tail = s.n - (most - head - 3);
  for (int i = 0; i < 3 && continues(s, head); i++) head--;
  for (int i = 0; i < 3 && continues(s, tail); i++) tail++;
  write(out, (struct str){s.p, head});
  buf_adds(out, "…");
  write(out, (struct str){s.p + tail, s.n - tail});
}

void page_json(struct buf *out, struct str text, size_t most) {
  buf_addc(out, '"');
  write_bounded(out, text, most, json_text);
  buf_addc(out, '"');
}

void page_html(struct buf *out, struct str text, size_t most) { write_bounded(out, text, most, html_text); }
