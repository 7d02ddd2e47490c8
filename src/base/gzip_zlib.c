// zlib streams in memory, and zlib's checksum.
#include <limits.h>
#include <zlib.h>

#include "base/gzip.h"

// zlib counts in unsigned int.
static unsigned portion(size_t left) { return left > UINT_MAX / 2 ? UINT_MAX / 2 : (unsigned)left; }

static int inflate_all(z_stream *z, struct str in, char *out, size_t n) {
  size_t in_left = in.n, out_left = n;
  int result = Z_OK;
  z->next_in = (Bytef *)(uintptr_t)in.p;
  z->next_out = (Bytef *)out;
  while (result == Z_OK) {
    unsigned in_portion = portion(in_left), out_portion = portion(out_left);
    z->avail_in = in_portion;
    z->avail_out = out_portion;
    result = inflate(z, Z_NO_FLUSH);
    in_left -= in_portion - z->avail_in;
    out_left -= out_portion - z->avail_out;
    // The bytes are there: what follows them does not matter.
    if (out_left == 0 && result == Z_OK) return Z_STREAM_END;
  }
  return out_left ? Z_DATA_ERROR : result;
}

int zlib_inflate(struct str in, char *out, size_t n, struct err *e) {
  z_stream z = {0};
  if (inflateInit(&z) != Z_OK) return err_nomem(e);
  int result = inflate_all(&z, in, out, n);
  inflateEnd(&z);
  if (result == Z_MEM_ERROR) return err_nomem(e);
  return result == Z_STREAM_END ? 0 : err_set(e, "has damaged zlib data");
}

uint32_t crc32_of(struct str bytes) { return (uint32_t)crc32_z(0, (const Bytef *)bytes.p, bytes.n); }
