"""The Python WorkflowManager that Kinetra.Build replaces: its atomic write with backup and checksum, as a co-process.

seed.py MODULE FOLDER SIZE: for each line "N" on stdin it writes the file N times and prints how many microseconds each
write took, on one line. MODULE is the path of workflow_manager.py.
"""
import importlib.util
import os
import random
import sys
import time
from pathlib import Path

module_path, folder, size = sys.argv[1], sys.argv[2], int(sys.argv[3])

# It logs to stdout; the answers go where nothing else is written, and its log costs it no terminal.
answers = os.fdopen(os.dup(1), "w")
os.dup2(os.open(os.devnull, os.O_WRONLY), 1)

os.makedirs(folder, exist_ok=True)
os.chdir(folder)
spec = importlib.util.spec_from_file_location("workflow_manager", module_path)
module = importlib.util.module_from_spec(spec)
sys.modules["workflow_manager"] = module
spec.loader.exec_module(module)
manager = module.WorkflowManager(log_dir="logs", backup_dir="backups", enable_backups=True, enable_checksums=True)
content = random.Random(1).randbytes(size // 2 + 1).hex()[:size]
target = Path("target/file.txt")
if not manager.atomic_write(target, content):
    sys.exit("seed.py: the write failed")

for line in sys.stdin:
    times = []
    for _ in range(int(line)):
        start = time.perf_counter_ns()
        written = manager.atomic_write(target, content)
        times.append((time.perf_counter_ns() - start) / 1000)
        if not written:
            sys.exit("seed.py: the write failed")

    # It never removes a backup: done here, outside of its time, so that the disk does not fill.
    for backup in sorted(Path("backups").iterdir())[:-3]:
        backup.unlink()

    print(" ".join(f"{t:.3f}" for t in times), file=answers, flush=True)
