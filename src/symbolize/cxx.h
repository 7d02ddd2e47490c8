// cxx: the inside of the C++ (Itanium ABI) demangler. A mangled name is read into a tree of nodes, which is then
// printed with or without parameters and template arguments.
//
// The readers never return NULL: what cannot go on ends in cx_fail, which jumps to the innermost cx->catch. Nothing is
// owned but by the struct cx, so a jump leaks nothing.
#ifndef CPROF_SYMBOLIZE_CXX_H
#define CPROF_SYMBOLIZE_CXX_H

#include <setjmp.h>

#include "base/base.h"

// What a node is; the comment names its fields. `list` are further children, `text` points into the mangled name or to
// a constant, `ref` is a node that is looked at but is no child.
enum cx_kind {
  CX_NAME,             // text
  CX_LIST,             // list: several children of a node that has two lists
  CX_TYPED,            // a name, b function type
  CX_QUALIFIED,        // a scope, b name; LOCAL
  CX_TEMPLATE,         // a name, list arguments
  CX_TPARAM,           // number, ref template (NULL until a conversion operator knows it)
  CX_AUTO,             // number: parameter of a generic lambda
  CX_TARG_DECL,        // a declaration, b argument
  CX_QUALIFIERS,       // list
  CX_QUALIFIER,        // text, list operands of noexcept and throw
  CX_TYPE_QUAL,        // a type, b CX_QUALIFIERS
  CX_METHOD_QUAL,      // a method, b CX_QUALIFIERS or NULL, text "", "&" or "&&"
  CX_BUILTIN,          // text
  CX_POINTER,          // a
  CX_REFERENCE,        // a
  CX_RVALUE,           // a
  CX_COMPLEX,          // a
  CX_IMAGINARY,        // a
  CX_SUFFIX_TYPE,      // a, text
  CX_TRANSFORMED,      // text, a
  CX_VENDOR_QUAL,      // a qualifier, b type
  CX_ARRAY,            // a dimension, b element
  CX_FUNCTION,         // a result or NULL, list parameters; LOCAL
  CX_FUNCTION_PARAM,   // number
  CX_MEMBER_POINTER,   // a class, b member
  CX_FIXED,            // a; ACCUM, SATURATED
  CX_FLOAT_BITS,       // number
  CX_BITINT,           // a size; SIGNED
  CX_VECTOR,           // a dimension, b element
  CX_ELABORATED,       // text, a
  CX_DECLTYPE,         // a
  CX_OPERATOR,         // text
  CX_CONSTRUCTOR,      // a name, b inherited class or NULL
  CX_DESTRUCTOR,       // a
  CX_GLOBAL,           // text, a: constructors or destructors of a whole file
  CX_TAGGED,           // a name, b tag
  CX_PACK_EXPANSION,   // a pattern, ref pack or NULL
  CX_PACK,             // list
  CX_SIZEOF_PACK,      // ref pack
  CX_SIZEOF_ARGS,      // list
  CX_TPARAM_NAME,      // text, number
  CX_TYPE_TPARAM,      // a
  CX_VALUE_TPARAM,     // a name, b type
  CX_TEMPLATE_TPARAM,  // a name, b CX_LIST of parameters, c constraint or NULL
  CX_CONCEPT_TPARAM,   // a name, b constraint
  CX_TPARAM_PACK,      // a
  CX_CAST,             // a
  CX_NULLARY,          // a operator
  CX_UNARY,            // a operator, b operand; SUFFIX, SIZEOF_TYPE
  CX_BINARY,           // a operator, b left, c right
  CX_TRINARY,          // a operator, b first, c second, list third
  CX_FOLD,             // a operator, b first, c second or NULL; LEFT
  CX_SUBOBJECT,        // a type, b expression, number
  CX_MEMBER_CAST,      // a type, b expression
  CX_NEW,              // a operator, b placement or NULL, c type, list initialiser if there is one
  CX_LITERAL,          // a type, text; NEGATIVE
  CX_STRING_LITERAL,   // a
  CX_LAMBDA_EXPR,      // a
  CX_EXPR_LIST,        // list
  CX_INITIALIZER,      // a type or NULL, b CX_EXPR_LIST
  CX_DEFAULT_ARG,      // number, a
  CX_CLOSURE,      // a CX_LIST of template parameters, b their constraint or NULL, c CX_LIST of types, list constraint
                   // of the call if there is one, number
  CX_BINDINGS,     // list
  CX_UNNAMED,      // number
  CX_CLONE,        // a, text
  CX_SPECIAL,      // text, a, b (printed after "-in-") or NULL
  CX_ENABLE_IF,    // a, list
  CX_MODULE_NAME,  // a parent or NULL, b name; PARTITION
  CX_MODULE_ENTITY,    // a module, b name
  CX_FRIEND,           // a
  CX_CONSTRAINED,      // a, b constraint
  CX_REQUIRES,         // a CX_LIST of parameters, list requirements
  CX_EXPR_REQ,         // a, b type or NULL; NOEXCEPT
  CX_TYPE_REQ,         // a
  CX_NESTED_REQ,       // a
  CX_EXPLICIT_OBJECT,  // a
};

