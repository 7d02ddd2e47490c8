// Finding candidates: the words before decide what kind of thing the last one is, then everything of that kind is
// tried. Going through 100,000 names takes less time than a key press, so there is no index.
#include "driver/completion.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "driver/commands.h"
#include "driver/prompt_command.h"
#include "driver/prompt_options.h"
#include "driver/prompt_words.h"

struct finder {
  struct completion *c;
  const struct profile *p;
  struct str typed;  // unescaped, what candidates have to match
  struct buf plain;  // holds it
  bool in_middle;    // also match in the middle
};

// ---- collecting -----------------------------------------------------------------------------------

static const char *keep(struct completion *c, struct str s) {
  const char *copy = arena_text(&c->text, s);
  c->failed |= !copy;
  return copy;
}

static void add(struct completion *c, struct str show, struct str insert) {
  if (ARRAY_RESERVE(c->item, c->cap, c->n + 1)) {
    c->failed = true;
    return;
  }
  struct completion_item item = {keep(c, show), NULL};
  item.insert = str_eq(show, insert) ? item.show : keep(c, insert);
  if (item.show && item.insert) c->item[c->n++] = item;
}

static void offer(struct finder *f, struct str name) {
  if (str_starts(name, f->typed)) add(f->c, name, name);
}

// A name as a regular expression that matches it; what would end the word becomes "any character".
static void escape(struct buf *out, struct str name) {
  for (size_t i = 0; i < name.n; i++) {
    unsigned char c = (unsigned char)name.p[i];
    if (c <= ' ' || c == 0x7f) buf_addc(out, '.');
    else rx_quote(out, (char)c);
  }
}

static void unescape(struct buf *out, struct str typed) {
  for (size_t i = 0; i < typed.n; i++) {
    if (typed.p[i] == '\\' && i + 1 < typed.n) i++;
    buf_addc(out, typed.p[i]);
  }
}

// "." stands for itself and for what escape() put it for.
static bool same_start(struct str name, struct str typed) {
  if (name.n < typed.n) return false;
  for (size_t i = 0; i < typed.n; i++)
    if (name.p[i] != typed.p[i] && !(typed.p[i] == '.' && (unsigned char)name.p[i] <= ' ')) return false;
  return true;
}

static bool matches_name(const struct finder *f, struct str name) {
  return f->in_middle ? str_find(name, f->typed) != SIZE_MAX : same_start(name, f->typed);
}

static void offer_name(struct finder *f, struct str name) {
  struct buf escaped = {0};
  if (!name.n || !matches_name(f, name)) return;
  escape(&escaped, name);
  if (escaped.failed) f->c->failed = true;
  else add(f->c, name, buf_view(&escaped));
  buf_release(&escaped);
}

// ---- kinds of things ------------------------------------------------------------------------------

static void offer_commands(struct finder *f) {
  for (size_t i = 0; i < command_count; i++) offer(f, str_of(command_table[i].name));
}

static void offer_options(struct finder *f, const char *after) {
  struct buf name = {0};
  for (size_t i = 0; i < option_count; i++) {
    if (!prompt_has_option(&option_table[i])) continue;
    buf_clear(&name);
    buf_adds(&name, option_table[i].name);
    buf_adds(&name, after);
    offer(f, buf_view(&name));
  }
  f->c->failed |= name.failed;
  buf_release(&name);
}

static void offer_sample_types(struct finder *f, bool shortcuts) {
  static const char *const prefixes[] = {"", "total_", "mean_"};
  struct buf name = {0};
  for (uint32_t t = 0; t < f->p->n_sample_types; t++)
    for (size_t i = 0; i < (shortcuts ? 3 : 1); i++) {
      buf_clear(&name);
      buf_adds(&name, prefixes[i]);
      buf_str(&name, profile_str(f->p, f->p->sample_type[t].type));
      offer(f, buf_view(&name));
    }
  f->c->failed |= name.failed;
  buf_release(&name);
}

static void offer_first_words(struct finder *f) {
  offer_commands(f);
  offer_options(f, "=");
  offer_sample_types(f, true);
  for (size_t i = 0; i < prompt_word_count; i++)
    if (prompt_words[i].help) offer(f, str_of(prompt_words[i].name));
}

static void offer_choices(struct finder *f, const struct option_row *row) {
  for (const struct option_choice *c = row->choices; c->name; c++) offer(f, str_of(c->name));
}

static void offer_label_keys(struct finder *f) {
  for (uint32_t set = 0; set < f->p->n_label_sets; set++) {
    uint32_t n;
    const struct label *l = profile_labels(f->p, set, &n);
    for (uint32_t i = 0; i < n; i++) offer_name(f, profile_str(f->p, l[i].key));
  }
}

// Those that begin with what was typed, or if there are none those that hold it.
static void offer_functions(struct finder *f) {
  for (int pass = 0; pass < 2 && f->c->n == 0; pass++) {
    f->in_middle = pass == 1;
    for (uint32_t i = 0; i < f->p->places.n_functions; i++)
      offer_name(f, profile_str(f->p, f->p->places.function[i].name));
  }
  f->c->unordered = f->in_middle;
  f->c->after = f->c->n && f->typed.n ? ' ' : 0;
}

