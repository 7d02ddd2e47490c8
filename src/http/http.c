// A client, and requests with the servers they are sent on to. libcurl could follow them itself, but would take headers of
// the user's along.
#include <stdlib.h>

#include "http/internal.h"

struct http *http_new(const struct http_settings *s, struct err *e) {
  struct http *h = calloc(1, sizeof *h);
  if (!h) {
    err_nomem(e);
    return NULL;
  }
  h->settings = *s;
  if (!library_load(&h->library, e)) return h;
  free(h);
  return NULL;
}

void http_free(struct http *h) { free(h); }

void http_stop(struct http *h) { atomic_store(&h->stop, true); }

void http_answer_release(struct http_answer *a) { buf_release(&a->body); }

int http_header_check(const char *header, struct err *e) {
  static const char marks[] = "!#$%&'*+-.^_`|~";  // and letters and digits (RFC 9110)
  const char *at = header;
  while ((*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') || (*at >= '0' && *at <= '9') ||
         (*at && strchr(marks, *at)))
    at++;
  if (at == header || *at != ':') return err_set(e, "a header looks like \"Name: value\", not \"%s\"", header);
  for (; *at; at++)
    if ((*at > 0 && *at < ' ' && *at != '\t') || *at == 0x7f) return err_set(e, "a header has no control characters");
  return 0;
}

// ---- a request ----------------------------------------------------------------------------------

// Where a request goes: what libcurl is told of the URL.
struct target {
  struct buf url, socket;
  bool stranger, insecure;
};

static void target_release(struct target *t) {
  buf_release(&t->url);
  buf_release(&t->socket);
}

static void write_url(const struct url *u, struct str scheme, struct str user, struct str host, struct buf *out) {
  buf_addf(out, "%.*s://", STR_ARG(scheme));
  if (user.n) buf_addf(out, "%.*s@", STR_ARG(user));
  buf_str(out, host);
  buf_str(out, u->path.n ? u->path : STR_LIT("/"));
  if (u->query.n) buf_addf(out, "?%.*s", STR_ARG(u->query));
}

// From a URL of the user's to one that libcurl knows.
static int target_init(struct target *t, const struct http_request *r, struct err *e) {
  struct url u;
  if (!url_split(str_of(r->url), &u)) return err_set(e, "that is no URL of a server");
  enum url_kind kind = url_kind_of(&u);
  if (kind == URL_OTHER || (r->stranger && kind != URL_HTTP && kind != URL_HTTPS))
    return err_set(e, "%.*s:// is not spoken here, but http and https", STR_ARG(u.scheme));
  if (kind == URL_UNIX && !url_socket(&u, &t->socket))
    return err_set(e, "the host of http+unix is the path of a socket, with %%2F for /");
  t->stranger = r->stranger;
  t->insecure = kind == URL_INSECURE;
  write_url(&u, kind == URL_HTTPS || kind == URL_INSECURE ? STR_LIT("https") : STR_LIT("http"), u.user,
            kind == URL_UNIX ? STR_LIT("localhost") : u.host, &t->url);
  return t->url.failed || t->socket.failed ? err_nomem(e) : 0;
}

// Another server than the one that was asked is a stranger, and so are those behind it.
static int target_move(struct target *t, const struct buf *next, struct err *e) {
  struct url from, to = {0};
  bool known = url_split(buf_view(&t->url), &from) && url_split(buf_view(next), &to);
  if (!known || (url_kind_of(&to) != URL_HTTP && url_kind_of(&to) != URL_HTTPS))
    return err_set(e, "the server sends us to %.*s:, which is neither http nor https", STR_ARG(to.scheme));
  bool same = url_same_server(&from, &to);
  if (!same) {
    t->stranger = true;
    t->insecure = false;
    buf_clear(&t->socket);
  }
  struct buf url = {0};
  write_url(&to, to.scheme, same && !to.user.n ? from.user : to.user, to.host, &url);
  buf_release(&t->url);
  t->url = url;
  return t->url.failed ? err_nomem(e) : 0;
}

static int follow(struct http *h, const struct http_request *r, struct target *at, struct receiver *in, struct err *e) {
  enum { MOST_MOVES = 10 };
  struct buf next = {0};
  struct str body = r->body;
  int64_t deadline = clock_milliseconds() + r->milliseconds;
  int result = 0;
  for (unsigned moves = 0; !result; moves++) {
    int64_t left = deadline - clock_milliseconds();
    struct transfer t = {.http = h,
                         .url = at->url.data,
                         .socket = at->socket.n ? at->socket.data : NULL,
                         .body = body,
                         .stranger = at->stranger,
                         .insecure = at->insecure,
                         .milliseconds = left < 1 ? 1 : left,  // 0 would be for ever
                         .most_milliseconds = r->milliseconds};
    buf_clear(&next);
    buf_clear(&in->words);
    in->too_long = false;
    result = transfer_run(&t, in, &next, e);
    if (result || !next.n) break;
    // Only these say that the same is to be asked there.
    if (in->status != 307 && in->status != 308) body = (struct str){NULL, 0};
    result = moves == MOST_MOVES ? err_set(e, "more than %d redirects", MOST_MOVES) : target_move(at, &next, e);
  }
  buf_release(&next);
  return result;
}

int http_ask(struct http *h, const struct http_request *r, struct http_answer *answer, struct err *e) {
  struct target at = {0};
  struct receiver in = {.answer = answer, .left = r->most};
  int result = target_init(&at, r, e);
  if (!result) result = follow(h, r, &at, &in, e);
  if (!result) result = receiver_result(&in, e);
  if (!result && in.too_long)
    result = err_set(e, "the answer has more than %llu MiB", (unsigned long long)(r->most >> 20));
  buf_release(&in.words);
  target_release(&at);
  return result;
}
