// The samplers, best first.
#include "record/internal.h"

// The first that the system allows. Only a program that is started can be given a library, which does not see the kernel.
static const struct sampler *const started[] = {&sampler_system, &sampler_inherited, &sampler_preload, NULL};
static const struct sampler *const running[] = {&sampler_system, &sampler_inherited, NULL};
static const struct sampler *const inside[] = {&sampler_preload, NULL};
static const struct sampler *const wall[] = {&sampler_wall, NULL};

static const struct sampler *const *samplers_for(const struct subject *s) {
  if (s->options->wall) return wall;
  if (s->options->preload) return inside;
  return s->at_exec && !s->options->kernel ? started : running;
}

int sampling_open(struct sampling *s, const struct subject *subject, struct sink sink, struct err *e) {
  int result = SAMPLER_REFUSED;
  const struct sampler *const *at = samplers_for(subject);
  for (; *at && result == SAMPLER_REFUSED; at++) {
    *s = (struct sampling){.sampler = *at, .sink = sink, .descriptor = -1};
    err_clear(e);
    result = (*at)->open(s, subject, e);
  }
  if (result) *s = (struct sampling){.descriptor = -1};
  return result ? -1 : 0;
}

void sampling_close(struct sampling *s) {
  if (s->sampler) s->sampler->close(s);
  *s = (struct sampling){.descriptor = -1};
}
