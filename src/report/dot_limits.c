// What Graphviz cannot take, put in a way that it can. Texts that it can take pass unchanged.
#include "report/picture.h"

// It reads no quoted text of more than 16 KiB at once, but any number of them joined by plus signs. It gives up on
// boxes and edges longer than 65,535 points, which a line of some thousand letters reaches.
enum { LONGEST_QUOTED = 16000, LONGEST_LINE = 2000, FOLDED_LINE = 200 };

struct scan {
  struct buf *out;
  size_t quoted;  // bytes since the quote that opened, itself included; 0 outside of quotes
  size_t line;    // bytes since the line began
  bool fold;      // the line is too long
};

static bool starts_character(char c) { return ((unsigned char)c & 0xc0) != 0x80; }
static bool is_escape(struct str rest) { return rest.n > 1 && rest.p[0] == '\\' && rest.p[1]; }

static bool is_line_break(struct str rest) {
  return rest.p[0] == '\n' || (is_escape(rest) && memchr("nlr", rest.p[1], 3));
}

static bool line_is_too_long(struct str rest) {
  size_t n = 0;
  while (n < rest.n && n <= LONGEST_LINE && rest.p[n] != '"' && !is_line_break((struct str){rest.p + n, rest.n - n}))
    n += 1 + is_escape((struct str){rest.p + n, rest.n - n});
  return n > LONGEST_LINE;
}

static void begin_line(struct scan *s, struct str rest) {
  s->line = 0;
  s->fold = line_is_too_long(rest);
}

static void take_quote(struct scan *s, struct str rest) {
  s->quoted = !s->quoted;
  buf_addc(s->out, '"');
  if (s->quoted) begin_line(s, (struct str){rest.p + 1, rest.n - 1});
}

// One character or escape of a quoted text. Returns its size.
static size_t take_quoted(struct scan *s, struct str rest) {
  size_t n = 1 + is_escape(rest);
  if (starts_character(rest.p[0]) && s->quoted > LONGEST_QUOTED) {
    buf_adds(s->out, "\" + \"");
    s->quoted = 1;
  }
  if (starts_character(rest.p[0]) && s->fold && s->line >= FOLDED_LINE && !is_line_break(rest)) {
    buf_adds(s->out, "\\n");
    s->quoted += 2;
    s->line = 0;
  }
  buf_add(s->out, rest.p, n);
  s->quoted += n;
  s->line += n;
  if (is_line_break(rest)) begin_line(s, (struct str){rest.p + n, rest.n - n});
  return n;
}

void dot_make_drawable(struct buf *out, struct str text) {
  struct scan s = {.out = out};
  for (size_t i = 0; i < text.n;) {
    struct str rest = {text.p + i, text.n - i};
    if (rest.p[0] == '\0') buf_adds(out, "\xef\xbf\xbd"), i++;  // would end the file
    else if (rest.p[0] == '"') take_quote(&s, rest), i++;
    else if (s.quoted) i += take_quoted(&s, rest);
    else buf_addc(out, rest.p[0]), i++;
  }
}