enum cx_flag {
  CX_LOCAL = 1,
  CX_ACCUM = 2,
  CX_SATURATED = 4,
  CX_SIGNED = 8,
  CX_SUFFIX = 16,
  CX_SIZEOF_TYPE = 32,
  CX_LEFT = 64,
  CX_NEGATIVE = 128,
  CX_PARTITION = 256,
  CX_NOEXCEPT = 512,
  CX_STANDARD = 1024,  // one of the fixed abbreviations such as Ss, which are no candidates for substitution
};

struct cx_node {
  enum cx_kind kind;
  unsigned flags;
  uint32_t id;        // number among the nodes of this name
  uint32_t printing;  // how often it is on the printer's way down
  long number;
  struct str text;
  struct cx_node *a, *b, *c, *ref;
  struct cx_node **list;
  uint32_t n, cap;
};

struct cx_vector {
  struct cx_node **at;
  size_t n, cap;
};

struct cx_catch {
  jmp_buf env;
};

struct cx {
  struct str rest;  // what is still to be read
  struct arena *arena;
  struct cx_catch *catch;
  struct cx_vector subs;       // candidates for substitution
  struct cx_vector templates;  // templates whose arguments parameters can refer to; NULL for a conversion operator
  struct cx_vector inner;      // modifiers the printer has yet to print
  uint64_t *seen;              // bit sets of the rewrites under way, see cxx_rewrite.c
  size_t seen_n, seen_cap;
  size_t lambda_level;  // templates.n + 1 where the innermost lambda began, 0 outside
  bool in_constraint;
  long tparams[3];  // template parameters named so far: types, values, templates
  uint32_t nodes;
  unsigned depth;
  long steps;  // work left
  bool fatal;  // out of steps, depth or memory: no way around it
  bool nomem;
};

struct cx_print_options {
  bool templates;  // print template arguments
  bool enclosing;  // print the parameters of functions that enclose a local name
  size_t limit;    // of the output, in bytes
};

// ---- tree (cxx_tree.c) ----

_Noreturn void cx_fail(struct cx *cx);
_Noreturn void cx_give_up(struct cx *cx);
_Noreturn void cx_nomem(struct cx *cx);
// Counts work; gives up when it is too much.
void cx_step(struct cx *cx, long cost);
void cx_enter(struct cx *cx);
static inline void cx_leave(struct cx *cx) { cx->depth--; }
struct cx_node *cx_node(struct cx *cx, enum cx_kind kind, struct cx_node *a, struct cx_node *b);
struct cx_node *cx_node_text(struct cx *cx, enum cx_kind kind, struct str text, struct cx_node *a);
struct cx_node *cx_node_number(struct cx *cx, enum cx_kind kind, long number, struct cx_node *a);
struct cx_node *cx_operator(struct cx *cx, const char *text);
void cx_append(struct cx *cx, struct cx_node *n, struct cx_node *child);
void cx_push(struct cx *cx, struct cx_vector *v, struct cx_node *n);
void cx_sub(struct cx *cx, struct cx_node *n);  // makes it a candidate for substitution
struct str cx_decimal(struct cx *cx, long number);

// ---- input ----

