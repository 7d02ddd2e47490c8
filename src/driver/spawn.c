// posix_spawn with the signals put right: the prompt blocks some of them for itself.
#include "driver/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "driver/output.h"

extern char **environ;

static int set_attributes(posix_spawnattr_t *attributes, bool apart) {
  short flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
  sigset_t none, pipe;
  sigemptyset(&none);
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  int error = posix_spawnattr_setsigmask(attributes, &none);
  if (!error) error = posix_spawnattr_setsigdefault(attributes, &pipe);
  if (!error && apart) error = posix_spawnattr_setpgroup(attributes, 0);
  if (!error) error = posix_spawnattr_setflags(attributes, (short)(apart ? flags | POSIX_SPAWN_SETPGROUP : flags));
  return error;
}

static int spawn(char *const argv[], int in, int out, bool apart, pid_t *pid) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  int error = posix_spawn_file_actions_init(&actions);
  if (error) return error;
  error = posix_spawnattr_init(&attributes);
  if (error) goto done;
  error = set_attributes(&attributes, apart);
  if (!error && in >= 0) error = posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
  if (!error && out >= 0) error = posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  if (!error) error = posix_spawnp(pid, argv[0], &actions, &attributes, argv, environ);
  posix_spawnattr_destroy(&attributes);
done:
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

int spawn_program(char *const argv[], int in, int out, pid_t *pid) { return spawn(argv, in, out, false, pid); }
int spawn_apart(char *const argv[], int in, int out, pid_t *pid) { return spawn(argv, in, out, true, pid); }

static int wait_status(pid_t pid, int *status) {
  while (waitpid(pid, status, 0) < 0)
    if (errno != EINTR) return -1;
  return 0;
}

int spawn_wait(pid_t pid, const char *name, struct err *e) {
  int status;
  if (wait_status(pid, &status)) return err_system(e, name);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return 0;
  return err_set(e, "%s failed (%s %d)", name, WIFSIGNALED(status) ? "signal" : "status",
                 WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
}

int spawn_shell(const char *command, struct str input, struct err *e) {
  char *const argv[] = {(char[]){"sh"}, (char[]){"-c"}, (char *)(uintptr_t)command, NULL};
  int end[2], status;
  pid_t pid;
  if (pipe2(end, O_CLOEXEC)) return err_system(e, command);
  int error = spawn_program(argv, end[0], -1, &pid);
  close(end[0]);
  if (!error) fd_write(end[1], input);
  close(end[1]);
  if (error) return err_set(e, "sh: %s", strerror(error));
  wait_status(pid, &status);
  return 0;
}
