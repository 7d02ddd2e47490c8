// Commands for pages of the web interface.
#include "driver/commands.h"

const struct command page_commands[] = {
    {.name = "top_part", .argument = "REGEX", .render = report_top_part, .bend = BEND_UNTRIMMED},
    {.name = "flame_part", .argument = "REGEX", .render = report_flame_part, .bend = BEND_UNTRIMMED},
    {.name = "flame_share", .argument = "REGEX", .render = report_flame_share, .bend = BEND_UNTRIMMED},
    {.name = "weblist_parts", .argument = "REGEX", .render = report_weblist_parts, .bend = BEND_CODE_LINES},
    {.name = "labels", .render = report_labels_json},
    {.name = "summary", .render = report_summary},
    {.name = "graph_svg", .render = report_dot, .layout = "svg"},
};
const size_t page_command_count = sizeof page_commands / sizeof *page_commands;

const struct command *page_command_find(struct str name) {
  for (size_t i = 0; i < page_command_count; i++)
    if (str_eq(name, str_of(page_commands[i].name))) return &page_commands[i];
  return command_find(name);
}
