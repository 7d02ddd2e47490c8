// What identifies an object and leads to its debug information: the build id, and two sections that name other files.
#include <elf.h>
#include <strings.h>

#include "base/gzip.h"
#include "elf/internal.h"

static uint64_t padded(uint64_t n, uint64_t align) { return (n + align - 1) / align * align; }

// Takes the first note off `rest`; false when none is left that is whole.
static bool next_note(const struct elf *f, struct str *rest, uint64_t align, uint32_t *type, struct str *name,
                      struct str *desc) {
  const size_t header = 12;
  if (rest->n < header) return false;
  uint64_t name_size = elf__u32(f, rest->p), desc_size = elf__u32(f, rest->p + 4);
  uint64_t desc_at = padded(header + name_size, align), end = desc_at + desc_size;
  if (end > rest->n) return false;
  *type = elf__u32(f, rest->p + 8);
  *name = (struct str){rest->p + header, (size_t)name_size};
  *desc = (struct str){rest->p + desc_at, (size_t)desc_size};
  size_t next = padded(end, align) < rest->n ? (size_t)padded(end, align) : rest->n;
  *rest = (struct str){rest->p + next, rest->n - next};
  return true;
}

static struct str build_id_in(const struct elf *f, struct str notes, uint64_t align) {
  struct str name, desc;
  uint32_t type;
  while (next_note(f, &notes, align == 8 ? 8 : 4, &type, &name, &desc))
    if (type == NT_GNU_BUILD_ID && str_eq(name, (struct str){"GNU", 4})) return desc;
  return (struct str){"", 0};
}

// Sections first: a debug file has the note there, while its segments may lead to other bytes.
struct str elf__find_build_id(const struct elf *f) {
  struct str id = {"", 0};
  size_t left = f->bytes.n;
  for (uint32_t i = 0; i < f->n_sections && !id.n; i++) {
    const struct elf_section_header *s = &f->section[i];
    if (s->type == SHT_NOTE) id = build_id_in(f, elf__spend(&left, elf__section_bytes(f, s)), s->align);
  }
  left = f->bytes.n;
  for (uint32_t i = 0; i < f->n_segments && !id.n; i++) {
    const struct elf_segment *p = &f->segment[i];
    if (p->type == PT_NOTE) id = build_id_in(f, elf__spend(&left, elf__part(f, p->offset, p->file_size)), p->align);
  }
  return id;
}

struct str elf_notes_build_id(struct str notes) {
  const struct elf here = {.big_endian = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__};
  return build_id_in(&here, notes, 4);
}

void elf_build_id_text(struct str raw, struct buf *out) {
  for (size_t i = 0; i < raw.n && i < 64; i++) buf_addf(out, "%02x", (unsigned char)raw.p[i]);
}

bool elf_build_id_is(struct str raw, struct str text) {
  struct buf id = {0};
  elf_build_id_text(raw, &id);
  bool equal = id.n && !id.failed && id.n == text.n && strncasecmp(id.data, text.p, id.n) == 0;
  buf_release(&id);
  return equal;
}

bool elf_debug_link(struct elf *f, struct str *name, uint32_t *crc) {
  struct str bytes;
  if (elf_section(f, ".gnu_debuglink", &bytes, NULL) <= 0 || !elf__string(bytes, 0, name) || !name->n) return false;
  uint64_t at = padded(name->n + 1, 4);
  if (bytes.n < 4 || at > bytes.n - 4) return false;
  *crc = elf__u32(f, bytes.p + at);
  return true;
}

bool elf_debug_alt_link(struct elf *f, struct str *name, struct str *build_id) {
  struct str bytes;
  if (elf_section(f, ".gnu_debugaltlink", &bytes, NULL) <= 0 || !elf__string(bytes, 0, name) || !name->n) return false;
  *build_id = (struct str){bytes.p + name->n + 1, bytes.n - name->n - 1};
  return true;
}

uint32_t elf_crc(const struct elf *f) { return crc32_of(f->bytes); }
