// Records of perf_event_open(2), as events.c asks for them: samples hold IP, TID, TIME, PERIOD, CALLCHAIN, REGS_USER,
// STACK_USER; all others end with TID and TIME.
#include <linux/perf_event.h>

#include "record/internal.h"

// The kernel's registers in the order of its numbers (asm/perf_regs.h), by those of DWARF.
static const unsigned char kernel_order[UNWIND_REGISTERS] = {0, 3, 2, 1, 4, 5, 6, 7, 16, 8, 9, 10, 11, 12, 13, 14, 15};
static const unsigned char kernel_number[UNWIND_REGISTERS] = {0,  1,  2,  3,  4,  5,  6,  7, 8,
                                                              16, 17, 18, 19, 20, 21, 22, 23};
enum { ABI_64 = 2, TRAILER = 16 };
// Where in a sample, with its header.
enum { SAMPLE_TID = 16, SAMPLE_TIME = 24, SAMPLE_CHAIN = 40 };

uint64_t record_registers_mask(void) {
  uint64_t mask = 0;
  for (size_t i = 0; i < UNWIND_REGISTERS; i++) mask |= UINT64_C(1) << kernel_number[i];
  return mask;
}

// Reads past the end give 0 and mark the reader.
struct reader {
  struct str left;
  bool bad;
};

static struct str take(struct reader *r, size_t n) {
  if (n > r->left.n) {
    r->bad = true;
    return (struct str){"", 0};
  }
  struct str taken = {r->left.p, n};
  r->left.p += n;
  r->left.n -= n;
  return taken;
}

static uint64_t word(struct reader *r) {
  uint64_t v = 0;
  struct str s = take(r, sizeof v);
  memcpy(&v, s.p, s.n);
  return v;
}

static uint32_t half(struct reader *r) {
  uint32_t v = 0;
  struct str s = take(r, sizeof v);
  memcpy(&v, s.p, s.n);
  return v;
}

static struct perf_event_header header_of(struct str bytes) {
  struct perf_event_header h = {0};
  if (bytes.n >= sizeof h) memcpy(&h, bytes.p, sizeof h);
  return h;
}

uint64_t record_time(struct str bytes) {
  struct perf_event_header h = header_of(bytes);
  uint64_t time = 0;
  size_t at = h.type == PERF_RECORD_SAMPLE ? SAMPLE_TIME : bytes.n - sizeof time;
  if (bytes.n >= sizeof h + TRAILER && at + sizeof time <= bytes.n) memcpy(&time, bytes.p + at, sizeof time);
  return time;
}

static void registers(struct reader *r, struct record *out) {
  uint64_t abi = word(r);
  if (abi == 0) return;  // a thread on its way out has none
  out->has_registers = abi == ABI_64;
  for (size_t i = 0; i < UNWIND_REGISTERS; i++) out->registers.r[kernel_order[i]] = word(r);
}

// The room for the stack, then how much of it was filled.
static void stack(struct reader *r, struct record *out) {
  uint64_t room = word(r), filled = 0;
  if (room == 0) return;
  struct str bytes = r->left;
  if (room + sizeof filled <= r->left.n) {
    take(r, room);
    filled = word(r);
  } else {
    filled = r->left.n;  // record_useful cut it
  }
  if (filled > bytes.n) r->bad = true;
  out->stack = (struct unwind_stack){out->registers.r[UNWIND_RSP], (const unsigned char *)bytes.p, filled};
}

static void chain(struct reader *r, struct record *out) {
  uint64_t n = word(r);
  if (n > r->left.n / sizeof n) r->bad = true;
  else out->kernel = take(r, n * sizeof n);
}

static void sample(struct reader *r, struct record *out) {
  out->address = word(r);
  out->pid = half(r);
  out->tid = half(r);
  out->time = word(r);
  out->weight = word(r);
  chain(r, out);
  registers(r, out);
  stack(r, out);
}

static struct str text(struct reader *r) { return (struct str){r->left.p, strnlen(r->left.p, r->left.n)}; }

