// The lines of weblist: source lines of functions that match, each with the instructions it became.
#ifndef CPROF_REPORT_WEBLIST_H
#define CPROF_REPORT_WEBLIST_H

#include "report/internal.h"

// Names are numbers in weblist.strings.
struct weblist_place {
  uint32_t file;
  int64_t line;
};

// Machine code or, where there is no binary, an address without any: then `text` is empty.
struct weblist_instruction {
  uint64_t address;
  uint32_t length;
  struct str text;
  struct weblist_place place;  // of the innermost call
  int64_t flat, cum;
};

// An instruction at a line of a function: its own, or that of a call that was inlined there.
struct weblist_use {
  struct weblist_place at;
  uint32_t function, instruction;
  uint32_t first_call, n_calls;  // call[first_call] ..: from the line to the instruction, the outermost first
};

// Lines of one function that lie close together. The lines are begin .. end-1.
struct weblist_part {
  uint32_t file, function;
  int64_t begin, end, flat, cum;
  uint32_t first, last;  // uses: use[first] .. use[last-1], by line
};

struct weblist {
  const struct report *r;
  struct strings strings;
  struct strings interest;  // functions that match
  struct arena arena;
  int64_t *flat, *cum;  // a location
  uint8_t *wanted;      // a location: a function that matches has a line there
  struct weblist_instruction *instruction;
  uint32_t n_instructions;
  size_t instruction_cap;
  struct weblist_use *use;
  uint32_t n_uses;
  size_t use_cap;
  struct weblist_place *call;
  uint32_t n_calls;
  size_t call_cap;
  struct weblist_part *part;
  uint32_t n_parts;
  size_t part_cap;
  struct buf reason;  // why there is no machine code
};

// It is an error when nothing matches. Zero-initialised, and after an error, it may be released.
int weblist_init(struct weblist *w, const struct report *r, struct err *e);
void weblist_release(struct weblist *w);

// ---- inside ---------------------------------------------------------------------------------------

// Adds instructions and their uses for the wanted locations (weblist_code.c).
int weblist_add_code(struct weblist *w, struct err *e);
// The frames of one address, innermost first, that become uses of an instruction.
struct weblist_frame {
  uint32_t function, file;  // `function` as profile or binary have it
  int64_t line;
};
int weblist_add_uses(struct weblist *w, uint32_t instruction, const struct weblist_frame *frame, size_t n);
// Cuts the uses into parts (weblist_parts.c).
int weblist_make_parts(struct weblist *w, struct err *e);

// The page without its content, in three parts: the title goes behind the first, the content behind the second.
extern const char weblist_page_head[], weblist_page_body[], weblist_page_tail[];
extern const size_t weblist_page_head_size, weblist_page_body_size, weblist_page_tail_size;

#endif
