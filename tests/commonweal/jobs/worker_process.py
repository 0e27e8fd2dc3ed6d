"""`python -m tests.commonweal.jobs.worker_process`: `manage.py run_jobs`, knowing the tests' own kinds of work."""

import sys
from importlib import import_module

import django
from django.core.management import call_command

if __name__ == "__main__":
    django.setup()
    import_module("tests.commonweal.jobs.kinds")
    call_command("run_jobs", *sys.argv[1:])
