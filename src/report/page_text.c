// Text of any bytes as JSON inside HTML, and as HTML.
#include "report/page.h"

// How many bytes the UTF-8 sequence at the start has; 0 when it is none that is valid.
static size_t sequence(const unsigned char *p, size_t n) {
  size_t length = p[0] < 0x80 ? 1 : p[0] < 0xc2 ? 0 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : p[0] < 0xf5 ? 4 : 0;
  if (length > n) return 0;
  for (size_t i = 1; i < length; i++)
    if ((p[i] & 0xc0) != 0x80) return 0;
  // Too long for their character, surrogates, and what lies above U+10FFFF.
  if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) || (p[0] == 0xf0 && p[1] < 0x90) ||
      (p[0] == 0xf4 && p[1] > 0x8f))
    return 0;
  return length;
}

static bool continues(struct str s, size_t at) { return at < s.n && ((unsigned char)s.p[at] & 0xc0) == 0x80; }

// Writes a character: `p` has `n` bytes, of which n > 1 need no escape but for two separators.
typedef void write_character(struct buf *out, const unsigned char *p, size_t n);

static void json_character(struct buf *out, const unsigned char *p, size_t n) {
  bool separator = n == 3 && p[0] == 0xe2 && p[1] == 0x80 && (p[2] & 0xfe) == 0xa8;
  if (separator) buf_addf(out, "\\u20%x", p[2] - 0xa8 + 0x28);
  else if (n > 1) buf_add(out, p, n);
  else if (p[0] < 0x20 || p[0] == 0x7f || strchr("<>&\"\\'", p[0])) buf_addf(out, "\\u%04x", p[0]);
  else buf_addc(out, (char)p[0]);
}

static void html_character(struct buf *out, const unsigned char *p, size_t n) {
  if (n == 1 && p[0] < 0x20) buf_addc(out, ' ');
  else if (n == 1 && strchr("<>&\"'", p[0])) buf_addf(out, "&#%d;", p[0]);
  else buf_add(out, p, n);
}

static void write_part(struct buf *out, struct str s, write_character *write) {
  for (size_t i = 0; i < s.n;) {
    size_t n = sequence((const unsigned char *)s.p + i, s.n - i);
    if (n) write(out, (const unsigned char *)s.p + i, n);
    else buf_adds(out, "\xef\xbf\xbd");
    i += n ? n : 1;
  }
}

static void write_text(struct buf *out, struct str s, size_t most, write_character *write) {
  if (s.n <= most) {
    write_part(out, s, write);
    return;
  }
  // The start tells more than the end. Cuts don't go through a character.
  size_t head = most / 3 * 2, tail = s.n - (most - head - 3);
  for (int i = 0; i < 3 && continues(s, head); i++) head--;
  for (int i = 0; i < 3 && continues(s, tail); i++) tail++;
  write_part(out, (struct str){s.p, head}, write);
  buf_adds(out, "…");
  write_part(out, (struct str){s.p + tail, s.n - tail}, write);
}

void page_json(struct buf *out, struct str text, size_t most) {
  buf_addc(out, '"');
  write_text(out, text, most, json_character);
  buf_addc(out, '"');
}

void page_html(struct buf *out, struct str text, size_t most) { write_text(out, text, most, html_character); }
