// Sources of bytes: plain and gzip, from memory and descriptors, damaged, huge, and closed early.
#include "base/gzip.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>
#include <zlib.h>

#include "support/test.h"

#ifdef __SANITIZE_ADDRESS__
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif

// ---- help ---------------------------------------------------------------------------------------

// Bytes that do not compress to nothing and show where a block got lost.
static struct buf pattern(size_t n) {
  struct buf b = {0};
  struct random r = {n};
  while (b.n < n) {
    uint64_t v = random_u64(&r);
    buf_add(&b, &v, n - b.n < 8 ? n - b.n : 8);
  }
  assert_false(b.failed);
  return b;
}

static struct buf compressed(struct str bytes) {
  struct buf out = {0};
  struct err e = {0};
  assert_int_equal(gzip_add(&out, bytes, &e), 0);
  return out;
}

// Everything a source gives. Returns what the last source_next did.
static int drain(struct source *s, struct buf *out, struct err *e) {
  struct str block;
  int more;
  assert_non_null(s);
  while ((more = source_next(s, &block, e)) > 0) {
    assert_true(block.n > 0);
    buf_str(out, block);
  }
  assert_int_equal(block.n, 0);
  assert_false(out->failed);
  return more;
}

static void expect_bytes(struct str input, struct str expected) {
  struct buf out = {0};
  struct err e = {0};
  struct source *s = source_open_memory(input, SOURCE_LIMIT_AUTO, &e);
  assert_int_equal(drain(s, &out, &e), 0);
  assert_string_equal(e.text, "");
  assert_true(str_eq(buf_view(&out), expected));
  source_close(s);
  buf_release(&out);
}

static void expect_failure(struct str input, uint64_t limit, const char *message) {
  struct buf out = {0};
  struct err e = {0}, again = {0};
  struct str block;
  struct source *s = source_open_memory(input, limit, &e);
  assert_int_equal(drain(s, &out, &e), -1);
  assert_message(&e, message);
  assert_int_equal(source_next(s, &block, &again), -1);  // and it stays so
  assert_string_equal(again.text, e.text);
  source_close(s);
  buf_release(&out);
}

// A deleted file with these bytes, at its start.
static int file_with(struct str bytes) {
  char name[] = "/tmp/cprof.gzip.XXXXXX";
  int fd = mkstemp(name);
  assert_true(fd >= 0);
  unlink(name);
  while (bytes.n) {
    ssize_t n = write(fd, bytes.p, bytes.n);
    assert_true(n > 0);
    bytes.p += n;
    bytes.n -= (size_t)n;
  }
  assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
  return fd;
}

// ---- what comes in goes out -----------------------------------------------------------------------

static void test_source__plain(void **state) {
  (void)state;
  struct buf large = pattern(3 << 20);
  expect_bytes(STR_LIT("hello"), STR_LIT("hello"));
  expect_bytes(STR_LIT("\x1f"), STR_LIT("\x1f"));
  expect_bytes(STR_LIT("\x1fx\x8b"), STR_LIT("\x1fx\x8b"));
  expect_bytes(buf_view(&large), buf_view(&large));
  buf_release(&large);
}

static void test_source__empty(void **state) {
  (void)state;
  expect_bytes(STR_LIT(""), STR_LIT(""));
  expect_bytes((struct str){NULL, 0}, STR_LIT(""));
  struct buf nothing = compressed(STR_LIT(""));
  expect_bytes(buf_view(&nothing), STR_LIT(""));
  buf_release(&nothing);
}

// Sizes around the 64 KiB of an input, the 256 KiB of a block and the 512 KiB that are compressed at once.
static void test_source__gzip_of_every_size(void **state) {
  (void)state;
  static const size_t sizes[] = {1, 65535, 65536, 65537, 262143, 262144, 262145, 524287, 524288, 1048577, 2000000};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    struct buf plain = pattern(sizes[i]), packed = compressed(buf_view(&plain));
    expect_bytes(buf_view(&packed), buf_view(&plain));
    buf_release(&plain);
    buf_release(&packed);
  }
}

