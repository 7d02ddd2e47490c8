// unwind: what its files share. Words are DWARF's:
//   CFA    canonical frame address: the stack pointer of the caller after the call returns
//   FDE    the rules of one function: a program that makes rows; CIE: what several FDEs share
//   row    from one address on: how to compute the CFA, and for each register where the caller's value is
//
//   index.c       where the FDE of an address is: .eh_frame_hdr, or an index made by reading through the section
//   entry.c       CIE and FDE as fields
//   program.c     their programs as rows
//   table.c       the rows of an address, decoded when first asked for
//   expression.c  DWARF expressions, for rules that need them
//   frame.c       from a frame's registers to its caller's by a row
//   unwind.c      from frame to frame
#ifndef CPROF_UNWIND_INTERNAL_H
#define CPROF_UNWIND_INTERNAL_H

#include "base/cursor.h"
#include "unwind/unwind.h"

// ---- rules --------------------------------------------------------------------------------------

enum rule_kind {
  RULE_NONE,  // not said: a register that calls preserve keeps its value
  RULE_SAME,
  RULE_UNDEFINED,
  RULE_AT,             // saved at CFA + value
  RULE_IS,             // CFA + value
  RULE_REGISTER,       // in register `value`
  RULE_AT_EXPRESSION,  // saved where the expression says, with the CFA on the stack
  RULE_IS_EXPRESSION,  // what the expression says
};

// An expression is the position of its length in the section.
struct rule {
  uint8_t kind, reg;
  int32_t value;
};

enum cfa_kind { CFA_NONE, CFA_REGISTER, CFA_EXPRESSION };
struct cfa {
  uint8_t kind, reg;
  int32_t value;  // what is added to the register, or where the expression is
};

struct row {
  uint32_t from;        // offset in the function
  uint32_t first_rule;  // in the table's rules
  struct cfa cfa;
  uint8_t n_rules;  // those that are not RULE_NONE
  bool plain;       // all of them are RULE_AT and the CFA is a register's
};

struct fde {
  uint64_t start, size;
  uint32_t first_row, n_rows;  // no row: damaged
  uint8_t source;              // EH_FRAME or DEBUG_FRAME
  bool signal;                 // a frame the kernel made: it returns to what was interrupted, not called
};

// ---- sections -----------------------------------------------------------------------------------

// Positions are 32 bits: larger sections are refused.
struct frame_section {
  struct str bytes;
  uint64_t address;  // of its first byte, when loaded
  bool debug;        // .debug_frame, which numbers CIEs in another way
};

// What an FDE says before its program. Positions are of the section.
struct entry {
  uint64_t start, size;
  uint32_t cie_program, cie_program_end;
  uint32_t program, program_end;
  uint64_t code_align;
  int64_t data_align;
  uint8_t pointer_encoding;
  bool sized;  // it has data of its own, with a length before them
  bool signal;
};

// Reads the FDE at the position. 1 it is one, 0 it is something else (a CIE, the end), -1 damaged. *next becomes the position
// of what follows it, 0 when nothing does.
int unwind__entry(const struct frame_section *s, uint64_t position, struct entry *out, uint64_t *next);
// A pointer in one of the ways of DW_EH_PE_*; `data` is what data-relative ones are relative to. Indirect ones give the
// address they are read from. A bad cursor for a way that is none.
uint64_t unwind__pointer(struct cursor *c, const struct frame_section *s, uint8_t encoding, uint64_t data);

// ---- from an address to its FDE -----------------------------------------------------------------

struct index_entry {
  uint64_t start;
  uint32_t position;
};

struct fde_index {
  struct str sorted;       // pairs of 32-bit numbers relative to `base`, as .eh_frame_hdr has them; or
  struct index_entry *at;  // the same made here
  size_t n, cap;
  uint64_t base;  // the header's address
};

// From .eh_frame_hdr; false when there is none of the common form.
bool unwind__index_header(struct fde_index *x, struct elf *elf, struct frame_section *s);
// By reading through the section. -1: memory ran out.
int unwind__index_section(struct fde_index *x, const struct frame_section *s, struct err *e);
// The position of the last FDE that begins at or below the address; false when there is none.
bool unwind__index_find(const struct fde_index *x, const struct frame_section *s, uint64_t address, uint32_t *position);
void unwind__index_release(struct fde_index *x);

// ---- decoded rules ------------------------------------------------------------------------------

// Of an address that was asked for before.
struct known_address {
  uint64_t address;
  uint32_t fde, row;  // fde counts from 1; 0: a free slot
};

// An object may have both: .debug_frame alone knows of code that has no exceptions (Go's in a program with C in it).
enum { EH_FRAME, DEBUG_FRAME, SOURCES };
struct rule_source {
  struct frame_section section;
  struct fde_index index;
};

enum { KNOWN_ADDRESSES = 1024 };
struct unwind_table {
  struct elf *elf;
  struct rule_source source[SOURCES];
  bool debug_frame_tried;  // it is read when .eh_frame does not know an address
  uint64_t entry;          // where the program begins
  struct map64 fde_at;     // from positions, and the source above them
  struct fde *fde;
  struct row *row;
  struct rule *rule;
  size_t n_fdes, n_rows, n_rules;
  size_t fde_cap, row_cap, rule_cap;
  struct known_address known[KNOWN_ADDRESSES];
};

// What an address falls into; valid until the next call.
struct place {
  const struct frame_section *section;
  const struct fde *fde;
  const struct row *row;
  const struct rule *rule;
};
enum place_found { PLACE_FOUND, PLACE_NONE, PLACE_BAD };
enum place_found unwind__place(struct unwind_table *t, uint64_t address, struct place *out);

// Appends the rows of an FDE to the table. 0, or -1: its program is damaged or memory ran out, and nothing was appended.
int unwind__program(struct unwind_table *t, const struct frame_section *s, const struct entry *entry);

// ---- frames -------------------------------------------------------------------------------------

struct memory {
  const struct unwind_source *source;
  const struct unwind_stack *stack;
};
// `size` bytes, 1 to 8, of the process.
bool unwind__read(const struct memory *m, uint64_t address, unsigned size, uint64_t *value);

struct frame {
  uint64_t r[UNWIND_REGISTERS];
  uint32_t known;  // a bit a register
};
static inline bool frame_knows(const struct frame *f, unsigned reg) { return f->known >> reg & 1; }

// Evaluates the expression whose length is at `position`. `initial` is on the stack first unless it is NULL. false when it is
// damaged, needs what is not known, or takes too long.
bool unwind__expression(const struct frame_section *s, uint32_t position, const struct frame *f, const struct memory *m,
                        uint64_t bias, const uint64_t *initial, uint64_t *value);

enum step { STEP_CALLER, STEP_OUTERMOST, STEP_NO_MEMORY, STEP_BAD };
// Turns a frame into its caller's.
enum step unwind__step(struct frame *f, const struct place *p, const struct memory *m, uint64_t bias);
// The same by the frame pointer; false when it leads nowhere.
bool unwind__step_by_frame_pointer(struct frame *f, const struct memory *m);

#endif
