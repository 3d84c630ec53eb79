/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opens what a command needs, runs its question, and closes all in one place, so that every way out
 * writes the account and leaves no half file. */
#include "session.h"

#include "account.h"
#include "inputs.h"

#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "interrupt.h"
#include "say.h"

/* The run's clock. SOURCE_DATE_EPOCH (reproducible-builds.org) sets it, so that a run can be
 * repeated to the byte years later. */
static int64_t clock_now(void) {
  const char *fixed = getenv("SOURCE_DATE_EPOCH");
  uint64_t seconds;
  if (fixed && tide_span_uint(tide_span_of(fixed), &seconds) && seconds < INT64_MAX / 2)
    return (int64_t)seconds;
  return (int64_t)time(NULL);
}

static tide_status sheet_write(void *out, tide_span text, tide_error *err) {
  return output_write(out, text, err);
}

static tide_status rules_write(void *text, tide_span row, tide_error *err) {
  return tide_buffer_put(text, row) == TIDE_OK ? TIDE_OK : tide_error_memory(err);
}

/* Says why not to trust the answer, and keeps it for the account. */
static void session_caution(session *s, const char *sentence) {
  say("caution: %s", sentence);
  char **grown = realloc(s->cautions, (s->caution_count + 1) * sizeof *grown),
       *copy = strdup(sentence);
  if (grown)
    s->cautions = grown;
  if (!grown || !copy) {
    s->caution_lost = true;
    free(copy);
    return;
  }
  s->cautions[s->caution_count++] = copy;
}

static void remark(void *context, tide_remark kind, const char *sentence) {
  session *s = context;
  progress_close(&s->progress);
  switch (kind) {
  case TIDE_REMARK_NOTE:
  case TIDE_REMARK_TROUBLE: say("%s", sentence); break;
  case TIDE_REMARK_CAUTION: session_caution(s, sentence); break;
  }
}

static tide_status session_open(session *s, const settings *o, const tide_request_kind *kind,
                                tide_error *err) {
  *s = (session){.settings = o, .out = {.fd = -1}};
  clock_gettime(CLOCK_REALTIME, &s->began);
  progress_open(&s->progress, o->progress);
  s->rules_sheet.emitter = tide_emitter_find("csv");
  s->rules_sheet.write = rules_write;
  s->rules_sheet.context = &s->rules_text;
  s->reading = (tide_reading){.settings = &o->asked.reading,
                              .paths = o->paths,
                              .path_count = o->path_count,
                              .now = clock_now(),
                              .stop = &interrupted,
                              .say = remark,
                              .say_context = s};
  s->reading.run.progress = progress_show;
  s->reading.run.trouble = progress_trouble;
  s->reading.run.context = &s->progress;
  s->request = (tide_request){.kind = kind,
                              .asked = &o->asked,
                              .write = sheet_write,
                              .context = &s->out,
                              .rules = o->rules_out ? &s->rules_sheet : NULL,
                              .say = remark,
                              .say_context = s};
  tide_request *const requests[] = {&s->request};
  return tide_requests_open(requests, 1, &s->reading, err);
}

tide_status session_ask(session *s, tide_error *err) {
  tide_request *const requests[] = {&s->request};
  const tide_status status = tide_requests_ask(requests, 1, &s->reading, err);
  progress_close(&s->progress);
  TIDE_TRY(status);
  return tide_question_write(&s->request.question, err);
}

int session_refuse(const char *reason) {
  say("%s", reason);
  return EXIT_USAGE;
}

tide_status session_begin(session *s, tide_error *err) {
  TIDE_TRY(inputs_apart(s, err));
  TIDE_TRY(output_open(&s->out, s->settings->output, err));
  s->out_open = true;
  s->reading.run.feed.ours = (tide_file_id){s->out.device, s->out.inode};
  return TIDE_OK;
}

