// Reading and writing settings.json.
#include "web/settings.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"
#include "driver/folders.h"
#include "driver/output.h"

enum { MOST_BYTES = 4 << 20, MOST_CONFIGS = 1000, LONGEST_NAME = 1000 };

int settings_file(struct buf *path, struct err *e) {
  const char *folder = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
  if (folder && folder[0] == '/') buf_addf(path, "%s/pprof/settings.json", folder);
  else if (home && home[0] == '/') buf_addf(path, "%s/.config/pprof/settings.json", home);
  else return err_set(e, "neither XDG_CONFIG_HOME nor HOME says where settings are kept");
  return path->failed ? err_nomem(e) : 0;
}

// Options that the reference keeps; colours are a matter of our terminals.
static bool is_kept(const struct option_row *row) { return row->saved && row->type != OPTION_WORD; }

// ---- reading ------------------------------------------------------------------------------------

static int read_text(const char *path, struct buf *text, struct err *e) {
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return errno == ENOENT || errno == ENOTDIR ? 0 : err_system(e, path);
  int result = fd_read(fd, MOST_BYTES + 1, text) ? err_system(e, path) : 0;
  close(fd);
  if (text->failed) return err_nomem(e);
  return text->n > MOST_BYTES ? err_set(e, "%s: has more than %d MiB", path, MOST_BYTES >> 20) : result;
}

static bool key_is(struct str key, const char *name) {
  size_t n = strlen(name);
  return key.n == n + 2 && memcmp(key.p + 1, name, n) == 0;
}

// The member of that name: the last one, as parsers have it. False when there is none.
static bool find_member(const struct json_value *object, const char *name, struct json_value *v) {
  struct json_value member;
  struct str key;
  bool found = false;
  for (struct json_members m = json_members(object); json_next(&m, &key, &member);)
    if (key_is(key, name)) {
      *v = member;
      found = true;
    }
  return found;
}

static char *copy_string(struct arena *a, struct str quoted) {
  struct buf text = {0};
  json_unquote(quoted, &text);
  buf_addc(&text, '\0');
  char *copy = text.failed ? NULL : arena_copy(a, text.data, text.n);
  buf_release(&text);
  return copy;
}

static bool fits(const struct option_row *row, enum json_kind kind) {
  switch (row->type) {
    case OPTION_BOOL: return kind == JSON_BOOL;
    case OPTION_INT:
    case OPTION_FLOAT: return kind == JSON_NUMBER;
    default: return kind == JSON_STRING;
  }
}

static const char *zero_of(const struct option_row *row) {
  if (row->type == OPTION_BOOL) return "false";
  return row->type == OPTION_INT || row->type == OPTION_FLOAT ? "0" : "";
}

// -1: out of memory. A value that no option of ours takes is passed over, with a note: another pprof may know it.
static int read_option(struct settings *s, struct named_config *c, const struct option_row *row,
                       const struct json_value *v, struct buf *notes, struct err *e) {
  struct err why = {""};
  char *text;
  if (!fits(row, v->kind)) {
    buf_addf(notes, "the configuration \"%.100s\": \"%s\" has a value of another kind\n", c->name, row->name);
    return 0;
  }
  if (v->kind == JSON_STRING) text = copy_string(&s->arena, v->text);
  else {
    text = arena_alloc(&s->arena, v->text.n + 1);
    if (text) memcpy(text, v->text.p, v->text.n), text[v->text.n] = '\0';
  }
  if (!text) return err_nomem(e);
  if (option_set(&c->options, row, text, &why))
    buf_addf(notes, "the configuration \"%.100s\": %s\n", c->name, why.text);
  return 0;
}

static int read_config(struct settings *s, const struct json_value *v, const struct options *base, struct buf *notes,
                       struct err *e) {
  struct named_config c = {.options = *base};
  struct json_value member;
  if (v->kind != JSON_OBJECT) {
    buf_adds(notes, "a configuration is no object\n");
    return 0;
  }
  if (find_member(v, "name", &member) && member.kind == JSON_STRING) c.name = copy_string(&s->arena, member.text);
  else c.name = "";
  if (!c.name) return err_nomem(e);
  for (size_t i = 0; i < option_count; i++) {
    const struct option_row *row = &option_table[i];
    if (!is_kept(row)) continue;
    option_set(&c.options, row, zero_of(row), NULL);
    if (find_member(v, row->name, &member) && member.kind != JSON_NULL && read_option(s, &c, row, &member, notes, e))
      return -1;
  }
  if (s->n == MOST_CONFIGS) return err_set(e, "there are more than %d configurations", MOST_CONFIGS);
  if (ARRAY_RESERVE(s->config, s->cap, s->n + 1)) return err_nomem(e);
  s->config[s->n++] = c;
  return 0;
}

// The whole text, and its list of configurations, whose text is empty when there is none.
static int parse(const struct buf *text, const char *path, struct json_value *all, struct json_value *configs,
                 struct err *e) {
  *all = *configs = (struct json_value){JSON_NULL, {NULL, 0}};
  if (!text->n) return 0;
  if (json_read(buf_view(text), all)) return err_set(e, "%s: is no JSON", path);
  if (all->kind != JSON_OBJECT) return err_set(e, "%s: is no object", path);
  if (!find_member(all, "configs", configs) || configs->kind == JSON_NULL) return 0;
  return configs->kind == JSON_ARRAY ? 0 : err_set(e, "%s: \"configs\" is no list", path);
}

