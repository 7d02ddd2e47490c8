// raw: everything in the profile as text.
#include <inttypes.h>
#include <stdlib.h>

#include "report/internal.h"

static void header(const struct profile *p, struct buf *out) {
  for (uint32_t i = 0; i < p->n_comments; i++) {
    buf_adds(out, "Comment: ");
    buf_str(out, profile_str(p, p->comment[i]));
    buf_addc(out, '\n');
  }
  if (p->doc_url) {
    buf_adds(out, "Doc: ");
    buf_str(out, profile_str(p, p->doc_url));
    buf_addc(out, '\n');
  }
  buf_adds(out, "PeriodType: ");
  buf_str(out, profile_str(p, p->period_type.type));
  buf_addc(out, ' ');
  buf_str(out, profile_str(p, p->period_type.unit));
  buf_addf(out, "\nPeriod: %" PRId64 "\n", p->period);
  if (p->time_nanos) {
    buf_adds(out, "Time: ");
    go_time(out, p->time_nanos);
    buf_addc(out, '\n');
  }
}

// The first four characters of the text.
static void duration(const struct profile *p, struct buf *out) {
  struct buf text = {0};
  if (p->duration_nanos == 0) return;
  go_duration(&text, p->duration_nanos);
  struct str cut = buf_view(&text);
  while (utf8_runes(cut) > 4) cut.n--;
  buf_adds(out, "Duration: ");
  buf_str(out, cut);
  buf_addc(out, '\n');
  buf_release(&text);
}

static void sample_types(const struct profile *p, struct buf *out) {
  struct buf types = {0};
  for (uint32_t i = 0; i < p->n_sample_types; i++) {
    buf_str(&types, profile_str(p, p->sample_type[i].type));
    buf_addc(&types, '/');
    buf_str(&types, profile_str(p, p->sample_type[i].unit));
    buf_adds(&types, p->sample_type[i].type == p->default_sample_type ? "[dflt] " : " ");
  }
  buf_adds(out, "Samples:\n");
  buf_str(out, str_trim_space(buf_view(&types)));
  buf_addc(out, '\n');
  out->failed |= types.failed;
  buf_release(&types);
}

// ---- labels -------------------------------------------------------------------------------------

// "key:[a b]" for the labels of one key, which stand side by side. Returns how many there are.
static uint32_t key_text(const struct view *v, const struct label *l, uint32_t n, struct buf *out) {
  uint32_t i = 0;
  buf_str(out, view_str(v, l->key));
  buf_adds(out, ":[");
  for (; i < n && l[i].key == l->key && l[i].numeric == l->numeric; i++) {
    if (i) buf_addc(out, ' ');
    if (l[i].numeric) buf_i64(out, l[i].number);
    else buf_str(out, view_str(v, l[i].text));
    if (l[i].unit != NONE) {
      buf_addc(out, ' ');
      buf_str(out, view_str(v, l[i].unit));
    }
  }
  buf_addc(out, ']');
  return i;
}

static int compare_texts(const void *a, const void *b) { return str_cmp(*(const struct str *)a, *(const struct str *)b); }

// One line of texts or of numbers. The texts of keys are sorted as wholes, which is not the order of the keys where one
// is the start of another.
static int label_line(const struct view *v, const struct label *l, uint32_t n, bool numeric, struct buf *out) {
  struct buf texts = {0};
  uint32_t keys = 0;
  struct str *text = malloc((n + 1) * sizeof *text);
  size_t *end = malloc((n + 1) * sizeof *end);
  for (uint32_t i = 0; i < n && text && end;) {
    if (l[i].numeric != numeric || !view_shows(v, &l[i])) {
      i++;
      continue;
    }
    i += key_text(v, &l[i], n - i, &texts);
    end[keys++] = texts.n;
  }
  for (uint32_t i = 0; i < keys && !texts.failed; i++) {
    size_t from = i ? end[i - 1] : 0;
    text[i] = (struct str){texts.data + from, end[i] - from};
  }
  if (keys && !texts.failed) {
    qsort(text, keys, sizeof *text, compare_texts);
    buf_pad(out, ' ', 16);
    for (uint32_t i = 0; i < keys; i++) {
      if (i) buf_addc(out, ' ');
      buf_str(out, text[i]);
    }
    buf_addc(out, '\n');
  }
  bool ok = text && end && !texts.failed;
  free(text);
  free(end);
  buf_release(&texts);
  return ok ? 0 : -1;
}

