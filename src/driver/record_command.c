// cprof record.
#include "driver/record_command.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/gzip.h"
#include "driver/output.h"
#include "profile/view.h"

enum { EXIT_FAILED = 2 };

// The last part of a path, without what would be odd in a file's name.
static void program_name(const struct record_request *q, struct buf *name) {
  char path[40], comm[64] = "";
  const char *text = q->program[0];
  if (!text) {
    snprintf(path, sizeof path, "/proc/%" PRId64 "/comm", q->pid);
    FILE *f = fopen(path, "re");
    if (f && fgets(comm, sizeof comm, f)) comm[strcspn(comm, "\n")] = '\0';
    if (f) fclose(f);
    text = comm;
  }
  const char *slash = strrchr(text, '/');
  for (text = slash ? slash + 1 : text; *text; text++)
    buf_addc(name, *text == '/' || (unsigned char)*text <= ' ' ? '_' : *text);
}

// An hour's recording should not be lost for a folder that can't be written to.
static int check_folder(const char *output, struct err *e) {
  struct buf folder = {0};
  if (*output) path_parent(&folder, str_of(output));
  else buf_adds(&folder, ".");
  int result = folder.failed ? err_nomem(e) : 0;
  if (!result && access(folder.data, W_OK) && access(*output ? output : folder.data, W_OK))
    result = err_set(e, "%s: %s", folder.data, strerror(errno));
  buf_release(&folder);
  return result;
}

static int encode(const struct profile *p, struct buf *out, struct err *e) {
  struct view v;
  struct gzip_writer *gzip = NULL;
  if (view_init(&v, p, e)) return -1;
  int result = -1;
  gzip = gzip_writer_new(out, e);
  if (gzip) {
    result = profile_encode_to(&v, 1, gzip, e);
    if (gzip_writer_finish(gzip, e)) result = -1;
  }
  view_release(&v);
  return result;
}

// `name` becomes that of the file.
static int write_file(const struct record_request *q, const struct profile *p, const char *program, struct buf *name,
                      struct err *e) {
  struct buf bytes = {0}, prefix = {0};
  int result = encode(p, &bytes, e);
  buf_addf(&prefix, "cprof.%s.%s", program, q->wall ? "wall" : "cpu");
  if (!result && prefix.failed) result = err_nomem(e);
  if (!result && *q->output) {
    buf_adds(name, q->output);
    result = output_private(q->output, buf_view(&bytes), e);
  } else if (!result) {
    result = output_private_new(prefix.data, "pb.gz", buf_view(&bytes), name, e);
  }
  buf_release(&bytes);
  buf_release(&prefix);
  return result;
}

static void tell_share(const struct recording *r, struct buf *out) {
  const char *outside = r->kernel_time ? "" : " outside the kernel";
  if (r->used < 0) buf_adds(out, "cprof: how much CPU time was used is not known: the process has ended");
  else if (r->used == 0) buf_addf(out, "cprof: no CPU time was used%s", outside);
  else buf_addf(out, "cprof: %.1f%% of %.2f s of CPU time%s was seen", 100 * r->sampled / r->used, r->used, outside);
  if (r->lost) buf_addf(out, "; %" PRIu64 " samples were lost (a smaller -F helps)", r->lost);
  if (r->cut) buf_addf(out, "; %" PRIu64 " stacks were cut", r->cut);
  buf_addc(out, '\n');
}

static void tell_note(const struct recording *r, struct buf *out) {
  if (r->note) buf_addf(out, "cprof: %s\n", r->note);
}

static void tell_states(const struct recording *r, struct buf *out) {
  double share = r->sampled > 0 ? 100 * r->waited / r->sampled : 0;
  buf_addf(out, "cprof: %.1f%% of it waiting; threads were stopped %" PRIu64 " times", share, r->stops);
  if (r->cut) buf_addf(out, "; %" PRIu64 " stacks were cut", r->cut);
  buf_addc(out, '\n');
}

static void tell(const struct record_request *q, const struct recording *r, const char *file, FILE *errors) {
  struct buf out = {0};
  int64_t period = r->profile->period, frequency = (1000000000 + period / 2) / period;
  buf_addf(&out, "cprof: %" PRIu64 " samples (%.2f s of %s time at %" PRId64 " Hz, in %.2f s) are in %s\n", r->samples,
           r->sampled, q->wall ? "threads'" : "CPU", frequency, (double)r->profile->duration_nanos / 1e9, file);
  if (q->wall) tell_states(r, &out);
  else tell_share(r, &out);
  tell_note(r, &out);
  buf_addf(&out, "cprof: to look at them: cprof top %s\n", file);
  if (!out.failed) fwrite(out.data, 1, out.n, errors);
  fflush(errors);
  buf_release(&out);
}

static int run(const struct record_request *q, FILE *errors, int *status, struct err *e) {
  struct record_options o = {.program = q->program[0] ? q->program : NULL,
                             .pid = (pid_t)q->pid,
                             .frequency = q->frequency,
                             .wall = q->wall,
                             .preload = q->preload,
                             .seconds = q->seconds,
                             .per_thread = q->per_thread,
                             .no_children = q->no_children};
  struct recording r;
  struct buf program = {0}, name = {0};
  int result = -1;
  program_name(q, &program);
  if (program.failed) err_nomem(e);
  else if (!check_folder(q->output, e) && !record(&o, &r, e)) {
    result = write_file(q, r.profile, program.data ? program.data : "", &name, e);
    if (!result) tell(q, &r, name.data, errors);
    else fprintf(errors, "cprof: %s\n", e->text);
    *status = recording_wait(&r);
    if (result) *status = EXIT_FAILED;
    recording_release(&r);
    result = 0;
  }
  buf_release(&program);
  buf_release(&name);
  return result;
}

int record_command(char **argv, FILE *errors) {
  struct record_request q;
  struct err e = {""};
  int status = 0;
  if (record_flags_parse(&q, argv, &e) == 0 && run(&q, errors, &status, &e) == 0) return status;
  fprintf(errors, "cprof: %s\n", e.text);
  return EXIT_FAILED;
}