int settings_read(struct settings *s, const char *path, const struct options *base, struct buf *notes, struct err *e) {
  struct json_value all, configs, v;
  struct str key;
  *s = (struct settings){0};
  if (read_text(path, &s->text, e) || parse(&s->text, path, &all, &configs, e)) return -1;
  for (struct json_members m = json_members(&configs); json_next(&m, &key, &v);)
    if (read_config(s, &v, base, notes, e)) return err_wrap(e, "%s", path);
  return 0;
}

void settings_release(struct settings *s) {
  free(s->config);
  buf_release(&s->text);
  arena_release(&s->arena);
  *s = (struct settings){0};
}

// ---- writing ------------------------------------------------------------------------------------

static void write_number(struct json *j, const struct options *o, const struct option_row *row) {
  struct buf text = {0}, key = {0};
  buf_addf(&key, "\"%s\"", row->name);
  option_text(o, row, &text);
  json_raw(j, buf_view(&key), buf_view(&text));
  j->out->failed |= text.failed || key.failed;
  buf_release(&text);
  buf_release(&key);
}

// Members with zero values are left out, as the reference does.
static void write_option(struct json *j, const struct options *o, const struct option_row *row) {
  const void *field = (const char *)o + row->offset;
  switch (row->type) {
    case OPTION_BOOL:
      if (*(const bool *)field) json_bool(j, row->name, true);
      break;
    case OPTION_INT:
      if (*(const int64_t *)field) json_i64(j, row->name, *(const int64_t *)field);
      break;
    case OPTION_FLOAT:
      if (*(const double *)field != 0 && isfinite(*(const double *)field)) write_number(j, o, row);
      break;
    default:
      if (**(const char *const *)field) json_str(j, row->name, str_of(*(const char *const *)field));
      break;
  }
}

static bool is_known(struct str key) {
  if (key_is(key, "name")) return true;
  for (size_t i = 0; i < option_count; i++)
    if (is_kept(&option_table[i]) && key_is(key, option_table[i].name)) return true;
  return false;
}

// `old` is the configuration that is replaced, or no object.
static void write_config(struct json *j, const char *name, const struct options *o, const struct json_value *old) {
  struct json_value member;
  struct str key;
  json_open_object(j, NULL);
  json_str(j, "name", str_of(name));
  for (size_t i = 0; i < option_count; i++)
    if (is_kept(&option_table[i])) write_option(j, o, &option_table[i]);
  for (struct json_members m = json_members(old); json_next(&m, &key, &member);)
    if (!is_known(key)) json_raw(j, key, member.text);
  json_close(j);
}

static bool has_name(const struct json_value *config, const char *name) {
  struct json_value member;
  struct buf text = {0};
  if (!find_member(config, "name", &member) || member.kind != JSON_STRING) return false;
  json_unquote(member.text, &text);
  bool same = !text.failed && str_eq(buf_view(&text), str_of(name));
  buf_release(&text);
  return same;
}

// Writes the list with `o` in place of the first of that name, or at the end; NULL: without it. Returns whether there
// was one.
static bool write_configs(struct json *j, const struct json_value *configs, const char *name, const struct options *o) {
  static const struct json_value none = {JSON_NULL, {NULL, 0}};
  struct json_value v;
  struct str key;
  bool found = false;
  json_open_array(j, "configs");
  for (struct json_members m = json_members(configs); json_next(&m, &key, &v);) {
    bool this_one = !found && has_name(&v, name);
    if (!this_one) json_raw(j, key, v.text);
    else if (o) write_config(j, name, o, &v);
    found = found || this_one;
  }
  if (!found && o) write_config(j, name, o, &none);
  json_close(j);
  return found;
}

static int edit(const char *path, const char *name, const struct options *o, struct err *e) {
  struct json_value all, configs, v;
  struct buf old = {0}, new = {0};
  struct json j = {.out = &new};
  struct str key;
  bool found = false, there = false;
  int result = read_text(path, &old, e) || parse(&old, path, &all, &configs, e) ? -1 : 0;
  if (result) goto done;
  json_open_object(&j, NULL);
  for (struct json_members m = json_members(&all); json_next(&m, &key, &v);) {
    bool list = key_is(key, "configs");
    if (!list) json_raw(&j, key, v.text);
    else if (!there) found = write_configs(&j, &configs, name, o);
    there = there || list;
  }
  if (!there) found = write_configs(&j, &configs, name, o);
  json_close(&j);
  if (new.failed) result = err_nomem(e);
  else if (!o && !found) result = err_set(e, "there is no configuration \"%s\"", name);
  else if (new.n > MOST_BYTES) result = err_set(e, "%s: would have more than %d MiB", path, MOST_BYTES >> 20);
  else if (!folders_make(path, e)) result = output_private(path, buf_view(&new), e);
  else result = -1;
done:
  buf_release(&old);
  buf_release(&new);
  return result;
}

int settings_put(const char *path, const char *name, const struct options *o, struct err *e) {
  if (!*name) return err_set(e, "a configuration needs a name");
  if (strlen(name) > LONGEST_NAME) return err_set(e, "the name has more than %d bytes", LONGEST_NAME);
  return edit(path, name, o, e);
}

int settings_delete(const char *path, const char *name, struct err *e) { return edit(path, name, NULL, e); }