static int sample_text(const struct view *v, uint32_t sample, struct buf *out) {
  const struct profile *p = v->profile;
  const int64_t *values = profile_values(p, sample);
  uint32_t depth, n_labels;
  const uint32_t *stack = view_stack(v, sample, &depth);
  for (uint32_t i = 0; i < p->n_sample_types; i++) buf_addf(out, " %10" PRId64, values[i]);
  buf_adds(out, ": ");
  for (uint32_t i = 0; i < depth; i++) {
    buf_addf(out, "%" PRIu64 " ", v->places->location[stack[i]].id);
  }
  buf_addc(out, '\n');
  const struct label *l = profile_labels(p, profile_label_set(p, sample), &n_labels);
  if (n_labels == 0) return 0;
  return label_line(v, l, n_labels, false, out) || label_line(v, l, n_labels, true, out) ? -1 : 0;
}

// ---- places -------------------------------------------------------------------------------------

static void line_text(const struct view *v, const struct line *l, struct buf *out) {
  const struct function *f = &v->places->function[l->function];
  buf_str(out, view_str(v, f->name));
  buf_addc(out, ' ');
  buf_str(out, view_str(v, f->filename));
  buf_addf(out, ":%" PRId64 ":%" PRId64 " s=%" PRId64, l->line, l->column, f->start_line);
  if (f->name != f->system_name) {
    buf_addc(out, '(');
    buf_str(out, view_str(v, f->system_name));
    buf_addc(out, ')');
  }
  buf_addc(out, '\n');
}

static void location_text(const struct view *v, const struct location *l, struct buf *out) {
  buf_addf(out, "%6" PRIu64 ": 0x%" PRIx64 " ", l->id, l->address);
  if (l->mapping != NONE) buf_addf(out, "M=%" PRIu64 " ", v->places->mapping[l->mapping].id);
  if (l->folded) buf_adds(out, "[F] ");
  if (l->n_lines == 0) buf_addc(out, '\n');
  for (uint32_t i = 0; i < l->n_lines; i++) {
    if (i) buf_pad(out, ' ', 13);
    line_text(v, &v->places->line[l->first_line + i], out);
  }
}

static void mapping_text(const struct view *v, const struct mapping *m, struct buf *out) {
  buf_addf(out, "%" PRIu64 ": 0x%" PRIx64 "/0x%" PRIx64 "/0x%" PRIx64 " ", m->id, m->start, m->limit, m->offset);
  buf_str(out, view_str(v, m->file));
  buf_addc(out, ' ');
  buf_str(out, view_str(v, m->build_id));
  buf_addc(out, ' ');
  if (m->has_functions) buf_adds(out, "[FN]");
  if (m->has_filenames) buf_adds(out, "[FL]");
  if (m->has_line_numbers) buf_adds(out, "[LN]");
  if (m->has_inline_frames) buf_adds(out, "[IN]");
  buf_addc(out, '\n');
}

int report_raw(const struct report *r, struct buf *out, struct err *e) {
  const struct view *v = r->view;
  header(v->profile, out);
  duration(v->profile, out);
  sample_types(v->profile, out);
  for (uint32_t s = 0; s < v->profile->n_samples; s++)
    if (view_has(v, s) && sample_text(v, s, out)) return err_nomem(e);
  buf_adds(out, "Locations\n");
  for (uint32_t i = 0; i < v->places->n_locations; i++) location_text(v, &v->places->location[i], out);
  buf_adds(out, "Mappings\n");
  for (uint32_t i = 0; i < v->places->n_mappings; i++) mapping_text(v, &v->places->mapping[i], out);
  return out->failed ? err_nomem(e) : 0;
}