static void mapped(struct reader *r, bool has_build_id, struct record *out) {
  out->pid = half(r);
  out->tid = half(r);
  out->start = word(r);
  out->limit = out->start + word(r);
  out->offset = word(r);
  struct str identity = take(r, 24);  // device, inode, generation; or a length, 3 bytes, the build id
  if (has_build_id && identity.n && (unsigned char)identity.p[0] <= 20)
    out->build_id = (struct str){identity.p + 4, (unsigned char)identity.p[0]};
  take(r, 8);  // protection, flags
  out->name = text(r);
}

static void forked(struct reader *r, struct record *out) {
  out->pid = half(r);
  out->parent = half(r);
  out->tid = half(r);
  out->parent_tid = half(r);
}

static void named(struct reader *r, struct record *out) {
  out->pid = half(r);
  out->tid = half(r);
  out->name = text(r);
}

static enum record_kind kind_of(uint32_t type) {
  switch (type) {
    case PERF_RECORD_SAMPLE: return RECORD_SAMPLE;
    case PERF_RECORD_MMAP2: return RECORD_MMAP;
    case PERF_RECORD_COMM: return RECORD_COMM;
    case PERF_RECORD_FORK: return RECORD_FORK;
    case PERF_RECORD_EXIT: return RECORD_EXIT;
    case PERF_RECORD_LOST: return RECORD_LOST;
    default: return RECORD_OTHER;
  }
}

bool record_parse(struct str bytes, struct record *out) {
  struct perf_event_header h = header_of(bytes);
  struct reader r = {bytes, false};
  *out = (struct record){.kind = kind_of(h.type), .time = record_time(bytes)};
  take(&r, sizeof h);
  if (out->kind == RECORD_SAMPLE) sample(&r, out);
  if (out->kind == RECORD_SAMPLE) return !r.bad;
  if (r.left.n < TRAILER) return false;
  r.left.n -= TRAILER;
  switch (out->kind) {
    case RECORD_MMAP: mapped(&r, h.misc & PERF_RECORD_MISC_MMAP_BUILD_ID, out); break;
    case RECORD_COMM: named(&r, out); break;
    case RECORD_FORK:
    case RECORD_EXIT: forked(&r, out); break;
    case RECORD_LOST: word(&r), out->lost = word(&r); break;
    default: break;
  }
  out->exec = out->kind == RECORD_COMM && h.misc & PERF_RECORD_MISC_COMM_EXEC;
  return !r.bad;
}

// Records and the parts of a ring begin and end at multiples of 8 bytes, so a word is in one part.
static uint64_t word_at(const struct record_bytes *r, size_t at) {
  uint64_t v = 0;
  if (at + sizeof v <= r->head.n) memcpy(&v, r->head.p + at, sizeof v);
  else if (at >= r->head.n && at - r->head.n + sizeof v <= r->tail.n) memcpy(&v, r->tail.p + at - r->head.n, sizeof v);
  return v;
}

bool record_is_sample(const struct record_bytes *r) { return header_of(r->head).type == PERF_RECORD_SAMPLE; }
uint32_t record_sample_pid(const struct record_bytes *r) { return (uint32_t)word_at(r, SAMPLE_TID); }
uint64_t record_sample_time(const struct record_bytes *r) { return word_at(r, SAMPLE_TIME); }

size_t record_useful(const struct record_bytes *r) {
  size_t n = r->head.n + r->tail.n, at = SAMPLE_CHAIN;
  if (!record_is_sample(r)) return n;
  uint64_t chain = word_at(r, at);
  if (chain > n / 8) return n;
  at += 8 + (size_t)chain * 8;
  at += word_at(r, at) ? 8 + UNWIND_REGISTERS * 8 : 8;
  uint64_t room = word_at(r, at);
  at += 8;
  if (room == 0 || at > n || room > n - at) return n;
  uint64_t filled = word_at(r, at + (size_t)room);
  return filled <= room ? at + (size_t)filled : n;
}
