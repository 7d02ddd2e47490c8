// Header of a line table: how its program is coded, and the names of files.
#include "symbolize/dwarf_line.h"

#include <libdwarf/dwarf.h>
#include <stdlib.h>

// What the names of a header are read from.
struct header {
  struct dw_lines *l;
  struct dw_object *o;
  struct cursor c;
  struct dw_shape shape;
};

static int add_directory(struct dw_lines *l, struct str name, struct err *e) {
  if (ARRAY_RESERVE(l->directory, l->cap_directories, l->n_directories + 1)) return err_nomem(e);
  l->directory[l->n_directories++] = name;
  return 0;
}

static int add_file(struct dw_lines *l, struct dw_file file, struct err *e) {
  if (ARRAY_RESERVE(l->file, l->cap_files, l->n_files + 1)) return err_nomem(e);
  l->file[l->n_files++] = file;
  return 0;
}

// Up to DWARF 4: directories from 1, number 0 is that of compilation; files from 1.
static int read_old_names(struct header *h, struct err *e) {
  if (add_directory(h->l, STR_LIT(""), e) || add_file(h->l, (struct dw_file){.name = STR_LIT("")}, e)) return -1;
  struct str name;
  while ((name = cursor_string(&h->c)).n)
    if (add_directory(h->l, name, e)) return -1;
  while ((name = cursor_string(&h->c)).n) {
    struct dw_file file = {.name = name, .directory = cursor_uleb(&h->c)};
    cursor_uleb(&h->c);
    cursor_uleb(&h->c);
    if (add_file(h->l, file, e)) return -1;
  }
  return 0;
}

static int string_at(struct header *h, enum dw_section_id id, struct str *s, struct err *e) {
  struct str bytes;
  if (dw_section(h->o, id, &bytes, e)) return -1;
  struct cursor c = cursor_at(bytes, cursor_number(&h->c, h->shape.offset_size), h->l->big);
  *s = cursor_string(&c);
  return 0;
}

static int read_path(struct header *h, uint16_t form, struct str *s, struct err *e) {
  switch (form) {
    case DW_FORM_string: *s = cursor_string(&h->c); return 0;
    case DW_FORM_line_strp: return string_at(h, SECTION_LINE_STR, s, e);
    case DW_FORM_strp: return string_at(h, SECTION_STR, s, e);
    default: dw_step(&h->c, dw_form_size(form, &h->shape), &h->shape); return 0;
  }
}

static int read_entry(struct header *h, const struct dw_attr *format, size_t n, struct dw_file *file, struct err *e) {
  for (size_t i = 0; i < n; i++) {
    if (format[i].name == DW_LNCT_path) {
      if (read_path(h, format[i].form, &file->name, e)) return -1;
    } else {
      struct dw_value v = dw_form_read(&h->c, &format[i], &h->shape, 0);
      if (format[i].name == DW_LNCT_directory_index) file->directory = v.n;
    }
  }
  return 0;
}

// A list of DWARF 5: the format of its entries, their number, the entries.
static int read_new_list(struct header *h, bool files, struct err *e) {
  struct dw_attr format[UINT8_MAX];
  size_t n = cursor_u8(&h->c);
  for (size_t i = 0; i < n; i++) {
    uint64_t content = cursor_uleb(&h->c), form = cursor_uleb(&h->c);
    if (content > UINT16_MAX || form > UINT16_MAX || form == DW_FORM_implicit_const) cursor_spoil(&h->c);
    format[i] = (struct dw_attr){(uint16_t)content, (uint16_t)form, 0};
  }
  uint64_t count = cursor_uleb(&h->c);
  if (count > cursor_left(&h->c)) cursor_spoil(&h->c);
  for (uint64_t i = 0; i < count && !h->c.bad; i++) {
    struct dw_file file = {.name = STR_LIT("")};
    if (read_entry(h, format, n, &file, e)) return -1;
    if (files ? add_file(h->l, file, e) : add_directory(h->l, file.name, e)) return -1;
  }
  return 0;
}

static int read_names(struct header *h, struct err *e) {
  if (h->l->version < 5 ? read_old_names(h, e) : read_new_list(h, false, e) || read_new_list(h, true, e)) return -1;
  return h->c.bad ? err_set(e, "the header of a line table is damaged") : 0;
}

