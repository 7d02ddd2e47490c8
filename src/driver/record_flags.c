// The flags of cprof record, by the rules of flags.h.
#include <limits.h>
#include <math.h>
#include <stdlib.h>

#include "driver/record_command.h"

#define ROW(flag, is, field, word, ...) \
  { flag, word, is, offsetof(struct record_request, field), __VA_ARGS__ }

const struct record_flag record_flags[] = {
    ROW("o", OPTION_FILE, output, "file", "Where the profile goes",
        "Replaced if it is there. Without the flag it is cprof.PROGRAM.cpu.pb.gz in the current folder,\n"
        "(cprof.PROGRAM.wall.pb.gz with -wall), or with a number where that is taken.\n"
        "Nobody else can read the file. -output is another name for this flag."),
    ROW("F", OPTION_INT, frequency, "number", "Samples in a second of CPU time",
        "999 if not given, at most 10000. 99 is enough for a minute and more.\n"
        "With -wall in a second of each thread's life, 99 if not given.\n"
        "Round numbers run in step with timers, so take others."),
    ROW("wall", OPTION_BOOL, wall, NULL, "Record where threads spend time, waiting included",
        "Each sample has a label, state: running (also where it waits for a CPU) or waiting.\n"
        "cprof top -tagfocus=state=waiting shows what the program waits for.\n"
        "Threads that run are stopped for some microseconds to be looked at; those that sleep are\n"
        "left alone where their stacks can be followed without, and where they could notice."),
    ROW("seconds", OPTION_FLOAT, seconds, "number", "Record for at most so long",
        "The profile is written then. A program that cprof started runs on, and cprof waits for it."),
    ROW("p", OPTION_INT, pid, "pid", "Record a process that runs already",
        "With all threads it has and gets, until it ends, Ctrl-C is pressed or -seconds are over."),
    ROW("preload", OPTION_BOOL, preload, NULL, "Record from inside the program, by timers",
        "What is done anyway where the kernel refuses to record (perf_event_open in a container).\n"
        "At most 250 samples in a second. Programs that are linked statically or have the rights of\n"
        "another user are not seen. Not with -p."),
    ROW("per-thread", OPTION_BOOL, per_thread, NULL, "Tell threads apart: labels thread, tid and pid", NULL),
    ROW("no-children", OPTION_BOOL, no_children, NULL, "Leave out the processes that the program starts", NULL),
    ROW("kernel", OPTION_BOOL, kernel, NULL, "Show what the kernel does for the program, too",
        "Its functions stand above those that called it, and its time is counted. It takes root, CAP_PERFMON or\n"
        "kernel.perf_event_paranoid of 1 or less."),
};
const size_t record_flag_count = sizeof record_flags / sizeof *record_flags;

const char record_forms[] =
    "  cprof record [flags] [--] PROGRAM [ARGUMENT...]\n"
    "  cprof record [flags] -p PID\n";
const char record_help[] = "Record where a program spends its time";
const char record_details[] =
    "The program needs no frame pointers and is not changed; what it reads, writes and returns stays as it is.\n"
    "Samples are taken of its own code, not of the kernel's unless -kernel says so. As root (CAP_PERFMON) every\n"
    "thread is seen; for others one is seen once it used more CPU time than lies between two samples (not so\n"
    "with -wall), and at the end it is told what share of the time that was.";

#define NOT_GIVEN INT64_MIN

static const struct record_flag *find(struct str name) {
  if (str_eq(name, STR_LIT("output"))) name = STR_LIT("o");  // as reports have it
  for (size_t i = 0; i < record_flag_count; i++)
    if (str_eq(name, str_of(record_flags[i].name))) return &record_flags[i];
  return NULL;
}

static int set(struct record_request *q, const struct record_flag *f, const char *text, struct err *e) {
  char *field = (char *)q + f->offset, *end = NULL;
  bool ok = true;
  switch (f->type) {
    case OPTION_BOOL: ok = parse_bool(text, (bool *)(void *)field) == 0; break;
    case OPTION_INT: *(int64_t *)(void *)field = strtoll(text, &end, 10); break;
    case OPTION_FLOAT: *(double *)(void *)field = strtod(text, &end); break;
    default: *(const char **)(void *)field = text; break;
  }
  if (end) ok = end > text && !*end;
  return ok ? 0 : err_set(e, "-%s takes %s, not \"%s\"", f->name, f->value ? "a number" : "true or false", text);
}

// *at is a flag; takes its value, too.
static int take_flag(struct record_request *q, char ***at, struct err *e) {
  const char *name = **at + 1 + ((**at)[1] == '-'), *equals = strchr(name, '=');
  struct str text = {name, equals ? (size_t)(equals - name) : strlen(name)};
  const struct record_flag *f = find(text);
  ++*at;
  if (str_eq(text, STR_LIT("h")) || str_eq(text, STR_LIT("help"))) return q->help = true, 0;
  if (!f) return err_set(e, "cprof record has no flag -%.*s", STR_ARG(text));
  if (equals) return set(q, f, equals + 1, e);
  if (f->type == OPTION_BOOL) return set(q, f, "true", e);
  return **at ? set(q, f, *(*at)++, e) : err_set(e, "-%s needs a value", f->name);
}

static int check(struct record_request *q, struct err *e) {
  if (q->frequency == NOT_GIVEN) q->frequency = q->wall ? RECORD_WALL_FREQUENCY : RECORD_FREQUENCY;
  if (q->frequency < 1 || q->frequency > RECORD_FREQUENCY_MAX)
    return err_set(e, "-F is from 1 to %d", RECORD_FREQUENCY_MAX);
  if (!(q->seconds >= 0) || isinf(q->seconds)) return err_set(e, "-seconds is a time to come");
  if (q->pid < 0 || q->pid > INT_MAX) return err_set(e, "-p takes the number of a process");
  if (q->pid && *q->program) return err_set(e, "-p and a program to start exclude each other");
  if (q->preload && q->wall) return err_set(e, "-preload and -wall exclude each other");
  if (q->kernel && (q->preload || q->wall))
    return err_set(e, "-kernel needs the kernel's samples: not with -preload or -wall");
  if (q->preload && q->pid) return err_set(e, "-preload is for programs that cprof starts, not for -p");
  return q->pid || *q->program ? 0 : err_set(e, "record needs a program to start, or -p and a process");
}

int record_flags_parse(struct record_request *q, char **argv, struct err *e) {
  char **at = argv;
  *q = (struct record_request){.frequency = NOT_GIVEN, .output = ""};
  while (*at && (*at)[0] == '-' && (*at)[1] && strcmp(*at, "--"))
    if (take_flag(q, &at, e)) return -1;
  if (q->help) return 0;
  if (*at && strcmp(*at, "--") == 0) at++;
  q->program = at;
  return check(q, e);
}
