// resolve: many addresses of several objects, looked up by a few threads.
#ifndef CPROF_SYMBOLIZE_RESOLVE_H
#define CPROF_SYMBOLIZE_RESOLVE_H

#include "symbolize/object.h"

// One address to look up, and what it stands for.
struct query {
  uint32_t object, location, mapping;
  uint32_t part;  // of the answer
  uint64_t address;
  uint32_t first_frame, n_frames;
};

struct answer_frame {
  int64_t line, column, start_line;
  uint32_t name, file;  // in the part's strings
};

// The answers one thread made at a time.
struct answers {
  struct strings strings;
  struct answer_frame *frame;
  size_t n_frames, frame_cap;
  bool failed;  // memory ran out
  enum symbol_outcome outcome;
  struct err reason;
};

struct resolving {
  struct object **object;
  uint32_t n_objects;
  struct query *query;
  uint32_t n_queries;
  struct answers *part;  // made here
  uint32_t n_parts;
  bool fast;
  const struct search_paths *where;
};

// Answers the queries; they come out sorted by object and address. -1: memory ran out.
int resolve(struct resolving *r, struct err *e);
void resolving_release(struct resolving *r);  // the parts

#endif
