// Bytes of sections. A compressed section is inflated when it is first asked for and kept.
#include <elf.h>
#include <stdlib.h>

#include "base/gzip.h"
#include "elf/internal.h"

// How a section's bytes are stored.
struct packing {
  struct str bytes;  // compressed
  uint64_t size;     // inflated
};

static int damaged(const struct elf_section_header *s, const char *what, struct err *e) {
  return err_set(e, "section %.*s %s", STR_ARG(s->name), what);
}

// The header that SHF_COMPRESSED puts before the bytes.
static int standard_packing(const struct elf *f, const struct elf_section_header *s, struct packing *p, struct err *e) {
  size_t header = f->is_64 ? sizeof(Elf64_Chdr) : sizeof(Elf32_Chdr);
  if (p->bytes.n < header) return damaged(s, "is too short", e);
  const char *at = p->bytes.p;
  uint32_t type = elf__u32(f, at);
  if (type == 2) return damaged(s, "is compressed with zstd, which cprof cannot inflate", e);
  if (type != ELFCOMPRESS_ZLIB) return damaged(s, "is compressed in an unknown way", e);
  p->size = elf__word(f, at + offsetof(Elf32_Chdr, ch_size), at + offsetof(Elf64_Chdr, ch_size));
  p->bytes = (struct str){at + header, p->bytes.n - header};
  return 0;
}

// The older way: "ZLIB" and the size, big-endian in every object.
static int old_packing(const struct elf_section_header *s, struct packing *p, struct err *e) {
  enum { HEADER = 12 };
  if (p->bytes.n < HEADER || memcmp(p->bytes.p, "ZLIB", 4) != 0) return damaged(s, "does not begin with ZLIB", e);
  for (int i = 4; i < HEADER; i++) p->size = p->size << 8 | (unsigned char)p->bytes.p[i];
  p->bytes = (struct str){p->bytes.p + HEADER, p->bytes.n - HEADER};
  return 0;
}

// zlib makes no more than 1032 bytes of one, so that a larger claim is a lie and not worth its memory.
static bool size_is_possible(const struct packing *p) { return p->size / 1032 <= p->bytes.n; }

static int inflate_section(const struct elf_section_header *s, const struct packing *p, struct elf_inflated *out,
                           struct err *e) {
  struct err reason = {""};
  if (!size_is_possible(p)) return damaged(s, "claims to be larger than it can be", e);
  out->n = (size_t)p->size;
  out->bytes = malloc(out->n + 1);
  if (!out->bytes) return err_nomem(e);
  if (!zlib_inflate(p->bytes, out->bytes, out->n, &reason)) return 0;
  free(out->bytes);
  return damaged(s, reason.text, e);
}

static const struct elf_inflated *find_inflated(const struct elf *f, uint32_t section) {
  for (size_t i = 0; i < f->n_inflated; i++)
    if (f->inflated[i].section == section) return &f->inflated[i];
  return NULL;
}

// Under the lock.
static int inflated_bytes(struct elf *f, const struct elf_section_header *s, const struct packing *p, struct str *bytes,
                          struct err *e) {
  struct elf_inflated made = {.section = (uint32_t)(s - f->section)};
  const struct elf_inflated *old = find_inflated(f, made.section);
  if (!old) {
    if (ARRAY_RESERVE(f->inflated, f->inflated_cap, f->n_inflated + 1)) return err_nomem(e);
    if (inflate_section(s, p, &made, e)) return -1;
    old = &made;
    f->inflated[f->n_inflated++] = made;
  }
  *bytes = (struct str){old->bytes, old->n};
  return 0;
}

static int take_inflated(struct elf *f, const struct elf_section_header *s, const struct packing *p, struct str *bytes,
                         struct err *e) {
  pthread_mutex_lock(&f->mutex);
  int result = inflated_bytes(f, s, p, bytes, e);
  pthread_mutex_unlock(&f->mutex);
  return result ? -1 : 1;
}

// ".zdebug_info" for ".debug_info".
static const struct elf_section_header *find_old_packed(const struct elf *f, const char *name) {
  char old[64] = ".z";
  if (strncmp(name, ".debug_", 7) != 0 || strlen(name) + 2 > sizeof old) return NULL;
  memcpy(old + 2, name + 1, strlen(name));
  return elf__section(f, str_of(old));
}

int elf_section(struct elf *f, const char *name, struct str *bytes, struct err *e) {
  const struct elf_section_header *s = elf__section(f, str_of(name)), *old = s ? NULL : find_old_packed(f, name);
  if (!s && !old) return 0;
  if (!s) s = old;
  if (s->type == SHT_NOBITS || s->type == SHT_NULL) return 0;
  struct packing p = {elf__section_bytes(f, s), 0};
  if (p.bytes.n < s->size) return damaged(s, "reaches beyond the end of the file", e);
  *bytes = p.bytes;
  if (!old && !(s->flags & SHF_COMPRESSED)) return 1;
  if (old ? old_packing(s, &p, e) : standard_packing(f, s, &p, e)) return -1;
  return take_inflated(f, s, &p, bytes, e);
}

bool elf_has_section(const struct elf *f, const char *name) {
  const struct elf_section_header *s = elf__section(f, str_of(name));
  if (!s) s = find_old_packed(f, name);
  return s && s->type != SHT_NOBITS && s->type != SHT_NULL && s->size;
}
