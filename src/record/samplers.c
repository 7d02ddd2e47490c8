// The samplers, best first.
#include "record/internal.h"

static const struct sampler *const cpu[] = {&sampler_inherited, NULL}, *const wall[] = {&sampler_wall, NULL};

int sampling_open(struct sampling *s, const struct subject *subject, struct sink sink, struct err *e) {
  int result = SAMPLER_REFUSED;
  const struct sampler *const *at = subject->options->wall ? wall : cpu;
  for (; *at && result == SAMPLER_REFUSED; at++) {
    *s = (struct sampling){.sampler = *at, .sink = sink, .descriptor = -1};
    result = (*at)->open(s, subject, e);
  }
  if (result) *s = (struct sampling){.descriptor = -1};
  return result ? -1 : 0;
}

void sampling_close(struct sampling *s) {
  if (s->sampler) s->sampler->close(s);
  *s = (struct sampling){.descriptor = -1};
}
