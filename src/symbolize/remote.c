// A mapping's server is asked for all addresses without lines at once. The answer is read twice, so that one that turns out
// to be damaged leaves nothing behind: first to check it, then to take it.
#include "symbolize/remote.h"

#include <stdlib.h>

#include "http/http.h"
#include "http/url.h"
#include "symbolize/symbolz.h"

enum { ANSWER_MIB = 64, DEFAULT_SECONDS = 60 };

struct asker {
  struct profile *p;
  const struct symbolize_mode *mode;
  const struct search_paths *where;
  struct http *own;  // made for the first request where the caller has none
  bool stranger;     // whoever made the profile chose the server that is asked
  int64_t deadline;  // for all servers together
  struct buf url, body;
  struct http_answer answer;
};

// ---- which server -------------------------------------------------------------------------------

static bool set_url(struct asker *a, struct str source, bool stranger) {
  buf_clear(&a->url);
  a->stranger = stranger;
  return symbolz_url(&a->url, source, !stranger);
}

// Servers are known by the mapping's file, then by its build id. `start` is where the server has the mapping.
static bool find_server(struct asker *a, const struct mapping *m, uint64_t *start) {
  const struct str keys[] = {profile_str(a->p, m->file), profile_str(a->p, m->build_id)};
  for (size_t k = 0; k < 2; k++) {
    for (size_t i = 0; i < a->where->n_servers && keys[k].n; i++) {
      const struct symbol_server *s = &a->where->server[i];
      *start = s->start;
      if (str_eq(s->key, keys[k]) && set_url(a, s->url, false)) return true;
    }
  }
  *start = m->start;
  return a->mode->remote_files && set_url(a, keys[0], true);
}

// ---- asking -------------------------------------------------------------------------------------

// Moves an address by how far the mapping was moved; false when that leaves the 64 bits.
static bool move(uint64_t address, uint64_t by, uint64_t *moved) {
  *moved = address + by;
  return (int64_t)by < 0 ? *moved < address : *moved >= address;
}

// The addresses, and how many there are.
static int make_body(struct asker *a, uint32_t mapping, uint64_t by, uint32_t *n, struct err *e) {
  const struct places *c = &a->p->places;
  uint64_t address;
  buf_clear(&a->body);
  for (uint32_t i = 0; i < c->n_locations; i++) {
    const struct location *l = &c->location[i];
    if (l->mapping != mapping || l->address == 0 || l->n_lines) continue;
    if (!move(l->address, by, &address))
      return err_set(e, "address 0x%llx does not exist at the server", (unsigned long long)l->address);
    buf_addf(&a->body, "%s0x%llx", ++*n > 1 ? "+" : "", (unsigned long long)address);
  }
  return a->body.failed ? err_nomem(e) : 0;
}

static int ask(struct asker *a, struct err *e) {
  int64_t left = a->deadline - clock_milliseconds();
  if (left < 1) left = 1;  // 0 would be for ever
  struct http *http = a->where->http ? a->where->http : a->own;
  if (!http && !(http = a->own = http_new(&(struct http_settings){0}, e))) return -1;
  struct http_request r = {.url = a->url.data,
                           .body = buf_view(&a->body),
                           .stranger = a->stranger,
                           .most = (uint64_t)ANSWER_MIB << 20,
                           .milliseconds = left};
  buf_clear(&a->answer.body);
  return http_ask(http, &r, &a->answer, e);
}

// ---- taking the answer --------------------------------------------------------------------------

struct taker {
  struct profile *p;
  uint64_t back;           // added to the server's addresses
  struct map64 functions;  // by the name's number
  struct map64 names;      // by address: a function. The last one counts
};

static int check_address(void *arg, uint64_t address, struct str name) {
  const struct taker *t = arg;
  uint64_t moved;
  (void)name;
  return move(address, t->back, &moved) ? 0 : -1;
}

// A server's functions are its own: they are not those of other mappings, though they have the same name.
static uint32_t take_function(struct taker *t, uint32_t name) {
  uint32_t known = map64_get(&t->functions, name);
  if (known != MAP_NONE) return known;
  struct function f = {.id = (uint64_t)t->p->places.n_functions + 1, .name = name, .system_name = name};
  uint32_t added = profile_add_function(t->p, &f);
  return added == NONE || map64_put(&t->functions, name, added) ? NONE : added;
}

