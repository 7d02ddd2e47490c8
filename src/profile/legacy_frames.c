// The frames that belong to a profiler rather than to the program. Formats of this age do not name them, so they are
// known here, by the kind of profile. They go into drop_frames and keep_frames as regular expressions, in the words and
// the order of the reference, because written profiles show them.
#include "profile/legacy_parts.h"

// Alternatives that share a beginning and an end: names are separated by blanks.
struct family {
  const char *before, *names, *after;
};

static const struct family allocators[] = {
    // C
    {"", "calloc cfree malloc free memalign do_memalign (__)?posix_memalign pvalloc valloc realloc", ""},
    // tcmalloc
    {"", "tcmalloc::.*", ""},
    {"tc_", "calloc cfree malloc free memalign posix_memalign pvalloc valloc realloc", ""},
    {"tc_", "new delete newarray deletearray new_nothrow newarray_nothrow", ""},
    // macOS
    {"malloc_zone_", "malloc calloc valloc realloc memalign free", ""},
    // Go
    {"runtime\\.", ".*", ""},
    // C++ libraries and wrappers
    {"", "BaseArena::.*", ""},
    {"(::)?do_malloc", "_no_errno _pages", ""},
    {"(::)?do_malloc", "", ""},
    {"", "DoSampledAllocation MallocedMemBlock::MallocedMemBlock _M_allocate", ""},
    {"__builtin_(vec_)?", "delete new", ""},
    {"", "__gnu_cxx::new_allocator::allocate __libc_malloc __malloc_alloc_template::allocate allocate cpp_alloc", ""},
    {"operator new(\\[\\])?", "", ""},
    {"", "simple_alloc::allocate", ""},
    {0},
};

// Go's runtime is dropped only as far as it allocates, not where it runs a program's panic or call.
static const struct family go_callers[] = {{"runtime\\.", "panic reflectcall call[0-9]*", ""}, {0}};

static const struct family cpu_profilers[] = {
    {"", "ProfileData::Add", ""},
    {"", "ProfileData::prof_handler CpuProfiler::prof_handler", ""},
    {"__", "pthread_sighandler restore", ""},
    {0},
};

static const struct family lock_profilers[] = {
    {"", "RecordLockProfileData", ""},
    {"(base::)?", "RecordLockProfileData SubmitMutexProfileData SubmitSpinLockProfileData", ".*"},
    {"(base::Mutex::)?", "AwaitCommon Unlock UnlockSlow ReaderUnlock", ".*"},
    {"(base::MutexLock::)?", "~MutexLock", ".*"},
    {"(Mutex::)?", "AwaitCommon Unlock UnlockSlow ReaderUnlock", ".*"},
    {"(MutexLock::)?", "~MutexLock", ".*"},
    {"(SpinLock::)?", "Unlock SlowUnlock", ".*"},
    {"(SpinLockHolder::)?", "~SpinLockHolder", ".*"},
    {0},
};

static void add_family(struct buf *out, const struct family *f) {
  struct str names = str_of(f->names);
  do {
    if (out->n) buf_addc(out, '|');
    buf_adds(out, f->before);
    buf_str(out, text_take(&names, IN_VISIBLE));
    buf_adds(out, f->after);
  } while (text_skip(&names, " "));
}

static int set(struct profile *p, uint32_t *field, const struct family *families, struct err *e) {
  struct buf rx = {0};
  for (const struct family *f = families; f->before; f++) add_family(&rx, f);
  *field = rx.failed ? NONE : profile_add_string(p, buf_view(&rx));
  buf_release(&rx);
  return *field == NONE ? err_nomem(e) : 0;
}

static bool has_types(const struct profile *p, const char *names) {
  struct str rest = str_of(names);
  for (uint32_t i = 0; i < p->n_sample_types; i++) {
    struct str name = text_take(&rest, IN_VISIBLE);
    if (!name.n || !str_eq(name, profile_str(p, p->sample_type[i].type))) return false;
    text_skip(&rest, " ");
  }
  return rest.n == 0;
}

int frames_to_drop(struct profile *p, struct err *e) {
  static const char *const heaps[] = {
      "allocations size",
      "objects space",
      "inuse_objects inuse_space",
      "alloc_objects alloc_space",
      "alloc_objects alloc_space inuse_objects inuse_space",
  };
  for (size_t i = 0; i < sizeof heaps / sizeof *heaps; i++)
    if (has_types(p, heaps[i]))
      return set(p, &p->drop_frames, allocators, e) || set(p, &p->keep_frames, go_callers, e) ? -1 : 0;
  bool locks = has_types(p, "contentions delay");
  return set(p, &p->drop_frames, locks ? lock_profilers : cpu_profilers, e);
}
