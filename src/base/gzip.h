// gzip: bytes from a file or a descriptor, inflated on the way when they are gzip, and gzip output.
#ifndef CPROF_GZIP_H
#define CPROF_GZIP_H

#include "base/base.h"

// A source of bytes. When the first two bytes are 1f 8b the rest is inflated (several members in a row are read as
// one, as gzip and Go do); otherwise bytes pass through unchanged. Inflating runs on a thread of its own once the
// input is larger than a few blocks, so that the reader's work goes on beside it.
struct source;

// Reads from a descriptor, which stays the caller's and must stay open until source_close. `limit` bounds the bytes
// that come out: more is an error that names it. SOURCE_LIMIT_AUTO lets plain input pass and stops gzip input that
// grows as no profile does (more than 64 MiB and 200 times its size); SOURCE_LIMIT_NONE trusts the input.
#define SOURCE_LIMIT_AUTO 0
#define SOURCE_LIMIT_NONE UINT64_MAX
struct source *source_open(int fd, uint64_t limit, struct err *e);
// The same from memory, which must stay until source_close.
struct source *source_open_memory(struct str bytes, uint64_t limit, struct err *e);
// The next block: 1 with bytes that stay valid until the next call, 0 at the end, -1 with a message on a read error,
// damaged or truncated gzip data, a wrong checksum, or the limit.
int source_next(struct source *s, struct str *block, struct err *e);
// Was the input compressed? Known after the first source_next.
bool source_was_gzip(const struct source *s);
void source_close(struct source *s);

// Compresses into `out` as one gzip member with no name and no time: the same input gives the same bytes, in whatever
// portions it comes and on however many threads it is compressed. A failure shows at the end.
struct gzip_writer;
struct gzip_writer *gzip_writer_new(struct buf *out, struct err *e);
void gzip_writer_add(struct gzip_writer *w, struct str bytes);
// Also frees the writer. 0 or -1 with a message.
int gzip_writer_finish(struct gzip_writer *w, struct err *e);
int gzip_add(struct buf *out, struct str bytes, struct err *e);  // all of it at once

// Inflates a zlib stream that makes exactly n bytes. -1 with what is wrong, as "has damaged zlib data".
int zlib_inflate(struct str in, char *out, size_t n, struct err *e);
uint32_t crc32_of(struct str bytes);

#endif
