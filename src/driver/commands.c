// The table of commands.
#include "driver/commands.h"

const struct command command_table[] = {
    {"top", report_text, BEND_ALL_NODES, false, NULL, NULL, "The functions with the largest values", NULL},
    {"text", report_text, BEND_ALL_NODES, false, NULL, NULL, "The same as top", NULL},
    {"tree", report_tree, BEND_NONE, false, NULL, NULL, "Each function between its callers and callees", NULL},
    {"peek", report_tree, BEND_UNTRIMMED, false, NULL, "REGEX", "The same for the functions that match", NULL},
    {"traces", report_traces, BEND_NONE, false, NULL, NULL, "Every sample with its stack and labels", NULL},
    {"tags", report_tags, BEND_NONE, false, NULL, NULL, "The values of labels", NULL},
    {"dot", report_dot, BEND_NONE, false, NULL, NULL, "The graph of calls for Graphviz", NULL},
    {"callgrind", report_callgrind, BEND_EXACT, true, "callgraph.out", NULL, "The graph of calls for KCachegrind", NULL},
    {"raw", report_raw, BEND_EXACT, false, NULL, NULL, "Everything in the profile, as text", NULL},
    {"comments", report_comments, BEND_NONE, false, NULL, NULL, "The comments of the profile", NULL},
    {"proto", report_proto, BEND_EXACT, true, "pb.gz", NULL, "The profile in its own format, compressed",
     "Filters, comparison and merging have taken effect; the result opens in any pprof."},
    {"topproto", report_topproto, BEND_ALL_NODES, true, "pb.gz", NULL, "The rows of top as a profile", NULL},
};
const size_t command_count = sizeof command_table / sizeof *command_table;

const struct command *command_find(struct str name) {
  for (size_t i = 0; i < command_count; i++)
    if (str_eq(name, str_of(command_table[i].name))) return &command_table[i];
  return NULL;
}