static void test_source__says_whether_it_was_gzip(void **state) {
  (void)state;
  struct buf packed = compressed(STR_LIT("x"));
  struct str block;
  struct err e = {0};
  struct source *plain = source_open_memory(STR_LIT("x"), SOURCE_LIMIT_AUTO, &e);
  struct source *gzip = source_open_memory(buf_view(&packed), SOURCE_LIMIT_AUTO, &e);
  assert_int_equal(source_next(plain, &block, &e), 1);
  assert_int_equal(source_next(gzip, &block, &e), 1);
  assert_false(source_was_gzip(plain));
  assert_true(source_was_gzip(gzip));
  source_close(plain);
  source_close(gzip);
  source_close(NULL);
  buf_release(&packed);
}

static void test_source__several_members(void **state) {
  (void)state;
  struct buf all = {0}, expected = {0}, large = pattern(700000);
  struct err e = {0};
  for (unsigned i = 0; i < 5; i++) {
    struct str part = i == 1 ? STR_LIT("") : i == 3 ? buf_view(&large) : STR_LIT("member ");
    assert_int_equal(gzip_add(&all, part, &e), 0);
    buf_str(&expected, part);
  }
  expect_bytes(buf_view(&all), buf_view(&expected));
  buf_release(&all);
  buf_release(&expected);
  buf_release(&large);
}

// Whatever the portions, the bytes are the same; the sizes lie around those at which the compressor cuts.
static void test_gzip_writer__portions(void **state) {
  (void)state;
  static const size_t sizes[] = {0, 1, (512 << 10) - 1, 512 << 10, (512 << 10) + 1, 1 << 20, 5000000};
  struct random r = {1};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    struct buf plain = pattern(sizes[i]), at_once = compressed(buf_view(&plain)), out = {0};
    struct err e = {0};
    struct gzip_writer *w = gzip_writer_new(&out, &e);
    assert_non_null(w);
    for (size_t from = 0, n; from < plain.n; from += n) {
      n = 1 + random_below(&r, random_chance(&r, 50) ? 100 : 300000);
      if (n > plain.n - from) n = plain.n - from;
      gzip_writer_add(w, (struct str){plain.data + from, n});
    }
    assert_int_equal(gzip_writer_finish(w, &e), 0);
    assert_true(str_eq(buf_view(&out), buf_view(&at_once)));
    expect_bytes(buf_view(&out), buf_view(&plain));
    buf_release(&plain);
    buf_release(&at_once);
    buf_release(&out);
  }
}

// Large enough for the thread, which runs ahead of a reader that dawdles.
static void test_source__descriptor(void **state) {
  (void)state;
  struct buf plain = pattern(5 << 20), packed = compressed(buf_view(&plain)), out = {0};
  struct err e = {0};
  struct str block;
  int fd = file_with(buf_view(&packed));
  struct source *s = source_open(fd, SOURCE_LIMIT_AUTO, &e);
  assert_int_equal(source_next(s, &block, &e), 1);
  buf_str(&out, block);
  usleep(20000);
  assert_true(memcmp(block.p, plain.data, block.n) == 0);  // still as it was
  assert_int_equal(drain(s, &out, &e), 0);
  assert_true(str_eq(buf_view(&out), buf_view(&plain)));
  source_close(s);
  assert_int_equal(close(fd), 0);  // left open for its owner
  buf_release(&plain);
  buf_release(&packed);
  buf_release(&out);
}

static void test_source__pipe(void **state) {
  (void)state;
  int end[2];
  struct buf out = {0};
  struct err e = {0};
  assert_int_equal(pipe(end), 0);
  assert_int_equal(write(end[1], "by and by", 9), 9);
  close(end[1]);
  struct source *s = source_open(end[0], SOURCE_LIMIT_AUTO, &e);
  assert_int_equal(drain(s, &out, &e), 0);
  assert_str(buf_view(&out), "by and by");
  source_close(s);
  close(end[0]);
  buf_release(&out);
}

