// elf: one ELF object: its sections, its segments, its symbols, and how to tell where its debug information lies.
//
// A file is mapped, not read, so that a large object costs what is looked at. Every offset and count of the file is
// checked before it is used: a damaged object gives a reason, or less than it seemed to hold, and nothing worse. A
// `struct elf` does not change once it is open; what is made later (inflated sections, the symbol table) is made once,
// under a lock. Any number of threads may read one object. Bytes and names it gives out live until elf_close.
#ifndef CPROF_ELF_H
#define CPROF_ELF_H

#include "base/base.h"

struct elf;

// NULL with a message that does not name the file: the caller knows it.
struct elf *elf_open(const char *path, struct err *e);
// The bytes stay the caller's and must stay until elf_close.
struct elf *elf_open_memory(struct str bytes, struct err *e);
void elf_close(struct elf *);

bool elf_is_64(const struct elf *);
bool elf_is_big_endian(const struct elf *);
unsigned elf_machine(const struct elf *);  // EM_X86_64 and the like
uint64_t elf_entry(const struct elf *);    // where a program begins to run; 0 when the object has no such place

// ---- sections -----------------------------------------------------------------------------------

// The bytes of a section, inflated where they are compressed (SHF_COMPRESSED with zlib, or .zdebug_* for .debug_*).
// 1 found, 0 absent (or without bytes in this file, as the text of a debug file is), -1 damaged, with a message that
// names the section.
int elf_section(struct elf *, const char *name, struct str *bytes, struct err *e);
// Does the file hold bytes of such a section, whatever they are?
bool elf_has_section(const struct elf *, const char *name);
// Where a section lies when the object is loaded; false when there is none.
bool elf_section_address(const struct elf *, const char *name, uint64_t *address);

// ---- segments -----------------------------------------------------------------------------------

// A mapping as a profile has it: addresses start <= a < limit of the process are bytes of the file from `offset` on.
struct elf_mapping {
  uint64_t start, limit, offset;
  bool relocated;       // a kernel's: it starts at a symbol
  uint64_t relocation;  // the object's address of that symbol
};

// Completes the mapping where it looks like a kernel's. `name` is the symbol it starts at ("_text"); empty: "_stext".
void elf_find_relocation(struct elf *, struct elf_mapping *m, struct str name);

// The address that symbols and debug information of the object use, for an address of the process. -1 with a reason
// when mapping and object do not fit together.
int elf_object_address(const struct elf *, const struct elf_mapping *m, uint64_t address, uint64_t *object_address,
                       struct err *e);
// Is the object's address in a segment or a section that can be executed?
bool elf_is_code(const struct elf *, uint64_t object_address);
// The bytes of the file that are loaded at an object's address, up to the end of their segment; n == 0 when there are
// none.
struct str elf_loaded(const struct elf *, uint64_t object_address);

// A word (4 or 8 bytes, by the class) of the loaded object as it will be, not counting that the object as a whole may
// be moved. false when nothing is loaded there.
bool elf_relocated_word(const struct elf *, uint64_t object_address, uint64_t *value);
// Where the object's writable data first hold such a word.
bool elf_find_word(const struct elf *, uint64_t value, uint64_t *object_address);

// ---- identity, and where debug information lies -------------------------------------------------

// The GNU build id, raw bytes; n == 0 when there is none.
struct str elf_build_id(const struct elf *);
// The same in notes by themselves, in this machine's byte order, as the kernel shows its own.
struct str elf_notes_build_id(struct str notes);
// Appends a build id as profiles and file names write it: hexadecimal, small letters. No more than 64 bytes of it.
void elf_build_id_text(struct str raw, struct buf *out);
// Equal in either case of the letters. An id that is not known (empty) is equal to none.
bool elf_build_id_is(struct str raw, struct str text);

// .gnu_debuglink: the name of the debug file and the CRC-32 of its bytes.
bool elf_debug_link(struct elf *, struct str *name, uint32_t *crc);
// .gnu_debugaltlink: the file that dwz moved shared parts to, and its build id.
bool elf_debug_alt_link(struct elf *, struct str *name, struct str *build_id);
// CRC-32 of the whole file.
uint32_t elf_crc(const struct elf *);

// ---- symbols ------------------------------------------------------------------------------------

struct elf_symbol {
  uint64_t address, size;  // size 0: up to the next one
  struct str name;         // without the "@VERSION"; "strlen@plt" for an entry of the procedure linkage table
  struct str file;         // a local symbol's source file, without a folder; empty where it is not known
};

// The symbols of .symtab, or where there is none of .dynsym, and the entries of the procedure linkage table: sorted by
// address, one an address (the largest, among equals the last of the table). What can't be read is left out.
// -1 only when memory ran out.
int elf_symbols(struct elf *, const struct elf_symbol **symbols, size_t *n, struct err *e);
// The symbol that holds the address: the nearest at or below it, unless it ends before. NULL when there is none.
const struct elf_symbol *elf_symbol_at(struct elf *, uint64_t object_address);

#endif
