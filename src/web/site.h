// The site: from what a browser asks for to an answer, without a word of HTTP's own.
#ifndef CPROF_WEB_SITE_H
#define CPROF_WEB_SITE_H

#include "driver/commands.h"
#include "web/guard.h"
#include "web/jobs.h"
#include "web/page.h"

// What all requests share. It stays as it is while the server runs, but for what has locks of its own.
struct site {
  struct session session;  // the options are those of a URL without parameters
  struct address address;
  struct guard guard;
  struct buf settings;  // the path of settings.json; empty where there is none
  const char *first;    // the path below /ui/ of the first page
  struct buf first_query;
};
int site_init(struct site *s, const struct session *session, const struct address *a, const struct serving *v,
              struct err *e);
void site_release(struct site *s);
// Appends the URL for the user, or for a browser that is started here, with a token where one is needed.
void site_url(const struct site *s, bool for_browser, struct buf *out);

// The page the user is sent to, as work for jobs.h with its key. NULL: memory ran out, or it cannot be made.
struct work *site_first_page(const struct site *s, struct buf *key);

enum { LONGEST_QUERY = 16 << 10 };  // bytes of options in a URL: pages repeat them in their links

struct site_request {
  const char *method;         // GET (also for HEAD) or POST
  struct str target;          // path and query as they came
  struct str body;            // of POST
  struct guard_request from;  // its query is filled in here
  const char *if_none_match;
};

// What it comes to: an answer at once, or work for jobs.h with the key that equal requests share. Exactly one of
// *answer and *work is set; both NULL: memory ran out.
void site_ask(struct site *s, struct site_request *r, struct answer **answer, struct work **work, struct buf *key);

#endif
