// raw: everything in the profile as text.
#include <inttypes.h>

#include "report/internal.h"
#include "report/texts.h"

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
  out->failed |= text.failed;
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

// "key:[a b]" for labels of one key.
static void key_text(const struct view *v, const struct label *l, uint32_t n, struct buf *out) {
  buf_str(out, view_str(v, l->key));
  buf_adds(out, ":[");
  for (uint32_t i = 0; i < n; i++) {
    if (i) buf_addc(out, ' ');
    if (l[i].numeric) buf_i64(out, l[i].number);
    else buf_str(out, view_str(v, l[i].text));
    if (l[i].unit != NONE) {
      buf_addc(out, ' ');
      buf_str(out, view_str(v, l[i].unit));
    }
  }
  buf_addc(out, ']');
}

// One line of texts or of numbers. The texts of keys are sorted as wholes, which is not the order of the keys where one
// is the start of another.
static void label_line(const struct view *v, const struct label *l, uint32_t n, bool numeric, struct texts *texts,
                       struct buf *out) {
  texts_clear(texts);
  for (uint32_t i = 0, end; i < n; i = end) {
    end = report_key_end(l, n, i);
    if (l[i].numeric != numeric || !view_shows(v, &l[i])) continue;
    key_text(v, &l[i], end - i, &texts->bytes);
    texts_end(texts);
  }
  texts_sort(texts);
  out->failed |= texts->bytes.failed;
  if (texts->n == 0) return;
  buf_pad(out, ' ', 16);
  for (size_t i = 0; i < texts->n; i++) {
    if (i) buf_addc(out, ' ');
    buf_str(out, texts->at[i]);
  }
  buf_addc(out, '\n');
}

static void sample_text(const struct view *v, uint32_t sample, struct texts *texts, struct buf *out) {
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
  if (n_labels == 0) return;
  label_line(v, l, n_labels, false, texts, out);
  label_line(v, l, n_labels, true, texts, out);
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
  struct texts texts = {0};
  for (uint32_t s = 0; s < v->profile->n_samples; s++)
    if (view_has(v, s)) sample_text(v, s, &texts, out);
  texts_release(&texts);
  buf_adds(out, "Locations\n");
  for (uint32_t i = 0; i < v->places->n_locations; i++) location_text(v, &v->places->location[i], out);
  buf_adds(out, "Mappings\n");
  for (uint32_t i = 0; i < v->places->n_mappings; i++) mapping_text(v, &v->places->mapping[i], out);
  return out->failed ? err_nomem(e) : 0;
}
