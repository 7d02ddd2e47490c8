// cprof record.
#include "driver/record_command.h"

#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "driver/help.h"
#include "driver/output.h"
#include "driver/pack.h"
#include "driver/record_live.h"

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
    result = err_system(e, folder.data);
  buf_release(&folder);
  return result;
}

// `name` becomes that of the file.
static int write_file(const struct record_request *q, const struct profile *p, const char *program, struct buf *name,
                      struct err *e) {
  struct buf bytes = {0}, prefix = {0};
  int result = pack_profile(p, &bytes, e);
  buf_addf(&prefix, "cprof.%s.%s", program, q->wall ? "wall" : "cpu");
  if (!result && prefix.failed) result = err_nomem(e);
  if (!result && *q->output) {
    buf_adds(name, q->output);
    result = output_private(q->output, buf_view(&bytes), e);
  } else if (!result) {
    const struct output_new file = {prefix.data, "pb.gz", .is_private = true};
    result = output_new(&file, buf_view(&bytes), name, e);
  }
  buf_release(&bytes);
  buf_release(&prefix);
  return result;
}

static void tell(const struct record_request *q, const struct recording *r, const char *file, FILE *errors) {
  struct buf out = {0};
  int64_t frequency = (1000000000 + r->period / 2) / r->period;
  buf_addf(&out,
           "cprof: %" PRIu64 " samples (%.2f s of %s time at %" PRId64 " Hz, in %.2f s) are in %s\ncprof: ", r->samples,
           r->sampled, q->wall ? "threads'" : "CPU", frequency, (double)r->profile->duration_nanos / 1e9, file);
  recording_notes(r, &out);
  if (r->note) buf_addf(&out, "\ncprof: %s", r->note);
  buf_addf(&out, "\ncprof: to look at them: cprof top %s\n", file);
  if (!out.failed) fwrite(out.data, 1, out.n, errors);
  fflush(errors);
  buf_release(&out);
}

static int run(const struct record_request *q, FILE *errors, int *status, struct err *e) {
  struct record_live live;
  record_live_begin(&live, errors);
  struct record_options o = {.program = q->program[0] ? q->program : NULL,
                             .pid = (pid_t)q->pid,
                             .frequency = q->frequency,
                             .wall = q->wall,
                             .preload = q->preload,
                             .seconds = q->seconds,
                             .per_thread = q->per_thread,
                             .no_children = q->no_children,
                             .kernel = q->kernel,
                             .progress = live.on ? record_live_draw : NULL,
                             .progress_arg = &live};
  struct recording r;
  struct buf program = {0}, name = {0};
  int result = -1;
  program_name(q, &program);
  if (program.failed) err_nomem(e);
  else if (!check_folder(q->output, e) && !record(&o, &r, e)) {
    record_live_end(&live);
    result = write_file(q, r.profile, program.data ? program.data : "", &name, e);
    if (!result) tell(q, &r, name.data, errors);
    else fprintf(errors, "cprof: %s\n", e->text);
    *status = recording_wait(&r);
    if (result) *status = EXIT_FAILED;
    recording_release(&r);
    result = 0;
  }
  record_live_end(&live);
  buf_release(&program);
  buf_release(&name);
  return result;
}

static int show_help(struct err *e) {
  struct buf out = {0};
  help_record(&out);
  int result = output_standard(buf_view(&out), e);
  buf_release(&out);
  return result;
}

int record_command(char **argv, FILE *errors) {
  struct record_request q;
  struct err e = {""};
  int status = 0, result = record_flags_parse(&q, argv, &e);
  if (!result) result = q.help ? show_help(&e) : run(&q, errors, &status, &e);
  if (!result) return status;
  fprintf(errors, "cprof: %s\n", e.text);
  return EXIT_FAILED;
}