static void read_coding(struct dw_lines *l, struct cursor *c) {
  l->least_instruction = cursor_u8(c);
  l->most_operations = l->version >= 4 ? cursor_u8(c) : 1;
  cursor_u8(c);  // default_is_stmt
  l->line_base = (int8_t)cursor_u8(c);
  l->line_range = cursor_u8(c);
  l->opcode_base = cursor_u8(c);
  for (unsigned i = 1; i < l->opcode_base; i++) l->operands[i] = cursor_u8(c);
  if (!l->line_range || !l->most_operations || !l->opcode_base) cursor_spoil(c);
}

static int read_header(struct header *h, struct cursor c, struct err *e) {
  struct dw_lines *l = h->l;
  cursor_unit(&c, &l->offset_size);
  l->version = (uint16_t)cursor_number(&c, 2);
  h->shape.offset_size = l->offset_size;
  if (l->version >= 5) cursor_skip(&c, 2);  // sizes of addresses and of segments
  uint64_t length = cursor_number(&c, l->offset_size);
  h->c = c;
  cursor_limit(&h->c, length);
  cursor_skip(&c, length);
  l->program = (struct str){(const char *)c.p, cursor_left(&c)};
  if (!h->c.bad && (l->version < 2 || l->version > 5)) return err_set(e, "a line table has an unknown version");
  read_coding(l, &h->c);
  if (c.bad || h->c.bad || l->program.n > UINT32_MAX) return err_set(e, "the header of a line table is damaged");
  return read_names(h, e);
}

static int read_table(struct dw_object *o, uint64_t offset, const struct dw_shape *s, struct dw_lines *l,
                      struct err *e) {
  struct str bytes;
  if (dw_section(o, SECTION_LINE, &bytes, e)) return -1;
  struct cursor c = cursor_at(bytes, offset, o->big);
  if (c.bad) return err_set(e, "a line table is not there");
  struct header h = {.l = l, .o = o, .shape = *s};
  l->big = o->big;
  if (read_header(&h, c, e)) return -1;
  const char *end = l->program.p + l->program.n;
  if (dw_spend(o, (uint64_t)(end - (const char *)c.p), e)) return -1;
  return dw_lines_run(l, e);
}

// Remembered when it is damaged too, so that it is not read again.
static int keep(struct dw_object *o, uint64_t offset, struct dw_lines *l, struct err *e) {
  if (ARRAY_RESERVE(o->lines, o->cap_lines, o->n_lines + 1)) return err_nomem(e);
  if (map64_put(&o->lines_map, offset, (uint32_t)o->n_lines)) return err_nomem(e);
  o->lines[o->n_lines++] = l;
  return 0;
}

int dw_lines_at(struct dw_object *o, uint64_t offset, const struct dw_shape *s, struct dw_lines **out, struct err *e) {
  uint32_t number = map64_get(&o->lines_map, offset);
  *out = number == MAP_NONE ? NULL : o->lines[number];
  if (number != MAP_NONE) return 0;
  struct dw_lines *l = calloc(1, sizeof *l);
  if (!l) return err_nomem(e);
  int rc = read_table(o, offset, s, l, e);
  if (rc) {
    dw_lines_free(l);
    l = NULL;
  }
  *out = l;
  if (!keep(o, offset, l, e)) return rc;
  dw_lines_free(l);
  *out = NULL;
  return -1;
}

static bool absolute(struct str path) { return path.n && path.p[0] == '/'; }

static void join(struct buf *out, struct str part) {
  if (!part.n) return;
  if (out->n && out->data[out->n - 1] != '/') buf_addc(out, '/');
  buf_str(out, part);
}

int dw_lines_file(struct dw_lines *l, uint64_t number, struct str compiled_in, struct str *name, struct err *e) {
  *name = STR_LIT("");
  if (number >= l->n_files) return 0;
  struct dw_file *f = &l->file[number];
  if (!f->whole.p && f->name.n) {
    struct str directory = f->directory < l->n_directories ? l->directory[f->directory] : STR_LIT("");
    struct buf path = {NULL, 0, 0, false};
    if (!absolute(f->name) && !absolute(directory)) join(&path, compiled_in);
    if (!absolute(f->name)) join(&path, directory);
    join(&path, f->name);
    const char *copy = path.failed ? NULL : arena_copy(&l->names, path.data, path.n);
    if (copy) f->whole = (struct str){copy, path.n};
    buf_release(&path);
    if (!copy) return err_nomem(e);
  }
  if (f->whole.p) *name = f->whole;
  return 0;
}

void dw_lines_free(struct dw_lines *l) {
  if (!l) return;
  arena_release(&l->names);
  intervals_release(&l->ranges);
  free(l->directory);
  free(l->file);
  free(l->sequence);
  free(l->mark);
  free(l);
}
