// The table of commands.
#include "driver/commands.h"

#include "driver/doctor.h"
#include "driver/viewer.h"

static const char *const eog[] = {"eog", NULL};
static const char *const evince[] = {"evince", NULL};
static const char *const gv[] = {"gv --noantialias", NULL};
static const char *const kcachegrind[] = {"kcachegrind", NULL};

const struct command command_table[] = {
    {.name = "top",
     .render = report_text,
     .render_json = report_text_json,
     .render_csv = report_text_csv,
     .bend = BEND_ALL_NODES,
     .help = "The functions with the largest values"},
    {.name = "text",
     .render = report_text,
     .render_json = report_text_json,
     .render_csv = report_text_csv,
     .bend = BEND_ALL_NODES,
     .help = "The same as top"},
    {.name = "tree",
     .render = report_tree,
     .render_json = report_tree_json,
     .help = "Each function between its callers and callees"},
    {.name = "peek",
     .argument = "REGEX",
     .render = report_tree,
     .render_json = report_tree_json,
     .bend = BEND_UNTRIMMED,
     .help = "The same for the functions that match"},
    {.name = "list",
     .argument = "REGEX",
     .render = report_list,
     .bend = BEND_LINES,
     .help = "The source of the functions that match, with what each line weighs",
     .details = "Sources are looked for in the current folder and those above it, or in -source_path."},
    {.name = "disasm",
     .argument = "REGEX",
     .render = report_disasm,
     .bend = BEND_CODE,
     .help = "The machine code of the functions that match, with what each instruction weighs",
     .details = "The binaries of the profile have to be there. A number stands for the function at this address."},
    {.name = "traces",
     .render = report_traces,
     .render_json = report_traces_json,
     .help = "Every sample with its stack and labels"},
    {.name = "tags", .render = report_tags, .render_json = report_tags_json, .help = "The values of labels"},
    {.name = "raw", .render = report_raw, .bend = BEND_EXACT, .help = "Everything in the profile, as text"},
    {.name = "folded",
     .render = report_folded,
     .help = "A line a stack, for flame graph tools",
     .details = "The outermost frame comes first; \";\" in names becomes \":\". cprof reads such files, too."},
    {.name = "comments", .render = report_comments, .help = "The comments of the profile"},
    {.name = "doctor",
     .about = doctor,
     .help = "Where names came from, and what to do for those that are missing",
     .details = "For each binary: whether it was found and is of the right build, where its debug information is,\n"
                "the share of samples with names, lines and inlined calls."},

    {.name = "proto",
     .render = report_proto,
     .bend = BEND_EXACT,
     .extension = "pb.gz",
     .help = "The profile in its own format, compressed",
     .details = "Filters, comparison and merging have taken effect; the result opens in any pprof."},
    {.name = "topproto",
     .render = report_topproto,
     .bend = BEND_ALL_NODES,
     .extension = "pb.gz",
     .help = "The rows of top as a profile"},
    {.name = "callgrind",
     .render = report_callgrind,
     .bend = BEND_EXACT,
     .extension = "callgraph.out",
     .help = "The graph of calls for KCachegrind"},
    {.name = "kcachegrind",
     .render = report_callgrind,
     .bend = BEND_EXACT,
     .extension = "grind",
     .viewers = kcachegrind,
     .help = "The same, shown in KCachegrind"},

    {.name = "dot", .render = report_dot, .help = "The graph of calls for Graphviz"},
    {.name = "svg",
     .render = report_dot,
     .layout = "svg",
     .extension = "svg",
     .help = "A picture of the graph (by Graphviz)"},
    {.name = "png", .render = report_dot, .layout = "png", .extension = "png", .help = "The same as PNG"},
    {.name = "gif", .render = report_dot, .layout = "gif", .extension = "gif", .help = "The same as GIF"},
    {.name = "pdf", .render = report_dot, .layout = "pdf", .extension = "pdf", .help = "The same as PDF"},
    {.name = "ps", .render = report_dot, .layout = "ps", .extension = "ps", .help = "The same as PostScript"},
    {.name = "web",
     .render = report_dot,
     .layout = "svg",
     .extension = "svg",
     .viewers = viewer_browsers,
     .help = "The picture in a browser"},
    {.name = "weblist",
     .argument = "REGEX",
     .render = report_weblist,
     .bend = BEND_CODE_LINES,
     .extension = "html",
     .viewers = viewer_browsers,
     .help = "The source of the functions that match with the machine code of each line, in a browser",
     .details = "One HTML file. Without the profile's binaries it shows the source alone."},
    {.name = "flame",
     .render = report_flame,
     .bend = BEND_UNTRIMMED,
     .extension = "html",
     .beside_http = true,
     .help = "A flame graph to look around in, as one HTML file",
     .details = "With -diff_base it shows both profiles and what changed."},
    {.name = "eog",
     .render = report_dot,
     .layout = "svg",
     .extension = "svg",
     .viewers = eog,
     .help = "The picture in eog"},
    {.name = "evince",
     .render = report_dot,
     .layout = "pdf",
     .extension = "pdf",
     .viewers = evince,
     .help = "The picture in evince"},
    {.name = "gv", .render = report_dot, .layout = "ps", .extension = "ps", .viewers = gv, .help = "The picture in gv"},
};
const size_t command_count = sizeof command_table / sizeof *command_table;

const struct command *command_find(struct str name) {
  for (size_t i = 0; i < command_count; i++)
    if (str_eq(name, str_of(command_table[i].name))) return &command_table[i];
  return NULL;
}

// "top, text and tree"
static void list_commands(bool json, struct buf *out) {
  const char *before = NULL;
  for (size_t i = 0; i < command_count; i++) {
    if (!(json ? command_table[i].render_json : command_table[i].render_csv)) continue;
    if (before) buf_addf(out, "%s%s", out->n ? ", " : "", before);
    before = command_table[i].name;
  }
  if (before) buf_addf(out, "%s%s", out->n ? " and " : "", before);
}

int command_render(const struct command *c, const struct options *o, report_render **render, struct err *e) {
  struct buf names = {0};
  *render = !o->json && !o->csv ? c->render : o->json ? c->render_json : c->render_csv;
  if ((*render || (!o->json && !o->csv)) && !(o->json && o->csv)) return 0;
  list_commands(o->json, &names);
  if (o->json && o->csv) err_set(e, "-json and -csv exclude each other");
  else if (names.failed) err_nomem(e);
  else err_set(e, "%s is not written as %s; %s are", c->name, o->json ? "JSON" : "CSV", names.data);
  buf_release(&names);
  return -1;
}