static void test_source__early_close(void **state) {
  (void)state;
  struct buf plain = pattern(4 << 20), packed = compressed(buf_view(&plain));
  struct str block;
  struct err e = {0};
  for (unsigned blocks = 0; blocks < 6; blocks++) {
    struct source *s = source_open_memory(buf_view(&packed), SOURCE_LIMIT_AUTO, &e);
    for (unsigned i = 0; i < blocks; i++) assert_int_equal(source_next(s, &block, &e), 1);
    if (blocks % 2) usleep(5000);  // until every block is full and the thread waits
    source_close(s);
  }
  buf_release(&plain);
  buf_release(&packed);
}

// ---- damage ---------------------------------------------------------------------------------------

static void test_source__truncated(void **state) {
  (void)state;
  struct buf packed = compressed(STR_LIT("some text that is cut somewhere"));
  for (size_t n = 2; n < packed.n; n++)
    expect_failure((struct str){packed.data, n}, SOURCE_LIMIT_AUTO, "damaged gzip data: it ends in the middle");
  buf_release(&packed);
}

static void test_source__truncated_after_many_blocks(void **state) {
  (void)state;
  struct buf plain = pattern(2 << 20), packed = compressed(buf_view(&plain));
  expect_failure((struct str){packed.data, packed.n - 1}, SOURCE_LIMIT_AUTO, "it ends in the middle");
  buf_release(&plain);
  buf_release(&packed);
}

static void test_source__bad_checksum(void **state) {
  (void)state;
  struct buf packed = compressed(STR_LIT("text"));
  packed.data[packed.n - 8] ^= 1;
  expect_failure(buf_view(&packed), SOURCE_LIMIT_AUTO, "damaged gzip data: incorrect data check");
  packed.data[packed.n - 8] ^= 1;
  packed.data[packed.n - 1] ^= 1;
  expect_failure(buf_view(&packed), SOURCE_LIMIT_AUTO, "damaged gzip data: incorrect length check");
  buf_release(&packed);
}

static void test_source__trailing_garbage(void **state) {
  (void)state;
  struct buf packed = compressed(STR_LIT("text"));
  buf_adds(&packed, "garbage");
  expect_failure(buf_view(&packed), SOURCE_LIMIT_AUTO, "damaged gzip data: incorrect header check");
  buf_release(&packed);
}

static void test_source__read_error(void **state) {
  (void)state;
  struct buf out = {0};
  struct err e = {0};
  int folder = open("/", O_RDONLY | O_DIRECTORY);
  struct source *s = source_open(folder, SOURCE_LIMIT_AUTO, &e);
  assert_int_equal(drain(s, &out, &e), -1);
  assert_message(&e, "directory");
  source_close(s);
  close(folder);
  buf_release(&out);
}

// ---- limits -----------------------------------------------------------------------------------------

static void test_source__limit(void **state) {
  (void)state;
  struct buf plain = pattern(300000), packed = compressed(buf_view(&plain)), out = {0};
  struct err e = {0};
  expect_failure(buf_view(&packed), 299999, "it holds more than 299999 bytes after decompression (-inflate_limit");
  expect_failure(buf_view(&plain), 299999, "it holds more than 299999 bytes (-inflate_limit");
  struct source *s = source_open_memory(buf_view(&packed), 300000, &e);
  assert_int_equal(drain(s, &out, &e), 0);
  assert_int_equal(out.n, 300000);
  source_close(s);
  buf_release(&plain);
  buf_release(&packed);
  buf_release(&out);
}

// `mib` MiB of zeros, compressed piece by piece.
static struct buf zeros(unsigned mib) {
  static unsigned char piece[1 << 20];
  unsigned char packed[1 << 12];
  struct buf out = {0};
  z_stream z = {0};
  assert_int_equal(deflateInit2(&z, 1, Z_DEFLATED, 16 + MAX_WBITS, 9, Z_RLE), Z_OK);
  for (unsigned i = 0; i <= mib; i++) {
    z.next_in = piece;
    z.avail_in = i < mib ? sizeof piece : 0;
    do {
      z.next_out = packed;
      z.avail_out = sizeof packed;
      assert_true(deflate(&z, i < mib ? Z_NO_FLUSH : Z_FINISH) != Z_STREAM_ERROR);
      buf_add(&out, packed, sizeof packed - z.avail_out);
    } while (z.avail_out == 0);
  }
  deflateEnd(&z);
  assert_false(out.failed);
  return out;
}

