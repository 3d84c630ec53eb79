/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A signal, a pipe without news and a piece that must be converted first are dealt with here, so
 * that nobody above knows of them. */
#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
  WAIT_MS = 100,
  READ_AHEAD = 128 << 10 /* what the system reads ahead unasked */
};

tide_status tide_input_open(tide_input *in, const char *path, bool is_file, const atomic_bool *stop,
                            tide_error *err) {
  *in = (tide_input){.fd = -1, .stop = stop};
  if (strcmp(path, "-") == 0) {
    in->fd = STDIN_FILENO;
  } else {
    /* O_NONBLOCK: a FIFO that nobody writes to would hold us here, whoever wants us to stop. It
     * is waited for where the flag is looked at. */
    do
      in->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    while (in->fd < 0 && errno == EINTR && !tide_stopped(in->stop));
    if (in->fd < 0)
      return tide_error_set(err, TIDE_FAIL, "%s", strerror(errno));
  }
  struct stat st;
  if (fstat(in->fd, &st) == 0) {
    in->waits = !S_ISREG(st.st_mode);
    if (S_ISREG(st.st_mode)) {
      in->size = (uint64_t)st.st_size;
      if (in->size > READ_AHEAD)
        (void)posix_fadvise(in->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    } else if (S_ISDIR(st.st_mode)) {
      tide_input_close(in);
      return tide_error_set(err, TIDE_FAIL, "%s", strerror(EISDIR));
    } else if (is_file) {
      tide_input_close(in);
      return tide_error_set(err, TIDE_FAIL, "it was a file, and no longer is");
    }
  }
  return TIDE_OK;
}

static tide_status read_bytes(tide_input *in, tide_buffer *buffer, size_t most, tide_error *err) {
  tide_status status = tide_buffer_reserve(buffer, most);
  if (status != TIDE_OK)
    return TIDE_FATAL;
  size_t got = 0;
  while (got < most) {
    if (tide_stopped(in->stop))
      return TIDE_END;
    if (in->waits) {
      struct pollfd ready = {.fd = in->fd, .events = POLLIN};
      int n = poll(&ready, 1, WAIT_MS);
      if (n == 0 || (n < 0 && errno == EINTR)) {
        /* What a slow pipe has given so far may already hold whole messages. */
        if (got)
          return TIDE_OK;
        continue;
      }
    }
    ssize_t n = read(in->fd, buffer->ptr + buffer->len, most - got);
    if (n < 0 && (errno == EINTR || errno == EAGAIN))
      continue;
    if (n < 0)
      return tide_error_set(err, TIDE_FAIL, "read: %s", strerror(errno));
    if (n == 0)
      return got ? TIDE_OK : TIDE_END;
    buffer->len += (size_t)n;
    got += (size_t)n;
    /* All that the file had when it was opened, and more was asked for: to ask again would cost
     * each small file a call. */
    if (!in->waits && got == in->size)
      return TIDE_OK;
  }
  return TIDE_OK;
}

tide_status tide_input_read(tide_input *in, tide_buffer *buffer, size_t most, tide_error *err) {
  if (in->convert.kind == TIDE_CONVERT_NONE)
    return read_bytes(in, buffer, most, err);
  const size_t had = buffer->len;
  tide_buffer_clear(&in->raw);
  tide_status status = read_bytes(in, &in->raw, most, err);
  if (status == TIDE_FATAL || tide_convert_put(&in->convert, tide_buffer_span(&in->raw),
                                               status == TIDE_END, buffer) != TIDE_OK)
    return TIDE_FATAL;
  /* What the end made certain comes before the end. */
  return status == TIDE_END && buffer->len > had ? TIDE_OK : status;
}

tide_status tide_input_convert(tide_input *in, tide_buffer *buffer, bool last) {
  in->convert = (tide_convert){.kind = tide_convert_choose(tide_buffer_span(buffer))};
  if (in->convert.kind == TIDE_CONVERT_NONE)
    return TIDE_OK;
  in->waits = true; /* pieces cannot be converted each by itself */
  tide_buffer raw = *buffer;
  *buffer = in->raw;
  in->raw = raw;
  tide_buffer_clear(buffer);
  return tide_convert_put(&in->convert, tide_buffer_span(&in->raw), last, buffer);
}

tide_status tide_input_read_at(const tide_input *in, tide_buffer *buffer, size_t most, uint64_t at,
                               tide_error *err) {
  if (tide_buffer_reserve(buffer, most) != TIDE_OK)
    return TIDE_FATAL;
  for (size_t got = 0; got < most;) {
    if (tide_stopped(in->stop))
      return TIDE_END;
    ssize_t n = pread(in->fd, buffer->ptr + buffer->len, most - got, (off_t)(at + got));
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return tide_error_set(err, TIDE_FAIL, "read: %s", strerror(errno));
    if (n == 0)
      return TIDE_END;
    buffer->len += (size_t)n;
    got += (size_t)n;
  }
  return TIDE_OK;
}

bool tide_input_shrank(const tide_input *in, uint64_t at, tide_error *err) {
  if (in->waits || at >= in->size || tide_stopped(in->stop))
    return false;
  tide_error_set(err, TIDE_FAIL, "became shorter while it was read: %llu of %llu %s",
                 (unsigned long long)at, (unsigned long long)in->size,
                 tide_plural(in->size, "byte", "bytes"));
  return true;
}

uint64_t tide_input_position(tide_input *in) {
  off_t at = lseek(in->fd, 0, SEEK_CUR);
  if (at < 0)
    in->waits = true; /* something of another kind after all */
  return at < 0 ? 0 : (uint64_t)at;
}

int64_t tide_input_seek(tide_input *in, int64_t offset, int whence) {
  return in->waits ? -1 : (int64_t)lseek(in->fd, (off_t)offset, whence);
}

bool tide_input_rewind(tide_input *in) {
  return tide_input_seek(in, 0, SEEK_SET) == 0;
}

void tide_input_close(tide_input *in) {
  if (in->fd > STDIN_FILENO)
    close(in->fd);
  in->fd = -1;
  tide_buffer_free(&in->raw);
}
