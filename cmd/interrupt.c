/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every signal that would end the program and can be caught is caught, so that no unfinished file
 * stays behind. One that asks for an end is obeyed within half a second, whatever is going on. */
#include "interrupt.h"

#include <glib.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include "say.h"
#include "session.h"
#include "unfinished.h"

/* How long a run may take to end. Every long step of ours looks at `interrupted`,
 * but not what happens inside a library, nor what we did not think of. */
enum { GRACE_MS = 400 };
/* One request may come as two signals: timeout(1) sends one to its child and one to the group that
 * the child is in. */
enum { ONE_REQUEST_MS = 100 };

atomic_bool interrupted;
static volatile sig_atomic_t which;
static const char *_Atomic last_words = "spamtide: stopped; there is no result\n";

void interrupt_last_words(const char *line) {
  atomic_store(&last_words, line);
}

/* How long ago the first signal came. */
static long since_first_ms(void) {
  struct itimerval left = {0};
  getitimer(ITIMER_REAL, &left);
  return GRACE_MS - left.it_value.tv_usec / 1000;
}

static void on_signal(int number) {
  if (which) {
    if (since_first_ms() < ONE_REQUEST_MS)
      return;
    unfinished_remove();
    _exit(128 + number);
  }
  which = number;
  atomic_store(&interrupted, true);
  /* Not in POSIX's list of what a handler may call, but nothing else than a call of the system. */
  const struct itimerval grace = {.it_value.tv_usec = GRACE_MS * 1000};
  setitimer(ITIMER_REAL, &grace, NULL);
}

/* The time to end in order is over. */
static void end_late(void) {
  const char *line = atomic_load(&last_words);
  unfinished_remove();
  if (line)
    say_whole(tide_span_of(line));
  _exit(128 + which);
}

/* GLib ends the program when out of memory, but it wants memory to say so, and calls itself until
 * the stack is used up: that is told from a fault of ours by the address. */
static char own_stack[1 << 16];
static uintptr_t stack_low, stack_high;

static bool is_stack(const void *address) {
  return (uintptr_t)address >= stack_low && (uintptr_t)address < stack_high;
}

static void stack_measure(void) {
  enum { GUARD = 1 << 20 };
  struct rlimit most;
  const stack_t other = {.ss_sp = own_stack, .ss_size = sizeof own_stack};
  sigaltstack(&other, NULL);
  if (getrlimit(RLIMIT_STACK, &most) != 0 || most.rlim_cur == RLIM_INFINITY)
    return;
  stack_high = (uintptr_t)&most;
  stack_low = stack_high > most.rlim_cur + GUARD ? stack_high - most.rlim_cur - GUARD : 0;
}

/* The signal's own action follows (SA_RESETHAND): a core file where that is one. */
static void on_end(int number, siginfo_t *info, void *context) {
  (void)context;
  if (number == SIGALRM && which)
    end_late();
  unfinished_remove();
  if (number == SIGSEGV && info->si_code > 0 && is_stack(info->si_addr)) {
    say_whole(SPAN("spamtide: out of memory: the stack is used up\n"));
    _exit(EXIT_FAILED);
  }
  raise(number);
}

/* GLib's last words before it ends the program, mostly that memory is out: the run ends as others
 * do that failed. What is no end is said as GLib says it. */
static void on_glib(const gchar *domain, GLogLevelFlags level, const gchar *message,
                    gpointer data) {
  if (!(level & G_LOG_LEVEL_ERROR)) {
    g_log_default_handler(domain, level, message, data);
    return;
  }
  unfinished_remove();
  if (strstr(message, "failed to allocate"))
    say_whole(SPAN("spamtide: out of memory\n"));
  else
    say("a library ended the program: %s", message);
  _exit(EXIT_FAILED);
}

/* libarchive calls exit(1) where memory is out in some places, whatever the caller promises. */
static bool in_run;

static void on_exit_inside(void) {
  if (!in_run)
    return;
  unfinished_remove();
  say_whole(SPAN("spamtide: out of memory, or worse: a library ended the program\n"));
  _exit(EXIT_FAILED);
}

void interrupt_end(void) {
  in_run = false;
}

/* Somebody who ignores a signal (nohup) means it, and a sanitizer's own handler stays. */
static void take(int number, const struct sigaction *action) {
  struct sigaction old;
  if (sigaction(number, NULL, &old) == 0 && !(old.sa_flags & SA_SIGINFO) &&
      old.sa_handler == SIG_DFL)
    sigaction(number, action, NULL);
}

void interrupt_install(void) {
  /* A person's, a session's, a job's: the run ends in order. */
  static const int stop[] = {SIGINT, SIGTERM, SIGHUP};
  /* The write that the signal is about fails as well, and says why: EPIPE, EFBIG. */
  static const int ignore[] = {SIGPIPE, SIGXFSZ};
  static const int end[] = {SIGQUIT, SIGILL,  SIGTRAP,   SIGABRT, SIGBUS,    SIGFPE,
                            SIGUSR1, SIGSEGV, SIGUSR2,   SIGALRM, SIGSTKFLT, SIGXCPU,
                            SIGPROF, SIGPOLL, SIGVTALRM, SIGPWR,  SIGSYS};
  struct sigaction action = {.sa_handler = on_signal};
  sigemptyset(&action.sa_mask);
  for (size_t i = 0; i < sizeof stop / sizeof *stop; i++)
    take(stop[i], &action);
  action.sa_handler = SIG_IGN;
  for (size_t i = 0; i < sizeof ignore / sizeof *ignore; i++)
    sigaction(ignore[i], &action, NULL);
  stack_measure();
  action =
      (struct sigaction){.sa_sigaction = on_end,
                         .sa_flags = (int)(SA_RESETHAND | SA_NODEFER | SA_ONSTACK | SA_SIGINFO)};
  sigemptyset(&action.sa_mask);
  for (size_t i = 0; i < sizeof end / sizeof *end; i++)
    take(end[i], &action);
  for (int number = SIGRTMIN; number <= SIGRTMAX; number++)
    take(number, &action);
  g_log_set_default_handler(on_glib, NULL);
  in_run = true;
  if (atexit(on_exit_inside) != 0)
    in_run = false;
}

int interrupt_exit_code(void) {
  return which ? 128 + which : 0;
}