static long peak_kib(void) {
  struct rusage u;
  getrusage(RUSAGE_SELF, &u);
  return u.ru_maxrss;
}

// How many bytes a source gives before its end or the error.
static int count_bytes(struct str input, uint64_t limit, uint64_t *bytes, struct err *e) {
  struct str block;
  int more;
  *bytes = 0;
  struct source *s = source_open_memory(input, limit, e);
  while ((more = source_next(s, &block, e)) > 0) *bytes += block.n;
  source_close(s);
  return more;
}

static void test_source__bomb_ends_with_an_error(void **state) {
  (void)state;
  struct buf bomb = zeros(1024);
  struct err e = {0};
  uint64_t bytes, most = (UINT64_C(64) << 20) + 200 * (uint64_t)bomb.n;
  assert_true(bomb.n < 2 << 20);
  long before = peak_kib();
  assert_int_equal(count_bytes(buf_view(&bomb), SOURCE_LIMIT_AUTO, &bytes, &e), -1);
  assert_message(&e, "(-inflate_limit raises this)");
  assert_true(bytes >= UINT64_C(64) << 20 && bytes <= most);
#ifndef SANITIZED
  assert_in_range((uintmax_t)(peak_kib() - before), 0, 8 << 10);
#else
  (void)before;
#endif
  buf_release(&bomb);
}

// What profiles do: 64 MiB from any input, and any size with the caller's trust.
static void test_source__large_but_allowed(void **state) {
  (void)state;
  struct buf packed = zeros(64), larger = zeros(100);
  struct err e = {0};
  uint64_t bytes;
  assert_int_equal(count_bytes(buf_view(&packed), SOURCE_LIMIT_AUTO, &bytes, &e), 0);
  assert_int_equal(bytes, 64 << 20);
  assert_int_equal(count_bytes(buf_view(&larger), SOURCE_LIMIT_AUTO, &bytes, &e), -1);
  err_clear(&e);
  assert_int_equal(count_bytes(buf_view(&larger), SOURCE_LIMIT_NONE, &bytes, &e), 0);
  assert_int_equal(bytes, 100 << 20);
  buf_release(&packed);
  buf_release(&larger);
}

// ---- writing ----------------------------------------------------------------------------------------

static void test_gzip__same_bytes_every_time(void **state) {
  (void)state;
  struct buf plain = pattern(100000), a = compressed(buf_view(&plain)), b = compressed(buf_view(&plain));
  static const char no_name_no_time[] = "\x1f\x8b\x08\0\0\0\0\0";
  assert_true(str_eq(buf_view(&a), buf_view(&b)));
  assert_memory_equal(a.data, no_name_no_time, 8);
  buf_release(&plain);
  buf_release(&a);
  buf_release(&b);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_source__bomb_ends_with_an_error),  // first: the peak of memory only grows
      cmocka_unit_test(test_source__plain),
      cmocka_unit_test(test_source__empty),
      cmocka_unit_test(test_source__gzip_of_every_size),
      cmocka_unit_test(test_source__says_whether_it_was_gzip),
      cmocka_unit_test(test_source__several_members),
      cmocka_unit_test(test_gzip_writer__portions),
      cmocka_unit_test(test_source__descriptor),
      cmocka_unit_test(test_source__pipe),
      cmocka_unit_test(test_source__early_close),
      cmocka_unit_test(test_source__truncated),
      cmocka_unit_test(test_source__truncated_after_many_blocks),
      cmocka_unit_test(test_source__bad_checksum),
      cmocka_unit_test(test_source__trailing_garbage),
      cmocka_unit_test(test_source__read_error),
      cmocka_unit_test(test_source__limit),
      cmocka_unit_test(test_source__large_but_allowed),
      cmocka_unit_test(test_gzip__same_bytes_every_time),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
