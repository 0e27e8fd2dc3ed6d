"""The Celery application, knowing the tests' own kinds of work: `celery -A tests.commonweal.jobs.celery_process`."""

from commonweal.celery import app

app.conf.include = ["tests.commonweal.jobs.kinds"]
app.conf.beat_schedule["sweep"]["schedule"] = 2
