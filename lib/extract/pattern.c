#define PCRE2_CODE_UNIT_WIDTH 8
#include "spamtide/pattern.h"

#include <pcre2.h>
#include <stdlib.h>

#include "spamtide/limits.h"

struct tide_pattern {
  pcre2_code *code;
};

struct tide_pattern_scratch {
  pcre2_match_data *data;
  pcre2_match_context *context;
  pcre2_jit_stack *stack;
};

enum { JIT_STACK_FIRST = 32 << 10, JIT_STACK_MOST = 1 << 20 };

tide_status tide_pattern_compile(tide_pattern **out, tide_span pattern, size_t *offset, tide_error *err) {
  int code;
  PCRE2_SIZE at = 0;
  /* MATCH_INVALID_UTF: mail's bytes are not checked first, and what is no UTF-8 just does not match. */
  const uint32_t options = PCRE2_CASELESS | PCRE2_UTF | PCRE2_MATCH_INVALID_UTF;
  tide_pattern *p = calloc(1, sizeof *p);
  if (!p) return tide_error_set(err, TIDE_FATAL, "out of memory");
  p->code = pcre2_compile((PCRE2_SPTR)pattern.ptr, pattern.len, options, &code, &at, NULL);
  if (!p->code) {
    PCRE2_UCHAR reason[256];
    pcre2_get_error_message(code, reason, sizeof reason);
    free(p);
    if (offset) *offset = at;
    return tide_error_set(err, TIDE_USAGE, "%s", (const char *)reason);
  }
  /* Where there is no JIT the interpreter gives the same answers. */
  (void)pcre2_jit_compile(p->code, PCRE2_JIT_COMPLETE);
  *out = p;
  return TIDE_OK;
}

void tide_pattern_free(tide_pattern *p) {
  if (!p) return;
  pcre2_code_free(p->code);
  free(p);
}

tide_status tide_pattern_scratch_new(tide_pattern_scratch **out) {
  tide_pattern_scratch *s = calloc(1, sizeof *s);
  if (!s) return TIDE_FATAL;
  s->data = pcre2_match_data_create(1, NULL);
  s->context = pcre2_match_context_create(NULL);
  s->stack = pcre2_jit_stack_create(JIT_STACK_FIRST, JIT_STACK_MOST, NULL);
  if (!s->data || !s->context) {
    tide_pattern_scratch_free(s);
    return TIDE_FATAL;
  }
  pcre2_set_match_limit(s->context, TIDE_LIMIT_MATCH);
  pcre2_set_depth_limit(s->context, TIDE_LIMIT_MATCH_DEPTH);
  if (s->stack) pcre2_jit_stack_assign(s->context, NULL, s->stack);
  *out = s;
  return TIDE_OK;
}

void tide_pattern_scratch_free(tide_pattern_scratch *s) {
  if (!s) return;
  pcre2_jit_stack_free(s->stack);
  pcre2_match_context_free(s->context);
  pcre2_match_data_free(s->data);
  free(s);
}

tide_match tide_pattern_search(const tide_pattern *p, tide_pattern_scratch *s, tide_span text, tide_span *found) {
  int n = pcre2_match(p->code, (PCRE2_SPTR)(text.ptr ? text.ptr : ""), text.len, 0, 0, s->data, s->context);
  if (n >= 0) {
    const PCRE2_SIZE *at = pcre2_get_ovector_pointer(s->data);
    if (found) *found = at[0] <= at[1] ? tide_span_slice(text, at[0], at[1]) : (tide_span){0};
    return TIDE_MATCH_YES;
  }
  switch (n) {
  case PCRE2_ERROR_MATCHLIMIT:
  case PCRE2_ERROR_DEPTHLIMIT:
  case PCRE2_ERROR_HEAPLIMIT:
  case PCRE2_ERROR_JIT_STACKLIMIT:
  case PCRE2_ERROR_NOMEMORY: return TIDE_MATCH_LIMIT_REACHED;
  default: return TIDE_MATCH_NO;
  }
}
