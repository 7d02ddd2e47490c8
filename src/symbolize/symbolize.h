// symbolize: names, files, lines and inlined calls for the addresses of a profile, from the binaries it was taken from.
//
// Binaries and their debug information are looked for on this machine, and no program is started. Servers are asked only
// where the caller says so: those that profiles came from for names, those of debuginfod for debug information. A binary
// that is missing, damaged or of another build, or a server that does not answer, costs its names, leaves a reason, and
// nothing else.
#ifndef CPROF_SYMBOLIZE_H
#define CPROF_SYMBOLIZE_H

#include "http/http.h"
#include "profile/profile.h"
#include "symbolize/demangle.h"

// The server a profile was fetched from, for one of its mappings.
struct symbol_server {
  struct str key;  // the mapping's build id; where it has none, its file
  struct str url;  // of the profile; the user gave it, so with what is secret to others
  uint64_t start;  // of the mapping there; merging may have moved it
};

// Fetches debug information. Made here, used by as many threads as there are, freed by the caller.
struct debuginfod;
struct debuginfod *debuginfod_new(struct err *e);
void debuginfod_free(struct debuginfod *d);
// Notes once why something could not be fetched; nothing when all went well.
void debuginfod_tell(struct debuginfod *d, struct buf *notes);

// Where to look. Texts are the caller's.
struct search_paths {
  const char *binaries;                // folders joined by ':', what PPROF_BINARY_PATH holds
  const char *debug_root;              // "/usr/lib/debug"
  const char *debuginfod;              // the folder of debuginfod's cache; NULL: not looked at
  struct debuginfod *fetcher;          // of what is not there; NULL: nothing is fetched
  const struct symbol_server *server;  // whom to ask for names, the first of a mapping that is a URL
  size_t n_servers;
  struct http *http;  // what servers are asked with; NULL: a client of its own
  int64_t seconds;    // that asking for names may take in all; 0: a minute
};

// What -symbolize asks for.
struct symbolize_mode {
  bool none;          // not even demangling
  bool local;         // by binaries of this machine
  bool fast;          // by their symbol tables alone: no lines, no inlined calls
  bool remote;        // by the servers the profiles came from: search_paths.server
  bool remote_files;  // and by those of URLs that mappings have for a file: whoever made the profile chose them
  bool force;         // again where names are known
  enum demangle_mode demangle;
};

enum symbol_outcome {
  SYMBOLS_NOT_NEEDED,  // no sample has an address there
  SYMBOLS_IN_PROFILE,  // the profile brought them
  SYMBOLS_NOT_ASKED,   // the mode says so
  SYMBOLS_FROM_SERVER,
  SYMBOLS_AT_SERVER,  // it has a URL for a file, and no name came from there
  SYMBOLS_NO_FILE,    // code of no file: the vdso, the kernel, memory of the program
  SYMBOLS_NO_BINARY,  // not found, not readable
  SYMBOLS_OTHER_BUILD,
  SYMBOLS_NONE,  // a binary without any
  SYMBOLS_FROM_TABLE,
  SYMBOLS_FROM_GO,  // Go's table of functions and lines
  SYMBOLS_FROM_DWARF,
};

// What became of one mapping.
struct symbol_source {
  enum symbol_outcome outcome;
  bool build_id_known, build_id_equal;  // on both sides; then whether they are the same
  char *binary, *debug, *alt;           // files that were used; NULL: none. debug equals binary where it holds its own
  char *reason;                         // what is missing and why, one line; NULL: nothing
  uint32_t asked, named, with_lines, with_inlines;  // addresses
};

struct symbol_report {
  struct symbol_source *mapping;  // one a mapping of the profile
  uint32_t n;
};
void symbol_report_release(struct symbol_report *r);

// Replaces the file of each mapping by one that is found under `where->binaries` and has the mapping's build id: by
// build id (ID/NAME, ID/*, FILE/ID, ab/cdef.debug), by name, by path, and where GDB looks. Those that are passed over
// for their build id are noted. Done to each source before profiles are merged.
int symbolize_find_binaries(struct profile *p, const struct search_paths *where, struct buf *notes, struct err *e);

// Resolves what the mode asks for. What was not found is noted, a line a mapping, and told in `report`, which is the
// caller's to release and may be NULL. -1 only when memory ran out.
int symbolize(struct profile *p, const struct symbolize_mode *mode, const struct search_paths *where,
              struct symbol_report *report, struct buf *notes, struct err *e);

// Demangles the names of all functions; by their system names where `force` is set.
int symbolize_demangle(struct profile *p, const struct symbolize_mode *mode, struct err *e);

#endif
