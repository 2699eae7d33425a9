"""Workflow files."""


def workflow_files(lab):
    return {}
