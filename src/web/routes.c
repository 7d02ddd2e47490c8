// The table of pages. A new page is one file page_NAME.c, one row here.
#include "web/page.h"

static const char *const top_parameters[] = {"by", "dir", "only", "offset", "limit", NULL};
static const char *const share_parameters[] = {"p", "only", "callers", NULL};
static const char *const flame_parameters[] = {"p", "path", "callers", "offset", NULL};
static const char *const download_parameters[] = {"filtered", NULL};

const struct page_route page_routes[] = {
    {"top", "Top", PAGE_VIEW, page_top, "top", top_parameters},
    {"graph", "Graph", PAGE_VIEW, page_graph, "web", NULL},
    {"flamegraph", "Flame Graph", PAGE_VIEW, page_flame, "flame", flame_parameters},
    {"peek", "Peek", PAGE_VIEW, page_peek, "peek", NULL},
    {"source", "Source", PAGE_VIEW, page_source, "weblist", NULL},
    {"disasm", "Disassembly", PAGE_VIEW, page_disasm, "disasm", NULL},
    {"help", "Help", PAGE_HTML, page_help, NULL, NULL},
    {"download", "Download", PAGE_DOWNLOAD, page_download, NULL, download_parameters},
    {"data/top", "Top", PAGE_DATA, page_top_rows, NULL, top_parameters},
    {"data/flame", "Flame Graph", PAGE_DATA, page_flame_more, NULL, flame_parameters},
    {"data/share", "Flame Graph", PAGE_DATA, page_flame_share, NULL, share_parameters},
    {"data/labels", "Labels", PAGE_DATA, page_labels, NULL, NULL},
};
const size_t page_route_count = sizeof page_routes / sizeof *page_routes;
