"""Full disks and failing ones: one line, exit 1, nothing half stored; done again when there is room."""
import faults
from faults import DATABASE, Fault
from harness import check_failure, require, test
from jobs import all_jobs


class Tally:
    """What came of it, over all commands."""

    def __init__(self, what):
        self.what, self.tried, self.refused = what, 0, 0

    def hinder(self, job, on, stride):
        """Lets one file operation fail, or all from it on; then the next."""
        def try_one(at):
            job.reset()
            fault = Fault(job.box, self.what, at, on)
            result = fault.run(*job.words)
            if not fault.happened():
                require(result.code == 0, result.describe())
                return False
            where = "%s with %s" % (job.name, fault.name)
            if result.code == 0:  # SQLite can do without some, as the removal of a journal that is empty
                require(faults.settle(job.box) and faults.contents(job.box.db) == job.after, where, "is not done")
            else:
                check_failure(result, 1, DATABASE)
            self.tried += 1
            self.refused += result.code != 0
            job.check_state(where)
            job.check_done_again(where)
            return True

        faults.numbers_until_none(try_one, 1, stride)

    def hinder_all(self, box, rare):
        for job in all_jobs(box):
            stride = 1 if faults.long else 2 if job.atomic else rare
            self.hinder(job, False, stride)
            self.hinder(job, True, stride)
        print("figure %s: %d failures of an operation, once and for good; %d ended with one line and exit 1, %d could do "
              "without; 0 half stored" % (self.what, self.tried, self.refused, self.tried - self.refused))


@test
def a_full_disk_at_every_write(box):
    Tally("full").hinder_all(box, 5)


@test
def half_of_a_write(box):
    Tally("short").hinder_all(box, 11)


@test
def a_failing_disk(box):
    Tally("io").hinder_all(box, 7)
