"""What is written for people and pipelines to type: the workflow in schedules/, the runbook in docs/."""
