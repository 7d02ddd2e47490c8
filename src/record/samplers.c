// The samplers, best first.
#include "record/internal.h"

static const struct sampler *const samplers[] = {&sampler_system, &sampler_inherited};

int sampling_open(struct sampling *s, const struct subject *subject, struct sink sink, struct err *e) {
  int result = SAMPLER_REFUSED;
  for (size_t i = 0; i < sizeof samplers / sizeof *samplers && result == SAMPLER_REFUSED; i++) {
    *s = (struct sampling){.sampler = samplers[i], .sink = sink, .descriptor = -1};
    err_clear(e);
    result = samplers[i]->open(s, subject, e);
  }
  if (result) *s = (struct sampling){.descriptor = -1};
  return result ? -1 : 0;
}

void sampling_close(struct sampling *s) {
  if (s->sampler) s->sampler->close(s);
  *s = (struct sampling){.descriptor = -1};
}
