/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A thread that is run by who starts it, before anything else: what one worker does takes no second
 * thread, which a busy machine lets wait for longer than all the rest takes. Linked with
 * --wrap=pthread_create,--wrap=pthread_join. */
#include <pthread.h>
#include <string.h>

int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *),
                          void *argument);
int __wrap_pthread_join(pthread_t thread, void **result);

int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *),
                          void *argument) {
  (void)attributes;
  memset(thread, 0, sizeof *thread);
  run(argument);
  return 0;
}

int __wrap_pthread_join(pthread_t thread, void **result) {
  (void)thread;
  (void)result;
  return 0;
}
