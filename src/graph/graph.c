// Nodes from locations.
#include "graph/graph.h"

#include <stdlib.h>

// Cleaned names of files by number of the view's string, so that each is cleaned and trimmed once.
struct file_names {
  const struct graph_paths *paths;
  uint32_t *cleaned;  // NONE: not yet
  struct buf work;
};

static uint32_t clean_file(struct graph *g, struct file_names *f, uint32_t file) {
  if (f->cleaned[file] != NONE) return f->cleaned[file];
  struct str path = view_str(g->view, file);
  if (f->paths) path = path_trim(path, f->paths->trim_path, f->paths->source_path);
  uint32_t number = 0;
  if (path.n) {
    buf_clear(&f->work);
    path_clean(&f->work, path);
    number = f->work.failed ? NONE : strings_add(&g->strings, buf_view(&f->work));
  }
  return f->cleaned[file] = number;
}

static uint32_t object_of(const struct graph *g, const struct location *l) {
  return l->mapping == NONE ? 0 : g->view->places->mapping[l->mapping].file;
}

// What the line of a location is at this granularity; `l` NULL for a location without lines.
static int describe(struct graph *g, struct graph_shape shape, struct file_names *files, const struct location *at,
                    const struct line *l, struct node_info *info) {
  *info = (struct node_info){.address = shape.address ? at->address : 0};
  if (!l) {
    info->object = object_of(g, at);
    return 0;
  }
  const struct function *f = &g->view->places->function[l->function];
  info->name = shape.function ? f->name : 0;
  info->line = shape.line ? l->line : 0;
  info->column = shape.column ? l->column : 0;
  if (shape.file && f->filename) info->file = clean_file(g, files, f->filename);
  if (shape.object || info->name == 0) {
    info->object = object_of(g, at);
    info->start_line = f->start_line;
  }
  return info->file == NONE ? -1 : 0;
}

static bool same_info(const struct node_info *a, const struct node_info *b) {
  return a->address == b->address && a->line == b->line && a->column == b->column && a->start_line == b->start_line &&
         a->name == b->name && a->file == b->file && a->object == b->object;
}

static uint32_t find_node(struct graph *g, const struct node_info *info) {
  uint64_t key[6] = {info->address,
                     (uint64_t)info->line,
                     (uint64_t)info->column,
                     (uint64_t)info->start_line,
                     (uint64_t)info->name << 32 | info->file,
                     info->object};
  uint64_t hash = hash_bytes(key, sizeof key, 0);
  size_t at = 0;
  for (uint32_t i = index_first(&g->index, hash, &at); i != MAP_NONE; i = index_next(&g->index, hash, &at))
    if (same_info(&g->node[i].info, info)) return i;
  if (ARRAY_RESERVE(g->node, g->node_cap, (size_t)g->n_nodes + 1) || index_add(&g->index, hash, g->n_nodes))
    return NONE;
  g->node[g->n_nodes] = (struct node){.info = *info};
  return g->n_nodes++;
}

static int add_slots(struct graph *g, struct graph_shape shape, struct file_names *files, uint32_t location) {
  const struct location *at = &g->view->places->location[location];
  uint32_t first = g->first_slot[location], n = at->n_lines ? at->n_lines : 1;
  if (ARRAY_RESERVE(g->slot, g->slot_cap, (size_t)first + n)) return -1;
  for (uint32_t i = 0; i < n; i++) {
    struct node_info info;
    const struct line *l = at->n_lines ? &g->view->places->line[at->first_line + i] : NULL;
    if (describe(g, shape, files, at, l, &info)) return -1;
    uint32_t node = find_node(g, &info);
    if (node == NONE) return -1;
    g->slot[first + i] = node;
    if (i + 1 < n) g->node[node].inlined = true;
  }
  g->first_slot[location + 1] = first + n;
  return 0;
}

int graph_init(struct graph *g, const struct view *v, struct graph_shape shape, const struct graph_paths *paths,
               struct err *e) {
  *g = (struct graph){.view = v, .shape = shape};
  uint32_t n = v->places->n_locations;
  struct file_names files = {.paths = paths, .cleaned = malloc(v->strings->n * sizeof *files.cleaned)};
  g->first_slot = malloc(((size_t)n + 1) * sizeof *g->first_slot);
  int result = strings_init(&g->strings, v->strings);
  if (!files.cleaned || !g->first_slot) result = -1;
  if (!result) {
    memset(files.cleaned, 0xff, v->strings->n * sizeof *files.cleaned);
    g->first_slot[0] = 0;
  }
  for (uint32_t i = 0; i < n && !result; i++) result = add_slots(g, shape, &files, i);
  free(files.cleaned);
  buf_release(&files.work);
  return result ? err_nomem(e) : 0;
}

void graph_release(struct graph *g) {
  strings_release(&g->strings);
  free(g->node);
  free(g->first_slot);
  free(g->slot);
  index_release(&g->index);
  arena_release(&g->names);
  free(g->printable);
  free(g->edge);
  free(g->parent);
  *g = (struct graph){0};
}