static inline bool cx_digit(int c) { return c >= '0' && c <= '9'; }
static inline bool cx_upper(int c) { return c >= 'A' && c <= 'Z'; }
static inline bool cx_lower(int c) { return c >= 'a' && c <= 'z'; }
// The byte `i` places ahead, -1 behind the end.
static inline int cx_peek(const struct cx *cx, size_t i) { return i < cx->rest.n ? (unsigned char)cx->rest.p[i] : -1; }
struct str cx_take(struct cx *cx, size_t n);
bool cx_accept(struct cx *cx, char c);
bool cx_accept2(struct cx *cx, const char *code);
void cx_expect(struct cx *cx, char c);
long cx_number(struct cx *cx);
long cx_seq_id(struct cx *cx, bool end_ok);
long cx_compact_number(struct cx *cx);

// ---- readers (cxx_name.c, cxx_special.c, cxx_type.c, cxx_template.c, cxx_expr.c) ----

struct cx_node *cx_encoding(struct cx *cx, bool params, bool local);
// *explicit_object, when not NULL, says whether the name is of a function with an explicit object parameter.
struct cx_node *cx_name(struct cx *cx, bool *explicit_object);
struct cx_node *cx_unqualified(struct cx *cx, struct cx_node *module, bool *is_cast);
struct cx_node *cx_source_name(struct cx *cx);
struct cx_node *cx_unnamed(struct cx *cx);
struct cx_node *cx_tagged(struct cx *cx, struct cx_node *n);
struct cx_node *cx_module_name(struct cx *cx, struct cx_node *parent);
struct cx_node *cx_special_name(struct cx *cx);
struct cx_node *cx_clone_suffix(struct cx *cx, struct cx_node *base);
struct cx_node *cx_type(struct cx *cx, bool is_cast);
struct cx_node *cx_qualifiers(struct cx *cx);
struct str cx_ref_qualifier(struct cx *cx);
struct cx_node *cx_merge_qualifiers(struct cx *cx, struct cx_node *first, struct cx_node *second);
void cx_parameters(struct cx *cx, struct cx_node *into, bool explicit_object);
struct cx_node *cx_bare_function(struct cx *cx, bool has_result, bool explicit_object);
struct cx_node *cx_closure(struct cx *cx);
struct cx_node *cx_template_param(struct cx *cx);
void cx_template_args(struct cx *cx, struct cx_node *into);
struct cx_node *cx_template_of(struct cx *cx, struct cx_node *name);  // name and the arguments that follow
struct cx_node *cx_template_arg(struct cx *cx, const struct cx_node *before);
struct cx_node *cx_tparam_decl(struct cx *cx, struct cx_node **value);  // NULL when there is none
struct cx_node *cx_expression(struct cx *cx);
struct cx_node *cx_expr_primary(struct cx *cx);
struct cx_node *cx_constraint(struct cx *cx);
struct cx_node *cx_requires(struct cx *cx);
struct cx_node *cx_unresolved_name(struct cx *cx);
struct cx_node *cx_operator_name(struct cx *cx, bool in_expression, int *operands);

// ---- changes of the tree (cxx_rewrite.c) ----

struct cx_node *cx_substitution(struct cx *cx, bool for_prefix);
struct cx_node *cx_simplify(struct cx *cx, struct cx_node *n);
// Tells the parameters below `n` that wait for it their template; fails when there is none or two.
void cx_set_template(struct cx *cx, struct cx_node *n, struct cx_node *template);
struct cx_node *cx_find_pack(struct cx *cx, struct cx_node *n);  // NULL when there is none
size_t cx_seen_open(struct cx *cx);
void cx_seen_close(struct cx *cx, size_t set);
bool cx_seen(struct cx *cx, size_t set, const struct cx_node *n);  // and marks it

// ---- printing (cxx_print.c, cxx_print_type.c, cxx_print_expr.c) ----

void cx_print(struct cx *cx, struct cx_node *n, const struct cx_print_options *options, struct buf *out);

// ---- the other language (rust.c) and the way in (cxx_special.c) ----

enum demangled { DEMANGLED, NOT_DEMANGLED, DEMANGLE_NOMEM };
enum { DEMANGLE_LIMIT = 64 << 10, DEMANGLE_DEPTH = 1500 };

enum demangled cxx_demangle(struct str name, bool params, bool templates, struct buf *out);
enum demangled rust_demangle_v0(struct str name, bool templates, struct buf *out);
enum demangled rust_demangle_legacy(struct str name, struct buf *out);

#endif
