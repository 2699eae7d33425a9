"""Tests that race, in a machine that pauses and preempts at race points.

What nobody thought of when writing a script. The seed is in the report; the
same seed disturbs alike, though real threads never meet alike twice.
"""

import pytest

# Those in which two sides meet again and again, four to a boot.
RACING = [
    ("sleep_wake 400", "spam_storm", "race_unmask", "spam_scp"),
    ("notify_storm", "syscall_registration", "evq_put_race", "indir_storm"),
    ("ucq_two_consumers", "ceq_two_consumers", "bitmap_two_consumers",
     "preempt_progress"),
]


@pytest.mark.parametrize("commands", RACING, ids=lambda each: each[0].split()[0])
@pytest.mark.parametrize("seed", [1, 2])
def test_noise(all_pass, commands, seed):
    """They hold what they promise, whoever is late."""
    all_pass(f"noise-{commands[0].split()[0]}-{seed}", commands,
             race=1, noise=seed, seed=seed, cpus=4)