static bool is_folder(struct str folder, const char *name) {
  struct buf path = {0};
  struct stat st;
  buf_str(&path, folder);
  buf_adds(&path, name);
  bool result = !path.failed && stat(path.data, &st) == 0 && S_ISDIR(st.st_mode);
  buf_release(&path);
  return result;
}

static void offer_files(struct finder *f) {
  struct str base = f->typed;
  while (base.n && base.p[base.n - 1] != '/') base.n--;
  const char *folder = base.n ? keep(f->c, base) : "./";
  DIR *d = folder ? opendir(folder) : NULL;
  bool hidden = f->typed.n > base.n && f->typed.p[base.n] == '.';
  for (const struct dirent *entry; d && (entry = readdir(d));) {
    struct buf name = {0};
    if (entry->d_name[0] == '.' && !hidden) continue;
    buf_str(&name, base);
    buf_adds(&name, entry->d_name);
    if (is_folder(base, entry->d_name)) buf_addc(&name, '/');
    f->c->failed |= name.failed;
    offer(f, buf_view(&name));
    buf_release(&name);
  }
  if (d) closedir(d);
  f->c->after = f->c->n == 1 && str_ends(str_of(f->c->item[0].insert), STR_LIT("/")) ? 0 : ' ';
}

static void offer_values(struct finder *f, const struct option_row *row) {
  size_t o = row->offset;
  f->c->after = 0;
  if (row->choices) offer_choices(f, row);
  else if (row->type == OPTION_BOOL) offer(f, STR_LIT("true")), offer(f, STR_LIT("false"));
  else if (o == offsetof(struct options, sample_index)) offer_sample_types(f, false);
  else if (row->type == OPTION_FILE || row->type == OPTION_FOLDERS) offer_files(f);
  else if (strncmp(row->name, "tag", 3) == 0) offer_label_keys(f);
  else if (row->type == OPTION_STRING && row->group == GROUP_FILTER) offer_functions(f);
}

// ---- which kind -----------------------------------------------------------------------------------

// From here on the line is what candidates replace.
static void replace_from(struct finder *f, struct str line, const char *at) {
  f->c->from = (size_t)(at - line.p);
  unescape(&f->plain, (struct str){at, line.n - f->c->from});
  f->c->failed |= f->plain.failed;
  f->typed = buf_view(&f->plain);
}

static void complete_argument(struct finder *f, struct str line, struct str first, struct str last, struct str before) {
  struct str count;
  const struct command *command = prompt_find_command(first, &count);
  bool to_file = last.n && last.p[0] == '>', minus = last.n && last.p[0] == '-';
  replace_from(f, line, last.p + (to_file || minus));
  if (str_eq(first, STR_LIT("help"))) offer_commands(f), offer_options(f, "");
  else if (to_file || str_eq(before, STR_LIT(">")) || str_eq(before, STR_LIT("|"))) offer_files(f);
  else if (command && strcmp(command->name, "tags") == 0) offer_label_keys(f);
  else if (command) offer_functions(f);
}

static bool complete_assignment(struct finder *f, struct str line) {
  struct prompt_assignment a = prompt_take_apart(line);
  if (!a.has_value || !a.row || a.choice || !prompt_has_option(a.row)) return false;
  while (a.value.n && *a.value.p == ' ') a.value.p++, a.value.n--;
  replace_from(f, line, a.value.p);
  offer_values(f, a.row);
  return true;
}

static int by_name(const void *a, const void *b) {
  return strcmp(((const struct completion_item *)a)->insert, ((const struct completion_item *)b)->insert);
}

static void sort_once_each(struct completion *c) {
  size_t kept = 0;
  if (c->n) qsort(c->item, c->n, sizeof *c->item, by_name);
  for (size_t i = 0; i < c->n; i++)
    if (!kept || strcmp(c->item[kept - 1].insert, c->item[i].insert)) c->item[kept++] = c->item[i];
  c->n = kept;
}

void completion_find(struct completion *c, const struct profile *p, struct str line) {
  struct finder f = {.c = c, .p = p};
  struct str rest = line, word, first = {"", 0}, before = {"", 0}, last = {line.p + line.n, 0};
  *c = (struct completion){.after = ' '};
  if (!complete_assignment(&f, line)) {
    size_t words = 0;
    while (prompt_next_word(&rest, &word)) {
      if (words++ == 0) first = word;
      before = last.n ? last : before;
      last = word;
    }
    bool open = words && last.p + last.n == line.p + line.n;  // the last word may go on
    if (!open) before = last, last = (struct str){line.p + line.n, 0};
    if (words == 0 || (words == 1 && open)) {
      replace_from(&f, line, last.p);
      offer_first_words(&f);
      if (c->n == 1 && str_ends(str_of(c->item[0].insert), STR_LIT("="))) c->after = 0;
    } else {
      complete_argument(&f, line, first, last, before);
    }
  }
  sort_once_each(c);
  buf_release(&f.plain);
}

void completion_release(struct completion *c) {
  free(c->item);
  arena_release(&c->text);
  *c = (struct completion){0};
}

size_t completion_common(const struct completion *c) {
  size_t n = c->n ? strlen(c->item[0].insert) : 0;
  for (size_t i = 1; i < c->n; i++) {
    size_t k = 0;
    while (k < n && c->item[0].insert[k] == c->item[i].insert[k]) k++;
    n = k;
  }
  return n;
}