tide_status session_prepare(session *s, tide_error *err) {
  if (!s->reads_mail)
    return TIDE_OK;
  /* Somebody who named no mailbox by mistake would wait for ever. */
  if (s->settings->path_count == 0 && isatty(STDIN_FILENO))
    say("reading mail from standard input");
  tide_status status = tide_reading_prepare(&s->reading, err);
  progress_close(&s->progress);
  return status;
}

/* What the program ends with, except what is written beside the output. */
static int exit_code_of(const session *s, tide_status status, bool gone, int stopped) {
  const tide_account *a = &s->request.question.account;
  if (gone)
    return EXIT_ALL_READ;
  if (stopped)
    return stopped;
  if (status == TIDE_USAGE)
    return EXIT_USAGE;
  if (status != TIDE_OK)
    return EXIT_FAILED;
  return a->troubles || a->fates[TIDE_FATE_UNDECIDED] ? EXIT_SOME_LOST : EXIT_ALL_READ;
}

/* What goes with an output that is whole: cautions, rules and the account. */
static void write_beside(session *s, int *code) {
  tide_request *const requests[] = {&s->request};
  const settings *o = s->settings;
  tide_error err;
  if (s->reads_mail)
    tide_requests_cautions(requests, 1, &s->reading);
  if (o->rules_out &&
      output_whole(o->rules_out, tide_buffer_span(&s->rules_text), &err) != TIDE_OK) {
    *code = EXIT_FAILED;
    say("the rules were not written, but the output is complete: %s", err.text);
  }
  if (!o->account || !s->reads_mail)
    return;
  const tide_status written = account_write(s, code, &err);
  if (written == TIDE_END) {
    *code = interrupt_exit_code();
    say("stopped; there is no account, but the output is complete");
  } else if (written != TIDE_OK) {
    *code = EXIT_FAILED;
    say("the account was not written, but the output is complete: %s", err.text);
  }
}

static void session_free(session *s) {
  tide_request_free(&s->request);
  tide_reading_free(&s->reading);
  tide_sheet_free(&s->rules_sheet);
  tide_buffer_free(&s->rules_text);
  for (size_t i = 0; i < s->caution_count; i++)
    free(s->cautions[i]);
  free(s->cautions);
}

/* Ends the output (kept only where status is TIDE_OK), writes what goes with it, frees all, and
 * returns the program's exit code. */
static int session_close(session *s, tide_status status, const tide_error *err) {
  tide_error closing;
  const bool keep = status == TIDE_OK && !atomic_load(&interrupted);
  bool gone = s->out.reader_gone;
  if (s->out_open) {
    const tide_status closed = output_close(&s->out, keep, &closing);
    gone = gone || s->out.reader_gone;
    if (keep && closed != TIDE_OK && !gone) {
      status = closed;
      err = &closing;
    }
  }
  /* A signal that came when the output was whole takes nothing from it. */
  const bool whole = keep && status == TIDE_OK;
  if (whole)
    interrupt_last_words("spamtide: stopped, but the output is complete\n");
  const int stopped = whole ? 0 : interrupt_exit_code();
  int code = exit_code_of(s, status, gone, stopped);
  if (status != TIDE_OK && status != TIDE_END && !gone && !stopped)
    say("%s", err->text);
  if (s->reads_mail && !gone && status != TIDE_USAGE)
    progress_account(&s->request.question.account);
  if (stopped && !gone)
    say("stopped; there is no result");
  if (stopped)
    interrupt_last_words(NULL);
  if (whole && !gone)
    write_beside(s, &code);
  session_free(s);
  if (gone) {
    /* End as any other program at the head of a pipe does: quietly, by the signal. */
    signal(SIGPIPE, SIG_DFL);
    raise(SIGPIPE);
  }
  return code;
}

int session_run(const settings *o, const tide_request_kind *kind, session_answer *answer) {
  session s;
  tide_error err = {0};
  tide_status status = session_open(&s, o, kind, &err);
  s.reads_mail = kind && !kind->question->reads_no_mail && s.reading.run.paths;
  if (status == TIDE_OK)
    status = answer(&s, &err);
  return session_close(&s, status, &err);
}
