"""The Python WorkflowManager that Kinetra.Build replaces: a workflow of no-op steps, each a process of its own.

seed_steps.py MODULE COUNT: runs it in the current directory. MODULE is the path of workflow_manager.py.
"""
import importlib.util
import subprocess
import sys

module_path, count = sys.argv[1], int(sys.argv[2])
spec = importlib.util.spec_from_file_location("workflow_manager", module_path)
module = importlib.util.module_from_spec(spec)
sys.modules["workflow_manager"] = module
spec.loader.exec_module(module)
manager = module.WorkflowManager(log_dir="logs", backup_dir="backups", enable_backups=True, enable_checksums=True)
manager.start_workflow("steps")
for number in range(1, count + 1):
    succeeded, _ = manager.execute_step(f"s{number}", lambda: subprocess.run(["true"], check=True))
    if not succeeded:
        sys.exit("seed_steps.py: a step failed")

manager.complete_workflow()
