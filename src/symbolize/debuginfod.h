// debuginfod: debug files from the servers that DEBUGINFOD_URLS names, by elfutils' client library, which is loaded when
// first needed. The library keeps what it fetched, and heeds its own variables (DEBUGINFOD_CACHE_PATH,
// DEBUGINFOD_TIMEOUT, DEBUGINFOD_PROGRESS).
#ifndef CPROF_SYMBOLIZE_DEBUGINFOD_H
#define CPROF_SYMBOLIZE_DEBUGINFOD_H

#include "symbolize/symbolize.h"

// Fetches the debug file of a build id and sets its path. false when there is none; anything but "no server has it" is
// kept for debuginfod_tell. Any thread.
bool debuginfod_fetch(struct debuginfod *d, struct str id_text, struct buf *path);

#endif
