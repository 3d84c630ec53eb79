/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PENDING_MAX = 64 << 10 };

/* The unfinished file, for output_abandon. */
static char *volatile unfinished;

void output_abandon(void) {
  if (unfinished)
    unlink(unfinished);
}

tide_status output_open(output *o, const char *path, tide_error *err) {
  *o = (output){.fd = STDOUT_FILENO};
  if (!path || strcmp(path, "-") == 0)
    return TIDE_OK;
  o->path = path;
  struct stat st;
  if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
    o->fd = open(path, O_WRONLY | O_CLOEXEC);
    if (o->fd < 0)
      return tide_error_set(err, TIDE_FATAL, "%s: %s", path, strerror(errno));
    return TIDE_OK;
  }
  size_t len = strlen(path) + sizeof ".XXXXXX";
  o->temporary = malloc(len);
  if (!o->temporary)
    return tide_error_set(err, TIDE_FATAL, "out of memory");
  snprintf(o->temporary, len, "%s.XXXXXX", path);
  o->fd = mkstemp(o->temporary);
  if (o->fd < 0) {
    tide_error_set(err, TIDE_FATAL, "%s: %s", path, strerror(errno));
    free(o->temporary);
    o->temporary = NULL;
    return TIDE_FATAL;
  }
  /* mkstemp makes it private; the file shall have what any new file has. */
  mode_t mask = umask(0);
  umask(mask);
  (void)fchmod(o->fd, 0666 & ~mask);
  unfinished = o->temporary;
  return TIDE_OK;
}

static tide_status write_out(output *o, tide_error *err) {
  size_t at = 0;
  while (at < o->pending.len) {
    ssize_t n = write(o->fd, o->pending.ptr + at, o->pending.len - at);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0 && errno == EPIPE) {
      o->reader_gone = true;
      return TIDE_END;
    }
    if (n < 0)
      return tide_error_set(err, TIDE_FATAL, "%s: %s", o->path ? o->path : "standard output",
                            strerror(errno));
    at += (size_t)n;
  }
  tide_buffer_clear(&o->pending);
  return TIDE_OK;
}

tide_status output_write(output *o, tide_span s, tide_error *err) {
  if (o->reader_gone)
    return TIDE_END;
  if (tide_buffer_put(&o->pending, s) != TIDE_OK)
    return tide_error_set(err, TIDE_FATAL, "out of memory");
  return o->pending.len >= PENDING_MAX ? write_out(o, err) : TIDE_OK;
}

tide_status output_close(output *o, bool keep, tide_error *err) {
  tide_status status = TIDE_OK;
  if (keep && !o->reader_gone)
    status = write_out(o, err);
  if (o->temporary) {
    if (status == TIDE_OK && keep && fsync(o->fd) != 0 && errno != EINVAL && errno != EROFS)
      status = tide_error_set(err, TIDE_FATAL, "%s: %s", o->path, strerror(errno));
    if (close(o->fd) != 0 && status == TIDE_OK && keep)
      status = tide_error_set(err, TIDE_FATAL, "%s: %s", o->path, strerror(errno));
    if (status == TIDE_OK && keep && rename(o->temporary, o->path) != 0)
      status = tide_error_set(err, TIDE_FATAL, "%s: %s", o->path, strerror(errno));
    if (status != TIDE_OK || !keep)
      unlink(o->temporary);
    unfinished = NULL;
    free(o->temporary);
  } else if (o->fd >= 0 && keep && !o->reader_gone && close(o->fd) != 0 && status == TIDE_OK) {
    /* Standard output too: NFS and quotas report a full disk only here. */
    status = tide_error_set(err, TIDE_FATAL, "%s: %s", o->path ? o->path : "standard output",
                            strerror(errno));
  }
  tide_buffer_free(&o->pending);
  bool gone = o->reader_gone;
  *o = (output){.fd = -1, .reader_gone = gone};
  return status;
}