static int take_name(void *arg, uint64_t address, struct str text) {
  struct taker *t = arg;
  uint32_t name = profile_add_string(t->p, text);
  uint32_t function = name == NONE ? NONE : take_function(t, name);
  return function == NONE || map64_put(&t->names, address + t->back, function) ? -1 : 0;
}

static int set_line(struct places *c, struct location *l, uint32_t function) {
  if (l->n_lines == 0) {
    if (c->n_lines == NONE || ARRAY_RESERVE(c->line, c->line_cap, (size_t)c->n_lines + 1)) return -1;
    l->first_line = c->n_lines++;
  }
  l->n_lines = 1;
  c->line[l->first_line] = (struct line){.function = function};
  return 0;
}

static int name_locations(struct taker *t, uint32_t mapping, struct symbol_source *source) {
  struct places *c = &t->p->places;
  for (uint32_t i = 0; i < c->n_locations; i++) {
    struct location *l = &c->location[i];
    uint32_t function = l->mapping == mapping ? map64_get(&t->names, l->address) : MAP_NONE;
    if (function == MAP_NONE) continue;
    if (set_line(c, l, function)) return -1;
    source->named++;
  }
  return 0;
}

// -1 when memory ran out; an answer that is not one leaves its reason in `why`.
static int take_answer(struct asker *a, uint32_t mapping, uint64_t by, struct symbol_source *source, struct err *why) {
  struct taker t = {.p = a->p, .back = 0 - by};
  struct str answer = buf_view(&a->answer.body);
  int result = 0;
  if (symbolz_read(answer, check_address, &t, why)) err_set(why, "the answer has addresses that were not asked for");
  else result = symbolz_read(answer, take_name, &t, NULL) || name_locations(&t, mapping, source) ? -1 : 0;
  map64_release(&t.functions);
  map64_release(&t.names);
  return result;
}

// ---- all of it ----------------------------------------------------------------------------------

static int refuse(struct symbol_source *source, struct str server, const char *reason, struct buf *notes) {
  struct buf text = {0};
  struct url u;
  buf_adds(&text, "no names from ");
  if (url_split(server, &u)) url_show(&u, &text);
  buf_addf(&text, ": %s", reason);
  if (text.failed) return -1;
  buf_addf(notes, "%s\n", text.data);
  free(source->reason);
  source->reason = text.data;
  return 0;
}

static int ask_for_mapping(struct asker *a, uint32_t number, struct symbol_source *source, struct buf *notes) {
  struct mapping *m = &a->p->places.mapping[number];
  struct err why = {""};
  uint64_t start;
  uint32_t n = 0, before = source->named;
  if ((m->has_functions && !a->mode->force) || !find_server(a, m, &start)) return 0;
  uint64_t by = start - m->start;
  if (a->url.failed) return -1;
  if (clock_milliseconds() >= a->deadline) err_set(&why, "no time is left for it (-timeout)");
  else if (!make_body(a, number, by, &n, &why) && n && !ask(a, &why) && take_answer(a, number, by, source, &why))
    return -1;
  if (a->body.failed || a->answer.body.failed) return -1;
  source->asked += n;
  if (why.text[0]) return refuse(source, buf_view(&a->url), why.text, notes);
  m->has_functions = true;  // as the reference has it, even where no name came
  if (source->named > before && source->outcome <= SYMBOLS_NO_BINARY) source->outcome = SYMBOLS_FROM_SERVER;
  return 0;
}

int remote_names(struct profile *p, const struct symbolize_mode *mode, const struct search_paths *where,
                 struct symbol_report *report, struct buf *notes, struct err *e) {
  struct asker a = {.p = p, .mode = mode, .where = where};
  int result = 0;
  if (!mode->remote || (!where->n_servers && !mode->remote_files)) return 0;
  a.deadline = clock_milliseconds() + (int64_t)(where->seconds > 0 ? where->seconds : DEFAULT_SECONDS) * 1000;
  for (uint32_t i = 0; i < p->places.n_mappings && !result; i++)
    result = ask_for_mapping(&a, i, &report->mapping[i], notes);
  http_free(a.own);
  buf_release(&a.url);
  buf_release(&a.body);
  http_answer_release(&a.answer);
  return result ? err_nomem(e) : 0;
}
