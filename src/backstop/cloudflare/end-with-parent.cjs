// Preloaded into wrangler. Its standard input is a pipe that whoever started it holds and never writes to: when
// that program is gone, however it ended, the pipe closes, and wrangler and all that it started end at once.
// Otherwise a rollback could be made by nobody, seconds after its session was killed.
process.stdin.on("end", end).on("error", end).resume();
process.stdin.unref();

function end() {
  process.kill(-process.pid, "SIGKILL");
}
