// Options from and to queries.
#include "web/url_options.h"

#include <strings.h>

// The prompt's and the reference's words for booleans are more than those of flags.
static const char *bool_word(const char *text) {
  static const char *const yes[] = {"y", "yes", "t", "true"}, *const no[] = {"n", "no", "f", "false"};
  for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
    if (strcasecmp(text, yes[i]) == 0) return "true";
    if (strcasecmp(text, no[i]) == 0) return "false";
  }
  return text;
}

int url_options_apply(struct options *o, const struct query *q, struct err *e) {
  for (size_t i = 0; i < option_count; i++) {
    const struct option_row *row = &option_table[i];
    const char *text = row->url ? query_get(q, row->url) : NULL;
    if (!text) continue;
    if (!*text) text = row->standard;
    if (row->type == OPTION_BOOL) text = bool_word(text);
    struct err reason = {""};
    if (option_set(o, row, text, &reason)) return err_set(e, "%s=%.200s in the URL: %s", row->url, text, reason.text);
  }
  return 0;
}

void url_options_add(struct buf *out, size_t from, const struct options *o, const struct options *base) {
  struct buf text = {0}, standard = {0};
  for (size_t i = 0; i < option_count; i++) {
    const struct option_row *row = &option_table[i];
    if (!row->url) continue;
    buf_clear(&text);
    buf_clear(&standard);
    option_text(o, row, &text);
    option_text(base, row, &standard);
    struct str value = buf_view(&text);
    if (str_eq(value, buf_view(&standard))) continue;
    if (row->type == OPTION_BOOL) value.n = 1;  // t, f
    if (text.data) text.data[value.n] = '\0';
    query_add(out, from, row->url, value.n ? text.data : "");
  }
  out->failed |= text.failed || standard.failed;
  buf_release(&text);
  buf_release(&standard);
}
